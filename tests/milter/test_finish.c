/* Tests of milter/policy/finish.h: whole mails against a scanner and a vault
 * on real sockets. */
#include "milter/policy/finish.h"

#include <string.h>

#include "tests/harness/check.h"
#include "tests/milter/bench.h"

static const char *const outside[] = { "<b@y.test>", NULL };
static const char *const mixed[] = { "<b@y.test>", "<in@example.co.jp>",
				     "<B@y.test>", "<b@y.test>", NULL };

#define CALLS(bench) sbuf_text(&(bench).fake.calls)

static void
a_clean_mail_is_accepted_without_a_word_to_the_vault(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "");
	assert_int_equal(b.scanner.scans, 1);
	assert_int_equal(b.vault.keys + b.vault.holds, 0);
	bench_stop(&b);
}

static void
a_mail_with_a_number_is_held_whole_and_discarded(void **state)
{
	struct bench b;
	const struct case_detail *detail = NULL;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.fake.login = "taro";
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	/* Never delrcpt for all: an always_bcc copy would go out. */
	assert_string_equal(CALLS(b), "");
	assert_int_equal(b.vault.holds, 1);
	detail = &b.vault.detail;
	assert_string_equal(detail->queue_id, "4ABC12345");
	assert_string_equal(detail->client_name, "client.test");
	assert_string_equal(detail->client_address, "192.0.2.7");
	assert_true(detail->authenticated);
	assert_int_equal(detail->sender_count, 2);
	assert_string_equal(detail->envelope_sender, "taro@example.co.jp");
	assert_int_equal(detail->recipient_count, 1);
	assert_string_equal(detail->recipients[0].address, "b@y.test");
	assert_string_equal(detail->terms.rule, "second look");
	assert_string_equal(detail->terms.approvers, "hr");
	assert_string_equal(detail->subject, "masked ****");
	assert_true(detail->report.len_bytes > 0);
	assert_int_equal(detail->size_bytes, b.vault.mail.len_bytes);
	assert_string_equal(sbuf_text(&b.vault.mail),
			    sbuf_text(&b.scanner.mail));
	assert_non_null(strstr(sbuf_text(&b.vault.mail),
			       "Message-Id: <1@client.test>\r\n\r\nline\r\n"));
	assert_false(b.vault.unconfirmed);
	bench_stop(&b);
}

static void
some_held_are_durable_before_the_first_recipient_is_deleted(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, mixed), MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b),
			    "hold\ndelrcpt <b@y.test>\ndelrcpt <B@y.test>\n");
	assert_int_equal(b.vault.detail.recipient_count, 2);
	assert_false(b.vault.detail.authenticated);
	bench_stop(&b);
}

static void
a_change_that_fails_makes_it_a_temporary_failure(void **state)
{
	static const char *const bad[] = { "delrcpt <B", "delete", "add" };
	static const char *const fields[] = { "X-Sekimori-Tag: x", NULL };
	static const char policy[] =
		"rule \"t\" {\nrecipient = {\"in@*\"}\naction = tag\n"
		"tag = \"seen\"\n}\n"
		"rule \"h\" {\naction = hold\napprovers = hr\n}\n";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct bench b;

		bench_start(&b, "", "", policy);
		b.fake.refuse = bad[i];
		bench_envelope(&b, "<taro@example.co.jp>", mixed);
		assert_int_equal(bench_content(&b, fields, "x\r\n"),
				 MTA_ANSWER_TEMPFAIL);
		assert_non_null(strstr(CALLS(b), "reply 451 4.3.0"));
		bench_stop(&b);
	}
}

static void
a_vault_that_cannot_hold_makes_it_a_temporary_failure(void **state)
{
	struct bench b;

	(void)state;
	for (unsigned kind = VAULT_FAILURE_DENIED; kind < VAULT_FAILURE_END;
	     kind++) {
		bench_start(&b, "", "", NULL);
		b.scanner.mode = FAKE_SCAN_FOUND;
		b.vault.fail_hold = (enum vault_failure_kind)kind;
		assert_int_equal(bench_mail(&b, mixed), MTA_ANSWER_TEMPFAIL);
		assert_string_equal(CALLS(b),
				    "reply 451 4.7.1 Message cannot be kept "
				    "now, try again later\n");
		bench_stop(&b);
	}
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	fake_vault_stop(&b.vault);
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_TEMPFAIL);
	/* Clean mail flows meanwhile. */
	b.scanner.mode = FAKE_SCAN_CLEAN;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_ACCEPT);
	fake_vault_start(&b.vault, b.dir);
	bench_stop(&b);
}

