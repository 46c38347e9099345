#include "courier/notices/layout.h"

#include <string.h>

#include "lib/base/parse.h"

/* Where in the file the parser is. */
struct layout_lines {
	const char *what;
	char *next; /* NULL at the end */
	size_t number;
};

void
layout_done(struct layout *layout)
{
	sbuf_done(&layout->file);
}

/* What other systems' editors leave in a text. */
static void
layout_clean(char *text)
{
	const char *from = text;
	char *to = text;

	if (strncmp(from, "\xef\xbb\xbf", 3) == 0)
		from += 3;
	for (; *from != '\0'; from++) {
		if (*from == '\t')
			*to++ = ' ';
		else if (!(from[0] == '\r' && from[1] == '\n'))
			*to++ = *from;
	}
	*to = '\0';
}

static enum status
layout_check_text(const struct sbuf *file, const char *what, struct err *err)
{
	size_t line = 1;

	if (!parse_is_utf8(sbuf_span(file)))
		return err_set(err, ST_FORMAT,
			       "%s: not UTF-8; save it as UTF-8", what);
	for (size_t i = 0; i < file->len_bytes; i++) {
		const uint8_t byte = file->bytes[i];

		line += byte == '\n';
		if ((byte < ' ' && byte != '\n' && byte != '\r' &&
		     byte != '\t') ||
		    byte == 0x7f)
			return err_set(err, ST_FORMAT,
				       "%s:%zu: a control character", what,
				       line);
	}
	return ST_OK;
}

/* Cut the next line off, without its end. */
static char *
layout_line(struct layout_lines *lines)
{
	char *line = lines->next;
	char *end = strchr(line, '\n');

	lines->number++;
	lines->next = end != NULL ? end + 1 : NULL;
	if (end != NULL)
		*end = '\0';
	return line;
}

static char *
layout_trim(char *text)
{
	size_t len = 0;

	while (*text == ' ')
		text++;
	len = strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		text[--len] = '\0';
	return text;
}

/* The kind of a line and the length of its mark. */
static enum layout_kind
layout_kind_of(const char *line, size_t *mark_out)
{
	static const struct {
		const char *mark;
		enum layout_kind kind;
	} marks[] = {
		{ "## ", LAYOUT_HEADING }, { "# ", LAYOUT_TITLE },
		{ "| ", LAYOUT_FACT },     { "- ", LAYOUT_ITEM },
		{ "> ", LAYOUT_QUOTE },    { "= ", LAYOUT_CODE },
		{ "[", LAYOUT_BUTTON },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const size_t len = strlen(marks[i].mark);

		if (strncmp(line, marks[i].mark, len) == 0) {
			*mark_out = len;
			return marks[i].kind;
		}
	}
	*mark_out = 0;
	return LAYOUT_PARAGRAPH;
}

/* "label | words" or "label] words", behind the mark. */
static enum status
layout_cut_label(const struct layout_lines *lines, char *line,
		 struct layout_block *block, struct err *err)
{
	const bool fact = block->kind == LAYOUT_FACT;
	char *end = strchr(line, fact ? '|' : ']');

	if (end == NULL)
		return err_set(err, ST_FORMAT, "%s:%zu: write %s", lines->what,
			       lines->number,
			       fact ? "| label | words" : "[label] {url}");
	*end = '\0';
	block->label = layout_trim(line);
	block->words = layout_trim(end + 1);
	if (!fact && strcmp(block->words, "{url}") != 0 &&
	    strcmp(block->words, "{link_url}") != 0)
		return err_set(err, ST_FORMAT,
			       "%s:%zu: a button links to {url} or {link_url} "
			       "and to nothing else",
			       lines->what, lines->number);
	return ST_OK;
}

