/* Tests of cli/postconf.h and cli/postfix_socket.h: what Postfix is told. */
#include <string.h>

#include "cli/postconf.h"
#include "cli/postfix_socket.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static void
check_span(struct span got, const char *want)
{
	assert_int_equal(got.len_bytes, strlen(want));
	if (got.len_bytes > 0)
		assert_memory_equal(got.ptr, want, got.len_bytes);
}

static void
milters_of_a_list_have_addresses_and_options(void **state)
{
	struct span rest =
		span_of("unix:a/b, { inet:localhost:1, default_action=accept "
			"content_timeout = 20s },\tlocal:/c");
	struct postconf_milter milter = { .address = { NULL, 0 } };

	(void)state;
	assert_true(postconf_milter_next(&rest, &milter));
	check_span(milter.address, "unix:a/b");
	check_span(postconf_milter_option(&milter, "default_action"), "");
	assert_true(postconf_milter_next(&rest, &milter));
	check_span(milter.address, "inet:localhost:1");
	check_span(postconf_milter_option(&milter, "default_action"), "accept");
	check_span(postconf_milter_option(&milter, "content_timeout"), "20s");
	check_span(postconf_milter_option(&milter, "connect_timeout"), "");
	assert_true(postconf_milter_next(&rest, &milter));
	check_span(milter.address, "local:/c");
	assert_false(postconf_milter_next(&rest, &milter));
}

static void
a_list_that_is_cut_off_ends(void **state)
{
	static const char whole[] = "unix:a, { inet:b, x = y }, unix:c";
	struct postconf_milter milter = { .address = { NULL, 0 } };

	(void)state;
	for (size_t len_bytes = 0; len_bytes < sizeof(whole); len_bytes++) {
		struct span rest = { (const uint8_t *)whole, len_bytes };
		unsigned count = 0;

		while (postconf_milter_next(&rest, &milter)) {
			assert_true(++count <= 3);
			(void)postconf_milter_option(&milter, "x");
		}
	}
}

static void
times_have_units(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = { { "300", 300000 },
		     { "20s", 20000 },
		     { "5m", 300000 },
		     { "1h", 3600000 },
		     { "1d", 86400000 } };
	int64_t ms = -1;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(postconf_parse_time(span_of(rows[i].text), &ms));
		assert_int_equal(ms, rows[i].ms);
	}
	ms = -1;
	assert_false(postconf_parse_time(span_of(""), &ms));
	assert_false(postconf_parse_time(span_of("s"), &ms));
	assert_false(postconf_parse_time(span_of("5 m"), &ms));
	assert_false(postconf_parse_time(span_of("$x"), &ms));
	assert_int_equal(ms, -1);
}

/* As postconf -x, -Px and -M print. */
static void
fill(struct postconf *postconf)
{
	sbuf_init(&postconf->values, 4096);
	sbuf_init(&postconf->changes, 4096);
	sbuf_init(&postconf->services, 4096);
	sbuf_add_text(&postconf->values, "compatibility_level = 3.6\n"
					 "milter = no\n"
					 "milter_protocol = 6\n"
					 "always_bcc =\n");
	sbuf_add_text(&postconf->changes,
		      "[::1]:25/inet/milter_protocol = 2\n");
	sbuf_add_text(&postconf->services,
		      "smtp       inet  n       -       y       -       -      "
		      " smtpd\n"
		      "[::1]:25   inet  n       -       -       -       -      "
		      " smtpd -o milter_protocol=2\n"
		      "broken line\n"
		      "cleanup    unix  n       -       n       -       0      "
		      " cleanup");
}