static void
a_renewed_key_is_asked_for_once_and_the_case_sealed_again(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.keys, 1);
	b.vault.fail_hold = VAULT_FAILURE_NOT_FOUND;
	b.vault.fail_hold_times = 1;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.keys, 2);
	assert_int_equal(b.vault.holds, 3);
	bench_stop(&b);
}

static void
a_scanner_that_cannot_serve_makes_it_a_temporary_failure(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_BUSY;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_TEMPFAIL);
	b.scanner.mode = FAKE_SCAN_HANG_UP;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_TEMPFAIL);
	fake_scanner_stop(&b.scanner);
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_TEMPFAIL);
	assert_non_null(strstr(CALLS(b), "reply 451 4.7.1 Message cannot be "
					 "checked now"));
	assert_int_equal(b.vault.holds, 0);
	fake_scanner_start(&b.scanner, b.dir);
	bench_stop(&b);
}

/* The reasons in the report of the last hold. */
static enum report_reason
held_reason(const struct bench *b)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report;
	struct err err;

	check_status(ST_OK,
		     wire_decode(&report_table, b->vault.detail.report, &report,
				 &arena, &err),
		     &err);
	check_status(ST_OK, report_check(&report, &err), &err);
	assert_int_equal(report.verdict, REPORT_VERDICT_UNSCANNABLE);
	return report.opaques[0].reason;
}

static void
an_answer_that_is_wrong_or_late_is_unscannable_never_clean(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "deadline = 1000ms\nprogress = 500ms", NULL);
	b.scanner.mode = FAKE_SCAN_INVALID;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(held_reason(&b), REPORT_REASON_INTERNAL);
	b.scanner.mode = FAKE_SCAN_CLEAN;
	b.scanner.delay_ms = 3000;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(held_reason(&b), REPORT_REASON_TIMEOUT);
	bench_stop(&b);
	bench_start(&b, "", "max_header = 1024", NULL);
	{
		char field[1200] = "X-Long: ";
		const char *const fields[] = { field, NULL };

		memset(field + 8, 'x', sizeof(field) - 9);
		bench_envelope(&b, "<taro@example.co.jp>", outside);
		assert_int_equal(bench_content(&b, fields, "x\r\n"),
				 MTA_ANSWER_DISCARD);
		assert_int_equal(held_reason(&b), REPORT_REASON_LIMIT);
	}
	bench_stop(&b);
}

static void
an_mta_that_is_gone_makes_the_case_unconfirmed(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "progress = 500ms", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	b.scanner.delay_ms = 700;
	b.fake.gone = true;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_true(b.vault.unconfirmed);
	b.fake.gone = false;
	b.fake.ticks = 0;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_false(b.vault.unconfirmed);
	assert_true(b.fake.ticks >= 2);
	bench_stop(&b);
}

static void
cases_of_different_rules_have_different_digests_and_retries_the_same(
	void **state)
{
	static const char policy[] =
		"rule \"one\" {\nrecipient = {\"b@*\"}\naction = hold\n"
		"approvers = hr\n}\n"
		"rule \"two\" {\naction = hold\napprovers = legal\n}\n";
	static const char *const both[] = { "<b@y.test>", "<c@y.test>", NULL };
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	assert_int_equal(bench_mail(&b, both), MTA_ANSWER_DISCARD);
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.holds, 3);
	assert_memory_not_equal(b.vault.digests[0], b.vault.digests[1],
				DIGEST_BYTES);
	assert_memory_equal(b.vault.digests[0], b.vault.digests[2],
			    DIGEST_BYTES);
	bench_stop(&b);
}

static void
a_mail_that_every_rule_rejects_gets_the_rules_words(void **state)
{
	static const char policy[] =
		"rule \"r\" {\nverdict = {found}\naction = reject\n"
		"reply = \"Ask first\"\n}\n"
		"rule \"x\" {\naction = deliver\n}\n";
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, mixed), MTA_ANSWER_REJECT);
	assert_string_equal(CALLS(b), "reply 550 5.7.1 Ask first\n");
	assert_int_equal(b.vault.holds, 0);
	bench_stop(&b);
}

static void
tags_are_added_as_fields(void **state)
{
	static const char policy[] =
		"rule \"a\" {\nrecipient = {\"b@*\"}\naction = tag\n"
		"tag = \"plain\"\n}\n"
		"rule \"b\" {\naction = tag\ntag = \"other\"\n}\n";
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	assert_int_equal(bench_mail(&b, mixed), MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "add X-Sekimori-Tag: plain\n"
				      "add X-Sekimori-Tag: other\n");
	bench_stop(&b);
}

