/*
 * view.h - what people see of cases: lists and one case.
 *
 * Layer:    vault/case
 * Threads:  any, on a READ connection inside store_begin()
 */
#ifndef VAULT_CASE_VIEW_H
#define VAULT_CASE_VIEW_H

#include "vault/case/decide.h"

/* Administrators and auditors see that there is a case, not what is in it.
 * Gives: *arena_out, behind the texts of the answer. */
MUST_CHECK enum status
view_list(struct vault *vault, const struct actor *actor,
	  const struct vault_list *request,
	  struct vault_list_answer *answer_out, struct wire_arena **arena_out,
	  struct err *err);

/* One line as lists show it, its texts in arena; involved: with the words of
 * the mail. False: no memory. */
bool view_fill_line(const struct vault *vault, struct wire_arena *arena,
		    const struct record *record, bool involved,
		    struct vault_case_line *line);

/* ST_NOT_FOUND also when the case is nothing to this account. */
MUST_CHECK enum status
view_case(struct vault *vault, const struct actor *actor,
	  const struct vault_show *request, struct vault_case *answer_out,
	  struct wire_arena **arena_out, struct err *err);

/* That somebody looked at a case: on the writer's connection, before the
 * answer goes out. */
MUST_CHECK enum status
view_audit(struct vault *vault, const struct actor *actor,
	   const uint8_t case_id[CASE_ID_BYTES], struct err *err);

#endif
