#include "scanners/readers/archive_member.h"

#include <archive.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"

enum {
	ARCHIVE_STEP_BYTES = 64 * 1024,
	ARCHIVE_WASTE_BYTES = 2048,
	ARCHIVE_EXPECT_BYTES = 64 * 1024 * 1024,
	ARCHIVE_TIGHTEST = 1032, /* as deflate can pack */
	ARCHIVE_USUAL = 16,
	ARCHIVE_GUESS_BYTES = 16 * 1024 * 1024
};

void
archive_close(struct archive **archive)
{
	if (*archive != NULL)
		(void)archive_read_free(*archive);
	*archive = NULL;
}

void
archive_add_name(const char *utf8, const char *raw, struct sbuf *out)
{
	if (utf8 != NULL && utf8[0] != '\0' && parse_is_utf8(span_of(utf8)))
		sbuf_add_text(out, utf8);
	else if (raw != NULL)
		text_decode_best(span_of(raw), (struct span){ 0 }, out);
}

/* Packed bytes since the last call, at least one. */
static uint64_t
archive_packed(struct archive_stream *stream)
{
	const int64_t now = archive_filter_bytes(stream->archive, -1);
	const int64_t since = now - stream->consumed_bytes;

	stream->consumed_bytes = now;
	return since > 0 ? (uint64_t)since : 1;
}

enum status
archive_member_data(struct archive_stream *stream, struct sbuf *out,
		    bool *whole_out, struct err *err)
{
	enum status st = ST_OK;

	*whole_out = false;
	while (st == ST_OK) {
		uint8_t *place = sbuf_extend(out, ARCHIVE_STEP_BYTES);
		la_ssize_t got = 0;

		if (place == NULL)
			return sbuf_status(out, "archive: member", err);
		got = archive_read_data(stream->archive, place,
					ARCHIVE_STEP_BYTES);
		sbuf_truncate(out, out->len_bytes - ARCHIVE_STEP_BYTES +
					   (got > 0 ? (size_t)got : 0));
		*whole_out = got == 0;
		stream->is_broken |= got == ARCHIVE_FATAL;
		if (got <= 0)
			return ST_OK;
		st = sink_spend(stream->sink, (uint64_t)got,
				archive_packed(stream), err);
	}
	return st;
}

void
archive_expect(struct sbuf *bytes, uint64_t size_bytes, uint64_t packed_bytes)
{
	if (size_bytes <= ARCHIVE_EXPECT_BYTES &&
	    size_bytes / ARCHIVE_TIGHTEST <= packed_bytes)
		sbuf_expect(bytes, (size_t)size_bytes + ARCHIVE_STEP_BYTES);
}

void
archive_expect_packed(struct sbuf *bytes, uint64_t packed_bytes)
{
	const uint64_t guess = packed_bytes * ARCHIVE_USUAL;

	archive_expect(bytes,
		       guess < ARCHIVE_GUESS_BYTES ? guess
						   : ARCHIVE_GUESS_BYTES,
		       packed_bytes);
}

/* Room that was not used was never written, or wiped: it can be given back
 * where it stands, with nothing copied. */
void
archive_fit(struct sbuf *bytes)
{
	uint8_t *fit = NULL;

	if (bytes->st != ST_OK ||
	    bytes->room_bytes < bytes->len_bytes + ARCHIVE_WASTE_BYTES)
		return;
	fit = realloc(bytes->bytes, bytes->len_bytes + 1);
	if (fit == NULL)
		return;
	bytes->bytes = fit;
	bytes->room_bytes = bytes->len_bytes + 1;
}

bool
archive_is_too_large(struct archive *archive)
{
	const char *why = archive_error_string(archive);

	return archive_errno(archive) == ENOMEM ||
	       (why != NULL && (strstr(why, "annot allocate") != NULL ||
				strstr(why, "memory") != NULL));
}
