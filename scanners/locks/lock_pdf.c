/* PDF: RC4 and AES, the password of the user or of the owner. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/sbuf.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/locks/lock_formats.h"
#include "scanners/locks/pdf_password.h"

enum { PDF_SIGNATURE_BYTES = 1024 /* before which it may stand */ };

static bool
pdf_is(struct span object)
{
	const size_t len = object.len_bytes < PDF_SIGNATURE_BYTES
				   ? object.len_bytes
				   : PDF_SIGNATURE_BYTES;

	return len > 0 && memmem(object.ptr, len, "%PDF-", 5) != NULL;
}

static void
pdf_done(void *state)
{
	free(state);
}

/* About, measured. */
static uint64_t
pdf_cost_ns(const struct pdf_encrypt *encrypt)
{
	static const uint32_t costs[] = { 0,     0,    4000,   60000,
					  60000, 2000, 2000000 };

	return costs[encrypt->revision];
}

static enum status
pdf_find(struct lock *lock, struct span object, struct err *err)
{
	struct pdf_encrypt *encrypt = calloc(1, sizeof(*encrypt));
	enum status st = ST_OK;

	lock->state = encrypt;
	if (encrypt == NULL)
		return err_set(err, ST_NO_MEMORY, "pdf: no memory");
	st = pdf_encrypt_find(object, encrypt, err);
	if (st != ST_OK)
		return st;
	/* It opens without a question. */
	if (pdf_password_fits(encrypt, (struct span){ NULL, 0 }))
		return ST_NOT_FOUND;
	lock->kind = (struct lock_kind){ .name = encrypt->name,
					 .cost_ns = pdf_cost_ns(encrypt),
					 .batch = 1 };
	return ST_OK;
}

static bool
pdf_opens(const struct pdf_encrypt *encrypt, struct span password,
	  struct sbuf *bytes)
{
	static const enum password_form forms[] = { PASSWORD_FORM_UTF8,
						    PASSWORD_FORM_LATIN1,
						    PASSWORD_FORM_CP932 };
	/* Revisions 5 and 6 have UTF-8. */
	const size_t count = encrypt->revision >= 5 ? 1 : ARRAY_LEN(forms);

	for (size_t i = 0; i < count; i++) {
		sbuf_clear(bytes);
		if (password_form(password, forms[i], bytes) &&
		    pdf_password_fits(encrypt, sbuf_span(bytes)))
			return true;
	}
	return false;
}

static enum status
pdf_attempt(struct lock *lock, const struct span *passwords, size_t count,
	    size_t *index_out, struct err *err)
{
	const struct pdf_encrypt *encrypt = lock->state;
	struct sbuf bytes;
	enum status st = ST_NOT_FOUND;

	sbuf_init_secret(&bytes, LOCK_PASSWORD_BYTES);
	for (size_t i = 0; i < count && st == ST_NOT_FOUND; i++) {
		const enum status tick = lanes_tick(lock->watch, err);

		if (tick != ST_OK) {
			st = tick;
		} else if (pdf_opens(encrypt, passwords[i], &bytes)) {
			*index_out = i;
			st = ST_OK;
		}
	}
	sbuf_done(&bytes);
	lock->is_open = st == ST_OK;
	return st;
}

const struct lock_format lock_pdf = {
	.is = pdf_is,
	.find = pdf_find,
	.attempt = pdf_attempt,
	.done = pdf_done,
};