static void
a_service_has_its_own_values_before_the_general_ones(void **state)
{
	struct postconf postconf = { .dir = NULL };
	struct postconf_service service = { .chrooted = false };
	AUTO(sbuf_done) struct sbuf value;
	size_t at = 0;

	(void)state;
	sbuf_init(&value, 4096);
	fill(&postconf);
	assert_true(postconf_get(&postconf, "milter_protocol", &value));
	assert_string_equal(sbuf_text(&value), "6");
	assert_true(postconf_get(&postconf, "always_bcc", &value));
	assert_string_equal(sbuf_text(&value), "");
	assert_false(postconf_get(&postconf, "milter_", &value));
	assert_true(postconf_service_next(&postconf, &at, &service));
	check_span(service.name, "smtp");
	assert_true(service.chrooted);
	assert_true(postconf_get_for(&postconf, &service, "milter_protocol",
				     &value));
	assert_string_equal(sbuf_text(&value), "6");
	assert_true(postconf_service_next(&postconf, &at, &service));
	check_span(service.name, "[::1]:25");
	check_span(service.command, "smtpd");
	/* Since level 1, "-" means no. */
	assert_false(service.chrooted);
	assert_true(postconf_get_for(&postconf, &service, "milter_protocol",
				     &value));
	assert_string_equal(sbuf_text(&value), "2");
	assert_true(postconf_service_next(&postconf, &at, &service));
	check_span(service.command, "cleanup");
	assert_false(postconf_service_next(&postconf, &at, &service));
	sbuf_clear(&postconf.values);
	at = 1;
	assert_true(postconf_service_next(&postconf, &at, &service));
	assert_true(service.chrooted);
	postconf_done(&postconf);
}

static void
a_socket_is_ours_where_the_service_sees_it(void **state)
{
	static const char dir[] = "/nonexistent/spool";
	struct config config = {
		.milter = { .socket = "unix:/nonexistent/spool/s/milter" }
	};
	const struct {
		const char *list;
		bool chrooted;
		enum postfix_socket_found want;
	} rows[] = {
		{ "unix:s/milter", false, POSTFIX_SOCKET_OURS },
		{ "unix:s/milter", true, POSTFIX_SOCKET_OURS },
		{ "inet:x:1, { unix:s/milter }", true, POSTFIX_SOCKET_OURS },
		{ "unix:/nonexistent/spool/s/milter", false,
		  POSTFIX_SOCKET_OURS },
		{ "unix:/nonexistent/spool/s/milter", true,
		  POSTFIX_SOCKET_ELSEWHERE },
		{ "unix:/s/milter", true, POSTFIX_SOCKET_OURS },
		{ "unix:/s/milter", false, POSTFIX_SOCKET_ELSEWHERE },
		{ "unix:milter", false, POSTFIX_SOCKET_ABSENT },
		{ "", false, POSTFIX_SOCKET_ABSENT },
	};
	AUTO(sbuf_done) struct sbuf name;

	(void)state;
	sbuf_init(&name, 256);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct postfix_socket socket = { &config, dir,
						       rows[i].chrooted };
		struct postconf_milter milter = { .address = { NULL, 0 } };
		char seen[POSTFIX_SOCKET_BYTES] = "";

		assert_int_equal(postfix_socket_find(&socket,
						     span_of(rows[i].list),
						     &milter, seen),
				 rows[i].want);
	}
	const struct postfix_socket inside = { &config, dir, true };

	assert_true(postfix_socket_name(&inside, &name));
	assert_string_equal(sbuf_text(&name), "unix:s/milter");
	sbuf_clear(&name);
	config.milter.socket = "unix:/run/milter";
	assert_false(postfix_socket_name(&inside, &name));
	sbuf_clear(&name);
	config.milter.socket = "inet:8899@127.0.0.1";
	assert_true(postfix_socket_name(&inside, &name));
	assert_string_equal(sbuf_text(&name), "inet:127.0.0.1:8899");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(milters_of_a_list_have_addresses_and_options),
		cmocka_unit_test(a_list_that_is_cut_off_ends),
		cmocka_unit_test(times_have_units),
		cmocka_unit_test(
			a_service_has_its_own_values_before_the_general_ones),
		cmocka_unit_test(a_socket_is_ours_where_the_service_sees_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
