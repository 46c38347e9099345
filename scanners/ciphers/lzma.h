/*
 * lzma.h - LZMA and LZMA2, from one run of bytes to another.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; never writes beyond its room, linear time
 *
 * For the headers of 7z, which are packed so, and for the first look at what
 * a password makes of a member. There is no window: what comes out is one.
 */
#ifndef SCANNERS_CIPHERS_LZMA_H
#define SCANNERS_CIPHERS_LZMA_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum lzma_end {
	LZMA_NONE = 0,
	LZMA_FULL,  /* out is full */
	LZMA_ENDED, /* a mark said that it ends here */
	LZMA_CUT,   /* the bytes were not enough */
	LZMA_WRONG  /* no stream is so */
};

struct lzma_result {
	enum lzma_end end;
	size_t len_bytes; /* that came out */
};

/*
 * Unpack in to out, at most room_bytes.
 * props: of LZMA the five bytes of 7z, of which the first counts
 * Returns: ST_OK with *result_out; ST_NO_MEMORY
 */
MUST_CHECK enum status
lzma_unpack(struct span props, struct span in, uint8_t *out, size_t room_bytes,
	    struct lzma_result *result_out, struct err *err);
MUST_CHECK enum status
lzma2_unpack(struct span in, uint8_t *out, size_t room_bytes,
	     struct lzma_result *result_out, struct err *err);

#endif
