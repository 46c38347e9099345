/*
 * scratch.h - memory of one page, released at once.
 *
 * Layer:    quarantine-ui/html; includes only lib/
 * Threads:  belongs to one worker
 *
 * A page makes many small texts. The failure to make one is sticky, so a
 * page need not look at each: page_render() looks once.
 */
#ifndef QUARANTINE_UI_HTML_SCRATCH_H
#define QUARANTINE_UI_HTML_SCRATCH_H

#include "lib/base/sbuf.h"

struct scratch {
	struct scratch_block *blocks;
	bool failed;
	bool secret; /* wiped when it is released */
};

void scratch_done(struct scratch *scratch);

/* Zeroed; NULL and scratch->failed when there is no memory. */
void *scratch_alloc(struct scratch *scratch, size_t count, size_t item_bytes);

/* Never NULL; "" after a failure. */
const char *
scratch_textf(struct scratch *scratch, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *scratch_text(struct scratch *scratch, struct span text);

#endif
