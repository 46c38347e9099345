#include "quarantine-ui/http/server_internal.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/http/answer.h"
#include "quarantine-ui/http/check.h"
#include "quarantine-ui/http/connections.h"
#include "quarantine-ui/http/head.h"
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/streams.h"
#include "quarantine-ui/http/transfers.h"
#include "quarantine-ui/http/visitor_certificate.h"
#include "quarantine-ui/http/workers.h"

enum { SERVER_DRAIN_STEP_US = 10000 };

enum exchange_state {
	EXCHANGE_NONE = 0,
	EXCHANGE_BODY,   /* header taken, body on its way */
	EXCHANGE_WORK,   /* with a worker, connection suspended */
	EXCHANGE_ANSWER, /* the response is ready to be queued */
	EXCHANGE_SENT
};

/* One request at a time on one connection; lives as long as that. */
struct exchange {
	struct http_server *server;
	struct MHD_Connection *connection;
	struct connection *watch;
	enum exchange_state state;
	char *uri; /* path, NUL, query */
	struct sbuf body;
	struct http_request request;
	struct http_response response;
	struct transfer *transfer; /* the answer that is being sent */
	char peer[LISTEN_ADDRESS_BYTES];
	char client[LISTEN_ADDRESS_BYTES];
};

static void
exchange_reset(struct exchange *exchange)
{
	free(exchange->uri);
	exchange->uri = NULL;
	sbuf_done(&exchange->body);
	http_response_done(&exchange->response);
	exchange->transfer = NULL;
	exchange->state = EXCHANGE_NONE;
}

static void
exchange_enter(struct exchange *exchange, enum connection_phase phase)
{
	connections_enter(exchange->server->connections, exchange->watch, phase,
			  clock_mono_ms());
}

/* --- answers ----------------------------------------------------------- */

static struct MHD_Response *
answer_too_many(struct http_response *response)
{
	http_response_reset(response, 503);
	response->retry_after_s = 60;
	return answer_of_body(response);
}

/* The answer of libmicrohttpd: a stream, a file, or the body of the
 * response. */
static struct MHD_Response *
answer_make(struct exchange *exchange)
{
	struct http_response *response = &exchange->response;
	struct http_server *server = exchange->server;
	struct MHD_Response *answer = NULL;

	if (response->file.source.read != NULL) {
		answer = transfers_open(server->transfers, &response->file,
					exchange->watch, &exchange->transfer);
		return answer != NULL ? answer : answer_too_many(response);
	}
	if (!response->stream)
		return answer_of_body(response);
	answer = streams_open(server->streams, exchange->connection,
			      response->stream_owner, clock_mono_ms());
	if (answer == NULL)
		return answer_too_many(response);
	/* nginx would keep the events to itself. */
	answer_add(answer, "X-Accel-Buffering", "no");
	return answer;
}

static enum connection_phase
answer_phase(const struct exchange *exchange)
{
	if (exchange->transfer != NULL)
		return CONNECTION_TRANSFER;
	return exchange->response.stream ? CONNECTION_STREAM : CONNECTION_SEND;
}

static enum MHD_Result
answer_queue(struct exchange *exchange)
{
	struct http_response *response = &exchange->response;
	struct MHD_Response *answer = NULL;
	enum MHD_Result queued = MHD_NO;

	answer_check(response);
	if (response->end_streams)
		streams_end(exchange->server->streams, response->stream_owner);
	answer = answer_make(exchange);
	if (answer == NULL)
		return MHD_NO;
	answer_add_headers(response, exchange->request.secure, answer);
	exchange->state = EXCHANGE_SENT;
	exchange_enter(exchange, answer_phase(exchange));
	queued = MHD_queue_response(exchange->connection, response->status,
				    answer);
	MHD_destroy_response(answer);
	return queued;
}

/* Refuse a request that no page will see. */
static enum MHD_Result
answer_refusal(struct exchange *exchange, unsigned status, const char *why)
{
	struct http_response *response = &exchange->response;
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "request-refused");
	log_number(&line, "status", (int64_t)status);
	log_text(&line, "client", exchange->client);
	log_text(&line, "reason", why);
	log_send(&line);
	http_response_reset(response, status);
	response->content_type = "text/plain; charset=utf-8";
	response->close = true;
	sbuf_addf(&response->body, "%u: %s\n", status, why);
	return answer_queue(exchange);
}

/* --- requests ---------------------------------------------------------- */

