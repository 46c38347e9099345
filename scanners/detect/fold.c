#include "scanners/detect/fold.h"

#include "lib/base/attr.h"
#include "scanners/text/utf8.h"

/* Runs of ten (or fewer) digits in order, by code point. */
static const struct {
	uint32_t first;
	uint32_t last;
	uint8_t value; /* of first */
	enum fold_digit_kind kind;
} fold_runs[] = {
	{ 0x00B2, 0x00B3, 2, FOLD_DIGIT_RAISED },
	{ 0x00B9, 0x00B9, 1, FOLD_DIGIT_RAISED },
	{ 0x2070, 0x2070, 0, FOLD_DIGIT_RAISED },
	{ 0x2074, 0x2079, 4, FOLD_DIGIT_RAISED },
	{ 0x2080, 0x2089, 0, FOLD_DIGIT_RAISED },
	{ 0x2460, 0x2468, 1, FOLD_DIGIT_ENCLOSED }, /* circled */
	{ 0x2474, 0x247C, 1, FOLD_DIGIT_ENCLOSED }, /* in parentheses */
	{ 0x2488, 0x2490, 1, FOLD_DIGIT_ENCLOSED }, /* with a full stop */
	{ 0x24EA, 0x24EA, 0, FOLD_DIGIT_ENCLOSED },
	{ 0x24F5, 0x24FD, 1, FOLD_DIGIT_ENCLOSED },
	{ 0x24FF, 0x24FF, 0, FOLD_DIGIT_ENCLOSED },
	{ 0x25CB, 0x25CB, 0, FOLD_DIGIT_KANJI }, /* circles as zeros */
	{ 0x25EF, 0x25EF, 0, FOLD_DIGIT_KANJI },
	{ 0x2776, 0x277E, 1, FOLD_DIGIT_ENCLOSED }, /* negative circled */
	{ 0x2780, 0x2788, 1, FOLD_DIGIT_ENCLOSED },
	{ 0x278A, 0x2792, 1, FOLD_DIGIT_ENCLOSED },
	{ 0x1F100, 0x1F100, 0, FOLD_DIGIT_ENCLOSED },
	{ 0x1F101, 0x1F10A, 0, FOLD_DIGIT_ENCLOSED }, /* with a comma */
	{ 0x1F10B, 0x1F10C, 0, FOLD_DIGIT_ENCLOSED },
};

/*
 * The zeros of the decimal digits (Unicode's Nd) of other scripts, each with
 * nine behind it, and of the mathematical and segmented ones.
 */
static const uint32_t fold_zeros[] = {
	0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,
	0x0BE6,  0x0C66,  0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,
	0x1040,  0x1090,  0x17E0,  0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,
	0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,  0xA900,  0xA9D0,
	0xA9F0,  0xAA50,  0xABF0,  0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0,
	0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
	0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0,
	0x11DE0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE,
	0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1,
	0x1E950, 0x1FBF0,
};

/* By code point: positional ones, and those of deeds (daiji). */
static const struct {
	uint16_t cp;
	uint8_t value;
} fold_kanji[] = {
	{ 0x3007, 0 }, { 0x4E00, 1 }, { 0x4E03, 7 }, { 0x4E09, 3 },
	{ 0x4E5D, 9 }, { 0x4E8C, 2 }, { 0x4E94, 5 }, { 0x4F0D, 5 },
	{ 0x516B, 8 }, { 0x516D, 6 }, { 0x53C2, 3 }, { 0x53C3, 3 },
	{ 0x56DB, 4 }, { 0x58F1, 1 }, { 0x58F9, 1 }, { 0x5F0C, 1 },
	{ 0x5F0D, 2 }, { 0x5F0E, 3 }, { 0x5F10, 2 }, { 0x634C, 8 },
	{ 0x67D2, 7 }, { 0x6F06, 7 }, { 0x7396, 9 }, { 0x8086, 4 },
	{ 0x8CAE, 2 }, { 0x8CB3, 2 }, { 0x9678, 6 }, { 0x96F6, 0 },
};

