/*
 * smtp_client.h - hand a mail to the next hop and hear what becomes of it for
 * each recipient.
 *
 * Layer:    courier/smtp; includes lib/ and vault/client/case.h
 * Threads:  one call is one connection; no shared state
 * Input:    the server's replies are untrusted, see smtp_reply.h
 */
#ifndef COURIER_SMTP_SMTP_CLIENT_H
#define COURIER_SMTP_SMTP_CLIENT_H

#include "courier/smtp/smtp_reply.h"
#include "vault/client/case.h"

enum smtp_tls {
	SMTP_TLS_NONE = 0,
	SMTP_TLS_NEVER,
	SMTP_TLS_MAY, /* when offered and it works, unverified */
	SMTP_TLS_MUST /* verified, or nothing is sent */
};

struct smtp_options {
	const char *next_hop; /* host:port */
	const char *helo;     /* our name */
	enum smtp_tls tls;
	const char *tls_ca;       /* see tls.h */
	int64_t connect_ms;       /* for one address */
	int64_t step_ms;          /* for one reply; twice that after the mail */
	int64_t deadline_mono_ms; /* for everything */
};

enum { SMTP_MAIL_PARTS = 4 };

struct smtp_mail {
	const char *sender;      /* without <>; "" is the null sender */
	const char *sender_args; /* as given with the case's MAIL FROM, or "" */
	const char *envid; /* ENVID= when the server offers DSN; "" for none */
	const struct case_recipient *recipients;
	size_t recipient_count;
	/* The mail, in one piece or several; sent as smtp_data.h says. */
	struct span parts[SMTP_MAIL_PARTS];
};

enum {
	SMTP_TEXT_BYTES = 256,
	/* Recipients of one transaction; servers take at least 100 (RFC 5321
	 * 4.5.3.1.8), Postfix 1000. More recipients: more transactions. */
	SMTP_BATCH_RECIPIENTS = 500
};

/* What the server, or we in its place, said about one recipient. */
struct smtp_delivery {
	uint32_t code; /* 0: nothing is known; a retry is due */
	char enhanced[SMTP_ENHANCED_BYTES];
	char text[SMTP_TEXT_BYTES]; /* one line of printable ASCII */
};

/*
 * Send mail to each of its recipients.
 *
 * The envelope keeps what the case had: NOTIFY and ORCPT of each recipient,
 * BODY and SMTPUTF8 where needed. With DSN offered: RET=HDRS and ENVID.
 * What the server cannot take is refused here, in its place: 554 5.6.3 a body
 * of 8 bits without 8BITMIME, 553 5.6.7 an address and 554 5.6.9 a header of
 * 8 bits without SMTPUTF8, 552 5.3.4 more than SIZE, 553 5.1.3 and 5.1.7 an
 * address that could not stand in a command.
 *
 * A reply to MAIL, DATA or the mail itself counts for every recipient that it
 * concerns. When the connection is lost after the final dot nobody knows
 * whether the server took the mail: code stays 0.
 *
 * Gives:    deliveries[recipient_count], each filled or zero
 * Returns:  ST_OK      every recipient has a code
 *           otherwise  why some have none: ST_IO, ST_LIMIT (too slow),
 *                      ST_FORMAT (not SMTP), ST_DENIED (TLS; or the server
 *                      does not want to talk to us), ST_NO_MEMORY
 */
MUST_CHECK enum status
smtp_send(const struct smtp_options *options, const struct smtp_mail *mail,
	  struct smtp_delivery *deliveries, struct err *err);

#endif
