/* Tests of http/server.h over raw sockets: what no polite client sends. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/server.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/http_site.h"

static void
every_answer_carries_the_security_headers(void **state)
{
	static const char *const wanted[] = {
		("\r\nContent-Security-Policy: default-src 'none'; style-src "
		 "'self'; img-src 'self'; script-src 'self'; connect-src "
		 "'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
		 "'none'; object-src 'none'\r\n"),
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nReferrer-Policy: same-origin\r\n",
		"\r\nCross-Origin-Opener-Policy: same-origin\r\n",
		"\r\nCache-Control: no-store\r\n",
	};
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\n" HOST "\r\n",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 99999\r\n\r\n",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n",
	};
	char answer[ANSWER_BYTES];
	struct site site;

	(void)state;
	site_start(&site, "");
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		ask(&site, requests[i], answer);
		for (size_t j = 0; j < ARRAY_LEN(wanted); j++) {
			if (strstr(answer, wanted[j]) == NULL)
				fail_msg("request %zu: no %s in %s", i,
					 wanted[j], answer);
		}
		assert_null(strstr(answer, "Strict-Transport-Security"));
	}
	site_stop(&site);
}

static void
a_request_with_two_lengths_or_chunks_is_refused(void **state)
{
	static const char *const fields[] = {
		"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
		"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: chunked\r\n",
		"transfer-encoding: identity\r\nContent-Length: 3\r\n",
		"Content-Length: 3\r\nContent-Length: 4\r\n",
		"Content-Length: 3\r\ncontent-length: 3\r\n",
		"Content-Length: 3, 3\r\n",
		"Content-Length: +3\r\n",
		"Content-Length: -3\r\n",
		"Content-Length: 0x3\r\n",
		"Content-Length: 99999999999999999999999\r\n",
		"Content-Length : 3\r\n",
		"Content-Type: a\r\nContent-Type: b\r\nContent-Length: 3\r\n",
		"Cookie: a=1\r\nCookie: b=2\r\nContent-Length: 3\r\n",
		"Authorization: a\r\nAuthorization: b\r\nContent-Length: 3\r\n",
		"Host: other.test\r\nContent-Length: 3\r\n",
		"X-Odd: a\001b\r\nContent-Length: 3\r\n",
		"X(Odd): a\r\nContent-Length: 3\r\n",
	};
	struct site site;

	(void)state;
	site_start(&site, "");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		AUTO(sbuf_done) struct sbuf text;
		char answer[ANSWER_BYTES];

		sbuf_init(&text, 1000);
		sbuf_addf(&text, "POST / HTTP/1.1\r\n" HOST "%s\r\nabc",
			  fields[i]);
		ask(&site, sbuf_text(&text), answer);
		if (strncmp(answer, "HTTP/1.1 4", 10) != 0)
			fail_msg("%s: got \"%.100s\"", fields[i], answer);
	}
	assert_int_equal(site.handled, 0);
	site_stop(&site);
}

static void
a_body_too_large_is_refused_before_it_comes(void **state)
{
	struct site site;

	(void)state;
	site_start(&site, "");
	check_answer(&site,
		     "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n",
		     "HTTP/1.1 413");
	check_answer(&site,
		     "GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
		     "HTTP/1.1 400");
	assert_int_equal(site.handled, 0);
	site_stop(&site);
}

static void
a_header_too_large_is_refused(void **state)
{
	AUTO(sbuf_done) struct sbuf text;
	struct site site;

	(void)state;
	site_start(&site, "");
	sbuf_init(&text, 400000);
	sbuf_add_text(&text, "GET /");
	for (size_t i = 0; i < 3000; i++)
		sbuf_add_byte(&text, 'a');
	sbuf_add_text(&text, " HTTP/1.1\r\n" HOST "\r\n");
	check_answer(&site, sbuf_text(&text), "HTTP/1.1 414");
	sbuf_clear(&text);
	sbuf_add_text(&text, "GET / HTTP/1.1\r\n" HOST "X-Long: ");
	for (size_t i = 0; i < 20000; i++)
		sbuf_add_byte(&text, 'a');
	sbuf_add_text(&text, "\r\n\r\n");
	check_answer(&site, sbuf_text(&text), "HTTP/1.1 431");
	sbuf_clear(&text);
	sbuf_add_text(&text, "GET / HTTP/1.1\r\n" HOST);
	for (size_t i = 0; i < 100; i++)
		sbuf_addf(&text, "X-%zu: a\r\n", i);
	sbuf_add_text(&text, "\r\n");
	check_answer(&site, sbuf_text(&text), "HTTP/1.1 431");
	assert_int_equal(site.handled, 0);
	site_stop(&site);
}

static void
a_malformed_request_never_reaches_a_page(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/2.0\r\n" HOST "\r\n",
		"GET / HTTP/9.9\r\n" HOST "\r\n",
		"GET http://desk.test/ HTTP/1.1\r\n" HOST "\r\n",
		"OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
		"GET\r\n\r\n",
		"GET /\r\n\r\n",
		"\x16\x03\x01\x02\x01\r\n\r\n",
		"GET / HTTP/1.1\r\n" HOST "no colon here\r\n\r\n",
	};
	char answer[ANSWER_BYTES];
	struct site site;

	(void)state;
	site_start(&site, "");
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		ask(&site, requests[i], answer);
		if (strncmp(answer, "HTTP/1.1 200", 12) == 0)
			fail_msg("%s: was taken: %s", requests[i], answer);
	}
	assert_int_equal(site.handled, 0);
	site_stop(&site);
}

static void
paths_and_queries_come_as_they_were_sent(void **state)
{
	char answer[ANSWER_BYTES];
	struct site site;

	(void)state;
	site_start(&site, "");
	ask(&site, "GET /a%2Fb/..%00?x=%26&y=+ HTTP/1.1\r\n" HOST "\r\n",
	    answer);
	assert_non_null(
		strstr(answer, "GET|/a%2Fb/..%00|x=%26&y=+||127.0.0.1|01\n"));
	ask(&site,
	    "POST /p HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\na\nb=c",
	    answer);
	assert_non_null(strstr(answer, "POST|/p||a\nb=c|127.0.0.1|01\n"));
	ask(&site, "BREW /p HTTP/1.1\r\n" HOST "\r\n", answer);
	assert_non_null(strstr(answer, "|/p|||127.0.0.1|01\n"));
	site_stop(&site);
}

static void
a_connection_serves_one_request_after_another(void **state)
{
	static const char both[] =
		"POST /one HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
		"GET /cookie HTTP/1.1\r\n" HOST "\r\n"
		"GET /three HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
	AUTO(sbuf_done) struct sbuf all;
	struct err err = { .st = ST_OK };
	struct site site;
	const char *third = NULL;
	int fd = FD_NONE;

	(void)state;
	site_start(&site, "");
	sbuf_init(&all, ANSWER_BYTES);
	fd = dial(&site);
	say(fd, both, sizeof(both) - 1);
	check_status(ST_OK, fd_slurp(fd, &all, &err), &err);
	assert_non_null(strstr(sbuf_text(&all), "POST|/one||abc|"));
	third = strstr(sbuf_text(&all), "GET|/cookie|||");
	assert_non_null(third);
	/* Nothing of the request before is left. */
	assert_null(strstr(third, "Set-Cookie"));
	assert_non_null(strstr(third, "GET|/three|||"));
	fd_close(&fd);
	site_stop(&site);
}

