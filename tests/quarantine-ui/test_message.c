/* Tests of http/form.h, message.h, limiter.h, listen.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "quarantine-ui/http/form.h"
#include "quarantine-ui/http/host.h"
#include "quarantine-ui/http/limiter.h"
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/message.h"
#include "tests/harness/check.h"

static enum status
parse(const char *text, struct form *form)
{
	const size_t len = strlen(text);
	uint8_t *block = malloc(len > 0 ? len : 1);
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	assert_non_null(block);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): exact size */
	memcpy(block, text, len);
	st = form_parse((struct span){ block, len }, form, &err);
	free(block);
	return st;
}

static void
a_form_is_decoded(void **state)
{
	struct form form;

	(void)state;
	assert_int_equal(parse("a=1&b=x+y%26z&c=%E3%81%82%0D%0Ab&d=&e", &form),
			 ST_OK);
	assert_string_equal(form_get(&form, "a"), "1");
	assert_string_equal(form_get(&form, "b"), "x y&z");
	assert_string_equal(form_get(&form, "c"), "\xe3\x81\x82\nb");
	assert_string_equal(form_get(&form, "d"), "");
	assert_string_equal(form_get(&form, "e"), "");
	assert_string_equal(form_get(&form, "nothing"), "");
	assert_int_equal(form.field_count, 5);
	form_done(&form);
}

static void
an_ambiguous_form_is_refused(void **state)
{
	static const char *const bad[] = { "a=1&a=2", "a=%",        "a=%4",
					   "a=%zz",   "a=%00",      "a=%80",
					   "a=%ff",   "a=\x01",     "a=%7f",
					   "%00=1",   "a=%ed%a0%80" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct form form;

		if (parse(bad[i], &form) != ST_FORMAT)
			fail_msg("%s was taken", bad[i]);
		form_done(&form);
	}
}

static void
a_form_with_too_many_fields_is_refused(void **state)
{
	AUTO(sbuf_done) struct sbuf text;
	struct form form;

	(void)state;
	sbuf_init(&text, 10000);
	for (int i = 0; i < FORM_MAX_FIELDS; i++)
		sbuf_addf(&text, "%sf%d", i > 0 ? "&" : "", i);
	assert_int_equal(parse(sbuf_text(&text), &form), ST_OK);
	form_done(&form);
	sbuf_add_text(&text, "&one=more");
	assert_int_equal(parse(sbuf_text(&text), &form), ST_LIMIT);
	form_done(&form);
}

/* Names of cookies that begin with "l-", comma separated. */
static void
check_names(const char *field, bool secure, const char *want)
{
	const struct http_request request = { .fields = { .cookie = field },
					      .secure = secure };
	AUTO(sbuf_done) struct sbuf names;
	struct span rest = span_of(field);
	struct span name;

	sbuf_init(&names, 100);
	while (http_request_next_cookie(&request, "l-", &rest, &name)) {
		sbuf_add_span(&names, name);
		sbuf_add_byte(&names, ',');
	}
	assert_string_equal(sbuf_text(&names), want);
}

static void
cookies_of_a_kind_come_in_their_order(void **state)
{
	(void)state;
	check_names("l-b=1; x=2; l-a=; xl-c=3; l-=4; l", false, "l-b,l-a,l-,");
	check_names("__Host-l-a=1; l-b=2; __Host-x=3;__Host-l-c=4", true,
		    "l-a,l-c,");
	check_names("", false, "");
	check_names("; ;=;l-", true, "");
}

static void
check_cookie(const char *field, bool secure, const char *want)
{
	const struct http_request request = { .fields = { .cookie = field },
					      .secure = secure };
	AUTO(sbuf_done) struct sbuf value;

	sbuf_init(&value, 100);
	http_request_cookie(&request, "sid", &value);
	assert_string_equal(sbuf_text(&value), want);
}

static void
a_cookie_that_is_there_twice_is_none(void **state)
{
	(void)state;
	check_cookie("sid=abc", false, "abc");
	check_cookie("x=1; sid=abc; y=2", false, "abc");
	check_cookie("sid=abc; sid=def", false, "");
	check_cookie("", false, "");
	check_cookie("xsid=abc; sidx=1", false, "");
}

