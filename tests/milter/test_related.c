/* Tests of milter/policy/related.c: words of other mails, mails that wait. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milter/policy/finish.h"
#include "tests/harness/check.h"
#include "tests/milter/bench.h"

static const char policy[] =
	"rule \"unread\" {\nverdict = {found, unscannable}\n"
	"action = hold\napprovers = hr\n}\n"
	"rule \"the rest\" {\naction = deliver\n}\n";

static const char *const one[] = { "<b@y.test>", NULL };
static const char *const two[] = { "<b@y.test>", "<c@z.test>", NULL };

static void
start(struct bench *b, const char *milter, enum fake_scan mode)
{
	bench_start(b, "", milter, policy);
	b->scanner.mode = mode;
	b->scanner.opens_with = "sesame";
}

static void
a_mail_without_words_and_locks_asks_nothing(void **state)
{
	struct bench b;

	(void)state;
	start(&b, "", FAKE_SCAN_CLEAN);
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.relateds, 0);
	assert_int_equal(b.scanner.scans, 2);
	bench_stop(&b);
}

static void
what_is_locked_is_scanned_again_with_words_of_other_mails(void **state)
{
	struct bench b;

	(void)state;
	start(&b, "", FAKE_SCAN_LOCKED);
	b.vault.knows = "sesame";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	assert_int_equal(b.scanner.scans, 2);
	assert_int_equal(b.vault.holds, 0);
	/* Asked as the sender of the envelope; then told what has opened it. */
	assert_int_equal(b.vault.relateds, 2);
	assert_int_equal(b.vault.related_senders, 1);
	assert_int_equal(b.vault.related_recipients, 1);
	assert_string_equal(b.vault.related_words, "opened sesame ");
	bench_stop(&b);
}

static void
words_that_do_not_open_it_change_nothing(void **state)
{
	struct bench b;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report;
	struct err err;

	(void)state;
	start(&b, "", FAKE_SCAN_LOCKED);
	b.vault.knows = "abracadabra";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_DISCARD);
	assert_int_equal(b.scanner.scans, 2);
	assert_int_equal(b.vault.relateds, 1);
	assert_true(b.vault.related_locked);
	assert_string_equal(b.vault.related_words, "");
	check_status(
		ST_OK,
		report_decode(b.vault.detail.report, &report, &arena, &err),
		&err);
	assert_int_equal(report.lock_count, 1);
	assert_false(report.locks[0].opened);
	b.vault.knows = NULL;
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_DISCARD);
	assert_int_equal(b.scanner.scans, 3);
	bench_stop(&b);
}

static void
words_go_to_the_vault_and_into_no_case(void **state)
{
	struct bench b;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report;
	struct err err;

	(void)state;
	start(&b, "", FAKE_SCAN_LOCKED);
	b.scanner.says = "Kp7#mQ2x";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_DISCARD);
	assert_string_equal(b.vault.related_words, "said Kp7#mQ2x ");
	assert_null(memmem(b.vault.detail.report.ptr,
			   b.vault.detail.report.len_bytes, "Kp7#mQ2x", 8));
	check_status(
		ST_OK,
		report_decode(b.vault.detail.report, &report, &arena, &err),
		&err);
	assert_int_equal(report.word_count, 0);
	bench_stop(&b);
}

static void
a_mail_with_the_password_waits_with_what_it_opens(void **state)
{
	static const uint8_t seven[CASE_ID_BYTES] = { 7 };
	struct bench b;

	(void)state;
	start(&b, "", FAKE_SCAN_WORDS);
	b.scanner.says = "Kp7#mQ2x";
	b.vault.waits[0] = "b@y.test";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_DISCARD);
	assert_true(b.vault.related_wait);
	assert_int_equal(b.vault.holds, 1);
	assert_memory_equal(b.vault.companion_of, seven, CASE_ID_BYTES);
	assert_string_equal(b.vault.detail.terms.rule, "locked files");
	assert_string_equal(b.vault.detail.terms.approvers, "hr");
	assert_int_equal(b.vault.detail.terms.expires_after_s, 3600);
	/* Only who waits for the other one. */
	b.vault.waits[0] = "c@z.test";
	assert_int_equal(bench_mail(&b, two), MTA_ANSWER_ACCEPT);
	assert_string_equal(sbuf_text(&b.fake.calls),
			    "hold\nhold\ndelrcpt <c@z.test>\n");
	assert_int_equal(b.vault.detail.recipient_count, 1);
	assert_string_equal(b.vault.detail.recipients[0].address, "c@z.test");
	bench_stop(&b);
}

static void
those_held_by_a_rule_do_not_wait_besides(void **state)
{
	static const uint8_t none[CASE_ID_BYTES] = { 0 };
	struct bench b;

	(void)state;
	start(&b, "", FAKE_SCAN_LOCKED);
	b.scanner.says = "Kp7#mQ2x";
	b.vault.waits[0] = "b@y.test";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.holds, 1);
	assert_memory_equal(b.vault.companion_of, none, CASE_ID_BYTES);
	assert_string_equal(b.vault.detail.terms.rule, "unread");
	bench_stop(&b);
}

