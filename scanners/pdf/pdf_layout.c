/*
 * Glyphs by position: boxes of a form, digits that were placed one by one, the
 * texts of form fields among them.
 */
#include <stdlib.h>
#include <string.h>

#include "scanners/pdf/pdf_read.h"

enum { PDF_MAX_GLYPHS = 200000, PDF_MAX_FIELDS = 10000 };

/* Wider gaps are a blank, much wider ones a column: of a glyph's height. */
#define PDF_GAP_BLANK  0.25
#define PDF_GAP_COLUMN 2.5

struct glyph {
	double x;
	double y;
	double right;
	double height;
	const char *utf8; /* one character */
	int len_bytes;
};

/* From top to bottom; glyphs of one line are sorted later. */
static int
glyph_compare_lines(const void *a, const void *b)
{
	const struct glyph *left = a;
	const struct glyph *right = b;

	if (left->y < right->y)
		return -1;
	return left->y > right->y;
}

static int
glyph_compare_columns(const void *a, const void *b)
{
	const struct glyph *left = a;
	const struct glyph *right = b;

	return (left->x > right->x) - (left->x < right->x);
}

/* The end of the line that starts at glyphs[from]: those whose middle is
 * within half a height of the first one's. */
static size_t
layout_line_end(const struct glyph *glyphs, size_t count, size_t from)
{
	size_t to = from + 1;

	while (to < count &&
	       glyphs[to].y - glyphs[from].y < glyphs[from].height / 2)
		to++;
	return to;
}

static void
layout_add_line(const struct glyph *glyphs, size_t count, GString *text)
{
	for (size_t i = 0; i < count; i++) {
		const double gap =
			i > 0 ? glyphs[i].x - glyphs[i - 1].right : 0;

		if (gap > PDF_GAP_COLUMN * glyphs[i].height)
			g_string_append_c(text, '\t');
		else if (gap > PDF_GAP_BLANK * glyphs[i].height)
			g_string_append_c(text, ' ');
		g_string_append_len(text, glyphs[i].utf8, glyphs[i].len_bytes);
	}
	g_string_append_c(text, '\n');
}

/* One glyph for each character of text that is seen; returns how many. */
static size_t
layout_collect(const char *text, const PopplerRectangle *boxes, guint box_count,
	       struct glyph *glyphs, size_t room)
{
	size_t count = 0;
	const char *at = text;

	for (guint i = 0; i < box_count && *at != '\0'; i++) {
		const char *next = g_utf8_find_next_char(at, NULL);
		const gunichar cp = g_utf8_get_char(at);

		if (!g_unichar_isspace(cp) && count < room)
			glyphs[count++] = (struct glyph){
				.x = boxes[i].x1,
				.y = (boxes[i].y1 + boxes[i].y2) / 2,
				.right = boxes[i].x2,
				.height = boxes[i].y2 - boxes[i].y1,
				.utf8 = at,
				.len_bytes = (int)(next - at),
			};
		at = next;
	}
	return count;
}

/* The texts of form fields, each as one glyph where its field is. */
static size_t
layout_collect_fields(PopplerPage *page, GPtrArray *texts, struct glyph *glyphs,
		      size_t room)
{
	GList *all = poppler_page_get_form_field_mapping(page);
	double width = 0;
	double height = 0;
	size_t count = 0;

	poppler_page_get_size(page, &width, &height);
	for (GList *at = all; at != NULL && count < room; at = at->next) {
		const PopplerFormFieldMapping *mapping = at->data;
		char *text = pdf_field_text(mapping->field);

		if (text == NULL || !g_utf8_validate(text, -1, NULL)) {
			g_free(text);
			continue;
		}
		g_ptr_array_add(texts, text);
		/* Their y counts from the lower edge. */
		glyphs[count++] = (struct glyph){
			.x = mapping->area.x1,
			.y = height - (mapping->area.y1 + mapping->area.y2) / 2,
			.right = mapping->area.x2,
			.height = mapping->area.y2 - mapping->area.y1,
			.utf8 = text,
			.len_bytes = (int)strlen(text),
		};
	}
	poppler_page_free_form_field_mapping(all);
	return count;
}

