/*
 * key_ring_audit.h - the first key of the audit seals, for vault/audit only.
 *
 * Layer:    vault/keys
 * Threads:  as key_ring.h
 */
#ifndef VAULT_KEYS_KEY_RING_AUDIT_H
#define VAULT_KEYS_KEY_RING_AUDIT_H

#include "vault/keys/key_ring.h"

/* Wipe it. Who holds the master key can derive every later one from it. */
void key_ring_audit_key(const struct key_ring *ring, uint8_t out[DIGEST_BYTES]);

#endif
