#include "courier/smtp/smtp_session.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum { SMTP_COMMAND_BYTES = 4096, SMTP_QUIT_MS = 100 };

/* Cut the text in front of mark off the front of rest, and mark with it. */
static struct span
smtp_offer_cut(struct span *rest, char mark)
{
	struct span part = { 0 };
	size_t len = 0;

	while (len < rest->len_bytes && rest->ptr[len] != (uint8_t)mark)
		len++;
	(void)span_cut(*rest, 0, len, &part);
	len += len < rest->len_bytes;
	(void)span_cut(*rest, len, rest->len_bytes - len, rest);
	return part;
}

static void
smtp_offer_line(struct smtp_offer *offer, struct span line)
{
	const struct span word = smtp_offer_cut(&line, ' ');

	if (span_equal_nocase(word, span_of("STARTTLS"))) {
		offer->starttls = true;
	} else if (span_equal_nocase(word, span_of("8BITMIME"))) {
		offer->eight_bit_mime = true;
	} else if (span_equal_nocase(word, span_of("SMTPUTF8"))) {
		offer->smtputf8 = true;
	} else if (span_equal_nocase(word, span_of("DSN"))) {
		offer->dsn = true;
	} else if (span_equal_nocase(word, span_of("SIZE"))) {
		offer->size = true;
		(void)parse_u64(smtp_offer_cut(&line, ' '), UINT64_MAX,
				&offer->max_bytes);
	}
}

struct smtp_offer
smtp_offer_parse(const char *text)
{
	struct smtp_offer offer = { 0 };
	struct span rest = span_of(text);

	(void)smtp_offer_cut(&rest, '\n'); /* the server's name */
	while (rest.len_bytes > 0)
		smtp_offer_line(&offer, smtp_offer_cut(&rest, '\n'));
	return offer;
}

int64_t
smtp_session_deadline(const struct smtp_session *session, int64_t steps)
{
	const int64_t step =
		clock_mono_ms() + session->options->step_ms * steps;

	return step < session->options->deadline_mono_ms
		       ? step
		       : session->options->deadline_mono_ms;
}

enum status
smtp_session_ask(struct smtp_session *session, const char *command,
		 struct err *err)
{
	AUTO(sbuf_done) struct sbuf line;
	const int64_t deadline = smtp_session_deadline(session, 1);
	enum status st = ST_OK;

	sbuf_init(&line, SMTP_COMMAND_BYTES);
	sbuf_add_text(&line, command);
	sbuf_add_text(&line, "\r\n");
	st = sbuf_status(&line, "smtp: command", err);
	if (st == ST_OK)
		st = smtp_stream_write(&session->stream, sbuf_span(&line),
				       deadline, err);
	if (st == ST_OK)
		st = smtp_stream_read(&session->stream, &session->reply,
				      deadline, err);
	return st;
}

/* The server does not want to go on: in its own words. */
static enum status
smtp_session_refused(const struct smtp_session *session, const char *what,
		     struct err *err)
{
	return err_set(err, ST_DENIED, "smtp: next hop answers %s with %u %s",
		       what, session->reply.code, session->reply.text);
}

static enum status
smtp_session_hello(struct smtp_session *session, struct err *err)
{
	char command[SMTP_HOST_BYTES + 8];
	enum status st = ST_OK;

	(void)snprintf(command, sizeof(command), "EHLO %.255s",
		       session->options->helo);
	st = smtp_session_ask(session, command, err);
	if (st != ST_OK)
		return st;
	if (session->reply.code == 250) {
		session->offer = smtp_offer_parse(session->reply.text);
		return ST_OK;
	}
	if (session->reply.code < 500)
		return smtp_session_refused(session, "EHLO", err);
	session->offer = (struct smtp_offer){ 0 };
	(void)snprintf(command, sizeof(command), "HELO %.255s",
		       session->options->helo);
	st = smtp_session_ask(session, command, err);
	if (st == ST_OK && session->reply.code != 250)
		st = smtp_session_refused(session, "HELO", err);
	return st;
}

/* STARTTLS and the second EHLO. */
static enum status
smtp_session_secure(struct smtp_session *session, struct err *err)
{
	const struct smtp_options *options = session->options;
	const bool must = options->tls == SMTP_TLS_MUST;
	char host[SMTP_HOST_BYTES];
	char port[SMTP_PORT_BYTES];
	enum status st = ST_OK;

	if (options->tls == SMTP_TLS_NEVER ||
	    (!must && !session->offer.starttls))
		return ST_OK;
	if (!session->offer.starttls)
		return err_set(err, ST_DENIED,
			       "smtp: next hop offers no STARTTLS, tls = must");
	st = smtp_session_ask(session, "STARTTLS", err);
	if (st != ST_OK)
		return st;
	if (session->reply.code != 220)
		return must ? smtp_session_refused(session, "STARTTLS", err)
			    : ST_OK;
	st = smtp_split_next_hop(options->next_hop, host, port, err);
	const struct tls_target target = {
		.check = must ? TLS_CHECK_PEER : TLS_CHECK_NONE,
		.host = host,
		.ca = options->tls_ca,
	};

	if (st == ST_OK)
		st = smtp_stream_start_tls(&session->stream, &target,
					   smtp_session_deadline(session, 1),
					   err);
	return st == ST_OK ? smtp_session_hello(session, err) : st;
}

static enum status
smtp_session_open(struct smtp_session *session, struct err *err)
{
	const struct smtp_options *options = session->options;
	enum status st = smtp_stream_open(&session->stream, options->next_hop,
					  options->connect_ms,
					  options->deadline_mono_ms, err);

	if (st != ST_OK)
		return st;
	st = smtp_stream_read(&session->stream, &session->reply,
			      smtp_session_deadline(session, 1), err);
	if (st != ST_OK)
		return st;
	if (session->reply.code != 220)
		return smtp_session_refused(session, "the connection", err);
	return smtp_session_hello(session, err);
}

enum status
smtp_session_new(const struct smtp_options *options,
		 struct smtp_session **session_out, struct err *err)
{
	AUTO(smtp_session_free)
	struct smtp_session *session = calloc(1, sizeof(*session));
	enum status st = ST_OK;

	if (session == NULL)
		return err_set(err, ST_NO_MEMORY, "smtp: no memory");
	session->options = options;
	session->stream.fd = FD_NONE;
	st = smtp_session_open(session, err);
	if (st != ST_OK)
		return st;
	st = smtp_session_secure(session, err);
	if (st == ST_DENIED && options->tls == SMTP_TLS_MAY) {
		smtp_stream_close(&session->stream);
		st = smtp_session_open(session, err);
	}
	if (st != ST_OK)
		return st;
	*session_out = MOVE(session);
	return ST_OK;
}

void
smtp_session_free(struct smtp_session **session)
{
	if (*session == NULL)
		return;
	/* The transactions are over and answered: QUIT is politeness. */
	if ((*session)->stream.fd != FD_NONE) {
		const enum status ignored = smtp_stream_write(
			&(*session)->stream, span_of("QUIT\r\n"),
			clock_mono_ms() + SMTP_QUIT_MS, NULL);
		(void)ignored;
	}
	smtp_stream_close(&(*session)->stream);
	free(*session);
	*session = NULL;
}
