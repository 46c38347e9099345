#include "quarantine-ui/desk/watcher.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum {
	WATCHER_WAIT_MS = 2000, /* also how long a stop may take */
	WATCHER_IDLE_MS = 250,  /* nobody listens */
	WATCHER_PAUSE_MS = 5000 /* the vault did not answer */
};

struct watcher {
	struct watcher_options options;
	struct vault_client vault;
	pthread_t thread;
	atomic_bool stopping;
	uint64_t revision;
	bool failing; /* told once */
};

static void
watcher_sleep(struct watcher *watcher, int64_t sleep_ms)
{
	const int64_t until_mono_ms = clock_mono_ms() + sleep_ms;

	while (!atomic_load(&watcher->stopping) &&
	       clock_left_ms(until_mono_ms) > 0)
		(void)usleep(WATCHER_IDLE_MS * 1000);
}

static void
watcher_failed(struct watcher *watcher, const struct err *err)
{
	if (!watcher->failing)
		log_event(LOG_LEVEL_WARNING, "watch-failed", err);
	watcher->failing = true;
	watcher_sleep(watcher, WATCHER_PAUSE_MS);
}

static void
watcher_ask(struct watcher *watcher)
{
	const struct vault_watch request = { watcher->revision,
					     WATCHER_WAIT_MS };
	struct vault_watch_answer answer = { 0 };
	const struct vault_call ask = VAULT_CALL(WATCH, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	if (vault_client_call(&watcher->vault, &ask, &arena, &err) != ST_OK) {
		watcher_failed(watcher, &err);
		return;
	}
	watcher->failing = false;
	if (answer.revision == watcher->revision)
		return;
	watcher->revision = answer.revision;
	desk_set_revision(watcher->options.desk, answer.revision);
	watcher->options.publish(watcher->options.context, answer.revision);
}

static void *
watcher_run(void *context)
{
	struct watcher *watcher = context;

	while (!atomic_load(&watcher->stopping)) {
		if (watcher->options.listeners(watcher->options.context) == 0)
			watcher_sleep(watcher, WATCHER_IDLE_MS);
		else
			watcher_ask(watcher);
	}
	return NULL;
}

enum status
watcher_start(const struct watcher_options *options,
	      struct watcher **watcher_out, struct err *err)
{
	struct watcher *watcher = calloc(1, sizeof(*watcher));

	if (watcher == NULL)
		return err_set(err, ST_NO_MEMORY, "watcher: no memory");
	watcher->options = *options;
	vault_client_init(&watcher->vault, options->vault_socket);
	errno = pthread_create(&watcher->thread, NULL, watcher_run, watcher);
	if (errno != 0) {
		vault_client_done(&watcher->vault);
		free(watcher);
		return err_set_errno(err, "watcher: cannot start a thread");
	}
	*watcher_out = watcher;
	return ST_OK;
}

void
watcher_stop(struct watcher **watcher)
{
	struct watcher *all = *watcher;

	if (all == NULL)
		return;
	atomic_store(&all->stopping, true);
	(void)pthread_join(all->thread, NULL);
	vault_client_done(&all->vault);
	free(all);
	*watcher = NULL;
}
