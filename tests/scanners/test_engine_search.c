/* The search for passwords that nothing names: over scans of one mail. */
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/locked_mail.h"
#include "tests/scanners/locked_zip.h"

enum { MAIL_BYTES = 1 << 20 };

static const char csv[] = "氏名,個人番号\r\n山田太郎,123456789018\r\n";

/* Scans of mail, each going on where the one before it ended, until it is open.
 * Each has a fraction of the time that a search for SEARCHED takes, at first.
 */
#define SEARCHED "99815263"
static void
search_on(struct locked_scan *scan, const struct sbuf *mail)
{
	const struct report_search *search = &scan->report.search;
	unsigned scans = 0;

	locked_scan_run(scan, mail);
	assert_int_not_equal(scan->report.verdict, REPORT_VERDICT_FOUND);
	while (scan->report.verdict != REPORT_VERDICT_FOUND &&
	       scans++ < 10000) {
		assert_true(search->tried >= scan->search_from);
		assert_true(search->tried < search->total);
		assert_false(search->finished);
		/* Too slow a machine even for what comes before a search. */
		if (search->tried == scan->search_from)
			scan->search_ms *= 2;
		scan->search_from = search->tried;
		locked_scan_done(scan);
		locked_scan_run(scan, mail);
	}
	assert_int_equal(locked_scan_word(scan, SEARCHED), 1);
}

static void
a_search_goes_on_in_the_next_scan(void **state)
{
	struct locked_zip zip;
	/* Less than one step of a search takes: what it finds is tried. */
	struct locked_scan scan = { .search_ms = 3 };
	struct sbuf mail;

	(void)state;
	locked_zip_begin(&zip);
	locked_zip_add(&zip, "list.csv", SEARCHED, span_of(csv));
	locked_zip_end(&zip);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "hello");
	locked_mail_attach(&mail, "a.zip", sbuf_span(&zip.archive));
	locked_mail_end(&mail);
	search_on(&scan, &mail);
	assert_true(locked_scan_opened(&scan, "2/a.zip",
				       REPORT_WORD_SOURCE_SEARCH));
	assert_true(locked_scan_found(&scan, "2/a.zip/list.csv"));
	locked_scan_done(&scan);
	sbuf_done(&mail);
	locked_zip_done(&zip);
}

/* The outer one is opened by what opened it in the scan before. */
static void
a_search_goes_on_in_an_archive_that_is_open(void **state)
{
	static const struct scan_word outer_word = { "outer-Pass3",
						     REPORT_WORD_SOURCE_GIVEN };
	struct locked_zip inner;
	struct locked_zip outer;
	struct locked_scan scan = { .secrets = &outer_word,
				    .secret_count = 1,
				    .search_ms = 20 };
	struct sbuf mail;

	(void)state;
	locked_zip_begin(&inner);
	locked_zip_add(&inner, "list.csv", SEARCHED, span_of(csv));
	locked_zip_end(&inner);
	locked_zip_begin(&outer);
	locked_zip_add(&outer, "in.zip", "outer-Pass3",
		       sbuf_span(&inner.archive));
	locked_zip_end(&outer);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "hello");
	locked_mail_attach(&mail, "a.zip", sbuf_span(&outer.archive));
	locked_mail_end(&mail);
	search_on(&scan, &mail);
	assert_true(locked_scan_opened(&scan, "2/a.zip/in.zip",
				       REPORT_WORD_SOURCE_SEARCH));
	locked_scan_done(&scan);
	sbuf_done(&mail);
	locked_zip_done(&inner);
	locked_zip_done(&outer);
}

