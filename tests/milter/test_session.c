/* Tests of milter/session/session.h and mail.h, driven through the table. */
#include "milter/session/session.h"

#include <string.h>

#include "tests/harness/check.h"
#include "tests/milter/session_rig.h"

/* --- the table -------------------------------------------------------- */

/* Bring a fresh session into state. */
static void
bring(struct rig *rig, enum session_state state)
{
	static const enum session_event path[] = { EVENT_CONNECT, EVENT_MAIL,
						   EVENT_RCPT, EVENT_HEADER,
						   EVENT_EOH };
	struct err err;

	session_free(&rig->session);
	check_status(ST_OK, session_new(&rig->services, &rig->session, &err),
		     &err);
	if (state == SESSION_BROKEN) {
		(void)rig_step(rig, EVENT_DATA, "x", "y");
		return;
	}
	for (size_t i = 0;
	     i < ARRAY_LEN(path) && session_state_of(rig->session) != state;
	     i++)
		(void)rig_step(rig, path[i], "x", "y");
	if (state == SESSION_CLOSED) {
		(void)rig_step(rig, EVENT_ABORT, NULL, NULL);
		(void)rig_step(rig, EVENT_CLOSE, NULL, NULL);
	}
	assert_int_equal(session_state_of(rig->session), state);
}

static void
every_empty_cell_is_a_protocol_error_and_tempfails_the_mail(void **unused)
{
	struct rig rig;
	unsigned empty = 0;

	(void)unused;
	rig_start(&rig, "");
	for (unsigned s = SESSION_NEW; s < SESSION_STATE_COUNT; s++) {
		for (unsigned e = EVENT_CONNECT; e < EVENT_COUNT; e++) {
			const enum session_event event = (enum session_event)e;
			enum mta_answer answer = MTA_ANSWER_NONE;

			bring(&rig, (enum session_state)s);
			if (session_may_take((enum session_state)s, event))
				continue;
			empty++;
			answer = rig_step(&rig, event, "x", "y");
			if (event != EVENT_EOM) {
				assert_int_equal(answer, MTA_ANSWER_NONE);
				assert_int_equal(session_state_of(rig.session),
						 SESSION_BROKEN);
				answer = rig_step(&rig, EVENT_EOM, NULL, NULL);
			}
			assert_int_equal(answer, MTA_ANSWER_TEMPFAIL);
			assert_int_equal(session_state_of(rig.session),
					 SESSION_CONNECTED);
		}
	}
	assert_in_range(empty, 40, 80);
	assert_int_equal(rig.seen.mails, 0);
	rig_stop(&rig);
}

static void
a_broken_session_takes_everything_and_recovers(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	for (unsigned e = EVENT_CONNECT; e < EVENT_COUNT; e++)
		assert_true(session_may_take(SESSION_BROKEN,
					     (enum session_event)e));
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_MAIL, "<again@x.test>", NULL);
	assert_int_equal(session_state_of(rig.session), SESSION_BROKEN);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_string_equal(sbuf_text(&rig.fake.calls),
			    "reply 451 4.3.0 Gateway out of step, try again "
			    "later\n");
	rig_begin(&rig);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_ACCEPT);
	rig_stop(&rig);
}

static void
every_prefix_of_a_mail_can_be_aborted_or_closed(void **unused)
{
	struct rig rig;
	struct err err;

	(void)unused;
	rig_start(&rig, "");
	for (unsigned s = SESSION_CONNECTED; s < SESSION_CLOSED; s++) {
		bring(&rig, (enum session_state)s);
		(void)rig_step(&rig, EVENT_ABORT, NULL, NULL);
		assert_int_equal(session_state_of(rig.session),
				 SESSION_CONNECTED);
		assert_int_equal(rig.budget.used_bytes, 0);
		rig_begin(&rig);
		assert_int_equal(rig_end(&rig), MTA_ANSWER_ACCEPT);
		bring(&rig, (enum session_state)s);
		(void)rig_step(&rig, EVENT_CLOSE, NULL, NULL);
		assert_int_equal(session_state_of(rig.session), SESSION_CLOSED);
		assert_int_equal(rig.budget.used_bytes, 0);
		session_free(&rig.session);
		check_status(ST_OK,
			     session_new(&rig.services, &rig.session, &err),
			     &err);
	}
	rig_stop(&rig);
}

