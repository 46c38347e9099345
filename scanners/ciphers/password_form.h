/*
 * password_form.h - the bytes that programs make of a password.
 *
 * Layer:    scanners/ciphers; includes lib/base and scanners/text
 * Threads:  no shared state
 * Input:    passwords are secrets: out is one that wipes (sbuf_init_secret)
 */
#ifndef SCANNERS_CIPHERS_PASSWORD_FORM_H
#define SCANNERS_CIPHERS_PASSWORD_FORM_H

#include "lib/base/sbuf.h"

enum password_form {
	PASSWORD_FORM_NONE = 0,
	PASSWORD_FORM_UTF8,
	PASSWORD_FORM_CP932,   /* older programs in Japan: zip */
	PASSWORD_FORM_LATIN1,  /* of Windows: PDF, old OpenDocument */
	PASSWORD_FORM_UTF16LE, /* Office, 7z */
	PASSWORD_FORM_END
};

/*
 * Append a password (UTF-8) in this form to out, which is empty. False: it
 * cannot be written so, or (but for UTF-16) that is the same as in UTF-8.
 */
bool password_form(struct span utf8, enum password_form form, struct sbuf *out);

/* The codes of CP932, for who writes many passwords so. Returns: ST_OK,
 * ST_NO_MEMORY */
struct password_codes;
MUST_CHECK enum status
password_codes_new(struct password_codes **made_out, struct err *err);
void password_codes_free(struct password_codes **codes);
/* password_form() in CP932. */
bool password_codes_form(const struct password_codes *codes, struct span utf8,
			 struct sbuf *out);

#endif
