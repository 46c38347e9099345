/* Rows of what was packed as differences: PNG (a byte before each row says
 * which) and TIFF, of whole bytes. */
#include <stdlib.h>

#include "scanners/pdf/pdf_decode.h"

enum {
	ROWS_TIFF = 2,
	ROWS_PNG = 10, /* and above */
	ROWS_MAX_BYTES = 1 << 20,
	ROWS_MAX_COLORS = 32,
	ROWS_MAX_BITS = 16
};

enum rows_kind { ROWS_NONE = 0, ROWS_SUB, ROWS_UP, ROWS_AVERAGE, ROWS_PAETH };

static uint8_t
rows_paeth(int left, int up, int corner)
{
	const int guess = left + up - corner;
	const int to_left = abs(guess - left);
	const int to_up = abs(guess - up);
	const int to_corner = abs(guess - corner);

	if (to_left <= to_up && to_left <= to_corner)
		return (uint8_t)left;
	return (uint8_t)(to_up <= to_corner ? up : corner);
}

static uint8_t
rows_guess(uint8_t kind, uint8_t left, uint8_t up, uint8_t corner)
{
	switch (kind) {
	case ROWS_SUB:
		return left;
	case ROWS_UP:
		return up;
	case ROWS_AVERAGE:
		return (uint8_t)((left + up) / 2);
	case ROWS_PAETH:
		return rows_paeth(left, up, corner);
	default:
		return 0;
	}
}

/* Append row; above is the one before it, or empty. */
static void
rows_undo(uint8_t kind, struct span row, size_t step, struct span above,
	  struct sbuf *out)
{
	uint8_t *to = sbuf_extend(out, row.len_bytes);

	for (size_t i = 0; to != NULL && i < row.len_bytes; i++) {
		const bool inside = i >= step;
		const bool below = i < above.len_bytes;

		to[i] = (uint8_t)(row.ptr[i] +
				  rows_guess(kind, inside ? to[i - step] : 0,
					     below ? above.ptr[i] : 0,
					     inside && below
						     ? above.ptr[i - step]
						     : 0));
	}
}

static enum decode_result
rows_each(struct span data, size_t row_bytes, size_t step, bool png,
	  struct sbuf *out)
{
	const size_t head = png;
	struct sbuf copy; /* out may move when it grows */

	sbuf_init_secret(&copy, row_bytes);
	for (size_t at = 0; at + head < data.len_bytes;) {
		const size_t left = data.len_bytes - at - head;
		const size_t len = left < row_bytes ? left : row_bytes;
		struct span row = { 0 };
		struct span above = { 0 };

		(void)span_cut(data, at + head, len, &row);
		sbuf_clear(&copy);
		if (png && out->len_bytes >= row_bytes) {
			(void)span_cut(sbuf_span(out),
				       out->len_bytes - row_bytes, row_bytes,
				       &above);
			sbuf_add_span(&copy, above);
			above = sbuf_span(&copy);
		}
		rows_undo(png ? data.ptr[at] : ROWS_SUB, row, step, above, out);
		at += head + len;
	}
	sbuf_done(&copy);
	return out->st == ST_OK ? DECODE_WHOLE : DECODE_BROKEN;
}

enum decode_result
pdf_decode_rows(const struct decode_rows *rows, struct span data,
		struct sbuf *out)
{
	const size_t bits = (size_t)rows->colors * rows->bits;
	const size_t row_bytes = (bits * rows->columns + 7) / 8;
	const size_t step = bits < 8 ? 1 : bits / 8;

	if (rows->colors > ROWS_MAX_COLORS || rows->bits > ROWS_MAX_BITS ||
	    bits == 0 || row_bytes == 0 || row_bytes > ROWS_MAX_BYTES)
		return DECODE_BROKEN;
	if (rows->predictor >= ROWS_PNG)
		return rows_each(data, row_bytes, step, true, out);
	if (rows->predictor == ROWS_TIFF && rows->bits == 8)
		return rows_each(data, row_bytes, step, false, out);
	sbuf_add_span(out, data);
	return DECODE_WHOLE;
}
