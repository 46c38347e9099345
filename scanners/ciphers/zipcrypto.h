/*
 * zipcrypto.h - the traditional encryption of PKZIP.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  values; the tables are made once and constant then
 * Input:    keys are secrets: callers wipe what they keep
 *
 * APPNOTE 6.3.10, section 6.1. Three keys of 32 bits change with every byte of
 * the plain text; the encrypted bytes of a member begin with a header of
 * twelve, whose last one is known in clear.
 */
#ifndef SCANNERS_CIPHERS_ZIPCRYPTO_H
#define SCANNERS_CIPHERS_ZIPCRYPTO_H

#include "lib/base/span.h"

enum {
	ZIPCRYPTO_HEADER_BYTES = 12,
	ZIPCRYPTO_BYTE_VALUES = 256,
	ZIPCRYPTO_PLANES = 4,
	ZIPCRYPTO_NIBBLES = 16
};

struct zipcrypto_keys {
	uint32_t low;  /* Key(0) */
	uint32_t sum;  /* Key(1) */
	uint32_t high; /* Key(2) */
};

/* CRC-32 as a table of bytes, and the same by byte of the result. */
struct zipcrypto_tables {
	uint32_t crc[ZIPCRYPTO_BYTE_VALUES];
	/* Of the low and the high half of the byte put in. */
	uint8_t low_half[ZIPCRYPTO_PLANES][ZIPCRYPTO_NIBBLES];
	uint8_t high_half[ZIPCRYPTO_PLANES][ZIPCRYPTO_NIBBLES];
	/* As matrices over GF(2), for GF2P8AFFINEQB. */
	uint64_t matrix[ZIPCRYPTO_PLANES];
};

const struct zipcrypto_tables *zipcrypto_tables(void);

/* The next byte of the key stream. */
static inline uint8_t
zipcrypto_stream(const struct zipcrypto_keys *keys)
{
	const uint32_t t = (keys->high & 0xFFFF) | 2;

	return (uint8_t)(t * (t ^ 1) >> 8);
}

/* Take a byte of plain text in. */
static inline void
zipcrypto_update(const struct zipcrypto_tables *tables,
		 struct zipcrypto_keys *keys, uint8_t plain)
{
	keys->low = keys->low >> 8 ^ tables->crc[(uint8_t)(keys->low ^ plain)];
	keys->sum = (keys->sum + (uint8_t)keys->low) * 134775813U + 1;
	keys->high = keys->high >> 8 ^
		     tables->crc[(uint8_t)(keys->high ^ keys->sum >> 24)];
}

/* The next byte decrypted. */
static inline uint8_t
zipcrypto_next(const struct zipcrypto_tables *tables,
	       struct zipcrypto_keys *keys, uint8_t byte)
{
	const uint8_t plain = byte ^ zipcrypto_stream(keys);

	zipcrypto_update(tables, keys, plain);
	return plain;
}

/* The keys of no password, and those of password. A text of
 * zipcrypto_keys_text() stands for keys whose password nobody knows. */
struct zipcrypto_keys zipcrypto_none(void);
struct zipcrypto_keys zipcrypto_of(struct span password);

enum { ZIPCRYPTO_KEYS_TEXT_BYTES = 5 + 3 * 8 + 2 };

/* "keys:" and three numbers of eight hexadecimal digits between colons. */
void zipcrypto_keys_text(const struct zipcrypto_keys *keys,
			 char text[ZIPCRYPTO_KEYS_TEXT_BYTES + 1]);

/* Decrypt len bytes from in to out, which may be the same. */
void
zipcrypto_decrypt(struct zipcrypto_keys *keys, struct span in, uint8_t *out);

#endif