/* One password of this lock takes longer than that. */
static void
a_scan_without_time_forgets_nothing_of_the_search(void **state)
{
	static const uint64_t places[] = { 0, 1, 300, 1 << 20,
					   UINT64_C(5) << 40 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct locked_scan scan = { .search_from = places[i],
					    .search_ms = 1 };
		const struct report_search *search = &scan.report.search;
		struct sbuf mail;

		sbuf_init(&mail, MAIL_BYTES);
		locked_mail_begin(&mail, "papers", "hello");
		locked_mail_sample(&mail, "data.7z");
		locked_mail_end(&mail);
		locked_scan_run(&scan, &mail);
		assert_false(scan.report.locks[0].opened);
		assert_false(search->finished);
		assert_int_equal(search->tried, places[i] > 0 ? places[i] : 1);
		locked_scan_done(&scan);
		sbuf_done(&mail);
	}
}

/* Whoever waits for an answer gets it when the words were tried. */
static void
what_nobody_names_may_have_less_time_than_words(void **state)
{
	struct locked_zip zip;
	struct locked_scan scan = { .mask_ms = 20 };
	const struct report_search *search = &scan.report.search;
	struct sbuf mail;

	(void)state;
	locked_zip_begin(&zip);
	locked_zip_add(&zip, "list.csv", "kX93-qqZ7-long", span_of(csv));
	locked_zip_end(&zip);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "hello");
	locked_mail_attach(&mail, "a.zip", sbuf_span(&zip.archive));
	locked_mail_end(&mail);
	/* It ends at all: all shapes would take many minutes. */
	locked_scan_run(&scan, &mail);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_false(search->finished);
	assert_true(search->tried < search->total / 10);
	locked_scan_done(&scan);
	sbuf_done(&mail);
	locked_zip_done(&zip);
}

/* Somebody waits: what is not given is left, behind what it opens nothing is.
 */
static void
behind_all_of_a_search_only_given_words_are_tried(void **state)
{
	static const struct scan_word words[] = {
		{ "wrong-Pass3", REPORT_WORD_SOURCE_SENDER },
		{ "outer-Pass3", REPORT_WORD_SOURCE_SENDER },
	};
	struct locked_zip inner;
	struct locked_zip outer;
	struct sbuf mail;

	(void)state;
	locked_zip_begin(&inner);
	locked_zip_add(&inner, "list.csv", "said-Pass4", span_of(csv));
	locked_zip_end(&inner);
	locked_zip_begin(&outer);
	locked_zip_add(&outer, "in.zip", "outer-Pass3",
		       sbuf_span(&inner.archive));
	locked_zip_end(&outer);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "password: said-Pass4");
	locked_mail_attach(&mail, "a.zip", sbuf_span(&outer.archive));
	locked_mail_attach(&mail, "b.zip", sbuf_span(&inner.archive));
	locked_mail_end(&mail);
	for (size_t count = 1; count <= ARRAY_LEN(words); count++) {
		struct locked_scan scan = { .secrets = words,
					    .secret_count = count,
					    .search_from = REPORT_SEARCH_OVER };
		const bool opens = count == ARRAY_LEN(words);

		/* It ends: all shapes would take many minutes. */
		locked_scan_run(&scan, &mail);
		assert_int_equal(scan.report.locks[0].opened, opens);
		assert_int_equal(
			locked_scan_found(&scan, "2/a.zip/in.zip/list.csv"),
			opens);
		locked_scan_done(&scan);
	}
	sbuf_done(&mail);
	locked_zip_done(&inner);
	locked_zip_done(&outer);
}

/* A mail that waited is tried with the words of the pool, its own among
 * them. */
