/*
 * beside.h - all mails of a case in one file, for what tries passwords.
 *
 * Layer:    vault/case
 * Threads:  beside_open(): any; beside_joined(): the writer's
 * Input:    mails are untrusted: nobody but the scanner looks into them
 *
 * What one mail of a case has in clear may be a member of what another one has
 * locked (scanners/worker/engine_known.h).
 *
 * Shape: the mail; behind it, when others wait with it, a mail that has them
 * as its parts.
 */
#ifndef VAULT_CASE_BESIDE_H
#define VAULT_CASE_BESIDE_H

#include "vault/case/record.h"

/*
 * The mail of record and those that wait with it and may help: as many as a
 * message may have bytes, in a sealed memory file.
 * Gives:    *fd_out; *mail_bytes_out where the first one ends; 0: it is alone
 */
MUST_CHECK enum status
beside_open(struct vault *vault, const struct record *record, int *fd_out,
	    uint64_t *mail_bytes_out, struct err *err);

/* A mail came to wait with main_record: what is locked there is tried anew
 * when it brings files. */
MUST_CHECK enum status
beside_joined(struct vault *vault, const struct record *record,
	      struct record *main_record, struct err *err);

#endif
