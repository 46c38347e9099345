#include "courier/smtp/smtp_client.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "courier/smtp/smtp_args.h"
#include "courier/smtp/smtp_data.h"
#include "courier/smtp/smtp_session.h"
#include "lib/base/clock.h"

enum {
	SMTP_CHUNK_BYTES = 32 * 1024,
	/* A chunk of line ends and dots doubles. */
	SMTP_OUT_BYTES = 2 * SMTP_CHUNK_BYTES + 64,
	SMTP_MAX_COMMAND_BYTES = 4000,
	SMTP_CLOSING = 421
};

/* One mail on its way, and the batch of recipients that is being served. */
struct smtp_transfer {
	const struct smtp_mail *mail;
	struct smtp_delivery *deliveries;
	struct smtp_session *session;
	struct smtp_shape shape;
	size_t first, end; /* of the batch */
};

static void
smtp_deliver(struct smtp_delivery *delivery, uint32_t code,
	     const char *enhanced, const char *text)
{
	delivery->code = code;
	(void)snprintf(delivery->enhanced, sizeof(delivery->enhanced), "%s",
		       enhanced);
	(void)snprintf(delivery->text, sizeof(delivery->text), "%.*s",
		       (int)sizeof(delivery->text) - 1, text);
	for (char *p = delivery->text; *p != '\0'; p++) {
		if (*p == '\n')
			*p = ' ';
	}
}

/* What counts for all recipients of the batch that have no answer yet. */
static void
smtp_deliver_rest(struct smtp_transfer *transfer, uint32_t code,
		  const char *enhanced, const char *text)
{
	for (size_t i = transfer->first; i < transfer->end; i++) {
		if (transfer->deliveries[i].code == 0)
			smtp_deliver(&transfer->deliveries[i], code, enhanced,
				     text);
	}
}

static void
smtp_reply_to_rest(struct smtp_transfer *transfer)
{
	const struct smtp_reply *reply = &transfer->session->reply;

	smtp_deliver_rest(transfer, reply->code, reply->enhanced, reply->text);
}

/* A reply that has no place at this point of the dialogue. */
static enum status
smtp_unexpected(const struct smtp_transfer *transfer, const char *what,
		struct err *err)
{
	return err_set(err, ST_FORMAT, "smtp: next hop answers %s with %u",
		       what, transfer->session->reply.code);
}

static bool
smtp_wants_utf8(const struct smtp_transfer *transfer)
{
	const struct smtp_mail *mail = transfer->mail;
	bool wants = smtp_args_have(mail->sender_args, "SMTPUTF8") ||
		     smtp_address_is_utf8(mail->sender);

	for (size_t i = transfer->first; i < transfer->end && !wants; i++)
		wants = smtp_address_is_utf8(mail->recipients[i].address);
	return wants;
}

/* What this server cannot take at all is answered in its place. */
static void
smtp_refuse_unsendable(struct smtp_transfer *transfer)
{
	const struct smtp_mail *mail = transfer->mail;
	const struct smtp_offer *offer = &transfer->session->offer;

	if (!smtp_address_is_safe(mail->sender))
		smtp_deliver_rest(transfer, 553, "5.1.7",
				  "sender address cannot be sent");
	else if (offer->max_bytes > 0 &&
		 transfer->shape.size_bytes > offer->max_bytes)
		smtp_deliver_rest(transfer, 552, "5.3.4",
				  "mail is larger than the next hop takes");
	else if (transfer->shape.eight_bit && !offer->eight_bit_mime)
		smtp_deliver_rest(transfer, 554, "5.6.3",
				  "next hop takes no 8-bit content");
	else if (!offer->smtputf8 && smtp_address_is_utf8(mail->sender))
		smtp_deliver_rest(transfer, 553, "5.6.7",
				  "next hop takes no international addresses");
	else if (!offer->smtputf8 && transfer->shape.header_eight_bit &&
		 smtp_args_have(mail->sender_args, "SMTPUTF8"))
		smtp_deliver_rest(transfer, 554, "5.6.9",
				  "next hop takes no international header");
}

