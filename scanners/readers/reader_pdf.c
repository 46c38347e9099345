/* The reader of PDF, which another program does: scanners/pdf/. */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/find.h"
#include "scanners/readers/glance.h"
#include "scanners/text/readings.h"

/* Viewers accept a head of other bytes (ISO 32000-1 annex H, note 13). */
enum {
	PDF_HEAD_BYTES = 1024,
	PDF_MAX_EARLIER = 8,
	PDF_LINE_END_BYTES = 2,
	PDF_END_BYTES = 64
};

/* White space, "obj", and no letter: a text about PDF has the mark, but no
 * object. */
static bool
pdf_has_object(struct span body)
{
	size_t at = find_next(body, 0, "obj", 3);

	while (at < body.len_bytes) {
		const size_t end = at + 3;
		const uint8_t next =
			end < body.len_bytes ? body.ptr[end] | 0x20 : 0;

		if (at > 0 && body.ptr[at - 1] <= ' ' &&
		    !(next >= 'a' && next <= 'z'))
			return true;
		at = find_next(body, end, "obj", 3);
	}
	return false;
}

static bool
pdf_starts_as_text(struct span body)
{
	struct span head = body;

	if (head.len_bytes > PDF_HEAD_BYTES)
		head.len_bytes = PDF_HEAD_BYTES;
	return text_is_plausible(head);
}

static bool
pdf_has_end(struct span body, const struct child *hint)
{
	return glance_marks(body, hint).end_at < body.len_bytes;
}

/* Some viewers look for the mark in all of the file, and others do without
 * (it may be damaged). An archive may have a document in it as it is. */
static bool
pdf_has_start(struct span body)
{
	struct span head = body;

	if (head.len_bytes > PDF_HEAD_BYTES)
		head.len_bytes = PDF_HEAD_BYTES;
	if (find_next(body, 0, "%PDF-", 5) < body.len_bytes)
		return pdf_starts_as_text(body);
	return find_next(head, 0, " obj", 4) < head.len_bytes &&
	       find_next(body, 0, "%%EOF", 5) < body.len_bytes;
}

/* A member of a zip by its local header: what is before its data, and that. */
struct pdf_member {
	struct span head;
	struct span data;
	bool stored;
};

/* The member whose header is at *at, which moves behind its data. False when
 * there is none, or its size stands elsewhere. */
static bool
pdf_next_member(struct span body, size_t *at, struct pdf_member *member)
{
	enum { LOCAL_BYTES = 30, LOCAL_SIGNATURE = 0x04034B50, LOCAL_LATE = 8 };
	uint32_t signature = 0;
	uint32_t flags = 0;
	uint32_t method = 0;
	uint32_t size = 0;
	uint32_t name = 0;
	uint32_t extra = 0;
	struct span local = { 0 };

	if (!span_cut(body, *at, body.len_bytes - *at, &local) ||
	    !span_read_le(local, 0, 4, &signature) ||
	    signature != LOCAL_SIGNATURE ||
	    !span_read_le(local, 6, 2, &flags) || (flags & LOCAL_LATE) != 0 ||
	    !span_read_le(local, 8, 2, &method) ||
	    !span_read_le(local, 18, 4, &size) ||
	    !span_read_le(local, 26, 2, &name) ||
	    !span_read_le(local, 28, 2, &extra))
		return false;
	const size_t head = LOCAL_BYTES + name + extra;

	member->stored = method == 0;
	*at += head + size;
	return span_cut(local, 0, head, &member->head) &&
	       span_cut(local, head, size, &member->data);
}

static bool
pdf_starts(struct span body)
{
	return body.len_bytes >= 5 && memcmp(body.ptr, "%PDF-", 5) == 0;
}

/*
 * A zip that has documents in it as they are: whatever a viewer could take for
 * an object of one stands in a member that is read as one. Bytes between, or
 * objects anywhere else, make it two things at once.
 */
static bool
pdf_is_zip(struct span body)
{
	enum { CENTRAL_SIGNATURE = 0x02014B50 };
	struct pdf_member member = { .stored = false };
	struct span rest = { 0 };
	uint32_t signature = 0;
	size_t at = 0;
	size_t end = 0;

	while (pdf_next_member(body, &end, &member)) {
		at = end;
		if (pdf_has_object(member.head) ||
		    (pdf_has_object(member.data) &&
		     !(member.stored && pdf_starts(member.data))))
			return false;
	}
	return span_cut(body, at, body.len_bytes - at, &rest) &&
	       span_read_le(rest, 0, 4, &signature) &&
	       signature == CENTRAL_SIGNATURE && !pdf_has_object(rest);
}

