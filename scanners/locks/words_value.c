#include "scanners/locks/words_value.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/words_cursor.h"
#include "scanners/locks/words_give.h"
#include "scanners/locks/words_kana.h"

enum {
	VALUE_MOST_STEPS = 400, /* characters between anchor and word */
	VALUE_MOST_WORDS = 8,   /* "for the attached file is" */
	VALUE_MOST_LINES = 12,  /* empty ones and rules count */
	VALUE_MOST_PROSE = 3,
	VALUE_KANA_BYTES = 48
};

/* ---- the line of the anchor ---- */

static bool
value_is_separator(const struct words_cursor *value, size_t *len)
{
	static const char *const marks[] = {
		"ですが", ":", "=",  "→",  "⇒",  "➡",  "➜",  "▶",  "►",  "⇨",
		"…",      "|", "｜", "は", "が", "／", "：", "＝", "＞", "»",
	};
	const uint8_t c = words_cursor_byte(value, value->at);

	*len = words_cursor_has_one(value, marks, ARRAY_LEN(marks));
	/* A second one may be the first character of a password. */
	if (*len == 1 && value->separated &&
	    words_is_printed(words_cursor_byte(value, value->at + 1)))
		return false;
	if (*len > 0)
		return true;
	/* A hyphen between blanks, a ">" or "/" before one. */
	*len = 1;
	if (c == '/' && !value->beyond && !value->separated)
		return true;
	return strchr("->/~", c) != NULL && c != '\0' &&
	       words_cursor_byte(value, value->at + 1) == ' ';
}

/* Where the word of printed ASCII ends that starts at from. */
static size_t
value_word_end(const struct words_cursor *value, size_t from)
{
	const char *ends = value->in->in_name ? "_.)]" : "";

	while (words_is_printed(words_cursor_byte(value, from)) &&
	       strchr(ends, words_cursor_byte(value, from)) == NULL)
		from++;
	return from;
}

static bool
value_ends_line(const struct words_cursor *value, size_t at)
{
	while (words_cursor_byte(value, at) == ' ')
		at++;
	return words_cursor_byte(value, at) == '\n';
}

/* Behind a word like "password" itself. */
static bool
value_is_said(const struct words_cursor *value, bool mixed, bool tail,
	      bool ends_line)
{
	/* "The password is sent by Teams" */
	if (value->separated)
		return !value->topic || mixed || tail;
	/* "The password is required to …" */
	if (value->stated)
		return mixed || ends_line;
	return mixed && !value->beyond && ends_line;
}

static bool
value_is_sure(const struct words_cursor *value, size_t from, size_t to)
{
	const struct span word =
		words_cursor_bare(words_cursor_piece(value, from, to));
	const bool mixed = words_is_mixed(word);
	const bool tail = words_cursor_tail(value, from + word.len_bytes);
	const bool strong = tail && words_is_strong(word);

	if (words_is_path(word))
		return false;
	if (value->refused && (!value->separated || value->topic))
		return strong;
	if (value->in->in_name)
		return value->separated || mixed;
	switch (value->in->kind) {
	case WORDS_ANCHOR_WEAK:
		return (value->separated && mixed) ||
		       (strong && !value->beyond);
	case WORDS_ANCHOR_OPEN:
		return strong && !words_is_program(word);
	case WORDS_ANCHOR_NONE:
	case WORDS_ANCHOR_STRONG:
	default:
		return strong || value_is_said(value, mixed, tail,
					       value_ends_line(value, to));
	}
}

/* A word that does not mean anything by itself. */
static void
value_filler(struct words_cursor *value, struct span word)
{
	static const char *const states[] = { "is", "was" };
	static const char *const points[] = { "below", "follows", "following" };
	const struct span bare = words_cursor_bare(word);

	value->beyond = true;
	value->stated = value->stated ||
			words_cursor_is_one_of(bare, states, ARRAY_LEN(states));
	value->pointed =
		value->pointed ||
		words_cursor_is_one_of(bare, points, ARRAY_LEN(points));
	value->separated = word.ptr[word.len_bytes - 1] == ':';
	value->topic = false;
}

