/*
 * link_epochs.h - a random key for each week, without which no link opens.
 *
 * Layer:    vault/case
 * Threads:  link_epochs_find(): any; the rest: the writer's
 *
 * What a link's secret opens is boxed once more under the key of the week in
 * which the link ends. The keys lie in a file beside the store that no backup
 * has, and each is destroyed when its week is over: an older copy of the store
 * opens no link for longer than that, and on another machine none. Who loses
 * the file loses the links that live, and nothing else.
 *
 * One more key is for secrets that wait for their mail to be sent: it is
 * destroyed when none waits any more, so that they cannot be read in an older
 * copy either.
 *
 * Shape: state_dir/link-epochs, boxed under the row key:
 *
 *	4  number of the week, big-endian; LINK_EPOCHS_SECRETS
 *	32 its key; and so on
 */
#ifndef VAULT_CASE_LINK_EPOCHS_H
#define VAULT_CASE_LINK_EPOCHS_H

#include "vault/case/vault.h"

#define LINK_EPOCHS_SECRETS UINT32_MAX /* instead of a week */

uint32_t link_epochs_week(int64_t unix_ms);

/* ST_NOT_FOUND: destroyed, or never made. */
MUST_CHECK enum status
link_epochs_find(const struct vault *vault, uint32_t week,
		 uint8_t key_out[SEAL_KEY_BYTES], struct err *err);
/* As link_epochs_find(); made when there is none, and durable then. ST_END:
 * the week is over. */
MUST_CHECK enum status
link_epochs_need(const struct vault *vault, uint32_t week,
		 uint8_t key_out[SEAL_KEY_BYTES], struct err *err);
/* Destroy those of weeks that are over, and of secrets when there are none. */
MUST_CHECK enum status link_epochs_end(const struct vault *vault,
				       uint32_t *ended_out, struct err *err);

#endif
