/*
 * rescan.h - a held mail is scanned again.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_RESCAN_H
#define VAULT_CASE_RESCAN_H

#include "vault/case/case_change.h"

/* Context of seal_bytes() for a later report. */
#define RESCAN_SEAL_REPORT "case-report"

/* Order one, for an account that may. */
MUST_CHECK enum status
rescan_order(struct vault *vault, struct record *record, const char *actor,
	     const char *via, struct err *err);

/* Decode and check an untrusted report; a number or a password that slipped
 * in is forgotten. Its memory is in *arena_out. */
MUST_CHECK enum status
rescan_read(struct span payload, struct scan_report *report,
	    struct wire_arena **arena_out, struct err *err);

/* Put such a report in force, as change. */
MUST_CHECK enum status
rescan_store(struct vault *vault, struct record *record,
	     const struct scan_report *report, const struct case_change *change,
	     struct err *err);

/* The result: payload, an untrusted report. It replaces the one before and
 * changes the version that decisions are bound to. */
MUST_CHECK enum status rescan_take(struct vault *vault, struct record *record,
				   struct span payload, struct err *err);

/*
 * The report in force, decoded and checked; unseals it.
 * Gives:    *report, its memory in *arena_out
 */
MUST_CHECK enum status
rescan_find(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	    struct scan_report *report, struct wire_arena **arena_out,
	    struct err *err);

#endif