static void
foreign_fields_of_ours_are_removed_from_the_last_to_the_first(void **state)
{
	static const char *const fields[] = {
		"X-Sekimori-Tag: 1",  "Subject: s",        "x-sekimori-tag: 2",
		"X-Sekimori-Case: 3", "X-Sekimori-TAG: 4", NULL
	};
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, fields, "x\r\n"), MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "delete X-Sekimori-TAG 3\n"
				      "delete X-Sekimori-Case 1\n"
				      "delete x-sekimori-tag 2\n"
				      "delete X-Sekimori-Tag 1\n");
	assert_null(strstr(sbuf_text(&b.scanner.mail), "ekimori"));
	bench_stop(&b);
}

static const char *const self_test_fields[] = {
	"X-Sekimori-Self-Test: ABCDEFGH234567", "Subject: s", NULL
};

static void
the_ticket_of_a_self_test_goes_with_the_hold(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, self_test_fields, "x\r\n"),
			 MTA_ANSWER_DISCARD);
	assert_string_equal(b.vault.self_test, "ABCDEFGH234567");
	assert_null(strstr(sbuf_text(&b.vault.mail), "ekimori"));
	bench_stop(&b);
}

static void
a_self_test_opens_no_way_past_the_rules(void **state)
{
	static const char *const odd[] = { "X-Sekimori-Self-Test: a b",
					   "X-Sekimori-Self-Test:",
					   "Subject: s", NULL };
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	/* Nothing found: it passes, scanned and without the field. */
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, self_test_fields, "x\r\n"),
			 MTA_ANSWER_ACCEPT);
	assert_int_equal(b.scanner.scans, 1);
	assert_string_equal(CALLS(b), "delete X-Sekimori-Self-Test 1\n");
	/* What cannot be a ticket is none, and the mail is held. */
	b.scanner.mode = FAKE_SCAN_FOUND;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, odd, "x\r\n"), MTA_ANSWER_DISCARD);
	assert_string_equal(b.vault.self_test, "");
	assert_int_equal(b.vault.holds, 1);
	bench_stop(&b);
}

static const char *const ticket_fields[] = {
	"X-Sekimori-Ticket: AAECAwQFBgcICQ", "Subject: s", NULL
};

static void
a_valid_ticket_passes_the_mail_unscanned_and_is_removed(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	b.vault.ticket_valid = true;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, ticket_fields, "x\r\n"),
			 MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "delete X-Sekimori-Ticket 1\n");
	assert_int_equal(b.scanner.scans, 0);
	bench_stop(&b);
}

static void
an_invalid_ticket_is_a_mail_like_any_other(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, ticket_fields, "x\r\n"),
			 MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.redeems, 1);
	assert_int_equal(b.vault.holds, 1);
	b.scanner.mode = FAKE_SCAN_CLEAN;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, ticket_fields, "x\r\n"),
			 MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "hold\ndelete X-Sekimori-Ticket 1\n");
	bench_stop(&b);
}

static void
a_ticket_that_cannot_be_looked_at_is_a_temporary_failure(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.vault.fail_other = VAULT_FAILURE_LOCKED;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, ticket_fields, "x\r\n"),
			 MTA_ANSWER_TEMPFAIL);
	assert_int_equal(b.scanner.scans, 0);
	bench_stop(&b);
}

static void
a_ticket_with_an_unsure_date_is_asked_for_with_and_without_it(void **state)
{
	static const char *const fields[] = {
		"X-Sekimori-Ticket: AAECAwQFBgcICQ", "Message-Id: <1@c.test>",
		"Date: Sun, 22 Nov 2026 05:08:00 +0000 (UTC)", NULL
	};
	struct bench b;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.vault.ticket_valid = true;
	memset(b.vault.ticket_digest, 0xff, sizeof(b.vault.ticket_digest));
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	(void)bench_content(&b, fields, "x\r\n");
	assert_int_equal(b.vault.redeems, 2);
	bench_stop(&b);
}

