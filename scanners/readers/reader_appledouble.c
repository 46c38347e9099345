/*
 * The reader of AppleSingle and AppleDouble (RFC 1740): what a Macintosh keeps
 * beside the data of a file, and in AppleSingle the data as well.
 *
 * Shape (big-endian; offsets and sizes in bytes):
 *
 *	file   0  4  0x00051600 single, 0x00051607 double
 *	       4  4  version
 *	       8 16  filler
 *	      24  2  number of entries
 *	      26  n  entries: id 4, offset 4, length 4
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "scanners/text/readings.h"

enum {
	APPLE_HEADER_BYTES = 26,
	APPLE_ENTRY_BYTES = 12,
	APPLE_DATA_FORK = 1,
	APPLE_RESOURCE_FORK = 2,
	APPLE_REAL_NAME = 3
};

static uint32_t
apple_big(struct span bytes, size_t at, size_t len_bytes)
{
	struct span part = { 0 };
	uint32_t value = 0;

	(void)span_cut(bytes, at, len_bytes, &part);
	for (size_t i = 0; i < part.len_bytes; i++)
		value = value << 8 | part.ptr[i];
	return value;
}

/* Entry number index; false when its bytes are not all there, then *part_out
 * is what there is. */
static bool
apple_entry(struct span body, size_t index, uint32_t *id_out,
	    struct span *part_out)
{
	const size_t at = APPLE_HEADER_BYTES + index * APPLE_ENTRY_BYTES;
	const size_t from = apple_big(body, at + 4, 4);
	const size_t len = apple_big(body, at + 8, 4);

	*id_out = apple_big(body, at, 4);
	*part_out = (struct span){ NULL, 0 };
	if (at + APPLE_ENTRY_BYTES > body.len_bytes)
		return false;
	if (span_cut(body, from, len, part_out))
		return true;
	if (from < body.len_bytes)
		(void)span_cut(body, from, body.len_bytes - from, part_out);
	return false;
}

/* The name of the file, for both forks. */
static void
apple_name(struct span body, size_t count, struct sbuf *name)
{
	struct span part = { 0 };
	uint32_t id = 0;

	for (size_t i = 0; i < count; i++)
		if (apple_entry(body, i, &id, &part) && id == APPLE_REAL_NAME &&
		    name->len_bytes == 0)
			text_decode_best(part, (struct span){ 0 }, name);
}

static enum status
apple_give(struct sink *sink, struct span body, size_t count, const char *name,
	   struct err *err)
{
	const struct child child = { .name = name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	enum status st = ST_OK;
	bool whole = true;

	for (size_t i = 0; i < count && st == ST_OK; i++) {
		struct span part = { 0 };
		uint32_t id = 0;

		whole &= apple_entry(body, i, &id, &part);
		if (part.len_bytes == 0)
			continue;
		if (id == APPLE_DATA_FORK || id == APPLE_RESOURCE_FORK)
			st = sink_child(sink, &child, part, NULL, err);
		else
			st = sink_gap(sink, part, err);
	}
	if (st == ST_OK && !whole)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED,
				 "appledouble: cut off", err);
	return st;
}

static enum status
apple_read(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	const size_t most = body.len_bytes / APPLE_ENTRY_BYTES;
	const size_t said = apple_big(body, APPLE_HEADER_BYTES - 2, 2);
	struct sbuf name;
	enum status st = ST_OK;

	(void)hint;
	if (body.len_bytes < APPLE_HEADER_BYTES || said > most)
		return err_set(err, ST_FORMAT, "appledouble: cut off");
	sbuf_init_secret(&name, SIZE_MAX / 2);
	apple_name(body, said, &name);
	st = sbuf_status(&name, "appledouble: name", err);
	/* What no entry points at, and the entries themselves. */
	if (st == ST_OK)
		st = sink_gap(sink, body, err);
	if (st == ST_OK)
		st = apple_give(sink, body, said, sbuf_text(&name), err);
	sbuf_done(&name);
	return st;
}

static enum sniff
apple_sniff(struct span body, const struct child *hint)
{
	const uint32_t magic = apple_big(body, 0, 4);

	(void)hint;
	return magic == 0x00051600 || magic == 0x00051607 ? SNIFF_CERTAIN
							  : SNIFF_NO;
}

const struct reader reader_appledouble = {
	.name = "appledouble",
	.foreign = false,
	.sniff = apple_sniff,
	.read = apple_read,
};
