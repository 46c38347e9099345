/*
 * known_round.h - all Key(1) and Key(0) that fit a row of Key(2).
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 *
 * Number the keys of a row of eight bytes in front of them: Key(2) of 0 to 7
 * tells the highest byte of Key(1) of 2 to 7, and six bits of 1. Of Key(1)
 *	sum[i - 1] = (sum[i] - 1) / KNOWN_FACTOR - low byte of Key(0) of i
 * so that a guess of sum[7] is followed back through its highest bytes. What
 * arrives at sum[3] gave four bytes of Key(0), which is all of it, and with it
 * sum[1], of which six bits are known.
 */
#ifndef SCANNERS_LOCKS_KNOWN_ROUND_H
#define SCANNERS_LOCKS_KNOWN_ROUND_H

#include "lib/base/cpu.h"
#include "scanners/locks/known_run.h"

enum {
	KNOWN_BLOCK = 512, /* guesses of the middle of sum[7] at once */
	KNOWN_BLOCKS = 65536 / KNOWN_BLOCK,
	/* Each of five steps has two ways at most. */
	KNOWN_ROOM = KNOWN_BLOCK * 32,
	KNOWN_LANES = 16 /* of the widest way */
};

/* For a row of known bytes, once. */
struct known_lows {
	/* The low byte of Key(0) of 3, by those of 4 to 7: exclusive or. */
	uint32_t third[4][ZIPCRYPTO_BYTE_VALUES];
};

struct known_row {
	const struct known_lows *lows;
	uint32_t top[8]; /* sum[i] & 0xFF000000; [1]: & 0xFC000000; [0]: 0 */
};

/* One that fits: sum[3], and the low bytes of Key(0) of 7 to 4, that of 7
 * highest. */
struct known_fit {
	uint32_t sum;
	uint32_t lows;
};

/* Room for what is between, too large for a stack. */
struct known_room {
	uint32_t sum[2][KNOWN_ROOM + KNOWN_LANES];
	uint32_t lows[2][KNOWN_ROOM + KNOWN_LANES];
};

/*
 * Block block of the guesses, below KNOWN_BLOCKS.
 * Gives:   fits[KNOWN_ROOM + KNOWN_LANES]
 * Returns: their number
 */
typedef size_t known_round(const struct known_row *row, uint32_t block,
			   struct known_room *room, struct known_fit *fits);

known_round known_round_portable;
#if defined(__x86_64__)
known_round known_round_avx2;
known_round known_round_avx512;
#endif

/* The function of a way that can be gone here, or the portable one. */
known_round *known_round_of(enum cpu_way way);

/* plain: the eight bytes in clear. */
void
known_lows_make(const uint8_t plain[KNOWN_ROW_BYTES], struct known_lows *lows);

/* Key(0) of 7 by the low bytes of 4 to 7, and the eight bytes in clear. */
uint32_t known_lows_join(const uint8_t plain[KNOWN_ROW_BYTES], uint32_t lows);

#endif
