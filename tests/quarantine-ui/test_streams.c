/* Tests of answers that stay open (http/streams.h), over raw sockets. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/server.h"
#include "tests/harness/check.h"

enum { CONNECTIONS = 16, TEXT_BYTES = 2500, WAIT_MS = 5000 };

struct site {
	struct http_server *server;
	uint16_t port;
};

/* "/events" is a stream of person 1, "/other" of person 2; "/out" ends those
 * of person 1; everything else is a page. */
static void
serve(void *context, size_t worker, const struct http_request *request,
      struct http_response *response)
{
	(void)context;
	(void)worker;
	if (strcmp(request->path, "/events") == 0)
		http_response_stream(response, 1);
	else if (strcmp(request->path, "/other") == 0)
		http_response_stream(response, 2);
	else if (strcmp(request->path, "/out") == 0)
		http_response_end_streams(response, 1);
	sbuf_add_text(&response->body, "a page\n");
}

static int
setup(void **state)
{
	static struct site site;
	struct http_server_options options = { .listen_fd = FD_NONE,
					       .trusted_proxy = "",
					       .threads = 1,
					       .max_connections = CONNECTIONS,
					       .max_body_bytes = 1000,
					       .ping_ms = 200,
					       .stream_ms = 1500,
					       .handle = serve };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t address_bytes = sizeof(address);
	struct err err = { .st = ST_OK };
	bool loopback = false;

	check_status(
		ST_OK,
		listen_open("127.0.0.1:0", &options.listen_fd, &loopback, &err),
		&err);
	assert_int_equal(getsockname(options.listen_fd,
				     (struct sockaddr *)&address,
				     &address_bytes),
			 0);
	site.port = ntohs(address.sin_port);
	check_status(ST_OK, http_server_start(&options, &site.server, &err),
		     &err);
	*state = &site;
	return 0;
}

static int
teardown(void **state)
{
	struct site *site = *state;

	http_server_stop(&site->server, 1000);
	return 0;
}

static int
ask(const struct site *site, const char *method, const char *path)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(site->port) };
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[200];
	int len_bytes = 0;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(
		connect(fd, (const struct sockaddr *)&address, sizeof(address)),
		0);
	len_bytes = snprintf(text, sizeof(text),
			     "%s %s HTTP/1.1\r\nHost: x\r\n\r\n", method, path);
	assert_int_equal(write(fd, text, (size_t)len_bytes), len_bytes);
	return fd;
}

/* Read until want has come, ticking the server; the end of the connection is
 * "<end>". text keeps everything, from its own end on. */
static bool
reads(const struct site *site, int fd, char text[TEXT_BYTES], const char *want)
{
	const int64_t until_mono_ms = clock_mono_ms() + WAIT_MS;
	size_t len = strlen(text);

	while (strstr(text, want) == NULL && clock_left_ms(until_mono_ms) > 0) {
		struct pollfd one = { fd, POLLIN, 0 };
		ssize_t got = 0;

		http_server_tick(site->server);
		if (poll(&one, 1, 50) <= 0)
			continue;
		got = read(fd, text + len, TEXT_BYTES - 10 - len);
		if (got <= 0) {
			memcpy(text + len, "<end>", 6);
			break;
		}
		len += (size_t)got;
		text[len] = '\0';
	}
	return strstr(text, want) != NULL;
}

static void
a_stream_tells_each_revision_and_no_proxy_keeps_it(void **state)
{
	const struct site *site = *state;
	char text[TEXT_BYTES] = "";
	int fd = FD_NONE;

	http_server_publish(site->server, 7);
	fd = ask(site, "GET", "/events");
	assert_true(reads(site, fd, text, "data: 7\n\n"));
	assert_non_null(strstr(text, "Content-Type: text/event-stream\r\n"));
	assert_non_null(strstr(text, "X-Accel-Buffering: no\r\n"));
	assert_non_null(strstr(text, "Cache-Control: no-store\r\n"));
	assert_non_null(strstr(text, "Content-Security-Policy: "));
	assert_null(strstr(text, "a page"));
	http_server_publish(site->server, 8);
	assert_true(reads(site, fd, text, "data: 8\n\n"));
	http_server_publish(site->server, 8);
	text[0] = '\0';
	assert_true(reads(site, fd, text, ":\n\n"));
	assert_null(strstr(text, "data:"));
	fd_close(&fd);
}

