/*
 * lanes.h - MD5, SHA-1 and SHA-2 of many messages side by side.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  the tables are constant; work on values of the caller
 *
 * A vector register holds the same word of several messages; one of them is a
 * lane. So many passwords cost what one costs. Word w of lane l stands at
 * w * lanes + l. All ways of a processor give the same result.
 */
#ifndef SCANNERS_CIPHERS_LANES_H
#define SCANNERS_CIPHERS_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/cpu.h"
#include "lib/base/status.h"

enum { LANES_MAX = 32, LANES_MAX_LONG = 16, LANES_BLOCK_WORDS = 16 };

/* One block of each lane: from and the words of block give to, which may be
 * (part of) block. */
typedef void
lanes_short(const uint32_t *from, const uint32_t *block, uint32_t *to);
typedef void
lanes_long(const uint64_t *from, const uint64_t *block, uint64_t *to);

struct lanes {
	lanes_short *md5;
	lanes_short *sha1;
	lanes_short *sha256;
	lanes_long *sha512; /* also of SHA-384 */
	size_t short_count; /* of lanes */
	size_t long_count;
};

/* The best that this processor can do; or one way, which cpu_can() must allow.
 */
const struct lanes *lanes_get(void);
const struct lanes *lanes_of(enum cpu_way way);

/* Called every few milliseconds of a long work; else than ST_OK ends it. */
struct lanes_watch {
	enum status (*tick)(void *context, struct err *err);
	void *context;
};

/* No watch: NULL. */
static inline enum status
lanes_tick(const struct lanes_watch *watch, struct err *err)
{
	return watch == NULL ? ST_OK : watch->tick(watch->context, err);
}

#endif
