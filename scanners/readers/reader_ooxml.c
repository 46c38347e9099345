/*
 * The reader of office packages: Word, Excel and PowerPoint since 2007, with
 * their templates, macros and strict variants. What a part is, its first
 * element says; its name and declared type may say what they like. Every part
 * is read here, or a child, or reported.
 */
#include "scanners/readers/reader.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/ooxml_flow.h"
#include "scanners/readers/ooxml_names.h"
#include "scanners/readers/ooxml_package.h"
#include "scanners/readers/xlsx_parts.h"
#include "scanners/readers/xlsx_pivot.h"
#include "scanners/readers/zip_walk.h"

enum { OOXML_PREFIX_BYTES = 128 }; /* a sheet's name has 31 characters */

struct ooxml {
	struct sink *sink;
	struct ooxml_package package;
	struct xlsx_strings strings;
	struct xlsx_formats formats;
	struct ooxml_names names;
	struct xlsx_pivots pivots;
	bool known;  /* a document of a kind that is read */
	bool binary; /* a part of an xlsb workbook was seen */
	size_t string_lists;
	bool again; /* what was locked, with passwords */
};

static struct span
ooxml_bytes(const struct ooxml_part *part)
{
	return (struct span){ part->bytes, part->len_bytes };
}

static bool
ooxml_is_root(const struct ooxml_part *part, const char *const *roots,
	      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(part->root, roots[i]) == 0)
			return true;
	return false;
}

static bool
ooxml_is_sheet(const struct ooxml_part *part)
{
	static const char *const roots[] = { "worksheet", "macrosheet",
					     "dialogsheet", "externalLink" };

	return ooxml_is_root(part, roots, ARRAY_LEN(roots));
}

/* XML that has a reader of its own: pages, pictures, and the data that an
 * organisation keeps in its documents. A package may keep its document there,
 * too. */
static bool
ooxml_is_foreign(const struct ooxml_part *part)
{
	static const char *const roots[] = { "html", "svg" };
	static const char *const ours[] = {
		"document",
		"hdr",
		"ftr",
		"footnotes",
		"endnotes",
		"comments",
		"datastoreItem",
		"glossaryDocument",
		"workbook",
		"sst",
		"worksheet",
		"presentation",
		"sld",
		"notes",
		"chartSpace",
		"dataModel",
		"wsDr",
		"sldMaster",
		"sldLayout",
		"pivotCacheRecords",
		/* What Word and SharePoint put there themselves. */
		"Sources",
		"FormTemplates",
		"contentTypeSchema",
	};

	return ooxml_is_root(part, roots, ARRAY_LEN(roots)) ||
	       (ooxml_part_starts(part, "customXml/item") &&
		!ooxml_is_sheet(part) &&
		!ooxml_is_root(part, ours, ARRAY_LEN(ours)));
}

/* Everything that is no XML of an office: pictures, embedded files, macros. */
static enum status
ooxml_give_child(struct ooxml *ooxml, struct ooxml_part *part, struct err *err)
{
	const struct child child = { .name = part->name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true,
				     .locked = part->locked,
				     .lock = part->lock };

	return sink_child(ooxml->sink, &child, ooxml_bytes(part),
			  part->bytes != NULL ? &part->bytes : NULL, err);
}

/* XML that cannot be parsed is reported, and swept as it stands. */
static enum status
ooxml_forgive(struct ooxml *ooxml, enum status st, struct span bytes,
	      struct err *err)
{
	const struct err why = *err;

	if (st != ST_FORMAT)
		return st;
	st = sink_opaque(ooxml->sink, REPORT_REASON_DAMAGED, why.text, err);
	return st == ST_OK ? sink_gap(ooxml->sink, bytes, err) : st;
}

