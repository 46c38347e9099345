#include "courier/jobs/job_send.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum { JOB_FIELD_BYTES = 256, JOB_MS_PER_S = 1000 };

enum smtp_tls
job_tls(const char *choice)
{
	if (strcmp(choice, "never") == 0)
		return SMTP_TLS_NEVER;
	return strcmp(choice, "may") == 0 ? SMTP_TLS_MAY : SMTP_TLS_MUST;
}

static enum status
job_bind_ticket(struct job *job, const struct job_letter *letter,
		struct sbuf *field, struct err *err)
{
	struct vault_bind_ticket request = { .job_id = job->order->job_id };
	struct vault_bind_ticket_answer answer = { 0 };
	const struct vault_call call =
		VAULT_CALL(BIND_TICKET, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = job_digest(letter, request.content_digest, err);

	memcpy(request.lease, job->order->lease, sizeof(request.lease));
	if (st == ST_OK)
		st = vault_client_call(job->vault, &call, &arena, err);
	if (st != ST_OK)
		return st;
	if (answer.ticket.len_bytes == 0)
		return err_set(err, ST_FORMAT, "job: the ticket is empty");
	sbuf_add_text(field, "X-Sekimori-Ticket: ");
	format_base64url(field, answer.ticket);
	sbuf_add_text(field, "\r\n");
	return sbuf_status(field, "job: ticket", err);
}

enum status
job_send(struct job *job, const struct job_letter *letter, struct err *err)
{
	const struct config_courier *courier = &job->setup->config->courier;
	const struct smtp_options options = {
		.next_hop = courier->next_hop,
		.helo = job->setup->config->general.host_name,
		.tls = job_tls(courier->tls),
		.tls_ca = courier->tls_ca,
		.connect_ms = courier->connect_timeout_s * JOB_MS_PER_S,
		.step_ms = courier->timeout_s * JOB_MS_PER_S,
		.deadline_mono_ms = job->deadline_mono_ms,
	};
	struct smtp_mail mail = {
		.sender = letter->sender,
		.sender_args = letter->sender_args,
		.envid = letter->envid,
		.recipients = job->order->recipients,
		.recipient_count = job->order->recipient_count,
	};
	AUTO(sbuf_done) struct sbuf field;
	enum status st = ST_OK;

	sbuf_init_secret(&field, JOB_FIELD_BYTES);
	if (mail.recipient_count == 0)
		return ST_OK;
	st = job_bind_ticket(job, letter, &field, err);
	if (st != ST_OK)
		return st;
	free(job->answers);
	job->answers = calloc(mail.recipient_count, sizeof(*job->answers));
	if (job->answers == NULL)
		return err_set(err, ST_NO_MEMORY, "job: no memory");
	mail.parts[0] = sbuf_span(&field);
	memcpy(&mail.parts[1], letter->parts, sizeof(letter->parts));
	job->asked_next_hop = true;
	return smtp_send(&options, &mail, job->answers, err);
}