static enum status
smtp_send_mail_from(struct smtp_transfer *transfer, struct err *err)
{
	AUTO(sbuf_done) struct sbuf command;
	const struct smtp_mail *mail = transfer->mail;
	const struct smtp_offer *offer = &transfer->session->offer;
	enum status st = ST_OK;

	sbuf_init(&command, SMTP_MAX_COMMAND_BYTES);
	sbuf_addf(&command, "MAIL FROM:<%s>", mail->sender);
	if (offer->size)
		sbuf_addf(&command, " SIZE=%" PRIu64,
			  transfer->shape.size_bytes);
	if (transfer->shape.eight_bit)
		sbuf_add_text(&command, " BODY=8BITMIME");
	if (offer->smtputf8 && smtp_wants_utf8(transfer))
		sbuf_add_text(&command, " SMTPUTF8");
	if (offer->dsn)
		sbuf_add_text(&command, " RET=HDRS");
	if (offer->dsn && smtp_envid_is_safe(mail->envid))
		sbuf_addf(&command, " ENVID=%s", mail->envid);
	st = sbuf_status(&command, "smtp: MAIL", err);
	return st == ST_OK ? smtp_session_ask(transfer->session,
					      sbuf_text(&command), err)
			   : st;
}

/* One RCPT. Its refusal becomes the recipient's answer. */
static enum status
smtp_send_rcpt_to(struct smtp_transfer *transfer, size_t i, struct err *err)
{
	AUTO(sbuf_done) struct sbuf command;
	const struct case_recipient *recipient = &transfer->mail->recipients[i];
	struct smtp_delivery *delivery = &transfer->deliveries[i];
	const struct smtp_reply *reply = &transfer->session->reply;
	enum status st = ST_OK;

	sbuf_init(&command, SMTP_MAX_COMMAND_BYTES);
	if (recipient->address[0] == '\0' ||
	    !smtp_address_is_safe(recipient->address)) {
		smtp_deliver(delivery, 553, "5.1.3",
			     "recipient address cannot be sent");
		return ST_OK;
	}
	if (!transfer->session->offer.smtputf8 &&
	    smtp_address_is_utf8(recipient->address)) {
		smtp_deliver(delivery, 553, "5.6.7",
			     "next hop takes no international addresses");
		return ST_OK;
	}
	sbuf_addf(&command, "RCPT TO:<%s>", recipient->address);
	if (transfer->session->offer.dsn)
		smtp_args_copy_dsn(recipient->esmtp_args, &command);
	st = sbuf_status(&command, "smtp: RCPT", err);
	if (st == ST_OK)
		st = smtp_session_ask(transfer->session, sbuf_text(&command),
				      err);
	if (st != ST_OK)
		return st;
	if (reply->code >= 400)
		smtp_deliver(delivery, reply->code, reply->enhanced,
			     reply->text);
	return reply->code / 100 == 3 ? smtp_unexpected(transfer, "RCPT", err)
				      : ST_OK;
}

static bool
smtp_batch_is_answered(const struct smtp_transfer *transfer)
{
	for (size_t i = transfer->first; i < transfer->end; i++) {
		if (transfer->deliveries[i].code == 0)
			return false;
	}
	return true;
}

