#include <stdlib.h>
#include <string.h>

#include "courier/jobs/job_compose.h"
#include "courier/jobs/job_send.h"
#include "courier/notices/compose.h"
#include "courier/smtp/smtp_data.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"

enum {
	JOB_BOUNDARY_RANDOM_BYTES = 18,
	JOB_BOUNDARY_BYTES = 64,
	JOB_TAIL_BYTES = 100
};

/* How the mail travels in its part. */
enum give_back_form {
	GIVE_BACK_NONE = 0,
	GIVE_BACK_MESSAGE, /* message/rfc822, byte for byte */
	GIVE_BACK_FILE     /* a file in base64, for a next hop of 7 bits */
};

struct give_back {
	struct job *job;
	struct span mail;
	struct smtp_shape shape;
	char boundary[JOB_BOUNDARY_BYTES];
};

/* A boundary of so many random bits is in no mail. */
static enum status
give_back_make_boundary(struct give_back *give_back, struct err *err)
{
	uint8_t random[JOB_BOUNDARY_RANDOM_BYTES];
	AUTO(sbuf_done) struct sbuf text;
	enum status st = random_fill(random, sizeof(random), err);

	sbuf_init(&text, JOB_BOUNDARY_BYTES);
	sbuf_add_text(&text, "=_sekimori_");
	format_base64url(&text, (struct span){ random, sizeof(random) });
	if (st == ST_OK)
		st = sbuf_status(&text, "job: boundary", err);
	if (st == ST_OK)
		(void)snprintf(give_back->boundary, sizeof(give_back->boundary),
			       "%s", sbuf_text(&text));
	return st;
}

static void
give_back_add_part_head(const struct give_back *give_back,
			enum give_back_form form, struct sbuf *head)
{
	sbuf_addf(head, "\r\n--%s\r\n", give_back->boundary);
	if (form == GIVE_BACK_FILE) {
		sbuf_add_text(head,
			      "Content-Type: application/octet-stream;\r\n"
			      " name=\"original.eml\"\r\n"
			      "Content-Disposition: attachment;\r\n"
			      " filename=\"original.eml\"\r\n"
			      "Content-Transfer-Encoding: base64\r\n\r\n");
		return;
	}
	/* RFC 2046 5.2.1: nothing but 7bit, 8bit and binary is allowed. */
	sbuf_addf(head,
		  "Content-Type: message/rfc822\r\n"
		  "Content-Disposition: attachment\r\n"
		  "Content-Transfer-Encoding: %s\r\n\r\n",
		  give_back->shape.eight_bit ? "8bit" : "7bit");
}

static enum status
give_back_send(struct give_back *give_back, enum give_back_form form,
	       struct err *err)
{
	AUTO(sbuf_done) struct sbuf head;
	AUTO(sbuf_done) struct sbuf file;
	AUTO(sbuf_done) struct sbuf tail;
	struct job_letter letter = { .sender = "",
				     .sender_args = "",
				     .envid = "" };
	const bool eight_bit =
		give_back->shape.eight_bit && form == GIVE_BACK_MESSAGE;
	enum status st = ST_OK;

	sbuf_init(&head, JOB_LETTER_BYTES);
	sbuf_init_secret(&file, give_back->mail.len_bytes / 2 * 3 + 100);
	sbuf_init(&tail, JOB_TAIL_BYTES);
	st = job_compose(give_back->job, give_back->boundary, eight_bit, &head,
			 err);
	if (st != ST_OK)
		return st;
	give_back_add_part_head(give_back, form, &head);
	if (form == GIVE_BACK_FILE)
		compose_base64(give_back->mail, &file);
	sbuf_addf(&tail, "\r\n--%s--\r\n", give_back->boundary);
	st = sbuf_status(&head, "job: give back", err);
	if (st == ST_OK)
		st = sbuf_status(&file, "job: give back", err);
	if (st == ST_OK)
		st = sbuf_status(&tail, "job: give back", err);
	if (st != ST_OK)
		return st;
	letter.parts[0] = sbuf_span(&head);
	letter.parts[1] =
		form == GIVE_BACK_FILE ? sbuf_span(&file) : give_back->mail;
	letter.parts[2] = sbuf_span(&tail);
	return job_send(give_back->job, &letter, err);
}

/* Our own "554 5.6.3": the next hop takes no 8 bits. */
static bool
give_back_needs_file(const struct give_back *give_back)
{
	const struct job *job = give_back->job;

	return give_back->shape.eight_bit && job->order->recipient_count > 0 &&
	       job->answers != NULL && job->answers[0].code == 554 &&
	       strcmp(job->answers[0].enhanced, "5.6.3") == 0;
}

/* The mail goes to the job's recipient as an attachment of an explanation. */
enum status
job_give_back(struct job *job, struct err *err)
{
	struct give_back give_back = { .job = job };
	enum status st = job_map_mail(job, &give_back.mail, err);

	if (st != ST_OK)
		return st;
	give_back.shape = smtp_data_measure(&give_back.mail, 1);
	st = give_back_make_boundary(&give_back, err);
	if (st == ST_OK)
		st = give_back_send(&give_back, GIVE_BACK_MESSAGE, err);
	if (st == ST_OK && give_back_needs_file(&give_back))
		st = give_back_send(&give_back, GIVE_BACK_FILE, err);
	fd_unmap(&give_back.mail);
	return st;
}
