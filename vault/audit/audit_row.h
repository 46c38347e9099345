/*
 * audit_row.h - what the bytes of an audit row mean, and their hash.
 *
 * Layer:    vault/audit; not for other folders
 * Threads:  values
 * Input:    rows of the store, which somebody may have changed
 *
 * Shape (numbers big-endian):
 *
 *	body  0  1  version 1
 *	      1  n  five pieces, each 4 bytes of length and the bytes: actor,
 *	            via, event, detail, and the boxed secret (or nothing)
 *
 *	hash  SHA-256 over "sekimori audit 1", the hash of the row before
 *	      (zeros for the first), 8 seq, 8 at_unix_ms, 1 has a case,
 *	      16 case id (zeros without one), 8 length of body, body
 */
#ifndef VAULT_AUDIT_AUDIT_ROW_H
#define VAULT_AUDIT_AUDIT_ROW_H

#include "vault/audit/audit.h"

enum { AUDIT_MAX_BODY_BYTES = 64 * 1024 };

/* Returns: ST_OK; ST_DENIED a secret without a ring; ST_LIMIT; ST_IO; … */
MUST_CHECK enum status
audit_row_encode(const struct key_ring *ring, const struct audit_event *event,
		 struct sbuf *body_out, struct err *err);

/*
 * The event of a row. Its texts live in texts until that is cleared; the
 * secret is "" when ring is NULL.
 * Returns: ST_OK; ST_FORMAT not a body of ours; ST_NO_MEMORY; ST_IO
 */
MUST_CHECK enum status
audit_row_decode(const struct key_ring *ring, const struct store_audit_row *row,
		 struct sbuf *texts, struct audit_event *event_out,
		 struct err *err);

/* The hash that row should have behind a row with the hash before. */
MUST_CHECK enum status
audit_row_hash(const struct store_audit_row *row,
	       const uint8_t before[DIGEST_BYTES],
	       uint8_t hash_out[DIGEST_BYTES], struct err *err);

/* Big-endian numbers; take moves *at on and fails at the end of bytes. */
void audit_add_number(struct sbuf *buf, uint64_t value, size_t len_bytes);
bool audit_take_number(struct span bytes, size_t *at, size_t len_bytes,
		       uint64_t *value_out);
bool
audit_take(struct span bytes, size_t *at, size_t len_bytes, struct span *out);

#endif
