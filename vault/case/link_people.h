/*
 * link_people.h - what the people of a mail see of its links, and do to them.
 *
 * Layer:    vault/case
 * Threads:  link_list(), link_record(), link_public(): any; the rest: the
 *           writer's
 *
 * Sender (guests of the case, too) and approvers of its group see everything
 * and may change links; handlers of the group and auditors see everything;
 * administrators who are no auditors see counts and shown names, no records.
 */
#ifndef VAULT_CASE_LINK_PEOPLE_H
#define VAULT_CASE_LINK_PEOPLE_H

#include "lib/crypto/sign.h"
#include "vault/case/account.h"
#include "vault/case/link.h"

enum link_right {
	LINK_RIGHT_NONE = 0, /* for them there is no such case */
	LINK_RIGHT_COUNT,
	LINK_RIGHT_AUDIT,
	LINK_RIGHT_READ,
	LINK_RIGHT_CHANGE
};
enum link_right link_right(const struct vault *vault, const struct actor *actor,
			   const struct record *record);

/* Is it one of this mail, as who asks believes? Zeros: nobody has said. */
bool
link_is_of(const struct store_link *row, const uint8_t case_id[CASE_ID_BYTES]);

/* No links: an empty answer. Gives: *arena_out, behind the answer. */
MUST_CHECK enum status
link_list(struct vault *vault, const struct actor *actor,
	  const struct vault_link_case *request,
	  struct vault_link_list_answer *answer_out,
	  struct wire_arena **arena_out, struct err *err);

/* ST_END: the link has ended, or is not frozen; ST_FORMAT: no such time. */
MUST_CHECK enum status
link_change(struct vault *vault, const struct actor *actor,
	    const struct vault_link_change *request, struct err *err);

/* A text of all that is known of a link, and its signature.
 * Gives: *arena_out, behind the answer. */
MUST_CHECK enum status
link_record(struct vault *vault, const struct actor *actor,
	    const struct vault_link_of *request,
	    struct vault_link_record *answer_out, struct wire_arena **arena_out,
	    struct err *err);
/* That somebody was given a record: on the writer's connection, before it
 * goes out. */
MUST_CHECK enum status
link_record_audit(struct vault *vault, const struct actor *actor,
		  const struct vault_link_of *request, struct err *err);
MUST_CHECK enum status
link_public(const struct vault *vault, uint8_t key_out[SIGN_PUBLIC_BYTES],
	    struct err *err);

#endif