/* A byte now and then; true when the server cuts us off in time. */
static bool
is_cut_off(struct site *site, const char *begin, const char *drip)
{
	const int64_t deadline = clock_mono_ms() + 2000;
	int fd = dial(site);
	bool cut = false;

	say(fd, begin, strlen(begin));
	while (!cut && clock_mono_ms() < deadline) {
		struct pollfd one = { fd, POLLIN, 0 };
		char byte = 0;

		if (send(fd, drip, 1, MSG_NOSIGNAL) != 1)
			cut = true;
		http_server_tick(site->server);
		if (poll(&one, 1, 40) > 0 && read(fd, &byte, 1) <= 0)
			cut = true;
	}
	fd_close(&fd);
	return cut;
}

static void
slow_clients_are_cut_off(void **state)
{
	struct site site;

	(void)state;
	site_start(&site, "");
	assert_true(is_cut_off(&site, "GET / HTTP/1.1\r\nX: ", "a"));
	assert_true(is_cut_off(
		&site, "POST / HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\n",
		"a"));
	assert_int_equal(site.handled, 0);
	check_answer(&site, "GET / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200");
	site_stop(&site);
}

static void
a_slow_page_is_not_a_slow_client(void **state)
{
	struct site site;

	(void)state;
	site_start(&site, "");
	site.delay_ms = 450;
	check_answer(&site, "GET / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200");
	site_stop(&site);
}