static enum fold_digit_kind
fold_digit_run(uint32_t cp, uint8_t *value_out)
{
	for (size_t i = 0; i < ARRAY_LEN(fold_runs); i++) {
		if (cp < fold_runs[i].first)
			break;
		if (cp <= fold_runs[i].last) {
			*value_out = (uint8_t)(fold_runs[i].value + cp -
					       fold_runs[i].first);
			return fold_runs[i].kind;
		}
	}
	return FOLD_DIGIT_NONE;
}

static enum fold_digit_kind
fold_digit_kanji(uint32_t cp, uint8_t *value_out)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(fold_kanji);

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (fold_kanji[middle].cp < cp)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == ARRAY_LEN(fold_kanji) || fold_kanji[low].cp != cp)
		return FOLD_DIGIT_NONE;
	*value_out = fold_kanji[low].value;
	return FOLD_DIGIT_KANJI;
}

static enum fold_digit_kind
fold_digit_script(uint32_t cp, uint8_t *value_out)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(fold_zeros);

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (fold_zeros[middle] <= cp)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || cp - fold_zeros[low - 1] > 9)
		return FOLD_DIGIT_NONE;
	*value_out = (uint8_t)(cp - fold_zeros[low - 1]);
	return FOLD_DIGIT_OTHER;
}

/* The most frequent first. */
enum fold_digit_kind
fold_digit(uint32_t cp, uint8_t *value_out)
{
	if (cp < 0x80) {
		if (cp < '0' || cp > '9')
			return FOLD_DIGIT_NONE;
		*value_out = (uint8_t)(cp - '0');
		return FOLD_DIGIT_ASCII;
	}
	if (cp >= 0x3008 && cp < 0x4E00)
		return FOLD_DIGIT_NONE; /* kana */
	if (cp >= 0x3007 && cp <= 0x9FFF)
		return fold_digit_kanji(cp, value_out);
	if (cp >= 0xAC00 && cp < 0x10000) {
		if (cp < 0xFF10 || cp > 0xFF19)
			return FOLD_DIGIT_NONE;
		*value_out = (uint8_t)(cp - 0xFF10);
		return FOLD_DIGIT_WIDE;
	}
	const enum fold_digit_kind kind = fold_digit_run(cp, value_out);

	return kind != FOLD_DIGIT_NONE ? kind
				       : fold_digit_script(cp, value_out);
}

bool
fold_is_invisible(uint32_t cp)
{
	if (cp < 0x80)
		return cp == 0;
	return cp == 0xAD || (cp >= 0x0300 && cp <= 0x036F) || cp == 0x061C ||
	       cp == 0x115F || cp == 0x1160 || cp == 0x3164 || cp == 0xFFA0 ||
	       (cp >= 0x180B && cp <= 0x180F) ||
	       (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x206F) ||
	       (cp >= 0x20D0 && cp <= 0x20FF) || cp == 0xFEFF ||
	       (cp >= 0xFE00 && cp <= 0xFE0F) ||
	       (cp >= 0xFFF9 && cp <= 0xFFFB) ||
	       (cp >= 0xE0000 && cp <= 0xE01EF); /* tags, variants */
}

static bool
fold_is_blank(uint32_t cp)
{
	return cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
	       cp == 0x202F || cp == 0x205F || cp == 0x2800 || cp == 0x3000 ||
	       cp == 0x303F;
}

