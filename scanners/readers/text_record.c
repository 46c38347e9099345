#include "scanners/readers/text_record.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/readers/data_uri.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/text_flow.h"
#include "scanners/readers/text_views.h"
#include "scanners/text/readings.h"

enum { RECORD_LDIF_LINES = 50 /* comments and the version before the first */ };

static bool
record_starts(struct span body, const char *head)
{
	struct span start = { 0 };

	return span_cut(body, 0, strlen(head), &start) &&
	       span_equal_nocase(start, span_of(head));
}

/* "dn: …", behind comments, "version: 1" and empty lines at most. */
static bool
record_is_ldif(struct span body)
{
	struct span line = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < RECORD_LDIF_LINES && at < body.len_bytes; i++) {
		at = mime_line(body, at, &line);
		if (record_starts(line, "dn:"))
			return true;
		if (line.len_bytes > 0 && line.ptr[0] != '#' &&
		    line.ptr[0] != ' ' && !record_starts(line, "version:"))
			return false;
	}
	return false;
}

enum text_record
text_record_of(struct span body)
{
	static const char mark[] = "\xEF\xBB\xBF";

	if (record_starts(body, mark))
		(void)span_cut(body, sizeof(mark) - 1,
			       body.len_bytes - (sizeof(mark) - 1), &body);
	if (record_starts(body, "BEGIN:VCARD") ||
	    record_starts(body, "BEGIN:VCALENDAR"))
		return TEXT_RECORD_CARD;
	return record_is_ldif(body) ? TEXT_RECORD_LDIF : TEXT_RECORD_NONE;
}

/* The first colon that stands in no quotes; of quotes that do not end, the
 * first one at all. NULL: there is none. */
static const uint8_t *
record_colon(struct span line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.len_bytes; i++) {
		if (line.ptr[i] == '"')
			quoted = !quoted;
		else if (line.ptr[i] == ':' && !quoted)
			return line.ptr + i;
	}
	return line.len_bytes > 0 ? memchr(line.ptr, ':', line.len_bytes)
				  : NULL;
}

/* What stands before the colon, and what behind it. */
static bool
record_cut(struct span line, struct span *name, struct span *value)
{
	const uint8_t *colon = record_colon(line);

	if (colon == NULL)
		return false;
	const size_t at = (size_t)(colon - line.ptr);

	return span_cut(line, 0, at, name) &&
	       span_cut(line, at + 1, line.len_bytes - at - 1, value);
}

/* The next of the parameters that ";" parts; rest is what is behind. */
static bool
record_parameter(struct span *rest, struct span *one_out)
{
	const uint8_t *mark = rest->len_bytes > 0
				      ? memchr(rest->ptr, ';', rest->len_bytes)
				      : NULL;

	if (rest->len_bytes == 0)
		return false;
	*one_out = *rest;
	if (mark != NULL)
		one_out->len_bytes = (size_t)(mark - rest->ptr);
	if (mark == NULL ||
	    !span_cut(*rest, one_out->len_bytes + 1,
		      rest->len_bytes - one_out->len_bytes - 1, rest))
		*rest = (struct span){ 0 };
	return true;
}

/* "ENCODING=b", "ENCODING=BASE64", or "BASE64" alone (vCard 2.1). */
static bool
record_says_base64(struct span parameters)
{
	struct span one = { 0 };

	while (record_parameter(&parameters, &one))
		if (span_equal_nocase(one, span_of("ENCODING=B")) ||
		    span_equal_nocase(one, span_of("ENCODING=BASE64")) ||
		    span_equal_nocase(one, span_of("BASE64")))
			return true;
	return false;
}

/* "X-ALT-DESC;FMTTYPE=text/html:" */
static bool
record_says_page(struct span parameters)
{
	struct span one = { 0 };

	while (record_parameter(&parameters, &one))
		if (span_equal_nocase(one, span_of("FMTTYPE=text/html")) ||
		    span_equal_nocase(one, span_of("FMTTYPE=\"text/html\"")))
			return true;
	return false;
}

/* "\n" is a line end, other characters behind "\" stand for themselves (RFC
 * 5545, 3.3.11). */
static void
record_add_unescaped(struct span value, struct sbuf *out)
{
	for (size_t i = 0; i < value.len_bytes; i++) {
		uint8_t c = value.ptr[i];

		if (c == '\\' && i + 1 < value.len_bytes) {
			c = value.ptr[++i];
			c = (c | 0x20) == 'n' ? (uint8_t)'\n' : c;
		}
		sbuf_add_byte(out, c);
	}
}

static enum status
record_give_page(struct sink *sink, struct span value, struct err *err)
{
	static const struct child child = { .name = "",
					    .content_type = "text/html",
					    .charset = "utf-8" };
	struct sbuf page;
	enum status st = ST_OK;

	sbuf_init_secret(&page, SIZE_MAX / 2);
	record_add_unescaped(value, &page);
	st = sbuf_status(&page, "text: page", err);
	if (st == ST_OK)
		st = sink_spend(sink, page.len_bytes, value.len_bytes, err);
	if (st == ST_OK && page.len_bytes > 0)
		st = sink_child(sink, &child, sbuf_span(&page), NULL, err);
	sbuf_done(&page);
	return st;
}

