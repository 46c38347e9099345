#include "scanners/locks/words_items.h"

#include <ctype.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/word_forms.h"
#include "scanners/locks/words_dates.h"
#include "scanners/locks/words_fold.h"
#include "scanners/locks/words_parts.h"

enum {
	ITEMS_MOST_NAMES = 24,
	ITEMS_MOST_FIXED = 16,
	ITEMS_MOST_NUMBERS = 200,
	ITEMS_DAYS = 3, /* before and behind */
	ITEMS_WORD_BYTES = 64,
	ITEMS_LEAST_DIGITS = 4,
	ITEMS_MOST_DIGITS = 20
};

/* ---- names ---- */

static bool
items_is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Of every second host. */
static bool
items_is_dull(struct span label)
{
	static const char *const dull[] = { "co",  "jp",   "com",  "ne",  "or",
					    "ac",  "go",   "lg",   "net", "org",
					    "www", "mail", "mx",   "ed",  "gr",
					    "ad",  "info", "smtp", "the", "and",
					    "to",  "cc",   "from", "date" };

	for (size_t i = 0; i < ARRAY_LEN(dull); i++)
		if (span_equal_nocase(label, span_of(dull[i])))
			return true;
	return label.len_bytes < 2;
}

/* "pwAbc123xy" of a file's name: what follows is a word, too. */
static enum status
items_add_behind(struct span run, struct words_list *names, struct err *err)
{
	static const char *const starts[] = { "password", "passwd", "pass",
					      "pwd", "pw" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		const size_t len = strlen(starts[i]);
		struct span start = { NULL, 0 };

		if (run.len_bytes < len + ITEMS_LEAST_DIGITS ||
		    !span_cut(run, 0, len, &start) ||
		    !span_equal_nocase(start, span_of(starts[i])) ||
		    !span_cut(run, len, run.len_bytes - len, &run))
			continue;
		return words_list_add(names, run, REPORT_WORD_SOURCE_ITEM, err);
	}
	return ST_OK;
}

/* The runs of letters and digits of text. */
static enum status
items_add_runs(struct span text, struct words_list *names, struct err *err)
{
	enum status st = ST_OK;
	size_t at = 0;

	while (st == ST_OK && at < text.len_bytes &&
	       words_list_count(names) < ITEMS_MOST_NAMES) {
		struct span run = { NULL, 0 };
		size_t from = 0;

		while (at < text.len_bytes && !items_is_letter(text.ptr[at]))
			at++;
		from = at;
		while (at < text.len_bytes && items_is_letter(text.ptr[at]))
			at++;
		if (span_cut(text, from, at - from, &run) &&
		    !items_is_dull(run) && run.len_bytes <= ITEMS_WORD_BYTES)
			st = words_list_add(names, run, REPORT_WORD_SOURCE_ITEM,
					    err);
		if (st == ST_OK)
			st = items_add_behind(run, names, err);
	}
	return st;
}

/* Without the ending. */
static struct span
items_stem(struct span name)
{
	const uint8_t *dot = name.len_bytes > 0
				     ? memrchr(name.ptr, '.', name.len_bytes)
				     : NULL;

	if (dot != NULL && dot > name.ptr)
		name.len_bytes = (size_t)(dot - name.ptr);
	return name;
}

static enum status
items_add_files(const struct words_mail *mail, struct words_list *names,
		struct err *err)
{
	struct span rest = words_mail_text(mail, WORDS_PLACE_NAME);
	struct span line = { NULL, 0 };
	struct words_folded folded;
	enum status st = ST_OK;

	while (st == ST_OK && words_fold_line(&rest, &line, &folded)) {
		const struct span stem = items_stem(line);

		st = words_list_add(names, line, REPORT_WORD_SOURCE_ITEM, err);
		if (st == ST_OK)
			st = words_list_add(names, stem,
					    REPORT_WORD_SOURCE_ITEM, err);
		if (st == ST_OK)
			st = items_add_runs(stem, names, err);
	}
	return st;
}

/* Everything that has a name in the mail. */
static enum status
items_names(const struct words_mail *mail, struct words_list *names,
	    struct err *err)
{
	struct span rest = words_mail_text(mail, WORDS_PLACE_FIELD);
	struct span line = { NULL, 0 };
	struct words_folded folded;
	enum status st = ST_OK;

