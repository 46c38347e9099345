/*
 * link_seal.h - what a rewritten mail becomes: a link mail, files, links.
 *
 * Layer:    vault/case
 * Threads:  link_seal_blobs(), link_seal_drop(): any; link_seal(): the
 *           writer's
 *
 * First both blobs are written and made durable, on the asking thread; then
 * one transaction makes the rows that name them, the jobs that send the links,
 * and ends what the original is needed for. A crash between the two leaves
 * strays that the next start sweeps.
 */
#ifndef VAULT_CASE_LINK_SEAL_H
#define VAULT_CASE_LINK_SEAL_H

#include "vault/case/link.h"

/* On disk, but in no row yet. Wipe it. */
struct link_sealing {
	bool made; /* false: the mail was refused, there are none */
	struct blob mail;
	struct blob files;
	uint8_t mail_key[SEAL_WRAPPED_BYTES];
	uint8_t file_key[SEAL_KEY_BYTES];
	uint64_t total_bytes;
	bool undone; /* no row will name them: link_seal() failed */
};

#define LINK_SEAL_MAIL "link-mail" /* context of seal_fd() */

/*
 * fd: link mail and files, one behind the other; FD_NONE with a refusal.
 * Returns:  as vault.h; ST_END the lease is not valid any more; ST_FORMAT
 *           what is handed in does not fit together
 */
MUST_CHECK enum status
link_seal_blobs(struct vault *vault, const struct vault_link_seal *request,
		int fd, struct link_sealing *sealing, struct err *err);
/* Nothing was promised: remove them. */
MUST_CHECK enum status
link_seal_drop(const char *state_dir, const struct link_sealing *sealing,
	       struct err *err);

/* ST_END: the lease is not valid any more, or the case is not RELEASING. */
MUST_CHECK enum status
link_seal(struct vault *vault, const struct vault_link_seal *request,
	  const struct link_sealing *sealing, struct err *err);

#endif
