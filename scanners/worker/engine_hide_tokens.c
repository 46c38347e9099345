/* Words that are as random as passwords, of which nobody said what they are;
 * contract: engine_hide.h. */
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "lib/words/words.h"
#include "scanners/locks/words_token.h"
#include "scanners/worker/engine_hide.h"

enum {
	TOKENS_MOST = 100,
	TOKEN_LEAST = 6,
	TOKEN_MOST = 64,
	TOKEN_LONG = 8,
	TOKEN_LONGER = 10,
	TOKEN_DIGITS = 4,
	TOKEN_NAME = 3,
	TOKEN_JUMBLE = 3
};

/* What a word is made of. */
struct token_shape {
	size_t len;
	size_t letters;
	size_t capitals;
	size_t digits;
	size_t marks;
	size_t runs;  /* of letters, of digits, of marks */
	size_t turns; /* from a small letter to a capital one and back */
};

enum token_class {
	TOKEN_NONE = 0,
	TOKEN_SMALL,
	TOKEN_CAPITAL,
	TOKEN_DIGIT,
	TOKEN_MARK
};

static enum token_class
token_class(uint8_t c)
{
	if (c >= 'a' && c <= 'z')
		return TOKEN_SMALL;
	if (c >= 'A' && c <= 'Z')
		return TOKEN_CAPITAL;
	return c >= '0' && c <= '9' ? TOKEN_DIGIT : TOKEN_MARK;
}

static bool token_is_letter(enum token_class class)
{
	return class == TOKEN_SMALL || class == TOKEN_CAPITAL;
}

static struct token_shape
token_measure(struct span word)
{
	struct token_shape shape = { .len = word.len_bytes };
	enum token_class before = TOKEN_NONE;

	for (size_t i = 0; i < word.len_bytes; i++) {
		const enum token_class class = token_class(word.ptr[i]);
		const bool both =
			token_is_letter(class) && token_is_letter(before);

		shape.letters += token_is_letter(class);
		shape.capitals += class == TOKEN_CAPITAL;
		shape.digits += class == TOKEN_DIGIT;
		shape.marks += class == TOKEN_MARK;
		shape.turns += both && class != before;
		shape.runs += !both && class != before;
		before = class;
	}
	return shape;
}

/* Excel2016 stands in sentences. */
static bool
token_is_program(struct span word)
{
	static const char *const names[] = {
		"office",     "excel",   "word",  "windows", "access",
		"powerpoint", "outlook", "visio", "project", "server",
		"sharepoint", "acrobat", "teams", "version",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct span name = span_of(names[i]);
		struct span head = { NULL, 0 };

		if (span_cut(word, 0, name.len_bytes, &head) &&
		    span_equal_nocase(head, name) &&
		    token_class(word.ptr[name.len_bytes]) == TOKEN_DIGIT)
			return true;
	}
	return false;
}

/* taro20261122, but no INV20261122 */
static bool
token_is_name_and_number(struct span word, const struct token_shape *shape)
{
	return shape->runs == 2 && shape->len >= TOKEN_LONG &&
	       shape->letters >= TOKEN_NAME && shape->digits >= TOKEN_DIGITS &&
	       shape->capitals < shape->letters && !token_is_program(word);
}

/* Letters and digits that take turns more often than in codes and names. */
static bool
token_is_mixed_up(const struct token_shape *shape)
{
	if (shape->capitals > 0 && shape->capitals < shape->letters)
		return shape->runs >= 3 || shape->turns >= TOKEN_JUMBLE;
	if (shape->capitals > 0)
		return shape->runs >= 5 ||
		       (shape->runs >= 4 && shape->len >= TOKEN_LONGER);
	return shape->runs >= 4 && shape->len >= TOKEN_LONG;
}

static bool
token_is_random(struct span word)
{
	const struct token_shape shape = token_measure(word);

	if (shape.len < TOKEN_LEAST || shape.letters == 0)
		return false;
	if (shape.digits == 0 && shape.marks == 0)
		return shape.len >= TOKEN_LONG && shape.turns * 2 >= shape.len;
	if (shape.marks > 0 && shape.digits > 0 && shape.letters > 1)
		return true;
	return shape.digits > 0 && shape.marks == 0 &&
	       (token_is_mixed_up(&shape) ||
		token_is_name_and_number(word, &shape));
}