	while (st == ST_OK && words_fold_line(&rest, &line, &folded)) {
		const uint8_t *colon = memchr(line.ptr, ':', line.len_bytes);

		if (colon == NULL ||
		    (line.len_bytes > 4 && memcmp(line.ptr, "Date", 4) == 0))
			continue;
		const size_t behind = (size_t)(colon - line.ptr) + 1;

		(void)span_cut(line, behind, line.len_bytes - behind, &line);
		st = items_add_runs(line, names, err);
	}
	return st == ST_OK ? items_add_files(mail, names, err) : st;
}

/* ---- dates ---- */

bool
words_items_date(const struct words_mail *mail, struct words_date *date_out)
{
	struct span rest = words_mail_text(mail, WORDS_PLACE_FIELD);
	struct span line = { NULL, 0 };
	struct words_folded folded;

	while (words_fold_line(&rest, &line, &folded))
		if (line.len_bytes > 6 && memcmp(line.ptr, "Date: ", 6) == 0 &&
		    span_cut(line, 6, line.len_bytes - 6, &line))
			return words_date_parse(line, date_out);
	return false;
}

/* 0, -1, 1, -2, … */
static int
items_day(size_t i)
{
	const int half = (int)((i + 1) / 2);

	return i % 2 == 0 ? half : -half;
}

struct items_joint {
	struct words_list *list;
	enum report_word_source source;
	struct sbuf word;
};

static enum status
items_add_joint(struct items_joint *joint, struct span first, const char *mark,
		struct span second, struct err *err)
{
	sbuf_clear(&joint->word);
	sbuf_add_span(&joint->word, first);
	sbuf_add_text(&joint->word, mark);
	sbuf_add_span(&joint->word, second);
	return joint->word.st == ST_OK
		       ? words_list_add(joint->list, sbuf_span(&joint->word),
					joint->source, err)
		       : ST_OK;
}

/* A word before and behind a date, with the usual marks between. */
static enum status
items_add_pair(struct items_joint *joint, struct span word, struct span date,
	       struct err *err)
{
	static const char *const marks[] = { "", "_", "-", "@", "#", "." };
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(marks); i++)
		st = items_add_joint(joint, word, marks[i], date, err);
	if (st == ST_OK)
		st = items_add_joint(joint, date, "", word, err);
	return st == ST_OK ? items_add_joint(joint, date, "_", word, err) : st;
}

/* small, Small, SMALL; as it is, when that is none of them. */
static enum status
items_add_cases(struct items_joint *joint, struct span word, struct span date,
		struct err *err)
{
	uint8_t cased[ITEMS_WORD_BYTES];
	enum status st = items_add_pair(joint, word, date, err);

	for (int form = 0; st == ST_OK && form < 3; form++) {
		if (word.len_bytes > sizeof(cased))
			break;
		for (size_t i = 0; i < word.len_bytes; i++)
			cased[i] = (uint8_t)(form == 2 || (form == 1 && i == 0)
						     ? toupper(word.ptr[i])
						     : tolower(word.ptr[i]));
		st = items_add_pair(joint,
				    (struct span){ cased, word.len_bytes },
				    date, err);
	}
	return st;
}

/* One day, in all forms, alone or with these words. */
static enum status
items_add_day(struct items_joint *joint, const struct words_date *date,
	      int days, const struct words_list *words, struct err *err)
{
	const size_t forms =
		words == NULL ? WORDS_DATE_FORMS : WORDS_DATE_SHORT_FORMS;
	enum status st = ST_OK;

	for (size_t form = 0; st == ST_OK && form < forms; form++) {
		AUTO(sbuf_done) struct sbuf text;

		sbuf_init(&text, ITEMS_WORD_BYTES);
		words_date_add(date, days, form, &text);
		if (words == NULL)
			st = words_list_add(joint->list, sbuf_span(&text),
					    joint->source, err);
		for (size_t i = 0; words != NULL && st == ST_OK &&
				   i < words_list_count(words);
		     i++)
			st = items_add_cases(joint, words_list_word(words, i),
					     sbuf_span(&text), err);
	}
	return st;
}