static enum status
smtp_send_part(struct smtp_transfer *transfer, struct smtp_data *data,
	       struct span part, struct sbuf *out, struct err *err)
{
	while (part.len_bytes > 0) {
		const size_t len = part.len_bytes < SMTP_CHUNK_BYTES
					   ? part.len_bytes
					   : SMTP_CHUNK_BYTES;
		enum status st = ST_OK;

		sbuf_clear(out);
		smtp_data_add(data, (struct span){ part.ptr, len }, out);
		(void)span_cut(part, len, part.len_bytes - len, &part);
		st = sbuf_status(out, "smtp: data", err);
		if (st == ST_OK)
			st = smtp_stream_write(
				&transfer->session->stream, sbuf_span(out),
				smtp_session_deadline(transfer->session, 1),
				err);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* The mail and the final dot. */
static enum status
smtp_send_content(struct smtp_transfer *transfer, struct err *err)
{
	AUTO(sbuf_done) struct sbuf out;
	struct smtp_data data;
	enum status st = ST_OK;

	sbuf_init_secret(&out, SMTP_OUT_BYTES);
	smtp_data_init(&data, true);
	for (size_t i = 0; i < SMTP_MAIL_PARTS && st == ST_OK; i++)
		st = smtp_send_part(transfer, &data, transfer->mail->parts[i],
				    &out, err);
	if (st != ST_OK)
		return st;
	sbuf_clear(&out);
	smtp_data_end(&data, &out);
	sbuf_add_text(&out, ".\r\n");
	st = sbuf_status(&out, "smtp: data", err);
	if (st != ST_OK)
		return st;
	return smtp_stream_write(&transfer->session->stream, sbuf_span(&out),
				 smtp_session_deadline(transfer->session, 1),
				 err);
}

/* DATA for the recipients that have no answer yet: they were accepted. */
static enum status
smtp_send_data(struct smtp_transfer *transfer, struct err *err)
{
	struct smtp_session *session = transfer->session;
	enum status st = smtp_session_ask(session, "DATA", err);

	if (st != ST_OK)
		return st;
	if (session->reply.code >= 400) {
		smtp_reply_to_rest(transfer);
		return ST_OK;
	}
	if (session->reply.code != 354)
		return smtp_unexpected(transfer, "DATA", err);
	st = smtp_send_content(transfer, err);
	if (st != ST_OK)
		return st;
	st = smtp_stream_read(&session->stream, &session->reply,
			      smtp_session_deadline(session, 2), err);
	if (st != ST_OK)
		return st;
	if (session->reply.code / 100 == 3)
		return smtp_unexpected(transfer, "the mail", err);
	smtp_reply_to_rest(transfer);
	return ST_OK;
}

static enum status
smtp_send_recipients(struct smtp_transfer *transfer, struct err *err)
{
	for (size_t i = transfer->first; i < transfer->end; i++) {
		const enum status st = smtp_send_rcpt_to(transfer, i, err);

		if (st != ST_OK)
			return st;
		if (transfer->deliveries[i].code == SMTP_CLOSING) {
			smtp_reply_to_rest(transfer);
			return ST_OK;
		}
	}
	return ST_OK;
}

/* One transaction: each recipient of the batch gets an answer, or st says why
 * the rest has none. */
static enum status
smtp_send_batch(struct smtp_transfer *transfer, struct err *err)
{
	struct smtp_session *session = transfer->session;
	enum status st = ST_OK;

	smtp_refuse_unsendable(transfer);
	if (smtp_batch_is_answered(transfer))
		return ST_OK;
	st = smtp_send_mail_from(transfer, err);
	if (st != ST_OK)
		return st;
	if (session->reply.code >= 400) {
		smtp_reply_to_rest(transfer);
		return ST_OK;
	}
	if (session->reply.code / 100 != 2)
		return smtp_unexpected(transfer, "MAIL", err);
	st = smtp_send_recipients(transfer, err);
	if (st != ST_OK)
		return st;
	if (!smtp_batch_is_answered(transfer))
		return smtp_send_data(transfer, err);
	/* Everybody was refused: nothing may be sent. */
	return session->reply.code == SMTP_CLOSING
		       ? ST_OK
		       : smtp_session_ask(session, "RSET", err);
}

enum status
smtp_send(const struct smtp_options *options, const struct smtp_mail *mail,
	  struct smtp_delivery *deliveries, struct err *err)
{
	AUTO(smtp_session_free) struct smtp_session *session = NULL;
	struct smtp_transfer transfer = { .mail = mail,
					  .deliveries = deliveries };
	enum status st = ST_OK;

	memset(deliveries, 0, mail->recipient_count * sizeof(*deliveries));
	st = smtp_session_new(options, &session, err);
	if (st != ST_OK)
		return st;
	transfer.session = session;
	transfer.shape = smtp_data_measure(mail->parts, SMTP_MAIL_PARTS);
	while (st == ST_OK && transfer.first < mail->recipient_count) {
		const size_t left = mail->recipient_count - transfer.first;

		transfer.end =
			transfer.first + (left < SMTP_BATCH_RECIPIENTS
						  ? left
						  : SMTP_BATCH_RECIPIENTS);
		st = smtp_send_batch(&transfer, err);
		transfer.first = transfer.end;
	}
	/* The last answers may all be there when RSET alone went wrong. */
	transfer.first = 0;
	transfer.end = mail->recipient_count;
	return smtp_batch_is_answered(&transfer) ? ST_OK : st;
}
