#include "scanners/readers/text_views.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"

enum { TEXT_CHUNK_BYTES = 64 * 1024 };

static enum status
text_view(struct sink *sink, struct span body, enum charset charset,
	  text_view_fn *read, struct err *err)
{
	struct sbuf text;
	struct span plain = { 0 };
	enum status st = sink_spend(sink, body.len_bytes, body.len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&text, SIZE_MAX / 2);
	/* Valid UTF-8 is read where it lies. */
	if (!charset_is_plain(charset, body, &plain)) {
		charset_decode(charset, body, &text);
		plain = sbuf_span(&text);
	}
	st = sbuf_status(&text, "text: decoding", err);
	if (st == ST_OK)
		st = read(sink, plain, err);
	if (st == ST_OK)
		st = sink_break(sink, err);
	sbuf_done(&text);
	return st;
}

enum status
text_views(struct sink *sink, struct span body, const char *charset,
	   text_view_fn *read, struct err *err)
{
	struct text_readings readings;
	enum status st = ST_OK;

	text_find_readings(body, span_of(charset), &readings);
	if (readings.unknown)
		st = sink_opaque(sink, REPORT_REASON_CHARSET, "", err);
	for (size_t i = 0; i < readings.count && st == ST_OK; i++)
		st = text_view(sink, body, readings.charsets[i], read, err);
	return st;
}

uint64_t
text_count_lines(struct span text, size_t from, size_t to)
{
	uint64_t lines = 0;

	while (from < to) {
		const uint8_t *end = memchr(text.ptr + from, '\n', to - from);

		if (end == NULL)
			break;
		lines++;
		from = (size_t)(end - text.ptr) + 1;
	}
	return lines;
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
