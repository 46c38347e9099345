/* Tests of courier/smtp/smtp_client.h: lost, silent and hostile servers, TLS.
 */
#include <signal.h>

#include "lib/base/clock.h"
#include "tests/courier/smtp_sent.h"
#include "tests/harness/check.h"

static struct sent
send_plain(const struct smtp_step *script, const struct smtp_mail *mail)
{
	return send_with(script, mail, SMTP_TLS_NEVER, false);
}

/* Whatever goes wrong here, nobody has an answer, and st says why. */
static void
check_unknown(const struct smtp_step *script, enum status want,
	      const char *want_text)
{
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_plain(script, &mail);

	check_status(want, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 0);
	assert_non_null(strstr(sent.err.text, want_text));
	smtp_server_free(&sent.server);
}

static void
a_connection_lost_leaves_the_outcome_open(void **state)
{
	static const struct smtp_step after_dot[] = {
		GREETED,
		ACCEPTED,
		{ "DATA", "354 go" },
		{ SMTP_MAIL, NULL },
		{ SMTP_CLOSE, NULL },
		END,
	};
	static const struct smtp_step before_data[] = {
		GREETED, ACCEPTED, { "DATA", NULL }, { SMTP_CLOSE, NULL }, END,
	};
	static const struct smtp_step at_once[] = {
		{ SMTP_CONNECT, NULL },
		{ SMTP_CLOSE, NULL },
		END,
	};

	(void)state;
	check_unknown(after_dot, ST_IO, "smtp: ");
	check_unknown(before_data, ST_IO, "smtp: ");
	check_unknown(at_once, ST_IO, "smtp: ");
}

static void
answers_out_of_place_leave_the_outcome_open(void **state)
{
	static const struct smtp_step nonsense[] = {
		{ SMTP_CONNECT, "hello" },
		END,
	};
	static const struct smtp_step data_250[] = {
		GREETED,
		ACCEPTED,
		{ "DATA", "250 ok" },
		END,
	};
	static const struct smtp_step dot_354[] = {
		GREETED,
		ACCEPTED,
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "354 more" },
		END,
	};
	static const struct smtp_step mail_354[] = {
		GREETED,
		{ "MAIL", "354 go" },
		END,
	};
	static const struct smtp_step rcpt_354[] = {
		GREETED,
		{ "MAIL", "250 ok" },
		{ "RCPT", "354 go" },
		END,
	};
	static const struct smtp_step mixed[] = {
		GREETED,
		ACCEPTED,
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "250-taken\r\n550 or not" },
		END,
	};

	(void)state;
	check_unknown(nonsense, ST_FORMAT, "has no code");
	check_unknown(data_250, ST_FORMAT, "answers DATA with 250");
	check_unknown(dot_354, ST_FORMAT, "answers the mail with 354");
	check_unknown(mail_354, ST_FORMAT, "answers MAIL with 354");
	check_unknown(rcpt_354, ST_FORMAT, "answers RCPT with 354");
	check_unknown(mixed, ST_FORMAT, "codes 250 and 550");
}

static void
a_server_that_does_not_want_us_is_named(void **state)
{
	static const struct smtp_step greeting[] = {
		{ SMTP_CONNECT, "554 5.3.2 go away" },
		END,
	};
	static const struct smtp_step ehlo[] = {
		{ SMTP_CONNECT, "220 mx" },
		{ "EHLO", "421 4.3.2 busy" },
		END,
	};
	static const struct smtp_step helo[] = {
		{ SMTP_CONNECT, "220 mx" },
		{ "EHLO", "550 no" },
		{ "HELO", "550 no" },
		END,
	};

	(void)state;
	check_unknown(greeting, ST_DENIED, "the connection with 554 go away");
	check_unknown(ehlo, ST_DENIED, "EHLO with 421 busy");
	check_unknown(helo, ST_DENIED, "HELO with 550 no");
}

static void
a_silent_server_is_left_at_the_deadline(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, NULL },
		{ "", NULL }, /* waits until we leave */
		END,
	};
	struct smtp_server *server = smtp_server_start(script);
	const struct smtp_options options = {
		.next_hop = smtp_server_address(server),
		.helo = "out.test",
		.tls = SMTP_TLS_NEVER,
		.tls_ca = "",
		.connect_ms = 1000,
		.step_ms = 100,
		.deadline_mono_ms = clock_mono_ms() + 5000,
	};
	const struct smtp_mail mail = simple_mail();
	struct smtp_delivery delivery;
	struct err err = { 0 };

	(void)state;
	check_status(ST_LIMIT, smtp_send(&options, &mail, &delivery, &err),
		     &err);
	assert_int_equal(delivery.code, 0);
	smtp_server_free(&server);
}

