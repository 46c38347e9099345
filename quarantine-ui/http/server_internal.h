/*
 * server_internal.h - the inside of the server.
 *
 * Layer:    quarantine-ui/http
 * Threads:  as server.h; the callbacks are libmicrohttpd's
 */
#ifndef QUARANTINE_UI_HTTP_SERVER_INTERNAL_H
#define QUARANTINE_UI_HTTP_SERVER_INTERNAL_H

#include <microhttpd.h>

#include "quarantine-ui/http/connections.h"
#include "quarantine-ui/http/server.h"
#include "quarantine-ui/http/streams.h"
#include "quarantine-ui/http/transfers.h"
#include "quarantine-ui/http/workers.h"

struct http_server {
	struct http_server_options options;
	struct MHD_Daemon *daemon;
	struct workers *workers;
	struct connections *connections;
	struct streams *streams;
	struct transfers *transfers;
	bool tls;
	int quiet_fd; /* the listener, once nobody listens */
};

/* A job of the workers: one exchange. */
void server_work(void *context, size_t worker, void *job);

/* Callbacks of libmicrohttpd. */
void *server_on_uri(void *context, const char *uri,
		    struct MHD_Connection *connection);
enum MHD_Result
server_on_request(void *context, struct MHD_Connection *connection,
		  const char *url, const char *method, const char *version,
		  const char *upload_data, size_t *upload_bytes,
		  void **connection_context);
void server_on_completed(void *context, struct MHD_Connection *connection,
			 void **connection_context,
			 enum MHD_RequestTerminationCode code);
void server_on_connection(void *context, struct MHD_Connection *connection,
			  void **socket_context,
			  enum MHD_ConnectionNotificationCode code);
enum MHD_Result server_on_peer(void *context, const struct sockaddr *address,
			       socklen_t address_bytes);
size_t
server_unescape(void *context, struct MHD_Connection *connection, char *text);

void server_free(struct http_server **server);

#endif
