/*
 * known_run.h - encrypted bytes of a zip member of which some are known in
 * clear.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values; the tables are made once and constant then
 * Input:    keys are secrets: callers wipe what they keep
 *
 * E. Biham, P. C. Kocher, "A Known Plaintext Attack on the PKZIP Stream
 * Cipher" (1994): eight bytes in a row and four more anywhere give the keys.
 * Offsets count from the first byte of the header of twelve.
 */
#ifndef SCANNERS_LOCKS_KNOWN_RUN_H
#define SCANNERS_LOCKS_KNOWN_RUN_H

#include "lib/base/span.h"
#include "scanners/ciphers/zipcrypto.h"

enum {
	KNOWN_ROW_BYTES = 8,    /* in a row, at least */
	KNOWN_LEAST_BYTES = 12, /* in all */
	KNOWN_MAX_SINGLES = 32,
	KNOWN_STREAM_VALUES = 64 /* of 14 bits, for each byte of the stream */
};

/* 1 / 134775813 modulo 2^32. */
#define KNOWN_INVERSE UINT32_C(0xD94FA8CD)
#define KNOWN_FACTOR  UINT32_C(134775813)

struct known_single {
	size_t at;
	uint8_t plain;
};

struct known_run {
	struct span cipher; /* the header and what of the data is at hand */
	size_t at;          /* of the bytes in a row */
	const uint8_t *plain;
	size_t count;
	struct known_single singles[KNOWN_MAX_SINGLES];
	size_t single_count;
};

struct known_tables {
	uint32_t crc_back[ZIPCRYPTO_BYTE_VALUES]; /* by the highest byte */
	/* The low halves of Key(2) that give a byte of the stream, without
	 * their two lowest bits, by their six highest ones: those of byte k
	 * and bits h are from[k][h] to from[k][h + 1]. */
	uint16_t stream[ZIPCRYPTO_BYTE_VALUES][KNOWN_STREAM_VALUES];
	uint8_t from[ZIPCRYPTO_BYTE_VALUES][KNOWN_STREAM_VALUES + 1];
	/*
	 * Of x * KNOWN_INVERSE, x a byte: the first two that are not below
	 * i << 23, round the circle. Between a value v and v + 2^24 + 254
	 * there are no others than the two of v >> 23.
	 */
	uint32_t near[2][512];
	/* Of eight lanes those whose bits are set, one behind another. */
	uint8_t pack[ZIPCRYPTO_BYTE_VALUES][8];
};

const struct known_tables *known_tables(void);

/* Key(0) or Key(2) before byte was put in. */
static inline uint32_t
known_crc_back(const struct known_tables *tables, uint32_t key, uint8_t byte)
{
	return key << 8 ^ tables->crc_back[key >> 24] ^ byte;
}

/* From the keys behind an encrypted byte to those in front of it; the byte in
 * clear. */
static inline uint8_t
known_step_back(const struct known_tables *tables, struct zipcrypto_keys *keys,
		uint8_t byte)
{
	uint8_t plain = 0;

	keys->high =
		known_crc_back(tables, keys->high, (uint8_t)(keys->sum >> 24));
	keys->sum = (keys->sum - 1) * KNOWN_INVERSE - (uint8_t)keys->low;
	plain = byte ^ zipcrypto_stream(keys);
	keys->low = known_crc_back(tables, keys->low, plain);
	return plain;
}

/* Are keys, which stand in front of byte at, those of the run? If so they are
 * put in front of its first byte. */
bool known_run_proves(const struct known_run *run, size_t at,
		      struct zipcrypto_keys *keys);

#endif
