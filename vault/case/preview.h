/*
 * preview.h - the masked text of a held mail, made by a worker, kept sealed.
 *
 * Layer:    vault/case
 * Threads:  preview_order(), preview_take(): the writer's; the rest: any
 */
#ifndef VAULT_CASE_PREVIEW_H
#define VAULT_CASE_PREVIEW_H

#include "lib/report/preview.h"
#include "vault/case/record.h"

/* Context of seal_bytes() for a preview. */
#define PREVIEW_SEAL "case-preview"

enum { PREVIEW_TRIES = 5 }; /* then the case stays without one */

/* Put the job into the outbox, once in the life of a case. */
MUST_CHECK enum status
preview_order(struct vault *vault, const struct record *record,
	      struct err *err);

/* Once more: something was opened that could not be shown before. */
MUST_CHECK enum status
preview_renew(struct vault *vault, const struct record *record,
	      struct err *err);

/* What a worker made: untrusted. masked: no line of it shows five digits in
 * an unbroken run. Append it, encoded anew, to payload_out.
 * Returns: ST_OK; ST_FORMAT it is not what was asked for; … */
enum preview_kind { PREVIEW_KIND_NONE = 0, PREVIEW_MASKED, PREVIEW_REVEALED };
MUST_CHECK enum status
preview_check(struct span payload, enum preview_kind kind,
	      struct sbuf *payload_out, struct err *err);

/* The result of the job; ST_FORMAT: not one to be kept. */
MUST_CHECK enum status
preview_take(struct vault *vault, const struct record *record,
	     struct span payload, struct err *err);

/* Append the payload in clear. ST_NOT_FOUND: none was made. */
MUST_CHECK enum status
preview_find(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     struct sbuf *payload_out, struct err *err);

#endif
