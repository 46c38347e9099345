/*
 * dull_look.h - what the bytes of a record are, a block at a time.
 *
 * Layer:    scanners/detect; includes only lib/base
 * Threads:  values
 * Input:    untrusted
 */
#ifndef SCANNERS_DETECT_DULL_LOOK_H
#define SCANNERS_DETECT_DULL_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/cpu.h"

enum {
	DULL_BLOCK_BYTES = 64,
	DULL_READ_BYTES = DULL_BLOCK_BYTES + 2 /* what a look reads */
};

/* Bit i of each: what byte i of a block is. */
struct dull_block {
	uint64_t digits;
	uint64_t ends;  /* delimiters, quotes, line ends */
	uint64_t signs; /* other ASCII above the blank that is no digit */
	/* Nouns that name numbers may start here, Latin letters or digits that
	 * are full-width. Not everything it marks is one. */
	bool wide;
};

typedef struct dull_block
dull_look(const uint8_t bytes[DULL_READ_BYTES], uint8_t delimiter);

dull_look dull_look_portable;
#if defined(__x86_64__)
dull_look dull_look_avx512;
#endif

/* The function of a way that cpu_can() be gone, or of the next simpler one. */
dull_look *dull_look_of(enum cpu_way way);

#endif
