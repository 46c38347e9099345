#include "scanners/locks/words_parts.h"

#include <ctype.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "lib/base/sbuf.h"

enum {
	PARTS_MOST_NAMES = 8,
	PARTS_MOST_TOKENS = 4,
	PARTS_MOST_PHONES = 4,
	PARTS_WORD_BYTES = 64,
	PARTS_CASES = 4,
	PARTS_LAST_DIGITS = 4,
	PARTS_LEAST_PHONE = 10,
	PARTS_MOST_PHONE = 11
};

static const char *const parts_marks[] = { "", "_", "-" };

static size_t
parts_least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* As it is, small, Small, SMALL. False: too long. */
static bool
parts_case(struct span word, size_t form, struct sbuf *out)
{
	if (word.len_bytes > PARTS_WORD_BYTES)
		return false;
	sbuf_clear(out);
	for (size_t i = 0; i < word.len_bytes; i++) {
		const int c = word.ptr[i];
		const bool large = form == 3 || (form == 2 && i == 0);

		sbuf_add_byte(out, (uint8_t)(form == 0 ? c
					     : large   ? toupper(c)
						       : tolower(c)));
	}
	return true;
}

/* The parts that are not empty, with that mark between them. */
static enum status
parts_join(struct words_list *list, const struct span words[3],
	   const char *mark, struct err *err)
{
	struct sbuf joint;
	enum status st = ST_OK;

	sbuf_init_secret(&joint, REPORT_SECRET_BYTES);
	for (size_t i = 0; i < 3; i++) {
		if (i > 0 && words[i].len_bytes > 0)
			sbuf_add_text(&joint, mark);
		sbuf_add_span(&joint, words[i]);
	}
	if (joint.st == ST_OK)
		st = words_list_add(list, sbuf_span(&joint),
				    REPORT_WORD_SOURCE_TEMPLATE, err);
	sbuf_done(&joint);
	return st;
}

/* The name, the date and each token, in both orders. */
static enum status
parts_add_tokens(const struct words_parts *parts, struct span name,
		 struct span date, struct words_list *list, struct err *err)
{
	const size_t count =
		parts_least(words_list_count(parts->tokens), PARTS_MOST_TOKENS);
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < count * ARRAY_LEN(parts_marks);
	     i++) {
		const char *mark = parts_marks[i % ARRAY_LEN(parts_marks)];
		const struct span token = words_list_word(
			parts->tokens, i / ARRAY_LEN(parts_marks));

		st = parts_join(list, (struct span[3]){ name, date, token },
				mark, err);
		if (st == ST_OK)
			st = parts_join(list,
					(struct span[3]){ name, token, date },
					mark, err);
	}
	return st;
}

/* The whole number and its end, behind and before a word. */
static enum status
parts_add_phone(struct span word, struct span phone, struct words_list *list,
		struct err *err)
{
	const struct span none = { NULL, 0 };
	struct span last = none;
	enum status st = ST_OK;

	(void)span_cut(phone, phone.len_bytes - PARTS_LAST_DIGITS,
		       PARTS_LAST_DIGITS, &last);
	for (size_t i = 0; st == ST_OK && i < 2; i++) {
		const struct span number = i == 0 ? last : phone;

		for (size_t k = 0; st == ST_OK && k < ARRAY_LEN(parts_marks);
		     k++)
			st = parts_join(list,
					(struct span[3]){ word, number, none },
					parts_marks[k], err);
		if (st == ST_OK)
			st = parts_join(list,
					(struct span[3]){ number, word, none },
					"", err);
	}
	return st;
}

static bool
parts_is_phone(struct span number)
{
	for (size_t i = 0; i < number.len_bytes; i++)
		if (number.ptr[i] < '0' || number.ptr[i] > '9')
			return false;
	return number.len_bytes >= PARTS_LEAST_PHONE &&
	       number.len_bytes <= PARTS_MOST_PHONE && number.ptr[0] == '0';
}

static enum status
parts_add_phones(const struct words_parts *parts, struct span word,
		 struct words_list *list, struct err *err)
{
	size_t phones = 0;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && phones < PARTS_MOST_PHONES &&
			   i < words_list_count(parts->numbers);
	     i++) {
		const struct span number = words_list_word(parts->numbers, i);

		if (!parts_is_phone(number))
			continue;
		phones++;
		st = parts_add_phone(word, number, list, err);
	}
	return st;
}

static enum status
parts_add_dates(const struct words_parts *parts, struct span name,
		struct words_list *list, struct err *err)
{
	enum status st = ST_OK;

	for (size_t form = 0; parts->date != NULL && st == ST_OK &&
			      form < WORDS_DATE_SHORT_FORMS;
	     form++) {
		AUTO(sbuf_done) struct sbuf date;

		sbuf_init(&date, PARTS_WORD_BYTES);
		words_date_add(parts->date, 0, form, &date);
		st = parts_add_tokens(parts, name, sbuf_span(&date), list, err);
	}
	return st;
}

enum status
words_parts_add(const struct words_parts *parts, struct words_list *list,
		struct err *err)
{
	const size_t names =
		parts_least(words_list_count(parts->names), PARTS_MOST_NAMES);
	const size_t tokens =
		parts_least(words_list_count(parts->tokens), PARTS_MOST_TOKENS);
	struct sbuf name;
	enum status st = ST_OK;

	sbuf_init_secret(&name, PARTS_WORD_BYTES);
	for (size_t i = 0; st == ST_OK && i < tokens; i++)
		st = parts_add_phones(parts, words_list_word(parts->tokens, i),
				      list, err);
	for (size_t i = 0; st == ST_OK && i < names * PARTS_CASES; i++) {
		if (!parts_case(words_list_word(parts->names, i / PARTS_CASES),
				i % PARTS_CASES, &name))
			continue;
		st = parts_add_phones(parts, sbuf_span(&name), list, err);
		if (st == ST_OK)
			st = parts_add_dates(parts, sbuf_span(&name), list,
					     err);
	}
	sbuf_done(&name);
	return st;
}
