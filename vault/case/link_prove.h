/*
 * link_prove.h - proofs of a visitor: a code from the mailbox, a password.
 *
 * Layer:    vault/case
 * Threads:  link_code_find(), link_code_is_wanted(): any; the rest: the
 *           writer's
 *
 * The store keeps an HMAC of a code; the code itself, boxed, only until the
 * next hop has the mail that carries it. Wrong codes and passwords count for
 * the link, whoever gave them; portal.wrong_codes of them freeze it.
 */
#ifndef VAULT_CASE_LINK_PROVE_H
#define VAULT_CASE_LINK_PROVE_H

#include "vault/case/link_visit.h"

enum {
	LINK_CODE_DIGITS = 6,
	LINK_MAX_CODES = 5 /* an hour, for one link */
};

/*
 * Mail a code to the link's mailbox. While one waits for its mail to be sent
 * there is no other.
 * Returns: ST_OK; ST_NOT_FOUND no such visit; ST_FORMAT it needs no code;
 *          ST_LIMIT too many of them; ST_IO …
 */
MUST_CHECK enum status
link_code_send(struct vault *vault, const struct vault_link_visit *request,
	       struct link_visit *visit, struct err *err);

/* The code that the notice of this job carries, "" when it has none. */
MUST_CHECK enum status
link_code_find(const struct vault *vault, uint64_t job_id,
	       char code_out[LINK_CODE_DIGITS + 1], struct err *err);
/* Does anybody wait for it still? */
bool link_code_is_wanted(const struct vault *vault, uint64_t job_id);
/* The job is done: nobody can find out the code any more. */
MUST_CHECK enum status
link_code_forget(struct vault *vault, uint64_t job_id, struct err *err);

/* What the store keeps of a code: for link_code.c and link_prove.c. */
MUST_CHECK enum status
link_code_mac(const struct vault *vault, const struct store_claim *claim,
	      const char *code, uint8_t out[STORE_HASH_BYTES], struct err *err);

/*
 * One proof for the stage that the visit is in. A wrong one is ST_OK, too: it
 * is counted, and the stage stays; *frozen_out: it was the last one.
 */
MUST_CHECK enum status
link_prove(struct vault *vault, const struct vault_link_prove *request,
	   struct link_visit *visit, bool *frozen_out, struct err *err);

#endif
