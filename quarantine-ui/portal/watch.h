/*
 * watch.h - stop what is being sent when its link ends.
 *
 * Layer:    quarantine-ui/portal; includes lib/, vault/client/
 * Threads:  watch_add(), watch_remove() from any thread
 *
 * A transfer asks the vault once, before its first byte. One thread with a
 * connection of its own asks again (LINK_KEEP), every WATCH_PAUSE_S, for each
 * visit that something is sent to. What the vault refuses is stopped at once;
 * what it has not spoken for in WATCH_DEAF_S (it is away, locked, or fails) is
 * stopped, too: no key stays here unknown to the vault.
 */
#ifndef QUARANTINE_UI_PORTAL_WATCH_H
#define QUARANTINE_UI_PORTAL_WATCH_H

#include "quarantine-ui/portal/sent.h"

enum { WATCH_PAUSE_S = 2, WATCH_WAIT_S = 5, WATCH_DEAF_S = 60 };

struct watch;

/* One transfer; lies in what sends it. */
struct watched {
	const struct sent *sent; /* whose it is; borrowed until removed */
	int64_t until_unix_ms;   /* it ends by then; the vault may say more */
	int64_t heard_mono_ms;   /* when the vault spoke for it */
	/* Send nothing more; called once, with the watch locked. */
	void (*stop)(void *context);
	void *context;
	/* The watch's. */
	struct watch *watch; /* NULL: not watched */
	struct watched *behind, *before;
	uint64_t round;
	bool stopped;
};

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO. vault_socket is borrowed. */
MUST_CHECK enum status watch_start(const char *vault_socket,
				   struct watch **watch_out, struct err *err);
void watch_add(struct watch *watch, struct watched *watched);
/* From then on stop is not called; not watched: nothing to do. */
void watch_remove(struct watched *watched);
void watch_stop(struct watch **watch);

#endif
