#include "scanners/readers/cfb_macros.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/code_page.h"
#include "scanners/readers/ovba.h"

enum { CFB_MAX_DEPTH = 32 };

/* Another project: its list, and what stands behind the list. */
static enum status
cfb_macros_add(struct cfb_macros *macros, struct sink *sink, struct cfb *cfb,
	       size_t index, struct err *err)
{
	struct cfb_project *project = &macros->projects[macros->count];
	struct sbuf stream;
	size_t size = 0;
	bool whole = true;
	enum status st = ST_OK;

	sbuf_init_secret(&stream, SIZE_MAX / 2);
	sbuf_init_secret(&project->list, SIZE_MAX / 2);
	macros->count++;
	project->storage = cfb->entries[index].parent;
	st = cfb_read_stream(cfb, index, &stream, &size, err);
	if (st == ST_OK) {
		const size_t used =
			ovba_unpack(sbuf_span(&stream), &project->list, &whole);
		struct span rest = { 0 };

		(void)span_cut(sbuf_span(&stream), used,
			       stream.len_bytes - used, &rest);
		st = sbuf_status(&project->list, "vba: list", err);
		if (st == ST_OK)
			st = sink_spend(sink, project->list.len_bytes,
					stream.len_bytes, err);
		if (st == ST_OK && !whole)
			st = sink_opaque(sink, REPORT_REASON_DAMAGED,
					 "vba: the list of modules", err);
		if (st == ST_OK)
			st = sink_gap(sink, rest, err);
	}
	if (st == ST_OK)
		st = sink_gap(sink, sbuf_span(&project->list), err);
	project->code_page = ovba_code_page(sbuf_span(&project->list));
	sbuf_done(&stream);
	return st;
}

enum status
cfb_macros_find(struct cfb_macros *macros, struct sink *sink, struct cfb *cfb,
		struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 1; i < cfb->entry_count && st == ST_OK; i++) {
		const struct cfb_entry *entry = &cfb->entries[i];

		if (entry->type != CFB_TYPE_STREAM || entry->was_read ||
		    entry->parent == CFB_NO_ENTRY ||
		    !cfb_is_named(cfb, i, "dir") ||
		    !cfb_is_named(cfb, entry->parent, "VBA"))
			continue;
		if (macros->count == CFB_MAX_PROJECTS)
			return sink_opaque(sink, REPORT_REASON_LIMIT,
					   "limit vba projects 16", err);
		st = cfb_macros_add(macros, sink, cfb, i, err);
	}
	return st;
}

void
cfb_macros_done(struct cfb_macros *macros)
{
	for (size_t i = 0; i < macros->count; i++)
		sbuf_done(&macros->projects[i].list);
	macros->count = 0;
}

static const struct cfb_project *
cfb_macros_of(const struct cfb_macros *macros, uint32_t storage)
{
	for (size_t i = 0; i < macros->count; i++)
		if (macros->projects[i].storage == storage)
			return &macros->projects[i];
	return NULL;
}

bool
cfb_macros_is_module(const struct cfb_macros *macros, const struct cfb *cfb,
		     size_t index)
{
	return cfb_macros_of(macros, cfb->entries[index].parent) != NULL &&
	       !cfb_is_named(cfb, index, "_VBA_PROJECT") &&
	       !cfb_name_starts(cfb, index, "__SRP_");
}

/* The controls of a form lie beside the storage of the modules. */
bool
cfb_macros_is_form(const struct cfb_macros *macros, const struct cfb *cfb,
		   size_t index)
{
	uint32_t at = cfb->entries[index].parent;

	if (!cfb_is_named(cfb, index, "f") && !cfb_is_named(cfb, index, "o") &&
	    !cfb_is_named(cfb, index, "x"))
		return false;
	for (size_t depth = 0; depth < CFB_MAX_DEPTH && at != CFB_NO_ENTRY;
	     depth++) {
		for (size_t i = 0; i < macros->count; i++) {
			const uint32_t storage = macros->projects[i].storage;

			if (cfb->entries[storage].parent ==
			    cfb->entries[at].parent)
				return true;
		}
		at = cfb->entries[at].parent;
	}
	return false;
}

/* Is the module in the list the stream of that name? */
static enum status
cfb_is_module_named(const struct cfb_project *project,
		    const struct ovba_module *module, struct span name,
		    bool *same_out, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init(&text, SIZE_MAX / 2);
	if (module->wide_name.len_bytes > 0)
		code_page_decode(1200, module->wide_name, &text);
	else
		code_page_decode(project->code_page, module->name, &text);
	st = sbuf_status(&text, "vba: name", err);
	if (st == ST_OK)
		*same_out = span_equal_nocase(sbuf_span(&text), name);
	sbuf_done(&text);
	return st;
}

