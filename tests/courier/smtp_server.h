/*
 * smtp_server.h - an SMTP server for unit tests that follows a script.
 *
 * Layer:    tests
 * Threads:  the server is a thread of its own; look at it after
 *           smtp_server_stop()
 *
 * A script is a list of steps, ended by one without want. A step waits for a
 * line that starts with want and then says say. Special words:
 *	want SMTP_CONNECT   a new connection (the one before it is closed)
 *	want SMTP_MAIL      the mail and its final dot
 *	want SMTP_CLOSE     nothing; the connection is closed
 *	want SMTP_TLS       nothing; the handshake follows
 * A line that is not the wanted one is answered with "599 script" and makes
 * smtp_server_stop() fail the test.
 */
#ifndef TESTS_COURIER_SMTP_SERVER_H
#define TESTS_COURIER_SMTP_SERVER_H

#include "lib/base/sbuf.h"

#define SMTP_CONNECT "<connect>"
#define SMTP_MAIL    "<mail>"
#define SMTP_CLOSE   "<close>"
#define SMTP_TLS     "<tls>"

struct smtp_step {
	const char *want;
	const char *say; /* without the last CR LF; NULL: nothing */
};

struct smtp_server;

/* Listen on a port of 127.0.0.1 and start the thread. */
struct smtp_server *smtp_server_start(const struct smtp_step *script);

/* "127.0.0.1:port" */
const char *smtp_server_address(const struct smtp_server *server);
/* PEM file of the certificate for SMTP_TLS, valid for 127.0.0.1. */
const char *smtp_server_certificate(const struct smtp_server *server);

/* Wait for the end of the script; fails the test when it was not followed. */
void smtp_server_stop(struct smtp_server *server);

/* Everything received: commands, "\r\n" after each. */
const char *smtp_server_commands(const struct smtp_server *server);
/* Mail number i with its dots, without the final one; empty when none. */
struct span smtp_server_mail(const struct smtp_server *server, size_t i);

void smtp_server_free(struct smtp_server **server);

#endif
