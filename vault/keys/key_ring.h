/*
 * key_ring.h - the vault's keys: unlocked by the master key, used here only.
 *
 * Layer:    vault/keys; over lib/crypto and vault/store
 * Threads:  immutable after opening; share it freely, free it last
 *
 * The ring (sealing keys by epoch, row key, HMAC keys) lies in the store's
 * meta rows, boxed under the master key, which comes from where the setting
 * vault.key says and is never kept beside the store. The current public key
 * lies there in clear, so that a locked vault can still take holds.
 */
#ifndef VAULT_KEYS_KEY_RING_H
#define VAULT_KEYS_KEY_RING_H

#include "lib/crypto/digest.h"
#include "lib/crypto/seal.h"
#include "vault/store/store.h"

struct key_ring;

/*
 * Make a new ring in a store that has none, inside the caller's transaction.
 * source is the setting vault.key; the master key must exist already
 * ("sekimori key create").
 * Returns: ST_OK; ST_NOT_FOUND no master key; ST_FORMAT not a key; ST_DENIED
 *          there is a ring; ST_IO; ST_NO_MEMORY
 */
MUST_CHECK enum status
key_ring_create(const char *source, struct store *store, struct err *err);

/*
 * Gives:    *ring_out, release with key_ring_free(), which wipes it
 * Returns:  ST_OK; ST_NOT_FOUND no master key, or no ring in the store;
 *           ST_DENIED the key does not open the ring; ST_FORMAT; ST_IO
 */
MUST_CHECK enum status
key_ring_open(const char *source, struct store *store,
	      struct key_ring **ring_out, struct err *err);
void key_ring_free(struct key_ring **ring);

/* The public key that holds are sealed for; also of a locked vault.
 * ST_NOT_FOUND: the store has no ring yet. */
MUST_CHECK enum status
key_ring_find_public(struct store *store, struct seal_public *public_out,
		     struct err *err);

/* What an HMAC is for: different uses never give equal values. */
enum key_use {
	KEY_USE_NONE = 0,
	KEY_USE_CONTENT, /* content digests */
	KEY_USE_ADDRESS, /* addresses of cases */
	KEY_USE_PAIR,    /* addresses of correspondence */
	KEY_USE_VERSION, /* what a decision is bound to */
	KEY_USE_DEDUPE,  /* jobs */
	KEY_USE_FORM,    /* form tokens of sessions */
	KEY_USE_AUDIT_TIP,
	KEY_USE_SIGN, /* seed of the key that records are signed with */
	KEY_USE_END
};
MUST_CHECK enum status
key_ring_mac(const struct key_ring *ring, enum key_use use, struct span bytes,
	     uint8_t out[DIGEST_BYTES], struct err *err);

/* Open what was sealed for any epoch of the ring: see seal_open_bytes(). */
MUST_CHECK enum status
key_ring_unseal(const struct key_ring *ring, const char *context,
		struct span wrapped, struct span sealed, struct sbuf *bytes_out,
		struct err *err);
MUST_CHECK enum status
key_ring_unseal_fd(const struct key_ring *ring, const char *context,
		   struct span wrapped, int from, int to, struct err *err);
/* Wrap the data key of a blob for somebody else: see seal_rewrap(). */
MUST_CHECK enum status
key_ring_rewrap(const struct key_ring *ring, const struct seal_public *to,
		const char *context, struct span wrapped,
		uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err);
/* Seal for ourselves, for large columns. */
const struct seal_public *key_ring_public(const struct key_ring *ring);

/* Small columns under the row key: see box_close(). */
MUST_CHECK enum status
key_ring_box(const struct key_ring *ring, const char *context,
	     struct span bytes, struct sbuf *boxed_out, struct err *err);
MUST_CHECK enum status
key_ring_unbox(const struct key_ring *ring, const char *context,
	       struct span boxed, struct sbuf *bytes_out, struct err *err);

/* For status and doctor. */
struct key_ring_facts {
	uint32_t epoch;
	bool escrowed;
	bool key_on_store_device;
};
MUST_CHECK enum status
key_ring_facts(const char *source, const char *state_dir, struct store *store,
	       struct key_ring_facts *facts_out, struct err *err);

#endif
