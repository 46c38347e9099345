/*
 * link_keys.h - the file key of a link, as it lies in its row.
 *
 * Layer:    vault/case
 * Threads:  link_wrapped_open(): any; the rest: the writer's
 *
 * The file key is wrapped by what the link's secret gives (link_key.h); that is
 * boxed under the link's own key (link_own.h), and that once more under the key
 * of the week in which it ends (link_epochs.h). Links of before there were own
 * keys have the outer box alone, and live until they end.
 */
#ifndef VAULT_CASE_LINK_KEYS_H
#define VAULT_CASE_LINK_KEYS_H

#include "lib/crypto/link_key.h"
#include "vault/case/vault.h"
#include "vault/store/store_link.h"

/* own: its own key. */
MUST_CHECK enum status
link_wrapped_close(const struct vault *vault, uint32_t week,
		   const uint8_t own[SEAL_KEY_BYTES], struct span wrapped,
		   struct sbuf *boxed_out, struct err *err);
/* ST_NOT_FOUND: it or a key of it was destroyed, or the week is over. */
MUST_CHECK enum status
link_wrapped_open(const struct vault *vault, const struct store_link *row,
		  struct sbuf *wrapped_out, struct err *err);
/* A secret as it waits to be sent: boxed under a key of its own kind, and
 * under the row key. Opening: ST_NOT_FOUND: it is gone, or the key is. */
MUST_CHECK enum status
link_secret_close(const struct vault *vault, const struct link_secret *secret,
		  struct sbuf *boxed_out, struct err *err);
MUST_CHECK enum status
link_secret_open(const struct vault *vault, const struct store_link *row,
		 struct link_secret *secret_out, struct err *err);
/* The link ends at another time: row's time, week and box; boxed is behind
 * row->wrapped until the row is stored. */
MUST_CHECK enum status
link_set_expiry(const struct vault *vault, struct store_link *row,
		int64_t expires_unix_ms, struct sbuf *boxed, struct err *err);

/* Was its own key destroyed, by all that can be seen? Not so for what was made
 * before there were own keys, and where its week's key is not there. */
bool link_own_is_lost(const struct vault *vault, const struct store_link *row);

#endif
