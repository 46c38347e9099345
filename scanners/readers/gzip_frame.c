#include "scanners/readers/gzip_frame.h"

#include "lib/base/sbuf.h"

enum {
	GZIP_TRAILER_BYTES = 8,
	ZLIB_HEADER_BYTES = 2,
	ZLIB_PRESET_BIT = 0x20 /* of a dictionary that nobody has */
};

enum status
gzip_frame_give(struct sink *sink, enum gzip_frame frame, struct span data,
		struct err *err)
{
	static const uint8_t header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	static const uint8_t trailer[GZIP_TRAILER_BYTES] = { 0 };
	const struct child child = { .name = "",
				     .content_type = "",
				     .charset = "" };
	struct sbuf bytes;
	enum status st = ST_OK;

	if (frame == GZIP_FRAME_ZLIB &&
	    (data.len_bytes < ZLIB_HEADER_BYTES || (data.ptr[0] & 0x0F) != 8 ||
	     (data.ptr[1] & ZLIB_PRESET_BIT) != 0 ||
	     !span_cut(data, ZLIB_HEADER_BYTES,
		       data.len_bytes - ZLIB_HEADER_BYTES, &data)))
		return sink_opaque(sink, REPORT_REASON_DAMAGED,
				   "no data of zlib", err);
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_add(&bytes, header, sizeof(header));
	sbuf_add_span(&bytes, data);
	sbuf_add(&bytes, trailer, sizeof(trailer));
	st = sbuf_status(&bytes, "gzip frame", err);
	if (st == ST_OK)
		st = sink_child(sink, &child, sbuf_span(&bytes), NULL, err);
	sbuf_done(&bytes);
	return st;
}
