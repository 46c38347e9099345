#include "scanners/readers/deflated.h"

#include <string.h>
#include <zlib.h>

#include "scanners/readers/archive_member.h"

enum {
	DEFLATED_STEP_BYTES = 64 * 1024,
	DEFLATED_GZIP_BITS = MAX_WBITS + 16 /* as zlib asks for its frame */
};

const char deflated_raw_type[] = "application/x-deflate";
const char deflated_zlib_type[] = "application/zlib";

enum deflated_form
deflated_form_of(struct span body, const char *content_type)
{
	if (strcmp(content_type, deflated_raw_type) == 0 && body.len_bytes > 0)
		return DEFLATED_RAW;
	/* The first two bytes are a multiple of 31. */
	if (strcmp(content_type, deflated_zlib_type) == 0 &&
	    body.len_bytes > 1 && (body.ptr[0] & 0x0F) == Z_DEFLATED &&
	    (body.ptr[0] << 8 | body.ptr[1]) % 31 == 0)
		return DEFLATED_ZLIB;
	return DEFLATED_NONE;
}

static int
deflated_bits(enum deflated_form form)
{
	switch (form) {
	case DEFLATED_ZLIB:
		return MAX_WBITS;
	case DEFLATED_GZIP:
		return DEFLATED_GZIP_BITS;
	case DEFLATED_NONE:
	case DEFLATED_RAW:
	default:
		return -MAX_WBITS;
	}
}

static enum status
deflated_step(struct sink *sink, z_stream *z, struct sbuf *out, int *rc,
	      struct err *err)
{
	const uLong before = z->total_in;
	uint8_t *place = sbuf_extend(out, DEFLATED_STEP_BYTES);

	if (place == NULL)
		return sbuf_status(out, "inflate: data", err);
	z->next_out = place;
	z->avail_out = DEFLATED_STEP_BYTES;
	*rc = inflate(z, Z_NO_FLUSH);
	sbuf_truncate(out, out->len_bytes - z->avail_out);
	return sink_spend(sink, DEFLATED_STEP_BYTES - z->avail_out,
			  z->total_in > before ? z->total_in - before : 1, err);
}

enum status
deflated_unpack(struct sink *sink, enum deflated_form form, struct span bytes,
		struct sbuf *out, struct deflated *deflated_out,
		struct err *err)
{
	z_stream z = { 0 };
	int rc = Z_OK;
	enum status st = ST_OK;

	if (inflateInit2(&z, deflated_bits(form)) != Z_OK)
		return err_set(err, ST_NO_MEMORY, "inflate: no memory");
	z.next_in = (Bytef *)(uintptr_t)bytes.ptr;
	z.avail_in = bytes.len_bytes < UINT32_MAX ? (uInt)bytes.len_bytes
						  : UINT32_MAX;
	while (st == ST_OK && rc == Z_OK)
		st = deflated_step(sink, &z, out, &rc, err);
	deflated_out->whole = rc == Z_STREAM_END;
	deflated_out->used_bytes = z.total_in;
	(void)inflateEnd(&z);
	return st;
}

/* How much room to make: a member of gzip has it at its end. */
static void
deflated_expect(enum deflated_form form, struct span body, struct sbuf *out)
{
	uint32_t size = 0;

	if (form == DEFLATED_GZIP && body.len_bytes > sizeof(size))
		(void)span_read_le(body, body.len_bytes - sizeof(size),
				   sizeof(size), &size);
	archive_expect(out, size, body.len_bytes);
}

static bool
deflated_is_gzip(struct span bytes)
{
	return bytes.len_bytes > 2 && bytes.ptr[0] == 0x1F &&
	       bytes.ptr[1] == 0x8B && bytes.ptr[2] == 8;
}

/* All members of gzip, or the one of another form. */
static enum status
deflated_members(struct sink *sink, enum deflated_form form, struct span body,
		 struct sbuf *out, struct deflated *all_out, struct err *err)
{
	struct span rest = body;
	struct deflated one = { .whole = false };
	size_t at = 0;
	enum status st = ST_OK;

	do {
		st = deflated_unpack(sink, form, rest, out, &one, err);
		at += one.used_bytes;
		(void)span_cut(body, at, body.len_bytes - at, &rest);
	} while (st == ST_OK && one.whole && form == DEFLATED_GZIP &&
		 deflated_is_gzip(rest));
	/* Where damage ends, nobody knows. */
	*all_out = (struct deflated){ .whole = one.whole,
				      .used_bytes =
					      one.whole ? at : body.len_bytes };
	return st;
}

enum status
deflated_give(struct sink *sink, enum deflated_form form, struct span body,
	      const char *name, size_t *end_out, struct err *err)
{
	const struct child child = { .name = name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	AUTO(sbuf_done) struct sbuf out;
	struct deflated all = { .whole = false };
	enum status st = ST_OK;

	sbuf_init_secret(&out, SIZE_MAX / 2);
	deflated_expect(form, body, &out);
	st = deflated_members(sink, form, body, &out, &all, err);
	*end_out = all.used_bytes;
	if (st != ST_OK)
		return st;
	archive_fit(&out);
	uint8_t *owned = out.bytes;

	st = sink_child(sink, &child, sbuf_span(&out),
			owned != NULL ? &owned : NULL, err);
	if (owned == NULL)
		sbuf_init(&out, 0);
	if (st != ST_OK || all.whole)
		return st;
	return sink_opaque(sink, REPORT_REASON_DAMAGED,
			   form == DEFLATED_GZIP ? "gzip: damaged data"
						 : "deflate: damaged data",
			   err);
}
