/*
 * Shape:    codes of 9 to 12 bits, the highest bit first: 0 to 255 are bytes,
 *           256 starts a new table, 257 ends, from 258 on each is the text of
 *           the code before with the first byte of the one behind
 */
#include <stdlib.h>
#include <string.h>

#include "scanners/pdf/pdf_decode.h"

enum {
	LZW_CLEAR = 256,
	LZW_END = 257,
	LZW_FIRST = 258,
	LZW_CODES = 4096,
	LZW_LEAST_BITS = 9,
	LZW_MOST_BITS = 12
};

struct lzw {
	struct span data;
	size_t at;
	uint32_t bits; /* those that wait, the lowest bit_count of them */
	unsigned bit_count;
	unsigned early;
	bool cut;      /* no end in sight */
	unsigned next; /* code to be made */
	unsigned code_bits;
	uint16_t before[LZW_CODES]; /* a code without its last byte */
	uint8_t last[LZW_CODES];
	uint16_t len[LZW_CODES];
};

static void
lzw_restart(struct lzw *lzw)
{
	lzw->next = LZW_FIRST;
	lzw->code_bits = LZW_LEAST_BITS;
}

/* The next code; past the data, its end. */
static unsigned
lzw_take(struct lzw *lzw)
{
	while (lzw->bit_count < lzw->code_bits) {
		if (lzw->at >= lzw->data.len_bytes) {
			lzw->cut = true;
			return LZW_END;
		}
		lzw->bits = lzw->bits << 8 | lzw->data.ptr[lzw->at++];
		lzw->bit_count += 8;
	}
	lzw->bit_count -= lzw->code_bits;
	return lzw->bits >> lzw->bit_count & ((1U << lzw->code_bits) - 1);
}

/* Append the text of code, and give its first byte. */
static uint8_t
lzw_put(const struct lzw *lzw, unsigned code, struct sbuf *out)
{
	size_t len = lzw->len[code];
	uint8_t *to = sbuf_extend(out, len);

	while (len > 1) {
		len--;
		if (to != NULL)
			to[len] = lzw->last[code];
		code = lzw->before[code];
	}
	if (to != NULL)
		to[0] = lzw->last[code];
	return lzw->last[code];
}

static void
lzw_learn(struct lzw *lzw, unsigned before, uint8_t last)
{
	if (lzw->next >= LZW_CODES)
		return;
	lzw->before[lzw->next] = (uint16_t)before;
	lzw->last[lzw->next] = last;
	lzw->len[lzw->next] = (uint16_t)(lzw->len[before] + 1);
	lzw->next++;
	if (lzw->next + lzw->early >= 1U << lzw->code_bits &&
	    lzw->code_bits < LZW_MOST_BITS)
		lzw->code_bits++;
}

/* The text of code, which follows before; false when there is none. */
static bool
lzw_follow(struct lzw *lzw, unsigned before, unsigned code, struct sbuf *out)
{
	const bool known =
		code < LZW_CLEAR || (code >= LZW_FIRST && code < lzw->next);

	if (before == LZW_CLEAR) {
		if (code < LZW_CLEAR)
			sbuf_add_byte(out, (uint8_t)code);
		return code < LZW_CLEAR;
	}
	if (known) {
		lzw_learn(lzw, before, lzw_put(lzw, code, out));
		return true;
	}
	if (code != lzw->next || code >= LZW_CODES)
		return false;
	/* The one that is being made: it ends as it begins. */
	const uint8_t first = lzw_put(lzw, before, out);

	sbuf_add_byte(out, first);
	lzw_learn(lzw, before, first);
	return true;
}

static enum decode_result
lzw_undo(struct lzw *lzw, size_t max_bytes, struct sbuf *out)
{
	unsigned before = LZW_CLEAR;

	for (;;) {
		const unsigned code = lzw_take(lzw);

		if (out->st != ST_OK || out->len_bytes >= max_bytes)
			return DECODE_LIMIT;
		if (code == LZW_END)
			return lzw->cut ? DECODE_BROKEN : DECODE_WHOLE;
		if (code != LZW_CLEAR && !lzw_follow(lzw, before, code, out))
			return DECODE_BROKEN;
		if (code == LZW_CLEAR)
			lzw_restart(lzw);
		before = code;
	}
}

enum decode_result
pdf_decode_lzw(struct span data, bool early, size_t max_bytes, struct sbuf *out)
{
	struct lzw *lzw = calloc(1, sizeof(*lzw));
	enum decode_result result = DECODE_BROKEN;

	if (lzw == NULL)
		return result;
	lzw->data = data;
	lzw->early = early;
	for (unsigned i = 0; i < LZW_CLEAR; i++) {
		lzw->last[i] = (uint8_t)i;
		lzw->len[i] = 1;
	}
	lzw_restart(lzw);
	result = lzw_undo(lzw, max_bytes, out);
	/* What was packed may be a number. */
	explicit_bzero(lzw, sizeof(*lzw));
	free(lzw);
	return result;
}
