/*
 * link_notice.h - who is told what about a link that was sent.
 *
 * Layer:    vault/case
 * Threads:  link_notice_compose(), link_notice_is_wanted(): any; the rest: the
 *           writer's
 */
#ifndef VAULT_CASE_LINK_NOTICE_H
#define VAULT_CASE_LINK_NOTICE_H

#include "vault/case/job.h"
#include "vault/case/link.h"

struct link_notice {
	enum notice_event event;
	const char *reason;          /* NULL: none */
	const char *recipients_text; /* NULL: those of the case */
	struct span files;           /* as job_payload.files */
	uint64_t serial;             /* as job_order.serial */
};

/* To the sender of the mail, unless there is none. */
MUST_CHECK enum status
link_notice_sender(struct vault *vault, const struct store_link *row,
		   const struct link_notice *notice, struct err *err);
/* To the mailbox that the link is for. *job_id_out when not NULL.
 * ST_DENIED: there was such a job already. */
MUST_CHECK enum status
link_notice_visitor(struct vault *vault, const struct store_link *row,
		    const struct link_notice *notice, uint64_t *job_id_out,
		    struct err *err);

/* Is it worth sending still? Of every notice. */
bool
link_notice_is_wanted(const struct vault *vault, const struct store_job *job);

/* Fill job->link as the event of payload needs it, its texts in arena. */
MUST_CHECK enum status
link_notice_compose(const struct vault *vault,
		    const struct job_payload *payload, struct wire_arena *arena,
		    struct vault_job *job, struct err *err);

/* Files as notices show them; pick: as job_payload.files, empty: all. */
MUST_CHECK enum status
link_notice_files(const struct link_batch_words *words, struct span pick,
		  struct wire_arena *arena, struct vault_link_order *order,
		  struct err *err);

#endif
