#include "scanners/detect/fold.h"

#include "lib/base/attr.h"
#include "scanners/text/utf8.h"

/* Runs of ten (or fewer) digits in order. */
static const struct {
	uint32_t first;
	uint32_t last;
	uint8_t value; /* of first */
	enum fold_digit_kind kind;
} fold_runs[] = {
	{ '0', '9', 0, FOLD_DIGIT_ASCII },
	{ 0xFF10, 0xFF19, 0, FOLD_DIGIT_WIDE },
	{ 0x2460, 0x2468, 1, FOLD_DIGIT_OTHER }, /* circled */
	{ 0x24EA, 0x24EA, 0, FOLD_DIGIT_OTHER },
	{ 0x24F5, 0x24FD, 1, FOLD_DIGIT_OTHER },
	{ 0x24FF, 0x24FF, 0, FOLD_DIGIT_OTHER },
	{ 0x2776, 0x277E, 1, FOLD_DIGIT_OTHER },
	{ 0x2780, 0x2788, 1, FOLD_DIGIT_OTHER },
	{ 0x278A, 0x2792, 1, FOLD_DIGIT_OTHER },
	{ 0x1D7CE, 0x1D7D7, 0, FOLD_DIGIT_OTHER }, /* mathematical */
	{ 0x1D7D8, 0x1D7E1, 0, FOLD_DIGIT_OTHER },
	{ 0x1D7E2, 0x1D7EB, 0, FOLD_DIGIT_OTHER },
	{ 0x1D7EC, 0x1D7F5, 0, FOLD_DIGIT_OTHER },
	{ 0x1D7F6, 0x1D7FF, 0, FOLD_DIGIT_OTHER },
};

static const struct {
	uint32_t cp;
	uint8_t value;
} fold_kanji[] = {
	{ 0x3007, 0 }, { 0x96F6, 0 }, { 0x4E00, 1 }, { 0x58F1, 1 },
	{ 0x4E8C, 2 }, { 0x5F10, 2 }, { 0x4E09, 3 }, { 0x53C2, 3 },
	{ 0x56DB, 4 }, { 0x4E94, 5 }, { 0x516D, 6 }, { 0x4E03, 7 },
	{ 0x516B, 8 }, { 0x4E5D, 9 },
};

enum fold_digit_kind
fold_digit(uint32_t cp, uint8_t *value_out)
{
	if (cp < 0x80 && (cp < '0' || cp > '9'))
		return FOLD_DIGIT_NONE;
	if (cp >= 0x3041 && cp <= 0x30FF)
		return FOLD_DIGIT_NONE; /* kana, the most frequent */
	for (size_t i = 0; i < ARRAY_LEN(fold_runs); i++) {
		if (cp >= fold_runs[i].first && cp <= fold_runs[i].last) {
			*value_out = (uint8_t)(fold_runs[i].value + cp -
					       fold_runs[i].first);
			return fold_runs[i].kind;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(fold_kanji); i++) {
		if (cp == fold_kanji[i].cp) {
			*value_out = fold_kanji[i].value;
			return FOLD_DIGIT_KANJI;
		}
	}
	return FOLD_DIGIT_NONE;
}

bool
fold_is_invisible(uint32_t cp)
{
	return cp == 0 || cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x2064) || cp == 0xFEFF ||
	       (cp >= 0xFE00 && cp <= 0xFE0F) || cp == 0x180E;
}

static bool
fold_is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == 0xA0 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F ||
	       cp == 0x3000;
}

