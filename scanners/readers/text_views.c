#include "scanners/readers/text_views.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/text/readings.h"

enum { TEXT_CHUNK_BYTES = 64 * 1024 };

/* A text in all of its readings. */
struct text_work {
	struct sink *sink;
	struct span body;
	text_view_fn *read;
	struct text_readings readings;
	struct text_kept kept; /* the first reading, or nothing */
};

/* The index-th reading: where it lies, or decoded into room. */
static struct span
text_decode(struct text_work *work, size_t index, struct sbuf *room)
{
	const enum charset charset = work->readings.charsets[index];

	if (work->readings.utf8 && charset <= CHARSET_UTF8)
		return charset_skip_mark(charset, work->body);
	if (work->kept.charset == charset && charset != CHARSET_NONE) {
		*room = work->kept.text;
		sbuf_init_secret(&work->kept.text, SIZE_MAX / 2);
		work->kept.charset = CHARSET_NONE;
	} else {
		charset_decode(charset, work->body, room);
	}
	return sbuf_span(room);
}

static enum status
text_view(struct text_work *work, size_t index, struct err *err)
{
	struct sbuf room;
	struct span text = { 0 };
	enum status st = sink_spend(work->sink, work->body.len_bytes,
				    work->body.len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&room, SIZE_MAX / 2);
	text = text_decode(work, index, &room);
	st = sbuf_status(&room, "text: decoding", err);
	if (st == ST_OK)
		st = work->read(work->sink, text, err);
	if (st == ST_OK)
		st = sink_break(work->sink, err);
	sbuf_done(&room);
	return st;
}

enum status
text_views(struct sink *sink, struct span body, const char *charset,
	   text_view_fn *read, struct err *err)
{
	struct text_work work = { .sink = sink, .body = body, .read = read };
	enum status st = ST_OK;

	sbuf_init_secret(&work.kept.text, SIZE_MAX / 2);
	text_keep_readings(body, span_of(charset), &work.kept, &work.readings);
	if (work.readings.unknown)
		st = sink_opaque(sink, REPORT_REASON_CHARSET, "", err);
	for (size_t i = 0; i < work.readings.count && st == ST_OK; i++)
		st = text_view(&work, i, err);
	sbuf_done(&work.kept.text);
	return st;
}

uint64_t
text_count_lines(struct span text, size_t from, size_t to)
{
	struct span part = { 0 };

	(void)span_cut(text, from, to - from, &part);
	return find_count(part, '\n');
}

/* Cut between characters. */
static size_t
text_chunk_end(struct span text, size_t at)
{
	size_t end = at + TEXT_CHUNK_BYTES;

	if (end >= text.len_bytes)
		return text.len_bytes;
	while (end > at + 1 && (text.ptr[end] & 0xC0) == 0x80)
		end--;
	return end;
}

enum status
text_give_body(struct sink *sink, struct span utf8, uint64_t first_line,
	       struct err *err)
{
	struct place place = { PLACE_BODY, first_line, NULL };
	struct span chunk = { 0 };
	size_t at = 0;

	while (at < utf8.len_bytes) {
		const size_t end = text_chunk_end(utf8, at);
		enum status st = sink_spend(sink, 0, 0, err);

		(void)span_cut(utf8, at, end - at, &chunk);
		if (st == ST_OK)
			st = sink_text(sink, &place, chunk, err);
		if (st != ST_OK)
			return st;
		place.number += text_count_lines(chunk, 0, chunk.len_bytes);
		at = end;
	}
	return ST_OK;
}
