/*
 * watcher.h - one thread that hears of changes in the vault.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  start and stop from one; the callbacks come from its own
 *
 * While anybody listens it asks WATCH, which the vault answers when what
 * lists show has changed. One desk asks once, however many pages are open.
 */
#ifndef QUARANTINE_UI_DESK_WATCHER_H
#define QUARANTINE_UI_DESK_WATCHER_H

#include "quarantine-ui/desk/desk.h"

struct watcher;

struct watcher_options {
	const char *vault_socket; /* borrowed */
	struct desk *desk;        /* learns the revision first */
	size_t (*listeners)(void *context);
	void (*publish)(void *context, uint64_t revision);
	void *context;
};

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO (no thread) */
MUST_CHECK enum status
watcher_start(const struct watcher_options *options,
	      struct watcher **watcher_out, struct err *err);
/* Returns when its present question is answered: within 2 s or so. */
void watcher_stop(struct watcher **watcher);

#endif
