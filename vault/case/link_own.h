/*
 * link_own.h - a random key of its own for each link, gone when it ends.
 *
 * Layer:    vault/case
 * Threads:  link_own_find(): any; the rest: the writer's
 *
 * What a link's secret opens is boxed under this key, too. The keys lie beside
 * the store, where no backup has them, and are destroyed before anybody hears
 * that a link ended: an older copy of the store opens no link that has ended,
 * and on another machine none. Who loses them loses the links that live, and
 * nothing else.
 *
 * One file for each mail: it is written once, with its links, and an end
 * overwrites some hundred bytes of it in place, however many links live. With
 * the last link the file goes. Until the commit nothing names what is in it; a
 * crash between a commit that ends a link and the end of its key is made good
 * at the next start, by the rows.
 *
 * Shape: state_dir/link-keys/<case id in hex>, 128 bytes for each link:
 *
 *	16  id of the link; zeros: destroyed
 *	8   when it was made, ms since 1970, big-endian
 *	76  id and key, boxed under the row key
 *	28  zeros
 */
#ifndef VAULT_CASE_LINK_OWN_H
#define VAULT_CASE_LINK_OWN_H

#include "vault/case/vault.h"

enum { LINK_OWN_MAX_BYTES = 128 * 100000 }; /* of a file */

/* A new key, and its place in the file behind those in slots. */
MUST_CHECK enum status
link_own_make(const struct vault *vault, const uint8_t link_id[LINK_ID_BYTES],
	      struct sbuf *slots, uint8_t key_out[SEAL_KEY_BYTES],
	      struct err *err);
/* The file of a case, durable before its rows are committed. One of an
 * earlier life of the case (an older store was restored) is replaced. */
MUST_CHECK enum status
link_own_write(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	       const struct sbuf *slots, struct err *err);

/* ST_NOT_FOUND: destroyed, or never here. ST_IO: also when it is damaged. */
MUST_CHECK enum status
link_own_find(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	      const uint8_t link_id[LINK_ID_BYTES],
	      uint8_t key_out[SEAL_KEY_BYTES], struct err *err);

/* Is there a directory of them? */
bool link_own_is_there(const struct vault *vault);

/*
 * Destroy the keys of the case's links that have ended by their rows, durably.
 * Links without a row are of a newer store than the one that is open: their
 * keys stay for as long as such a link can live. Needs no ring.
 * Outside transactions. After a failure only LINK_OWN_AGAIN is to be trusted.
 */
enum link_own_how {
	LINK_OWN_NONE = 0,
	LINK_OWN_ONCE,
	LINK_OWN_AGAIN /* also what seems to be overwritten */
};
MUST_CHECK enum status
link_own_end(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     enum link_own_how how, struct err *err);
/* For every case. All are tried; the first failure is returned. */
MUST_CHECK enum status link_own_sweep(const struct vault *vault,
				      enum link_own_how how, struct err *err);

#endif
