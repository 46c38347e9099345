#include "quarantine-ui/http/server_internal.h"

#include <stdlib.h>

#include "lib/base/fd.h"

enum {
	SERVER_MEMORY_BYTES = 64 * 1024, /* header of one connection */
	SERVER_SILENCE_S = 30,
	SERVER_HEADER_MS = 30000,
	SERVER_BODY_MS = 30000,
	SERVER_SEND_MS = 120000,
	SERVER_PING_MS = 20000,
	SERVER_STREAM_MS = 300000,
	SERVER_TRANSFER_MS = 120000,
	SERVER_TRANSFERS_OF_OWNER = 8,
	SERVER_STREAMS_OF_OWNER = 6,
	SERVER_QUEUE_PER_THREAD = 32
};

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
		{ tls && options->client_ca != NULL ? MHD_OPTION_HTTPS_MEM_TRUST
						    : MHD_OPTION_END,
		  0, (void *)(uintptr_t)options->client_ca },
		{ MHD_OPTION_END, 0, NULL },
	};
	/* Threads of a pool are many connections each. */
	const unsigned flags =
		(options->io_threads > 1
			 ? (unsigned)MHD_USE_EPOLL_INTERNAL_THREAD
			 : (unsigned)MHD_USE_POLL_INTERNAL_THREAD) |
		MHD_ALLOW_SUSPEND_RESUME | (tls ? (unsigned)MHD_USE_TLS : 0U);

	server->daemon = MHD_start_daemon(
		flags, 0, server_on_peer, server, server_on_request, server,
		MHD_OPTION_LISTEN_SOCKET, options->listen_fd,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)options->max_connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		(unsigned)options->max_of_address,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_SILENCE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_MEMORY_BYTES,
		MHD_OPTION_URI_LOG_CALLBACK, server_on_uri, server,
		MHD_OPTION_UNESCAPE_CALLBACK, server_unescape, server,
		MHD_OPTION_NOTIFY_COMPLETED, server_on_completed, server,
		MHD_OPTION_NOTIFY_CONNECTION, server_on_connection, server,
		MHD_OPTION_THREAD_POOL_SIZE,
		(unsigned)(options->io_threads > 1 ? options->io_threads : 0),
		MHD_OPTION_ARRAY, tls ? tls_options : &tls_options[4],
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
	limits_ms[CONNECTION_TRANSFER] = options->transfer_ms > 0
						 ? options->transfer_ms
						 : SERVER_TRANSFER_MS;
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

static enum status
server_make_transfers(struct http_server *server, struct err *err)
{
	const struct http_server_options *options = &server->options;
	const struct transfers_options transfers = {
		.max_count = options->max_connections * 3 / 4,
		.max_of_owner = options->transfers_of_owner > 0
					? options->transfers_of_owner
					: SERVER_TRANSFERS_OF_OWNER,
		.connections = server->connections,
	};

	return transfers_new(&transfers, &server->transfers, err);
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
		st = server_make_transfers(server, err);
	if (st == ST_OK)
		st = workers_start(&workers, &server->workers, err);
	if (st == ST_OK)
		st = server_start_daemon(server, err);
	if (st != ST_OK)
		return st;
	*server_out = MOVE(server);
	return ST_OK;
}
