/*
 * engine_search.h - the time for trying passwords, and the search for those
 * that nothing names.
 *
 * Layer:    scanners/worker; for engine*.c
 * Threads:  as engine.h
 */
#ifndef SCANNERS_WORKER_ENGINE_SEARCH_H
#define SCANNERS_WORKER_ENGINE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/status.h"

struct sink;

/* Places of a search (report.search.tried): words of the mail, by their number;
 * starts of what is known in clear; masks. */
enum { ENGINE_SEARCH_KNOWN_AT = 1 << 19, ENGINE_SEARCH_MASKS_AT = 1 << 20 };

/* A while in which passwords are tried. */
struct engine_turn {
	struct sink *sink;
	int64_t start_us; /* CPU */
	int64_t start_mono_ms;
	int64_t most_us; /* of all turns together */
};

struct engine_turn engine_turn_begin(struct sink *sink, uint32_t most_ms);
/* For struct lock_watch; context is the turn. ST_LIMIT: the time for trying is
 * up, or that of the scan nearly is. */
MUST_CHECK enum status engine_turn_tick(void *context, struct err *err);
/* st: why it ended. Returns: how much CPU it took, in microseconds */
int64_t engine_turn_end(const struct engine_turn *turn, enum status st);

/*
 * Go on with the search for each lock that is closed, as far as the time goes.
 * What is found is a word from then on. Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
engine_search(struct sink *sink, bool *found_out, struct err *err);

/* How far it came, for the report. */
void engine_search_say(struct sink *sink);

#endif