static enum status
items_add_days(struct items_joint *joint, const struct words_date *date,
	       const struct words_list *words, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i <= 2 * ITEMS_DAYS; i++)
		st = items_add_day(joint, date, items_day(i), words, err);
	return st;
}

/* What the mail says a password is may be a part of one. */
static enum status
items_fixed(const struct words_list *list, struct words_list *fixed,
	    struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < words_list_count(list) &&
			   words_list_count(fixed) < ITEMS_MOST_FIXED;
	     i++)
		if (words_list_source(list, i) == REPORT_WORD_SOURCE_BODY ||
		    words_list_source(list, i) == REPORT_WORD_SOURCE_RELATED)
			st = words_list_add(fixed, words_list_word(list, i),
					    REPORT_WORD_SOURCE_TEMPLATE, err);
	return st;
}

enum status
words_items_dates(const struct words_mail *mail, struct words_list *list,
		  struct err *err)
{
	AUTO(words_list_free) struct words_list *names = NULL;
	AUTO(words_list_free) struct words_list *fixed = NULL;
	struct items_joint joint = { .list = list,
				     .source = REPORT_WORD_SOURCE_TEMPLATE };
	struct words_date date;
	enum status st = ST_OK;

	if (!words_items_date(mail, &date))
		return ST_OK;
	sbuf_init_secret(&joint.word, REPORT_SECRET_BYTES);
	st = words_list_new(&names, err);
	if (st == ST_OK)
		st = words_list_new(&fixed, err);
	if (st == ST_OK)
		st = items_fixed(list, fixed, err);
	if (st == ST_OK)
		st = items_names(mail, names, err);
	if (st == ST_OK)
		st = items_add_days(&joint, &date, NULL, err);
	if (st == ST_OK)
		st = items_add_days(&joint, &date, fixed, err);
	if (st == ST_OK)
		st = items_add_days(&joint, &date, names, err);
	sbuf_done(&joint.word);
	return st;
}

/* ---- names and numbers ---- */

static enum status
items_add_forms(struct words_list *list, struct span word,
		enum report_word_source source, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < word_forms_count(); i++) {
		struct sbuf form;

		sbuf_init_secret(&form, REPORT_SECRET_BYTES);
		if (word_form(word, i, &form) && form.st == ST_OK)
			st = words_list_add(list, sbuf_span(&form), source,
					    err);
		sbuf_done(&form);
	}
	return st;
}

/* A number with hyphens: with and without them, its last group and digits. */
static enum status
items_add_number(struct words_list *list, struct span number, struct err *err)
{
	uint8_t digits[ITEMS_MOST_DIGITS];
	size_t count = 0;
	size_t last_at = 0;
	struct span last = { NULL, 0 };
	enum status st =
		words_list_add(list, number, REPORT_WORD_SOURCE_ITEM, err);

	for (size_t i = 0; i < number.len_bytes; i++) {
		if (number.ptr[i] == '-')
			last_at = i + 1;
		else if (count < sizeof(digits))
			digits[count++] = number.ptr[i];
	}
	const struct span all = { digits, count };

	if (st == ST_OK)
		st = words_list_add(list, all, REPORT_WORD_SOURCE_ITEM, err);
	if (st == ST_OK && number.len_bytes - last_at >= ITEMS_LEAST_DIGITS &&
	    span_cut(number, last_at, number.len_bytes - last_at, &last))
		st = words_list_add(list, last, REPORT_WORD_SOURCE_ITEM, err);
	if (st == ST_OK && span_cut(all, count - ITEMS_LEAST_DIGITS,
				    ITEMS_LEAST_DIGITS, &last))
		st = words_list_add(list, last, REPORT_WORD_SOURCE_ITEM, err);
	if (st == ST_OK && count > 8 && span_cut(all, count - 8, 8, &last))
		st = words_list_add(list, last, REPORT_WORD_SOURCE_ITEM, err);
	return st;
}

static bool
items_is_number(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == '-';
}

static size_t
items_count_digits(struct span number)
{
	size_t count = 0;

	for (size_t i = 0; i < number.len_bytes; i++)
		count += number.ptr[i] != '-';
	return count;
}

