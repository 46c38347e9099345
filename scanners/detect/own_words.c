#include "scanners/detect/own_words.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

enum { OWN_WORDS_TEXT_BYTES = 8 * OWN_WORDS_SIDE_BYTES };

enum status
own_words_init(struct own_words *own, const struct words *words,
	       struct err *err)
{
	const struct words_patterns *patterns = words_patterns(words);

	*own = (struct own_words){ .words = words };
	sbuf_init_secret(&own->text, OWN_WORDS_TEXT_BYTES);
	if (words_patterns_count(patterns) == 0)
		return ST_OK;
	own->titles = calloc(OWN_WORDS_COLUMNS, sizeof(*own->titles));
	if (own->titles == NULL)
		return err_set(err, ST_NO_MEMORY, "own words: no memory");
	return words_matcher_new(patterns, &own->matcher, err);
}

void
own_words_done(struct own_words *own)
{
	sbuf_done(&own->text);
	if (own->titles != NULL)
		explicit_bzero(own->titles,
			       OWN_WORDS_COLUMNS * sizeof(*own->titles));
	free(own->titles);
	own->titles = NULL;
	words_matcher_free(&own->matcher);
}

void
own_words_break(struct own_words *own)
{
	if (own->titles != NULL)
		memset(own->titles, 0,
		       OWN_WORDS_COLUMNS * sizeof(*own->titles));
	own->row = 0;
}

/* Append part of text, full-width characters as ASCII, on one line. */
static void
own_words_add(struct sbuf *out, struct span text, size_t from, size_t to)
{
	while (from < to) {
		const uint32_t cp = fold_width(utf8_next(text, &from));

		utf8_put(out, cp < ' ' ? ' ' : cp);
	}
}

/* The room for the heading of a column; NULL: it has none. */
static char *
own_words_title(const struct own_words *own, uint32_t column)
{
	return own->titles != NULL && column < OWN_WORDS_COLUMNS
		       ? own->titles[column]
		       : NULL;
}

void
own_words_on_cell(struct own_words *own, const struct cell *cell,
		  struct span utf8)
{
	char *title = own_words_title(own, cell->column);
	size_t bytes = utf8.len_bytes;

	if (own->titles == NULL)
		return;
	/* Rows that begin again are those of another table. */
	if (cell->row < own->row)
		own_words_break(own);
	own->row = cell->row;
	if (title == NULL || title[0] != '\0' || bytes == 0)
		return;
	if (bytes > OWN_WORDS_SIDE_BYTES)
		bytes = utf8_back(utf8, OWN_WORDS_SIDE_BYTES);
	sbuf_clear(&own->text);
	own_words_add(&own->text, utf8, 0, bytes);
	bytes = own->text.len_bytes < OWN_WORDS_TITLE_BYTES
			? own->text.len_bytes
			: utf8_back(sbuf_span(&own->text),
				    OWN_WORDS_TITLE_BYTES - 1);
	if (own->text.st == ST_OK)
		memcpy(title, own->text.bytes, bytes);
}

/* Where the line around a number begins and ends, within its sides. */
static size_t
own_words_line_start(struct span text, size_t at)
{
	const size_t least =
		at > OWN_WORDS_SIDE_BYTES ? at - OWN_WORDS_SIDE_BYTES : 0;

	while (at > least && text.ptr[at - 1] != '\n')
		at--;
	while (at < text.len_bytes && (text.ptr[at] & 0xC0) == 0x80)
		at++;
	return at;
}

static size_t
own_words_line_end(struct span text, size_t at)
{
	const size_t most = text.len_bytes - at > OWN_WORDS_SIDE_BYTES
				    ? at + OWN_WORDS_SIDE_BYTES
				    : text.len_bytes;

	while (at < most && text.ptr[at] != '\n' && text.ptr[at] != '\r')
		at++;
	while (at > 0 && at < text.len_bytes && (text.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static struct words_matched
own_words_match(struct own_words *own, struct span text,
		const struct candidate *candidate, const struct cell *cell)
{
	const char *title =
		cell != NULL ? own_words_title(own, cell->column) : NULL;
	const size_t from = own_words_line_start(text, candidate->start_at);
	const size_t to = own_words_line_end(text, candidate->end_at);
	struct sbuf *out = &own->text;

	sbuf_clear(out);
	if (title != NULL && title[0] != '\0') {
		sbuf_add_text(out, title);
		sbuf_add_byte(out, '\t');
	}
	if (from < candidate->start_at)
		own_words_add(out, text, from, candidate->start_at);
	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		sbuf_add_byte(out, (uint8_t)('0' + candidate->digits[i] % 10));
	if (candidate->end_at < to)
		own_words_add(out, text, candidate->end_at, to);
	if (out->st != ST_OK)
		return words_matcher_unfinished(own->matcher);
	const struct words_matched matched =
		words_matcher_run(own->matcher, sbuf_span(out));

	explicit_bzero(out->bytes, out->len_bytes);
	return matched;
}

void
own_words_judge(struct own_words *own, struct span text,
		const struct candidate *candidate, const struct cell *cell,
		struct evidence_set *set)
{
	uint64_t number = 0;

	if (set->check != EVIDENCE_CHECK_VALID)
		return;
	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		number = number * 10 + candidate->digits[i];
	set->own = words_own_row(own->words, number);
	if (own->matcher != NULL)
		set->patterns = own_words_match(own, text, candidate, cell);
}
