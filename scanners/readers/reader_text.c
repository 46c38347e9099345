/* The reader of plain text. */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/text_escapes.h"
#include "scanners/readers/text_flow.h"
#include "scanners/readers/text_record.h"
#include "scanners/readers/text_views.h"
#include "scanners/text/readings.h"

/* A second time where letters are written as escapes: as they are meant. */
static enum status
text_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf plain;
	enum status st = text_give_body(sink, utf8, 1, err);

	sbuf_init_secret(&plain, SIZE_MAX / 2);
	if (st == ST_OK && text_unescape(utf8, &plain)) {
		st = sbuf_status(&plain, "text: escapes", err);
		if (st == ST_OK)
			st = sink_break(sink, err);
		if (st == ST_OK)
			st = sink_spend(sink, plain.len_bytes, utf8.len_bytes,
					err);
		if (st == ST_OK)
			st = text_give_body(sink, sbuf_span(&plain), 1, err);
	}
	sbuf_done(&plain);
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
	return text_is_plausible(body) ? SNIFF_MAYBE : SNIFF_NO;
}

const struct reader reader_text = {
	.name = "text",
	.foreign = false,
	.sniff = text_sniff,
	.read = text_read,
};
