/*
 * link_keep.h - may a transfer that runs go on?
 *
 * Layer:    vault/case
 * Threads:  link_keep_takes(): the writer's; link_keep(): any
 *
 * The portal asks every few seconds, for each visit that it sends something
 * to. A visit that is over ends nothing that runs; the end of its link does,
 * so that a link whose keys are destroyed sends nothing. The other way round a
 * link of one time is not used up while what its last visit took is on its
 * way: its takes are kept, a few minutes at a time, for as long as the portal
 * asks.
 */
#ifndef VAULT_CASE_LINK_KEEP_H
#define VAULT_CASE_LINK_KEEP_H

#include "vault/case/link_visit.h"

/* *until_unix_ms_out: when it must end in any case. ST_NOT_FOUND: at once;
 * ST_END: ask link_keep_takes(). */
MUST_CHECK enum status
link_keep(const struct vault *vault, const struct vault_link_visit *request,
	  int64_t *until_unix_ms_out, struct err *err);
/* The same, and its takes are kept. ST_OK, ST_NOT_FOUND */
MUST_CHECK enum status
link_keep_takes(struct vault *vault, const struct vault_link_visit *request,
		int64_t *until_unix_ms_out, struct err *err);

#endif