static void
a_word_of_other_mails_that_stands_here_is_the_mails_own(void **state)
{
	static const struct {
		const char *body;
		enum report_word_source given, told;
	} all[] = {
		{ "パスワード：Kp7#mQ2x", REPORT_WORD_SOURCE_RELATED,
		  REPORT_WORD_SOURCE_BODY },
		{ "パスワード：Kp7#mQ2x", REPORT_WORD_SOURCE_BEFORE,
		  REPORT_WORD_SOURCE_BODY },
		{ "パスワード：Kp7#mQ2x", REPORT_WORD_SOURCE_SENDER,
		  REPORT_WORD_SOURCE_SENDER },
		{ "資料です。", REPORT_WORD_SOURCE_RELATED,
		  REPORT_WORD_SOURCE_RELATED },
	};
	struct locked_zip zip;

	(void)state;
	locked_zip_begin(&zip);
	locked_zip_add(&zip, "list.csv", "Kp7#mQ2x", span_of(csv));
	locked_zip_end(&zip);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const struct scan_word given = { "Kp7#mQ2x", all[i].given };
		struct locked_scan scan = { .secrets = &given,
					    .secret_count = 1 };
		AUTO(sbuf_done) struct sbuf mail;

		sbuf_init(&mail, MAIL_BYTES);
		locked_mail_begin(&mail, "papers", all[i].body);
		locked_mail_attach(&mail, "a.zip", sbuf_span(&zip.archive));
		locked_mail_end(&mail);
		locked_scan_run(&scan, &mail);
		assert_true(locked_scan_opened(&scan, "2/a.zip", all[i].told));
		locked_scan_done(&scan);
	}
	locked_zip_done(&zip);
}

/* One byte: so do one in 65536 others. */
static void
a_word_that_opens_next_to_nothing_has_not_worked(void **state)
{
	static const char *const contents[] = { "1", "12345" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		struct locked_zip zip;
		struct locked_scan scan = { .none = false };
		AUTO(sbuf_done) struct sbuf mail;

		locked_zip_begin(&zip);
		locked_zip_add(&zip, "list.csv", "Kp7#mQ2x",
			       span_of(contents[i]));
		locked_zip_end(&zip);
		sbuf_init(&mail, MAIL_BYTES);
		locked_mail_begin(&mail, "papers", "パスワード：Kp7#mQ2x");
		locked_mail_attach(&mail, "a.zip", sbuf_span(&zip.archive));
		locked_mail_end(&mail);
		locked_scan_run(&scan, &mail);
		/* It is read all the same. */
		assert_true(locked_scan_opened(&scan, "2/a.zip",
					       REPORT_WORD_SOURCE_BODY));
		assert_int_equal(locked_scan_word(&scan, "Kp7#mQ2x"), i);
		locked_scan_done(&scan);
		locked_zip_done(&zip);
	}
}

/* One that has the right password is not too many for the limit that it
 * keeps while it is locked. */
static void
a_locked_member_counts_once(void **state)
{
	enum { MEMBERS = 11000 }; /* twice that is over the limit */
	struct locked_zip zip;
	struct locked_scan scan = { .search_ms = 60000 };
	AUTO(sbuf_done) struct sbuf mail;
	char name[24];

	(void)state;
	locked_zip_begin(&zip);
	for (unsigned i = 0; i < MEMBERS; i++) {
		(void)snprintf(name, sizeof(name), "%u.csv", i);
		locked_zip_add(&zip, name, "Kp7#mQ2x",
			       span_of(i + 1 < MEMBERS ? "1" : csv));
	}
	locked_zip_end(&zip);
	sbuf_init(&mail, 8 * MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "パスワード：Kp7#mQ2x");
	locked_mail_attach(&mail, "a.zip", sbuf_span(&zip.archive));
	locked_mail_end(&mail);
	locked_scan_run(&scan, &mail);
	assert_true(
		locked_scan_opened(&scan, "2/a.zip", REPORT_WORD_SOURCE_BODY));
	/* In the last of them, which has no line of its own among so many. */
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_int_equal(scan.report.opaque_count, 0);
	locked_scan_done(&scan);
	locked_zip_done(&zip);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_word_of_other_mails_that_stands_here_is_the_mails_own),
		cmocka_unit_test(
			a_word_that_opens_next_to_nothing_has_not_worked),
		cmocka_unit_test(a_locked_member_counts_once),
		cmocka_unit_test(a_search_goes_on_in_the_next_scan),
		cmocka_unit_test(a_search_goes_on_in_an_archive_that_is_open),
		cmocka_unit_test(
			a_scan_without_time_forgets_nothing_of_the_search),
		cmocka_unit_test(
			what_nobody_names_may_have_less_time_than_words),
		cmocka_unit_test(
			behind_all_of_a_search_only_given_words_are_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
