/* The text of a mail for people: what stands around the findings first. */
#include <string.h>

#include "quarantine-ui/html/template.h"
#include "quarantine-ui/pages/case_values.h"
#include "quarantine-ui/pages/words.h"

enum {
	PREVIEW_FIRST_LINES = 60, /* of each part, in any case */
	PREVIEW_AROUND_LINES = 3, /* before and behind a finding */
	PREVIEW_PAGE_LINES = 600, /* of all parts together */
	PREVIEW_MAX_CELLS = 24
};

static const struct template_field cell_fields[] = {
	TEMPLATE_TEXT_F(struct case_cell, text),
};
static const struct template_shape cell_shape =
	TEMPLATE_SHAPE(case_cell, cell_fields);

static const struct template_field line_fields[] = {
	TEMPLATE_TEXT_F(struct case_line, place),
	TEMPLATE_TEXT_F(struct case_line, text),
	TEMPLATE_FLAG_F(struct case_line, found),
	TEMPLATE_NUMBER_F(struct case_line, skipped),
	TEMPLATE_LIST_F(struct case_line, cells, cell_count, cell_shape),
};
static const struct template_shape line_shape =
	TEMPLATE_SHAPE(case_line, line_fields);

static const struct template_field part_fields[] = {
	TEMPLATE_TEXT_F(struct case_preview_part, name),
	TEMPLATE_TEXT_F(struct case_preview_part, path),
	TEMPLATE_TEXT_F(struct case_preview_part, type),
	TEMPLATE_FLAG_F(struct case_preview_part, table),
	TEMPLATE_FLAG_F(struct case_preview_part, header),
	TEMPLATE_FLAG_F(struct case_preview_part, cut),
	TEMPLATE_NUMBER_F(struct case_preview_part, more),
	TEMPLATE_LIST_F(struct case_preview_part, lines, line_count,
			line_shape),
};
const struct template_shape case_preview_part_shape =
	TEMPLATE_SHAPE(case_preview_part, part_fields);

/* Is there a finding at line at, or near it? */
static bool
preview_is_near(const struct preview_part *part, size_t at)
{
	const size_t from =
		at > PREVIEW_AROUND_LINES ? at - PREVIEW_AROUND_LINES : 0;

	for (size_t i = from;
	     i < part->line_count && i <= at + PREVIEW_AROUND_LINES; i++) {
		if (part->lines[i].found)
			return true;
	}
	return false;
}

/* The cells of a row stand between tabs. */
static void
preview_fill_cells(struct call *call, const char *text, struct case_line *line)
{
	struct case_cell *cells = scratch_alloc(
		&call->scratch, PREVIEW_MAX_CELLS, sizeof(*cells));

	if (cells == NULL)
		return;
	for (bool more = true; more && line->cell_count < PREVIEW_MAX_CELLS;) {
		const bool last = line->cell_count + 1 == PREVIEW_MAX_CELLS;
		const size_t len = last ? strlen(text) : strcspn(text, "\t");

		cells[line->cell_count++].text = scratch_text(
			&call->scratch,
			(struct span){ (const uint8_t *)text, len });
		more = text[len] == '\t';
		text += len + more;
	}
	line->cells = cells;
}

/* In a margin the number of "line 3" and "Sheet1!7" is enough, and the name
 * of "header Subject". */
static const char *
preview_place(const char *place)
{
	static const char *const leads[] = { "line ", "row ", "header " };
	const char *mark = strrchr(place, '!');

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		if (strncmp(place, leads[i], strlen(leads[i])) == 0)
			return place + strlen(leads[i]);
	}
	return mark != NULL ? mark + 1 : place;
}

/* Lines of one part; *left_out is what the page may still show. */
static void
preview_fill_part(struct call *call, const struct preview_part *from,
		  size_t *left_out, struct case_preview_part *to)
{
	struct case_line *lines = scratch_alloc(
		&call->scratch,
		from->line_count < *left_out ? from->line_count : *left_out,
		sizeof(*lines));
	uint64_t skipped = 0;

	if (lines == NULL)
		return;
	for (size_t i = 0; i < from->line_count; i++) {
		struct case_line *line = &lines[to->line_count];

		if (*left_out == 0 ||
		    (i >= PREVIEW_FIRST_LINES && !preview_is_near(from, i))) {
			skipped++;
			continue;
		}
		*line = (struct case_line){
			.place = preview_place(from->lines[i].place),
			.text = from->lines[i].text,
			.found = from->lines[i].found,
			.skipped = skipped,
		};
		if (from->table)
			preview_fill_cells(call, line->text, line);
		to->line_count++;
		(*left_out)--;
		skipped = 0;
	}
	to->more = skipped;
	to->lines = lines;
}

/* The header and the text of the mail itself have no file names. */
static const char *
preview_name(const struct call *call, const struct preview_part *part)
{
	if (part->name[0] != '\0')
		return part->name;
	if (strcmp(part->type, "mime") == 0)
		return call_text(call, N_("Header of the mail"));
	return strchr(part->path, '/') == NULL
		       ? call_text(call, N_("Text of the mail"))
		       : part->path;
}

void
case_fill_preview(struct call *call, const struct preview *preview,
		  struct case_preview *values)
{
	struct case_preview_part *parts = scratch_alloc(
		&call->scratch, preview->part_count, sizeof(*parts));
	size_t left = PREVIEW_PAGE_LINES;

	if (parts == NULL)
		return;
	for (size_t i = 0; i < preview->part_count; i++) {
		const struct preview_part *from = &preview->parts[i];

		parts[i] = (struct case_preview_part){
			.name = preview_name(call, from),
			.path = from->path,
			.type = from->type,
			.header = strcmp(from->type, "mime") == 0,
			.table = from->table,
			.cut = from->cut,
		};
		preview_fill_part(call, from, &left, &parts[i]);
	}
	values->parts = parts;
	values->part_count = preview->part_count;
	values->cut = preview->cut;
}