/* True when the next line belongs to this block. */
static bool
layout_goes_on(const struct layout_lines *lines, enum layout_kind kind)
{
	size_t mark = 0;

	if (lines->next == NULL)
		return false;
	if (kind == LAYOUT_ITEM)
		return lines->next[0] == ' ' &&
		       lines->next[strspn(lines->next, " ")] != '\n';
	return kind == LAYOUT_PARAGRAPH && lines->next[0] != '\n' &&
	       lines->next[0] != '\0' &&
	       layout_kind_of(lines->next, &mark) == LAYOUT_PARAGRAPH;
}

static enum status
layout_add(struct layout *layout, struct layout_lines *lines, char *line,
	   struct err *err)
{
	struct layout_block block = { .label = "" };
	size_t mark = 0;

	if (layout->block_count == LAYOUT_MAX_BLOCKS)
		return err_set(err, ST_FORMAT, "%s:%zu: too many blocks",
			       lines->what, lines->number);
	block.kind = layout_kind_of(line, &mark);
	block.words = line + mark;
	if (block.kind == LAYOUT_FACT || block.kind == LAYOUT_BUTTON) {
		const enum status st =
			layout_cut_label(lines, line + mark, &block, err);

		if (st != ST_OK)
			return st;
	}
	while (layout_goes_on(lines, block.kind)) {
		/* The cut before the next line is its line end again. */
		lines->next[-1] = '\n';
		(void)layout_line(lines);
	}
	layout->blocks[layout->block_count++] = block;
	return ST_OK;
}

enum status
layout_parse_words(struct sbuf *file, const char *what,
		   const char *const *names, size_t name_count, struct err *err)
{
	enum status st = layout_check_text(file, what, err);

	if (st == ST_OK)
		st = template_check(what, sbuf_text(file), names, name_count,
				    err);
	if (st == ST_OK && file->len_bytes == 0)
		st = err_set(err, ST_FORMAT, "%s: is empty", what);
	if (st == ST_OK)
		layout_clean((char *)file->bytes);
	return st;
}

enum status
layout_parse(struct layout *layout, const char *what, const char *const *names,
	     size_t name_count, struct err *err)
{
	struct layout_lines lines = { .what = what };
	enum status st =
		layout_parse_words(&layout->file, what, names, name_count, err);

	if (st != ST_OK)
		return st;
	lines.next = (char *)layout->file.bytes;
	layout->subject = layout_trim(layout_line(&lines));
	if (layout->subject[0] == '\0' || lines.next == NULL)
		return err_set(err, ST_FORMAT,
			       "%s:1: the first line is the subject, the text "
			       "follows",
			       what);
	while (st == ST_OK && lines.next != NULL) {
		char *line = layout_line(&lines);

		if (line[strspn(line, " ")] != '\0')
			st = layout_add(layout, &lines, line, err);
	}
	if (st == ST_OK && layout->block_count == 0)
		st = err_set(err, ST_FORMAT, "%s: there is no text", what);
	return st;
}

static bool
layout_is_heading(const struct layout_block *block)
{
	return block->kind == LAYOUT_HEADING || block->kind == LAYOUT_TITLE;
}

static bool
layout_is_void(const struct layout_block *block,
	       const struct layout_values *values)
{
	return template_is_void(block->words, values->items, values->count);
}

/* Does anything stand between the heading at at and the next one? */
static bool
layout_has_content(const struct layout *layout,
		   const struct layout_values *values, size_t at)
{
	for (size_t i = at + 1; i < layout->block_count; i++) {
		if (layout_is_heading(&layout->blocks[i]))
			return false;
		if (!layout_is_void(&layout->blocks[i], values))
			return true;
	}
	return false;
}

const struct layout_block *
layout_next(const struct layout *layout, const struct layout_values *values,
	    size_t *at)
{
	while (*at < layout->block_count) {
		const size_t here = (*at)++;
		const struct layout_block *block = &layout->blocks[here];

		if (layout_is_void(block, values))
			continue;
		if (block->kind == LAYOUT_HEADING &&
		    !layout_has_content(layout, values, here))
			continue;
		return block;
	}
	return NULL;
}

void
layout_render(const char *words, const struct layout_values *values,
	      struct sbuf *out)
{
	template_render(words, values->items, values->count, out);
}
