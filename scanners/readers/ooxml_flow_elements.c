/* What the elements of a part do to its text: a table of what opening and
 * closing each kind means. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/ooxml_flow_state.h"
#include "scanners/text/utf8.h"

enum {
	FLOW_MAX_COLUMNS = 16384,
	FLOW_NAME_BYTES = 120,      /* a longer text names nothing */
	FLOW_CELL_BYTES = 20,       /* "XFD1048576:XFD1048576" is none */
	FLOW_SYMBOL_FIRST = 0xF020, /* fonts of symbols: their codes in the */
	FLOW_SYMBOL_LAST = 0xF0FF   /* private area */
};

/* The element around the innermost is of this kind? */
static bool
flow_is_in(const struct ooxml_flow *flow, enum ooxml_element element)
{
	return flow->levels[flow->depth - 1].element == element;
}

static struct ooxml_level *
flow_top(struct ooxml_flow *flow)
{
	return &flow->levels[flow->depth];
}

static void
flow_end_line(struct sbuf *text)
{
	if (text->len_bytes > 0 && text->bytes[text->len_bytes - 1] != '\n')
		sbuf_add_byte(text, '\n');
}

/* ---- paragraphs ---- */

static enum status
flow_open_paragraph(struct ooxml_flow *flow, const char *const *attributes,
		    struct err *err)
{
	(void)attributes;
	(void)err;
	flow->paragraph_depth++;
	return ST_OK;
}

static enum status
flow_close_paragraph(struct ooxml_flow *flow, struct err *err)
{
	struct ooxml_paragraph *paragraph = ooxml_flow_paragraph(flow);
	const bool deep = flow->paragraph_depth > OOXML_MAX_PARAGRAPHS;

	if (paragraph == NULL)
		return ST_OK;
	if (flow->control_depth > 0)
		sbuf_add_byte(&flow->control_text, '\n');
	flow_end_line(&flow->side.texts[OOXML_SIDE_CODES]);
	flow->paragraph_depth--;
	if (deep) {
		ooxml_paragraph_add(paragraph, OOXML_MASK_ALL, span_of("\n"));
		return ST_OK;
	}
	return ooxml_paragraph_end(paragraph, ooxml_flow_out(flow), &flow->side,
				   err);
}

/* ---- runs ---- */

static enum status
flow_open_run(struct ooxml_flow *flow, const char *const *attributes,
	      struct err *err)
{
	struct ooxml_paragraph *paragraph = ooxml_flow_paragraph(flow);

	(void)attributes;
	(void)err;
	if (paragraph != NULL)
		paragraph->hidden = false;
	return ST_OK;
}

static enum status
flow_close_run(struct ooxml_flow *flow, struct err *err)
{
	return flow_open_run(flow, NULL, err);
}

static bool
flow_is_off(const char *value)
{
	return value != NULL &&
	       (strcmp(value, "0") == 0 || strcmp(value, "false") == 0 ||
		strcmp(value, "off") == 0);
}

static enum status
flow_hide(struct ooxml_flow *flow, const char *const *attributes,
	  struct err *err)
{
	struct ooxml_paragraph *paragraph = ooxml_flow_paragraph(flow);

	(void)err;
	if (paragraph != NULL && flow->depth > 1 &&
	    flow_is_in(flow, OOXML_RUN_PROPERTIES) &&
	    flow->levels[flow->depth - 2].element == OOXML_RUN)
		paragraph->hidden =
			!flow_is_off(xml_attribute(attributes, "val"));
	return ST_OK;
}

/* A mark where text stands. */
static enum status
flow_mark(struct ooxml_flow *flow, const char *mark)
{
	if (flow_is_in(flow, OOXML_RUN) || flow_is_in(flow, OOXML_PARAGRAPH) ||
	    flow_is_in(flow, OOXML_PLAIN))
		ooxml_flow_add(flow, flow_top(flow)->mask, span_of(mark));
	return ST_OK;
}

static enum status
flow_tab(struct ooxml_flow *flow, const char *const *attributes,
	 struct err *err)
{
	(void)attributes;
	(void)err;
	/* Not those of the ruler. */
	return flow_is_in(flow, OOXML_RUN) ? flow_mark(flow, "\t") : ST_OK;
}

static enum status
flow_break(struct ooxml_flow *flow, const char *const *attributes,
	   struct err *err)
{
	(void)attributes;
	(void)err;
	return flow_mark(flow, "\n");
}

