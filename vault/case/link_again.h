/*
 * link_again.h - a mail that its rule sent as links comes once more.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 *
 * A client that did not hear our answer sends the same mail again. A retry
 * joins its undecided case (intake.h), and after a person's decision it is a
 * new case, which people see; a rule with action = link has decided before the
 * retry comes, and would send each recipient a second link. So the retry
 * belongs to the first case as long as that gives all its recipients what they
 * would get: a link that lives, or the mail itself for who is inside.
 */
#ifndef VAULT_CASE_LINK_AGAIN_H
#define VAULT_CASE_LINK_AGAIN_H

#include "vault/case/record.h"

/* The case that a mail of this content is a retry of. ST_NOT_FOUND: none. */
MUST_CHECK enum status
link_again_find(struct vault *vault, const uint8_t content[STORE_HASH_BYTES],
		const struct case_detail *detail, struct store_case *row_out,
		struct err *err);

/* Is it a case that link_again_find() gave? */
bool link_again_is(const struct store_case *row);

/* It came again: noted; nothing else follows. */
MUST_CHECK enum status
link_again_note(struct vault *vault, const struct store_case *row,
		struct err *err);

#endif