static void
nobody_there_is_an_error(void **state)
{
	const struct smtp_options options = {
		.next_hop = "127.0.0.1:1",
		.helo = "out.test",
		.tls = SMTP_TLS_NEVER,
		.tls_ca = "",
		.connect_ms = 1000,
		.step_ms = 100,
		.deadline_mono_ms = clock_mono_ms() + 5000,
	};
	struct smtp_options bad = options;
	const struct smtp_mail mail = simple_mail();
	struct smtp_delivery delivery;
	struct err err = { 0 };

	(void)state;
	check_status(ST_IO, smtp_send(&options, &mail, &delivery, &err), &err);
	bad.next_hop = "127.0.0.1";
	check_status(ST_FORMAT, smtp_send(&bad, &mail, &delivery, &err), &err);
	bad.next_hop = "127.0.0.1:0";
	check_status(ST_FORMAT, smtp_send(&bad, &mail, &delivery, &err), &err);
	bad.next_hop = ":25";
	check_status(ST_FORMAT, smtp_send(&bad, &mail, &delivery, &err), &err);
}

#define EHLO_TLS "250-mx.test\r\n250 STARTTLS"

static const struct smtp_step tls_script[] = {
	{ SMTP_CONNECT, "220 mx.test" },
	{ "EHLO", EHLO_TLS },
	{ "STARTTLS\r\n", "220 go" },
	{ SMTP_TLS, NULL },
	{ "EHLO", "250 mx.test" },
	ACCEPTED,
	{ "DATA", "354 go" },
	{ SMTP_MAIL, "250 ok" },
	END,
};

static void
tls_is_used_when_offered(void **state)
{
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_with(tls_script, &mail, SMTP_TLS_MAY, false);

	(void)state;
	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 250);
	smtp_server_free(&sent.server);
}

static void
tls_that_must_be_is_verified(void **state)
{
	static const struct smtp_step refused[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_TLS },
		{ "STARTTLS\r\n", "220 go" },
		{ SMTP_TLS, NULL },
		END,
	};
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_with(tls_script, &mail, SMTP_TLS_MUST, true);

	(void)state;
	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 250);
	smtp_server_free(&sent.server);

	sent = send_with(refused, &mail, SMTP_TLS_MUST, false);
	check_status(ST_DENIED, sent.st, &sent.err);
	assert_non_null(strstr(sent.err.text, "tls: certificate: "));
	assert_int_equal(sent.deliveries[0].code, 0);
	smtp_server_free(&sent.server);
}

static void
tls_that_must_be_is_not_done_without(void **state)
{
	static const struct smtp_step not_offered[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250 mx.test" },
		END,
	};
	static const struct smtp_step not_done[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_TLS },
		{ "STARTTLS", "454 not now" },
		END,
	};
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_with(not_offered, &mail, SMTP_TLS_MUST, false);

	(void)state;
	check_status(ST_DENIED, sent.st, &sent.err);
	smtp_server_free(&sent.server);
	sent = send_with(not_done, &mail, SMTP_TLS_MUST, false);
	check_status(ST_DENIED, sent.st, &sent.err);
	smtp_server_free(&sent.server);
}

static void
tls_that_may_be_falls_back_to_clear(void **state)
{
	static const struct smtp_step closed[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_TLS },
		{ "STARTTLS", "220 go" },
		{ SMTP_CLOSE, NULL },
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_TLS },
		ACCEPTED,
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	static const struct smtp_step not_done[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_TLS },
		{ "STARTTLS", "454 not now" },
		ACCEPTED,
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_with(not_done, &mail, SMTP_TLS_MAY, false);

	(void)state;
	check_status(ST_OK, sent.st, &sent.err);
	smtp_server_free(&sent.server);
	sent = send_with(closed, &mail, SMTP_TLS_MAY, false);
	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 250);
	smtp_server_free(&sent.server);
}

static void
words_in_clear_behind_starttls_are_refused(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_TLS },
		{ "STARTTLS", "220 go\r\n250 injected" },
		END,
	};
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_with(script, &mail, SMTP_TLS_MAY, false);

	(void)state;
	check_status(ST_FORMAT, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 0);
	smtp_server_free(&sent.server);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_lost_leaves_the_outcome_open),
		cmocka_unit_test(answers_out_of_place_leave_the_outcome_open),
		cmocka_unit_test(a_server_that_does_not_want_us_is_named),
		cmocka_unit_test(a_silent_server_is_left_at_the_deadline),
		cmocka_unit_test(nobody_there_is_an_error),
		cmocka_unit_test(tls_is_used_when_offered),
		cmocka_unit_test(tls_that_must_be_is_verified),
		cmocka_unit_test(tls_that_must_be_is_not_done_without),
		cmocka_unit_test(tls_that_may_be_falls_back_to_clear),
		cmocka_unit_test(words_in_clear_behind_starttls_are_refused),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