static enum status
flow_hyphen(struct ooxml_flow *flow, const char *const *attributes,
	    struct err *err)
{
	(void)attributes;
	(void)err;
	return flow_mark(flow, "-");
}

static enum status
flow_symbol(struct ooxml_flow *flow, const char *const *attributes,
	    struct err *err)
{
	const char *code = xml_attribute(attributes, "char");
	uint8_t bytes[2] = { 0, 0 };
	uint8_t room[UTF8_MAX_BYTES];
	uint32_t cp = 0;

	(void)err;
	if (code == NULL || !parse_hex(span_of(code), bytes, sizeof(bytes)))
		return ST_OK;
	cp = (uint32_t)bytes[0] << 8 | bytes[1];
	if (cp >= FLOW_SYMBOL_FIRST && cp <= FLOW_SYMBOL_LAST)
		cp &= 0xFF;
	const struct span text = { room, utf8_encode(cp, room) };

	ooxml_flow_add(flow, flow_top(flow)->mask, text);
	return ST_OK;
}

static enum status
flow_end_code(struct ooxml_flow *flow, const char *const *attributes,
	      struct err *err)
{
	(void)attributes;
	(void)err;
	flow_end_line(&flow->side.texts[OOXML_SIDE_CODES]);
	return ST_OK;
}

/* ---- changes and choices ---- */

/* Deleted text, or <w:del/> among the properties of a paragraph's end. */
static enum status
flow_delete(struct ooxml_flow *flow, const char *const *attributes,
	    struct err *err)
{
	struct ooxml_paragraph *paragraph = ooxml_flow_paragraph(flow);

	(void)attributes;
	(void)err;
	if (!flow_is_in(flow, OOXML_RUN_PROPERTIES))
		flow_top(flow)->mask &= OOXML_MASK_BEFORE | OOXML_MASK_PHONETIC;
	else if (paragraph != NULL && flow->depth > 1 &&
		 flow->levels[flow->depth - 2].element ==
			 OOXML_PARAGRAPH_PROPERTIES)
		paragraph->joins = true;
	return ST_OK;
}

static enum status
flow_insert(struct ooxml_flow *flow, const char *const *attributes,
	    struct err *err)
{
	(void)attributes;
	(void)err;
	if (!flow_is_in(flow, OOXML_RUN_PROPERTIES))
		flow_top(flow)->mask &= (uint8_t)~OOXML_MASK_BEFORE;
	return ST_OK;
}

static enum status
flow_choose(struct ooxml_flow *flow, const char *const *attributes,
	    struct err *err)
{
	struct ooxml_level *top = flow_top(flow);
	struct ooxml_level *parent = &flow->levels[flow->depth - 1];

	(void)attributes;
	(void)err;
	if (parent->element != OOXML_ALTERNATE)
		return ST_OK;
	if (parent->chose)
		top->mask &= OOXML_MASK_FALLBACK | OOXML_MASK_PHONETIC;
	else if (top->element == OOXML_CHOICE)
		top->mask &= (uint8_t)~OOXML_MASK_FALLBACK;
	parent->chose = true;
	return ST_OK;
}

static enum status
flow_open_phonetic(struct ooxml_flow *flow, const char *const *attributes,
		   struct err *err)
{
	(void)attributes;
	(void)err;
	flow_top(flow)->mask = OOXML_MASK_PHONETIC;
	return ST_OK;
}

static enum status
flow_close_phonetic(struct ooxml_flow *flow, struct err *err)
{
	(void)err;
	flow_end_line(&flow->side.texts[OOXML_SIDE_PHONETIC]);
	return ST_OK;
}

/* Even in a cell it is none of the cell's text. */
static enum status
flow_open_box(struct ooxml_flow *flow, const char *const *attributes,
	      struct err *err)
{
	(void)attributes;
	(void)err;
	flow_top(flow)->table = 0;
	return ST_OK;
}

/* ---- content controls and names ---- */

static enum status
flow_open_control(struct ooxml_flow *flow, const char *const *attributes,
		  struct err *err)
{
	(void)attributes;
	(void)err;
	sbuf_clear(&flow->control_name);
	flow->control_depth = 0;
	return ST_OK;
}

/* The title says more than the tag. */
static enum status
flow_name_control(struct ooxml_flow *flow, const char *const *attributes,
		  struct err *err)
{
	const char *value = xml_attribute(attributes, "val");

