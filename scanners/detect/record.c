#include "scanners/detect/record.h"

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/name_words.h"
#include "scanners/text/utf8.h"

enum {
	/* Later dates are those of everyday business. */
	RECORD_FIRST_YEAR = 1912,
	RECORD_LAST_YEAR = 2012,
	RECORD_YEAR_SIGN = 0x5E74,
	RECORD_MONTH_SIGN = 0x6708,
	RECORD_FIRST_SIGN = 0x5143, /* 元年: the first year of an era */
	RECORD_MAX_DIGITS = 9,
	RECORD_KANJI_NAME = 4, /* letters of a family or given name */
	RECORD_KANA_NAME = 10
};

/* Eras, by the letter and by the first sign of the name. */
static const struct {
	uint32_t letter;
	uint32_t signs[2];
	unsigned before; /* the year before the first */
	unsigned years;
} record_eras[] = {
	{ 'T', { 0x5927, 0x6B63 }, 1911, 15 },
	{ 'S', { 0x662D, 0x548C }, 1925, 64 },
	{ 'H', { 0x5E73, 0x6210 }, 1988, 31 },
};

/* Blank lines bound it; the marks of a quoted mail are blank, too. */
static bool
record_is_blank(uint8_t c)
{
	return c <= ' ' || c == '>';
}

struct span
record_around(struct span text, size_t start, size_t end)
{
	struct span record = { 0 };
	const size_t low =
		start > RECORD_SIDE_BYTES ? start - RECORD_SIDE_BYTES : 0;
	const size_t high = text.len_bytes - end > RECORD_SIDE_BYTES
				    ? end + RECORD_SIDE_BYTES
				    : text.len_bytes;
	bool blank = false;

	while (start > low && !(blank && text.ptr[start - 1] == '\n')) {
		start--;
		if (text.ptr[start] == '\n')
			blank = true;
		else if (!record_is_blank(text.ptr[start]))
			blank = false;
	}
	blank = false;
	while (end < high && !(blank && text.ptr[end] == '\n')) {
		if (text.ptr[end] == '\n')
			blank = true;
		else if (!record_is_blank(text.ptr[end]))
			blank = false;
		end++;
	}
	(void)span_cut(text, start, end - start, &record);
	return record;
}

/* ---- dates ---- */

/* The next visible character, in ASCII width; 0 at the end. */
static uint32_t
record_next(struct span text, size_t *at)
{
	while (*at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, at);

		if (!fold_is_invisible(cp) && fold_mark(cp) != FOLD_MARK_SPACE)
			return fold_width(cp);
	}
	return 0;
}

static bool
record_is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

/* Digits at *at, which moves behind them; how many, at most
 * RECORD_MAX_DIGITS. */
static size_t
record_number(struct span text, size_t *at, unsigned *value_out)
{
	size_t count = 0;
	size_t next = *at;
	uint32_t cp = record_next(text, &next);

	*value_out = 0;
	while (record_is_digit(cp) && count < RECORD_MAX_DIGITS) {
		*value_out = *value_out * 10 + (cp - '0');
		count++;
		*at = next;
		cp = record_next(text, &next);
	}
	return count;
}

static bool
record_is_separator(uint32_t cp, uint32_t sign)
{
	return cp == '/' || cp == '-' || cp == '.' || cp == sign;
}

