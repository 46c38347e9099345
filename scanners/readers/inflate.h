/*
 * inflate.h - unpack Deflate (RFC 1951) and Deflate64 (method 9 of zip).
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; linear time, memory only for what comes out
 *
 * All that comes out lies in one piece, so matches are copied from it and
 * there is no window: this is twice as fast as zlib, which takes no Deflate64.
 *
 * Shape of Deflate64: as RFC 1951, but
 *	length code 285   3 + 16 bits more (3 to 65538)
 *	distance code 30  32769 + 14 bits, 31: 49153 + 14 bits
 */
#ifndef SCANNERS_READERS_INFLATE_H
#define SCANNERS_READERS_INFLATE_H

#include "lib/base/sbuf.h"

enum inflate_form { INFLATE_NONE = 0, INFLATE_DEFLATE, INFLATE_DEFLATE64 };

struct inflate_budget {
	/* Produced len_bytes more from packed_bytes (one at least) since the
	 * last call, 64 KiB apart at most; anything but ST_OK stops. */
	enum status (*spend)(void *context, uint64_t len_bytes,
			     uint64_t packed_bytes, struct err *err);
	void *context;
};

/*
 * Append what packed holds to out. *used_out: bytes of packed up to its end.
 * Returns:  ST_OK      up to its end
 *           ST_FORMAT  damaged or cut off; out has what came before that
 *           ST_NO_MEMORY, ST_LIMIT of out; what spend() returned
 */
MUST_CHECK enum status
inflate_unpack(enum inflate_form form, struct span packed,
	       const struct inflate_budget *budget, struct sbuf *out,
	       size_t *used_out, struct err *err);

#endif