static const enum fold_mark fold_ascii_marks[128] = {
	['\t'] = FOLD_MARK_SPACE,  [' '] = FOLD_MARK_SPACE,
	['('] = FOLD_MARK_BRACKET, [')'] = FOLD_MARK_BRACKET,
	['-'] = FOLD_MARK_HYPHEN,  ['.'] = FOLD_MARK_DOT,
	['/'] = FOLD_MARK_SLASH,   ['['] = FOLD_MARK_BRACKET,
	[']'] = FOLD_MARK_BRACKET, ['_'] = FOLD_MARK_UNDERSCORE,
	['{'] = FOLD_MARK_BRACKET, ['|'] = FOLD_MARK_BAR,
	['}'] = FOLD_MARK_BRACKET, ['~'] = FOLD_MARK_WAVE,
};

/* By code point, from 0x80 on. */
static const struct {
	uint16_t cp;
	enum fold_mark mark;
} fold_marks[] = {
	{ 0x00A6, FOLD_MARK_BAR },        { 0x00B7, FOLD_MARK_DOT },
	{ 0x02D7, FOLD_MARK_HYPHEN },     { 0x0387, FOLD_MARK_DOT },
	{ 0x058A, FOLD_MARK_HYPHEN },     { 0x1806, FOLD_MARK_HYPHEN },
	{ 0x2010, FOLD_MARK_HYPHEN },     { 0x2011, FOLD_MARK_HYPHEN },
	{ 0x2012, FOLD_MARK_HYPHEN },     { 0x2013, FOLD_MARK_HYPHEN },
	{ 0x2014, FOLD_MARK_HYPHEN },     { 0x2015, FOLD_MARK_HYPHEN },
	{ 0x2016, FOLD_MARK_BAR },        { 0x2017, FOLD_MARK_UNDERSCORE },
	{ 0x2022, FOLD_MARK_DOT },        { 0x2024, FOLD_MARK_DOT },
	{ 0x2027, FOLD_MARK_DOT },        { 0x2043, FOLD_MARK_HYPHEN },
	{ 0x2044, FOLD_MARK_SLASH },      { 0x207B, FOLD_MARK_HYPHEN },
	{ 0x208B, FOLD_MARK_HYPHEN },     { 0x2212, FOLD_MARK_HYPHEN },
	{ 0x2215, FOLD_MARK_SLASH },      { 0x2219, FOLD_MARK_DOT },
	{ 0x2223, FOLD_MARK_BAR },        { 0x223C, FOLD_MARK_WAVE },
	{ 0x223E, FOLD_MARK_WAVE },       { 0x22C5, FOLD_MARK_DOT },
	{ 0x2329, FOLD_MARK_BRACKET },    { 0x232A, FOLD_MARK_BRACKET },
	{ 0x23D0, FOLD_MARK_BAR },        { 0x2500, FOLD_MARK_HYPHEN },
	{ 0x2501, FOLD_MARK_HYPHEN },     { 0x2502, FOLD_MARK_BAR },
	{ 0x2503, FOLD_MARK_BAR },        { 0x2504, FOLD_MARK_HYPHEN },
	{ 0x2505, FOLD_MARK_HYPHEN },     { 0x2508, FOLD_MARK_HYPHEN },
	{ 0x2509, FOLD_MARK_HYPHEN },     { 0x254C, FOLD_MARK_HYPHEN },
	{ 0x254D, FOLD_MARK_HYPHEN },     { 0x2758, FOLD_MARK_BAR },
	{ 0x2759, FOLD_MARK_BAR },        { 0x2768, FOLD_MARK_BRACKET },
	{ 0x2769, FOLD_MARK_BRACKET },    { 0x2772, FOLD_MARK_BRACKET },
	{ 0x2773, FOLD_MARK_BRACKET },    { 0x2774, FOLD_MARK_BRACKET },
	{ 0x2775, FOLD_MARK_BRACKET },    { 0x2796, FOLD_MARK_HYPHEN },
	{ 0x27E6, FOLD_MARK_BRACKET },    { 0x27E7, FOLD_MARK_BRACKET },
	{ 0x27E8, FOLD_MARK_BRACKET },    { 0x27E9, FOLD_MARK_BRACKET },
	{ 0x29F8, FOLD_MARK_SLASH },      { 0x2E17, FOLD_MARK_HYPHEN },
	{ 0x2E1A, FOLD_MARK_HYPHEN },     { 0x2E3A, FOLD_MARK_HYPHEN },
	{ 0x2E3B, FOLD_MARK_HYPHEN },     { 0x2E40, FOLD_MARK_HYPHEN },
	{ 0x3008, FOLD_MARK_BRACKET },    { 0x3009, FOLD_MARK_BRACKET },
	{ 0x300A, FOLD_MARK_BRACKET },    { 0x300B, FOLD_MARK_BRACKET },
	{ 0x300C, FOLD_MARK_BRACKET },    { 0x300D, FOLD_MARK_BRACKET },
	{ 0x300E, FOLD_MARK_BRACKET },    { 0x300F, FOLD_MARK_BRACKET },
	{ 0x3010, FOLD_MARK_BRACKET },    { 0x3011, FOLD_MARK_BRACKET },
	{ 0x3014, FOLD_MARK_BRACKET },    { 0x3015, FOLD_MARK_BRACKET },
	{ 0x3016, FOLD_MARK_BRACKET },    { 0x3017, FOLD_MARK_BRACKET },
	{ 0x3018, FOLD_MARK_BRACKET },    { 0x3019, FOLD_MARK_BRACKET },
	{ 0x301A, FOLD_MARK_BRACKET },    { 0x301B, FOLD_MARK_BRACKET },
	{ 0x301C, FOLD_MARK_WAVE },       { 0x3030, FOLD_MARK_WAVE },
	{ 0x30FB, FOLD_MARK_DOT },        { 0x30FC, FOLD_MARK_HYPHEN },
	{ 0xFE31, FOLD_MARK_HYPHEN },     { 0xFE32, FOLD_MARK_HYPHEN },
	{ 0xFE35, FOLD_MARK_BRACKET },    { 0xFE36, FOLD_MARK_BRACKET },
	{ 0xFE41, FOLD_MARK_BRACKET },    { 0xFE42, FOLD_MARK_BRACKET },
	{ 0xFE43, FOLD_MARK_BRACKET },    { 0xFE44, FOLD_MARK_BRACKET },
	{ 0xFE4D, FOLD_MARK_UNDERSCORE }, { 0xFE4E, FOLD_MARK_UNDERSCORE },
	{ 0xFE4F, FOLD_MARK_UNDERSCORE }, { 0xFE52, FOLD_MARK_DOT },
	{ 0xFE58, FOLD_MARK_HYPHEN },     { 0xFE59, FOLD_MARK_BRACKET },
	{ 0xFE5A, FOLD_MARK_BRACKET },    { 0xFE5B, FOLD_MARK_BRACKET },
	{ 0xFE5C, FOLD_MARK_BRACKET },    { 0xFE5D, FOLD_MARK_BRACKET },
	{ 0xFE5E, FOLD_MARK_BRACKET },    { 0xFE63, FOLD_MARK_HYPHEN },
	{ 0xFF08, FOLD_MARK_BRACKET },    { 0xFF09, FOLD_MARK_BRACKET },
	{ 0xFF0D, FOLD_MARK_HYPHEN },     { 0xFF0E, FOLD_MARK_DOT },
	{ 0xFF0F, FOLD_MARK_SLASH },      { 0xFF3B, FOLD_MARK_BRACKET },
	{ 0xFF3D, FOLD_MARK_BRACKET },    { 0xFF3F, FOLD_MARK_UNDERSCORE },
	{ 0xFF5B, FOLD_MARK_BRACKET },    { 0xFF5C, FOLD_MARK_BAR },
	{ 0xFF5D, FOLD_MARK_BRACKET },    { 0xFF5E, FOLD_MARK_WAVE },
	{ 0xFF5F, FOLD_MARK_BRACKET },    { 0xFF60, FOLD_MARK_BRACKET },
	{ 0xFF62, FOLD_MARK_BRACKET },    { 0xFF63, FOLD_MARK_BRACKET },
	{ 0xFF65, FOLD_MARK_DOT },        { 0xFF70, FOLD_MARK_HYPHEN },
	{ 0xFFE4, FOLD_MARK_BAR },        { 0xFFE8, FOLD_MARK_BAR },
};

