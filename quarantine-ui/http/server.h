/*
 * server.h - HTTP and HTTPS on one listener, by libmicrohttpd.
 *
 * Layer:    quarantine-ui/http; the only folder that includes microhttpd.h
 * Threads:  start, tick and stop from one thread; handle() is called from
 *           the worker threads
 * Input:    untrusted
 *
 * One thread of libmicrohttpd does all input and output; a whole request
 * goes to a worker thread, the connection is suspended until its answer is
 * there. So a slow page delays nobody, and a full queue is a 503. Answers
 * that stay open (streams.h) hold no worker; there are at most half as many
 * of them as connections, and one more is a 503. Files (transfers.h) hold none
 * either; there are at most three quarters as many of them as connections.
 *
 * Refused before any page sees it: 400 for Transfer-Encoding (with or
 * without Content-Length), for two of a field of which there is one, for a
 * body where none belongs, for a head with more in it than texts show
 * (head.h); 413 at once when Content-Length is over the
 * maximum; 414, 431; 505. Every answer made here carries the headers of
 * security.h.
 */
#ifndef QUARANTINE_UI_HTTP_SERVER_H
#define QUARANTINE_UI_HTTP_SERVER_H

#include "quarantine-ui/http/message.h"

struct http_server;

struct http_server_options {
	int listen_fd;           /* the server's from then on */
	const char *certificate; /* PEM chain, or NULL: no TLS here */
	const char *key;         /* PEM; copied, the caller may wipe it */
	/* Who issues client certificates, PEM; NULL: none are looked at. With
	 * TLS at the proxy: its X-Client-Verify counts. */
	const char *client_ca;
	const char *trusted_proxy; /* "" none; borrowed */
	size_t io_threads;         /* 0: one */
	size_t threads;
	size_t max_connections;
	size_t max_of_address; /* of them from one; 0: all */
	uint64_t max_body_bytes;
	int64_t header_ms; /* limits of connections.h; 0: the usual ones */
	int64_t body_ms;
	int64_t send_ms;
	int64_t ping_ms; /* of streams.h; 0: the usual ones */
	int64_t stream_ms;
	int64_t transfer_ms; /* for each step of a file */
	size_t transfers_of_owner;
	/* Fill response; called with a worker number below threads. */
	void (*handle)(void *context, size_t worker,
		       const struct http_request *request,
		       struct http_response *response);
	void *context;
};

/* Returns: ST_OK; ST_FORMAT certificate and key are not usable;
 * ST_NO_MEMORY; ST_IO. The listener is closed on failure too. */
MUST_CHECK enum status
http_server_start(const struct http_server_options *options,
		  struct http_server **server_out, struct err *err);

/* Once a second or so: cut off slow clients. */
void http_server_tick(struct http_server *server);

/* Tell the streams that there is a new revision; from any thread. */
void http_server_publish(struct http_server *server, uint64_t revision);
/* Open streams; from any thread. */
size_t http_server_streams(struct http_server *server);
/* Files on their way; from any thread. */
size_t http_server_transfers(struct http_server *server);

/* Stop listening, wait up to drain_ms for answers in the making, close. */
void http_server_stop(struct http_server **server, int64_t drain_ms);

#endif