/* Parts that - and _ join count as one word. Numbers, dates, times, sums,
 * files and what other marks join are none. */
static bool
token_has_random(struct span word)
{
	static const char odd[] = "!#$*?@^~";
	uint8_t joined[TOKEN_MOST];
	struct span whole = { joined, 0 };
	bool random = false;

	for (size_t i = 0; i < word.len_bytes && i < sizeof(joined); i++) {
		const uint8_t c = word.ptr[i];

		if (c == '-' || c == '_')
			continue;
		if (token_class(c) == TOKEN_MARK &&
		    memchr(odd, c, sizeof(odd) - 1) == NULL)
			return false;
		joined[whole.len_bytes++] = c;
	}
	random = token_is_random(whole);
	explicit_bzero(joined, sizeof(joined));
	return random;
}

/* ---- labels ---- */

/* Without what stands between a label and what it says. */
static struct span
token_before(struct span text, size_t at)
{
	static const char *const marks[] = { " ",  "\t", ":",  "=",  "#",
					     "(",  "：", "　", "（", "は",
					     "「", "№",  "＃", "＝", "[" };
	struct span before = { text.ptr, at };
	size_t i = 0;

	while (i < ARRAY_LEN(marks)) {
		const struct span mark = span_of(marks[i++]);
		struct span end = { NULL, 0 };

		if (before.len_bytes < mark.len_bytes ||
		    !span_cut(before, before.len_bytes - mark.len_bytes,
			      mark.len_bytes, &end) ||
		    !span_equal(end, mark))
			continue;
		before.len_bytes -= mark.len_bytes;
		i = 0;
	}
	return before;
}

static bool
token_is_rival(struct span text, size_t at, const struct words *words)
{
	const struct words_entries entries = words_entries(words);
	const struct span before = token_before(text, at);

	for (size_t i = 0; i < entries.count; i++) {
		const struct span label = span_of(entries.items[i].text);
		struct span end = { NULL, 0 };

		if (entries.items[i].kind == LABEL_RIVAL &&
		    before.len_bytes >= label.len_bytes &&
		    span_cut(before, before.len_bytes - label.len_bytes,
			     label.len_bytes, &end) &&
		    span_equal_nocase(end, label))
			return true;
	}
	return false;
}

/* Each time that it stands there, somebody says that it is something else. */
static bool
token_is_labelled(struct span text, struct span word, const struct words *words)
{
	bool found = false;
	size_t at = 0;

	while (words != NULL && at < text.len_bytes) {
		const uint8_t *next = memmem(text.ptr + at, text.len_bytes - at,
					     word.ptr, word.len_bytes);

		if (next == NULL)
			break;
		at = (size_t)(next - text.ptr);
		if (!token_is_rival(text, at, words))
			return false;
		found = true;
		at += word.len_bytes;
	}
	return found;
}

/* ---- all of them ---- */

struct token_take {
	struct span text;
	const struct words *words;
	struct words_list *list;
	size_t left;
};

static enum status
token_take(void *context, struct span word, bool sure, struct err *err)
{
	struct token_take *take = context;

	(void)sure;
	if (take->left == 0 || !token_has_random(word) ||
	    token_is_labelled(take->text, word, take->words))
		return ST_OK;
	take->left--;
	return words_list_add(take->list, word, REPORT_WORD_SOURCE_TEXT, err);
}

enum status
engine_hide_tokens(const struct words_mail *mail, const struct words *words,
		   struct words_list *list, struct err *err)
{
	static const enum words_place places[] = { WORDS_PLACE_BODY,
						   WORDS_PLACE_SUBJECT };
	static const enum words_token kinds[] = { WORDS_TOKEN_LINES,
						  WORDS_TOKEN_MIXED };
	struct token_take take = { .words = words,
				   .list = list,
				   .left = TOKENS_MOST };
	const struct words_taker taker = { token_take, &take };
	enum status st = ST_OK;

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		take.text = words_mail_text(mail, places[i]);
		for (size_t j = 0; j < ARRAY_LEN(kinds) && st == ST_OK; j++)
			st = words_token_find(take.text, kinds[j], &taker, err);
	}
	return st;
}
