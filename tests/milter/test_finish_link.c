/* Tests of milter/policy/finish.h: what the vault is told about links. */
#include "milter/policy/finish.h"

#include "tests/harness/check.h"
#include "tests/milter/bench.h"

static const char *const outside[] = { "<b@y.test>", NULL };

static void
a_rule_that_sends_links_gives_the_vault_its_options(void **state)
{
	struct bench b;
	const struct case_link_terms *link = NULL;

	(void)state;
	bench_start(&b, "", "",
		    "rule \"by link\" {\nverdict = found\naction = link\n"
		    "approvers = hr\nlink_expires = 3d\nlink_files = findings\n"
		    "link_pictures = stay\nlink_logo = 3K\n"
		    "link_inside = link\nlink_unknown = link\n"
		    "link_once = yes\nlink_code = no\n"
		    "link_from = \"192.0.2.0/24\"\n}\n"
		    "rule \"the rest\" {\naction = deliver\n}\n");
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.holds, 1);
	link = &b.vault.detail.terms.link;
	assert_true(link->at_once);
	assert_true(link->findings_only);
	assert_int_equal(link->pictures, REWRITE_PICTURES_STAY);
	assert_int_equal(link->logo_bytes, 3 * 1024);
	assert_true(link->inside);
	assert_int_equal(link->downloads, 1);
	assert_false(link->unknown_held);
	assert_false(link->needs_code);
	assert_false(link->needs_certificate);
	assert_int_equal(link->expires_after_s, 3 * 86400);
	assert_string_equal(link->networks, "192.0.2.0/24");
	bench_stop(&b);
}

static void
a_held_mail_goes_nowhere_at_once(void **state)
{
	struct bench b;
	const struct case_link_terms *link = NULL;

	(void)state;
	bench_start(&b, "", "", NULL);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(bench_mail(&b, outside), MTA_ANSWER_DISCARD);
	link = &b.vault.detail.terms.link;
	assert_false(link->at_once);
	/* What an approver's link would be like. */
	assert_true(link->needs_code);
	assert_int_equal(link->expires_after_s, 14 * 86400);
	bench_stop(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_rule_that_sends_links_gives_the_vault_its_options),
		cmocka_unit_test(a_held_mail_goes_nowhere_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
