#include "scanners/readers/zip_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"

enum { ZIP_STEP_BYTES = 64 * 1024 };

struct zip_stream {
	struct sink *sink;
	const struct zip_taker *taker;
	struct archive *archive;
	int64_t consumed_bytes; /* of the packed bytes, told to the sink */
};

static void
zip_archive_free(struct archive **archive)
{
	if (*archive != NULL)
		(void)archive_read_free(*archive);
	*archive = NULL;
}

/* The member's name as UTF-8. */
static void
zip_stream_name(struct archive_entry *entry, struct sbuf *out)
{
	const char *utf8 = archive_entry_pathname_utf8(entry);
	const char *raw = archive_entry_pathname(entry);

	if (utf8 != NULL && utf8[0] != '\0' && parse_is_utf8(span_of(utf8)))
		sbuf_add_text(out, utf8);
	else if (raw != NULL)
		text_decode_best(span_of(raw), (struct span){ 0 }, out);
}

/* Packed bytes since the last call, at least one. */
static uint64_t
zip_stream_packed(struct zip_stream *stream)
{
	const int64_t now = archive_filter_bytes(stream->archive, -1);
	const int64_t since = now - stream->consumed_bytes;

	stream->consumed_bytes = now;
	return since > 0 ? (uint64_t)since : 1;
}

/* All data of the current member. *whole_out: read to its proper end. */
static enum status
zip_stream_data(struct zip_stream *stream, struct sbuf *out, bool *whole_out,
		struct err *err)
{
	enum status st = ST_OK;

	*whole_out = false;
	while (st == ST_OK) {
		uint8_t *place = sbuf_extend(out, ZIP_STEP_BYTES);
		la_ssize_t got = 0;

		if (place == NULL)
			return sbuf_status(out, "zip: member", err);
		got = archive_read_data(stream->archive, place, ZIP_STEP_BYTES);
		sbuf_truncate(out, out->len_bytes - ZIP_STEP_BYTES +
					   (got > 0 ? (size_t)got : 0));
		if (got == 0)
			*whole_out = true;
		if (got <= 0)
			return ST_OK;
		st = sink_spend(stream->sink, (uint64_t)got,
				zip_stream_packed(stream), err);
	}
	return st;
}

static enum status
zip_stream_give(struct zip_stream *stream, const char *name, struct sbuf *bytes,
		bool locked, struct err *err)
{
	uint8_t *owned = bytes->bytes;
	const struct zip_member member = { name, sbuf_span(bytes), &owned,
					   locked };
	const enum status st =
		stream->taker->take(stream->taker->context, &member, err);

	if (owned == NULL)
		sbuf_init(bytes, 0);
	return st;
}

/* The member that was not read, or not to its end. */
static enum status
zip_stream_report(struct zip_stream *stream, uint32_t method, struct err *err)
{
	/* Those that libarchive has: store, deflate, bzip2, lzma, zstd, xz,
	 * ppmd. */
	static const uint32_t known[] = { 0, 8, 12, 14, 93, 95, 98, 99 };
	char detail[40];

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (method == known[i])
			return sink_opaque(stream->sink, REPORT_REASON_DAMAGED,
					   "zip: damaged member", err);
	(void)snprintf(detail, sizeof(detail), "zip: method %u",
		       (unsigned)method);
	return sink_opaque(stream->sink, REPORT_REASON_UNKNOWN_CONTAINER,
			   detail, err);
}

/* libarchive does not tell the method but in words ("method 9…"). */
static uint32_t
zip_stream_method(struct archive *archive)
{
	const char *words = archive_error_string(archive);
	const char *at = words != NULL ? strstr(words, "method (") : NULL;
	uint32_t method = 0;

	if (at == NULL)
		return 0;
	for (at += strlen("method (");
	     *at >= '0' && *at <= '9' && method < 1000; at++)
		method = method * 10 + (uint32_t)(*at - '0');
	return method;
}

static enum status
zip_stream_member(struct zip_stream *stream, struct archive_entry *entry,
		  struct err *err)
{
	struct sbuf name;
	struct sbuf bytes;
	bool whole = false;
	bool locked = archive_entry_is_encrypted(entry) != 0;
	enum status st = ST_OK;

	sbuf_init(&name, SIZE_MAX / 2);
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	zip_stream_name(entry, &name);
	st = sbuf_status(&name, "zip: name", err);
	if (st == ST_OK && !locked)
		st = zip_stream_data(stream, &bytes, &whole, err);
	if (st == ST_OK && (bytes.len_bytes > 0 || locked ||
			    archive_entry_filetype(entry) != AE_IFDIR))
		st = zip_stream_give(stream, sbuf_text(&name), &bytes, locked,
				     err);
	if (st == ST_OK && !whole && !locked)
		st = zip_stream_report(stream,
				       zip_stream_method(stream->archive), err);
	sbuf_done(&name);
	sbuf_done(&bytes);
	return st;
}

enum status
zip_stream_central(struct sink *sink, struct span archive,
		   const struct zip_taker *taker, struct err *err)
{
	AUTO(zip_archive_free) struct archive *reader = archive_read_new();
	struct zip_stream stream = { sink, taker, reader, 0 };
	struct archive_entry *entry = NULL;
	enum status st = ST_OK;

	if (reader == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	if (archive_read_support_format_zip_seekable(reader) != ARCHIVE_OK ||
	    archive_read_open_memory(reader, archive.ptr, archive.len_bytes) !=
		    ARCHIVE_OK)
		return sink_opaque(sink, REPORT_REASON_DAMAGED,
				   "zip: not readable", err);
	while (st == ST_OK) {
		const int rc = archive_read_next_header(reader, &entry);

		if (rc == ARCHIVE_EOF)
			return ST_OK;
		/* A warning is about a name at worst. */
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return sink_opaque(sink, REPORT_REASON_DAMAGED,
					   "zip: damaged header", err);
		st = zip_stream_member(&stream, entry, err);
	}
	return st;
}

enum status
zip_stream_local(struct sink *sink, struct span archive,
		 const struct zip_entry *local, const struct zip_taker *taker,
		 struct err *err)
{
	AUTO(zip_archive_free) struct archive *reader = archive_read_new();
	struct zip_stream stream = { sink, taker, reader, 0 };
	struct archive_entry *entry = NULL;
	struct span rest = { 0 };
	int rc = ARCHIVE_FATAL;

	if (reader == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	const size_t at = (size_t)local->local_at;

	if (span_cut(archive, at, archive.len_bytes - at, &rest) &&
	    archive_read_support_format_zip_streamable(reader) == ARCHIVE_OK &&
	    archive_read_open_memory(reader, rest.ptr, rest.len_bytes) ==
		    ARCHIVE_OK)
		rc = archive_read_next_header(reader, &entry);
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return zip_stream_report(&stream, local->method, err);
	return zip_stream_member(&stream, entry, err);
}