static void
without_the_vault_a_mail_with_a_password_gets_4xx(void **state)
{
	struct bench b;

	(void)state;
	start(&b, "", FAKE_SCAN_WORDS);
	b.scanner.says = "Kp7#mQ2x";
	b.vault.fail_related = VAULT_FAILURE_STORE;
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_TEMPFAIL);
	b.vault.fail_related = VAULT_FAILURE_NONE;
	fake_vault_stop(&b.vault);
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_TEMPFAIL);
	/* Clean mail still flows. */
	b.scanner.mode = FAKE_SCAN_CLEAN;
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	fake_vault_start(&b.vault, b.dir);
	bench_stop(&b);
}

static void
with_the_setting_off_it_passes_with_and_without_the_vault(void **state)
{
	struct bench b;

	(void)state;
	start(&b, "hold_password_mail = no\n", FAKE_SCAN_WORDS);
	b.scanner.says = "Kp7#mQ2x";
	b.vault.waits[0] = "b@y.test";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	assert_false(b.vault.related_wait);
	assert_string_equal(b.vault.related_words, "said Kp7#mQ2x ");
	b.vault.fail_related = VAULT_FAILURE_STORE;
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	bench_stop(&b);
}

static void
nobody_waits_for_a_case_that_was_decided_meanwhile(void **state)
{
	struct bench b;

	(void)state;
	start(&b, "", FAKE_SCAN_WORDS);
	b.scanner.says = "Kp7#mQ2x";
	b.vault.waits[0] = "b@y.test";
	b.vault.fail_hold = VAULT_FAILURE_CONFLICT;
	assert_int_equal(bench_mail(&b, two), MTA_ANSWER_ACCEPT);
	assert_string_equal(sbuf_text(&b.fake.calls), "");
	/* That the vault cannot keep it is another thing. */
	b.vault.fail_hold = VAULT_FAILURE_STORE;
	assert_int_equal(bench_mail(&b, two), MTA_ANSWER_TEMPFAIL);
	bench_stop(&b);
}

static void
odd_senders_keep_no_mail_from_passing(void **state)
{
	struct bench b;
	const size_t len = 1200;
	char *many = malloc(40000);
	char *odd = calloc(1, len + 64);
	const char *fields[] = { many, "Subject: x", NULL };
	size_t used = 6;

	(void)state;
	assert_non_null(many);
	assert_non_null(odd);
	memcpy(many, "From: ", 7);
	for (int i = 0; i < 600; i++)
		used += (size_t)snprintf(many + used, 40000 - used,
					 "%sa%d@x.test", i > 0 ? ", " : "", i);
	start(&b, "", FAKE_SCAN_WORDS);
	b.scanner.says = "Kp7#mQ2x";
	bench_envelope(&b, "<taro@example.co.jp>", one);
	assert_int_equal(bench_content(&b, fields, "x\r\n"), MTA_ANSWER_ACCEPT);
	assert_int_equal(b.vault.related_senders, 1);
	memcpy(odd, "From: ", 6);
	memset(odd + 6, 'a', len);
	memcpy(odd + 6 + len, "@x.test", 8);
	fields[0] = odd;
	bench_envelope(&b, "<taro@example.co.jp>", one);
	assert_int_equal(bench_content(&b, fields, "x\r\n"), MTA_ANSWER_ACCEPT);
	assert_int_equal(b.vault.relateds, 2);
	bench_stop(&b);
	free(many);
	free(odd);
}

static void
monitoring_delivers_whatever_the_vault_says(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "mode = monitor\n", "", policy);
	b.scanner.mode = FAKE_SCAN_WORDS;
	b.scanner.says = "Kp7#mQ2x";
	b.vault.waits[0] = "b@y.test";
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	assert_int_equal(b.vault.holds, 0);
	b.vault.fail_related = VAULT_FAILURE_STORE;
	assert_int_equal(bench_mail(&b, one), MTA_ANSWER_ACCEPT);
	bench_stop(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_without_words_and_locks_asks_nothing),
		cmocka_unit_test(
			what_is_locked_is_scanned_again_with_words_of_other_mails),
		cmocka_unit_test(words_that_do_not_open_it_change_nothing),
		cmocka_unit_test(words_go_to_the_vault_and_into_no_case),
		cmocka_unit_test(
			a_mail_with_the_password_waits_with_what_it_opens),
		cmocka_unit_test(those_held_by_a_rule_do_not_wait_besides),
		cmocka_unit_test(
			without_the_vault_a_mail_with_a_password_gets_4xx),
		cmocka_unit_test(
			with_the_setting_off_it_passes_with_and_without_the_vault),
		cmocka_unit_test(
			nobody_waits_for_a_case_that_was_decided_meanwhile),
		cmocka_unit_test(odd_senders_keep_no_mail_from_passing),
		cmocka_unit_test(monitoring_delivers_whatever_the_vault_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
