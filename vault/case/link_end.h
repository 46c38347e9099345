/*
 * link_end.h - the end of a link: its keys are destroyed.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_LINK_END_H
#define VAULT_CASE_LINK_END_H

#include "vault/case/link.h"

/*
 * It ends in state (SPENT, EXPIRED, REVOKED, FAILED): its keys are destroyed,
 * its visits end; deed is noted. With a case's last recipient link ends the
 * sender's, and with the last of all the files are destroyed. One that has
 * ended stays as it is. Variable columns of row that are kept must live on.
 * What the case owes the recipient of a PENDING one: link_send.h.
 */
MUST_CHECK enum status
link_end(struct vault *vault, struct store_link *row, enum link_state state,
	 const struct link_deed *deed, struct err *err);

/* Destroy the link mail of the case once nobody waits for it. */
MUST_CHECK enum status
link_shred_mail(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
		struct err *err);

#endif
