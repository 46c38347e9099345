/*
 * case_change.h - the one place that moves a case to another state.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_CASE_CHANGE_H
#define VAULT_CASE_CASE_CHANGE_H

#include "vault/case/case_table.h"
#include "vault/case/record.h"

struct case_change {
	enum case_event event;
	const char *actor; /* login, or "milter", "courier", "timer" */
	const char *via;
	const char *detail; /* counts only; NULL: none */
	const char *secret; /* what a person wrote; NULL: none */
	/* TAKE…: the new case's large columns; else NULL. */
	const struct store_case_detail *inserted;
};

/*
 * Move record along the table, store its row and append the audit row, all
 * in the caller's transaction.
 * Returns: ST_OK; ST_END the event cannot happen in this state; ST_IO …
 */
MUST_CHECK enum status
case_change(struct vault *vault, struct record *record,
	    const struct case_change *change, struct err *err);

/* When the case has ended, or goes as links, and no job needs its mail: destroy
 * the wrapped key in the row, then (after the commit) the bytes; audited with
 * their hash. */
MUST_CHECK enum status
case_shred(struct vault *vault, struct record *record, struct err *err);

#endif
