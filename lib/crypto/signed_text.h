/*
 * signed_text.h - a text and its signature as one file.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 * Input:    signed_text_read() takes untrusted bytes
 *
 * Shape:    a line of SIGNED_TEXT_BEGIN, the text (it ends with a line end),
 *           a line of SIGNED_TEXT_MIDDLE, the signature in base64, a line of
 *           SIGNED_TEXT_END. Signed are the bytes of the text.
 */
#ifndef LIB_CRYPTO_SIGNED_TEXT_H
#define LIB_CRYPTO_SIGNED_TEXT_H

#include "lib/crypto/sign.h"

#define SIGNED_TEXT_BEGIN  "-----BEGIN SEKIMORI RECORD-----"
#define SIGNED_TEXT_MIDDLE "-----BEGIN SIGNATURE-----"
#define SIGNED_TEXT_END    "-----END SIGNATURE-----"

void signed_text_write(struct span text, const char *signature_base64,
		       struct sbuf *out);

/* *text_out borrows from file. Line ends may have become CRLF on the way:
 * then the text cannot be checked, and ST_FORMAT says so.
 * Returns: ST_OK; ST_FORMAT */
MUST_CHECK enum status
signed_text_read(struct span file, struct span *text_out,
		 uint8_t signature_out[SIGNATURE_BYTES], struct err *err);

#endif