/* Named like XML and no XML. */
static bool
ooxml_is_damaged(const struct ooxml_part *part)
{
	static const char *const ends[] = { ".xml", ".rels", ".vml" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (ooxml_part_ends(part, ends[i]))
			return true;
	return false;
}

/* The cells of an xlsb are not read yet. */
static bool
ooxml_is_binary_sheet(const struct ooxml_part *part)
{
	return ooxml_part_starts(part, "xl/") &&
	       ooxml_part_ends(part, ".bin") &&
	       !ooxml_part_starts(part, "xl/embeddings/") &&
	       !ooxml_part_starts(part, "xl/printerSettings/") &&
	       !ooxml_part_ends(part, "vbaProject.bin");
}

static enum status
ooxml_read_binary(struct ooxml *ooxml, struct ooxml_part *part, struct err *err)
{
	struct err why = { .st = ST_OK };

	if (part->len_bytes == 0 && !part->locked)
		return ST_OK;
	if (!part->locked && ooxml->binary && ooxml_is_binary_sheet(part))
		return sink_gap(ooxml->sink, ooxml_bytes(part), err);
	if (part->locked || !ooxml_is_damaged(part))
		return ooxml_give_child(ooxml, part, err);
	(void)err_set(&why, ST_FORMAT, "xml: no element");
	*err = why;
	return ooxml_forgive(ooxml, ST_FORMAT, ooxml_bytes(part), err);
}

/* The running text of a part, each at its place. */
static enum status
ooxml_read_text(struct ooxml *ooxml, const struct ooxml_part *part,
		struct err *err)
{
	struct place place = { PLACE_ELEMENT, 0, part->name };
	const char *sheet = ooxml_names_commented(&ooxml->names, part->name);
	char prefix[OOXML_PREFIX_BYTES] = "";

	if (strcmp(part->root, "document") == 0) {
		place = (struct place){ PLACE_BODY, 0, NULL };
	} else if (strcmp(part->root, "sld") == 0) {
		place = (struct place){
			PLACE_PAGE, ooxml_names_page(&ooxml->names, part->name),
			NULL
		};
		(void)snprintf(prefix, sizeof(prefix), "page %u ",
			       (unsigned)place.number);
	} else if (sheet != NULL) {
		(void)snprintf(prefix, sizeof(prefix), "%s!", sheet);
	}
	return ooxml_flow_read(ooxml->sink, ooxml_bytes(part), &place, prefix,
			       err);
}

static enum status
ooxml_read_xml(struct ooxml *ooxml, struct ooxml_part *part, struct err *err)
{
	enum status st = sink_break(ooxml->sink, err);

	if (st != ST_OK)
		return st;
	if (ooxml_is_sheet(part))
		st = xlsx_sheet_read(
			ooxml->sink, ooxml_bytes(part),
			ooxml_names_sheet(&ooxml->names, part->name),
			&ooxml->strings, &ooxml->formats, err);
	else if (strcmp(part->root, "pivotCacheRecords") == 0)
		st = xlsx_pivots_read(ooxml->sink, ooxml_bytes(part),
				      part->name, &ooxml->pivots, err);
	else
		st = ooxml_read_text(ooxml, part, err);
	return ooxml_forgive(ooxml, st, ooxml_bytes(part), err);
}

/* What other parts need to know: done first. */
static enum status
ooxml_prepare(struct ooxml *ooxml, struct ooxml_part *part, struct err *err)
{
	static const char *const documents[] = { "document", "workbook",
						 "presentation" };
	enum status st = ST_OK;

	if (ooxml_is_root(part, documents, ARRAY_LEN(documents)))
		ooxml->known = true;
	if (strcmp(part->root, "sst") == 0) {
		ooxml->string_lists++;
		st = xlsx_strings_read(ooxml->sink, ooxml_bytes(part),
				       &ooxml->strings, err);
		st = ooxml_forgive(ooxml, st, ooxml_bytes(part), err);
		ooxml_part_release(part);
		return st;
	}
	if (strcmp(part->root, "workbook") == 0 ||
	    strcmp(part->root, "presentation") == 0)
		st = ooxml_names_read(ooxml->sink, ooxml_bytes(part),
				      &ooxml->names, err);
	else if (ooxml_part_starts(part, "xl/_rels/workbook") ||
		 ooxml_part_starts(part, "ppt/_rels/presentation"))
		st = ooxml_names_read_relations(ooxml->sink, ooxml_bytes(part),
						&ooxml->names, err);
	else if (ooxml_part_starts(part, "xl/worksheets/_rels/"))
		st = ooxml_names_read_comments(ooxml->sink, ooxml_bytes(part),
					       part->name, &ooxml->names, err);
	else if (strcmp(part->root, "styleSheet") == 0)
		st = xlsx_formats_read(ooxml->sink, ooxml_bytes(part),
				       &ooxml->formats, err);
	else if (strcmp(part->root, "pivotCacheDefinition") == 0)
		st = xlsx_pivots_learn(ooxml->sink, ooxml_bytes(part),
				       part->name, &ooxml->pivots, err);
	else if (ooxml_part_is_named(part, "xl/workbook.bin"))
		ooxml->binary = true;
	/* It is read again as text, and its damage reported then. */
	return st == ST_FORMAT ? ST_OK : st;
}

static enum status
ooxml_read_part(struct ooxml *ooxml, struct ooxml_part *part, struct err *err)
{
	enum status st = ST_OK;

	if (part->root[0] == '\0' || part->locked)
		st = ooxml_read_binary(ooxml, part, err);
	else if (ooxml_is_foreign(part))
		st = ooxml_give_child(ooxml, part, err);
	else if (strcmp(part->root, "sst") != 0)
		st = ooxml_read_xml(ooxml, part, err);
	if (ooxml->again && !part->locked && part->root[0] != '\0' &&
	    !ooxml_is_foreign(part))
		sink_opened(ooxml->sink, part->name);
	ooxml_part_release(part);
	return st;
}

static enum status
ooxml_read_parts(struct ooxml *ooxml, struct err *err)
{
	enum status st = ST_OK;

	for (struct ooxml_part *part = ooxml->package.parts;
	     part != NULL && st == ST_OK; part = part->next)
		st = ooxml_prepare(ooxml, part, err);
	for (struct ooxml_part *part = ooxml->package.parts;
	     part != NULL && st == ST_OK; part = part->next)
		st = ooxml_read_part(ooxml, part, err);
	if (st == ST_OK)
		st = xlsx_strings_give_rest(ooxml->sink, &ooxml->strings, err);
	return st;
}

static enum status
ooxml_report(struct ooxml *ooxml, struct err *err)
{
	enum status st = ST_OK;

	/* Cells say the number of a string, and not of which list. */
	if (ooxml->string_lists > 1)
		st = sink_ambiguous(ooxml->sink, "xlsx: two lists of strings",
				    err);
	if (st != ST_OK)
		return st;
	if (ooxml->binary)
		return sink_opaque(ooxml->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				   "xlsb", err);
	if (!ooxml->known)
		return sink_opaque(ooxml->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				   "office document", err);
	return ST_OK;
}

static enum status
ooxml_read(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	struct ooxml ooxml = { .sink = sink,
			       .again = hint->password_count > 0 };
	const struct zip_taker taker = {
		.take = ooxml_package_take,
		.context = &ooxml.package,
		.passwords = hint->passwords,
		.password_count = hint->password_count,
	};
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	ooxml_package_init(&ooxml.package);
	xlsx_strings_init(&ooxml.strings);
	xlsx_formats_init(&ooxml.formats);
	ooxml_names_init(&ooxml.names);
	xlsx_pivots_init(&ooxml.pivots);
	st = zip_read_all(sink, body, &taker, err);
	/* Beyond a limit: what came before it is read. */
	if (st == ST_OK || st == ST_LIMIT) {
		const enum status read = ooxml_read_parts(&ooxml, &why);

		if (st == ST_OK && read != ST_OK) {
			st = read;
			*err = why;
		}
	}
	if (st == ST_OK)
		st = ooxml_report(&ooxml, err);
	ooxml_package_done(&ooxml.package);
	xlsx_strings_done(&ooxml.strings);
	xlsx_formats_done(&ooxml.formats);
	ooxml_names_done(&ooxml.names);
	xlsx_pivots_done(&ooxml.pivots);
	return st;
}

static const char *
ooxml_type(struct span body)
{
	const char *kind = ooxml_package_kind(body);

	return kind != NULL ? kind : "ooxml";
}

static const char *
ooxml_type_at(size_t index)
{
	static const char *const names[] = { "docx", "pptx", "xlsx", "ooxml" };

	return index < ARRAY_LEN(names) ? names[index] : NULL;
}

static enum sniff
ooxml_sniff(struct span body, const struct child *hint)
{
	(void)hint;
	return zip_is_office_open(body) ? SNIFF_CERTAIN : SNIFF_NO;
}

const struct reader reader_ooxml = {
	.name = "ooxml",
	.foreign = true, /* expat, and libarchive for some packages */
	.sniff = ooxml_sniff,
	.read = ooxml_read,
	.type = ooxml_type,
	.type_at = ooxml_type_at,
};
