/* Tests of courier/smtp/smtp_client.h against a server with a script. */
#include "courier/smtp/smtp_client.h"

#include <signal.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/courier/smtp_sent.h"
#include "tests/harness/check.h"

static const struct case_recipient one[] = {
	{ "b@y.test", "NOTIFY=FAILURE ORCPT=rfc822;b@y.test XX=1" },
};
static const struct case_recipient three[] = {
	{ "b@y.test", "" },
	{ "c@y.test", "" },
	{ "d@y.test", "" },
};

static struct sent
send_plain(const struct smtp_step *script, const struct smtp_mail *mail)
{
	return send_with(script, mail, SMTP_TLS_NEVER, false);
}

static void
a_mail_goes_out_with_its_envelope(void **state)
{
	static const struct smtp_step script[] = {
		GREETED,
		{ "MAIL FROM:<a@x.test> SIZE=27 RET=HDRS ENVID=SK1\r\n",
		  "250 2.1.0 ok" },
		{ "RCPT TO:<b@y.test> NOTIFY=FAILURE "
		  "ORCPT=rfc822;b@y.test\r\n",
		  "250 2.1.5 ok" },
		{ "DATA\r\n", "354 go" },
		{ SMTP_MAIL, "250 2.0.0 queued as 4X" },
		{ "QUIT\r\n", NULL },
		END,
	};
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_plain(script, &mail);

	(void)state;
	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 250);
	assert_string_equal(sent.deliveries[0].enhanced, "2.0.0");
	assert_string_equal(sent.deliveries[0].text, "queued as 4X");
	assert_true(
		span_equal(smtp_server_mail(sent.server, 0),
			   span_of("X-T: 1\r\nSubject: x\r\n\r\n..hi\r\n")));
	smtp_server_free(&sent.server);
}

static void
without_extensions_no_arguments_are_sent(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO out.test", "502 what?" },
		{ "HELO out.test", "250 mx.test" },
		{ "MAIL FROM:<>\r\n", "250 ok" },
		{ "RCPT TO:<b@y.test>\r\n", "250 ok" },
		{ "DATA\r\n", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	struct smtp_mail mail = simple_mail();

	(void)state;
	mail.sender = "";
	mail.sender_args = "BODY=8BITMIME RET=FULL ENVID=theirs";
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 250);
	smtp_server_free(&sent.server);
}

