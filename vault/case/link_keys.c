#include "vault/case/link_keys.h"

#include <string.h>

#include "vault/case/link_epochs.h"

#define LINK_WRAPPED_CONTEXT "link-wrapped"

enum { LINK_WRAPPED_BOX_BYTES = 1024 };

enum status
link_wrapped_close(const struct vault *vault, uint32_t week,
		   struct span wrapped, struct sbuf *boxed_out, struct err *err)
{
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = link_epochs_need(vault, week, key, err);

	if (st == ST_OK)
		st = box_close(key, LINK_WRAPPED_CONTEXT, wrapped, boxed_out,
			       err);
	explicit_bzero(key, sizeof(key));
	return st;
}

enum status
link_wrapped_open(const struct vault *vault, const struct store_link *row,
		  struct sbuf *wrapped_out, struct err *err)
{
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = ST_OK;

	if (row->wrapped.len_bytes == 0)
		return err_set(err, ST_NOT_FOUND, "the link has no key");
	st = link_epochs_find(vault, row->week, key, err);
	if (st == ST_OK)
		st = box_open(key, LINK_WRAPPED_CONTEXT, row->wrapped,
			      wrapped_out, err);
	explicit_bzero(key, sizeof(key));
	return st == ST_FORMAT ? err_set(err, ST_IO,
					 "store: the key of a link is damaged")
			       : st;
}

enum status
link_set_expiry(const struct vault *vault, struct store_link *row,
		int64_t expires_unix_ms, struct sbuf *boxed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	const uint32_t week = link_epochs_week(expires_unix_ms);
	enum status st = ST_OK;

	sbuf_init_secret(&wrapped, LINK_WRAPPED_BOX_BYTES);
	if (week != row->week) {
		st = link_wrapped_open(vault, row, &wrapped, err);
		if (st == ST_OK)
			st = link_wrapped_close(
				vault, week, sbuf_span(&wrapped), boxed, err);
		if (st != ST_OK)
			return st;
		row->week = week;
		row->wrapped = sbuf_span(boxed);
	}
	row->expires_unix_ms = expires_unix_ms;
	return ST_OK;
}
