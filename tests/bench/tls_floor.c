/*
 * tls_floor - what a download costs before anybody opens a file.
 *
 * usage: tls_floor PORT CERTIFICATE KEY MIB
 *
 * Answers every request on 127.0.0.1 with MIB of whatever lies in memory,
 * through the same library, in blocks and with TLS settings as the portal:
 * its CPU time is that of TLS, TCP and HTTP alone. Ends with its input.
 */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum { FLOOR_BLOCK_BYTES = 64 * 1024, FLOOR_MAX_PEM_BYTES = 64 * 1024 };

static ssize_t
floor_read(void *context, uint64_t at, char *out, size_t room)
{
	(void)context;
	(void)at;
	(void)out;
	return (ssize_t)room;
}

static enum MHD_Result
floor_answer(void *context, struct MHD_Connection *connection, const char *url,
	     const char *method, const char *version, const char *upload_data,
	     size_t *upload_bytes, void **connection_context)
{
	const uint64_t *total_bytes = context;
	struct MHD_Response *answer = MHD_create_response_from_callback(
		*total_bytes, FLOOR_BLOCK_BYTES, floor_read, NULL, NULL);
	enum MHD_Result queued = MHD_NO;

	(void)url;
	(void)method;
	(void)version;
	(void)upload_data;
	(void)upload_bytes;
	(void)connection_context;
	if (answer == NULL)
		return MHD_NO;
	queued = MHD_queue_response(connection, MHD_HTTP_OK, answer);
	MHD_destroy_response(answer);
	return queued;
}

int
main(int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	struct MHD_Daemon *daemon = NULL;
	struct err err = { .st = ST_OK };
	uint64_t port = 0;
	uint64_t total_bytes = 0;
	char byte = 0;

	sbuf_init(&certificate, FLOOR_MAX_PEM_BYTES);
	sbuf_init(&key, FLOOR_MAX_PEM_BYTES);
	if (argc != 5 || !parse_u64(span_of(argv[1]), UINT16_MAX, &port) ||
	    !parse_u64(span_of(argv[4]), 65536, &total_bytes) ||
	    fd_slurp_file(argv[2], &certificate, &err) != ST_OK ||
	    fd_slurp_file(argv[3], &key, &err) != ST_OK)
		return 64;
	total_bytes <<= 20;
	daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
			MHD_USE_TLS,
		(uint16_t)port, NULL, NULL, floor_answer, &total_bytes,
		MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_HTTPS_MEM_CERT,
		sbuf_text(&certificate), MHD_OPTION_HTTPS_MEM_KEY,
		sbuf_text(&key), MHD_OPTION_HTTPS_PRIORITIES,
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
		"%SERVER_PRECEDENCE",
		MHD_OPTION_END);
	if (daemon == NULL)
		return 1;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	MHD_stop_daemon(daemon);
	return 0;
}
