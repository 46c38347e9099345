/*
 * stats.h - what happened, counted by day (UTC+9) and rule.
 *
 * Layer:    vault/case
 * Threads:  stats_note(): the writer's; stats_read(): any
 *
 * Counted in the transaction of the change itself. The counters name no case
 * and outlive them.
 */
#ifndef VAULT_CASE_STATS_H
#define VAULT_CASE_STATS_H

#include "vault/case/case_table.h"
#include "vault/case/record.h"

enum { STATS_MAX_DAYS = 400, STATS_MAX_LINES = 20000 };

/* Days since 1970-01-01 in Japan. */
uint32_t stats_day(int64_t unix_ms);

/* event has happened to the case. */
MUST_CHECK enum status
stats_note(struct vault *vault, const struct record *record,
	   enum case_event event, struct err *err);

/* Gives: *arena_out, behind the answer. ST_FORMAT: no such days. */
MUST_CHECK enum status
stats_read(struct vault *vault, const struct vault_stats *request,
	   struct vault_stats_answer *answer_out, struct wire_arena **arena_out,
	   struct err *err);

#endif
