/*
 * link_take.h - what visitors take, and what came of it.
 *
 * Layer:    vault/case
 * Threads:  link_take(), link_sent(): the writer's; link_fetch(): any
 *
 * A file of a link of one time is taken in one visit only; the visit may fetch
 * it as often as it has to until it ends. When all its files went out, or the
 * visits ended in which they were taken, the link is spent.
 */
#ifndef VAULT_CASE_LINK_TAKE_H
#define VAULT_CASE_LINK_TAKE_H

#include "vault/case/link_visit.h"

/* ST_OK, also for what this visit has taken before; ST_END another visit has
 * taken it; ST_FORMAT no such file, or not proved yet; ST_NOT_FOUND */
MUST_CHECK enum status
link_take(struct vault *vault, const struct vault_link_take *request,
	  struct link_visit *visit, struct err *err);

/* Of what was taken: *fd_out is the sealed files, for reading. Gives:
 * *arena_out, behind the answer. ST_END: it was not taken. */
MUST_CHECK enum status
link_fetch(const struct vault *vault, const struct vault_link_take *request,
	   struct vault_link_fetch_answer *answer_out,
	   struct wire_arena **arena_out, int *fd_out, struct err *err);

/* A transfer is over; counted when all of it went out, also when visit or
 * link ended meanwhile. */
MUST_CHECK enum status
link_sent(struct vault *vault, const struct vault_link_sent *request,
	  struct err *err);

/* Nothing of it is left to be fetched: its keys are destroyed. */
MUST_CHECK enum status link_spend(struct vault *vault, struct store_link *row,
				  const char *address, struct err *err);

#endif
