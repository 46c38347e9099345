/*
 * inflate_code.h - the codes of deflated data, as tables to look words up in.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted lengths; linear time, nothing is allocated
 *
 * Shape of an entry, found by the next bits of the data, the first one lowest:
 *
 *	literal     31 set; 16-23 the byte; 0-7 bits of the word
 *	number      16-31 the least value; 8-11 bits of the word;
 *	            0-7 these and the bits behind it that are added
 *	another     15 set, and 14: 16-30 where the table for the rest of the
 *word starts, 8-11 by how many bits, 0-7 bits up to there; 13: the end, 0-7
 *bits of the word; neither: there is no word
 *
 * Distances reach beyond bit 30, so bit 31 says nothing in their table.
 */
#ifndef SCANNERS_READERS_INFLATE_CODE_H
#define SCANNERS_READERS_INFLATE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INFLATE_LITERAL UINT32_C(0x80000000)
#define INFLATE_ANOTHER UINT32_C(0x8000)
#define INFLATE_TABLE   UINT32_C(0x4000)
#define INFLATE_END     UINT32_C(0x2000)

enum {
	INFLATE_LITERALS = 288,
	INFLATE_DISTANCES = 32,
	INFLATE_LENS = 19,
	INFLATE_MAX_BITS = 15,
	/* Words up to here are found at once. */
	INFLATE_LITERAL_BITS = 11,
	INFLATE_DISTANCE_BITS = 8,
	INFLATE_LEN_BITS = 7,
	/* Entries, as enough.c of zlib counts them, of 15 bits at most. */
	INFLATE_LITERAL_ROOM = 2342,
	INFLATE_DISTANCE_ROOM = 402
};

/* What the words of a code stand for. */
enum inflate_alphabet {
	INFLATE_OF_NONE = 0,
	INFLATE_OF_LENS, /* of the words of the other codes: as literals */
	INFLATE_OF_LITERALS,
	INFLATE_OF_LITERALS_64, /* of Deflate64 */
	INFLATE_OF_DISTANCES,
	INFLATE_OF_DISTANCES_64
};

/* By how many bits the first table of a code is looked up. */
unsigned inflate_code_bits(enum inflate_alphabet alphabet);

/*
 * Make in entries, which has room for those of this alphabet, the table of the
 * canonical code (RFC 1951, 3.2.2) with count words, whose lengths are lens.
 * False when they are no code: more words than there can be, or fewer, unless
 * there is none at all or only one, of one bit.
 */
bool inflate_code_make(uint32_t *entries, enum inflate_alphabet alphabet,
		       const uint8_t *lens, size_t count);

#endif