static void
the_table_prints_itself(void **unused)
{
	AUTO(sbuf_done) struct sbuf graph;

	(void)unused;
	sbuf_init(&graph, 1 << 20);
	session_write_graph(&graph);
	assert_non_null(strstr(sbuf_text(&graph),
			       "\tbody -> connected [label=\"eom\"];\n"));
	assert_null(strstr(sbuf_text(&graph), "none"));
}

/* --- the mail --------------------------------------------------------- */

static void
the_mail_is_spooled_as_it_came(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_HEADER, "Subject", " a\n\tb");
	(void)rig_step(&rig, EVENT_HEADER, "X-SEKIMORI-Ticket", " x!");
	(void)rig_step(&rig, EVENT_HEADER, "X-Odd", "no space ");
	(void)rig_step(&rig, EVENT_EOH, NULL, NULL);
	(void)rig_body(&rig, "one\r\n");
	(void)rig_body(&rig, "two\r\n");
	assert_int_equal(rig_step(&rig, EVENT_EOM, NULL, NULL),
			 MTA_ANSWER_ACCEPT);
	assert_string_equal(sbuf_text(&rig.seen.mail),
			    "Subject: a\r\n\tb\r\nX-Odd:no space \r\n\r\n"
			    "one\r\ntwo\r\n");
	assert_int_equal(rig.seen.ours, 1);
	assert_int_equal(rig.seen.ticket_bytes, 0);
	rig_stop(&rig);
}

static void
the_envelope_is_kept_with_its_arguments(void **unused)
{
	static const char *const mail_args[] = { "BODY=8BITMIME", "SMTPUTF8",
						 "RET=HDRS", NULL };
	static const char *const rcpt_args[] = { "NOTIFY=NEVER",
						 "ORCPT=rfc822;b@y.test",
						 NULL };
	struct session_input input = { .event = EVENT_MAIL,
				       .name = "<>",
				       .args = mail_args };
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	(void)rig_step(&rig, EVENT_CONNECT, "client.test", "192.0.2.7");
	(void)session_step(rig.session, &input, &rig.mta);
	input = (struct session_input){ .event = EVENT_RCPT,
					.name = "<b@y.test>",
					.args = rcpt_args };
	(void)session_step(rig.session, &input, &rig.mta);
	(void)rig_step(&rig, EVENT_RCPT, "c@z.test", NULL);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_ACCEPT);
	assert_string_equal(
		sbuf_text(&rig.seen.envelope),
		" BODY=8BITMIME SMTPUTF8 RET=HDRS\n"
		"<b@y.test>|b@y.test|NOTIFY=NEVER ORCPT=rfc822;b@y.test\n"
		"c@z.test|c@z.test|\n");
	rig_stop(&rig);
}

static void
the_identity_set_names_login_envelope_and_every_sender_field(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	rig.fake.login = "taro";
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_HEADER, "From", " A <a@x.test>, b@x.test");
	(void)rig_step(&rig, EVENT_HEADER, "From", " taro@example.co.jp");
	(void)rig_step(&rig, EVENT_HEADER, "Sender", " s@x.test");
	(void)rig_step(&rig, EVENT_HEADER, "Resent-From", " r@x.test");
	(void)rig_step(&rig, EVENT_HEADER, "Resent-Sender", " rs@x.test");
	(void)rig_step(&rig, EVENT_HEADER, "Reply-To", " no@x.test");
	(void)rig_end(&rig);
	assert_string_equal(sbuf_text(&rig.seen.senders),
			    "1 taro\n2 taro@example.co.jp\n3 a@x.test\n"
			    "3 b@x.test\n3 s@x.test\n3 r@x.test\n"
			    "3 rs@x.test\n");
	assert_false(rig.seen.unclear);
	rig_stop(&rig);
}

/* For related mails only the envelope's counts (words_between.h). */
static void
a_login_that_is_the_envelopes_sender_hides_it_not(void **unused)
{
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	rig.fake.login = "taro@example.co.jp";
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_HEADER, "From", " taro@example.co.jp");
	(void)rig_end(&rig);
	assert_string_equal(sbuf_text(&rig.seen.senders),
			    "1 taro@example.co.jp\n2 taro@example.co.jp\n");
	rig_stop(&rig);
}

