#include "scanners/readers/deflated.h"

#include <string.h>
#include <zlib.h>

#include "scanners/readers/archive_member.h"
#include "scanners/readers/crc.h"
#include "scanners/readers/inflate.h"

enum {
	GZIP_HEAD_BYTES = 10,
	GZIP_TAIL_BYTES = 8, /* checksum, length */
	GZIP_FLAGS_AT = 3,
	GZIP_CHECKED = 0x02, /* flags: a checksum of the header itself */
	GZIP_EXTRA = 0x04,
	GZIP_NAME = 0x08,
	GZIP_COMMENT = 0x10,
	GZIP_UNKNOWN = 0xE0,
	ZLIB_HEAD_BYTES = 2,
	ZLIB_TAIL_BYTES = 4,
	ZLIB_WITH_DICTIONARY = 0x20
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

static enum status
deflated_spend(void *context, uint64_t len_bytes, uint64_t packed_bytes,
	       struct err *err)
{
	return sink_spend(context, len_bytes, packed_bytes, err);
}

/* Behind the text with its NUL; beyond the end when there is none. */
static size_t
gzip_skip_text(struct span bytes, size_t at)
{
	const uint8_t *nul = NULL;

	if (at < bytes.len_bytes)
		nul = memchr(bytes.ptr + at, 0, bytes.len_bytes - at);
	return nul != NULL ? (size_t)(nul - bytes.ptr) + 1 : SIZE_MAX / 2;
}

/* Where the data of a member starts (RFC 1952, 2.3). False: nowhere. */
static bool
gzip_skip_head(struct span bytes, size_t *at_out)
{
	uint32_t extra_bytes = 0;
	uint32_t check = 0;
	size_t at = GZIP_HEAD_BYTES;

	if (bytes.len_bytes < GZIP_HEAD_BYTES || bytes.ptr[0] != 0x1F ||
	    bytes.ptr[1] != 0x8B || bytes.ptr[2] != Z_DEFLATED)
		return false;
	const unsigned flags = bytes.ptr[GZIP_FLAGS_AT];

	if ((flags & GZIP_EXTRA) != 0) {
		if (!span_read_le(bytes, at, 2, &extra_bytes))
			return false;
		at += 2 + (size_t)extra_bytes;
	}
	if ((flags & GZIP_NAME) != 0)
		at = gzip_skip_text(bytes, at);
	if ((flags & GZIP_COMMENT) != 0)
		at = gzip_skip_text(bytes, at);
	if ((flags & GZIP_CHECKED) != 0) {
		if (!span_read_le(bytes, at, 2, &check) ||
		    check != (crc32_z(0, bytes.ptr, at) & 0xFFFF))
			return false;
		at += 2;
	}
	*at_out = at;
	return (flags & GZIP_UNKNOWN) == 0 && at <= bytes.len_bytes;
}

static bool
zlib_skip_head(struct span bytes, size_t *at_out)
{
	*at_out = ZLIB_HEAD_BYTES;
	return bytes.len_bytes >= ZLIB_HEAD_BYTES &&
	       (bytes.ptr[0] & 0x0F) == Z_DEFLATED &&
	       (bytes.ptr[0] << 8 | bytes.ptr[1]) % 31 == 0 &&
	       (bytes.ptr[1] & ZLIB_WITH_DICTIONARY) == 0;
}

static bool
deflated_skip_head(enum deflated_form form, struct span bytes, size_t *at_out)
{
	switch (form) {
	case DEFLATED_GZIP:
		return gzip_skip_head(bytes, at_out);
	case DEFLATED_ZLIB:
		return zlib_skip_head(bytes, at_out);
	case DEFLATED_NONE:
	case DEFLATED_RAW:
	default:
		*at_out = 0;
		return true;
	}
}

/* What stands behind the data at at is right for what came out. */
static bool
deflated_check_tail(enum deflated_form form, struct span bytes, size_t at,
		    struct span made, size_t *tail_out)
{
	struct span tail = { 0 };
	uint32_t check = 0;
	uint32_t length = 0;

	*tail_out = 0;
	if (form == DEFLATED_GZIP) {
		*tail_out = GZIP_TAIL_BYTES;
		return span_read_le(bytes, at, 4, &check) &&
		       span_read_le(bytes, at + 4, 4, &length) &&
		       length == (uint32_t)made.len_bytes &&
		       check == crc_of(made);
	}
	if (form != DEFLATED_ZLIB)
		return true;
	*tail_out = ZLIB_TAIL_BYTES;
	if (!span_cut(bytes, at, ZLIB_TAIL_BYTES, &tail))
		return false;
	for (size_t i = 0; i < ZLIB_TAIL_BYTES; i++)
		check = check << 8 | tail.ptr[i];
	return check == adler32_z(1, made.ptr, made.len_bytes);
}

enum status
deflated_unpack(struct sink *sink, enum deflated_form form, struct span bytes,
		struct sbuf *out, struct deflated *deflated_out,
		struct err *err)
{
	const struct inflate_budget budget = { deflated_spend, sink };
	const size_t before = out->len_bytes;
	struct span packed = { 0 };
	struct span made = { 0 };
	struct err why = { .st = ST_OK };
	size_t at = 0;
	size_t used = 0;

	*deflated_out = (struct deflated){ .whole = false };
	if (!deflated_skip_head(form, bytes, &at))
		return ST_OK;
	(void)span_cut(bytes, at, bytes.len_bytes - at, &packed);
	const enum status st = inflate_unpack(INFLATE_DEFLATE, packed, &budget,
					      out, &used, &why);

	if (st != ST_OK && st != ST_FORMAT) {
		*err = why;
		return st;
	}
	at += used;
	deflated_out->used_bytes = at;
	(void)span_cut(sbuf_span(out), before, out->len_bytes - before, &made);
	if (st != ST_OK || !deflated_check_tail(form, bytes, at, made, &used))
		return ST_OK;
	deflated_out->whole = true;
	deflated_out->used_bytes = at + used;
	return ST_OK;
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
