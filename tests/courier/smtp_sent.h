/*
 * smtp_sent.h - send a mail to a server with a script, for unit tests.
 *
 * Layer:    tests
 */
#ifndef TESTS_COURIER_SMTP_SENT_H
#define TESTS_COURIER_SMTP_SENT_H

#include "courier/smtp/smtp_client.h"
#include "tests/courier/smtp_server.h"

#define EHLO_ALL                                                           \
	"250-mx.test\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n" \
	"250 dsn"
#define GREETED                               \
	{ SMTP_CONNECT, "220 mx.test" },      \
	{                                     \
		"EHLO out.test\r\n", EHLO_ALL \
	}
#define ACCEPTED                     \
	{ "MAIL FROM:", "250 ok" },  \
	{                            \
		"RCPT TO:", "250 ok" \
	}
#define END                \
	{                  \
		NULL, NULL \
	}

struct sent {
	struct smtp_server *server;
	struct smtp_delivery deliveries[3];
	enum status st;
	struct err err;
};

/* A mail of 27 bytes from a@x.test to b@y.test, two parts. */
struct smtp_mail simple_mail(void);

/* Send mail to a server that follows script, with these settings. */
struct sent
send_with(const struct smtp_step *script, const struct smtp_mail *mail,
	  enum smtp_tls tls, bool trust);

#endif
