/*
 * link_lost.h - links of an older store whose own keys are gone.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 *
 * A backup brings back rows of links that ended since; their keys it does not
 * bring back. Such a link opens nothing, and is not to look as if it did.
 */
#ifndef VAULT_CASE_LINK_LOST_H
#define VAULT_CASE_LINK_LOST_H

#include "vault/case/link.h"

/*
 * Once after each start, as soon as there are keys: a link that is LIVE or
 * FROZEN and whose own key was destroyed becomes FAILED (event "key-lost").
 * One that was made before links had keys of their own, one whose week's key is
 * not there, one with damage, and all of them while there is no directory
 * link-keys at all (it can be put back) are left as they are.
 * *ended_out: raised by how many.
 */
MUST_CHECK enum status
link_lost_run(struct vault *vault, uint32_t *ended_out, struct err *err);

#endif
