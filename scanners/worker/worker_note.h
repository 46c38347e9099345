/*
 * worker_note.h - the page on which a worker says what it is at.
 *
 * Layer:    scanners/worker; the supervisor includes it
 * Threads:  one in the worker; the supervisor reads once the worker is lost
 * Input:    the supervisor takes every byte for untrusted: a worker that was
 *           taken over can write what it likes, and name a wrong part at most
 *
 * A worker that crashes, hangs or is killed says nothing any more. The page is
 * memory that both have (a memory file of fixed size, which comes with the
 * setup): what was written last is there whatever became of the worker.
 */
#ifndef SCANNERS_WORKER_WORKER_NOTE_H
#define SCANNERS_WORKER_WORKER_NOTE_H

#include "lib/report/report.h"

enum { WORKER_NOTE_READER_BYTES = 32, WORKER_NOTE_PART_BYTES = 2016 };

/* Why a worker ended itself in the middle of a mail. */
enum worker_end {
	WORKER_END_NONE = 0,
	WORKER_END_WALL,  /* its wall time is over */
	WORKER_END_CPU,   /* its CPU time is over */
	WORKER_END_MEMORY /* a library gave up without memory */
};

struct worker_note {
	uint32_t end; /* enum worker_end */
	char reader[WORKER_NOTE_READER_BYTES];
	char part[WORKER_NOTE_PART_BYTES];
};

/* The worker's side; note may be NULL, then nothing is written down. */

/* Map the page behind fd. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
worker_note_map(int fd, struct worker_note **note_out, struct err *err);
/* reader is at part from now on. */
void
worker_note_at(struct worker_note *note, const char *reader, const char *part);
/* From a signal handler. */
void worker_note_end(struct worker_note *note, enum worker_end end);

/* The supervisor's side. */

/* A page for a new worker. Gives: *fd_out. Returns: ST_OK, ST_IO */
MUST_CHECK enum status worker_note_make(int *fd_out, struct err *err);
/* A new mail: nothing is known, and nothing of the last one is there.
 * Returns: ST_OK, ST_IO */
MUST_CHECK enum status worker_note_clear(int fd, struct err *err);
/* What stands there: texts that are safe to show, "" where there is none. */
void worker_note_read(int fd, struct worker_note *note);

#endif
