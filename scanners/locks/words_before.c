#include "scanners/locks/words_before.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/words_cursor.h"
#include "scanners/locks/words_give.h"

enum { BEFORE_BYTES = 200 };

/* How the sentence goes on behind the anchor. */
static bool
before_is_end(const struct words_anchored *anchored, bool bracket)
{
	static const char *const ends[] = {
		"\n",     "です",   "でござ", "になり", "となり",
		"になっ", "となっ", "として", "とし",   "に設定",
		"に使",   "。",     ".",      "!",      "for ",
		"to ",    "」です", "】です", ")"
	};
	struct words_cursor walk = { .in = anchored,
				     .text = { anchored->folded->text,
					       anchored->folded->len_bytes },
				     .at = anchored->at };

	if (bracket)
		return words_cursor_byte(&walk, walk.at) == ')';
	while (words_cursor_byte(&walk, walk.at) == ' ')
		walk.at++;
	return walk.at >= walk.text.len_bytes ||
	       words_cursor_has_one(&walk, ends, ARRAY_LEN(ends)) > 0;
}

static size_t
before_trim(struct span text, size_t end)
{
	while (end > 0 && text.ptr[end - 1] == ' ')
		end--;
	return end;
}

/* Does part end at end? */
static bool
before_has(struct span text, size_t end, const char *part)
{
	const size_t len = strlen(part);

	return end > len && memcmp(text.ptr + end - len, part, len) == 0;
}

/* What joins the two: where it begins, or 0. */
static size_t
before_joint(struct span text, size_t end, bool *bracket_out)
{
	static const char *const joints[] = {
		"が",  "を",      " as the",  " as a",  " as your",
		" as", " is the", " is your", " is our"
	};

	end = before_trim(text, end);
	*bracket_out = before_has(text, end, "(");
	if (*bracket_out)
		return before_trim(text, end - 1);
	for (size_t i = 0; i < ARRAY_LEN(joints); i++)
		if (before_has(text, end, joints[i]))
			return before_trim(text, end - strlen(joints[i]));
	return 0;
}

/* What stands in the bracket that closes at *to. */
static bool
before_unwrap(struct span text, size_t *from, size_t *to)
{
	static const char *const brackets[][2] = {
		{ "「", "」" }, { "『", "』" }, { "【", "】" }, { "“", "”" },
		{ "[", "]" },   { "\"", "\"" }, { "'", "'" }
	};

	for (size_t i = 0; i < ARRAY_LEN(brackets); i++) {
		const size_t open = strlen(brackets[i][0]);
		const size_t close = strlen(brackets[i][1]);

		if (!before_has(text, *to, brackets[i][1]))
			continue;
		for (size_t at = *to - close; at >= open; at--) {
			if (memcmp(text.ptr + at - open, brackets[i][0],
				   open) != 0)
				continue;
			*from = at;
			*to -= close;
			return *to > *from;
		}
	}
	return false;
}

/* The line that text ends with, as far as it counts. */
static struct span
before_line(struct span text)
{
	const uint8_t *line = NULL;

	if (text.len_bytes > BEFORE_BYTES)
		(void)span_cut(text, text.len_bytes - BEFORE_BYTES,
			       BEFORE_BYTES, &text);
	if (text.len_bytes > 0)
		line = memrchr(text.ptr, '\n', text.len_bytes);
	if (line != NULL) {
		const size_t at = (size_t)(line - text.ptr) + 1;

		(void)span_cut(text, at, text.len_bytes - at, &text);
	}
	return text;
}

/* The password that ends at *to. False: there is none. */
static bool
before_word(const struct words_cursor *cursor, size_t *from, size_t *to)
{
	const struct span text = cursor->text;

	if (before_unwrap(text, from, to))
		return !words_cursor_is_remark(
			words_cursor_piece(cursor, *from, *to));
	*from = *to;
	while (*from > 0 && words_is_printed(text.ptr[*from - 1]))
		--*from;
	if (*from + 1 < *to && text.ptr[*from] == '(')
		++*from;
	return words_is_strong(words_cursor_piece(cursor, *from, *to));
}

enum status
words_before_find(const struct words_anchored *anchored, struct span before,
		  const struct words_taker *taker, bool *found_out,
		  struct err *err)
{
	struct words_folded folded;
	struct words_anchored here = { .raw = before_line(before),
				       .folded = &folded };
	struct words_cursor cursor = { .in = &here, .taker = taker };
	bool bracket = false;
	size_t from = 0;
	size_t to = 0;
	enum status st = ST_OK;

	if (here.raw.len_bytes == 0)
		return ST_OK;
	words_fold(here.raw, &folded);
	cursor.text = (struct span){ folded.text, folded.len_bytes };
	to = before_joint(cursor.text, folded.len_bytes, &bracket);
	*found_out = to > 0 && before_is_end(anchored, bracket) &&
		     before_word(&cursor, &from, &to);
	if (*found_out)
		st = words_cursor_give(&cursor, from, to, true, err);
	explicit_bzero(&folded, sizeof(folded));
	return st;
}
