#include "quarantine-ui/http/server.h"

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
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/streams.h"
#include "quarantine-ui/http/workers.h"

enum {
	SERVER_MEMORY_BYTES = 64 * 1024, /* header of one connection */
	SERVER_SILENCE_S = 30,
	SERVER_HEADER_MS = 30000,
	SERVER_BODY_MS = 30000,
	SERVER_SEND_MS = 120000,
	SERVER_PING_MS = 20000,
	SERVER_STREAM_MS = 300000,
	SERVER_STREAMS_OF_OWNER = 6,
	SERVER_QUEUE_PER_THREAD = 32,
	SERVER_DRAIN_STEP_US = 10000
};

struct http_server {
	struct http_server_options options;
	struct MHD_Daemon *daemon;
	struct workers *workers;
	struct connections *connections;
	struct streams *streams;
	bool tls;
	int quiet_fd; /* the listener, once nobody listens */
};

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
	exchange->state = EXCHANGE_NONE;
}

static void
exchange_enter(struct exchange *exchange, enum connection_phase phase)
{
	connections_enter(exchange->server->connections, exchange->watch, phase,
			  clock_mono_ms());
}

/* --- answers ----------------------------------------------------------- */

/* The answer of libmicrohttpd: a stream, or the body of the response. */
static struct MHD_Response *
answer_make(struct exchange *exchange)
{
	struct http_response *response = &exchange->response;
	struct MHD_Response *answer = NULL;

	if (response->stream) {
		answer = streams_open(exchange->server->streams,
				      exchange->connection,
				      response->stream_owner, clock_mono_ms());
		if (answer != NULL) {
			/* nginx would keep the events to itself. */
			answer_add(answer, "X-Accel-Buffering", "no");
			return answer;
		}
		http_response_reset(response, 503);
		response->retry_after_s = 60;
	}
	return answer_of_body(response);
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
	exchange_enter(exchange,
		       response->stream ? CONNECTION_STREAM : CONNECTION_SEND);
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
	request->secure = exchange->server->tls || by_proxy;
	request->local = listen_is_loopback(exchange->peer) && !check->proxied;
}

/* The header is here. */
static enum MHD_Result
exchange_begin(struct exchange *exchange, const char *method,
	       const char *version)
{
	struct check check;
	char *query = NULL;
	const unsigned status = check_request(
		exchange->connection, exchange->uri, method, version,
		exchange->server->options.max_body_bytes, &check);

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

static void
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
static void *
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
static enum MHD_Result
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

static void
server_on_completed(void *context, struct MHD_Connection *connection,
		    void **connection_context,
		    enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = server_exchange(connection);

	(void)context;
	(void)connection_context;
	(void)code;
	if (exchange == NULL)
		return;
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

static void
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
static enum MHD_Result
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
static size_t
server_unescape(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

/* --- start and stop ---------------------------------------------------- */

static enum status
server_start_daemon(struct http_server *server, struct err *err)
{
	const struct http_server_options *options = &server->options;
	const bool tls = server->tls;
	struct MHD_OptionItem tls_options[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0,
		  (void *)(uintptr_t)options->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0,
		  (void *)(uintptr_t)options->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0,
		  (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:"
				      "+VERS-TLS1.2:%SERVER_PRECEDENCE" },
		{ MHD_OPTION_END, 0, NULL },
	};
	const unsigned flags = MHD_USE_POLL_INTERNAL_THREAD |
			       MHD_ALLOW_SUSPEND_RESUME |
			       (tls ? (unsigned)MHD_USE_TLS : 0U);

	server->daemon = MHD_start_daemon(
		flags, 0, server_on_peer, server, server_on_request, server,
		MHD_OPTION_LISTEN_SOCKET, options->listen_fd,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)options->max_connections,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_SILENCE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_MEMORY_BYTES,
		MHD_OPTION_URI_LOG_CALLBACK, server_on_uri, server,
		MHD_OPTION_UNESCAPE_CALLBACK, server_unescape, server,
		MHD_OPTION_NOTIFY_COMPLETED, server_on_completed, server,
		MHD_OPTION_NOTIFY_CONNECTION, server_on_connection, server,
		MHD_OPTION_ARRAY, tls ? tls_options : &tls_options[3],
		MHD_OPTION_END);
	if (server->daemon == NULL)
		return err_set(err, ST_FORMAT,
			       "http: the server did not start%s",
			       tls ? " (are certificate and key a pair?)" : "");
	return ST_OK;
}

static void
server_set_limits(const struct http_server_options *options,
		  int64_t limits_ms[CONNECTION_PHASE_COUNT])
{
	limits_ms[CONNECTION_NONE] = limits_ms[CONNECTION_WORK] = 0;
	limits_ms[CONNECTION_STREAM] = 0;
	limits_ms[CONNECTION_HEADER] =
		options->header_ms > 0 ? options->header_ms : SERVER_HEADER_MS;
	limits_ms[CONNECTION_BODY] =
		options->body_ms > 0 ? options->body_ms : SERVER_BODY_MS;
	limits_ms[CONNECTION_SEND] =
		options->send_ms > 0 ? options->send_ms : SERVER_SEND_MS;
}

static void
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
	free(all);
	*server = NULL;
}

static enum status
server_make_streams(struct http_server *server, struct err *err)
{
	const struct http_server_options *options = &server->options;
	const struct streams_options streams = {
		.max_count = options->max_connections / 2,
		.max_of_owner = SERVER_STREAMS_OF_OWNER,
		.ping_ms = options->ping_ms > 0 ? options->ping_ms
						: SERVER_PING_MS,
		.life_ms = options->stream_ms > 0 ? options->stream_ms
						  : SERVER_STREAM_MS,
	};

	return streams_new(&streams, &server->streams, err);
}

enum status
http_server_start(const struct http_server_options *options,
		  struct http_server **server_out, struct err *err)
{
	AUTO(server_free) struct http_server *server = NULL;
	struct workers_options workers = {
		.thread_count = options->threads,
		.queue_count = options->threads * SERVER_QUEUE_PER_THREAD,
		.work = server_work
	};
	int64_t limits_ms[CONNECTION_PHASE_COUNT];
	enum status st = ST_OK;

	server = calloc(1, sizeof(*server));
	if (server == NULL)
		return err_set(err, ST_NO_MEMORY, "http: no memory");
	server->options = *options;
	server->tls = options->certificate != NULL;
	server->quiet_fd = FD_NONE;
	workers.context = server;
	server_set_limits(options, limits_ms);
	st = connections_new(limits_ms, &server->connections, err);
	if (st == ST_OK)
		st = server_make_streams(server, err);
	if (st == ST_OK)
		st = workers_start(&workers, &server->workers, err);
	if (st == ST_OK)
		st = server_start_daemon(server, err);
	if (st != ST_OK)
		return st;
	*server_out = MOVE(server);
	return ST_OK;
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

void
http_server_stop(struct http_server **server, int64_t drain_ms)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + drain_ms;

	if (*server == NULL)
		return;
	streams_end_all((*server)->streams);
	(*server)->quiet_fd = MHD_quiesce_daemon((*server)->daemon);
	while (workers_busy((*server)->workers) > 0 &&
	       clock_left_ms(deadline_mono_ms) > 0)
		(void)usleep(SERVER_DRAIN_STEP_US);
	/* Let the last answers leave. */
	(void)usleep(SERVER_DRAIN_STEP_US * 10);
	server_free(server);
}
