/*
 * find.h - search for some bytes in many.
 *
 * Layer:    lib/base
 * Threads:  no shared state
 * Input:    untrusted; at most as many comparisons of the part as bytes
 *
 * memmem() of the C library looks at each byte for short parts, which is what
 * most searches over whole mails and files are for.
 */
#ifndef LIB_BASE_FIND_H
#define LIB_BASE_FIND_H

#include "lib/base/span.h"

/* Where part, of at least one byte, stands next in text, at or behind at. Its
 * end when it does not. */
size_t
find_next(struct span text, size_t at, const void *part, size_t part_bytes);

/* How many bytes of text are byte. */
size_t find_count(struct span text, uint8_t byte);

#endif
