/*
 * worker_life.h - how every worker program starts: setup, no log, sandbox.
 *
 * Layer:    scanners/worker and scanners/pdf
 * Threads:  one
 */
#ifndef SCANNERS_WORKER_WORKER_LIFE_H
#define SCANNERS_WORKER_WORKER_LIFE_H

#include "scanners/worker/worker_messages.h"
#include "scanners/worker/worker_note.h"

enum { WORKER_EXIT_REFUSED = 1 /* told the supervisor why */ };

/* Harden the process and open its channel to the supervisor; says on
 * standard error what is wrong. False: exit with a failure. */
bool worker_life_begin(const char *program, struct channel *channel);

/*
 * Be a session of one's own. Linux shares processors out by session first
 * (autogroup, sched(7)) unless control groups do: what a worker uses beyond its
 * share for a mail that takes long would be missing to the supervisor and to
 * the workers of other mails.
 */
void worker_life_part(void);

/* --help and --version, for people who meet it in a list of processes. */
bool worker_life_answer(int argc, char **argv, const char *program);

/*
 * Receive the setup, the words behind *words_fd_out (the caller's), and the
 * page to say on what we are at: *note_out is NULL in a template, whose copies
 * get one each.
 * Returns: ST_OK, ST_IO, ST_FORMAT, ST_LIMIT, ST_NO_MEMORY
 */
MUST_CHECK enum status
worker_life_setup(struct channel *channel, struct worker_setup *setup,
		  int *words_fd_out, struct worker_note **note_out,
		  struct err *err);

/*
 * From here on the process computes and answers, and reads no file but those
 * under readable (NULL: none); not even a parser that was taken over can
 * write to our log.
 * Returns: ST_OK, ST_UNSUPPORTED, ST_IO
 */
MUST_CHECK enum status
worker_life_lock_in(const struct worker_setup *setup,
		    const char *const *readable, struct err *err);

/* The same for a template: what its copies still need is left open.
 * Returns: ST_OK, ST_UNSUPPORTED, ST_IO */
MUST_CHECK enum status
worker_life_lock_in_template(const struct worker_setup *setup,
			     const char *const *readable, struct err *err);

/*
 * Room for the mail itself is set aside, so that scanning cannot use it: lend
 * it out before len_bytes of mail come into memory, take it back when they
 * are gone. Before worker_life_lock_in() it does nothing.
 * Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status
worker_life_make_room(uint64_t len_bytes, struct err *err);

MUST_CHECK enum status
worker_life_send(struct channel *channel, const struct wire_table *table,
		 const void *message, struct err *err);

/* Tell why there is no start, and end. */
_Noreturn void
worker_life_refuse(struct channel *channel, const struct err *err);

#endif
