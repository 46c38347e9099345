/* PDF: RC4 and AES, the password of the user or of the owner. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/sbuf.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/locks/lock_formats.h"
#include "scanners/locks/pdf_lanes.h"
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
	const uint32_t lanes_cost = 20000;

	return pdf_lanes_can(encrypt) ? lanes_cost : costs[encrypt->revision];
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
	lock->kind = (struct lock_kind){
		.name = encrypt->name,
		.cost_ns = pdf_cost_ns(encrypt),
		.batch = pdf_lanes_can(encrypt)
				 ? (uint32_t)lock->lanes->short_count
				 : 1,
	};
	return ST_OK;
}

/* A password has several forms where it is not ASCII: up to a batch of them. */
struct pdf_batch {
	struct sbuf bytes[LANES_MAX];
	size_t index[LANES_MAX]; /* of its password */
	size_t count;
	size_t most;
};

static bool
pdf_batch_opens(const struct lock *lock, struct pdf_batch *batch,
		size_t *index_out)
{
	const struct pdf_encrypt *encrypt = lock->state;
	struct span spans[LANES_MAX];
	size_t found = 0;

	for (size_t i = 0; i < batch->count; i++)
		spans[i] = sbuf_span(&batch->bytes[i]);
	if (pdf_lanes_can(encrypt) && batch->count > 0)
		found = pdf_lanes_find(encrypt, lock->lanes, spans,
				       batch->count);
	else
		while (found < batch->count &&
		       !pdf_password_fits(encrypt, spans[found]))
			found++;
	if (found < batch->count)
		*index_out = batch->index[found];
	const bool opens = found < batch->count;

	batch->count = 0;
	return opens;
}

/* True: the batch is full, and one of it opens the lock. */
static bool
pdf_take(const struct lock *lock, struct pdf_batch *batch,
	 const struct span *passwords, size_t i, size_t *index_out)
{
	static const enum password_form forms[] = { PASSWORD_FORM_UTF8,
						    PASSWORD_FORM_LATIN1,
						    PASSWORD_FORM_CP932 };
	const struct pdf_encrypt *encrypt = lock->state;
	/* Revisions 5 and 6 have UTF-8. */
	const size_t count = encrypt->revision >= 5 ? 1 : ARRAY_LEN(forms);

	for (size_t k = 0; k < count; k++) {
		struct sbuf *bytes = &batch->bytes[batch->count];

		sbuf_clear(bytes);
		if (!password_form(passwords[i], forms[k], bytes) ||
		    bytes->st != ST_OK)
			continue;
		batch->index[batch->count++] = i;
		if (batch->count == batch->most &&
		    pdf_batch_opens(lock, batch, index_out))
			return true;
	}
	return false;
}

static enum status
pdf_attempt_all(struct lock *lock, struct pdf_batch *batch,
		const struct span *passwords, size_t count, size_t *index_out,
		struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const enum status tick = batch->count == 0
						 ? lanes_tick(lock->watch, err)
						 : ST_OK;

		if (tick != ST_OK)
			return tick;
		if (pdf_take(lock, batch, passwords, i, index_out))
			return ST_OK;
	}
	return pdf_batch_opens(lock, batch, index_out) ? ST_OK : ST_NOT_FOUND;
}

static enum status
pdf_attempt(struct lock *lock, const struct span *passwords, size_t count,
	    size_t *index_out, struct err *err)
{
	struct pdf_batch batch = { .most = lock->kind.batch };

	for (size_t i = 0; i < LANES_MAX; i++)
		sbuf_init_secret(&batch.bytes[i], LOCK_PASSWORD_BYTES);
	const enum status st =
		pdf_attempt_all(lock, &batch, passwords, count, index_out, err);

	for (size_t i = 0; i < LANES_MAX; i++)
		sbuf_done(&batch.bytes[i]);
	lock->is_open = st == ST_OK;
	return st;
}

const struct lock_format lock_pdf = {
	.is = pdf_is,
	.find = pdf_find,
	.attempt = pdf_attempt,
	.done = pdf_done,
};
