/*
 * aes.h - AES (FIPS 197), and the modes in which documents are locked with it.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  a key does not change
 * Input:    keys are secrets: wiped with aes_done()
 *
 * With the processor's instructions where it has them, else with a table. That
 * one tells something by its timing, to whom could measure it in the sandbox.
 */
#ifndef SCANNERS_CIPHERS_AES_H
#define SCANNERS_CIPHERS_AES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AES_BLOCK_BYTES = 16, AES_MAX_ROUNDS = 14 };

struct aes {
	_Alignas(16) uint8_t rounds[AES_MAX_ROUNDS + 1][AES_BLOCK_BYTES];
	/* For decryption by instructions: back to front, columns mixed. */
	_Alignas(16) uint8_t inverse[AES_MAX_ROUNDS + 1][AES_BLOCK_BYTES];
	unsigned count; /* of rounds */
	bool instructions;
};

/* key_bytes: 16, 24 or 32. */
void aes_init(struct aes *aes, const uint8_t *key, size_t key_bytes);
/* As on a processor without the instructions. */
void aes_init_portable(struct aes *aes, const uint8_t *key, size_t key_bytes);
void aes_done(struct aes *aes);

/* Whole blocks; in and out may be the same. */
void aes_ecb_encrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
		     uint8_t *out);
void aes_ecb_decrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
		     uint8_t *out);

/* iv is the last encrypted block afterwards, so that one can go on. */
void aes_cbc_encrypt(const struct aes *aes, uint8_t iv[AES_BLOCK_BYTES],
		     const uint8_t *in, size_t blocks, uint8_t *out);
void aes_cbc_decrypt(const struct aes *aes, uint8_t iv[AES_BLOCK_BYTES],
		     const uint8_t *in, size_t blocks, uint8_t *out);

/* Counter mode of WinZip: the counter is little-endian and starts with 1. */
void aes_ctr_winzip(const struct aes *aes, const uint8_t *in, size_t len_bytes,
		    uint8_t *out);

#endif