static void
silence_is_broken_and_nothing_lives_for_ever(void **state)
{
	const struct site *site = *state;
	char text[TEXT_BYTES] = "";
	int fd = ask(site, "GET", "/events");

	assert_true(reads(site, fd, text, "\r\n:\n\n"));
	/* The chunk that ends the body: the browser comes again. */
	assert_true(reads(site, fd, text, "\r\n0\r\n"));
	fd_close(&fd);
}

static void
streams_hold_no_worker(void **state)
{
	const struct site *site = *state;
	int fds[CONNECTIONS / 2 - 2];
	char text[TEXT_BYTES] = "";
	int fd = FD_NONE;

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		char opened[TEXT_BYTES] = "";

		fds[i] = ask(site, "GET", i % 2 == 0 ? "/events" : "/other");
		assert_true(reads(site, fds[i], opened, "retry: "));
	}
	/* There is one worker, and it is free. */
	fd = ask(site, "GET", "/");
	assert_true(reads(site, fd, text, "a page"));
	fd_close(&fd);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fd_close(&fds[i]);
}

static void
there_are_only_so_many(void **state)
{
	const struct site *site = *state;
	int fds[CONNECTIONS / 2];
	char text[TEXT_BYTES] = "";
	int fd = FD_NONE;

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		char opened[TEXT_BYTES] = "";

		fds[i] = ask(site, "GET", i % 2 == 0 ? "/events" : "/other");
		assert_true(reads(site, fds[i], opened, "retry: "));
	}
	assert_int_equal(http_server_streams(site->server), ARRAY_LEN(fds));
	fd = ask(site, "GET", "/events");
	assert_true(reads(site, fd, text, "HTTP/1.1 503"));
	fd_close(&fd);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fd_close(&fds[i]);
}

static void
one_person_may_have_six_and_loses_the_oldest(void **state)
{
	const struct site *site = *state;
	int fds[7];
	static char texts[ARRAY_LEN(fds)][TEXT_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = ask(site, "GET", "/events");
		assert_true(reads(site, fds[i], texts[i], "retry: "));
	}
	assert_true(reads(site, fds[0], texts[0], "\r\n0\r\n"));
	http_server_publish(site->server, 9);
	assert_true(reads(site, fds[1], texts[1], "data: 9"));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fd_close(&fds[i]);
}

static void
the_end_of_a_session_ends_its_streams_only(void **state)
{
	const struct site *site = *state;
	char own[TEXT_BYTES] = "";
	char other[TEXT_BYTES] = "";
	char page[TEXT_BYTES] = "";
	int fds[] = { ask(site, "GET", "/events"), ask(site, "GET", "/other"),
		      FD_NONE };

	assert_true(reads(site, fds[0], own, "retry: "));
	assert_true(reads(site, fds[1], other, "retry: "));
	fds[2] = ask(site, "GET", "/out");
	assert_true(reads(site, fds[2], page, "a page"));
	assert_true(reads(site, fds[0], own, "\r\n0\r\n"));
	http_server_publish(site->server, 9);
	assert_true(reads(site, fds[1], other, "data: 9"));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fd_close(&fds[i]);
}

static void
a_stop_does_not_wait_for_streams(void **state)
{
	struct site *site = *state;
	const int64_t start_mono_ms = clock_mono_ms();
	char text[TEXT_BYTES] = "";
	int fd = ask(site, "GET", "/events");

	assert_true(reads(site, fd, text, "retry: "));
	http_server_stop(&site->server, WAIT_MS);
	assert_null(site->server);
	assert_true(clock_mono_ms() - start_mono_ms < WAIT_MS / 2);
	fd_close(&fd);
}

#define STREAM_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(a_stream_tells_each_revision_and_no_proxy_keeps_it),
		STREAM_TEST(silence_is_broken_and_nothing_lives_for_ever),
		STREAM_TEST(streams_hold_no_worker),
		STREAM_TEST(there_are_only_so_many),
		STREAM_TEST(one_person_may_have_six_and_loses_the_oldest),
		STREAM_TEST(the_end_of_a_session_ends_its_streams_only),
		STREAM_TEST(a_stop_does_not_wait_for_streams),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
