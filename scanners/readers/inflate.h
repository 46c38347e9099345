/*
 * inflate64.h - unpack Deflate64 (method 9 of zip), which no library that we
 * link knows.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; linear time, memory only for what comes out
 *
 * Shape: as RFC 1951, but
 *	length code 285   3 + 16 bits more (3 to 65538)
 *	distance code 30  32769 + 14 bits, 31: 49153 + 14 bits
 */
#ifndef SCANNERS_READERS_INFLATE64_H
#define SCANNERS_READERS_INFLATE64_H

#include "lib/base/sbuf.h"

struct inflate64_budget {
	/* About to produce up to len_bytes more, from packed_bytes since the
	 * last call; anything but ST_OK stops. */
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
inflate64(struct span packed, const struct inflate64_budget *budget,
	  struct sbuf *out, size_t *used_out, struct err *err);

#endif
