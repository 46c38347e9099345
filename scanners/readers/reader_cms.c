/*
 * The reader of CMS objects (S/MIME): what is signed is read, what is
 * encrypted is said.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/cms_walk.h"
#include "scanners/readers/deflated.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"

enum { CMS_DETAIL_BYTES = 40 };

static bool
cms_is_declared(const struct child *hint)
{
	return strcmp(hint->content_type, "application/pkcs7-mime") == 0 ||
	       strcmp(hint->content_type, "application/x-pkcs7-mime") == 0;
}

/* The content is a part of a mail in S/MIME, and any file elsewhere. */
static bool
cms_is_part(struct span bytes)
{
	struct mime_header_walk walk = { .bytes = bytes };
	struct mime_field field;

	return mime_field_next(&walk, &field) && !walk.has_junk;
}

static enum status
cms_give(struct sink *sink, enum cms_kind kind,
	 const struct cms_content *content, struct err *err)
{
	const struct span bytes = sbuf_span(&content->bytes);
	const bool mail = cms_is_part(bytes);
	struct child child = { .name = "",
			       .content_type = mail ? "message/rfc822" : "",
			       .charset = "",
			       .mail = mail };
	enum status st = sbuf_status(&content->bytes, "cms: content", err);

	if (st == ST_OK)
		st = sink_spend(sink, bytes.len_bytes, bytes.len_bytes, err);
	if (st == ST_OK && !content->is_whole)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED, "cms: cut off",
				 err);
	if (st != ST_OK)
		return st;
	if (kind == CMS_COMPRESSED)
		child = (struct child){ .name = "",
					.content_type = deflated_zlib_type,
					.charset = "" };
	return sink_child(sink, &child, bytes, NULL, err);
}

/* Names of people and hosts stand in certificates as they are. */
static enum status
cms_give_rest(struct sink *sink, struct span body,
	      const struct cms_content *content, struct err *err)
{
	struct span part = { 0 };
	enum status st = ST_OK;

	(void)span_cut(body, 0, content->start_at, &part);
	if (part.len_bytes > 0)
		st = sink_gap(sink, part, err);
	(void)span_cut(body, content->end_at, body.len_bytes - content->end_at,
		       &part);
	if (st == ST_OK && part.len_bytes > 0)
		st = sink_gap(sink, part, err);
	return st;
}

static enum status
cms_read_content(struct sink *sink, enum cms_kind kind, struct span body,
		 struct err *err)
{
	struct cms_content content = { .is_there = false };
	enum status st = ST_OK;

	sbuf_init_secret(&content.bytes, SIZE_MAX / 2);
	if (!cms_find_content(body, kind, &content))
		st = err_set(err, ST_FORMAT, "cms: cut off");
	/* Of a signature or of certificates alone, something is missing. */
	if (st == ST_OK && content.is_whole && cms_is_cut(body))
		st = sink_opaque(sink, REPORT_REASON_DAMAGED, "cms: cut off",
				 err);
	if (st == ST_OK && content.is_there)
		st = cms_give(sink, kind, &content, err);
	if (st == ST_OK)
		st = cms_give_rest(sink, body, &content, err);
	sbuf_done(&content.bytes);
	return st;
}

static enum status
cms_read_object(struct sink *sink, struct span body, struct err *err)
{
	const enum cms_kind kind = cms_kind_of(body);
	enum report_reason reason = REPORT_REASON_UNKNOWN_CONTAINER;
	const char *detail = "cms: another type";
	enum status st = ST_OK;

	switch (kind) {
	case CMS_DATA:
	case CMS_SIGNED:
	case CMS_DIGESTED:
	case CMS_COMPRESSED:
		return cms_read_content(sink, kind, body, err);
	case CMS_ENCRYPTED:
		reason = REPORT_REASON_ENCRYPTED;
		detail = "s/mime";
		break;
	case CMS_LOCKED:
		reason = REPORT_REASON_LOCKED;
		detail = "pkcs #12";
		break;
	case CMS_OTHER:
		break;
	case CMS_NONE:
	default:
		return err_set(err, ST_FORMAT, "cms: no object");
	}
	st = sink_opaque(sink, reason, detail, err);
	return st == ST_OK ? sink_gap(sink, body, err) : st;
}

static enum status
cms_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	struct sbuf bytes;
	enum status st = ST_OK;

	if (cms_kind_of(body) != CMS_NONE || !cms_is_declared(hint))
		return cms_read_object(sink, body, err);
	/* Base64 whose header is missing. */
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	(void)mime_decode_base64(body, &bytes);
	st = sbuf_status(&bytes, "cms: base64", err);
	if (st == ST_OK)
		st = cms_read_object(sink, sbuf_span(&bytes), err);
	sbuf_done(&bytes);
	return st;
}

static enum sniff
cms_sniff(struct span body, const struct child *hint)
{
	if (body.len_bytes > 0 && cms_is_declared(hint))
		return SNIFF_CERTAIN;
	return cms_kind_of(body) != CMS_NONE ? SNIFF_CERTAIN : SNIFF_NO;
}

const struct reader reader_cms = {
	.name = "cms",
	.foreign = false,
	.sniff = cms_sniff,
	.read = cms_read,
};