/* "I promised: Abc123" */
static bool
value_goes_to_colon(const struct words_cursor *value)
{
	size_t at = value->at;

	while (words_cursor_byte(value, at) == ' ' ||
	       words_cursor_byte(value, at) == '\'' ||
	       words_is_letter(words_cursor_byte(value, at)))
		at++;
	if (words_cursor_byte(value, at) != ':' ||
	    at > value->at + VALUE_KANA_BYTES)
		return false;
	do
		at++;
	while (words_cursor_byte(value, at) == ' ');
	const size_t to = value_word_end(value, at);

	return words_is_mixed(words_cursor_piece(value, at, to)) &&
	       value_ends_line(value, to);
}

/* The rest of the line: several words may be one password, and are one where a
 * phrase was said. */
static enum status
value_rest(struct words_cursor *value, size_t from, struct err *err)
{
	size_t end = from;

	while (words_cursor_byte(value, end) != '\n' &&
	       end < from + WORDS_MOST_BYTES)
		end++;
	words_cursor_trim(value, &from, &end);
	return words_cursor_give(value, from, end,
				 words_cursor_is_phrase(value), err);
}

/* A word of ASCII. *over: the search ends with it. */
static enum status
value_word(struct words_cursor *value, size_t *words, bool *over,
	   struct err *err)
{
	const size_t from = value->at;
	const size_t to = value_word_end(value, from);
	const struct span word = words_cursor_piece(value, from, to);
	const bool promised = !value->separated &&
			      words_is_letter(words_cursor_byte(value, from)) &&
			      value_goes_to_colon(value);
	bool sure = false;
	enum status st = ST_OK;

	value->at = to > from ? to : from + 1;
	*over = ++*words > VALUE_MOST_WORDS;
	/* "The following 2": a number of passwords. */
	if (word.len_bytes == 0 || (value->pointed && word.len_bytes <= 2))
		return ST_OK;
	/* "list.zip -> Abc123" */
	if (words_is_reference(word) && !value_ends_line(value, to)) {
		value->beyond = true;
		return words_cursor_give(value, from, to, false, err);
	}
	/* "Password (zip):" */
	if (!value->separated &&
	    (words_cursor_is_filler(word) || promised ||
	     (word.len_bytes > 1 && word.ptr[word.len_bytes - 1] == ':'))) {
		value_filler(value, word);
		return ST_OK;
	}
	*over = true;
	sure = value_is_sure(value, from, to);
	st = words_cursor_give(value, from, to, sure, err);
	if (st == ST_OK && strchr(":=/|>-~", word.ptr[0]) != NULL)
		st = words_cursor_give(value, from + 1, to, sure, err);
	if (st != ST_OK || !value->separated || value_ends_line(value, to))
		return st;
	return value_rest(value, from, err);
}

/* "「（Abc123）」" */
static void
value_unwrap(const struct words_cursor *value, size_t *from, size_t *to)
{
	struct words_cursor walk = *value;
	size_t inner = 0;
	size_t end = 0;
	size_t behind = 0;

	walk.at = *from;
	if (!words_cursor_bracket(&walk, &inner, &end, &behind) ||
	    behind != *to)
		return;
	*from = inner;
	*to = end;
	words_cursor_trim(value, from, to);
}