static void
over_tls_only_a_host_cookie_counts(void **state)
{
	(void)state;
	check_cookie("sid=abc", true, "");
	check_cookie("sid=planted; __Host-sid=good", true, "good");
}

static void
a_cookie_is_http_only_strict_and_secure(void **state)
{
	struct http_response response;

	(void)state;
	http_response_init(&response);
	http_response_set_cookie(&response, true, "sid", "v", -1);
	assert_string_equal(sbuf_text(&response.cookies[0]),
			    "__Host-sid=v; Path=/; HttpOnly; SameSite=Strict; "
			    "Secure");
	http_response_set_cookie(&response, false, "sid", "", 0);
	assert_string_equal(sbuf_text(&response.cookies[1]),
			    "sid=; Path=/; HttpOnly; SameSite=Strict; "
			    "Max-Age=0");
	http_response_done(&response);
}

static bool
same_origin(const char *site, const char *origin, const char *host)
{
	const struct http_request request = {
		.fields = { .sec_fetch_site = site,
			    .origin = origin,
			    .host = host },
		.secure = true,
	};

	return http_request_is_same_origin(&request);
}

static void
a_form_of_another_site_is_known_by_its_header(void **state)
{
	(void)state;
	assert_true(same_origin("same-origin", "", "d.test"));
	assert_false(same_origin("cross-site", "", "d.test"));
	assert_false(same_origin("same-site", "https://d.test", "d.test"));
	assert_false(same_origin("none", "", "d.test"));
	assert_true(same_origin("", "https://d.test:8443", "D.test:8443"));
	assert_false(same_origin("", "http://d.test", "d.test"));
	assert_false(same_origin("", "https://e.test", "d.test"));
	assert_false(same_origin("", "null", "d.test"));
	assert_true(same_origin("", "", "d.test"));
}

static bool
is_ours(const char *host, const char *url, bool local)
{
	const struct http_request request = { .path = "/l/x",
					      .fields = { .host = host },
					      .local = local };

	return host_is_ours(&request, url);
}

static void
only_the_host_of_the_url_is_ours(void **state)
{
	static const char url[] = "https://files.example.co.jp";
	static const char high[] = "https://files.example.co.jp:8443";
	struct http_request request = { .path = "/",
					.fields = { .host = "e.test" } };

	(void)state;
	assert_true(is_ours("files.example.co.jp", url, false));
	assert_true(is_ours("Files.Example.co.jp:443", url, false));
	assert_true(is_ours("files.example.co.jp:8443", high, false));
	assert_true(is_ours("[::1]:443", "https://[::1]", false));
	assert_false(is_ours("files.example.co.jp", high, false));
	assert_false(is_ours("files.example.co.jp:8443", url, false));
	assert_false(is_ours("files.example.co.jp:80", url, false));
	assert_false(is_ours("files.example.co.jp.", url, false));
	assert_false(is_ours("desk.example.co.jp", url, false));
	assert_false(is_ours("e.files.example.co.jp", url, false));
	assert_false(is_ours("", url, false));
	assert_false(is_ours("127.0.0.1", url, false));
	assert_true(is_ours("127.0.0.1:8444", url, true));
	assert_true(is_ours("LOCALHOST", url, true));
	assert_true(is_ours("[::1]:8444", url, true));
	assert_false(is_ours("127.e.test", url, true));
	assert_false(is_ours("localhost.e.test", url, true));
	assert_false(is_ours("e.test", url, true));
	assert_true(is_ours("e.test", "", false));
	assert_false(host_is_ours(&request, url));
	request.by_proxy = true;
	assert_true(host_is_ours(&request, url));
	request.by_proxy = false;
	request.path = "/healthz";
	assert_true(host_is_ours(&request, url));
}

