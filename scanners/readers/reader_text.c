/* The reader of plain text. */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/text_escapes.h"
#include "scanners/readers/text_flow.h"
#include "scanners/readers/text_record.h"
#include "scanners/readers/text_views.h"

/* The line at *at, with its end; *at is behind it. */
static struct span
text_whole_line(struct span text, size_t *at)
{
	struct span line = { 0 };
	const uint8_t *end = memchr(text.ptr + *at, '\n', text.len_bytes - *at);
	const size_t to =
		end != NULL ? (size_t)(end - text.ptr) + 1 : text.len_bytes;

	(void)span_cut(text, *at, to - *at, &line);
	*at = to;
	return line;
}

/* Lines of plain that differ from those of utf8, and those beside them, where
 * the word for a number may stand: people who look at the text need not see
 * all of it twice. Both have the same number of lines. */
static void
text_add_changed(struct span utf8, struct span plain, struct sbuf *out)
{
	struct span before = { 0 };
	size_t at = 0;
	size_t plain_at = 0;
	bool follows = false;

	while (at < utf8.len_bytes && plain_at < plain.len_bytes) {
		const struct span line = text_whole_line(utf8, &at);
		const struct span changed = text_whole_line(plain, &plain_at);
		const bool differs = !span_equal(line, changed);

		if (differs)
			sbuf_add_span(out, before);
		if (differs || follows)
			sbuf_add_span(out, changed);
		before = differs || follows ? (struct span){ 0 } : changed;
		follows = differs;
	}
}

/* Where letters are written as escapes: once more, as they are meant. */
static enum status
text_read_escapes(struct sink *sink, struct span utf8, struct err *err)
{
	static const struct place place = { PLACE_ELEMENT, 0, "escapes" };
	struct sbuf plain;
	struct sbuf changed;
	enum status st = ST_OK;

	sbuf_init_secret(&plain, SIZE_MAX / 2);
	sbuf_init_secret(&changed, SIZE_MAX / 2);
	if (text_unescape(utf8, &plain)) {
		st = sbuf_status(&plain, "text: escapes", err);
		if (st == ST_OK)
			st = sink_spend(sink, plain.len_bytes, utf8.len_bytes,
					err);
		text_add_changed(utf8, sbuf_span(&plain), &changed);
		if (st == ST_OK)
			st = sbuf_status(&changed, "text: escapes", err);
		if (st == ST_OK)
			st = sink_break(sink, err);
		if (st == ST_OK)
			st = sink_text(sink, &place, sbuf_span(&changed), err);
	}
	sbuf_done(&plain);
	sbuf_done(&changed);
	return st;
}

static enum status
text_read_lines(struct sink *sink, struct span utf8, struct err *err)
{
	const enum status st = text_give_body(sink, utf8, 1, err);

	return st == ST_OK ? text_read_escapes(sink, utf8, err) : st;
}

/* Do all lines end with CR alone, as old systems wrote them? */
static bool
text_has_old_lines(struct span utf8)
{
	return utf8.len_bytes > 0 &&
	       memchr(utf8.ptr, '\n', utf8.len_bytes) == NULL &&
	       memchr(utf8.ptr, '\r', utf8.len_bytes) != NULL;
}

/* Lines are counted by LF. */
static enum status
text_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf lines;
	enum status st = ST_OK;

	if (!text_has_old_lines(utf8))
		return text_read_lines(sink, utf8, err);
	sbuf_init_secret(&lines, SIZE_MAX / 2);
	for (size_t i = 0; i < utf8.len_bytes; i++)
		sbuf_add_byte(&lines, utf8.ptr[i] == '\r' ? '\n' : utf8.ptr[i]);
	st = sbuf_status(&lines, "text: lines", err);
	if (st == ST_OK)
		st = sink_spend(sink, lines.len_bytes, utf8.len_bytes, err);
	if (st == ST_OK)
		st = text_read_lines(sink, sbuf_span(&lines), err);
	sbuf_done(&lines);
	return st;
}

static enum status
text_read_joined(struct sink *sink, const struct sbuf *text, struct err *err)
{
	const enum status st = sbuf_status(text, "text: lines", err);

	return st == ST_OK ? text_give_body(sink, sbuf_span(text), 1, err) : st;
}

static enum status
text_read_flowed(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_unflow(utf8, TEXT_FLOW_SPACE, &text);
	st = text_read_joined(sink, &text, err);
	sbuf_done(&text);
	return st;
}

static enum status
text_read_delsp(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_unflow(utf8, TEXT_FLOW_DELSP, &text);
	st = text_read_joined(sink, &text, err);
	sbuf_done(&text);
	return st;
}

static enum status
text_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	const enum text_record record = text_record_of(body);
	text_view_fn *view = text_read_view;
	enum status st = ST_OK;

	if (hint->flow == TEXT_FLOW_SPACE)
		view = text_read_flowed;
	if (hint->flow == TEXT_FLOW_DELSP)
		view = text_read_delsp;
	st = record != TEXT_RECORD_NONE
		     ? text_record_read(sink, body, record, hint->charset, err)
		     : text_views(sink, body, hint->charset, view, err);
	return st;
}

static enum sniff
text_sniff(struct span body, const struct child *hint)
{
	if (strncmp(hint->content_type, "text/", 5) == 0 ||
	    strncmp(hint->content_type, "message/", 8) == 0)
		return SNIFF_LIKELY;
	return glance_is_text(body, hint) ? SNIFF_MAYBE : SNIFF_NO;
}

const struct reader reader_text = {
	.name = "text",
	.foreign = false,
	.sniff = text_sniff,
	.read = text_read,
};
