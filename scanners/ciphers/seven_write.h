/*
 * seven_write.h - write a 7z archive anew, without encryption.
 *
 * Layer:    scanners/ciphers; private to seven_*.c
 * Threads:  no shared state
 * Input:    untrusted; keys are secrets
 */
#ifndef SCANNERS_CIPHERS_SEVEN_WRITE_H
#define SCANNERS_CIPHERS_SEVEN_WRITE_H

#include "scanners/ciphers/seven_coders.h"

/* The key of one password; the last salt's is kept. */
struct seven_keys {
	struct derive_7z work;
	uint32_t power; /* UINT32_MAX: none yet */
	uint8_t salt[DERIVE_7Z_SALT_BYTES];
	size_t salt_bytes;
	const struct lanes_watch *watch;
};

uint32_t seven_crc(struct span bytes);

void seven_decrypt(const struct seven_aes *way, const uint8_t *key,
		   struct span in, uint8_t *out);

MUST_CHECK enum status
seven_key_of(struct seven_keys *keys, const struct seven_aes *aes,
	     const uint8_t **key_out, struct err *err);

/* Append to out the archive of body that header (which is changed) describes.
 */
MUST_CHECK enum status
seven_write(struct span body, struct seven_header *header,
	    struct seven_keys *keys, struct sbuf *out, struct err *err);

#endif
