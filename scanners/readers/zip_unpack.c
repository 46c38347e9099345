#include "scanners/readers/zip_unpack.h"

#include "scanners/readers/archive_member.h"
#include "scanners/readers/crc.h"
#include "scanners/readers/inflate.h"
#include "scanners/readers/zip_feed.h"

enum { ZIP_STORED = 0, ZIP_DEFLATED = 8, ZIP_DEFLATED64 = 9 };

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

static enum status
zip_unpack_foreign(struct sink *sink, const struct zip_packed *packed,
		   struct span bytes, struct sbuf *out,
		   struct zip_result *result, struct err *err)
{
	AUTO(archive_close) struct archive *archive = archive_read_new();
	struct archive_stream stream = { .sink = sink, .archive = archive };
	const struct zip_fed fed = { packed->method, packed->flags,
				     packed->size_bytes, packed->crc, bytes };
	struct archive_member member = { .out = out };
	struct zip_feed feed;
	enum status st = ST_OK;

	result->too_large = !zip_feed_is_modest(&fed);
	if (result->too_large)
		return ST_OK;
	if (archive == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	if (!zip_feed_open(&feed, &fed, archive))
		return ST_OK;
	st = archive_member_data(&stream, &member, err);
	result->whole = member.is_whole;
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
	return method == ZIP_STORED || method == ZIP_DEFLATED ||
	       method == ZIP_DEFLATED64 || zip_feed_is_method(method);
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
