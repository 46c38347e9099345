/*
 * key_ring_audit.h - the first key of the audit seals, for vault/audit only.
 *
 * Layer:    vault/keys
 * Threads:  as key_ring.h
 */
#ifndef VAULT_KEYS_KEY_RING_AUDIT_H
#define VAULT_KEYS_KEY_RING_AUDIT_H

#include "vault/keys/key_ring.h"

/*
 * Read anew from the master key's source and the store each time, because an
 * open ring does not keep it: memory of a running vault then does not give
 * away the keys of old seals. Wipe it.
 * Returns: as key_ring_open()
 */
MUST_CHECK enum status
key_ring_audit_key(const struct key_ring *ring, struct store *store,
		   uint8_t key_out[DIGEST_BYTES], struct err *err);

#endif
