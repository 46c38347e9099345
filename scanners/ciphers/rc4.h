/*
 * rc4.h - RC4, for documents that are locked with it.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    keys are secrets: what is kept here is wiped
 */
#ifndef SCANNERS_CIPHERS_RC4_H
#define SCANNERS_CIPHERS_RC4_H

#include "lib/base/span.h"

/* key: 1 to 256 bytes; in and out may be the same. */
void rc4_once(struct span key, struct span in, uint8_t *out);

/* The same in place, of RC4_EACH texts of len_bytes, step bytes from one to the
 * next, with a key each. */
enum { RC4_EACH = 8 };
void rc4_each(const uint8_t *keys, size_t key_bytes, uint8_t *texts,
	      size_t step, size_t len_bytes);

#endif