static enum fold_mark
fold_mark_find(uint32_t cp)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(fold_marks);

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (fold_marks[middle].cp < cp)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ARRAY_LEN(fold_marks) && fold_marks[low].cp == cp
		       ? fold_marks[low].mark
		       : FOLD_MARK_NONE;
}

enum fold_mark
fold_mark(uint32_t cp)
{
	if (cp < ARRAY_LEN(fold_ascii_marks))
		return fold_ascii_marks[cp];
	/* Most of what comes is a letter: kana, kanji, Hangul; or 、 or 。. */
	if (cp == 0x3001 || cp == 0x3002)
		return FOLD_MARK_NONE;
	if ((cp >= 0x3041 && cp <= 0x30FA) || (cp >= 0x3100 && cp < 0xFE00))
		return FOLD_MARK_NONE;
	if (fold_is_blank(cp))
		return FOLD_MARK_SPACE;
	return fold_mark_find(cp);
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
	const bool ha_row =
		cp >= 0x30CF && cp <= 0x30DB && (cp - 0x30CF) % 3 == 0;
	/* From ka to chi, and behind the small tsu to to. */
	const bool plain = (cp >= 0x30AB && cp <= 0x30C1 && cp % 2 == 1) ||
			   (cp >= 0x30C4 && cp <= 0x30C8 && cp % 2 == 0);

	if (half && ha_row)
		return cp + 2;
	if (voiced && (plain || ha_row))
		return cp + 1;
	return 0;
}