static enum sniff
pdf_sniff(struct span body, const struct child *hint)
{
	static const char mark[] = "%PDF-";
	const size_t mark_bytes = sizeof(mark) - 1;
	struct span head = body;
	size_t at = 0;

	if (head.len_bytes > PDF_HEAD_BYTES + mark_bytes)
		head.len_bytes = PDF_HEAD_BYTES + mark_bytes;
	if (body.len_bytes < mark_bytes)
		return SNIFF_NO;
	if (memcmp(body.ptr, mark, mark_bytes) == 0)
		return SNIFF_CERTAIN;
	at = find_next(head, 0, mark, mark_bytes);
	if (at < head.len_bytes)
		return pdf_has_object(body) && !pdf_is_zip(body) ? SNIFF_LIKELY
								 : SNIFF_NO;
	return !hint->mail && pdf_has_end(body, hint) && pdf_has_object(body) &&
			       pdf_has_start(body) && !pdf_is_zip(body)
		       ? SNIFF_MAYBE
		       : SNIFF_NO;
}

/* Offset of mark in body from at on, or the end. */
static size_t
pdf_find(struct span body, size_t at, const char *mark)
{
	return find_next(body, at, mark, strlen(mark));
}

/* The next end of a state: what tells where its table is stands before it. A
 * font may have an end of its own in it. */
static size_t
pdf_find_end(struct span body, size_t from)
{
	size_t at = pdf_find(body, from, "%%EOF");

	while (at < body.len_bytes) {
		const size_t near = at < PDF_END_BYTES ? 0 : at - PDF_END_BYTES;
		struct span before = { 0 };

		if (span_cut(body, near, at - near, &before) &&
		    pdf_find(before, 0, "startxref") < before.len_bytes)
			break;
		at = pdf_find(body, at + 5, "%%EOF");
	}
	return at;
}

/*
 * A document that was changed has its earlier states before it, each with an
 * end of its own; what was taken out is still there. And a file may be two
 * documents. Every reader takes the last one.
 */
static enum status
pdf_give_earlier(struct sink *sink, struct span body, struct err *err)
{
	static const struct child child = { .name = "",
					    .content_type = "application/pdf",
					    .charset = "",
					    .attachment = true };
	const bool fast = pdf_find(body, 0, "/Linearized") < PDF_HEAD_BYTES;
	struct span piece = { 0 };
	const size_t first = pdf_find(body, 0, "%PDF-");
	size_t start = first;
	size_t count = 0;
	size_t end = pdf_find_end(body, 0);
	enum status st = ST_OK;

	/* The first end of one that is laid out for the web is no end. */
	if (fast && end < body.len_bytes)
		end = pdf_find_end(body, end + 5);
	while (st == ST_OK && end < body.len_bytes) {
		const size_t next = pdf_find_end(body, end + 5);
		const size_t head = pdf_find(body, end + 5, "%PDF-");

		if (next == body.len_bytes)
			break;
		if (++count > PDF_MAX_EARLIER)
			return sink_opaque(sink, REPORT_REASON_LIMIT,
					   "limit earlier states of a pdf",
					   err);
		if (start < end &&
		    span_cut(body, start, end + 5 - start, &piece))
			st = sink_child(sink, &child, piece, NULL, err);
		start = head < next ? head : start;
		end = next;
	}
	if (st == ST_OK && start > first &&
	    span_cut(body, start, body.len_bytes - start, &piece))
		st = sink_child(sink, &child, piece, NULL, err);
	return st;
}

/* What stands before the first object, and behind the last end. */
static enum status
pdf_give_around(struct sink *sink, struct span body, struct err *err)
{
	const uint8_t *last = NULL;
	struct span part = { 0 };
	enum status st = ST_OK;

	if (span_cut(body, 0, pdf_find(body, 0, " obj"), &part) &&
	    part.len_bytes < body.len_bytes)
		st = sink_gap(sink, part, err);
	for (size_t at = pdf_find(body, 0, "%%EOF"); at < body.len_bytes;
	     at = pdf_find(body, at + 5, "%%EOF"))
		last = body.ptr + at;
	if (st != ST_OK || last == NULL)
		return st;
	const size_t behind = (size_t)(last - body.ptr) + 5;

	return span_cut(body, behind, body.len_bytes - behind, &part) &&
			       part.len_bytes > PDF_LINE_END_BYTES
		       ? sink_gap(sink, part, err)
		       : ST_OK;
}

static enum status
pdf_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	/* What is around it, and before it, was read without a password. */
	if (hint->password_count > 0)
		return sink_remote(sink, "pdf", body, err);
	/* A form in XML is read out of the file itself; in one that is
	 * encrypted (if with an empty password) it cannot be seen. */
	const bool hidden =
		memmem(body.ptr, body.len_bytes, "/XFA", 4) != NULL &&
		memmem(body.ptr, body.len_bytes, "/Encrypt", 8) != NULL;
	enum status st =
		hidden ? sink_opaque(sink, REPORT_REASON_UNKNOWN_CONTAINER,
				     "pdf: xfa form", err)
		       : ST_OK;

	if (st == ST_OK)
		st = pdf_give_around(sink, body, err);
	if (st == ST_OK)
		st = pdf_give_earlier(sink, body, err);
	return st == ST_OK ? sink_remote(sink, "pdf", body, err) : st;
}

const struct reader reader_pdf = {
	.name = "pdf",
	.foreign = false, /* not in this process */
	.sniff = pdf_sniff,
	.read = pdf_read,
};