static void
a_from_that_cannot_be_read_counts_raw_and_makes_the_sender_unclear(
	void **unused)
{
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_HEADER, "From", " Boss boss@x.test");
	(void)rig_end(&rig);
	assert_true(rig.seen.unclear);
	assert_string_equal(sbuf_text(&rig.seen.senders),
			    "2 taro@example.co.jp\n3 boss@x.test\n"
			    "3 Boss boss@x.test\n");
	rig_stop(&rig);
}

static void
a_header_over_its_maximum_is_cut_and_remembered(void **unused)
{
	struct rig rig;
	char value[700];

	(void)unused;
	memset(value, 'v', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	rig_start(&rig, "max_header = 1024");
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_HEADER, "A", value);
	(void)rig_step(&rig, EVENT_HEADER, "B", value);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_ACCEPT);
	assert_true(rig.seen.header_cut);
	assert_true(rig.seen.unclear);
	assert_true(rig.seen.mail.len_bytes > 1400);
	/* One of ours that we cannot remember cannot be removed. */
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_HEADER, "A", value);
	(void)rig_step(&rig, EVENT_HEADER, "B", value);
	(void)rig_step(&rig, EVENT_HEADER, "X-Sekimori-Tag", " x");
	assert_int_equal(rig_end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_HEADER);
	rig_stop(&rig);
}

static void
a_mail_over_a_limit_is_refused_at_its_end(void **unused)
{
	struct rig rig;
	char text[1500];

	(void)unused;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	rig_start(&rig, "max_message = 1024");
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_EOH, NULL, NULL);
	(void)rig_body(&rig, text);
	assert_int_equal(rig_step(&rig, EVENT_EOM, NULL, NULL),
			 MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_TOO_LARGE);
	(void)rig_step(&rig, EVENT_MAIL, "<a@x.test>", NULL);
	(void)rig_step(&rig, EVENT_RCPT, text, NULL);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_ENVELOPE);
	rig.budget.used_bytes = UINT64_C(1) << 40;
	rig_begin(&rig);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_BUSY);
	rig.budget.used_bytes = 0;
	rig_begin(&rig);
	assert_int_equal(rig_end(&rig), MTA_ANSWER_ACCEPT);
	rig_stop(&rig);
}

static void
a_mail_keeps_the_configuration_it_began_with(void **unused)
{
	struct rig rig;
	struct config *next = NULL;
	struct err err;

	(void)unused;
	rig_start(&rig, "max_message = 1024");
	rig_begin(&rig);
	next = fixture_config(rig.dir, "", "max_message = 4096", NULL);
	check_status(ST_OK, settings_replace(rig.settings, &next, &err), &err);
	assert_null(next);
	(void)rig_step(&rig, EVENT_EOH, NULL, NULL);
	for (int i = 0; i < 200; i++)
		(void)rig_body(&rig, "12345678\r\n");
	(void)rig_step(&rig, EVENT_EOM, NULL, NULL);
	assert_int_equal(rig.seen.refusal, REFUSAL_TOO_LARGE);
	rig_begin(&rig);
	(void)rig_step(&rig, EVENT_EOH, NULL, NULL);
	for (int i = 0; i < 200; i++)
		(void)rig_body(&rig, "12345678\r\n");
	(void)rig_step(&rig, EVENT_EOM, NULL, NULL);
	assert_int_equal(rig.seen.refusal, REFUSAL_NONE);
	rig_stop(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_empty_cell_is_a_protocol_error_and_tempfails_the_mail),
		cmocka_unit_test(
			a_broken_session_takes_everything_and_recovers),
		cmocka_unit_test(
			every_prefix_of_a_mail_can_be_aborted_or_closed),
		cmocka_unit_test(the_table_prints_itself),
		cmocka_unit_test(the_mail_is_spooled_as_it_came),
		cmocka_unit_test(the_envelope_is_kept_with_its_arguments),
		cmocka_unit_test(
			the_identity_set_names_login_envelope_and_every_sender_field),
		cmocka_unit_test(
			a_login_that_is_the_envelopes_sender_hides_it_not),
		cmocka_unit_test(
			a_from_that_cannot_be_read_counts_raw_and_makes_the_sender_unclear),
		cmocka_unit_test(
			a_header_over_its_maximum_is_cut_and_remembered),
		cmocka_unit_test(a_mail_over_a_limit_is_refused_at_its_end),
		cmocka_unit_test(a_mail_keeps_the_configuration_it_began_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
