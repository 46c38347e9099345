#include "scanners/readers/html_lines.h"

#include <string.h>

#include "scanners/readers/text_views.h"

enum { LINES_BLANKS = 64 /* that may stand before a line's text */ };

struct html_mark {
	size_t at;
	uint64_t line;
};

void
html_lines_init(struct html_lines *lines)
{
	*lines = (struct html_lines){ .first_line = 1 };
	sbuf_init_secret(&lines->text, SIZE_MAX / 2);
	sbuf_init(&lines->marks, SIZE_MAX / 2);
}

void
html_lines_done(struct html_lines *lines)
{
	sbuf_done(&lines->text);
	sbuf_done(&lines->marks);
}

/* Nothing but blanks since the last line end. */
static bool
lines_at_start(struct span text)
{
	for (size_t i = 0; i < LINES_BLANKS; i++) {
		if (i == text.len_bytes)
			return true;
		const uint8_t c = text.ptr[text.len_bytes - 1 - i];

		if (c == '\n')
			return true;
		if (c != ' ' && c != '\t')
			return false;
	}
	return false;
}

void
html_lines_mark(struct html_lines *lines, uint64_t line)
{
	const struct span text = sbuf_span(&lines->text);
	const struct html_mark mark = { text.len_bytes, line };

	if (lines_at_start(text))
		sbuf_add(&lines->marks, &mark, sizeof(mark));
}

/* The index-th mark; false behind the last one. */
static bool
lines_mark_at(const struct html_lines *lines, size_t index,
	      struct html_mark *mark_out)
{
	struct span bytes = { 0 };

	if (!span_cut(sbuf_span(&lines->marks), index * sizeof(*mark_out),
		      sizeof(*mark_out), &bytes))
		return false;
	memcpy(mark_out, bytes.ptr, sizeof(*mark_out));
	return true;
}

/* Take len_bytes off the text, and the marks in them. */
static void
lines_drop(struct html_lines *lines, size_t len_bytes, size_t marks)
{
	const size_t left = lines->text.len_bytes - len_bytes;
	const size_t dropped = marks * sizeof(struct html_mark);
	const size_t marks_left = lines->marks.len_bytes - dropped;

	if (left > 0)
		memmove(lines->text.bytes, lines->text.bytes + len_bytes, left);
	sbuf_truncate(&lines->text, left);
	for (size_t at = dropped; at < lines->marks.len_bytes;
	     at += sizeof(struct html_mark)) {
		struct html_mark mark;

		memcpy(&mark, lines->marks.bytes + at, sizeof(mark));
		mark.at -= len_bytes;
		memcpy(lines->marks.bytes + at - dropped, &mark, sizeof(mark));
	}
	sbuf_truncate(&lines->marks, marks_left);
}

/* The text from at up to end, which begins in line. */
static enum status
lines_give_part(const struct html_lines *lines, struct sink *sink, size_t at,
		size_t end, uint64_t line, struct err *err)
{
	struct span part = { 0 };

	(void)span_cut(sbuf_span(&lines->text), at, end - at, &part);
	return text_give_body(sink, part, line, err);
}

enum status
html_lines_give(struct html_lines *lines, struct sink *sink, size_t len_bytes,
		struct err *err)
{
	const struct span text = sbuf_span(&lines->text);
	struct html_mark mark = { 0, 0 };
	size_t from = 0; /* given up to here; it begins in from_line */
	uint64_t from_line = lines->first_line;
	size_t at = 0; /* counted up to here */
	uint64_t line = from_line;
	uint64_t source_line = from_line; /* of the last mark */
	size_t i = 0;
	enum status st = sbuf_status(&lines->text, "html: text", err);

	if (st == ST_OK)
		st = sbuf_status(&lines->marks, "html: lines", err);
	for (; st == ST_OK && lines_mark_at(lines, i, &mark) &&
	       mark.at < len_bytes;
	     i++) {
		line += text_count_lines(text, at, mark.at);
		at = mark.at;
		if (mark.line != line && mark.line != source_line) {
			st = lines_give_part(lines, sink, from, at, from_line,
					     err);
			from = at;
			from_line = mark.line;
			line = mark.line;
		}
		source_line = mark.line;
	}
	if (st == ST_OK)
		st = lines_give_part(lines, sink, from, len_bytes, from_line,
				     err);
	lines->first_line = line + text_count_lines(text, at, len_bytes);
	lines_drop(lines, len_bytes, i);
	return st;
}