/* Who asks, and how did it come here? */
static void
exchange_find_client(struct exchange *exchange, const struct check *check)
{
	const struct http_server_options *options = &exchange->server->options;
	struct http_request *request = &exchange->request;
	const bool by_proxy =
		options->trusted_proxy[0] != '\0' &&
		strcmp(options->trusted_proxy, exchange->peer) == 0;

	memcpy(exchange->client, exchange->peer, sizeof(exchange->client));
	if (by_proxy && !listen_forwarded(check->forwarded, exchange->client))
		memcpy(exchange->client, exchange->peer,
		       sizeof(exchange->client));
	request->client_address = exchange->client;
	request->by_proxy = by_proxy;
	request->secure = exchange->server->tls || by_proxy;
	request->local = listen_is_loopback(exchange->peer) && !check->proxied;
	if (options->client_ca == NULL)
		return;
	request->certificate =
		exchange->server->tls
			? visitor_certificate_holds(exchange->connection)
			: by_proxy &&
				  strcmp(check->client_verify, "SUCCESS") == 0;
}

/* The header is here. */
static enum MHD_Result
exchange_begin(struct exchange *exchange, const char *method,
	       const char *version)
{
	struct check check;
	char *query = NULL;
	unsigned status = check_request(
		exchange->connection, exchange->uri, method, version,
		exchange->server->options.max_body_bytes, &check);

	if (status == 0 && !head_is_whole(exchange->connection, method,
					  exchange->uri, version)) {
		status = 400;
		check.why = "NUL, bare LF or folded line in the header";
	}

	exchange->request = (struct http_request){ .fields = check.fields };
	exchange_find_client(exchange, &check);
	sbuf_init_secret(&exchange->body,
			 (size_t)exchange->server->options.max_body_bytes);
	http_response_init(&exchange->response);
	if (status != 0)
		return answer_refusal(exchange, status, check.why);
	query = strchr(exchange->uri, '?');
	if (query != NULL) {
		*query++ = '\0';
		exchange->request.query = span_of(query);
	}
	exchange->request.path = exchange->uri;
	exchange->request.method = http_method_of(method);
	exchange->state = EXCHANGE_BODY;
	exchange_enter(exchange, CONNECTION_BODY);
	return MHD_YES;
}

/* The whole request is here: give it to a worker. */
static enum MHD_Result
exchange_work(struct exchange *exchange)
{
	struct http_server *server = exchange->server;

	exchange->request.body = sbuf_span(&exchange->body);
	exchange->state = EXCHANGE_WORK;
	exchange_enter(exchange, CONNECTION_WORK);
	/* Suspended first: the worker may be done before we are. */
	MHD_suspend_connection(exchange->connection);
	if (workers_push(server->workers, exchange))
		return MHD_YES;
	exchange->response.status = 503;
	exchange->response.retry_after_s = 2;
	exchange->response.close = true;
	exchange->response.content_type = "text/plain; charset=utf-8";
	sbuf_add_text(&exchange->response.body, "503: too many requests\n");
	exchange->state = EXCHANGE_ANSWER;
	MHD_resume_connection(exchange->connection);
	return MHD_YES;
}

void
server_work(void *context, size_t worker, void *job)
{
	struct http_server *server = context;
	struct exchange *exchange = job;

	server->options.handle(server->options.context, worker,
			       &exchange->request, &exchange->response);
	exchange->state = EXCHANGE_ANSWER;
	MHD_resume_connection(exchange->connection);
}

/* --- callbacks of libmicrohttpd ---------------------------------------- */

static struct exchange *
server_exchange(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

/* The request line as it was sent, before anybody decodes it. */
void *
server_on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *exchange = server_exchange(connection);

	(void)context;
	if (exchange == NULL)
		return NULL;
	exchange_reset(exchange);
	exchange->uri = strdup(uri);
	return exchange;
}

/* NOLINTBEGIN(readability-function-size): libmicrohttpd wants it so */
enum MHD_Result
server_on_request(void *context, struct MHD_Connection *connection,
		  const char *url, const char *method, const char *version,
		  const char *upload_data, size_t *upload_bytes,
		  void **connection_context)
{
	struct exchange *exchange = server_exchange(connection);

	(void)context;
	(void)url;
	(void)connection_context;
	if (exchange == NULL || exchange->uri == NULL)
		return MHD_NO;
	switch (exchange->state) {
	case EXCHANGE_NONE:
		return exchange_begin(exchange, method, version);
	case EXCHANGE_BODY:
		if (*upload_bytes == 0)
			return exchange_work(exchange);
		sbuf_add(&exchange->body, upload_data, *upload_bytes);
		*upload_bytes = 0;
		return exchange->body.st == ST_OK ? MHD_YES : MHD_NO;
	case EXCHANGE_ANSWER:
		return answer_queue(exchange);
	case EXCHANGE_SENT: /* the rest of a refused body */
		*upload_bytes = 0;
		return MHD_YES;
	case EXCHANGE_WORK:
	default:
		return MHD_NO;
	}
}
/* NOLINTEND(readability-function-size) */

