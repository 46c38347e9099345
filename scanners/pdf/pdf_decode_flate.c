/*
 * Shape:    two bytes of head, blocks of RFC 1951, and the sum of what comes
 *           out, Adler-32 (RFC 1950)
 *
 * zlib itself would not say where a sum is missing, which some programs leave
 * out and every viewer forgives, from where it is wrong.
 */
#include <zlib.h>

#include "scanners/pdf/pdf_decode.h"

enum {
	FLATE_STEP_BYTES = 64 * 1024,
	FLATE_HEAD_BYTES = 2,
	FLATE_SUM_BYTES = 4,
	FLATE_METHOD = 8,
	FLATE_CHECK = 31
};

static bool
flate_has_head(struct span data)
{
	return data.len_bytes >= FLATE_HEAD_BYTES &&
	       (data.ptr[0] & 0x0F) == FLATE_METHOD &&
	       (data.ptr[0] << 8 | data.ptr[1]) % FLATE_CHECK == 0;
}

/* Is the sum at at that of all that was added since from, or missing? */
static bool
flate_sum_fits(struct span data, size_t at, uLong sum)
{
	struct span field = { 0 };
	uLong said = 0;

	if (!span_cut(data, at, FLATE_SUM_BYTES, &field))
		return true;
	for (size_t i = 0; i < FLATE_SUM_BYTES; i++)
		said = said << 8 | field.ptr[i];
	return said == sum;
}

/* One step; what came out is summed. */
static int
flate_step(z_stream *z, struct sbuf *out, size_t room, uLong *sum)
{
	const size_t before = out->len_bytes;
	uint8_t *to = sbuf_extend(out, room);
	int rc = Z_MEM_ERROR;

	if (to == NULL)
		return rc;
	z->next_out = to;
	z->avail_out = (uInt)room;
	rc = inflate(z, Z_NO_FLUSH);
	*sum = adler32(*sum, to, (uInt)(room - z->avail_out));
	sbuf_truncate(out, before + room - z->avail_out);
	/* Nothing came, and nothing more will. */
	return rc == Z_OK && z->avail_out == room ? Z_BUF_ERROR : rc;
}

enum decode_result
pdf_decode_flate(struct span data, size_t max_bytes, struct sbuf *out)
{
	z_stream z = { .avail_in = 0 };
	uLong sum = adler32(0, NULL, 0);
	int rc = Z_OK;

	if (!flate_has_head(data) || data.len_bytes > UINT32_MAX / 2)
		return DECODE_BROKEN;
	z.next_in = (Bytef *)(uintptr_t)(data.ptr + FLATE_HEAD_BYTES);
	z.avail_in = (uInt)(data.len_bytes - FLATE_HEAD_BYTES);
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return DECODE_BROKEN;
	while (rc == Z_OK && out->len_bytes < max_bytes) {
		const size_t left = max_bytes - out->len_bytes;

		rc = flate_step(&z, out,
				left < FLATE_STEP_BYTES ? left
							: FLATE_STEP_BYTES,
				&sum);
	}
	(void)inflateEnd(&z);
	if (rc == Z_OK)
		return DECODE_LIMIT;
	return rc == Z_STREAM_END &&
			       flate_sum_fits(data, data.len_bytes - z.avail_in,
					      sum)
		       ? DECODE_WHOLE
		       : DECODE_BROKEN;
}
