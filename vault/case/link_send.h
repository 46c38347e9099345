/*
 * link_send.h - link mails on their way: what the courier gets, what follows.
 *
 * Layer:    vault/case
 * Threads:  link_compose(): any; the rest: the writer's
 *
 * The secret of a link is told to the courier with each try, and deleted when
 * the next hop has taken the mail that carries it.
 */
#ifndef VAULT_CASE_LINK_SEND_H
#define VAULT_CASE_LINK_SEND_H

#include "vault/case/job.h"
#include "vault/case/link.h"

/* Of a job LINK: is its link still to be sent? */
bool link_makes_sense(struct vault *vault, const struct store_job *job);

/* A job LINK is taken: when it waited long, its link's time begins anew.
 * ST_END: its key is lost, so it has ended, with an outcome and a notice. */
MUST_CHECK enum status
link_prepare(struct vault *vault, const struct store_job *job, struct err *err);

/* Fill job->link of a job LINK or the notice LINKED; texts live in arena. */
MUST_CHECK enum status
link_compose(struct vault *vault, const struct job_payload *payload,
	     struct wire_arena *arena, struct vault_job *job, struct err *err);
/* The link mail in clear, as a sealed memory file. */
MUST_CHECK enum status
link_open_mail(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	       int *fd_out, struct err *err);

/* What the next hop said for good of the mail that carries a link's secret:
 * taken, it is LIVE, or ends when its mail has come back by now; else it ends,
 * too. The sender hears of an end. Of a link that ended meanwhile it is on
 * record that its mail was sent; one that is not PENDING stays as it is.
 */
struct link_reply {
	bool taken;
	const char *reason; /* not taken; NULL: nobody is to hear of it */
};
MUST_CHECK enum status
link_replied(struct vault *vault, const struct job_payload *payload,
	     const struct link_reply *reply, struct err *err);

/* A later mail server says that the link mail did not reach this recipient.
 * Its link ends, and the sender hears of it, unless somebody has opened it:
 * then the mail did arrive. One that is PENDING ends in link_replied(), for
 * which the recipient's last reply is kept (BOUNCE_MARK). told: the sender
 * hears of that end, now or then. */
MUST_CHECK enum status
link_bounced(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     const struct record_recipient *recipient, const char *code,
	     bool *told_out, struct err *err);

/* A PENDING link has ended before its mail was sent: its recipient has this
 * outcome now, and perhaps the case ends. */
MUST_CHECK enum status
link_give_up(struct vault *vault, const struct store_link *row,
	     enum case_outcome outcome, struct err *err);

#endif
