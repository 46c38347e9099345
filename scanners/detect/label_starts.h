/*
 * label_starts.h - where in a text words may start.
 *
 * Layer:    scanners/detect; includes only lib/base
 * Threads:  a set does not change once made
 * Input:    untrusted text
 *
 * A set of characters with a bit for each, looked up for a block of text at a
 * time. Words are rare: nearly all time of the search for them is spent here.
 */
#ifndef SCANNERS_DETECT_LABEL_STARTS_H
#define SCANNERS_DETECT_LABEL_STARTS_H

#include <stdbool.h>

#include "lib/base/cpu.h"
#include "lib/base/span.h"

enum {
	LABEL_STARTS_PLANE = 0x10000, /* none has a character beyond */
	LABEL_STARTS_WORD_BITS = 32,
	LABEL_STARTS_ASCII = 0x80,
	LABEL_STARTS_BLOCK_BYTES = 64
};

struct label_starts {
	uint32_t bits[LABEL_STARTS_PLANE / LABEL_STARTS_WORD_BITS];
	uint8_t ascii[LABEL_STARTS_ASCII]; /* 1: is in the set */
	bool low;                          /* one is below 'A' */
};

/* Add cp; one beyond the plane is left out. */
void label_starts_add(struct label_starts *starts, uint32_t cp);

/* Is cp, below LABEL_STARTS_PLANE, in the set? */
static inline bool
label_starts_has(const struct label_starts *starts, uint32_t cp)
{
	return (starts->bits[cp / LABEL_STARTS_WORD_BITS] >>
			cp % LABEL_STARTS_WORD_BITS &
		1) != 0;
}

/*
 * Bit i: at text[at + i] a character of the set starts, in UTF-8 of up to
 * three bytes; for the next LABEL_STARTS_BLOCK_BYTES of text. at is below
 * text.len_bytes. What follows the first byte of a character is not checked:
 * the answer is where to look, no more.
 */
typedef uint64_t label_starts_look(const struct label_starts *starts,
				   struct span text, size_t at);

label_starts_look label_starts_look_portable;
#if defined(__x86_64__)
label_starts_look label_starts_look_avx512;
#endif

/* The function of a way that cpu_can() be gone, or of the next simpler one. */
label_starts_look *label_starts_of(enum cpu_way way);

#endif
