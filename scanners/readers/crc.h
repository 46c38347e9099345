/*
 * crc.h - the CRC-32 of gzip and zip (RFC 1952, 8).
 *
 * Layer:    scanners/readers; of zlib, the checksum only
 * Threads:  no shared state
 *
 * By carry-less multiplication where the processor has it ("Fast CRC
 * Computation for Generic Polynomials Using PCLMULQDQ Instruction", V. Gopal
 * and others, Intel 2009), else as zlib does it.
 */
#ifndef SCANNERS_READERS_CRC_H
#define SCANNERS_READERS_CRC_H

#include "lib/base/cpu.h"
#include "lib/base/span.h"

/* Of all of bytes. */
uint32_t crc_of(struct span bytes);

/* The same: PORTABLE is zlib, AVX2 multiplies where this processor can. */
uint32_t crc_of_by(enum cpu_way way, struct span bytes);

#endif
