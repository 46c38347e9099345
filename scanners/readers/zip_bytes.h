/*
 * zip_bytes.h - numbers and signatures of zip, for the zip_*.c.
 *
 * Layer:    scanners/readers; nobody else includes it
 * Threads:  values
 */
#ifndef SCANNERS_READERS_ZIP_BYTES_H
#define SCANNERS_READERS_ZIP_BYTES_H

#include "lib/base/span.h"

#define ZIP_LOCAL_SIGNATURE      UINT32_C(0x04034b50)
#define ZIP_CENTRAL_SIGNATURE    UINT32_C(0x02014b50)
#define ZIP_END_SIGNATURE        UINT32_C(0x06054b50)
#define ZIP_LOCATOR_SIGNATURE    UINT32_C(0x07064b50)
#define ZIP_END64_SIGNATURE      UINT32_C(0x06064b50)
#define ZIP_DESCRIPTOR_SIGNATURE UINT32_C(0x08074b50)
#define ZIP_SIGNED_SIGNATURE     UINT32_C(0x05054b50)
#define ZIP_ALL_ONES             UINT32_C(0xffffffff)

/* 0 where bytes do not reach. */
static inline uint32_t
zip_u(struct span bytes, size_t at, size_t len_bytes)
{
	uint32_t value = 0;

	(void)span_read_le(bytes, at, len_bytes, &value);
	return value;
}

static inline uint64_t
zip_u64(struct span bytes, size_t at)
{
	return zip_u(bytes, at, 4) | (uint64_t)zip_u(bytes, at + 4, 4) << 32;
}

/* The extra field with id. */
bool zip_find_extra(struct span extra, uint32_t id, struct span *field_out);

#endif
