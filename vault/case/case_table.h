/*
 * case_table.h - states of a case x what can happen to it, in one table.
 *
 * Layer:    vault/case
 * Threads:  constant
 *
 * Only case_change() (case_change.h) moves a case, and only along this table.
 */
#ifndef VAULT_CASE_CASE_TABLE_H
#define VAULT_CASE_CASE_TABLE_H

#include "vault/client/case.h"

enum case_event {
	CASE_EVENT_NONE = 0,
	CASE_EVENT_TAKE,             /* a new mail to hold */
	CASE_EVENT_TAKE_UNCONFIRMED, /* the MTA may not know that we have it */
	CASE_EVENT_TAKE_SEALED,      /* the vault is locked */
	CASE_EVENT_OPEN,             /* unlocked: what was sealed is read */
	CASE_EVENT_OPEN_UNCONFIRMED,
	CASE_EVENT_MERGE, /* unlocked: it is a retry of another case */
	CASE_EVENT_SEEN,  /* a retry of the same mail came in */
	CASE_EVENT_SEEN_UNCONFIRMED,
	CASE_EVENT_RESCANNED,
	CASE_EVENT_CONFIRM, /* the decisions of people */
	CASE_EVENT_APPROVE,
	CASE_EVENT_RETURN,
	CASE_EVENT_CANCEL,
	CASE_EVENT_EXPIRE, /* the deadline has passed */
	CASE_EVENT_REMIND,
	CASE_EVENT_PROGRESS,     /* some recipient has an outcome */
	CASE_EVENT_SETTLE,       /* every recipient has one */
	CASE_EVENT_BOUNCE,       /* a released mail came back */
	CASE_EVENT_UNLOCKED,     /* a new scan has opened what was locked */
	CASE_EVENT_PASS,         /* opened, and by the policy it may go */
	CASE_EVENT_LINK,         /* its files go as secure links */
	CASE_EVENT_LINK_REFUSED, /* they cannot; nothing was sent */
	CASE_EVENT_END
};
const char *case_event_name(enum case_event event);

/* Where event leads from state: CASE_STATE_NONE: it cannot happen there;
 * CASE_STATE_END: the case is no more. NONE as a state: not yet a case. */
enum case_state case_table_next(enum case_state state, enum case_event event);

/* An end state: nothing is owed to anybody any more. */
bool case_state_is_end(enum case_state state);

/* The whole table as a Graphviz file. */
void case_table_print(struct sbuf *out);

#endif
