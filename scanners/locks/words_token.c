#include "scanners/locks/words_token.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/words_fold.h"
#include "scanners/locks/words_give.h"

/* What is longer is a line of a program, or a signature. */
enum { TOKEN_MOST_BYTES = 40, TOKEN_QUOTED_BYTES = 48 };

/* A line, folded. */
struct token_line {
	struct span raw;
	struct words_folded folded;
};

static bool
token_is_plausible(struct span word)
{
	return word.len_bytes >= WORDS_LEAST_BYTES &&
	       word.len_bytes <= TOKEN_MOST_BYTES && words_is_plausible(word) &&
	       !words_is_reference(word);
}

/* The next run of printed ASCII from *at on. */
static bool
token_next(const struct token_line *line, size_t *at, size_t *from, size_t *to)
{
	const struct words_folded *folded = &line->folded;

	while (*at < folded->len_bytes && !words_is_printed(folded->text[*at]))
		++*at;
	*from = *at;
	while (*at < folded->len_bytes && words_is_printed(folded->text[*at]))
		++*at;
	*to = *at;
	return *to > *from;
}

static bool
token_is_alone(const struct token_line *line, size_t from, size_t to)
{
	const struct words_folded *folded = &line->folded;

	for (size_t i = 0; i < folded->len_bytes; i++)
		if ((i < from || i >= to) && folded->text[i] != ' ')
			return false;
	return true;
}

static bool
token_is_wanted(const struct token_line *line, size_t from, size_t to,
		enum words_token kind)
{
	const struct span word = { line->folded.text + from, to - from };
	const bool alone = token_is_alone(line, from, to);
	const bool mixed = words_is_mixed(word);

	switch (kind) {
	case WORDS_TOKEN_LINES:
		return alone;
	case WORDS_TOKEN_MIXED:
		return !alone && mixed;
	case WORDS_TOKEN_PLAIN:
		return !alone && !mixed;
	case WORDS_TOKEN_NONE:
	default:
		return false;
	}
}

/* As it is written, when that is another word. */
static enum status
token_give(const struct token_line *line, size_t from, size_t to,
	   const struct words_taker *taker, struct err *err)
{
	const struct span word = { line->folded.text + from, to - from };
	const size_t first = line->folded.from[from];
	const size_t last = line->folded.from[to];
	struct span raw = { NULL, 0 };
	enum status st = words_give(taker, word, false, err);

	if (st != ST_OK || last <= first ||
	    !span_cut(line->raw, first, last - first, &raw) ||
	    span_equal(raw, word))
		return st;
	return words_give(taker, raw, false, err);
}

/* 「さくら」 */
static enum status
token_quoted(const struct token_line *line, const struct words_taker *taker,
	     struct err *err)
{
	static const char *const marks[][2] = { { "「", "」" },
						{ "『", "』" } };
	const struct span text = { line->folded.text, line->folded.len_bytes };
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < 2; i++) {
		const size_t len = strlen(marks[i][0]);
		const uint8_t *open =
			memmem(text.ptr, text.len_bytes, marks[i][0], len);
		const size_t from =
			open != NULL ? (size_t)(open - text.ptr) + len : 0;
		const uint8_t *close =
			open == NULL
				? NULL
				: memmem(text.ptr + from, text.len_bytes - from,
					 marks[i][1], len);
		struct span word = { NULL, 0 };

		if (close != NULL &&
		    span_cut(text, from, (size_t)(close - text.ptr) - from,
			     &word) &&
		    word.len_bytes >= WORDS_LEAST_BYTES &&
		    word.len_bytes <= TOKEN_QUOTED_BYTES)
			st = taker->take(taker->context, word, false, err);
	}
	return st;
}

/* Marks before a word belong to its sentence: 鍵：abc, ...abc. */
static size_t
token_skip_marks(const struct token_line *line, size_t from, size_t to)
{
	static const char marks[] = ":=.,;-*>([{<\"'/|";

	while (from < to && memchr(marks, line->folded.text[from],
				   sizeof(marks) - 1) != NULL)
		from++;
	return from;
}

/* code=abc, key:abc */
static size_t
token_skip_label(const struct token_line *line, size_t from, size_t to)
{
	for (size_t at = to; at > from; at--)
		if (line->folded.text[at - 1] == ':' ||
		    line->folded.text[at - 1] == '=')
			return at;
	return from;
}

/* A run of printed ASCII, and without what may not belong to the word. */
static enum status
token_run(const struct token_line *line, size_t from, size_t to,
	  enum words_token kind, const struct words_taker *taker,
	  struct err *err)
{
	const size_t starts[] = { from, token_skip_marks(line, from, to),
				  token_skip_label(line, from, to) };
	const struct span whole = { line->folded.text + from, to - from };
	enum status st = ST_OK;

	if (words_is_reference(whole))
		return ST_OK;
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(starts); i++) {
		const size_t start = starts[i];
		const struct span word = { line->folded.text + start,
					   to - start };

		if ((i == 0 || start != from) && token_is_plausible(word) &&
		    token_is_wanted(line, start, to, kind))
			st = token_give(line, start, to, taker, err);
	}
	return st;
}

enum status
words_token_find(struct span text, enum words_token kind,
		 const struct words_taker *taker, struct err *err)
{
	struct token_line line = { .raw = { NULL, 0 } };
	enum status st = ST_OK;

	while (st == ST_OK && words_fold_line(&text, &line.raw, &line.folded)) {
		size_t at = 0;
		size_t from = 0;
		size_t to = 0;

		if (kind == WORDS_TOKEN_MIXED)
			st = token_quoted(&line, taker, err);
		while (st == ST_OK && token_next(&line, &at, &from, &to))
			st = token_run(&line, from, to, kind, taker, err);
	}
	explicit_bzero(&line, sizeof(line));
	return st;
}
