/*
 * smtp_session.h - a greeted connection to the next hop and what it offers.
 *
 * Layer:    courier/smtp; includes only lib/
 * Threads:  one session belongs to one thread
 */
#ifndef COURIER_SMTP_SMTP_SESSION_H
#define COURIER_SMTP_SMTP_SESSION_H

#include "courier/smtp/smtp_client.h"
#include "courier/smtp/smtp_stream.h"

struct smtp_offer {
	bool starttls;
	bool eight_bit_mime;
	bool smtputf8;
	bool dsn;
	bool size;
	uint64_t max_bytes; /* of SIZE; 0: no limit named */
};

struct smtp_session {
	const struct smtp_options *options; /* the caller's */
	struct smtp_stream stream;
	struct smtp_offer offer;
	struct smtp_reply reply; /* the last one */
};

/*
 * Connect, hear the greeting, say EHLO (HELO when that is unknown), STARTTLS
 * as options say. With SMTP_TLS_MAY a failed handshake leads to a second
 * connection in clear (RFC 7435).
 *
 * Gives:    *session_out, release with smtp_session_free(); options must
 *           outlive it
 * Returns:  as smtp_send()
 */
MUST_CHECK enum status
smtp_session_new(const struct smtp_options *options,
		 struct smtp_session **session_out, struct err *err);

/* Say QUIT when the session is still good, without waiting for the answer. */
void smtp_session_free(struct smtp_session **session);

/* A deadline for the next step, steps times as long as usual. */
int64_t
smtp_session_deadline(const struct smtp_session *session, int64_t steps);

/*
 * Send command (its end is added) and read the reply to it.
 * Returns: ST_OK session->reply is set; ST_IO, ST_LIMIT, ST_FORMAT
 */
MUST_CHECK enum status smtp_session_ask(struct smtp_session *session,
					const char *command, struct err *err);

/* Which extensions the text of an EHLO reply offers. */
struct smtp_offer smtp_offer_parse(const char *text);

#endif