static void
tries_beyond_the_rate_are_refused_until_time_passes(void **state)
{
	struct limiter *limiter = NULL;
	struct err err = { .st = ST_OK };
	int64_t now = 1000000;

	(void)state;
	check_status(ST_OK, limiter_new(&limiter, &err), &err);
	for (int i = 0; i < 10; i++)
		assert_true(limiter_try(limiter, "192.0.2.1", 10, now));
	assert_false(limiter_try(limiter, "192.0.2.1", 10, now));
	assert_true(limiter_try(limiter, "192.0.2.2", 10, now));
	assert_true(limiter_try(limiter, "2001:db8::1", 1, now));
	/* The same /64 is the same neighbour. */
	assert_false(limiter_try(limiter, "2001:db8::2", 1, now));
	assert_true(limiter_try(limiter, "2001:db8:0:1::2", 1, now));
	now += 6100;
	assert_true(limiter_try(limiter, "192.0.2.1", 10, now));
	assert_false(limiter_try(limiter, "192.0.2.1", 10, now));
	limiter_free(&limiter);
}

static void
the_limiter_is_bounded_and_keeps_the_busy(void **state)
{
	struct limiter *limiter = NULL;
	struct err err = { .st = ST_OK };
	char address[32];

	(void)state;
	check_status(ST_OK, limiter_new(&limiter, &err), &err);
	for (unsigned i = 0; i < 20000; i++) {
		(void)snprintf(address, sizeof(address), "10.%u.%u.1",
			       i >> 8 & 255, i & 255);
		assert_true(
			limiter_try(limiter, address, 1, (int64_t)i + 100000));
		(void)limiter_try(limiter, "192.0.2.1", 1, (int64_t)i + 100000);
	}
	assert_false(limiter_try(limiter, "192.0.2.1", 1, 120001));
	limiter_free(&limiter);
}

static void
the_last_forwarded_address_counts(void **state)
{
	char text[LISTEN_ADDRESS_BYTES];

	(void)state;
	assert_true(listen_forwarded("203.0.113.9", text));
	assert_string_equal(text, "203.0.113.9");
	assert_true(listen_forwarded("1.1.1.1, 203.0.113.9", text));
	assert_string_equal(text, "203.0.113.9");
	assert_true(listen_forwarded("1.1.1.1,2001:db8::7", text));
	assert_string_equal(text, "2001:db8::7");
	assert_false(listen_forwarded("", text));
	assert_false(listen_forwarded("unknown", text));
	assert_false(listen_forwarded("1.1.1.1,", text));
	assert_false(listen_forwarded("1.1.1.1 x", text));
}

static void
an_address_to_listen_on_is_strict(void **state)
{
	static const char *const bad[] = {
		"",          "8443",         "localhost:80",
		"127.0.0.1", "127.0.0.1:",   "127.0.0.1:99999",
		":8443",     "127.0.0.1:80x"
	};
	struct err err = { .st = ST_OK };
	bool loopback = false;
	int fd = FD_NONE;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		check_status(ST_FORMAT,
			     listen_open(bad[i], &fd, &loopback, &err), &err);
	check_status(ST_OK, listen_open("127.0.0.1:0", &fd, &loopback, &err),
		     &err);
	assert_true(loopback);
	fd_close(&fd);
	check_status(ST_OK, listen_open("0.0.0.0:0", &fd, &loopback, &err),
		     &err);
	assert_false(loopback);
	fd_close(&fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_decoded),
		cmocka_unit_test(an_ambiguous_form_is_refused),
		cmocka_unit_test(a_form_with_too_many_fields_is_refused),
		cmocka_unit_test(a_cookie_that_is_there_twice_is_none),
		cmocka_unit_test(cookies_of_a_kind_come_in_their_order),
		cmocka_unit_test(over_tls_only_a_host_cookie_counts),
		cmocka_unit_test(a_cookie_is_http_only_strict_and_secure),
		cmocka_unit_test(a_form_of_another_site_is_known_by_its_header),
		cmocka_unit_test(only_the_host_of_the_url_is_ours),
		cmocka_unit_test(
			tries_beyond_the_rate_are_refused_until_time_passes),
		cmocka_unit_test(the_limiter_is_bounded_and_keeps_the_busy),
		cmocka_unit_test(the_last_forwarded_address_counts),
		cmocka_unit_test(an_address_to_listen_on_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
