/*
 * workers.h - a bounded queue and the threads that empty it.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  workers_push() from any thread; start and stop from one
 */
#ifndef QUARANTINE_UI_HTTP_WORKERS_H
#define QUARANTINE_UI_HTTP_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/status.h"

struct workers;

struct workers_options {
	size_t thread_count;
	size_t queue_count; /* jobs that may wait */
	/* Called with the number of its thread, from 0. */
	void (*work)(void *context, size_t worker, void *job);
	void *context;
};

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO (no thread) */
MUST_CHECK enum status
workers_start(const struct workers_options *options,
	      struct workers **workers_out, struct err *err);

/* False when the queue is full or the workers are stopping: the job stays the
 * caller's. */
bool workers_push(struct workers *workers, void *job);

/* Jobs waiting or being worked on. */
size_t workers_busy(struct workers *workers);

/* Finish what is queued and end the threads; from then on nothing is taken. */
void workers_stop(struct workers *workers);
/* Stop, and release. */
void workers_free(struct workers **workers);

#endif
