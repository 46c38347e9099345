/*
 * link_timers.h - what happens to links because time passes.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_LINK_TIMERS_H
#define VAULT_CASE_LINK_TIMERS_H

#include "vault/case/link.h"

/* Ends of links and of once links' visits, reminders, old claims, keys of
 * weeks that are over. A bounded number each time; *fired_out grows. All by
 * vault_passed(): a clock that jumps ends nothing at once. */
MUST_CHECK enum status
link_timers_run(struct vault *vault, uint32_t *fired_out, struct err *err);

/* Lower *unix_ms_out to when the next of these is due. */
MUST_CHECK enum status
link_timers_next(struct vault *vault, int64_t *unix_ms_out, struct err *err);

#endif
