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

struct detect_lines;
struct words_list;

struct preview_wish {
	const struct detect_lines *found; /* as detector_found_lines() says */
	const struct words_list *hidden;  /* hidden, too; NULL: none */
	bool reveal;                      /* all in clear */
};

/*
 * Once for what was collected, whose texts are masked in place.
 *
 * Gives:    *preview_out, with texts in arena
 * Returns:  ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
preview_build(struct preview_collect *collect, const struct preview_wish *wish,
	      struct wire_arena *arena, struct preview *preview_out,
	      struct err *err);

#endif
