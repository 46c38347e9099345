/*
 * scan_progress.h - how far "scan -r" is, for who waits at a terminal.
 *
 * Layer:    cli
 * Threads:  one
 *
 * One line on standard error that changes in place; nothing when that is no
 * terminal. It is taken away before anything else is printed.
 */
#ifndef CLI_SCAN_PROGRESS_H
#define CLI_SCAN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/speech.h"

struct scan_progress {
	bool on;
	bool shown;           /* the line is there now */
	bool beside;          /* results go to a terminal, too */
	int64_t next_mono_ms; /* not again before */
	uint64_t files;
	uint64_t found;
	uint64_t unread;
	uint64_t failed;
	const struct speech *speech;
};

/* Switch it on when standard error is a terminal. */
void
scan_progress_open(struct scan_progress *progress, const struct speech *speech);

/* file (any bytes) is next. */
void scan_progress_next(struct scan_progress *progress, const char *file);

/* Take the line away: something is about to be printed to standard error, or a
 * result to standard output. */
void scan_progress_clear(struct scan_progress *progress);
void scan_progress_make_room(struct scan_progress *progress);

/* Take it away for good, and say what it came to. */
void scan_progress_end(struct scan_progress *progress);

#endif
