/*
 * blowfish.h - Blowfish in cipher feedback mode, as OpenDocument 1.1 has it.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    keys are secrets: callers wipe what they keep
 */
#ifndef SCANNERS_CIPHERS_BLOWFISH_H
#define SCANNERS_CIPHERS_BLOWFISH_H

#include "lib/base/span.h"

enum {
	BLOWFISH_BLOCK_BYTES = 8,
	BLOWFISH_SUBKEYS = 18,
	BLOWFISH_BOXES = 4,
	BLOWFISH_BOX_WORDS = 256
};

struct blowfish {
	uint32_t subkeys[BLOWFISH_SUBKEYS];
	uint32_t boxes[BLOWFISH_BOXES][BLOWFISH_BOX_WORDS];
};

/* The first hexadecimal digits of pi behind its point. */
extern const struct blowfish blowfish_start;

/* key: 1 to 56 bytes. */
void blowfish_init(struct blowfish *blowfish, struct span key);

/* One block, as two words in big-endian. */
void blowfish_encrypt(const struct blowfish *blowfish, uint32_t words[2]);

/* out has room for in. */
void blowfish_cfb_decrypt(const struct blowfish *blowfish,
			  const uint8_t iv[BLOWFISH_BLOCK_BYTES],
			  struct span in, uint8_t *out);

#endif