void
server_on_completed(void *context, struct MHD_Connection *connection,
		    void **connection_context,
		    enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = server_exchange(connection);

	(void)context;
	(void)connection_context;
	if (exchange == NULL)
		return;
	if (exchange->transfer != NULL)
		transfer_end(exchange->transfer,
			     code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	exchange_reset(exchange);
	exchange_enter(exchange, CONNECTION_HEADER);
}

static void
server_on_open(struct http_server *server, struct MHD_Connection *connection,
	       void **socket_context)
{
	const union MHD_ConnectionInfo *info = NULL;
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	int fd = FD_NONE;

	if (exchange == NULL)
		return;
	exchange->server = server;
	exchange->connection = connection;
	info = MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info != NULL)
		fd = info->connect_fd;
	info = MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info != NULL)
		listen_format(info->client_addr, exchange->peer);
	exchange->watch =
		connections_add(server->connections, fd, clock_mono_ms());
	*socket_context = exchange;
}

void
server_on_connection(void *context, struct MHD_Connection *connection,
		     void **socket_context,
		     enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = context;
	struct exchange *exchange = NULL;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		server_on_open(server, connection, socket_context);
		return;
	}
	exchange = *socket_context;
	*socket_context = NULL;
	if (exchange == NULL)
		return;
	connections_remove(server->connections, exchange->watch);
	exchange_reset(exchange);
	free(exchange);
}

/* Where TLS ends at a proxy, nobody else may speak to us in clear. */
enum MHD_Result
server_on_peer(void *context, const struct sockaddr *address,
	       socklen_t address_bytes)
{
	const struct http_server *server = context;
	char peer[LISTEN_ADDRESS_BYTES];

	(void)address_bytes;
	if (server->tls)
		return MHD_YES;
	listen_format(address, peer);
	return listen_is_loopback(peer) ||
			       strcmp(peer, server->options.trusted_proxy) == 0
		       ? MHD_YES
		       : MHD_NO;
}

/* Paths are matched as they were sent; nothing may be decoded twice. */
size_t
server_unescape(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

void
server_free(struct http_server **server)
{
	struct http_server *all = *server;

	if (all == NULL)
		return;
	/* No connection may be suspended when the daemon stops; and it may
	 * offer a worker something until it has. */
	if (all->streams != NULL)
		streams_end_all(all->streams);
	if (all->workers != NULL)
		workers_stop(all->workers);
	if (all->daemon != NULL)
		MHD_stop_daemon(all->daemon);
	workers_free(&all->workers);
	fd_close(&all->quiet_fd);
	connections_free(&all->connections);
	streams_free(&all->streams);
	transfers_free(&all->transfers);
	free(all);
	*server = NULL;
}

void
http_server_tick(struct http_server *server)
{
	const int64_t now_mono_ms = clock_mono_ms();
	const size_t cut_count =
		connections_cut(server->connections, now_mono_ms);
	struct log_line line;

	streams_tick(server->streams, now_mono_ms);
	if (cut_count == 0)
		return;
	log_begin(&line, LOG_LEVEL_INFO, "slow-clients-cut");
	log_number(&line, "count", (int64_t)cut_count);
	log_send(&line);
}

void
http_server_publish(struct http_server *server, uint64_t revision)
{
	streams_publish(server->streams, revision);
}

size_t
http_server_streams(struct http_server *server)
{
	return streams_count(server->streams);
}

size_t
http_server_transfers(struct http_server *server)
{
	return transfers_count(server->transfers);
}

void
http_server_stop(struct http_server **server, int64_t drain_ms)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + drain_ms;

	if (*server == NULL)
		return;
	streams_end_all((*server)->streams);
	(*server)->quiet_fd = MHD_quiesce_daemon((*server)->daemon);
	while ((workers_busy((*server)->workers) > 0 ||
		transfers_count((*server)->transfers) > 0) &&
	       clock_left_ms(deadline_mono_ms) > 0)
		(void)usleep(SERVER_DRAIN_STEP_US);
	/* Let the last answers leave. */
	(void)usleep(SERVER_DRAIN_STEP_US * 10);
	server_free(server);
}
