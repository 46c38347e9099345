/*
 * crc32.h - the CRC-32 of zip and gzip (RFC 1952, 8).
 *
 * Layer:    lib/base
 * Threads:  no shared state
 */
#ifndef LIB_BASE_CRC32_H
#define LIB_BASE_CRC32_H

#include "lib/base/span.h"

/* Of all of bytes. */
uint32_t crc32_of(struct span bytes);

#endif
