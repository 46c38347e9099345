#include "scanners/locks/words_table.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/words_fold.h"
#include "scanners/locks/words_give.h"

enum { TABLE_LINE_BYTES = 400, TABLE_MOST_ROWS = 8, TABLE_HEADING_BYTES = 48 };

static const char *const table_bars[] = { "\t", "|", "｜", "│", "┃" };

/* The line that begins at from, if it is short. */
static bool
table_line(struct span text, size_t from, struct span *line_out)
{
	const uint8_t *end = NULL;

	if (!span_cut(text, from, text.len_bytes - from, line_out) ||
	    line_out->len_bytes == 0)
		return false;
	end = memchr(line_out->ptr, '\n', line_out->len_bytes);
	if (end != NULL)
		line_out->len_bytes = (size_t)(end - line_out->ptr);
	return line_out->len_bytes > 0 &&
	       line_out->len_bytes <= TABLE_LINE_BYTES;
}

static size_t
table_begin(struct span text, size_t at)
{
	const size_t end = at;

	while (at > 0 && end - at < TABLE_LINE_BYTES &&
	       text.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* The first bar of the line from *at on; *at: behind it, or the end. False:
 * there is no more. */
static bool
table_bar(struct span line, const char *bar, size_t *at)
{
	const size_t len = strlen(bar);
	const uint8_t *found =
		*at < line.len_bytes
			? memmem(line.ptr + *at, line.len_bytes - *at, bar, len)
			: NULL;

	*at = found != NULL ? (size_t)(found - line.ptr) + len : line.len_bytes;
	return found != NULL;
}

/* The cell behind so many bars. */
static bool
table_cell(struct span line, const char *bar, size_t column,
	   struct span *cell_out)
{
	size_t from = 0;
	size_t to = 0;

	for (size_t i = 0; i < column; i++)
		if (!table_bar(line, bar, &from))
			return false;
	to = from;
	if (table_bar(line, bar, &to))
		to -= strlen(bar);
	return span_cut(line, from, to - from, cell_out);
}

static struct span
table_trim(struct span text)
{
	while (text.len_bytes > 0 &&
	       strchr(" \t\r\n", text.ptr[text.len_bytes - 1]) != NULL)
		text.len_bytes--;
	while (text.len_bytes > 0 && strchr(" \t\r\n", *text.ptr) != NULL)
		(void)span_cut(text, 1, text.len_bytes - 1, &text);
	return text;
}

/* One word that looks like a password, folded. */
static bool
table_is_word(struct span cell, struct words_folded *folded,
	      struct span *word_out)
{
	if (cell.len_bytes > TABLE_LINE_BYTES)
		return false;
	words_fold(cell, folded);
	*word_out =
		table_trim((struct span){ folded->text, folded->len_bytes });
	for (size_t i = 0; i < word_out->len_bytes; i++)
		if (!words_is_printed(word_out->ptr[i]))
			return false;
	return word_out->len_bytes >= WORDS_LEAST_BYTES &&
	       word_out->len_bytes <= WORDS_MOST_BYTES &&
	       words_is_mixed(*word_out) && words_is_plausible(*word_out) &&
	       !words_is_reference(*word_out) && !words_is_path(*word_out);
}

/* Does nothing stand behind the anchor in its cell but a remark? A value in
 * the next cell is what it names. */
static bool
table_is_heading(struct span cell, size_t behind)
{
	struct span rest = { NULL, 0 };

	if (cell.len_bytes > TABLE_HEADING_BYTES ||
	    !span_cut(cell, behind, cell.len_bytes - behind, &rest))
		return false;
	rest = table_trim(rest);
	return rest.len_bytes == 0 || rest.ptr[0] == '(' ||
	       (rest.len_bytes >= 3 && (memcmp(rest.ptr, "（", 3) == 0 ||
					memcmp(rest.ptr, "　", 3) == 0));
}

/* May a cell end here? Most anchors stand in sentences: that is cheap to
 * see. */
static bool
table_may_end(struct span text, size_t at)
{
	while (at < text.len_bytes && text.ptr[at] == ' ')
		at++;
	return at < text.len_bytes &&
	       (text.ptr[at] >= 0x80 ||
		strchr("\t\r\n|(", text.ptr[at]) != NULL);
}

struct table {
	struct span text;
	const char *bar;
	size_t column;
	size_t at; /* the next row */
};

static enum status
table_give(struct table *table, const struct words_taker *taker,
	   bool *found_out, struct err *err)
{
	struct words_folded folded = { .len_bytes = 0 };
	struct span line = { NULL, 0 };
	struct span cell = { NULL, 0 };
	struct span word = { NULL, 0 };
	enum status st = ST_OK;

	for (size_t row = 0; st == ST_OK && row < TABLE_MOST_ROWS &&
			     table_line(table->text, table->at, &line);
	     row++) {
		table->at += line.len_bytes + 1;
		if (table->at > table->text.len_bytes)
			table->at = table->text.len_bytes;
		if (!table_cell(line, table->bar, table->column, &cell))
			break;
		cell = table_trim(cell);
		if (!table_is_word(cell, &folded, &word))
			continue;
		*found_out = true;
		st = words_give(taker, word, true, err);
		if (st == ST_OK && !span_equal(word, cell))
			st = words_give(taker, cell, true, err);
	}
	explicit_bzero(&folded, sizeof(folded));
	return st;
}

/* Is what begins at begin the row of a heading? */
static bool
table_find(struct table *table, size_t begin, size_t at, size_t behind)
{
	struct words_folded folded;
	struct span line = { NULL, 0 };
	struct span cell = { NULL, 0 };
	struct span word = { NULL, 0 };
	size_t bar_at = 0;
	size_t cell_at = 0;

	if (!table_line(table->text, begin, &line) ||
	    behind - begin > line.len_bytes)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(table_bars) && table->bar == NULL;
	     i++) {
		bar_at = 0;
		if (table_bar(line, table_bars[i], &bar_at))
			table->bar = table_bars[i];
	}
	if (table->bar == NULL)
		return false;
	for (bar_at = 0;
	     table_bar(line, table->bar, &bar_at) && bar_at <= at - begin;
	     cell_at = bar_at)
		table->column++;
	table->at = begin + line.len_bytes + 1;
	const bool good =
		table->at < table->text.len_bytes &&
		table_cell(line, table->bar, table->column, &cell) &&
		table_is_heading(cell, behind - begin - cell_at) &&
		!(table_cell(line, table->bar, table->column + 1, &cell) &&
		  table_is_word(cell, &folded, &word));

	return good;
}

enum status
words_table_find(struct span text, size_t at, size_t behind,
		 const struct words_taker *taker, bool *found_out,
		 struct err *err)
{
	struct table table = { .text = text };

	return table_may_end(text, behind) &&
			       table_find(&table, table_begin(text, at), at,
					  behind)
		       ? table_give(&table, taker, found_out, err)
		       : ST_OK;
}

void
words_table_cell(struct words_mail *mail, struct words_heading *heading,
		 uint32_t row, uint32_t column, struct span utf8)
{
	struct words_folded folded;
	struct span word = { NULL, 0 };

	/* Another table. */
	if (row < heading->row ||
	    (row == heading->row && column <= heading->column))
		*heading = (struct words_heading){ 0, 0 };
	if (heading->row > 0 && column == heading->column &&
	    row > heading->row && row <= heading->row + TABLE_MOST_ROWS) {
		if (table_is_word(table_trim(utf8), &folded, &word))
			words_mail_add(mail, WORDS_PLACE_BODY, span_of("PW: "));
		explicit_bzero(&folded, sizeof(folded));
	}
	words_mail_add(mail, WORDS_PLACE_BODY, utf8);
	words_mail_end_line(mail, WORDS_PLACE_BODY);
	if (heading->row == 0 && utf8.len_bytes <= TABLE_HEADING_BYTES &&
	    words_anchor_is_in(utf8))
		*heading = (struct words_heading){ row, column };
}