static bool
record_is_day(unsigned month, unsigned day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool
record_is_birth_year(unsigned year)
{
	return year >= RECORD_FIRST_YEAR && year <= RECORD_LAST_YEAR;
}

/* A separator, the month, the same again, the day. */
static bool
record_month_and_day(struct span text, size_t at)
{
	unsigned month = 0;
	unsigned day = 0;
	const uint32_t first = record_next(text, &at);

	if (!record_is_separator(first, RECORD_YEAR_SIGN) ||
	    record_number(text, &at, &month) > 2)
		return false;
	const uint32_t second = record_next(text, &at);

	if (first == RECORD_YEAR_SIGN ? second != RECORD_MONTH_SIGN
				      : second != first)
		return false;
	return record_number(text, &at, &day) <= 2 && record_is_day(month, day);
}

/* 1985/01/02 or 19850102 at at, where digits start. */
static bool
record_is_western(struct span text, size_t at)
{
	unsigned value = 0;
	const size_t count = record_number(text, &at, &value);

	if (count == 8)
		return record_is_birth_year(value / 10000) &&
		       record_is_day(value / 100 % 100, value % 100);
	return count == 4 && record_is_birth_year(value) &&
	       record_month_and_day(text, at);
}

/* 昭和60年1月2日 or S60.1.2 at at, where cp stands; at is behind it. */
static bool
record_is_era(struct span text, size_t at, uint32_t cp)
{
	for (size_t i = 0; i < ARRAY_LEN(record_eras); i++) {
		const bool sign = cp == record_eras[i].signs[0];
		unsigned year = 1;
		size_t next = at;

		if (!sign && (cp & ~0x20U) != record_eras[i].letter)
			continue;
		if (sign && record_next(text, &at) != record_eras[i].signs[1])
			return false;
		next = at;
		if (record_next(text, &next) == RECORD_FIRST_SIGN)
			at = next;
		else if (record_number(text, &at, &year) > 2)
			return false;
		return year >= 1 && year <= record_eras[i].years &&
		       record_is_birth_year(record_eras[i].before + year) &&
		       record_month_and_day(text, at);
	}
	return false;
}

static bool
record_is_letter(uint32_t cp)
{
	return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
}

/* Is what stands right before at a digit or an ASCII letter, in any width? */
static bool
record_is_inside(struct span text, size_t at)
{
	size_t next = utf8_back(text, at);

	if (at == 0)
		return false;
	const uint32_t cp = fold_width(utf8_next(text, &next));

	return next == at && (record_is_letter(cp) || record_is_digit(cp));
}

/* Bytes with which a date starts that may be one: years of four digits, the
 * letters and names of eras, and what is of full width. */
static const bool record_starts[256] = {
	['1'] = true,  ['2'] = true,  ['H'] = true,  ['S'] = true,
	['T'] = true,  ['h'] = true,  ['s'] = true,  ['t'] = true,
	[0xE5] = true, [0xE6] = true, [0xEF] = true,
};

bool
record_has_birthday(struct span text)
{
	for (size_t start = 0; start < text.len_bytes; start++) {
		size_t at = start;

		if (!record_starts[text.ptr[start]])
			continue;
		const uint32_t cp = fold_width(utf8_next(text, &at));
		const bool digit = record_is_digit(cp);

		if ((digit || record_is_letter(cp)) &&
		    record_is_inside(text, start))
			continue;
		if (digit ? record_is_western(text, start)
			  : record_is_era(text, at, cp))
			return true;
	}
	return false;
}

/*
 * Is the word that ends at at the name of a field: is a mark, a blank, a value
 * or nothing behind it? In a sentence (氏名と住所をご記入ください) it is not,
 * and says nothing about a record.
 */
static bool
record_is_field(struct span text, size_t at)
{
	static const char marks[] = ":=|\"<>()[]/*_";
	uint32_t cp = 0;

	if (at >= text.len_bytes)
		return true;
	cp = fold_width(utf8_next(text, &at));
	if (cp <= ' ' || record_is_digit(cp) ||
	    fold_mark(cp) == FOLD_MARK_SPACE)
		return true;
	for (size_t i = 0; i < sizeof(marks) - 1; i++)
		if (cp == (uint8_t)marks[i])
			return true;
	/* Closing brackets of headings. */
	return cp == 0x3009 || cp == 0x300B || cp == 0x300D || cp == 0x300F ||
	       cp == 0x3011 || cp == 0x3015 || cp == 0xFF1D;
}

unsigned
record_person(const struct labels *labels, struct span record)
{
	struct label label = { .kind = LABEL_NONE };
	unsigned person = 0;
	size_t at = 0;

	while (labels_next(labels, record, at, &label)) {
		at = label.end_at;
		if (record_is_field(record, label.end_at))
			person |= name_words_person(label.kind);
	}
	if ((person & EVIDENCE_HAS_BIRTH) == 0 && record_has_birthday(record))
		person |= EVIDENCE_HAS_BIRTH;
	return person;
}

/* ---- cells ---- */

static bool
record_is_kanji(uint32_t cp)
{
	return (cp >= 0x4E00 && cp <= 0x9FFF) || cp == 0x3005;
}

static bool
record_is_kana(uint32_t cp)
{
	return (cp >= 0x3041 && cp <= 0x3096) ||
	       (cp >= 0x30A1 && cp <= 0x30FC) || (cp >= 0xFF66 && cp <= 0xFF9F);
}

/* The words of a text that has kanji, kana and a blank and nothing else. */
struct record_words {
	size_t letters[2]; /* of each word */
	size_t count;
	bool kanji;
};

static bool
record_read_words(struct span text, struct record_words *words)
{
	size_t at = 0;

	*words = (struct record_words){ .count = 1 };
	while (at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, &at);

		if (cp == ' ' || cp == 0x3000) {
			if (++words->count > 2)
				return false;
			continue;
		}
		if (!record_is_kanji(cp) && !record_is_kana(cp))
			return false;
		words->kanji |= record_is_kanji(cp);
		words->letters[words->count - 1]++;
	}
	return words->count == 2;
}

