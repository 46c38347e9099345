#include "lib/crypto/signed_text.h"

#include <string.h>

#include "lib/base/parse.h"

enum { SIGNATURE_TEXT_BYTES = 86 }; /* base64 of 64 bytes, without "==" */

static const char begin[] = SIGNED_TEXT_BEGIN "\n";
static const char middle[] = SIGNED_TEXT_MIDDLE "\n";
static const char end[] = "\n" SIGNED_TEXT_END "\n";

void
signed_text_write(struct span text, const char *signature_base64,
		  struct sbuf *out)
{
	sbuf_add_text(out, begin);
	sbuf_add(out, text.ptr, text.len_bytes);
	sbuf_add_text(out, middle);
	sbuf_add_text(out, signature_base64);
	sbuf_add_text(out, end);
}

static bool
read_signature(struct span line, uint8_t signature_out[SIGNATURE_BYTES])
{
	char text[SIGNATURE_TEXT_BYTES];

	if (line.len_bytes != SIGNATURE_TEXT_BYTES + 2 ||
	    memcmp(line.ptr + SIGNATURE_TEXT_BYTES, "==", 2) != 0)
		return false;
	memcpy(text, line.ptr, sizeof(text));
	for (size_t i = 0; i < sizeof(text); i++) {
		if (text[i] == '-' || text[i] == '_')
			return false;
		text[i] = text[i] == '+' ? '-' : text[i];
		text[i] = text[i] == '/' ? '_' : text[i];
	}
	return parse_base64url(
		(struct span){ (const uint8_t *)text, sizeof(text) },
		signature_out, SIGNATURE_BYTES);
}

/* Cut file at mark; *rest_out is what stands behind it. */
static bool
cut_at(struct span file, const char *mark, struct span *before_out,
       struct span *rest_out)
{
	const uint8_t *at =
		memmem(file.ptr, file.len_bytes, mark, strlen(mark));
	const size_t before = at != NULL ? (size_t)(at - file.ptr) : 0;
	const size_t behind = before + strlen(mark);

	return at != NULL && span_cut(file, 0, before, before_out) &&
	       span_cut(file, behind, file.len_bytes - behind, rest_out);
}

enum status
signed_text_read(struct span file, struct span *text_out,
		 uint8_t signature_out[SIGNATURE_BYTES], struct err *err)
{
	struct span before;
	struct span signature;
	struct span rest;

	if (file.len_bytes > 0 &&
	    memchr(file.ptr, '\r', file.len_bytes) != NULL)
		return err_set(err, ST_FORMAT,
			       "its line ends were changed on the way; use the "
			       "file as it was saved");
	if (file.len_bytes > 0 && cut_at(file, begin, &before, &rest) &&
	    before.len_bytes == 0 && cut_at(rest, middle, text_out, &rest) &&
	    cut_at(rest, end, &signature, &rest) && rest.len_bytes == 0 &&
	    read_signature(signature, signature_out))
		return ST_OK;
	return err_set(err, ST_FORMAT, "this is no signed record");
}