	if (value == NULL || strlen(value) > FLOW_NAME_BYTES ||
	    (flow_top(flow)->element == OOXML_CONTROL_TAG &&
	     flow->control_name.len_bytes > 0))
		return ST_OK;
	sbuf_clear(&flow->control_name);
	sbuf_add_text(&flow->control_name, value);
	return sbuf_status(&flow->control_name, "ooxml: control", err);
}

static enum status
flow_open_content(struct ooxml_flow *flow, const char *const *attributes,
		  struct err *err)
{
	(void)attributes;
	(void)err;
	if (flow->control_name.len_bytes == 0)
		return ST_OK;
	flow->control_depth = flow->depth;
	sbuf_clear(&flow->control_text);
	return ST_OK;
}

static enum status
flow_close_content(struct ooxml_flow *flow, struct err *err)
{
	struct span text = sbuf_span(&flow->control_text);
	enum status st = ST_OK;

	if (flow->control_depth != flow->depth)
		return ST_OK;
	st = sbuf_status(&flow->control_text, "ooxml: control", err);
	while (text.len_bytes > 0 && text.ptr[text.len_bytes - 1] <= ' ')
		text.len_bytes--;
	if (st == ST_OK && text.len_bytes > 0 &&
	    text.len_bytes <= OOXML_CONTROL_BYTES)
		ooxml_side_field(&flow->side, sbuf_text(&flow->control_name),
				 text);
	flow->control_depth = 0;
	sbuf_clear(&flow->control_name);
	return st;
}

static enum status
flow_open_named(struct ooxml_flow *flow, const char *const *attributes,
		struct err *err)
{
	const char *name = xml_attribute(attributes, "name");

	if (name == NULL || strlen(name) > FLOW_NAME_BYTES)
		return ST_OK;
	sbuf_clear(&flow->name);
	sbuf_add_text(&flow->name, name);
	flow->name_depth = flow->depth;
	return sbuf_status(&flow->name, "ooxml: name", err);
}

static enum status
flow_close_named(struct ooxml_flow *flow, struct err *err)
{
	(void)err;
	if (flow->name_depth == flow->depth)
		flow->name_depth = 0;
	return ST_OK;
}

/* A comment of a sheet is found at its cell; those of texts have none. */
static enum status
flow_open_comment(struct ooxml_flow *flow, const char *const *attributes,
		  struct err *err)
{
	const char *cell = xml_attribute(attributes, "ref");
	const enum status st = ooxml_flow_give(flow, err);

	if (st == ST_OK && cell != NULL && strlen(cell) <= FLOW_CELL_BYTES)
		(void)snprintf(flow->cell, sizeof(flow->cell), "%s%s, comment",
			       flow->cells, cell);
	return st;
}

static enum status
flow_close_comment(struct ooxml_flow *flow, struct err *err)
{
	const enum status st = ooxml_flow_give(flow, err);

	flow->cell[0] = '\0';
	return st;
}

/* ---- tables ---- */

static enum status
flow_open_table(struct ooxml_flow *flow, const char *const *attributes,
		struct err *err)
{
	struct ooxml_table *around = ooxml_tables_top(&flow->tables);
	enum status st = ST_OK;

	(void)attributes;
	/* A table in a cell: what stood in the cell so far was layout. */
	if (around != NULL && flow_top(flow)->table > 0) {
		st = sbuf_status(&around->text, "ooxml: cell", err);
		sbuf_add_span(&flow->text, sbuf_span(&around->text));
		sbuf_clear(&around->text);
	}
	ooxml_tables_open(&flow->tables);
	return st;
}

static enum status
flow_close_table(struct ooxml_flow *flow, struct err *err)
{
	enum status st = ST_OK;

	if (flow->tables.depth == 1 && flow->tables.ready.len_bytes > 0)
		st = ooxml_flow_give(flow, err);
	return st == ST_OK ? ooxml_tables_close(&flow->tables, flow->sink, err)
			   : st;
}

static enum status
flow_open_cell(struct ooxml_flow *flow, const char *const *attributes,
	       struct err *err)
{
	struct ooxml_table *table = ooxml_tables_top(&flow->tables);

	(void)attributes;
	(void)err;
	if (table == NULL)
		return ST_OK;
	ooxml_table_cell(table);
	flow_top(flow)->table = (uint8_t)flow->tables.depth;
	return ST_OK;
}

