/*
 * preview_build.h - choose what a preview shows of a mail, and mask it.
 *
 * Layer:    scanners/worker; includes lib/ and scanners/detect
 * Threads:  as engine.h
 *
 * All around numbers first, then the head of each part, then the rest, until
 * the preview is full.
 */
#ifndef SCANNERS_WORKER_PREVIEW_BUILD_H
#define SCANNERS_WORKER_PREVIEW_BUILD_H

#include "scanners/worker/preview_collect.h"

enum {
	PREVIEW_HEAD_LINES = 200,
	PREVIEW_NEAR_LINES = 3 /* before and behind a number */
};

/* Where numbers stand: detector_found_lines(). */
struct preview_found {
	const uint64_t *lines;
	size_t count;
};

/*
 * Once for what was collected, whose texts are masked in place.
 *
 * Gives:    *preview_out, with texts in arena
 * Returns:  ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
preview_build(struct preview_collect *collect,
	      const struct preview_found *found, bool reveal,
	      struct wire_arena *arena, struct preview *preview_out,
	      struct err *err);

#endif