/* A word in brackets, or a remark in them. */
static enum status
value_quoted(struct words_cursor *value, size_t from, size_t to, size_t behind,
	     bool *over, struct err *err)
{
	struct span inner = { NULL, 0 };
	bool remark = false;
	/* Behind other words what is in round ones is said by the way:
	 * "the key: ask Yamada (room 12)". */
	const bool aside = words_cursor_byte(value, value->at) == '(' &&
			   value->beyond && !value->separated;

	words_cursor_trim(value, &from, &to);
	value_unwrap(value, &from, &to);
	inner = words_cursor_piece(value, from, to);
	value->at = behind;
	while (words_cursor_byte(value, behind) == ' ')
		behind++;
	/* "(zip): " */
	remark =
		!value->separated && (words_cursor_byte(value, behind) == ':' ||
				      words_cursor_byte(value, behind) == '=');
	if (remark || inner.len_bytes == 0 || words_cursor_is_remark(inner) ||
	    words_is_reference(inner) || words_cursor_is_filler(inner))
		return ST_OK;
	*over = true;
	return words_cursor_give(
		value, from, to,
		!aside || (!value->refused && words_is_strong(inner)), err);
}

/* Behind a colon, and no ASCII: a Japanese word, or why there is none. */
static enum status
value_kana(struct words_cursor *value, bool *over, struct err *err)
{
	static const char *const ends[] = { "。",     "、", "です", "になり",
					    "となり", "※",  "（",   "(" };
	const size_t from = value->at;
	struct words_cursor walk = *value;

	while (walk.at < from + VALUE_KANA_BYTES &&
	       words_cursor_byte(&walk, walk.at) != '\n' &&
	       words_cursor_byte(&walk, walk.at) != ' ' &&
	       words_cursor_has_one(&walk, ends, ARRAY_LEN(ends)) == 0)
		walk.at++;
	if (walk.at == from || walk.at >= from + VALUE_KANA_BYTES ||
	    words_cursor_is_remark(words_cursor_piece(value, from, walk.at)))
		return ST_OK;
	*over = value_ends_line(value, walk.at);
	/* "資料.zip → Abc123" */
	if (!*over &&
	    words_is_reference(words_cursor_piece(value, from, walk.at)))
		value->at = walk.at;
	return words_cursor_give(
		value, from, walk.at,
		words_kana_is_sure(value, from, walk.at, false), err);
}

static void
value_skip(struct words_cursor *value)
{
	do
		value->at++;
	while ((words_cursor_byte(value, value->at) & 0xC0) == 0x80);
}

/* What is neither blank, mark, bracket nor ASCII. */
static enum status
value_other(struct words_cursor *value, bool *over, struct err *err)
{
	static const char *const through[] = { "、", "・", "■", "●", "◆", "を",
					       "の", "も", "*", "★", "※", "↓",
					       "⇓",  "⬇",  "▼", "⇩" };
	const size_t from = value->at;
	enum status st = ST_OK;

	if (words_cursor_points(value))
		value->pointed = true;
	else if (words_cursor_refuses(value))
		value->refused = true;
	else if (value->separated &&
		 words_cursor_has_one(value, through, ARRAY_LEN(through)) == 0)
		st = value_kana(value, over, err);
	if (*over || value->at != from) {
		value->separated = false;
		return st;
	}
	if (words_cursor_has_one(value, through, ARRAY_LEN(through)) == 0)
		value->separated = false;
	value->beyond = true;
	value_skip(value);
	return st;
}

static enum status
value_step(struct words_cursor *value, size_t *words, bool *over,
	   struct err *err)
{
	size_t len = 0;
	size_t from = 0;
	size_t to = 0;
	size_t behind = 0;

	if (words_cursor_byte(value, value->at) == ' ' ||
	    (value->in->in_name &&
	     words_cursor_byte(value, value->at) == '_')) {
		value->at++;
		return ST_OK;
	}
	if ((value->at == value->in->at && words_cursor_has(value, "、")) ||
	    (value->topic && words_cursor_byte(value, value->at) == ',')) {
		value_skip(value);
		return ST_OK;
	}
	if (value_is_separator(value, &len)) {
		value->topic = (words_cursor_has(value, "は") ||
				words_cursor_has(value, "が") ||
				words_cursor_has(value, "ですが")) &&
			       (value->topic || !value->separated);
		value->separated = true;
		value->at += len;
		return ST_OK;
	}
	if (words_cursor_bracket(value, &from, &to, &behind))
		return value_quoted(value, from, to, behind, over, err);
	/* Bold, in plain text. */
	if (words_cursor_has(value, "**") || words_cursor_has(value, "__")) {
		value->at += 2;
		return ST_OK;
	}
	if (words_is_printed(words_cursor_byte(value, value->at)))
		return value_word(value, words, over, err);
	return value_other(value, over, err);
}

