#include "scanners/readers/zip_unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "scanners/readers/archive_member.h"
#include "scanners/readers/crc.h"
#include "scanners/readers/inflate.h"

enum {
	ZIP_HEAD_BYTES = 31, /* a local header, name "a" */
	ZIP_PPMD_MEMORY_MB = 64,
	ZIP_FLAGS_OF_METHODS = 0x0006,
	ZIP_STORED = 0,
	ZIP_DEFLATED = 8,
	ZIP_DEFLATED64 = 9,
	ZIP_BZIP2 = 12,
	ZIP_LZMA = 14,
	ZIP_ZSTD = 93,
	ZIP_XZ = 95,
	ZIP_PPMD = 98
};

/* What a method made of the bytes. */
struct zip_result {
	bool whole; /* read to its own end */
	bool too_large;
	uint64_t used_bytes; /* of the packed ones, where that is known */
	bool used_known;
};

static enum status
zip_spend(void *context, uint64_t len_bytes, uint64_t packed_bytes,
	  struct err *err)
{
	return sink_spend(context, len_bytes, packed_bytes, err);
}

static enum status
zip_inflate(struct sink *sink, const struct zip_packed *packed,
	    struct sbuf *out, struct zip_result *result, struct err *err)
{
	const struct inflate_budget budget = { zip_spend, sink };
	const enum inflate_form form = packed->method == ZIP_DEFLATED64
					       ? INFLATE_DEFLATE64
					       : INFLATE_DEFLATE;
	struct err why = { .st = ST_OK };
	size_t used = 0;
	const enum status st =
		inflate_unpack(form, packed->bytes, &budget, out, &used, &why);

	result->whole = st == ST_OK;
	result->used_bytes = used;
	result->used_known = true;
	if (st == ST_OK || st == ST_FORMAT)
		return ST_OK;
	*err = why;
	return st;
}

static enum status
zip_copy(struct sink *sink, struct span bytes, struct sbuf *out,
	 struct zip_result *result, struct err *err)
{
	const enum status st =
		sink_spend(sink, bytes.len_bytes, bytes.len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_add_span(out, bytes);
	result->whole = true;
	return sbuf_status(out, "zip: member", err);
}

/* A header of our own and the data, as libarchive reads them. */
struct zip_feed {
	uint8_t head[ZIP_HEAD_BYTES];
	struct span bytes;
	unsigned step;
};

static la_ssize_t
zip_feed_read(struct archive *archive, void *context, const void **block)
{
	struct zip_feed *feed = context;

	(void)archive;
	feed->step++;
	if (feed->step == 1) {
		*block = feed->head;
		return ZIP_HEAD_BYTES;
	}
	if (feed->step > 2)
		return 0;
	*block = feed->bytes.ptr;
	return (la_ssize_t)feed->bytes.len_bytes;
}

static void
zip_put(uint8_t *to, uint64_t value, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

static void
zip_feed_head(const struct zip_packed *packed, struct zip_feed *feed)
{
	uint8_t *head = feed->head;

	zip_put(head, 0x04034b50, 4);
	zip_put(head + 4, 63, 2);
	zip_put(head + 6, packed->flags & ZIP_FLAGS_OF_METHODS, 2);
	zip_put(head + 8, packed->method, 2);
	zip_put(head + 14, packed->crc, 4);
	zip_put(head + 18, feed->bytes.len_bytes, 4);
	zip_put(head + 22, packed->size_bytes, 4);
	zip_put(head + 26, 1, 2);
	head[ZIP_HEAD_BYTES - 1] = 'a';
}

/* PPMd asks for its memory in its first two bytes: order, MiB less one. */
static bool
zip_is_modest(const struct zip_packed *packed)
{
	uint32_t settings = 0;

	return packed->method != ZIP_PPMD ||
	       !span_read_le(packed->bytes, 0, 2, &settings) ||
	       (settings >> 4 & 0xFF) < ZIP_PPMD_MEMORY_MB;
}

static enum status
zip_unpack_foreign(struct sink *sink, const struct zip_packed *packed,
		   struct span bytes, struct sbuf *out,
		   struct zip_result *result, struct err *err)
{
	AUTO(archive_close) struct archive *archive = archive_read_new();
	struct archive_stream stream = { .sink = sink, .archive = archive };
	struct archive_entry *entry = NULL;
	struct zip_feed feed = { .bytes = bytes };
	enum status st = ST_OK;

	result->too_large = !zip_is_modest(packed);
	if (result->too_large)
		return ST_OK;
	if (archive == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	zip_feed_head(packed, &feed);
	if (archive_read_support_format_zip_streamable(archive) != ARCHIVE_OK ||
	    archive_read_open(archive, &feed, NULL, zip_feed_read, NULL) !=
		    ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) < ARCHIVE_WARN)
		return ST_OK;
	st = archive_member_data(&stream, out, &result->whole, err);
	if (!result->whole)
		result->too_large = archive_is_too_large(archive);
	return st;
}

static enum status
zip_unpack_by_method(struct sink *sink, const struct zip_packed *packed,
		     struct sbuf *out, struct zip_result *result,
		     struct err *err)
{
	struct span bytes = packed->bytes;

	if (packed->method == ZIP_DEFLATED || packed->method == ZIP_DEFLATED64)
		return zip_inflate(sink, packed, out, result, err);
	/* These end where the header says. */
	if (packed->packed_bytes < bytes.len_bytes)
		bytes.len_bytes = (size_t)packed->packed_bytes;
	result->used_known = bytes.len_bytes < packed->packed_bytes;
	result->used_bytes = bytes.len_bytes;
	if (packed->method == ZIP_STORED)
		return zip_copy(sink, bytes, out, result, err);
	return zip_unpack_foreign(sink, packed, bytes, out, result, err);
}

static bool
zip_is_known(uint32_t method)
{
	static const uint32_t known[] = { ZIP_STORED,     ZIP_DEFLATED,
					  ZIP_DEFLATED64, ZIP_BZIP2,
					  ZIP_LZMA,       ZIP_ZSTD,
					  ZIP_XZ,         ZIP_PPMD };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i] == method)
			return true;
	return false;
}

static enum zip_outcome
zip_judge(const struct zip_packed *packed, const struct zip_result *result,
	  struct span out)
{
	if (result->too_large)
		return ZIP_OUTCOME_TOO_LARGE;
	if (!result->whole)
		return ZIP_OUTCOME_DAMAGED;
	if (packed->unchecked)
		return ZIP_OUTCOME_WHOLE;
	if (packed->size_bytes != out.len_bytes || packed->crc != crc_of(out))
		return ZIP_OUTCOME_DAMAGED;
	return result->used_known && result->used_bytes != packed->packed_bytes
		       ? ZIP_OUTCOME_ODD
		       : ZIP_OUTCOME_WHOLE;
}

enum status
zip_unpack(struct sink *sink, const struct zip_packed *packed, struct sbuf *out,
	   enum zip_outcome *outcome, struct err *err)
{
	struct zip_result result = { .whole = false };
	enum status st = ST_OK;

	*outcome = ZIP_OUTCOME_UNKNOWN;
	if (!zip_is_known(packed->method))
		return ST_OK;
	archive_expect(out, packed->size_bytes, packed->bytes.len_bytes);
	st = zip_unpack_by_method(sink, packed, out, &result, err);
	*outcome = zip_judge(packed, &result, sbuf_span(out));
	return st;
}
