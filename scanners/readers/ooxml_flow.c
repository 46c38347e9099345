#include "scanners/readers/ooxml_flow.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/ooxml_flow_state.h"
#include "scanners/readers/text_views.h"

enum { FLOW_GIVE_BYTES = 64 * 1024 };

static struct ooxml_level *
flow_top(struct ooxml_flow *flow)
{
	return &flow->levels[flow->depth];
}

struct ooxml_paragraph *
ooxml_flow_paragraph(struct ooxml_flow *flow)
{
	if (flow->paragraph_depth == 0)
		return NULL;
	if (flow->paragraph_depth > OOXML_MAX_PARAGRAPHS)
		return &flow->paragraphs[OOXML_MAX_PARAGRAPHS - 1];
	return &flow->paragraphs[flow->paragraph_depth - 1];
}

struct sbuf *
ooxml_flow_out(struct ooxml_flow *flow)
{
	const size_t table = flow_top(flow)->table;

	return table > 0 ? &flow->tables.open[table - 1].text : &flow->text;
}

void
ooxml_flow_add(struct ooxml_flow *flow, unsigned mask, struct span text)
{
	struct ooxml_paragraph *paragraph = ooxml_flow_paragraph(flow);

	if ((mask & OOXML_MASK_PHONETIC) != 0) {
		sbuf_add_span(&flow->side.texts[OOXML_SIDE_PHONETIC], text);
		return;
	}
	if (mask == 0) {
		ooxml_side_add(&flow->side, OOXML_SIDE_OTHER, text);
		return;
	}
	if (paragraph == NULL) {
		sbuf_add_span(&flow->loose, text);
		return;
	}
	if (paragraph->hidden && mask != OOXML_MASK_SHOWN)
		mask &= ~(unsigned)OOXML_MASK_SHOWN;
	ooxml_paragraph_add(paragraph, mask, text);
	if (flow->control_depth > 0 && (mask & OOXML_MASK_NOW) != 0 &&
	    flow->control_text.len_bytes <= OOXML_CONTROL_BYTES)
		sbuf_add_span(&flow->control_text, text);
}

enum status
ooxml_flow_give(struct ooxml_flow *flow, struct err *err)
{
	const struct span text = sbuf_span(&flow->text);
	struct place place = *flow->place;
	enum status st = sbuf_status(&flow->text, "ooxml: text", err);

	if (flow->cell[0] != '\0')
		place.label = flow->cell;
	else if (place.kind != PLACE_PAGE)
		place.number = flow->line;
	if (st == ST_OK && !field_is_blank(text))
		st = sink_text(flow->sink, &place, text, err);
	flow->line += text_count_lines(text, 0, text.len_bytes);
	sbuf_clear(&flow->text);
	return st;
}

/* Elements between which a number may go on. */
static bool
flow_is_run(enum ooxml_element element, uint8_t parent)
{
	return element == OOXML_RUN || element == OOXML_RUN_PROPERTIES ||
	       element == OOXML_TEXT || element == OOXML_DELETED_TEXT ||
	       element == OOXML_FIELD_CODE || parent == OOXML_RUN_PROPERTIES;
}

/* Text outside of paragraphs is a line for each element; inside of one it is
 * none that people see. */
static enum status
flow_end_loose(struct ooxml_flow *flow, struct err *err)
{
	const struct span loose = sbuf_span(&flow->loose);
	const enum status st = sbuf_status(&flow->loose, "ooxml: text", err);

	if (st != ST_OK || loose.len_bytes == 0)
		return st;
	if (field_is_blank(loose)) {
		sbuf_clear(&flow->loose);
		return ST_OK;
	}
	if (flow->paragraph_depth > 0) {
		ooxml_side_add(&flow->side, OOXML_SIDE_OTHER, loose);
	} else {
		struct sbuf *out = ooxml_flow_out(flow);

		sbuf_add_span(out, loose);
		sbuf_add_byte(out, '\n');
	}
	/* A double is written with its exponent. */
	if (flow_top(flow)->element == OOXML_VALUE &&
	    memchr(loose.ptr, 'E', loose.len_bytes) != NULL)
		ooxml_side_field(&flow->side, "value", loose);
	if (flow->name_depth > 0)
		ooxml_side_field(&flow->side, sbuf_text(&flow->name), loose);
	sbuf_clear(&flow->loose);
	return ST_OK;
}

/* <cacheField name="…"><sharedItems><n v="…"/> */
static void
flow_named_value(struct ooxml_flow *flow, const char *const *attributes)
{
	const char *value = xml_attribute(attributes, "v");

	if (value != NULL)
		ooxml_side_field(&flow->side, sbuf_text(&flow->name),
				 span_of(value));
}

static enum status
flow_open(void *context, const char *name, const char *const *attributes,
	  struct err *err)
{
	struct ooxml_flow *flow = context;
	const bool known = xml_is_office(name);
	const enum ooxml_element element =
		known ? ooxml_element_of(xml_local(name)) : OOXML_NONE;
	const struct ooxml_level *parent = flow_top(flow);
	enum status st = ST_OK;

