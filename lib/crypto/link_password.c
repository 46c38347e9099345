#include "lib/crypto/link_password.h"

#include <string.h>

#include "lib/base/parse.h"

enum {
	FOLD_VOICED = 0x3099,
	FOLD_SEMIVOICED = 0x309a,
	FOLD_TO_KATAKANA = 0x60,
	FOLD_HALF_FIRST = 0xff61,
	FOLD_HALF_LAST = 0xff9f
};

/* The next character of text, which is UTF-8, at *at. */
static uint32_t
fold_next(struct span text, size_t *at)
{
	const uint8_t first = text.ptr[*at];
	const size_t more = first < 0xc0   ? 0
			    : first < 0xe0 ? 1
			    : first < 0xf0 ? 2
					   : 3;
	uint32_t c = more == 0 ? first : first & (0x3fU >> more);

	(*at)++;
	for (size_t i = 0; i < more && *at < text.len_bytes; i++)
		c = c << 6 | (text.ptr[(*at)++] & 0x3fU);
	return c;
}

static void
fold_add(struct sbuf *out, uint32_t c)
{
	if (c < 0x80) {
		sbuf_add_byte(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		sbuf_add_byte(out, (uint8_t)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		sbuf_add_byte(out, (uint8_t)(0xe0 | c >> 12));
		sbuf_add_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	} else {
		sbuf_add_byte(out, (uint8_t)(0xf0 | c >> 18));
		sbuf_add_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		sbuf_add_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	sbuf_add_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
}

static uint32_t
fold_width(uint32_t c)
{
	/* As NFKC has them, from U+FF61 on. */
	static const uint16_t wide[FOLD_HALF_LAST - FOLD_HALF_FIRST + 1] = {
		0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2, 0x30a1, 0x30a3,
		0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc,
		0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af,
		0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf,
		0x30c1, 0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd,
		0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db, 0x30de, 0x30df,
		0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9, 0x30ea,
		0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x3099, 0x309a,
	};

	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xff01 + '!';
	if (c >= FOLD_HALF_FIRST && c <= FOLD_HALF_LAST)
		return wide[c - FOLD_HALF_FIRST];
	if (c == 0x3000 || c == 0xa0)
		return ' ';
	return c;
}

/* Which mark c is; 0: none. */
static uint32_t
fold_mark(uint32_t c)
{
	if (c == FOLD_VOICED || c == 0x309b)
		return FOLD_VOICED;
	if (c == FOLD_SEMIVOICED || c == 0x309c)
		return FOLD_SEMIVOICED;
	return 0;
}

/* Hiragana with a mark; 0: there is no such character. */
static uint32_t
fold_hiragana(uint32_t kana, uint32_t mark)
{
	const bool voiced = mark == FOLD_VOICED;
	/* か to ち, つ to と: every other one is voiced. は to ほ: by three. */
	const bool by_two =
		(kana >= 0x304b && kana <= 0x3061 && kana % 2 == 1) ||
		(kana >= 0x3064 && kana <= 0x3068 && kana % 2 == 0);
	const bool by_three = kana >= 0x306f && kana <= 0x307b && kana % 3 == 0;

	if (by_three)
		return kana + (voiced ? 1 : 2);
	if (voiced && (by_two || kana == 0x309d)) /* iteration mark */
		return kana + 1;
	return voiced && kana == 0x3046 ? 0x3094 : 0; /* う */
}

static uint32_t
fold_compose(uint32_t kana, uint32_t mark)
{
	uint32_t made = 0;

	if (kana < 0x3041 || kana > 0x30ff)
		return 0;
	if (kana < 0x30a1)
		return fold_hiragana(kana, mark);
	if (mark == FOLD_VOICED && kana >= 0x30ef && kana <= 0x30f2)
		return kana + 8; /* ワ to ヲ, which hiragana has not */
	made = fold_hiragana(kana - FOLD_TO_KATAKANA, mark);
	return made != 0 ? made + FOLD_TO_KATAKANA : 0;
}

static bool
fold_is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span
fold_trim(struct span text)
{
	while (text.len_bytes > 0 && fold_is_blank(text.ptr[0])) {
		text.ptr++;
		text.len_bytes--;
	}
	while (text.len_bytes > 0 &&
	       fold_is_blank(text.ptr[text.len_bytes - 1]))
		text.len_bytes--;
	return text;
}

static void
fold_all(struct span text, struct sbuf *out)
{
	uint32_t before = 0;
	size_t at = 0;

	while (at < text.len_bytes) {
		const uint32_t c = fold_width(fold_next(text, &at));
		const uint32_t mark = fold_mark(c);
		const uint32_t made =
			mark != 0 ? fold_compose(before, mark) : 0;

		if (made == 0 && before != 0)
			fold_add(out, before);
		before = made != 0 ? made : c;
	}
	if (before != 0)
		fold_add(out, before);
}

void
link_password_fold(const char *typed, struct sbuf *folded)
{
	AUTO(sbuf_done) struct sbuf all;
	const struct span text = span_of(typed);

	sbuf_init_secret(&all, text.len_bytes);
	if (!parse_is_utf8(text)) {
		sbuf_add_span(folded, text);
		return;
	}
	fold_all(text, &all);
	sbuf_add_span(folded, fold_trim(sbuf_span(&all)));
}
