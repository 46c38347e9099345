/* Tests of http/head.h: bytes of a request that no text shows. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/http_site.h"

#define BYTES(text)                                       \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

static void
a_head_with_more_than_its_texts_is_refused(void **state)
{
	static const struct span heads[] = {
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: \0\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: \0b\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "\0X: a\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "\0\r\nX: a\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\nHost: desk.test\0.x\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\nHost: desk.test\0\r\nX: a\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "\0\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0Host: b\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0\0b: c\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0\0\r\n\r\n"),
		BYTES("GET /\0 HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET /\0b HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET /a?b=\0c HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET\0 / HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET / HTTP/1.1\0\r\n" HOST "\r\n"),
		BYTES("GET  / HTTP/1.1\r\n" HOST "\r\n"),
		BYTES("GET / HTTP/1.1\n" HOST "\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\nY: b\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\r\n\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n"),
		BYTES("GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb: c\r\n\r\n"),
	};
	struct site site;

	(void)state;
	site_start(&site, "");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		char answer[ANSWER_BYTES];

		ask_bytes(&site, (const char *)heads[i].ptr, heads[i].len_bytes,
			  answer);
		if (strstr(answer, "HTTP/1.1 200") != NULL)
			fail_msg("head %zu was taken: %s", i, answer);
	}
	assert_int_equal(site.handled, 0);
	site_stop(&site);
}

static void
a_nul_anywhere_is_refused(void **state)
{
	static const char head[] =
		"GET /a?b=c HTTP/1.1\r\n" HOST
		"X-Y:  z  \r\nCookie: a=1; b=2\r\nConnection: close\r\n\r\n";
	char with[sizeof(head)];
	struct site site;

	(void)state;
	site_start(&site, "");
	check_answer(&site, head, "HTTP/1.1 200");
	for (size_t at = 0; at < sizeof(head) - 1; at++) {
		char answer[ANSWER_BYTES];

		memcpy(with, head, at);
		with[at] = '\0';
		memcpy(with + at + 1, head + at, sizeof(head) - 1 - at);
		ask_bytes(&site, with, sizeof(with), answer);
		if (strstr(answer, "HTTP/1.1 200") != NULL)
			fail_msg("a NUL at %zu was taken", at);
	}
	assert_int_equal(site.handled, 1);
	site_stop(&site);
}

static void
an_honest_head_is_taken_however_it_comes(void **state)
{
	static const char *const heads[] = {
		"GET / HTTP/1.0\r\n\r\n",
		"GET /a?b=c&d&&=e HTTP/1.1\r\n" HOST "\r\n",
		"GET / HTTP/1.1\r\nHost:desk.test\r\nX:\r\nY: \t \r\nZ: a:b \r\n\r\n",
		"GET / HTTP/1.1\r\n" HOST "Cookie: a=1; b=\"2 3\"; c\r\n\r\n",
		"GET / HTTP/1.1\r\n" HOST "Cookie: a=1;;b=%41;\r\nX: y\r\n\r\n",
		"\r\nGET / HTTP/1.1\r\n" HOST "\r\n",
	};
	AUTO(sbuf_done) struct sbuf large;
	char answer[ANSWER_BYTES];
	struct site site;
	int fd = FD_NONE;

	(void)state;
	site_start(&site, "");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		check_answer(&site, heads[i], "HTTP/1.1 200");
	sbuf_init(&large, 20000);
	sbuf_add_text(&large, "GET / HTTP/1.1\r\n" HOST);
	for (size_t i = 0; i < 50; i++)
		sbuf_addf(&large, "X-%zu: %0250d\r\n", i, 0);
	sbuf_add_text(&large, "\r\n");
	check_answer(&site, sbuf_text(&large), "HTTP/1.1 200");
	/* In pieces, as TLS records or a phone may bring it. */
	fd = dial(&site);
	for (size_t at = 0; at < large.len_bytes; at += 700) {
		const size_t left = large.len_bytes - at;
		const size_t len = left < 700 ? left : 700;

		assert_int_equal(write(fd, large.bytes + at, len), len);
		(void)usleep(1000);
	}
	read_answer(fd, answer);
	(void)close(fd);
	assert_non_null(strstr(answer, "HTTP/1.1 200"));
	site_stop(&site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_with_more_than_its_texts_is_refused),
		cmocka_unit_test(a_nul_anywhere_is_refused),
		cmocka_unit_test(an_honest_head_is_taken_however_it_comes),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