enum fold_mark
fold_mark(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		enum fold_mark mark;
	} marks[] = {
		{ '-', FOLD_MARK_HYPHEN },        { 0x2010, FOLD_MARK_HYPHEN },
		{ 0x2011, FOLD_MARK_HYPHEN },     { 0x2012, FOLD_MARK_HYPHEN },
		{ 0x2013, FOLD_MARK_HYPHEN },     { 0x2014, FOLD_MARK_HYPHEN },
		{ 0x2015, FOLD_MARK_HYPHEN },     { 0x2212, FOLD_MARK_HYPHEN },
		{ 0xFF0D, FOLD_MARK_HYPHEN },     { 0xFE63, FOLD_MARK_HYPHEN },
		{ 0xFE58, FOLD_MARK_HYPHEN },     { 0x2043, FOLD_MARK_HYPHEN },
		{ 0x30FC, FOLD_MARK_HYPHEN },     { 0xFF70, FOLD_MARK_HYPHEN },
		{ 0x2500, FOLD_MARK_HYPHEN },     { 0x2501, FOLD_MARK_HYPHEN },
		{ 0x30FB, FOLD_MARK_DOT },        { 0xFF65, FOLD_MARK_DOT },
		{ 0xB7, FOLD_MARK_DOT },          { '.', FOLD_MARK_DOT },
		{ 0xFF0E, FOLD_MARK_DOT },        { '_', FOLD_MARK_UNDERSCORE },
		{ 0xFF3F, FOLD_MARK_UNDERSCORE }, { '/', FOLD_MARK_SLASH },
		{ 0xFF0F, FOLD_MARK_SLASH },      { '|', FOLD_MARK_BAR },
		{ 0xFF5C, FOLD_MARK_BAR },        { 0x2502, FOLD_MARK_BAR },
	};

	/* Most of what comes is a letter: kana, kanji, Hangul, ASCII. */
	if ((cp >= 0x3041 && cp <= 0x30FA) || (cp >= 0x3100 && cp < 0xFE00) ||
	    (cp >= '0' && cp <= 'z' && cp != '_'))
		return FOLD_MARK_NONE;
	if (fold_is_blank(cp))
		return FOLD_MARK_SPACE;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (cp == marks[i].cp)
			return marks[i].mark;
	return FOLD_MARK_NONE;
}

uint32_t
fold_width(uint32_t cp)
{
	return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp;
}

/* Half-width kana from U+FF66 on; a small one or a big one. */
static const uint16_t fold_half_kana[] = {
	0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5,
	0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA,
	0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9,
	0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA,
	0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8,
	0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6,
	0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3,
};

/* One character, without regard to its neighbours. */
static uint32_t
fold_letter(uint32_t cp)
{
	if (cp >= 0xFF66 && cp <= 0xFF9D)
		return fold_half_kana[cp - 0xFF66];
	if (cp >= 0x3041 && cp <= 0x3096)
		return cp + 0x60; /* hiragana to katakana */
	cp = fold_width(cp);
	if (cp >= 'A' && cp <= 'Z')
		return cp + 0x20;
	return cp;
}

/* Letters to which the voiced mark adds 1 (and the half-voiced one 2). */
static uint32_t
fold_voiced(uint32_t cp, uint32_t mark)
{
	const bool voiced = mark == 0xFF9E || mark == 0x3099 || mark == 0x309B;
	const bool half = mark == 0xFF9F || mark == 0x309A || mark == 0x309C;
	const bool ha_row = cp >= 0x30CF && cp <= 0x30DB;

	if (half && ha_row)
		return cp + 2;
	if (voiced && ((cp >= 0x30AB && cp <= 0x30C8) || ha_row))
		return cp + 1;
	return 0;
}

/* Left out of labels. */
static bool
fold_is_skipped(uint32_t cp)
{
	if (cp == '\n' || cp == '\r' || cp == '\f' || cp == '\v' || cp == ':' ||
	    cp == 0xFF1A)
		return true;
	const enum fold_mark mark = fold_mark(cp);

	return mark == FOLD_MARK_SPACE || mark == FOLD_MARK_HYPHEN ||
	       mark == FOLD_MARK_UNDERSCORE ||
	       (mark == FOLD_MARK_DOT && cp != '.') || fold_is_invisible(cp);
}

/* letter with the voiced mark that may follow at *at, which is then passed. */
static uint32_t
fold_compose(struct span text, size_t *at, uint32_t letter)
{
	size_t behind = *at;
	uint32_t composed = 0;

	if (letter < 0x30A0 || letter > 0x30FF || *at >= text.len_bytes)
		return letter;
	composed = fold_voiced(letter, utf8_next(text, &behind));
	if (composed == 0)
		return letter;
	*at = behind;
	return composed;
}

uint32_t
fold_letter_next(struct span text, size_t *at, size_t *start_out)
{
	while (*at < text.len_bytes) {
		const size_t start = *at;
		const uint32_t cp = utf8_next(text, at);

		if (fold_is_skipped(cp))
			continue;
		*start_out = start;
		return fold_compose(text, at, fold_letter(cp));
	}
	return 0;
}
