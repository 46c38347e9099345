#include "scanners/locks/words_fold.h"

#include <string.h>

#include "lib/base/attr.h"

enum {
	FOLD_WIDE_FIRST = 0xFF01,
	FOLD_WIDE_LAST = 0xFF5E,
	FOLD_WIDE_SHIFT = 0xFEE0,
	FOLD_KANA_FIRST = 0xFF61,
	FOLD_KANA_LAST = 0xFF9F,
	FOLD_VOICED = 0xFF9E,
	FOLD_HALF_VOICED = 0xFF9F,
	FOLD_JOINED_VOICED = 0x3099,
	FOLD_JOINED_HALF_VOICED = 0x309A,
	FOLD_HIRAGANA_FIRST = 0x3041,
	FOLD_HIRAGANA_LAST = 0x3094,
	FOLD_KATAKANA_SHIFT = 0x60,
	FOLD_KATAKANA_LAST = 0x30FA,
	FOLD_MOST_BYTES = 4,
	/* Folding a mark apart makes a text longer, at most by half. */
	FOLD_LINE_BYTES = WORDS_FOLD_BYTES / 3 * 2
};

/* U+FF61 to U+FF9F. */
static const uint16_t fold_kana[] = {
	0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5,
	0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4,
	0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5,
	0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8,
	0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8,
	0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8,
	0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C,
};
_Static_assert(ARRAY_LEN(fold_kana) == FOLD_KANA_LAST - FOLD_KANA_FIRST + 1,
	       "a row for each");

uint32_t
words_fold_next(struct span text, size_t *at)
{
	uint8_t c = 0;
	size_t more = 0;
	uint32_t cp = 0;

	if (*at >= text.len_bytes)
		return 0;
	c = text.ptr[(*at)++];
	if (c < 0xC2 || c > 0xF4)
		return c;
	more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
	cp = c & (0x3FU >> more);
	if (more > text.len_bytes - *at)
		return c;
	for (size_t i = 0; i < more; i++) {
		if ((text.ptr[*at + i] & 0xC0) != 0x80)
			return c;
		cp = cp << 6 | (text.ptr[*at + i] & 0x3F);
	}
	*at += more;
	return cp;
}

static bool
fold_is_unseen(uint32_t cp)
{
	return (cp >= 0x200B && cp <= 0x200F) || cp == 0x2060 || cp == 0xFEFF ||
	       cp == 0xAD || cp == '\r';
}

static bool
fold_is_blank(uint32_t cp)
{
	return cp == '\t' || cp == 0xA0 || cp == 0x3000 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F;
}

/* Katakana that a mark makes another letter of: カ to ト, ハ to ホ, ウ. */
static uint32_t
fold_mark(uint32_t kana, bool half)
{
	if (kana >= 0x30CF && kana <= 0x30DB && (kana - 0x30CF) % 3 == 0)
		return kana + (half ? 2 : 1);
	if (half)
		return kana;
	if (kana == 0x30A6)
		return 0x30F4;
	if ((kana >= 0x30AB && kana <= 0x30C1 && kana % 2 == 1) ||
	    (kana >= 0x30C4 && kana <= 0x30C8 && kana % 2 == 0))
		return kana + 1;
	return kana;
}

/* A mark behind half-width kana, or one that joins any, as files from macOS
 * have in their names. */
static uint32_t
fold_voiced(uint32_t kana, struct span text, size_t *at)
{
	const bool small =
		kana >= FOLD_HIRAGANA_FIRST && kana <= FOLD_HIRAGANA_LAST;
	const uint32_t shift = small ? FOLD_KATAKANA_SHIFT : 0;
	size_t behind = *at;
	const uint32_t mark = words_fold_next(text, &behind);
	const bool half =
		mark == FOLD_HALF_VOICED || mark == FOLD_JOINED_HALF_VOICED;
	uint32_t made = 0;

	if (!half && mark != FOLD_VOICED && mark != FOLD_JOINED_VOICED)
		return kana;
	made = fold_mark(kana + shift, half);
	if (made == kana + shift)
		return kana;
	*at = behind;
	return made - shift;
}

static uint32_t
fold_one(uint32_t cp, struct span text, size_t *at)
{
	if (fold_is_blank(cp))
		return ' ';
	if (cp >= FOLD_WIDE_FIRST && cp <= FOLD_WIDE_LAST)
		return cp - FOLD_WIDE_SHIFT;
	if (cp >= FOLD_KANA_FIRST && cp <= FOLD_KANA_LAST)
		cp = fold_kana[cp - FOLD_KANA_FIRST];
	if (cp >= FOLD_HIRAGANA_FIRST && cp <= FOLD_KATAKANA_LAST)
		return fold_voiced(cp, text, at);
	return cp;
}

