/*
 * audit_seal.h - tree heads and the tip: what only a key holder can write.
 *
 * Layer:    vault/audit; not for other folders
 * Threads:  as the store connection
 * Input:    rows of the store, which somebody may have changed
 *
 * Head number i is sealed with HMAC under key i; key 0 comes from the key
 * ring, key i+1 = HMAC(key i, "next"), and only the key for the next head is
 * kept (boxed in the meta row "audit_key"). Who gets hold of it cannot seal
 * older heads anew; who has the master key can check each with its own key.
 *
 * The tip (meta row "audit_tip") is rewritten with every row: how many rows
 * and heads there are and the last hash, under an HMAC. It finds what was cut
 * off behind the last head.
 *
 * Shape (numbers big-endian):
 *
 *	head  0  1  version 1
 *	      1  8  number, from 0
 *	      9  8  rows covered
 *	     17  8  at_unix_ms
 *	     25 32  Merkle tree hash of these rows
 *	     57  n  32 bytes for each root of audit_tree.h
 *	   57+n 32  HMAC over all before it
 *
 *	tip   0  8  rows
 *	      8  8  heads
 *	     16 32  hash of the last row
 *	     48 32  HMAC over all before it
 */
#ifndef VAULT_AUDIT_AUDIT_SEAL_H
#define VAULT_AUDIT_AUDIT_SEAL_H

#include "vault/audit/audit.h"
#include "vault/audit/audit_tree.h"

struct audit_tip {
	uint64_t rows;
	uint64_t heads;
	uint8_t hash[DIGEST_BYTES];
};
/* ST_NOT_FOUND no tip; ST_FORMAT not sealed by this ring */
MUST_CHECK enum status
audit_tip_find(struct store *store, const struct key_ring *ring,
	       struct audit_tip *tip_out, struct err *err);
MUST_CHECK enum status
audit_tip_put(struct store *store, const struct key_ring *ring,
	      const struct audit_tip *tip, struct err *err);

struct audit_head {
	uint64_t number;
	uint64_t rows;
	int64_t at_unix_ms;
	uint8_t root[DIGEST_BYTES];
	struct audit_tree tree;
	struct span sealed; /* what the HMAC is over; borrowed */
	uint8_t mac[DIGEST_BYTES];
};
/* False when the row is not of that form. */
bool audit_head_decode(const struct store_audit_head *row,
		       struct audit_head *head_out);
/* Is the seal by this key? *fits_out */
MUST_CHECK enum status
audit_head_check(const struct audit_head *head, const uint8_t key[DIGEST_BYTES],
		 bool *fits_out, struct err *err);

/* key becomes the next one. */
MUST_CHECK enum status
audit_key_next(uint8_t key[DIGEST_BYTES], struct err *err);

#endif
