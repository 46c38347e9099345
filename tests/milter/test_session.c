/* Tests of milter/session/session.h and mail.h, driven through the table. */
#include "milter/session/session.h"

#include <string.h>

#include "lib/base/parse.h"
#include "milter/links/settings.h"
#include "tests/harness/check.h"
#include "tests/milter/fixture.h"
#include "tests/milter/peers.h"

/* What the finish of these tests saw. */
struct seen {
	unsigned mails;
	enum refusal refusal;
	uint8_t digest[DIGEST_BYTES];
	uint8_t digest_dated[DIGEST_BYTES];
	bool has_dated;
	struct sbuf mail;
	struct sbuf senders; /* "kind address" a line */
	struct sbuf envelope;
	bool unclear;
	bool header_cut;
	size_t ours;
	size_t ticket_bytes;
};

struct rig {
	char dir[FIXTURE_DIR_BYTES];
	struct settings *settings;
	struct spool_budget budget;
	struct session_services services;
	struct fake_mta fake;
	struct mta mta;
	struct session *session;
	struct seen seen;
};

static void
see_senders(struct seen *seen, const struct mail *mail)
{
	struct mail_senders senders = { .senders = NULL };
	struct err err;

	check_status(ST_OK, mail_collect_senders(mail, &senders, &err), &err);
	for (size_t i = 0; i < senders.count; i++)
		sbuf_addf(&seen->senders, "%d %s\n",
			  (int)senders.senders[i].kind,
			  senders.senders[i].address);
	seen->unclear = senders.unclear;
	mail_senders_done(&senders);
}

static enum mta_answer
see(void *context, struct mail *mail, const struct session_client *client,
    const struct mta *mta)
{
	struct seen *seen = context;
	struct span map = { NULL, 0 };
	struct err err;
	int fd = FD_NONE;

	(void)client;
	(void)mta;
	seen->mails++;
	seen->refusal = mail->refusal;
	seen->header_cut = mail->header_cut;
	seen->ours = mail->ours_count;
	seen->ticket_bytes = mail->ticket_bytes;
	sbuf_clear(&seen->mail);
	sbuf_clear(&seen->senders);
	sbuf_clear(&seen->envelope);
	sbuf_addf(&seen->envelope, "%s %s\n", mail->sender, mail->sender_args);
	for (size_t i = 0; i < mail->recipient_count; i++)
		sbuf_addf(&seen->envelope, "%s|%s|%s\n",
			  mail->recipients[i].given,
			  mail->recipients[i].address,
			  mail->recipients[i].esmtp_args);
	if (mail->refusal != REFUSAL_NONE)
		return MTA_ANSWER_TEMPFAIL;
	see_senders(seen, mail);
	check_status(ST_OK,
		     content_digest_end(mail->digest, seen->digest, &err),
		     &err);
	seen->has_dated = mail->digest_dated != NULL;
	if (seen->has_dated)
		check_status(ST_OK,
			     content_digest_end(mail->digest_dated,
						seen->digest_dated, &err),
			     &err);
	check_status(ST_OK, spool_finish(mail->spool, &fd, &err), &err);
	check_status(ST_OK, fd_map_sealed(fd, 1 << 30, &map, &err), &err);
	sbuf_add_span(&seen->mail, map);
	fd_unmap(&map);
	return MTA_ANSWER_ACCEPT;
}

static void
rig_start(struct rig *rig, const char *milter)
{
	struct config *config = NULL;
	struct err err;

	memset(rig, 0, sizeof(*rig));
	fixture_make_dir(rig->dir);
	config = fixture_config(rig->dir, "", milter, NULL);
	check_status(ST_OK, settings_new(&config, &rig->settings, &err), &err);
	rig->mta = fake_mta_init(&rig->fake);
	sbuf_init(&rig->seen.mail, 1 << 26);
	sbuf_init(&rig->seen.senders, 1 << 20);
	sbuf_init(&rig->seen.envelope, 1 << 20);
	rig->services = (struct session_services){ rig->settings, &rig->budget,
						   see, &rig->seen };
	check_status(ST_OK, session_new(&rig->services, &rig->session, &err),
		     &err);
}

static void
rig_stop(struct rig *rig)
{
	session_free(&rig->session);
	settings_free(&rig->settings);
	fake_mta_done(&rig->fake);
	sbuf_done(&rig->seen.mail);
	sbuf_done(&rig->seen.senders);
	sbuf_done(&rig->seen.envelope);
	fixture_remove_dir(rig->dir);
	assert_int_equal(rig->budget.used_bytes, 0);
}