bool
record_is_name(struct span text)
{
	struct record_words words;

	while (text.len_bytes > 0 && text.ptr[text.len_bytes - 1] <= ' ')
		text.len_bytes--;
	if (!record_read_words(text, &words))
		return false;
	const size_t most = words.kanji ? RECORD_KANJI_NAME : RECORD_KANA_NAME;

	return words.letters[0] >= 1 && words.letters[1] >= 1 &&
	       words.letters[0] + words.letters[1] >= 3 &&
	       words.letters[0] <= most && words.letters[1] <= most;
}

/* 男, 女性 */
static bool
record_is_sex(struct span text)
{
	static const char *const words[] = { "男", "女", "男性", "女性" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_equal(text, span_of(words[i])))
			return true;
	return false;
}

/* What prefectures end in, and what their parts do. */
static bool
record_is_sign(uint32_t cp, bool part)
{
	static const uint32_t prefecture[] = { 0x90FD, 0x9053, 0x5E9C, 0x770C };
	static const uint32_t parts[] = { 0x5E02, 0x533A, 0x90E1, 0x753A,
					  0x6751 };

	for (size_t i = 0; i < ARRAY_LEN(prefecture); i++)
		if (!part && cp == prefecture[i])
			return true;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (part && cp == parts[i])
			return true;
	return false;
}

/* "長野県松本市深志5-1": a prefecture of two or three kanji, a town in it, and
 * a number of a house. */
static bool
record_is_address(struct span text)
{
	size_t kanji = 0;
	size_t at = 0;
	bool prefecture = false;
	bool part = false;

	while (at < text.len_bytes) {
		const uint32_t cp = fold_width(utf8_next(text, &at));

		if (prefecture) {
			part |= record_is_sign(cp, true);
			if (part && record_is_digit(cp))
				return true;
			continue;
		}
		if (kanji >= 2 && record_is_sign(cp, false))
			prefecture = true;
		else if (!record_is_kanji(cp) || kanji == 3)
			return false;
		kanji++;
	}
	return false;
}

unsigned
record_cell_person(struct span text)
{
	unsigned person = record_has_birthday(text) ? EVIDENCE_HAS_BIRTH : 0;

	if (record_is_name(text) || record_is_sex(text))
		person |= EVIDENCE_HAS_NAME;
	if (record_is_address(text))
		person |= EVIDENCE_HAS_ADDRESS;
	return person;
}
