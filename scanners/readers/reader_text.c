/* The reader of plain text. */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/text_flow.h"
#include "scanners/readers/text_views.h"
#include "scanners/text/readings.h"

static enum status
text_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	return text_give_body(sink, utf8, 1, err);
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

/* The photos and files of a card: "PHOTO;ENCODING=b:…". */
static enum status
text_give_card_files(struct sink *sink, struct span card, struct err *err)
{
	struct span line = { 0 };
	size_t at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && at < card.len_bytes) {
		struct span value = { 0 };

		at = mime_line(card, at, &line);
		const uint8_t *colon =
			line.len_bytes > 0
				? memchr(line.ptr, ':', line.len_bytes)
				: NULL;
		const size_t head =
			colon != NULL ? (size_t)(colon - line.ptr) + 1 : 0;

		if (head > 0 &&
		    span_cut(line, head, line.len_bytes - head, &value))
			st = field_give_file(sink, value, err);
	}
	return st;
}

static enum status
text_read_card(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_unfold(utf8, &text);
	st = text_read_joined(sink, &text, err);
	if (st == ST_OK)
		st = text_give_card_files(sink, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

static bool
text_starts(struct span body, const char *head)
{
	struct span start = { 0 };

	return span_cut(body, 0, strlen(head), &start) &&
	       span_equal_nocase(start, span_of(head));
}

static bool
text_is_card(struct span body)
{
	return text_starts(body, "BEGIN:VCARD") ||
	       text_starts(body, "BEGIN:VCALENDAR");
}

/* Cards of old telephones are in quoted-printable, in part. */
static enum status
text_read_quoted_card(struct sink *sink, struct span body,
		      const struct child *hint, struct err *err)
{
	static const char mark[] = "QUOTED-PRINTABLE";
	struct sbuf text;
	enum status st = ST_OK;

	if (memmem(body.ptr, body.len_bytes, mark, sizeof(mark) - 1) == NULL)
		return ST_OK;
	sbuf_init_secret(&text, SIZE_MAX / 2);
	(void)mime_decode_quoted(body, &text);
	st = sbuf_status(&text, "text: card", err);
	if (st == ST_OK)
		st = text_views(sink, sbuf_span(&text), hint->charset,
				text_read_card, err);
	sbuf_done(&text);
	return st;
}

/* Files that stand in a text, at the start of a line, in a form that is not
 * read: raw text is swept, but it is no text. */
struct text_block {
	const char *mark;
	enum report_reason reason;
	const char *detail;
};
static const struct text_block text_blocks[] = {
	{ "-----BEGIN PGP MESSAGE-----", REPORT_REASON_ENCRYPTED,
	  "pgp message" },
};

static bool
text_has_block(struct span body, const char *mark)
{
	const size_t mark_bytes = strlen(mark);
	struct span rest = body;

	while (rest.len_bytes > 0) {
		const uint8_t *found =
			memmem(rest.ptr, rest.len_bytes, mark, mark_bytes);

		if (found == NULL)
			return false;
		if (found == body.ptr || found[-1] == '\n')
			return true;
		if (!span_cut(rest, (size_t)(found - rest.ptr) + 1,
			      rest.len_bytes - (size_t)(found - rest.ptr) - 1,
			      &rest))
			return false;
	}
	return false;
}

static enum status
text_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	const bool card = text_is_card(body);
	text_view_fn *view = text_read_view;

	if (hint->flow == TEXT_FLOW_SPACE)
		view = text_read_flowed;
	if (hint->flow == TEXT_FLOW_DELSP)
		view = text_read_delsp;
	if (card)
		view = text_read_card;
	enum status st = text_views(sink, body, hint->charset, view, err);

	if (st == ST_OK && card)
		st = text_read_quoted_card(sink, body, hint, err);
	for (size_t i = 0; i < ARRAY_LEN(text_blocks) && st == ST_OK; i++) {
		const struct text_block *block = &text_blocks[i];

		if (text_has_block(body, block->mark))
			st = sink_opaque(sink, block->reason, block->detail,
					 err);
	}
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
