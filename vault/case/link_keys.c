#include "vault/case/link_keys.h"

#include <string.h>

#include "vault/case/link_epochs.h"
#include "vault/case/link_own.h"

#define LINK_WRAPPED_CONTEXT "link-wrapped"
#define LINK_OWN_CONTEXT     "link-own"
#define LINK_SECRET_CONTEXT  "link-secret"

enum { LINK_WRAPPED_BOX_BYTES = 1024 };

/* --- the outer box: its week ------------------------------------------- */

static enum status
outer_close(const struct vault *vault, uint32_t week, struct span inner,
	    struct sbuf *boxed_out, struct err *err)
{
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = link_epochs_need(vault, week, key, err);

	if (st == ST_OK)
		st = box_close(key, LINK_WRAPPED_CONTEXT, inner, boxed_out,
			       err);
	explicit_bzero(key, sizeof(key));
	return st;
}

static enum status
outer_open(const struct vault *vault, const struct store_link *row,
	   struct sbuf *inner_out, struct err *err)
{
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = ST_OK;

	if (row->wrapped.len_bytes == 0)
		return err_set(err, ST_NOT_FOUND, "the link has no key");
	st = link_epochs_find(vault, row->week, key, err);
	if (st == ST_OK)
		st = box_open(key, LINK_WRAPPED_CONTEXT, row->wrapped,
			      inner_out, err);
	explicit_bzero(key, sizeof(key));
	return st;
}

/* --- both -------------------------------------------------------------- */

enum status
link_wrapped_close(const struct vault *vault, uint32_t week,
		   const uint8_t own[SEAL_KEY_BYTES], struct span wrapped,
		   struct sbuf *boxed_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf inner;
	enum status st = ST_OK;

	sbuf_init(&inner, LINK_WRAPPED_BOX_BYTES);
	st = box_close(own, LINK_OWN_CONTEXT, wrapped, &inner, err);
	return st == ST_OK ? outer_close(vault, week, sbuf_span(&inner),
					 boxed_out, err)
			   : st;
}

static enum status
inner_open(const struct vault *vault, const struct store_link *row,
	   struct span inner, struct sbuf *wrapped_out, struct err *err)
{
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = ST_OK;

	/* Made before links had keys of their own. */
	if (inner.len_bytes == LINK_WRAPPED_BYTES) {
		sbuf_add_span(wrapped_out, inner);
		return sbuf_status(wrapped_out, "link keys", err);
	}
	st = link_own_find(vault, row->case_id, row->id, key, err);
	if (st == ST_OK)
		st = box_open(key, LINK_OWN_CONTEXT, inner, wrapped_out, err);
	explicit_bzero(key, sizeof(key));
	return st;
}

enum status
link_wrapped_open(const struct vault *vault, const struct store_link *row,
		  struct sbuf *wrapped_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf inner;
	enum status st = ST_OK;

	sbuf_init_secret(&inner, LINK_WRAPPED_BOX_BYTES);
	st = outer_open(vault, row, &inner, err);
	if (st == ST_OK)
		st = inner_open(vault, row, sbuf_span(&inner), wrapped_out,
				err);
	return st == ST_FORMAT ? err_set(err, ST_IO,
					 "store: the key of a link is damaged")
			       : st;
}

bool
link_own_is_lost(const struct vault *vault, const struct store_link *row)
{
	AUTO(sbuf_done) struct sbuf inner;
	uint8_t key[SEAL_KEY_BYTES];
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	sbuf_init_secret(&inner, LINK_WRAPPED_BOX_BYTES);
	if (outer_open(vault, row, &inner, &why) != ST_OK ||
	    inner.len_bytes == LINK_WRAPPED_BYTES)
		return false;
	st = link_own_find(vault, row->case_id, row->id, key, &why);
	explicit_bzero(key, sizeof(key));
	return st == ST_NOT_FOUND;
}

/* --- the secret -------------------------------------------------------- */

enum status
link_secret_close(const struct vault *vault, const struct link_secret *secret,
		  struct sbuf *boxed_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf inner;
	const struct span bytes = { secret->bytes, sizeof(secret->bytes) };
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = link_epochs_need(vault, LINK_EPOCHS_SECRETS, key, err);

	sbuf_init(&inner, LINK_WRAPPED_BOX_BYTES);
	if (st == ST_OK)
		st = box_close(key, LINK_SECRET_CONTEXT, bytes, &inner, err);
	if (st == ST_OK)
		st = key_ring_box(vault->ring, LINK_SECRET_CONTEXT,
				  sbuf_span(&inner), boxed_out, err);
	explicit_bzero(key, sizeof(key));
	return st;
}

/* What does not open with a key that is there is a damaged store. */
static enum status
open_secret(const struct vault *vault, const uint8_t key[SEAL_KEY_BYTES],
	    struct span boxed, struct sbuf *plain, struct err *err)
{
	AUTO(sbuf_done) struct sbuf inner;
	enum status st = ST_OK;

	sbuf_init(&inner, LINK_WRAPPED_BOX_BYTES);
	st = key_ring_unbox(vault->ring, LINK_SECRET_CONTEXT, boxed, &inner,
			    err);
	if (st == ST_OK)
		st = box_open(key, LINK_SECRET_CONTEXT, sbuf_span(&inner),
			      plain, err);
	if (st == ST_FORMAT ||
	    (st == ST_OK && plain->len_bytes != LINK_SECRET_BYTES))
		st = err_set(err, ST_IO,
			     "store: the secret of a link is damaged");
	return st;
}

enum status
link_secret_open(const struct vault *vault, const struct store_link *row,
		 struct link_secret *secret_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf plain;
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = vault_need_ring(vault, err);

	sbuf_init_secret(&plain, LINK_WRAPPED_BOX_BYTES);
	if (st == ST_OK && row->secret.len_bytes == 0)
		st = err_set(err, ST_NOT_FOUND, "the secret was sent");
	if (st == ST_OK)
		st = link_epochs_find(vault, LINK_EPOCHS_SECRETS, key, err);
	if (st == ST_OK)
		st = open_secret(vault, key, row->secret, &plain, err);
	if (st == ST_OK)
		memcpy(secret_out->bytes, plain.bytes, LINK_SECRET_BYTES);
	explicit_bzero(key, sizeof(key));
	return st;
}

/* --- another end ------------------------------------------------------- */

/* One that does not open any more is not boxed again. */
static enum status
move_week(const struct vault *vault, struct store_link *row, uint32_t week,
	  struct sbuf *boxed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	AUTO(sbuf_done) struct sbuf inner;
	enum status st = ST_OK;

	sbuf_init_secret(&wrapped, LINK_WRAPPED_BOX_BYTES);
	sbuf_init_secret(&inner, LINK_WRAPPED_BOX_BYTES);
	st = link_wrapped_open(vault, row, &wrapped, err);
	if (st == ST_OK)
		st = outer_open(vault, row, &inner, err);
	if (st == ST_OK)
		st = outer_close(vault, week, sbuf_span(&inner), boxed, err);
	if (st != ST_OK)
		return st;
	row->week = week;
	row->wrapped = sbuf_span(boxed);
	return ST_OK;
}

enum status
link_set_expiry(const struct vault *vault, struct store_link *row,
		int64_t expires_unix_ms, struct sbuf *boxed, struct err *err)
{
	const uint32_t week = link_epochs_week(expires_unix_ms);
	enum status st = ST_OK;

	if (week != row->week)
		st = move_week(vault, row, week, boxed, err);
	if (st == ST_OK)
		row->expires_unix_ms = expires_unix_ms;
	return st;
}
