/*
 * LibreOffice begins each XML document that it encrypts with a comment of
 * random letters, so that nobody knows its first bytes. Read as base64 they are
 * data like packed or encrypted data, and by chance like any format.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/odf_parts.h"
#include "scanners/readers/reader.h"

/* It has 896 to 1151. */
enum { SALT_LEAST_BYTES = 512, SALT_MOST_BYTES = 2048, SALT_HEAD_BYTES = 200 };

static bool
salt_is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '+' || c == '/';
}

static bool
salt_has(struct span text, size_t at, const char *part)
{
	struct span here = { NULL, 0 };

	return span_cut(text, at, strlen(part), &here) &&
	       span_equal(here, span_of(part));
}

/* What stands in a comment right behind the declaration, if that is all that
 * it is. */
static bool
salt_find(struct span text, struct span *salt_out)
{
	size_t at = salt_has(text, 0, "\xEF\xBB\xBF") ? 3 : 0;
	size_t end = 0;

	if (salt_has(text, at, "<?xml "))
		while (at < text.len_bytes && at < SALT_HEAD_BYTES &&
		       text.ptr[at++] != '>')
			;
	while (at < text.len_bytes && strchr(" \r\n\t", text.ptr[at]) != NULL &&
	       text.ptr[at] != '\0')
		at++;
	if (!salt_has(text, at, "<!--"))
		return false;
	at += 4;
	end = at;
	while (end < text.len_bytes && end - at <= SALT_MOST_BYTES &&
	       salt_is_letter(text.ptr[end]))
		end++;
	return salt_has(text, end, "-->") && end - at >= SALT_LEAST_BYTES &&
	       span_cut(text, at, end - at, salt_out);
}

/* Is it what some program has put there instead, with a signature? */
static bool
salt_is_file(struct span salt)
{
	static const struct child hint = { .name = "",
					   .content_type = "",
					   .charset = "",
					   .attachment = true };
	enum sniff sniff = SNIFF_NO;
	size_t index = 0;
	bool file = false;
	struct sbuf bytes;

	sbuf_init_secret(&bytes, SALT_MOST_BYTES);
	(void)mime_decode_base64(salt, &bytes);
	while (!file &&
	       reader_next(sbuf_span(&bytes), &hint, &index, &sniff) != NULL)
		file = sniff == SNIFF_CERTAIN;
	file = file || bytes.st != ST_OK;
	sbuf_done(&bytes);
	return file;
}

enum status
odf_give_salt(struct sink *sink, struct odf_member *member, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, 0, "comment" };
	const struct span bytes = { member->bytes, member->len_bytes };
	struct span salt = { NULL, 0 };
	enum status st = ST_OK;

	if (!salt_find(bytes, &salt) || salt_is_file(salt))
		return ST_OK;
	st = sink_text(sink, &place, salt, err);
	if (st == ST_OK)
		st = sink_break(sink, err);
	memset(member->bytes + (salt.ptr - bytes.ptr), ' ', salt.len_bytes);
	return st;
}
