/*
 * glance_look.h - what the bytes of an object are, a block at a time.
 *
 * Layer:    scanners/readers; the inside of glance.h
 * Threads:  values
 * Input:    untrusted
 */
#ifndef SCANNERS_READERS_GLANCE_LOOK_H
#define SCANNERS_READERS_GLANCE_LOOK_H

#include <stdint.h>

#include "lib/base/cpu.h"

enum {
	GLANCE_BLOCK_BYTES = 64,
	GLANCE_AHEAD_BYTES = 5,
	GLANCE_READ_BYTES = GLANCE_BLOCK_BYTES + GLANCE_AHEAD_BYTES
};

/* Bit i of each: what byte i of a block is. */
struct glance_block {
	uint64_t ends;    /* CR, LF */
	uint64_t heads;   /* the first letter of a line that begins a file */
	uint64_t letters; /* of base64 */
	/* "-...-B" or "s....x": "-----BEGIN " or "startxref" may start here.
	 * Both are told by their last byte and one before it, since dashes and
	 * the letter s alone are frequent. */
	uint64_t marks;
};

typedef struct glance_block glance_look(const uint8_t bytes[GLANCE_READ_BYTES]);

glance_look glance_look_portable;
#if defined(__x86_64__)
glance_look glance_look_avx2;
#endif

/* The function of a way that cpu_can() be gone, or of the next simpler one. */
glance_look *glance_look_of(enum cpu_way way);

#endif