/* The source in the stream of a module. */
struct cfb_source {
	struct span name;
	struct span stream;
	size_t at;
	bool found;
};

/* Where it starts: as the list says, else by its looks. */
static enum status
cfb_find_source(struct sink *sink, const struct cfb_project *project,
		struct cfb_source *source, struct err *err)
{
	struct ovba_module module = { .source_at = 0 };
	const struct span stream = source->stream;
	size_t at = 0;
	enum status st = ST_OK;

	while (ovba_next_module(sbuf_span(&project->list), &at, &module)) {
		struct span packed = { 0 };
		bool same = false;

		st = sink_spend(sink, 0, 0, err);
		if (st == ST_OK)
			st = cfb_is_module_named(project, &module, source->name,
						 &same, err);
		if (st != ST_OK)
			return st;
		if (!same ||
		    !span_cut(stream, module.source_at,
			      stream.len_bytes - module.source_at, &packed) ||
		    !ovba_is_packed(packed))
			continue;
		source->at = module.source_at;
		source->found = true;
		return ST_OK;
	}
	source->found = ovba_find_source(stream, &source->at);
	return ST_OK;
}

static enum status
cfb_give_source(struct sink *sink, const struct cfb_project *project,
		struct span name, struct sbuf *source, struct err *err)
{
	struct sbuf file;
	enum status st = ST_OK;

	sbuf_init(&file, SIZE_MAX / 2);
	sbuf_add_span(&file, name);
	sbuf_add_text(&file, ".bas");
	st = sbuf_status(&file, "vba: name", err);
	if (st == ST_OK) {
		const struct child child = { .name = sbuf_text(&file),
					     .content_type = "text/plain",
					     .charset = code_page_name(
						     project->code_page),
					     .attachment = true };

		st = sink_child(sink, &child, sbuf_span(source), NULL, err);
	}
	sbuf_done(&file);
	return st;
}

/* The source, and what stands before and behind it. */
static enum status
cfb_give_module(struct sink *sink, const struct cfb_project *project,
		const struct cfb_source *module, struct err *err)
{
	const struct span stream = module->stream;
	const size_t at = module->at;
	struct span part = { 0 };
	struct sbuf source;
	bool whole = false;
	enum status st = ST_OK;

	sbuf_init_secret(&source, SIZE_MAX / 2);
	(void)span_cut(stream, at, stream.len_bytes - at, &part);
	const size_t used = ovba_unpack(part, &source, &whole);

	st = sbuf_status(&source, "vba: source", err);
	if (st == ST_OK)
		st = sink_spend(sink, source.len_bytes, used, err);
	if (st == ST_OK && (!whole || used == 0))
		st = sink_opaque(sink, REPORT_REASON_DAMAGED,
				 "vba: the source of a module", err);
	if (st == ST_OK && source.len_bytes > 0)
		st = cfb_give_source(sink, project, module->name, &source, err);
	if (st == ST_OK && span_cut(stream, 0, at, &part))
		st = sink_gap(sink, part, err);
	if (st == ST_OK &&
	    span_cut(stream, at + used, stream.len_bytes - at - used, &part))
		st = sink_gap(sink, part, err);
	sbuf_done(&source);
	return st;
}

enum status
cfb_macros_give(const struct cfb_macros *macros, struct sink *sink,
		const struct cfb *cfb, size_t index, struct span stream,
		struct err *err)
{
	const struct cfb_project *project =
		cfb_macros_of(macros, cfb->entries[index].parent);
	struct cfb_source source = { .stream = stream };
	struct sbuf name;
	enum status st = ST_OK;

	if (project == NULL)
		return sink_gap(sink, stream, err);
	sbuf_init(&name, SIZE_MAX / 2);
	cfb_name(cfb, index, &name);
	st = sbuf_status(&name, "vba: name", err);
	source.name = sbuf_span(&name);
	if (st == ST_OK)
		st = cfb_find_source(sink, project, &source, err);
	if (st == ST_OK && source.found)
		st = cfb_give_module(sink, project, &source, err);
	else if (st == ST_OK)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED,
				 "vba: a module without source", err);
	if (st == ST_OK && !source.found)
		st = sink_gap(sink, stream, err);
	sbuf_done(&name);
	return st;
}