static void
eight_bit_content_is_announced(void **state)
{
	static const struct smtp_step script[] = {
		GREETED,
		{ "MAIL FROM:<a@x.test> SIZE=25 BODY=8BITMIME RET=HDRS "
		  "ENVID=SK1\r\n",
		  "250 ok" },
		{ "RCPT TO:", "250 ok" },
		{ "DATA\r\n", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	struct smtp_mail mail = simple_mail();

	(void)state;
	mail.parts[1] = span_of("Subject: x\r\n\r\n\xe3\r\n");
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	smtp_server_free(&sent.server);
}

static void
international_mail_is_announced(void **state)
{
	static const struct smtp_step script[] = {
		GREETED,
		{ "MAIL FROM:<a@x.test> SIZE=27 SMTPUTF8 RET=HDRS "
		  "ENVID=SK1\r\n",
		  "250 ok" },
		{ "RCPT TO:<\xe5\xb1\xb1@y.test>\r\n", "250 ok" },
		{ "DATA\r\n", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	static const struct case_recipient utf8[] = {
		{ "\xe5\xb1\xb1@y.test", "" },
	};
	struct smtp_mail mail = simple_mail();

	(void)state;
	mail.recipients = utf8;
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	smtp_server_free(&sent.server);
}

/* What a server without extensions cannot take gets our own answer. */
static void
what_the_server_cannot_take_is_refused_in_its_place(void **state)
{
	static const struct smtp_step bare[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250-mx.test\r\n250 SIZE 30" },
		{ "QUIT", NULL },
		END,
	};
	static const struct case_recipient empty[] = { { "", "" } };
	static const struct {
		const char *sender;
		const char *args;
		const char *message;
		uint32_t code;
		const char *enhanced;
	} cases[] = {
		{ "a@x", "", "A: b\r\n\r\n\x80\r\n", 554, "5.6.3" },
		{ "a@x", "", "A: b\r\n\r\n1234567890123\r\n", 552, "5.3.4" },
		{ "a@x>\r\nRCPT TO:<b@c", "", "A: b\r\n", 553, "5.1.7" },
		{ "\xe5@x", "SMTPUTF8", "A: b\r\n", 553, "5.6.7" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_mail mail = simple_mail();

		mail.sender = cases[i].sender;
		mail.sender_args = cases[i].args;
		mail.parts[1] = span_of(cases[i].message);
		struct sent sent = send_plain(bare, &mail);

		check_status(ST_OK, sent.st, &sent.err);
		assert_int_equal(sent.deliveries[0].code, cases[i].code);
		assert_string_equal(sent.deliveries[0].enhanced,
				    cases[i].enhanced);
		smtp_server_free(&sent.server);
	}
	static const struct smtp_step rset[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250-mx.test\r\n250 8BITMIME" },
		{ "MAIL", "250 ok" },
		{ "RSET", "250 ok" },
		{ "QUIT", NULL },
		END,
	};
	struct smtp_mail mail = simple_mail();

	mail.recipients = empty;
	struct sent sent = send_plain(rset, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	assert_string_equal(sent.deliveries[0].enhanced, "5.1.3");
	smtp_server_free(&sent.server);
}

static void
a_header_of_eight_bits_needs_smtputf8(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250-mx.test\r\n250 8BITMIME" },
		{ "QUIT", NULL },
		END,
	};
	struct smtp_mail mail = simple_mail();

	(void)state;
	mail.sender_args = "SMTPUTF8";
	mail.parts[1] = span_of("Subject: \xe3\x81\x82\r\n\r\n");
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 554);
	assert_string_equal(sent.deliveries[0].enhanced, "5.6.9");
	smtp_server_free(&sent.server);
}

static void
each_recipient_gets_the_answer_that_concerns_it(void **state)
{
	static const struct smtp_step script[] = {
		GREETED,
		{ "MAIL", "250 ok" },
		{ "RCPT TO:<b@y.test>", "451 4.7.1 later" },
		{ "RCPT TO:<c@y.test>", "250 ok" },
		{ "RCPT TO:<d@y.test>", "550-5.1.1 no\r\n550 5.1.1 really" },
		{ "DATA\r\n", "354 go" },
		{ SMTP_MAIL, "250 2.0.0 ok" },
		END,
	};
	struct smtp_mail mail = simple_mail();

	(void)state;
	mail.recipients = three;
	mail.recipient_count = 3;
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 451);
	assert_string_equal(sent.deliveries[0].text, "later");
	assert_int_equal(sent.deliveries[1].code, 250);
	assert_int_equal(sent.deliveries[2].code, 550);
	assert_string_equal(sent.deliveries[2].enhanced, "5.1.1");
	assert_string_equal(sent.deliveries[2].text, "no really");
	smtp_server_free(&sent.server);
}

/* Three recipients; the reply to one step decides about all of them. */
static void
check_answer_to_all(const struct smtp_step *script, uint32_t code)
{
	struct smtp_mail mail = simple_mail();

	mail.recipients = three;
	mail.recipient_count = 3;
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sent.deliveries[i].code, code);
	smtp_server_free(&sent.server);
}

static void
an_answer_to_the_whole_mail_counts_for_all(void **state)
{
	static const struct smtp_step at_mail[] = {
		GREETED,
		{ "MAIL", "452 4.3.1 full" },
		{ "QUIT", NULL },
		END,
	};
	static const struct smtp_step at_data[] = {
		GREETED,
		{ "MAIL", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "DATA", "554 5.5.1 no" },
		{ "QUIT", NULL },
		END,
	};
	static const struct smtp_step at_dot[] = {
		GREETED,
		{ "MAIL", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "451 4.7.1 milter" },
		END,
	};
	static const struct smtp_step closing[] = {
		GREETED,
		{ "MAIL", "250 ok" },
		{ "RCPT", "421 4.3.2 closing" },
		{ SMTP_CLOSE, NULL },
		END,
	};

	(void)state;
	check_answer_to_all(at_mail, 452);
	check_answer_to_all(at_data, 554);
	check_answer_to_all(at_dot, 451);
	check_answer_to_all(closing, 421);
}

static void
when_all_are_refused_nothing_is_sent(void **state)
{
	static const struct smtp_step script[] = {
		GREETED,
		{ "MAIL", "250 ok" },
		{ "RCPT", "550 5.1.1 no" },
		{ "RSET", "250 ok" },
		{ "QUIT", NULL },
		END,
	};
	const struct smtp_mail mail = simple_mail();
	struct sent sent = send_plain(script, &mail);

	(void)state;
	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(sent.deliveries[0].code, 550);
	smtp_server_free(&sent.server);
}

static void
many_recipients_go_in_several_transactions(void **state)
{
	enum { COUNT = SMTP_BATCH_RECIPIENTS + 1, STEPS = COUNT + 8 };
	static struct smtp_step script[STEPS + 1];
	static struct case_recipient many[COUNT];
	static struct smtp_delivery deliveries[COUNT];
	struct smtp_mail mail = simple_mail();
	struct err err = { 0 };
	size_t n = 0;

	(void)state;
	script[n++] = (struct smtp_step){ SMTP_CONNECT, "220 hi" };
	script[n++] = (struct smtp_step){ "EHLO", "250 mx" };
	for (size_t i = 0; i < COUNT; i++) {
		many[i] = one[0];
		if (i % SMTP_BATCH_RECIPIENTS == 0)
			script[n++] = (struct smtp_step){ "MAIL", "250 ok" };
		script[n++] = (struct smtp_step){ "RCPT", "250 ok" };
		if ((i + 1) % SMTP_BATCH_RECIPIENTS == 0 || i + 1 == COUNT) {
			script[n++] = (struct smtp_step){ "DATA", "354 go" };
			script[n++] = (struct smtp_step){
				SMTP_MAIL, i + 1 == COUNT ? "451 x" : "250 ok"
			};
		}
	}
	assert_int_equal(n, STEPS);
	mail.recipients = many;
	mail.recipient_count = COUNT;
	struct smtp_server *server = smtp_server_start(script);
	const struct smtp_options options = {
		.next_hop = smtp_server_address(server),
		.helo = "out.test",
		.tls = SMTP_TLS_NEVER,
		.tls_ca = "",
		.connect_ms = 1000,
		.step_ms = 3000,
		.deadline_mono_ms = clock_mono_ms() + 9000,
	};

	check_status(ST_OK, smtp_send(&options, &mail, deliveries, &err), &err);
	smtp_server_stop(server);
	assert_int_equal(deliveries[0].code, 250);
	assert_int_equal(deliveries[COUNT - 2].code, 250);
	assert_int_equal(deliveries[COUNT - 1].code, 451);
	smtp_server_free(&server);
}

static void
a_large_mail_arrives_whole(void **state)
{
	enum { LINE_BYTES = 50, LINES = 20000 };
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250 mx.test" },
		ACCEPTED,
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	struct smtp_mail mail = simple_mail();
	char *large = malloc(LINE_BYTES * LINES);

	(void)state;
	assert_non_null(large);
	memset(large, '.', LINE_BYTES * LINES);
	for (size_t i = 1; i <= LINES; i++) {
		large[i * LINE_BYTES - 2] = '\r';
		large[i * LINE_BYTES - 1] = '\n';
	}
	mail.parts[0] = span_of("");
	mail.parts[1] = (struct span){ (uint8_t *)large, LINE_BYTES * LINES };
	struct sent sent = send_plain(script, &mail);

	check_status(ST_OK, sent.st, &sent.err);
	assert_int_equal(smtp_server_mail(sent.server, 0).len_bytes,
			 (LINE_BYTES + 1) * LINES);
	smtp_server_free(&sent.server);
	free(large);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_goes_out_with_its_envelope),
		cmocka_unit_test(without_extensions_no_arguments_are_sent),
		cmocka_unit_test(eight_bit_content_is_announced),
		cmocka_unit_test(international_mail_is_announced),
		cmocka_unit_test(
			what_the_server_cannot_take_is_refused_in_its_place),
		cmocka_unit_test(a_header_of_eight_bits_needs_smtputf8),
		cmocka_unit_test(
			each_recipient_gets_the_answer_that_concerns_it),
		cmocka_unit_test(an_answer_to_the_whole_mail_counts_for_all),
		cmocka_unit_test(when_all_are_refused_nothing_is_sent),
		cmocka_unit_test(many_recipients_go_in_several_transactions),
		cmocka_unit_test(a_large_mail_arrives_whole),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