static enum status
flow_close_cell(struct ooxml_flow *flow, struct err *err)
{
	struct ooxml_table *table = ooxml_tables_top(&flow->tables);
	bool is_text = false;
	enum status st = ST_OK;

	if (table == NULL)
		return ST_OK;
	if (flow->tables.depth == 1)
		st = ooxml_flow_give(flow, err);
	if (st == ST_OK)
		st = ooxml_tables_end_cell(&flow->tables, flow->sink, &is_text,
					   err);
	if (is_text)
		sbuf_add_span(&flow->text, sbuf_span(&table->text));
	sbuf_clear(&table->text);
	return st;
}

static uint32_t
flow_count(const char *const *attributes)
{
	const char *value = xml_attribute(attributes, "val");
	uint64_t count = 0;

	if (value == NULL ||
	    !parse_u64(span_of(value), FLOW_MAX_COLUMNS, &count))
		return 0;
	return (uint32_t)count;
}

/* Rows, and what says how many columns something takes. */
static enum status
flow_table_part(struct ooxml_flow *flow, const char *const *attributes,
		struct err *err)
{
	struct ooxml_table *table = ooxml_tables_top(&flow->tables);

	(void)err;
	if (table == NULL)
		return ST_OK;
	if (flow_top(flow)->element == OOXML_ROW)
		ooxml_table_row(table);
	else if (flow_top(flow)->element == OOXML_CELL_SPAN)
		ooxml_table_span(table, flow_count(attributes));
	else
		ooxml_table_skip(table, flow_count(attributes));
	return ST_OK;
}

/* ---- the table ---- */

struct flow_rule {
	enum status (*open)(struct ooxml_flow *flow,
			    const char *const *attributes, struct err *err);
	enum status (*close)(struct ooxml_flow *flow, struct err *err);
};

static const struct flow_rule flow_rules[OOXML_ELEMENTS] = {
	[OOXML_PARAGRAPH] = { flow_open_paragraph, flow_close_paragraph },
	[OOXML_PLAIN] = { flow_open_paragraph, flow_close_paragraph },
	[OOXML_RUN] = { flow_open_run, flow_close_run },
	[OOXML_FIELD_MARK] = { flow_end_code, NULL },
	[OOXML_TAB] = { flow_tab, NULL },
	[OOXML_BREAK] = { flow_break, NULL },
	[OOXML_HYPHEN] = { flow_hyphen, NULL },
	[OOXML_SYMBOL] = { flow_symbol, NULL },
	[OOXML_HIDDEN] = { flow_hide, NULL },
	[OOXML_DELETED] = { flow_delete, NULL },
	[OOXML_INSERTED] = { flow_insert, NULL },
	[OOXML_CHOICE] = { flow_choose, NULL },
	[OOXML_FALLBACK] = { flow_choose, NULL },
	[OOXML_PHONETIC] = { flow_open_phonetic, flow_close_phonetic },
	[OOXML_TABLE] = { flow_open_table, flow_close_table },
	[OOXML_ROW] = { flow_table_part, NULL },
	[OOXML_CELL] = { flow_open_cell, flow_close_cell },
	[OOXML_CELL_SPAN] = { flow_table_part, NULL },
	[OOXML_ROW_SKIP] = { flow_table_part, NULL },
	[OOXML_TEXT_BOX] = { flow_open_box, NULL },
	[OOXML_CONTROL] = { flow_open_control, NULL },
	[OOXML_CONTROL_ALIAS] = { flow_name_control, NULL },
	[OOXML_CONTROL_TAG] = { flow_name_control, NULL },
	[OOXML_CONTROL_CONTENT] = { flow_open_content, flow_close_content },
	[OOXML_COMMENT] = { flow_open_comment, flow_close_comment },
	[OOXML_NAMED] = { flow_open_named, flow_close_named },
};

enum status
ooxml_flow_on_open(struct ooxml_flow *flow, const char *const *attributes,
		   struct err *err)
{
	const struct flow_rule *rule = &flow_rules[flow_top(flow)->element];

	return rule->open != NULL ? rule->open(flow, attributes, err) : ST_OK;
}

enum status
ooxml_flow_on_close(struct ooxml_flow *flow, struct err *err)
{
	const struct flow_rule *rule = &flow_rules[flow_top(flow)->element];

	return rule->close != NULL ? rule->close(flow, err) : ST_OK;
}
