/*
 * notice.h - who is told what: orders for the outbox.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_NOTICE_H
#define VAULT_CASE_NOTICE_H

#include "vault/case/people.h"

/* The first notices of a case: to its sender and to everybody who may decide;
 * when nobody may, to the postmaster. */
MUST_CHECK enum status
notice_held(struct vault *vault, const struct record *record, struct err *err);

/* The same of a case that was decided, and waits for people again. */
MUST_CHECK enum status
notice_held_again(struct vault *vault, const struct record *record,
		  const char *reason, struct err *err);

/* To the sender, unless there is none. reason may be "". */
MUST_CHECK enum status
notice_sender(struct vault *vault, const struct record *record,
	      enum notice_event event, const char *reason, struct err *err);

/* To everybody who may decide on the case. */
MUST_CHECK enum status
notice_approvers(struct vault *vault, const struct record *record,
		 enum notice_event event, struct err *err);

/* To everybody who may decide: the sender has added words. At the time that
 * the row says. */
MUST_CHECK enum status
notice_commented(struct vault *vault, const struct record *record,
		 struct err *err);

/* Language of the sender's account; "" when it has none. */
MUST_CHECK enum status
notice_sender_language(struct vault *vault, const struct record *record,
		       char *language, size_t language_bytes, struct err *err);

/* The mail itself goes back to its sender, or without one to the postmaster.
 * serial tells several of one case apart. */
struct notice_give_back {
	enum notice_event event; /* RETURNED, EXPIRED, FAILED */
	const char *reason;
	const char *recipients_text; /* "": those of the case */
	uint64_t serial;
};
MUST_CHECK enum status
notice_give_back(struct vault *vault, const struct record *record,
		 const struct notice_give_back *give_back, struct err *err);

/* Names of those who may decide, for people; into text. */
MUST_CHECK enum status
notice_approver_names(struct vault *vault, const struct record *record,
		      struct sbuf *text, struct err *err);

#endif