/* Left out of labels. A wave is often written for a long vowel. */
static bool
fold_is_skipped(uint32_t cp)
{
	if (cp == '\n' || cp == '\r' || cp == '\f' || cp == '\v' || cp == ':' ||
	    cp == 0xFF1A)
		return true;
	const enum fold_mark mark = fold_mark(cp);

	return mark == FOLD_MARK_SPACE || mark == FOLD_MARK_HYPHEN ||
	       mark == FOLD_MARK_UNDERSCORE || mark == FOLD_MARK_WAVE ||
	       (mark == FOLD_MARK_DOT && cp != '.') || fold_is_invisible(cp);
}

/* letter with the voiced mark that may follow at *at, which is then passed,
 * with what is left out between them: the letters may stand apart. */
static uint32_t
fold_compose(struct span text, size_t *at, uint32_t letter)
{
	size_t behind = *at;
	uint32_t composed = 0;

	if (letter < 0x30A0 || letter > 0x30FF || *at >= text.len_bytes)
		return letter;
	uint32_t mark = utf8_next(text, &behind);

	while (fold_is_skipped(mark) && behind < text.len_bytes)
		mark = utf8_next(text, &behind);
	composed = fold_voiced(letter, mark);
	if (composed == 0)
		return letter;
	*at = behind;
	return composed;
}

/* Behind a line end: the marks of a quoted mail. */
static void
fold_skip_quote(struct span text, size_t *at)
{
	while (*at < text.len_bytes &&
	       (text.ptr[*at] == '>' || text.ptr[*at] == ' '))
		(*at)++;
}

uint32_t
fold_letter_next(struct span text, size_t *at, size_t *start_out)
{
	while (*at < text.len_bytes) {
		const size_t start = *at;
		const uint32_t cp = utf8_next(text, at);

		if (cp == '\n')
			fold_skip_quote(text, at);
		if (fold_is_skipped(cp))
			continue;
		*start_out = start;
		return fold_compose(text, at, fold_letter(cp));
	}
	return 0;
}
