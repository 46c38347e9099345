/*
 * rar_walk.h - the blocks of a rar archive, versions 1.5 to 4 and 5.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values
 * Input:    untrusted; linear time, nothing is allocated
 *
 * What libarchive does not tell: comments, whether the last block is there,
 * whether another volume follows, whether files are encrypted.
 *
 * Shape of a block, little-endian:
 *
 *	4   0 2 checksum  2 1 type  3 2 flags  5 2 bytes of the header
 *	    7 4 bytes of data behind it, when flags have 8000
 *	5   0 4 checksum, then numbers of seven bits a byte: bytes of the header
 *	    from here, type, flags, bytes of extra fields (flags 1), bytes of
 *	    data behind it (flags 2)
 */
#ifndef SCANNERS_READERS_RAR_WALK_H
#define SCANNERS_READERS_RAR_WALK_H

#include "lib/base/span.h"

enum rar_type {
	RAR_NONE = 0,
	RAR_START, /* the signature: also where a further volume starts */
	RAR_MAIN,
	RAR_FILE,
	RAR_COMMENT,
	RAR_OTHER,  /* recovery record, locks, … */
	RAR_LOCKED, /* all that follows is encrypted */
	RAR_END
};

struct rar_block {
	enum rar_type type;
	struct span head;
	struct span data;
	bool volume;      /* MAIN: one of several; END: another one follows */
	bool locked;      /* FILE: encrypted */
	bool continued;   /* FILE: its start is in the volume before */
	bool packed;      /* COMMENT: not as it is */
	const char *lock; /* static, when locked */
};

/* Walk: *at and *version start at 0. False behind the last block, and where
 * there is none. */
bool rar_block_next(struct span archive, size_t *at, unsigned *version,
		    struct rar_block *block_out);

/* The block behind the signature. False when there is none. */
bool rar_first_block(struct span archive, struct rar_block *block_out);

#endif
