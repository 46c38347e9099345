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

/* Does block lie in the archive itself, right behind what lies there? */
static bool
archive_goes_on(const struct archive_stream *stream, struct span lying,
		struct span block)
{
	const uintptr_t start = (uintptr_t)stream->whole.ptr;
	const uintptr_t at = (uintptr_t)block.ptr;

	return at >= start && at - start <= stream->whole.len_bytes &&
	       block.len_bytes <= stream->whole.len_bytes - (at - start) &&
	       (lying.len_bytes == 0 ||
		at == (uintptr_t)lying.ptr + lying.len_bytes);
}

/* The holes of a sparse member are zeros. */
static enum status
archive_add_zeros(struct archive_stream *stream, uint64_t count,
		  struct sbuf *out, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && count > 0) {
		const size_t step = count < ARCHIVE_STEP_BYTES
					    ? (size_t)count
					    : ARCHIVE_STEP_BYTES;
		uint8_t *place = NULL;

		st = sink_spend(stream->sink, step, 0, err);
		if (st != ST_OK)
			return st;
		place = sbuf_extend(out, step);
		if (place == NULL)
			return sbuf_status(out, "archive: member", err);
		memset(place, 0, step);
		count -= step;
	}
	return st;
}

/* What lay in the archive goes on elsewhere: then all of it is copied. */
static void
archive_copy(struct archive_stream *stream, struct archive_member *member)
{
	if (member->expect_bytes > 0)
		archive_expect(member->out, member->expect_bytes,
			       stream->whole.len_bytes);
	sbuf_add_span(member->out, member->lying);
	member->lying = (struct span){ 0 };
	member->is_copied = true;
}

static enum status
archive_take_block(struct archive_stream *stream, struct span block,
		   uint64_t hole_bytes, struct archive_member *member,
		   struct err *err)
{
	enum status st = sink_spend(stream->sink, block.len_bytes,
				    archive_packed(stream), err);

	if (st != ST_OK || (block.len_bytes == 0 && hole_bytes == 0))
		return st;
	if (!member->is_copied && hole_bytes == 0 &&
	    archive_goes_on(stream, member->lying, block)) {
		if (member->lying.len_bytes == 0)
			member->lying.ptr = block.ptr;
		member->lying.len_bytes += block.len_bytes;
		return ST_OK;
	}
	if (!member->is_copied)
		archive_copy(stream, member);
	st = archive_add_zeros(stream, hole_bytes, member->out, err);
	sbuf_add_span(member->out, block);
	return st == ST_OK ? sbuf_status(member->out, "archive: member", err)
			   : st;
}

enum status
archive_member_data(struct archive_stream *stream,
		    struct archive_member *member, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && !member->is_whole) {
		struct span block = { 0 };
		const void *bytes = NULL;
		la_int64_t at = 0;
		const int rc = archive_read_data_block(stream->archive, &bytes,
						       &block.len_bytes, &at);

		block.ptr = bytes;
		/* The end may stand behind a hole, too. */
		member->is_whole = rc == ARCHIVE_EOF;
		if (member->is_whole)
			block.len_bytes = 0;
		stream->is_broken |= rc == ARCHIVE_FATAL;
		/* Blocks come in order, or the list of them is damaged. */
		if ((rc != ARCHIVE_OK && !member->is_whole) || at < 0 ||
		    (uint64_t)at < member->got_bytes)
			break;
		st = archive_take_block(stream, block,
					(uint64_t)at - member->got_bytes,
					member, err);
		member->got_bytes = (uint64_t)at + block.len_bytes;
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

uint64_t
archive_guess(uint64_t packed_bytes)
{
	const uint64_t guess = packed_bytes * ARCHIVE_USUAL;

	return guess < ARCHIVE_GUESS_BYTES ? guess : ARCHIVE_GUESS_BYTES;
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