static void
a_bounce_of_a_released_mail_becomes_an_event(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "",
		    "rule \"x\" {\naction = hold\napprovers = hr\n}\n");
	b.scanner.mode = FAKE_SCAN_BOUNCE;
	b.vault.bounce_known = true;
	bench_envelope(&b, "<>", outside);
	assert_int_equal(bench_content(&b, ticket_fields + 1, "x\r\n"),
			 MTA_ANSWER_ACCEPT);
	assert_int_equal(b.vault.bounces, 1);
	assert_int_equal(b.vault.holds, 0);
	/* One that is not ours goes the usual way, */
	b.vault.bounce_known = false;
	bench_envelope(&b, "<>", outside);
	assert_int_equal(bench_content(&b, ticket_fields + 1, "x\r\n"),
			 MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.bounces, 2);
	/* and a mail with a sender is none. */
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.bounces, 2);
	bench_stop(&b);
}

static void
monitoring_delivers_whatever_would_have_happened(void **state)
{
	static const char *const fields[] = { "X-Sekimori-Tag: x", NULL };
	struct bench b;

	(void)state;
	bench_start(&b, "mode = monitor", "max_message = 1024", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, mixed), MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "");
	b.scanner.mode = FAKE_SCAN_BUSY;
	bench_envelope(&b, "<taro@example.co.jp>", outside);
	assert_int_equal(bench_content(&b, fields, "x\r\n"), MTA_ANSWER_ACCEPT);
	assert_string_equal(CALLS(b), "delete X-Sekimori-Tag 1\n");
	assert_int_equal(b.vault.holds, 0);
	bench_stop(&b);
}

static void
pairs_of_accepted_mail_reach_the_vault_in_a_batch(void **state)
{
	struct bench b;
	struct pairs *pairs = NULL;
	struct err err;

	(void)state;
	bench_start(&b, "", "", NULL);
	check_status(ST_OK, pairs_new(b.link, &pairs, &err), &err);
	b.finish.pairs = pairs;
	for (int i = 0; i < 20; i++)
		assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_ACCEPT);
	pairs_free(&pairs);
	assert_int_equal(b.vault.pairs, 1);
	check_status(ST_OK, pairs_new(b.link, &pairs, &err), &err);
	b.vault.fail_other = VAULT_FAILURE_STORE;
	for (int i = 0; i < PAIRS_MAX_BATCH; i++)
		pairs_add(pairs, "a@x.test", "b@y.test", 1);
	for (int i = 0; i < 200 && pairs_lost(pairs) == 0; i++)
		(void)nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	assert_int_equal(pairs_lost(pairs), PAIRS_MAX_BATCH);
	pairs_free(&pairs);
	bench_stop(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_clean_mail_is_accepted_without_a_word_to_the_vault),
		cmocka_unit_test(
			a_mail_with_a_number_is_held_whole_and_discarded),
		cmocka_unit_test(
			some_held_are_durable_before_the_first_recipient_is_deleted),
		cmocka_unit_test(
			a_change_that_fails_makes_it_a_temporary_failure),
		cmocka_unit_test(
			a_vault_that_cannot_hold_makes_it_a_temporary_failure),
		cmocka_unit_test(
			a_renewed_key_is_asked_for_once_and_the_case_sealed_again),
		cmocka_unit_test(
			a_scanner_that_cannot_serve_makes_it_a_temporary_failure),
		cmocka_unit_test(
			an_answer_that_is_wrong_or_late_is_unscannable_never_clean),
		cmocka_unit_test(
			an_mta_that_is_gone_makes_the_case_unconfirmed),
		cmocka_unit_test(
			cases_of_different_rules_have_different_digests_and_retries_the_same),
		cmocka_unit_test(
			a_mail_that_every_rule_rejects_gets_the_rules_words),
		cmocka_unit_test(tags_are_added_as_fields),
		cmocka_unit_test(
			foreign_fields_of_ours_are_removed_from_the_last_to_the_first),
		cmocka_unit_test(the_ticket_of_a_self_test_goes_with_the_hold),
		cmocka_unit_test(a_self_test_opens_no_way_past_the_rules),
		cmocka_unit_test(
			a_valid_ticket_passes_the_mail_unscanned_and_is_removed),
		cmocka_unit_test(an_invalid_ticket_is_a_mail_like_any_other),
		cmocka_unit_test(
			a_ticket_that_cannot_be_looked_at_is_a_temporary_failure),
		cmocka_unit_test(
			a_ticket_with_an_unsure_date_is_asked_for_with_and_without_it),
		cmocka_unit_test(a_bounce_of_a_released_mail_becomes_an_event),
		cmocka_unit_test(
			monitoring_delivers_whatever_would_have_happened),
		cmocka_unit_test(
			pairs_of_accepted_mail_reach_the_vault_in_a_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
