/*
 * ovba.h - the source of macros in a VBA project ([MS-OVBA]).
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; linear time; a chunk of 3 to 4098 bytes makes at most
 *           4096
 */
#ifndef SCANNERS_READERS_OVBA_H
#define SCANNERS_READERS_OVBA_H

#include "lib/base/sbuf.h"

/*
 * Append what the container at the start of packed holds. Returns the bytes
 * that it takes; 0 when there is none. *whole_out: nothing in it was wrong.
 */
size_t ovba_unpack(struct span packed, struct sbuf *out, bool *whole_out);

/* Does a container start there? */
bool ovba_is_packed(struct span packed);

/* Where the container of a module's source starts, by what all sources start
 * with. False when there is none. */
bool ovba_find_source(struct span stream, size_t *at_out);

/* A module as the (unpacked) stream "dir" lists it. */
struct ovba_module {
	struct span name;      /* of its stream, in the project's set */
	struct span wide_name; /* the same in UTF-16LE, or empty */
	uint32_t source_at;    /* in its stream */
};

/* Step through the modules; *at starts at 0. */
bool
ovba_next_module(struct span dir, size_t *at, struct ovba_module *module_out);

/* The code page of the project; 0: not said. */
uint32_t ovba_code_page(struct span dir);

#endif