/* Is there a blank, and is there a line end, between two glyphs of text? */
static bool
layout_parts(const struct glyph *left, const struct glyph *right,
	     bool *line_end_out)
{
	const char *from = left->utf8 + left->len_bytes;

	*line_end_out =
		memchr(from, '\n', (size_t)(right->utf8 - from)) != NULL;
	return right->utf8 > from;
}

static bool
glyph_is_kanji_digit(const struct glyph *glyph)
{
	static const char kanji[] = "〇零一二三四五六七八九";

	return memmem(kanji, sizeof(kanji) - 1, glyph->utf8,
		      (size_t)glyph->len_bytes) != NULL;
}

/* Both of a number; "5" and "四" are not. */
static bool
glyphs_are_digits(const struct glyph *left, const struct glyph *right)
{
	return (g_unichar_isdigit(g_utf8_get_char(left->utf8)) &&
		g_unichar_isdigit(g_utf8_get_char(right->utf8))) ||
	       (glyph_is_kanji_digit(left) && glyph_is_kanji_digit(right));
}

/* Does it change what text says that two glyphs of one line stand together, or
 * apart? Of what is narrow and has a blank in the text, only between digits. */
static bool
layout_differs(const struct glyph *left, const struct glyph *right, bool blank)
{
	const bool gap = right->x - left->right > PDF_GAP_BLANK * right->height;

	return right->x < left->x ||
	       (blank != gap && (gap || glyphs_are_digits(left, right)));
}

/* Do glyphs, as they follow each other in text, stand from top to bottom and
 * from left to right, with blanks where the text has them? */
static bool
layout_is_text(const struct glyph *glyphs, size_t count)
{
	const struct glyph *line = glyphs;

	for (size_t i = 1; i < count; i++) {
		const struct glyph *glyph = &glyphs[i];
		const struct glyph *left = glyph - 1;
		const bool below = glyph->y - line->y >= line->height / 2;
		bool line_end = false;
		const bool blank = layout_parts(left, glyph, &line_end);

		if (below != line_end || glyph->y < line->y - line->height / 2)
			return false;
		if (below)
			line = glyph;
		else if (layout_differs(left, glyph, blank))
			return false;
	}
	return true;
}

static void
layout_give(struct pdf_sink *sink, struct glyph *glyphs, size_t count,
	    unsigned number)
{
	const struct place place = { PLACE_PAGE, number, NULL };
	GString *text = g_string_new(NULL);
	size_t from = 0;

	qsort(glyphs, count, sizeof(*glyphs), glyph_compare_lines);
	while (from < count) {
		const size_t to = layout_line_end(glyphs, count, from);

		qsort(glyphs + from, to - from, sizeof(*glyphs),
		      glyph_compare_columns);
		layout_add_line(glyphs + from, to - from, text);
		from = to;
	}
	pdf_sink_break(sink);
	pdf_sink_text(sink, &place, text->str);
	pdf_sink_break(sink);
	g_string_free(text, TRUE);
}

void
pdf_layout_read(struct pdf_sink *sink, PopplerPage *page, const char *text,
		unsigned number)
{
	PopplerRectangle *boxes = NULL;
	guint box_count = 0;
	GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
	struct glyph *glyphs = g_new(struct glyph, PDF_MAX_GLYPHS);
	size_t count =
		layout_collect_fields(page, fields, glyphs, PDF_MAX_FIELDS);

	if (poppler_page_get_text_layout(page, &boxes, &box_count))
		count += layout_collect(text, boxes, box_count, glyphs + count,
					PDF_MAX_GLYPHS - count);
	if (box_count > PDF_MAX_GLYPHS - fields->len ||
	    fields->len == PDF_MAX_FIELDS)
		pdf_sink_opaque(sink, REPORT_REASON_LIMIT,
				"limit pdf glyphs of a page");
	if (count > 0 && (fields->len > 0 || !layout_is_text(glyphs, count)))
		layout_give(sink, glyphs, count, number);
	g_ptr_array_unref(fields);
	g_free(glyphs);
	g_free(boxes);
}