/* "】", "*", "1", "(zip)" right behind the anchor, before the separator. */
static void
value_skip_ending(struct words_cursor *value)
{
	static const char *const closing[] = { "】", "］", "」", "』", "〉",
					       "》", "〕", "”",  "]",  ">",
					       "*",  "\"", "'",  "_" };
	size_t len = 0;

	/* "The password's Abc123" */
	len = words_cursor_has(value, "'s ")   ? 3
	      : words_cursor_has(value, "’s ") ? strlen("’s ")
					       : 0;
	if (len > 0) {
		value->at += len;
		value->stated = true;
		return;
	}
	while ((len = words_cursor_has_one(value, closing,
					   ARRAY_LEN(closing))) > 0) {
		value->at += len;
		value->separated = true;
	}
	if (value->in->in_name && words_cursor_byte(value, value->at) == '-')
		value->at++;
	size_t behind = value->at;

	/* "Password1: ", not "password2026". */
	while (behind < value->at + 2 &&
	       words_cursor_byte(value, behind) >= '0' &&
	       words_cursor_byte(value, behind) <= '9')
		behind++;
	if (behind > value->at && (words_cursor_byte(value, behind) == ':' ||
				   words_cursor_byte(value, behind) == '='))
		value->at = behind;
}

static enum status
value_of_line(struct words_cursor *value, struct err *err)
{
	size_t words = 0;
	bool over = false;
	enum status st = ST_OK;

	value_skip_ending(value);
	for (size_t i = 0; st == ST_OK && !over && i < VALUE_MOST_STEPS &&
			   words_cursor_byte(value, value->at) != '\n';
	     i++)
		st = value_step(value, &words, &over, err);
	return st;
}

/* ---- the lines below ---- */

/* To the next line with something in it. False: there is none. */
static bool
value_next_line(struct words_cursor *value, size_t *lines)
{
	size_t len = 0;

	while (value->at < value->text.len_bytes && *lines < VALUE_MOST_LINES) {
		if (words_cursor_byte(value, value->at) == '\n') {
			++*lines;
			value->at++;
			continue;
		}
		if (!words_cursor_ornament(value, &len))
			return true;
		value->at += len;
	}
	return false;
}

/* A line below the anchor. *over: it was the password, or the end of what
 * belongs to the anchor. */
static enum status
value_lone_line(struct words_cursor *value, bool first, bool *over,
		struct err *err)
{
	size_t from = value->at;
	size_t to = words_cursor_line_end(value);
	size_t inner_from = 0;
	size_t inner_to = 0;
	size_t behind = 0;
	const bool known = first || value->pointed;
	const bool is_weak = value->in->kind == WORDS_ANCHOR_WEAK;

	if (words_cursor_bracket(value, &inner_from, &inner_to, &behind))
		return value_quoted(value, inner_from, inner_to, behind, over,
				    err);
	words_cursor_trim(value, &from, &to);
	const size_t word_to = value_word_end(value, from);

	/* A full-width password is ASCII by now. */
	if (word_to > from && word_to == to) {
		const struct span word = words_cursor_piece(value, from, to);

		if (words_is_reference(word))
			return ST_OK;
		*over = true;
		return words_cursor_give(
			value, from, to,
			known && (words_is_mixed(word) ||
				  (!is_weak &&
				   (value->separated || value->pointed))),
			err);
	}
	/* "ZIP: abc", "abc (small letters)". */
	if (!known)
		return ST_OK;
	if (word_to > from &&
	    words_is_mixed(words_cursor_piece(value, from, word_to))) {
		*over = true;
		return words_cursor_give(value, from, word_to, value->pointed,
					 err);
	}
	if (to - from <= VALUE_KANA_BYTES && first &&
	    (value->separated || value->pointed) &&
	    !words_cursor_is_remark(words_cursor_piece(value, from, to)))
		return words_cursor_give(
			value, from, to,
			words_kana_is_sure(value, from, to, true), err);
	return ST_OK;
}