static enum mta_answer
step(struct rig *rig, enum session_event event, const char *name,
     const char *value)
{
	const struct session_input input = { .event = event,
					     .name = name,
					     .value = value };

	return session_step(rig->session, &input, &rig->mta);
}

static enum mta_answer
body(struct rig *rig, const char *text)
{
	const struct session_input input = { .event = EVENT_BODY,
					     .chunk = span_of(text) };

	return session_step(rig->session, &input, &rig->mta);
}

/* Connection and envelope of a usual mail, up to DATA. */
static void
begin(struct rig *rig)
{
	if (session_state_of(rig->session) == SESSION_NEW)
		(void)step(rig, EVENT_CONNECT, "client.test", "192.0.2.7");
	(void)step(rig, EVENT_MAIL, "<taro@example.co.jp>", NULL);
	(void)step(rig, EVENT_RCPT, "<b@y.test>", NULL);
	(void)step(rig, EVENT_DATA, NULL, NULL);
}

static enum mta_answer
end(struct rig *rig)
{
	(void)step(rig, EVENT_EOH, NULL, NULL);
	(void)body(rig, "line\r\n");
	return step(rig, EVENT_EOM, NULL, NULL);
}

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
		(void)step(rig, EVENT_DATA, "x", "y");
		return;
	}
	for (size_t i = 0;
	     i < ARRAY_LEN(path) && session_state_of(rig->session) != state;
	     i++)
		(void)step(rig, path[i], "x", "y");
	if (state == SESSION_CLOSED) {
		(void)step(rig, EVENT_ABORT, NULL, NULL);
		(void)step(rig, EVENT_CLOSE, NULL, NULL);
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
			answer = step(&rig, event, "x", "y");
			if (event != EVENT_EOM) {
				assert_int_equal(answer, MTA_ANSWER_NONE);
				assert_int_equal(session_state_of(rig.session),
						 SESSION_BROKEN);
				answer = step(&rig, EVENT_EOM, NULL, NULL);
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
	begin(&rig);
	(void)step(&rig, EVENT_MAIL, "<again@x.test>", NULL);
	assert_int_equal(session_state_of(rig.session), SESSION_BROKEN);
	assert_int_equal(end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_string_equal(sbuf_text(&rig.fake.calls),
			    "reply 451 4.3.0 Gateway out of step, try again "
			    "later\n");
	begin(&rig);
	assert_int_equal(end(&rig), MTA_ANSWER_ACCEPT);
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
		(void)step(&rig, EVENT_ABORT, NULL, NULL);
		assert_int_equal(session_state_of(rig.session),
				 SESSION_CONNECTED);
		assert_int_equal(rig.budget.used_bytes, 0);
		begin(&rig);
		assert_int_equal(end(&rig), MTA_ANSWER_ACCEPT);
		bring(&rig, (enum session_state)s);
		(void)step(&rig, EVENT_CLOSE, NULL, NULL);
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
	begin(&rig);
	(void)step(&rig, EVENT_HEADER, "Subject", " a\n\tb");
	(void)step(&rig, EVENT_HEADER, "X-SEKIMORI-Ticket", " x!");
	(void)step(&rig, EVENT_HEADER, "X-Odd", "no space ");
	(void)step(&rig, EVENT_EOH, NULL, NULL);
	(void)body(&rig, "one\r\n");
	(void)body(&rig, "two\r\n");
	assert_int_equal(step(&rig, EVENT_EOM, NULL, NULL), MTA_ANSWER_ACCEPT);
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
	(void)step(&rig, EVENT_CONNECT, "client.test", "192.0.2.7");
	(void)session_step(rig.session, &input, &rig.mta);
	input = (struct session_input){ .event = EVENT_RCPT,
					.name = "<b@y.test>",
					.args = rcpt_args };
	(void)session_step(rig.session, &input, &rig.mta);
	(void)step(&rig, EVENT_RCPT, "c@z.test", NULL);
	assert_int_equal(end(&rig), MTA_ANSWER_ACCEPT);
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
	begin(&rig);
	(void)step(&rig, EVENT_HEADER, "From", " A <a@x.test>, b@x.test");
	(void)step(&rig, EVENT_HEADER, "From", " taro@example.co.jp");
	(void)step(&rig, EVENT_HEADER, "Sender", " s@x.test");
	(void)step(&rig, EVENT_HEADER, "Resent-From", " r@x.test");
	(void)step(&rig, EVENT_HEADER, "Resent-Sender", " rs@x.test");
	(void)step(&rig, EVENT_HEADER, "Reply-To", " no@x.test");
	(void)end(&rig);
	assert_string_equal(sbuf_text(&rig.seen.senders),
			    "1 taro\n2 taro@example.co.jp\n3 a@x.test\n"
			    "3 b@x.test\n3 s@x.test\n3 r@x.test\n"
			    "3 rs@x.test\n");
	assert_false(rig.seen.unclear);
	rig_stop(&rig);
}

static void
a_from_that_cannot_be_read_counts_raw_and_makes_the_sender_unclear(
	void **unused)
{
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	begin(&rig);
	(void)step(&rig, EVENT_HEADER, "From", " Boss boss@x.test");
	(void)end(&rig);
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
	begin(&rig);
	(void)step(&rig, EVENT_HEADER, "A", value);
	(void)step(&rig, EVENT_HEADER, "B", value);
	assert_int_equal(end(&rig), MTA_ANSWER_ACCEPT);
	assert_true(rig.seen.header_cut);
	assert_true(rig.seen.unclear);
	assert_true(rig.seen.mail.len_bytes > 1400);
	/* One of ours that we cannot remember cannot be removed. */
	begin(&rig);
	(void)step(&rig, EVENT_HEADER, "A", value);
	(void)step(&rig, EVENT_HEADER, "B", value);
	(void)step(&rig, EVENT_HEADER, "X-Sekimori-Tag", " x");
	assert_int_equal(end(&rig), MTA_ANSWER_TEMPFAIL);
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
	begin(&rig);
	(void)step(&rig, EVENT_EOH, NULL, NULL);
	(void)body(&rig, text);
	assert_int_equal(step(&rig, EVENT_EOM, NULL, NULL),
			 MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_TOO_LARGE);
	(void)step(&rig, EVENT_MAIL, "<a@x.test>", NULL);
	(void)step(&rig, EVENT_RCPT, text, NULL);
	assert_int_equal(end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_ENVELOPE);
	rig.budget.used_bytes = UINT64_C(1) << 40;
	begin(&rig);
	assert_int_equal(end(&rig), MTA_ANSWER_TEMPFAIL);
	assert_int_equal(rig.seen.refusal, REFUSAL_BUSY);
	rig.budget.used_bytes = 0;
	begin(&rig);
	assert_int_equal(end(&rig), MTA_ANSWER_ACCEPT);
	rig_stop(&rig);
}

/* --- the digest ------------------------------------------------------- */

/* Send a mail with these fields and keep its digest. */
static void
digest_of(struct rig *rig, const char *queue_id, const char *const *fields,
	  uint8_t digest[DIGEST_BYTES])
{
	rig->fake.queue_id = queue_id;
	begin(rig);
	for (size_t i = 0; fields[i] != NULL; i += 2)
		(void)step(rig, EVENT_HEADER, fields[i], fields[i + 1]);
	assert_int_equal(end(rig), MTA_ANSWER_ACCEPT);
	memcpy(digest, rig->seen.digest, DIGEST_BYTES);
}

static void
what_the_mta_added_does_not_count(void **unused)
{
	static const char *const first[] = {
		"From",       " a@x.test",
		"Subject",    " s",
		"Message-Id", " <20261122050800.4ABC12345@mx.example.co.jp>",
		"Date",       " Sun, 22 Nov 2026 05:08:00 +0000 (UTC)",
		NULL
	};
	static const char *const again[] = {
		"From",       " a@x.test",
		"Subject",    " s",
		"Message-Id", " <20261122051500.4DEF@mx.example.co.jp>",
		"Date",       " Sun, 22 Nov 2026 05:15:00 +0000 (UTC)",
		"To",         " undisclosed-recipients:;",
		NULL
	};
	static const char *const dated[] = {
		"From", " a@x.test", "Subject",
		" s",   "Date",      " Sun, 22 Nov 2026 05:20:00 +0000 (UTC)",
		NULL
	};
	static const char *const bare[] = { "From", " a@x.test", "Subject",
					    " s", NULL };
	uint8_t a[DIGEST_BYTES];
	uint8_t b[DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	digest_of(&rig, "4ABC12345", first, a);
	digest_of(&rig, "4GHI", dated, b);
	assert_memory_equal(a, b, sizeof(a));
	digest_of(&rig, "4GHI", bare, b);
	assert_memory_equal(a, b, sizeof(a));
	/* The To of the retry counts; but the two before it do not. */
	digest_of(&rig, "4DEF", again, a);
	digest_of(&rig, "4DEG", again, b);
	assert_memory_not_equal(a, b, sizeof(a));
	rig_stop(&rig);
}

static void
what_the_client_gave_counts(void **unused)
{
	static const char *const variants[][9] = {
		{ "Message-Id", " <1@c.test>", "Subject", " s", NULL },
		{ "Message-Id", " <2@c.test>", "Subject", " s", NULL },
		{ "Date", " Sun, 22 Nov 2026 05:08:00 +0000 (UTC)", "Subject",
		  " s", NULL },
		{ "Date", " Sun, 22 Nov 2026 05:09:00 +0000 (UTC)", "Subject",
		  " s", NULL },
		{ "Subject", " s", "Date", " Sun, 22 Nov 2026 05:08:00 +0000",
		  NULL },
		{ "Subject", " s", "Date", " Sun, 22 Nov 2026 05:09:00 +0000",
		  NULL },
		{ "Subject", " s", "Message-Id",
		  " <20261122050800.4OTHER@mx.example.co.jp>", NULL },
		{ "Subject", " s", "Message-Id",
		  " <20261122050800.4ABC12345@elsewhere.test>", NULL },
		{ "Subject", " s", NULL },
	};
	uint8_t digests[ARRAY_LEN(variants)][DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	for (size_t i = 0; i < ARRAY_LEN(variants); i++) {
		digest_of(&rig, "4ABC12345", variants[i], digests[i]);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(digests[i], digests[j],
						DIGEST_BYTES);
	}
	rig_stop(&rig);
}

static void
with_a_ticket_an_unsure_date_is_tried_both_ways(void **unused)
{
	static const char *const plain[] = { "Message-Id", " <1@c.test>",
					     "Date",
					     " Sun, 22 Nov 2026 05:08:00 +0000",
					     NULL };
	static const char *const ticket[] = {
		"X-Sekimori-Ticket",
		" AAECAwQFBgcICQ",
		"Message-Id",
		" <1@c.test>",
		"Date",
		" Sun, 22 Nov 2026 05:08:00 +0000 (UTC)",
		NULL
	};
	static const char *const bare[] = { "Message-Id", " <1@c.test>", NULL };
	uint8_t digest[DIGEST_BYTES];
	uint8_t without[DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	digest_of(&rig, "4A", plain, digest);
	assert_false(rig.seen.has_dated);
	digest_of(&rig, "4A", bare, without);
	digest_of(&rig, "4A", ticket, digest);
	assert_int_equal(rig.seen.ticket_bytes, 10);
	assert_true(rig.seen.has_dated);
	assert_memory_equal(digest, without, sizeof(digest));
	assert_memory_not_equal(rig.seen.digest_dated, digest, sizeof(digest));
	rig_stop(&rig);
}

static void
two_tickets_are_none(void **unused)
{
	static const char *const fields[] = { "X-Sekimori-Ticket",
					      " AAECAwQFBgcICQ",
					      "X-Sekimori-Ticket",
					      " AAECAwQFBgcICQ", NULL };
	uint8_t digest[DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	digest_of(&rig, "4A", fields, digest);
	assert_int_equal(rig.seen.ticket_bytes, 0);
	assert_int_equal(rig.seen.ours, 2);
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
	begin(&rig);
	next = fixture_config(rig.dir, "", "max_message = 4096", NULL);
	check_status(ST_OK, settings_replace(rig.settings, &next, &err), &err);
	assert_null(next);
	(void)step(&rig, EVENT_EOH, NULL, NULL);
	for (int i = 0; i < 200; i++)
		(void)body(&rig, "12345678\r\n");
	(void)step(&rig, EVENT_EOM, NULL, NULL);
	assert_int_equal(rig.seen.refusal, REFUSAL_TOO_LARGE);
	begin(&rig);
	(void)step(&rig, EVENT_EOH, NULL, NULL);
	for (int i = 0; i < 200; i++)
		(void)body(&rig, "12345678\r\n");
	(void)step(&rig, EVENT_EOM, NULL, NULL);
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
			a_from_that_cannot_be_read_counts_raw_and_makes_the_sender_unclear),
		cmocka_unit_test(
			a_header_over_its_maximum_is_cut_and_remembered),
		cmocka_unit_test(a_mail_over_a_limit_is_refused_at_its_end),
		cmocka_unit_test(what_the_mta_added_does_not_count),
		cmocka_unit_test(what_the_client_gave_counts),
		cmocka_unit_test(
			with_a_ticket_an_unsure_date_is_tried_both_ways),
		cmocka_unit_test(two_tickets_are_none),
		cmocka_unit_test(a_mail_keeps_the_configuration_it_began_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
