/*
 * bounce.h - mail that we released and that came back.
 *
 * Layer:    vault/case
 * Threads:  bounce_take(): the writer's; bounce_envid(): any
 *
 * Released mail carries ENVID=sk.<case id>.<tag>; the tag is an HMAC, so that
 * a stranger cannot make up a bounce that would pass unread.
 */
#ifndef VAULT_CASE_BOUNCE_H
#define VAULT_CASE_BOUNCE_H

#include "vault/case/record.h"

enum { BOUNCE_ENVID_BYTES = 64 };

/* So begins the last reply of a recipient whose mail came back; the code of the
 * DSN is behind it. It may be there before the courier says that the mail was
 * taken, and stays then. */
#define BOUNCE_MARK "bounced: failed "

MUST_CHECK enum status
bounce_envid(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     char envid_out[BOUNCE_ENVID_BYTES], struct err *err);

/* A DSN came in. known: it is about our case and goes to nobody but that
 * case's sender, so it may pass; it is then an event of the case, and the end
 * of the link that it was about (link_bounced()), at once or when the courier
 * says that it was sent. */
MUST_CHECK enum status
bounce_take(struct vault *vault, const struct vault_bounce *request,
	    struct vault_bounce_answer *answer_out, struct err *err);

#endif