/* 'DESCRIPTION;ALTREP="data:text/html,…":' says the same as a page. */
static enum status
record_give_other(struct sink *sink, struct span parameters, struct err *err)
{
	static const char key[] = "=\"data:";
	enum status st = ST_OK;

	while (st == ST_OK && parameters.len_bytes > 0) {
		const uint8_t *found =
			memmem(parameters.ptr, parameters.len_bytes, key,
			       sizeof(key) - 1);
		struct span uri = { 0 };

		if (found == NULL)
			break;
		const size_t at = (size_t)(found - parameters.ptr) + 2;

		(void)span_cut(parameters, at, parameters.len_bytes - at, &uri);
		parameters = uri;
		const uint8_t *end = memchr(uri.ptr, '"', uri.len_bytes);

		if (end != NULL)
			uri.len_bytes = (size_t)(end - uri.ptr);
		st = data_uri_give_text(sink, uri, err);
		if (st == ST_OK)
			st = field_give_file(sink, uri, err);
	}
	return st;
}

static enum status
record_give_value(struct sink *sink, struct span name, struct span value,
		  struct err *err)
{
	if (record_says_base64(name))
		return field_give_base64(sink, value, err);
	if (record_says_page(name))
		return record_give_page(sink, value, err);
	return field_give_file(sink, value, err);
}

/* The pages, photos and files of a card: "PHOTO;ENCODING=b:…". */
static enum status
record_give_files(struct sink *sink, struct span card, struct err *err)
{
	struct span line = { 0 };
	struct span name = { 0 };
	struct span value = { 0 };
	size_t at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && at < card.len_bytes) {
		at = mime_line(card, at, &line);
		if (!record_cut(line, &name, &value))
			continue;
		st = record_give_other(sink, name, err);
		if (st == ST_OK)
			st = record_give_value(sink, name, value, err);
	}
	return st;
}

static enum status
record_give_card(struct sink *sink, struct span utf8, struct err *err)
{
	const enum status st = text_give_body(sink, utf8, 1, err);

	return st == ST_OK ? record_give_files(sink, utf8, err) : st;
}

/*
 * "name:: value" with the value decoded where it is text; other values are
 * files. Everything else as it stands.
 */
static enum status
record_add_ldif_line(struct sink *sink, struct span line, struct sbuf *out,
		     struct err *err)
{
	struct span name = { 0 };
	struct span value = { 0 };
	struct sbuf bytes;
	enum status st = ST_OK;

	if (!record_cut(line, &name, &value) || value.len_bytes == 0 ||
	    value.ptr[0] != ':') {
		sbuf_add_span(out, line);
		return ST_OK;
	}
	(void)span_cut(value, 1, value.len_bytes - 1, &value);
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	(void)mime_decode_base64(value, &bytes);
	st = sbuf_status(&bytes, "text: ldif", err);
	sbuf_add_span(out, name);
	sbuf_add_text(out, ": ");
	if (st == ST_OK && text_is_plausible(sbuf_span(&bytes)))
		text_decode_best(sbuf_span(&bytes), (struct span){ 0 }, out);
	else if (st == ST_OK)
		st = field_give_base64(sink, value, err);
	sbuf_done(&bytes);
	return st;
}

static enum status
record_give_ldif(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf text;
	struct span line = { 0 };
	size_t at = 0;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	while (st == ST_OK && at < utf8.len_bytes) {
		at = mime_line(utf8, at, &line);
		st = sink_spend(sink, 0, 0, err);
		if (st == ST_OK)
			st = record_add_ldif_line(sink, line, &text, err);
		sbuf_add_byte(&text, '\n');
	}
	if (st == ST_OK)
		st = sbuf_status(&text, "text: ldif", err);
	if (st == ST_OK)
		st = text_give_body(sink, sbuf_span(&text), 1, err);
	sbuf_done(&text);
	return st;
}

/* In UTF-16, where the blank behind a line end has two bytes. */
static enum status
record_give_wide(struct sink *sink, struct span utf8, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_unfold(utf8, &text);
	st = sbuf_status(&text, "text: lines", err);
	if (st == ST_OK)
		st = record_give_card(sink, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

/*
 * Lines are folded by bytes, where a character may stand (RFC 5545, 3.1): so
 * they are joined before the bytes are decoded.
 */
static enum status
record_give_joined(struct sink *sink, struct span body, const char *charset,
		   text_view_fn *read, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	text_unfold(body, &text);
	st = sbuf_status(&text, "text: lines", err);
	if (st == ST_OK)
		st = text_views(sink, sbuf_span(&text), charset, read, err);
	sbuf_done(&text);
	return st;
}

/* Cards of old telephones are in quoted-printable, in part. */
static enum status
record_give_quoted(struct sink *sink, struct span body, const char *charset,
		   struct err *err)
{
	static const char mark[] = "QUOTED-PRINTABLE";
	struct sbuf text;
	enum status st = ST_OK;

	if (find_next(body, 0, mark, sizeof(mark) - 1) == body.len_bytes)
		return ST_OK;
	sbuf_init_secret(&text, SIZE_MAX / 2);
	(void)mime_decode_quoted(body, &text);
	st = sbuf_status(&text, "text: card", err);
	if (st == ST_OK)
		st = text_views(sink, sbuf_span(&text), charset,
				record_give_wide, err);
	sbuf_done(&text);
	return st;
}

enum status
text_record_read(struct sink *sink, struct span body, enum text_record record,
		 const char *charset, struct err *err)
{
	enum status st = ST_OK;

	if (record == TEXT_RECORD_LDIF)
		return record_give_joined(sink, body, charset, record_give_ldif,
					  err);
	if (body.len_bytes > 0 && memchr(body.ptr, 0, body.len_bytes) != NULL)
		st = text_views(sink, body, charset, record_give_wide, err);
	else
		st = record_give_joined(sink, body, charset, record_give_card,
					err);
	return st == ST_OK ? record_give_quoted(sink, body, charset, err) : st;
}
