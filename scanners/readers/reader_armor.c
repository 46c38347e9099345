/*
 * The reader of binary data between lines of dashes in a text: messages of
 * OpenPGP, and objects of CMS. Signed text needs no reader of its own: it
 * stands there as it is.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"

struct armor_kind {
	const char *name; /* behind "-----BEGIN " */
	const char *type; /* of the child */
};

static const struct armor_kind armor_kinds[] = {
	{ "PGP MESSAGE", "application/x-openpgp" },
	{ "PKCS7-", "application/pkcs7-mime" },
	{ "PKCS #7 SIGNED DATA-", "application/pkcs7-mime" },
	{ "CMS-", "application/pkcs7-mime" },
};

static const char armor_begin[] = "-----BEGIN ";
static const char armor_end[] = "-----END ";

enum { ARMOR_MARKS_BYTES = 100 }; /* of quotations before a line */

/* Nothing but blanks and marks of a quotation stands before at. */
static bool
armor_starts_line(struct span text, size_t at)
{
	for (size_t i = 0; i < ARMOR_MARKS_BYTES && at > 0; i++) {
		const uint8_t c = text.ptr[--at];

		if (c == '\n' || c == '\r')
			return true;
		if (c != ' ' && c != '\t' && c != '>')
			return false;
	}
	return at == 0;
}

/* The rest of a line behind "-----BEGIN ": of which kind it is, or NULL. */
static const struct armor_kind *
armor_kind_of(struct span line)
{
	static const char dashes[] = "-----";
	struct span part = { 0 };

	line = mime_trim(line);
	if (line.len_bytes < sizeof(dashes) ||
	    !span_cut(line, line.len_bytes - 5, 5, &part) ||
	    memcmp(part.ptr, dashes, 5) != 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(armor_kinds); i++) {
		const size_t len = strlen(armor_kinds[i].name);

		if (span_cut(line, 0, len, &part) && part.ptr != NULL &&
		    memcmp(part.ptr, armor_kinds[i].name, len) == 0)
			return &armor_kinds[i];
	}
	return NULL;
}

/* The next block of a kind that is read, at or behind *at, which moves behind
 * its first line. */
static const struct armor_kind *
armor_find(struct span text, size_t *at)
{
	const size_t begin_bytes = sizeof(armor_begin) - 1;
	const struct armor_kind *kind = NULL;
	struct span line = { 0 };

	while (*at < text.len_bytes) {
		const size_t start_at =
			find_next(text, *at, armor_begin, begin_bytes);

		if (start_at == text.len_bytes)
			break;

		*at = mime_line(text, start_at + begin_bytes, &line);
		kind = armor_kind_of(line);
		if (kind != NULL && armor_starts_line(text, start_at))
			return kind;
	}
	*at = text.len_bytes;
	return NULL;
}

static bool
armor_line_is(struct span line, const char *head)
{
	const size_t len = strlen(head);

	return line.len_bytes >= len && line.ptr != NULL &&
	       memcmp(line.ptr, head, len) == 0;
}

/* The lines of base64 from *at, which moves behind the last line. *whole_out:
 * that line is there. */
static void
armor_decode(struct span text, size_t *at, struct sbuf *out, bool *whole_out)
{
	struct span line = { 0 };
	struct sbuf letters;

	sbuf_init_secret(&letters, SIZE_MAX / 2);
	*whole_out = false;
	while (*at < text.len_bytes && !*whole_out) {
		const size_t next = mime_line(text, *at, &line);

		while (line.len_bytes > 0 &&
		       (line.ptr[0] == '>' || mime_is_space(line.ptr[0])))
			(void)span_cut(line, 1, line.len_bytes - 1, &line);
		if (armor_line_is(line, armor_begin))
			break;
		*at = next;
		*whole_out = armor_line_is(line, armor_end);
		/* Fields ("Version: ...") stand on top, a check sum that starts
		 * with "=" at the end. */
		if (!*whole_out && line.len_bytes > 0 && line.ptr[0] != '=' &&
		    memchr(line.ptr, ':', line.len_bytes) == NULL)
			sbuf_add_span(&letters, line);
	}
	const struct mime_decoded decoded =
		mime_decode_base64(sbuf_span(&letters), out);

	*whole_out = *whole_out && !decoded.is_cut && decoded.junk == 0;
	if (letters.st != ST_OK)
		out->st = letters.st;
	sbuf_done(&letters);
}

static enum status
armor_give(struct sink *sink, struct span text, size_t *at,
	   const struct armor_kind *kind, struct err *err)
{
	const struct child child = { .name = "",
				     .content_type = kind->type,
				     .charset = "" };
	struct sbuf bytes;
	bool whole = false;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	armor_decode(text, at, &bytes, &whole);
	st = sbuf_status(&bytes, "armor", err);
	if (st == ST_OK)
		st = sink_spend(sink, bytes.len_bytes, bytes.len_bytes, err);
	if (st == ST_OK && !whole)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED, "armor: no end",
				 err);
	if (st == ST_OK && bytes.len_bytes > 0)
		st = sink_child(sink, &child, sbuf_span(&bytes), NULL, err);
	sbuf_done(&bytes);
	return st;
}

static enum status
armor_read(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	const struct armor_kind *kind = NULL;
	size_t at = glance_marks(body, hint).armor_at;
	enum status st = ST_OK;

	while (st == ST_OK && (kind = armor_find(body, &at)) != NULL)
		st = armor_give(sink, body, &at, kind, err);
	return st;
}

static enum sniff
armor_sniff(struct span body, const struct child *hint)
{
	size_t at = 0;

	if (strncmp(hint->content_type, "text/", 5) != 0 &&
	    !glance_is_text(body, hint))
		return SNIFF_NO;
	at = glance_marks(body, hint).armor_at;
	return armor_find(body, &at) != NULL ? SNIFF_MAYBE : SNIFF_NO;
}

const struct reader reader_armor = {
	.name = "armor",
	.foreign = false,
	.sniff = armor_sniff,
	.read = armor_read,
};