uint32_t
words_fold_char(struct span text, size_t *at)
{
	uint32_t cp = 0;

	do
		cp = words_fold_next(text, at);
	while (fold_is_unseen(cp));
	return fold_one(cp, text, at);
}

static size_t
fold_write(uint32_t cp, uint8_t *out)
{
	if (cp < 0x80) {
		out[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (uint8_t)(0xC0 | cp >> 6);
		out[1] = (uint8_t)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (uint8_t)(0xE0 | cp >> 12);
		out[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (uint8_t)(0xF0 | cp >> 18);
	out[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (uint8_t)(0x80 | (cp & 0x3F));
	return 4;
}

/* Does one of the marks that make other letters stand at at? */
static bool
fold_is_voiced(struct span text, size_t at)
{
	uint32_t mark = 0;

	if (at >= text.len_bytes || (text.ptr[at] | 0x0C) != 0xEF)
		return false;
	mark = words_fold_next(text, &at);
	return mark == FOLD_VOICED || mark == FOLD_HALF_VOICED ||
	       mark == FOLD_JOINED_VOICED || mark == FOLD_JOINED_HALF_VOICED;
}

/* How many bytes of the character at at stay as they are; 0: that is to be
 * seen. Of most text all: ASCII but for controls, kana and kanji. */
static size_t
fold_plain_bytes(struct span text, size_t at)
{
	const uint8_t *c = text.ptr + at;

	if (c[0] < 0x80)
		return c[0] >= ' ' ? 1 : 0;
	/* U+3041 to U+9FFF; below is the blank of full width. */
	if (c[0] < 0xE3 || c[0] > 0xE9 || text.len_bytes - at < 3 ||
	    (c[0] == 0xE3 && c[1] < 0x81))
		return 0;
	if (c[0] == 0xE3 && fold_is_voiced(text, at + 3))
		return 0;
	return (c[1] & 0xC0) == 0x80 && (c[2] & 0xC0) == 0x80 ? 3 : 0;
}

void
words_fold(struct span text, struct words_folded *folded_out)
{
	size_t at = 0;
	size_t len = 0;

	while (at < text.len_bytes && at < UINT16_MAX &&
	       len + FOLD_MOST_BYTES <= WORDS_FOLD_BYTES) {
		const size_t from = at;

		size_t wrote = fold_plain_bytes(text, at);

		if (wrote > 0) {
			for (size_t i = 0; i < wrote; i++)
				folded_out->text[len + i] = text.ptr[at++];
		} else {
			const uint32_t cp = words_fold_next(text, &at);

			if (fold_is_unseen(cp))
				continue;
			wrote = fold_write(fold_one(cp, text, &at),
					   folded_out->text + len);
		}
		for (size_t i = 0; i < wrote; i++)
			folded_out->from[len + i] = (uint16_t)from;
		len += wrote;
	}
	folded_out->from[len] = (uint16_t)(at < UINT16_MAX ? at : UINT16_MAX);
	folded_out->len_bytes = len;
}

/* Where to cut a line that is too long: behind its last blank. */
static size_t
fold_cut(struct span line)
{
	size_t at = FOLD_LINE_BYTES;

	while (at > FOLD_LINE_BYTES / 2 && line.ptr[at - 1] != ' ')
		at--;
	if (line.ptr[at - 1] == ' ')
		return at;
	at = FOLD_LINE_BYTES;
	while (at > 1 && (line.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

bool
words_fold_line(struct span *rest, struct span *line_out,
		struct words_folded *folded_out)
{
	const uint8_t *end = NULL;
	size_t step = 0;

	if (rest->len_bytes == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len_bytes);
	*line_out = *rest;
	if (end != NULL)
		line_out->len_bytes = (size_t)(end - rest->ptr);
	step = line_out->len_bytes + (end != NULL ? 1 : 0);
	if (line_out->len_bytes > FOLD_LINE_BYTES) {
		line_out->len_bytes = fold_cut(*line_out);
		step = line_out->len_bytes;
	}
	(void)span_cut(*rest, step, rest->len_bytes - step, rest);
	words_fold(*line_out, folded_out);
	return true;
}
