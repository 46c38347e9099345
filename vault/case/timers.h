/*
 * timers.h - what happens because time passes.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_TIMERS_H
#define VAULT_CASE_TIMERS_H

#include "vault/case/record.h"

/* Deadlines (the mail goes back), reminders, retention, old sessions. A
 * bounded number each time; next_unix_ms says when to ask again. */
MUST_CHECK enum status
timers_run(struct vault *vault, struct vault_timers_answer *answer_out,
	   struct err *err);

#endif