static enum status
items_add_numbers_of(const struct words_folded *folded, struct words_list *list,
		     size_t *left, struct err *err)
{
	const struct span text = { folded->text, folded->len_bytes };
	enum status st = ST_OK;
	size_t at = 0;

	while (st == ST_OK && at<text.len_bytes && * left> 0) {
		struct span number = { NULL, 0 };
		size_t from = 0;

		while (at < text.len_bytes &&
		       !(text.ptr[at] >= '0' && text.ptr[at] <= '9'))
			at++;
		from = at;
		while (at < text.len_bytes && items_is_number(text.ptr[at]))
			at++;
		if (!span_cut(text, from, at - from, &number))
			break;
		while (number.len_bytes > 0 &&
		       number.ptr[number.len_bytes - 1] == '-')
			number.len_bytes--;
		if (items_count_digits(number) < ITEMS_LEAST_DIGITS ||
		    items_count_digits(number) > ITEMS_MOST_DIGITS)
			continue;
		--*left;
		st = items_add_number(list, number, err);
	}
	return st;
}

static enum status
items_add_numbers(struct span text, struct words_list *list, struct err *err)
{
	struct span line = { NULL, 0 };
	struct words_folded folded;
	size_t left = ITEMS_MOST_NUMBERS;
	enum status st = ST_OK;

	while (st == ST_OK && words_fold_line(&text, &line, &folded))
		st = items_add_numbers_of(&folded, list, &left, err);
	return st;
}

enum status
words_items_names(const struct words_mail *mail, struct words_list *list,
		  struct err *err)
{
	static const enum words_place places[] = { WORDS_PLACE_SUBJECT,
						   WORDS_PLACE_NAME,
						   WORDS_PLACE_BODY };
	AUTO(words_list_free) struct words_list *names = NULL;
	enum status st = words_list_new(&names, err);

	if (st == ST_OK)
		st = items_names(mail, names, err);
	for (size_t i = 0; st == ST_OK && i < words_list_count(names); i++)
		st = words_list_add(list, words_list_word(names, i),
				    REPORT_WORD_SOURCE_ITEM, err);
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(places); i++)
		st = items_add_numbers(words_mail_text(mail, places[i]), list,
				       err);
	for (size_t i = 0; st == ST_OK && i < words_list_count(names); i++)
		st = items_add_forms(list, words_list_word(names, i),
				     REPORT_WORD_SOURCE_ITEM, err);
	return st;
}

/* ---- parts ---- */

enum status
words_items_parts(const struct words_mail *mail, struct words_list *list,
		  struct err *err)
{
	AUTO(words_list_free) struct words_list *names = NULL;
	AUTO(words_list_free) struct words_list *fixed = NULL;
	AUTO(words_list_free) struct words_list *numbers = NULL;
	struct words_date date;
	enum status st = words_list_new(&names, err);

	if (st == ST_OK)
		st = words_list_new(&fixed, err);
	if (st == ST_OK)
		st = words_list_new(&numbers, err);
	if (st == ST_OK)
		st = items_fixed(list, fixed, err);
	if (st == ST_OK)
		st = items_names(mail, names, err);
	if (st == ST_OK)
		st = items_add_numbers(words_mail_text(mail, WORDS_PLACE_BODY),
				       numbers, err);
	if (st != ST_OK)
		return st;
	const struct words_parts parts = { names, fixed, numbers,
					   words_items_date(mail, &date)
						   ? &date
						   : NULL };

	return words_parts_add(&parts, list, err);
}

/* ---- what many people use ---- */

static const char *const items_common[] = {
#define COMMON(text) (text),
#include "scanners/locks/words_common.def"
#undef COMMON
};

enum status
words_items_common(struct words_list *list, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(items_common); i++)
		st = words_list_add(list, span_of(items_common[i]),
				    REPORT_WORD_SOURCE_COMMON, err);
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(items_common); i++)
		if (isalpha((unsigned char)items_common[i][0]))
			st = items_add_forms(list, span_of(items_common[i]),
					     REPORT_WORD_SOURCE_COMMON, err);
	return st;
}