static bool
value_to_colon(struct words_cursor *value)
{
	size_t at = value->at;

	while (words_cursor_byte(value, at) != '\n' &&
	       words_cursor_byte(value, at) != ':' &&
	       at < value->at + VALUE_KANA_BYTES)
		at++;
	if (words_cursor_byte(value, at) != ':' ||
	    words_cursor_byte(value, at + 1) == '/')
		return false;
	value->at = at + 1;
	while (words_cursor_byte(value, value->at) == ' ')
		value->at++;
	return true;
}

/* A line with a file's name only: its password stands in the next one. */
static bool
value_is_file_line(const struct words_cursor *value, size_t from)
{
	size_t to = words_cursor_line_end(value);

	words_cursor_trim(value, &from, &to);
	return to > from &&
	       words_is_reference(words_cursor_piece(value, from, to));
}

/* "a.zip: Abc", in a list of files with a password each. */
static bool
value_is_listed(const struct words_cursor *value)
{
	struct words_cursor walk = *value;

	if (!value_to_colon(&walk))
		return false;
	while (walk.at > value->at &&
	       (words_cursor_byte(value, walk.at - 1) == ' ' ||
		words_cursor_byte(value, walk.at - 1) == ':'))
		walk.at--;
	return walk.at > value->at && words_is_reference(words_cursor_piece(
					      value, value->at, walk.at));
}

/* "ZIP: Abc", but a colon may be part of it, too. */
static enum status
value_try_line(struct words_cursor *value, bool first, bool *over,
	       struct err *err)
{
	const size_t begin = value->at;
	enum status st = ST_OK;

	if (value->pointed && value_to_colon(value))
		st = value_lone_line(value, first, over, err);
	value->at = begin;
	return st == ST_OK ? value_lone_line(value, first, over, err) : st;
}

/* To the end of the line, which may say "as follows". */
static void
value_end_line(struct words_cursor *value)
{
	for (; words_cursor_byte(value, value->at) != '\n'; value->at++)
		value->pointed = value->pointed || words_cursor_points(value);
}

static enum status
value_below(struct words_cursor *value, struct err *err)
{
	size_t lines = 0;
	bool over = false;
	bool first = true;
	bool listed = false;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && !over && i < VALUE_MOST_PROSE &&
			   value_next_line(value, &lines);
	     i++) {
		const size_t begin = value->at;

		if (listed && !value_is_listed(value))
			break;
		listed = value_is_listed(value);
		st = value_try_line(value, first, &over, err);
		const bool file = !over && value_is_file_line(value, begin);

		value_end_line(value);
		first = first && file;
		over = over && !listed;
		if (i == 0 && !file && !value->pointed && !value->separated)
			break;
	}
	return st;
}

enum status
words_value_find(const struct words_anchored *anchored,
		 const struct words_taker *taker, struct err *err)
{
	struct words_cursor value = {
		.in = anchored,
		.taker = taker,
		.text = { anchored->folded->text, anchored->folded->len_bytes },
		.at = anchored->at,
		.separated =
			anchored->alone || anchored->kind == WORDS_ANCHOR_OPEN,
		.topic = anchored->kind == WORDS_ANCHOR_OPEN,
	};
	enum status st = value_of_line(&value, err);

	/* The line of a weak anchor must say that a value follows. */
	if (st != ST_OK || value.took || value.refused || anchored->in_name ||
	    anchored->kind == WORDS_ANCHOR_OPEN ||
	    (anchored->kind == WORDS_ANCHOR_WEAK && !value.separated))
		return st;
	return value_below(&value, err);
}
