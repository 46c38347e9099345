/*
 * volume.h - files that are pieces of one archive, by their names.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values
 * Input:    untrusted names
 *
 * Shape:  x.7z.001 x.7z.002 …          any file cut to pieces, from 000 or 001
 *         x.z01 x.z02 … x.zip          zip (zipx: x.zx01 …); the last has the
 *                                      directory
 *         x.part1.rar x.part2.rar …    rar; x.rar x.r00 x.r01 … x.s00: as well
 */
#ifndef SCANNERS_READERS_VOLUME_H
#define SCANNERS_READERS_VOLUME_H

#include "lib/base/span.h"

enum volume_kind {
	VOLUME_NONE = 0,
	VOLUME_NUMBERED,
	VOLUME_ZIP,
	VOLUME_RAR_PART,
	VOLUME_RAR
};

enum { VOLUME_LAST = 1000000 }; /* number of x.zip */

struct volume {
	enum volume_kind kind;
	size_t stem_bytes; /* of the name: what all pieces share */
	uint32_t number;   /* its place; the first one has 0 or 1 */
};

/* False when name is not one of a piece; x.zip and x.rar may be. */
bool volume_of_name(const char *name, struct volume *volume_out);

/* Without the others there is nothing to read in it: x.z01, x.7z.002. */
bool volume_is_only_piece(const char *name, const struct volume *volume);

/* The bytes bear kind out: a piece of rar says that it is one, others say
 * nothing. */
bool volume_fits(enum volume_kind kind, struct span bytes);

/* What the name of the whole has behind the stem: "", ".zip", ".rar". */
const char *volume_ending(enum volume_kind kind);

#endif