	/* The loose text is the parent's. */
	if (flow->loose.len_bytes > 0 && !flow_is_run(element, parent->element))
		st = flow_end_loose(flow, err);
	if (st != ST_OK)
		return st;
	flow->levels[flow->depth + 1] = (struct ooxml_level){
		.element = (uint8_t)element,
		.mask = (uint8_t)(known ? parent->mask
					: parent->mask & ~OOXML_MASK_SHOWN),
		.table = parent->table,
	};
	flow->depth++;
	ooxml_side_attributes(&flow->side, attributes);
	if (flow->name_depth > 0)
		flow_named_value(flow, attributes);
	if (element == OOXML_NONE)
		return ST_OK;
	return ooxml_flow_on_open(flow, attributes, err);
}

static enum status
flow_close(void *context, const char *name, struct err *err)
{
	struct ooxml_flow *flow = context;
	const enum ooxml_element element = flow_top(flow)->element;
	enum status st = ST_OK;

	(void)name;
	if (flow->loose.len_bytes > 0 &&
	    !flow_is_run(element, flow->levels[flow->depth - 1].element))
		st = flow_end_loose(flow, err);
	if (st == ST_OK && element != OOXML_NONE)
		st = ooxml_flow_on_close(flow, err);
	flow->depth -= flow->depth > 0;
	if (st == ST_OK && flow->text.len_bytes >= FLOW_GIVE_BYTES)
		st = ooxml_flow_give(flow, err);
	return st;
}

static enum status
flow_text(void *context, struct span utf8, struct err *err)
{
	struct ooxml_flow *flow = context;
	const struct ooxml_level *top = flow_top(flow);
	const unsigned before = OOXML_MASK_BEFORE | OOXML_MASK_PHONETIC;

	/* Blanks between runs are the file's, not the text's. */
	if (top->element == OOXML_PARAGRAPH && field_is_blank(utf8))
		return ST_OK;
	if (top->element == OOXML_TEXT || top->element == OOXML_PLAIN ||
	    top->element == OOXML_PARAGRAPH)
		ooxml_flow_add(flow, top->mask, utf8);
	else if (top->element == OOXML_DELETED_TEXT)
		ooxml_flow_add(flow, top->mask & before, utf8);
	else if (top->element == OOXML_FIELD_CODE)
		sbuf_add_span(&flow->side.texts[OOXML_SIDE_CODES], utf8);
	else
		sbuf_add_span(&flow->loose, utf8);
	return sbuf_status(&flow->loose, "ooxml: text", err);
}

static void
flow_init(struct ooxml_flow *flow, struct sink *sink, const struct place *place,
	  const char *names)
{
	flow->sink = sink;
	flow->place = place;
	flow->line = 1;
	flow->levels[0].mask = OOXML_MASK_ALL;
	for (size_t i = 0; i < OOXML_MAX_PARAGRAPHS; i++)
		ooxml_paragraph_init(&flow->paragraphs[i]);
	flow->cells = names;
	ooxml_tables_init(&flow->tables, names);
	ooxml_side_init(&flow->side);
	sbuf_init_secret(&flow->text, SIZE_MAX / 2);
	sbuf_init_secret(&flow->loose, SIZE_MAX / 2);
	sbuf_init_secret(&flow->control_name, SIZE_MAX / 2);
	sbuf_init_secret(&flow->control_text, SIZE_MAX / 2);
	sbuf_init_secret(&flow->name, SIZE_MAX / 2);
}

static void
flow_free(struct ooxml_flow *flow)
{
	for (size_t i = 0; i < OOXML_MAX_PARAGRAPHS; i++)
		ooxml_paragraph_done(&flow->paragraphs[i]);
	ooxml_tables_done(&flow->tables);
	ooxml_side_done(&flow->side);
	sbuf_done(&flow->text);
	sbuf_done(&flow->loose);
	sbuf_done(&flow->control_name);
	sbuf_done(&flow->control_text);
	sbuf_done(&flow->name);
	free(flow);
}

/* What was read before the damage counts: everything that is open ends. */
static enum status
flow_finish(struct ooxml_flow *flow, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && flow->depth > 0)
		st = flow_close(flow, "", err);
	if (st == ST_OK)
		st = ooxml_flow_give(flow, err);
	return st == ST_OK ? ooxml_side_give(flow->sink, &flow->side, err) : st;
}

enum status
ooxml_flow_read(struct sink *sink, struct span document,
		const struct place *place, const char *names, struct err *err)
{
	struct ooxml_flow *flow = calloc(1, sizeof(*flow));
	const struct xml_handler handler = { flow_open, flow_close, flow_text,
					     flow };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	if (flow == NULL)
		return err_set(err, ST_NO_MEMORY, "ooxml: no memory");
	flow_init(flow, sink, place, names);
	st = xml_walk(sink, document, &handler, err);
	if (st == ST_OK || st == ST_FORMAT) {
		const enum status given = flow_finish(flow, &why);

		if (given != ST_OK) {
			st = given;
			*err = why;
		}
	}
	flow_free(flow);
	return st;
}