static void
a_full_queue_is_a_503(void **state)
{
	struct site site;
	int fds[100];
	size_t refused = 0;
	size_t served = 0;

	(void)state;
	site_start(&site, "");
	/* 2 threads and 64 places in the queue */
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] = dial(&site);
	site.delay_ms = 20;
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		say(fds[i],
		    "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
		    strlen("GET / HTTP/1.1\r\n" HOST
			   "Connection: close\r\n\r\n"));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		char answer[ANSWER_BYTES];

		read_answer(fds[i], answer);
		served += strncmp(answer, "HTTP/1.1 200", 12) == 0;
		refused += strncmp(answer, "HTTP/1.1 503", 12) == 0;
		fd_close(&fds[i]);
	}
	assert_true(refused > 0);
	assert_int_equal(served + refused, ARRAY_LEN(fds));
	assert_int_equal(served, site.handled);
	site_stop(&site);
}

struct stopper {
	struct site *site;
};

static void *
stop_later(void *context)
{
	struct stopper *stopper = context;

	(void)usleep(100000);
	http_server_stop(&stopper->site->server, 3000);
	return NULL;
}

static void
a_stop_waits_for_the_answer_in_the_making(void **state)
{
	struct site site;
	struct stopper stopper = { &site };
	pthread_t thread;

	(void)state;
	site_start(&site, "");
	site.delay_ms = 400;
	assert_int_equal(pthread_create(&thread, NULL, stop_later, &stopper),
			 0);
	check_answer(&site, "GET / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200");
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_null(site.server);
	(void)pthread_mutex_destroy(&site.lock);
}

static void
only_the_trusted_proxy_speaks_for_others(void **state)
{
	static const char request[] =
		"GET / HTTP/1.1\r\n" HOST
		"X-Forwarded-For: 1.1.1.1, 203.0.113.9\r\n\r\n";
	char answer[ANSWER_BYTES];
	struct site site;

	(void)state;
	site_start(&site, "");
	ask(&site, request, answer);
	assert_non_null(strstr(answer, "|127.0.0.1|00\n"));
	site_stop(&site);
	site_start(&site, "127.0.0.1");
	ask(&site, request, answer);
	assert_non_null(strstr(answer, "|203.0.113.9|10\n"));
	assert_non_null(strstr(answer, "\r\nStrict-Transport-Security: "
				       "max-age=31536000; "
				       "includeSubDomains\r\n"));
	site_stop(&site);
}

/* Fewer than all connections, so that others get in. */
static void
one_address_does_not_take_every_connection(void **state)
{
	enum { OF_ADDRESS = 110 /* http_site.c */ };
	struct site site;
	struct pollfd last = { .events = POLLIN };
	int fds[OF_ADDRESS];
	char byte = 0;

	(void)state;
	site_start(&site, "");
	for (size_t i = 0; i < OF_ADDRESS; i++)
		fds[i] = dial(&site);
	last.fd = dial(&site);
	/* Turned away at once, the first of the others only for silence. */
	assert_int_equal(poll(&last, 1, 200), 1);
	assert_true(recv(last.fd, &byte, 1, 0) <= 0);
	assert_int_equal(recv(fds[OF_ADDRESS - 1], &byte, 1, MSG_DONTWAIT), -1);
	(void)close(last.fd);
	for (size_t i = 0; i < OF_ADDRESS; i++)
		(void)close(fds[i]);
	site_stop(&site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_carries_the_security_headers),
		cmocka_unit_test(
			a_request_with_two_lengths_or_chunks_is_refused),
		cmocka_unit_test(a_body_too_large_is_refused_before_it_comes),
		cmocka_unit_test(a_header_too_large_is_refused),
		cmocka_unit_test(a_malformed_request_never_reaches_a_page),
		cmocka_unit_test(paths_and_queries_come_as_they_were_sent),
		cmocka_unit_test(a_connection_serves_one_request_after_another),
		cmocka_unit_test(one_address_does_not_take_every_connection),
		cmocka_unit_test(slow_clients_are_cut_off),
		cmocka_unit_test(a_slow_page_is_not_a_slow_client),
		cmocka_unit_test(a_full_queue_is_a_503),
		cmocka_unit_test(a_stop_waits_for_the_answer_in_the_making),
		cmocka_unit_test(only_the_trusted_proxy_speaks_for_others),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
