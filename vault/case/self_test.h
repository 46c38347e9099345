/*
 * self_test.h - a mail of our own goes through the MTA and must be held.
 *
 * Layer:    vault/case
 * Threads:  self_test_find(): any; the rest: the writer's
 *
 * The courier asks for a ticket and sends a mail with it; the milter holds it
 * like any other and hands the ticket in. One ticket is good at a time, for
 * SELF_TEST_LIFE_MS and one content; the store keeps its HMAC. What comes
 * with another ticket, or while the vault is locked, is an ordinary hold.
 */
#ifndef VAULT_CASE_SELF_TEST_H
#define VAULT_CASE_SELF_TEST_H

#include "vault/case/vault.h"

enum {
	SELF_TEST_LIFE_MS = 10 * 60 * 1000,
	SELF_TEST_KEEP_MS = 24 * 3600 * 1000 /* the records of its cases */
};

/* A new ticket, as text; the one before is good no more. */
MUST_CHECK enum status
self_test_begin(struct vault *vault, const struct vault_self_test *request,
		char ticket_out[VAULT_SELF_TEST_BYTES], struct err *err);

/* Is this the hold of our mail? Noted when it is. */
MUST_CHECK enum status
self_test_redeem(struct vault *vault, const struct vault_hold *request,
		 bool *ours_out, struct err *err);

/* Not held in time: an audit row and a line in the log, once. */
MUST_CHECK enum status self_test_watch(struct vault *vault, struct err *err);

/* For status; zeros when there was none. Works while locked. */
struct self_test_facts {
	int64_t sent_unix_ms;
	int64_t held_unix_ms; /* of the last one that was */
	bool late;
};
MUST_CHECK enum status
self_test_find(struct vault *vault, struct self_test_facts *facts_out,
	       struct err *err);

#endif
