/* Locked things in mails: which word opens them, and what a report says. */
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/locked_mail.h"
#include "tests/scanners/locked_zip.h"
#include "tests/scanners/sample.h"

enum { MAIL_BYTES = 1 << 20 };

/* A mail with one sample and this body. */
static void
scan_sample(struct locked_scan *scan, const char *body, const char *file)
{
	struct sbuf mail;

	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", body);
	locked_mail_sample(&mail, file);
	locked_mail_end(&mail);
	locked_scan_run(scan, &mail);
	/* The engine borrows the mail only while it runs. */
	sbuf_done(&mail);
}

static void
fail_on(const struct locked_scan *scan, const char *file)
{
	const struct scan_report *report = &scan->report;

	for (size_t i = 0; i < report->part_count; i++)
		print_error("part %s\n", report->parts[i].path);
	for (size_t i = 0; i < report->finding_count; i++)
		print_error("found %s\n", report->findings[i].part);
	for (size_t i = 0; i < report->opaque_count; i++)
		print_error("opaque %s %s\n", report->opaques[i].part,
			    report->opaques[i].detail);
	for (size_t i = 0; i < report->lock_count; i++)
		print_error("lock %s %d\n", report->locks[i].kind,
			    report->locks[i].opened);
	fail_msg("%s stayed closed", file);
}

struct opened {
	const char *file;
	const char *body;
	const char *kind;
	const char *found; /* in which part, or NULL */
};

static const struct opened all_opened[] = {
	{ "zipcrypto.zip", "パスワード：secret", "zip: ZipCrypto",
	  "2/zipcrypto.zip/list.csv" },
	{ "zipcrypto_stored.zip", "PW: secret", "zip: ZipCrypto",
	  "2/zipcrypto_stored.zip/list.csv" },
	{ "bsdtar_zipcrypto.zip", "The password is secret.", "zip: ZipCrypto",
	  "2/bsdtar_zipcrypto.zip/list.csv" },
	{ "japanese_utf8.zip", "パスワードは「秘密」です。", "zip: ZipCrypto",
	  "2/japanese_utf8.zip/list.csv" },
	{ "japanese_cp932.zip", "パスワードは「秘密」です。", "zip: ZipCrypto",
	  "2/japanese_cp932.zip/list.csv" },
	{ "japanese_aes.zip", "パスワードは「秘密」です。", "zip: AES-256",
	  "2/japanese_aes.zip/list.csv" },
	{ "aes128.zip", "パスワード\n\nsecret\n", "zip: AES-128",
	  "2/aes128.zip/list.csv" },
	{ "aes192.zip", "解凍キー=secret", "zip: AES-192",
	  "2/aes192.zip/list.csv" },
	{ "aes256.zip", "ＰＡＳＳ：ｓｅｃｒｅｔ", "zip: AES-256",
	  "2/aes256.zip/list.csv" },
	{ "bsdtar_aes128.zip", "Password [secret]", "zip: AES-128",
	  "2/bsdtar_aes128.zip/list.csv" },
	{ "bsdtar_aes256.zip", "Password: \"secret\"", "zip: AES-256",
	  "2/bsdtar_aes256.zip/list.csv" },
	{ "zipcrypto_lzma.zip", "パスワード：secret", "zip: ZipCrypto",
	  "2/zipcrypto_lzma.zip/list.csv" },
	{ "zipcrypto_bzip2.zip", "パスワード：secret", "zip: ZipCrypto",
	  "2/zipcrypto_bzip2.zip/list.csv" },
	{ "zipcrypto_deflate64.zip", "パスワード：secret", "zip: ZipCrypto",
	  "2/zipcrypto_deflate64.zip/list.csv" },
	{ "zipcrypto_ppmd.zip", "パスワード：secret", "zip: ZipCrypto",
	  "2/zipcrypto_ppmd.zip/list.csv" },
	{ "zipcrypto_xz.zip", "パスワード：secret", "zip: ZipCrypto",
	  "2/zipcrypto_xz.zip/list.csv" },
	{ "aes256_lzma.zip", "パスワード：secret", "zip: AES-256",
	  "2/aes256_lzma.zip/list.csv" },
	{ "aes256_bzip2.zip", "パスワード：secret", "zip: AES-256",
	  "2/aes256_bzip2.zip/list.csv" },
	{ "aes256_deflate64.zip", "パスワード：secret", "zip: AES-256",
	  "2/aes256_deflate64.zip/list.csv" },
	{ "aes256_ppmd.zip", "パスワード：secret", "zip: AES-256",
	  "2/aes256_ppmd.zip/list.csv" },
	{ "aes256_xz.zip", "パスワード：secret", "zip: AES-256",
	  "2/aes256_xz.zip/list.csv" },
	{ "bcj2.7z", "パスワード：secret", "7z: AES-256",
	  "2/bcj2.7z/list.csv" },
	{ "data.7z", "パスワード：secret", "7z: AES-256",
	  "2/data.7z/list.csv" },
	{ "names.7z", "パスワード：secret", NULL, "2/names.7z/list.csv" },
	{ "names_plain.7z", "PW: secret", NULL, "2/names_plain.7z/list.csv" },
	{ "partly.7z", "PW: secret", "7z: AES-256", "2/partly.7z/list.csv" },
	{ "single.7z", "PW: secret", "7z: AES-256", "2/single.7z/list.csv" },
	{ "ppmd.7z", "PW: secret", "7z: AES-256", "2/ppmd.7z/list.csv" },
	{ "japanese.7z", "パスワードは「秘密」です", NULL,
	  "2/japanese.7z/list.csv" },
	{ "agile.xlsx", "パスワード：secret", "ooxml: agile",
	  "2/agile.xlsx/EncryptedPackage" },
	{ "agile_sha1.xlsx", "パスワード：secret", "ooxml: agile",
	  "2/agile_sha1.xlsx/EncryptedPackage" },
	{ "libreoffice.docx", "パスワード：secret", NULL,
	  "2/libreoffice.docx/EncryptedPackage" },
	{ "japanese.xlsx", "パスワードは「秘密」です", NULL,
	  "2/japanese.xlsx/EncryptedPackage" },
	{ "libreoffice.odt", "パスワード：secret", NULL, "2/libreoffice.odt" },
	{ "libreoffice.xlsx", "パスワード：secret", "ooxml: standard",
	  "2/libreoffice.xlsx/EncryptedPackage" },
	{ "japanese.ods", "パスワードは「秘密」です", NULL, "2/japanese.ods" },
	{ "salt.ods", "パスワード：secret", NULL, "2/salt.ods" },
	{ "blowfish.odt", "パスワード：secret", NULL, "2/blowfish.odt" },
};

static void
a_word_of_the_body_opens_every_lock(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all_opened); i++) {
		const struct opened *want = &all_opened[i];
		struct locked_scan scan = { .none = false };
		char part[100];

		(void)snprintf(part, sizeof(part), "2/%s", want->file);
		scan_sample(&scan, want->body, want->file);
		if (!locked_scan_opened(&scan, part, REPORT_WORD_SOURCE_BODY) ||
		    !locked_scan_found(&scan, want->found))
			fail_on(&scan, want->file);
		if (want->kind != NULL)
			assert_string_equal(scan.report.locks[0].kind,
					    want->kind);
		assert_int_equal(scan.report.opaque_count, 0);
		assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
		locked_scan_done(&scan);
	}
}

/* Those which differ from the right one by little, too. */
static void
wrong_words_open_nothing(void **state)
{
	static const char body[] =
		"パスワード：secre\nパスワード：Secret\nパスワード：secret1\n"
		"パスワード：ｓecret2\nパスワード：秘\nPW: ssecret\n";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all_opened); i++) {
		struct locked_scan scan = { .search_ms = 100 };

		scan_sample(&scan, body, all_opened[i].file);
		/* "secret" is a common one. */
		if (scan.report.locks[0].opened)
			assert_true(scan.report.locks[0].source >
				    REPORT_WORD_SOURCE_TEXT);
		else
			assert_true(scan.report.opaque_count > 0);
		assert_true(scan.report.verdict != REPORT_VERDICT_CLEAN);
		locked_scan_done(&scan);
	}
}

static void
without_time_all_stays_as_it_was(void **state)
{
	struct locked_scan scan = { .none = true };

	(void)state;
	scan_sample(&scan, "パスワード：secret", "zipcrypto.zip");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_true(locked_scan_opaque(&scan, "2/zipcrypto.zip/list.csv",
				       REPORT_REASON_LOCKED));
	assert_true(locked_scan_opaque(&scan, "2/zipcrypto.zip/note.txt",
				       REPORT_REASON_LOCKED));
	assert_int_equal(scan.report.lock_count, 1);
	assert_false(scan.report.locks[0].opened);
	/* The word is told all the same: another mail may need it. */
	assert_int_equal(locked_scan_word(&scan, "secret"), 0);
	locked_scan_done(&scan);
}

static void
the_word_that_opened_is_told_as_one_that_worked(void **state)
{
	struct locked_scan scan = { .none = false };

	(void)state;
	scan_sample(&scan, "パスワード：secret\nPW：another99", "aes256.zip");
	assert_int_equal(locked_scan_word(&scan, "secret"), 1);
	assert_int_equal(locked_scan_word(&scan, "another99"), 0);
	assert_int_equal(scan.report.word_count, 2);
	locked_scan_done(&scan);
}

static void
a_mail_without_locks_and_anchors_tells_no_words(void **state)
{
	struct locked_scan scan = { .none = false };
	struct sbuf mail;

	(void)state;
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(
		&mail, "打合せの件",
		"お世話になっております。Xk39-qpw! と A4-1234 です。");
	locked_mail_end(&mail);
	locked_scan_run(&scan, &mail);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_int_equal(scan.report.word_count, 0);
	assert_int_equal(scan.report.lock_count, 0);
	assert_int_equal(scan.report.search.tried, 0);
	locked_scan_done(&scan);
	sbuf_done(&mail);
}

/* Cells of a page are read one by one. */
static void
a_table_of_a_page_says_it_below_the_heading(void **state)
{
	struct locked_scan scan = { .none = false };
	struct sbuf mail;

	(void)state;
	sbuf_init(&mail, MAIL_BYTES);
	sbuf_add_text(&mail, "From: taro@example.co.jp\r\nMIME-Version: 1.0\r\n"
			     "Content-Type: text/html; charset=UTF-8\r\n\r\n"
			     "<p>ご連絡です</p><table><tr><th>ファイル名</th>"
			     "<th>パスワード</th><th>備考</th></tr>\r\n"
			     "<tr><td>資料.zip</td><td>Xk39-qpw!</td>"
			     "<td>Memo1234</td></tr></table>\r\n");
	locked_scan_run(&scan, &mail);
	assert_int_equal(locked_scan_word(&scan, "Xk39-qpw!"), 0);
	assert_int_equal(locked_scan_word(&scan, "Memo1234"), -1);
	locked_scan_done(&scan);
	sbuf_done(&mail);
}

static void
a_7z_with_hidden_names_says_so_where_it_is_unread(void **state)
{
	struct locked_scan scan = { .search_ms = 100 };

	(void)state;
	scan_sample(&scan, "hello", "japanese.7z");
	assert_int_equal(scan.report.opaque_count, 1);
	assert_string_equal(scan.report.opaques[0].detail,
			    scan.report.locks[0].kind);
	locked_scan_done(&scan);
}

static void
a_lock_that_cannot_be_tried_stays_closed(void **state)
{
	struct locked_scan scan = { .none = false };
	struct sbuf mail;
	struct sbuf sample;

	(void)state;
	sbuf_init(&mail, MAIL_BYTES);
	sbuf_init(&sample, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "パスワード：secret");
	sample_read("archive/strong.zip", &sample);
	locked_mail_attach(&mail, "strong.zip", sbuf_span(&sample));
	locked_mail_end(&mail);
	locked_scan_run(&scan, &mail);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_int_equal(scan.report.lock_count, 1);
	assert_false(scan.report.locks[0].opened);
	locked_scan_done(&scan);
	sbuf_done(&sample);
	sbuf_done(&mail);
}

static const char csv[] = "氏名,個人番号\r\n山田太郎,123456789018\r\n";

static void
archives_in_archives_open_one_after_another(void **state)
{
	struct locked_zip inner;
	struct locked_zip outer;
	struct locked_scan scan = { .none = false };
	struct sbuf mail;

	(void)state;
	locked_zip_begin(&inner);
	locked_zip_add(&inner, "list.csv", "inner-Pass7", span_of(csv));
	locked_zip_end(&inner);
	locked_zip_begin(&outer);
	locked_zip_add(&outer, "in.zip", "outer-Pass3",
		       sbuf_span(&inner.archive));
	locked_zip_add(&outer, "read.txt", "outer-Pass3",
		       span_of("the other one:\r\ninner-Pass7\r\n"));
	locked_zip_end(&outer);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "PW: outer-Pass3");
	locked_mail_attach(&mail, "a.zip", sbuf_span(&outer.archive));
	locked_mail_end(&mail);
	locked_scan_run(&scan, &mail);
	assert_true(locked_scan_found(&scan, "2/a.zip/in.zip/list.csv"));
	assert_true(
		locked_scan_opened(&scan, "2/a.zip", REPORT_WORD_SOURCE_BODY));
	assert_true(locked_scan_opened(&scan, "2/a.zip/in.zip",
				       REPORT_WORD_SOURCE_TEXT));
	assert_int_equal(scan.report.opaque_count, 0);
	locked_scan_done(&scan);
	sbuf_done(&mail);
	locked_zip_done(&inner);
	locked_zip_done(&outer);
}

/* A program that opens itself counts offsets from its own beginning or from
 * that of the archive; one archive may stand behind another. */
static void
what_stands_before_an_archive_is_no_matter(void **state)
{
	static const char stub[] = "MZ this program opens itself";
	struct locked_zip zip;
	struct locked_zip shifted;
	struct locked_zip after;
	struct locked_scan scan = { .none = false };
	struct sbuf before;
	struct sbuf mail;

	(void)state;
	sbuf_init(&before, MAIL_BYTES);
	locked_zip_begin(&zip);
	locked_zip_add(&zip, "first.csv", "outer-Pass3", span_of(csv));
	locked_zip_end(&zip);
	locked_zip_begin(&shifted);
	sbuf_add_text(&shifted.archive, stub);
	locked_zip_add(&shifted, "shifted.csv", "outer-Pass3", span_of(csv));
	locked_zip_end(&shifted);
	locked_zip_begin(&after);
	locked_zip_add(&after, "second.csv", "outer-Pass3", span_of(csv));
	locked_zip_end(&after);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "PW: outer-Pass3");
	sbuf_add_text(&before, stub);
	sbuf_add_span(&before, sbuf_span(&zip.archive));
	locked_mail_attach(&mail, "sfx.exe", sbuf_span(&before));
	locked_mail_attach(&mail, "shifted.exe", sbuf_span(&shifted.archive));
	sbuf_clear(&before);
	sbuf_add_span(&before, sbuf_span(&zip.archive));
	sbuf_add_span(&before, sbuf_span(&after.archive));
	locked_mail_attach(&mail, "two.zip", sbuf_span(&before));
	locked_mail_end(&mail);
	locked_scan_run(&scan, &mail);
	assert_true(locked_scan_found(&scan, "2/sfx.exe/first.csv"));
	assert_true(locked_scan_found(&scan, "3/shifted.exe/shifted.csv"));
	assert_true(locked_scan_found(&scan, "4/two.zip/first.csv"));
	assert_true(locked_scan_found(&scan, "4/two.zip/second.csv"));
	assert_int_equal(scan.report.lock_count, 3);
	for (size_t i = 0; i < scan.report.lock_count; i++)
		assert_true(scan.report.locks[i].opened);
	/* That there are two is said still. */
	assert_int_equal(scan.report.opaque_count, 1);
	locked_scan_done(&scan);
	sbuf_done(&mail);
	sbuf_done(&before);
	locked_zip_done(&zip);
	locked_zip_done(&shifted);
	locked_zip_done(&after);
}

static void
a_member_in_clear_is_read_once(void **state)
{
	struct locked_scan scan = { .none = false };

	(void)state;
	scan_sample(&scan, "パスワード：secret", "partly.7z");
	assert_int_equal(scan.report.part_count, 5);
	assert_string_equal(scan.report.parts[3].path, "2/partly.7z/note.txt");
	assert_string_equal(scan.report.parts[4].path, "2/partly.7z/list.csv");
	locked_scan_done(&scan);
}

/* Two passwords, two kinds, and a member in clear. */
static void
members_may_have_passwords_of_their_own(void **state)
{
	struct locked_scan scan = { .none = false };

	(void)state;
	scan_sample(&scan, "パスワード1：secret\nパスワード2：other\n",
		    "mixed.zip");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_int_equal(scan.report.opaque_count, 0);
	assert_true(locked_scan_found(&scan, "2/mixed.zip/list.csv"));
	assert_true(locked_scan_found(&scan, "2/mixed.zip/note.txt"));
	assert_true(scan.report.locks[0].opened);
	assert_int_equal(locked_scan_word(&scan, "secret"), 1);
	assert_int_equal(locked_scan_word(&scan, "other"), 1);
	locked_scan_done(&scan);
}

/* More of them than are looked at for one word, named last to first. */
static void
each_member_opens_with_its_own_password(void **state)
{
	enum { MEMBERS = 14 };
	struct locked_scan scan = { .none = false };
	char body[MEMBERS * 20] = "";
	char word[20];

	(void)state;
	for (int i = MEMBERS; i > 0; i--)
		(void)snprintf(body + strlen(body), sizeof(word),
			       "PW: own-%02d\r\n", i - 1);
	scan_sample(&scan, body, "own.zip");
	if (scan.report.opaque_count > 0 || !scan.report.locks[0].opened)
		fail_on(&scan, "own.zip");
	assert_true(locked_scan_found(&scan, "2/own.zip/member13.txt"));
	for (int i = 0; i < MEMBERS; i++) {
		(void)snprintf(word, sizeof(word), "own-%02d", i);
		assert_int_equal(locked_scan_word(&scan, word), 1);
	}
	locked_scan_done(&scan);
}

static void
what_stays_locked_beside_what_opens_is_said(void **state)
{
	/* What the password takes is the hundredth of it. */
	struct locked_scan scan = { .search_ms = 1000 };

	(void)state;
	scan_sample(&scan, "パスワード1：secret\n", "mixed.zip");
	assert_true(locked_scan_found(&scan, "2/mixed.zip/list.csv"));
	assert_true(locked_scan_opaque(&scan, "2/mixed.zip/note.txt",
				       REPORT_REASON_LOCKED));
	assert_false(scan.report.locks[0].opened);
	assert_int_equal(scan.report.locks[0].source, REPORT_WORD_SOURCE_NONE);
	locked_scan_done(&scan);
}

static void
paths_and_order_are_those_of_a_mail_without_locks(void **state)
{
	static const char *const paths[] = {
		"message",
		"1",
		"2/mixed.zip",
		"2/mixed.zip/clear.txt",
		"2/mixed.zip/list.csv",
		"2/mixed.zip/note.txt",
		"3/aes128.zip",
		"3/aes128.zip/list.csv",
		"3/aes128.zip/note.txt",
	};
	struct locked_scan scan = { .none = false };
	struct sbuf mail;

	(void)state;
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "papers", "PW1: secret PW2: other");
	locked_mail_sample(&mail, "mixed.zip");
	locked_mail_sample(&mail, "aes128.zip");
	locked_mail_end(&mail);
	locked_scan_run(&scan, &mail);
	assert_int_equal(scan.report.part_count, ARRAY_LEN(paths));
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		assert_string_equal(scan.report.parts[i].path, paths[i]);
		assert_false(scan.report.parts[i].locked);
	}
	locked_scan_done(&scan);
	sbuf_done(&mail);
}

struct said {
	const char *subject;
	const char *body;
	const char *name;
	const char *given;
	enum report_word_source source;
	const char *shown; /* of the name, when that says the password */
};

static void
each_place_is_a_source_of_its_own(void **state)
{
	static const struct said all[] = {
		{ "papers", "hello", "a.zip", "secret",
		  REPORT_WORD_SOURCE_GIVEN, NULL },
		{ "PW: secret", "hello", "a.zip", NULL,
		  REPORT_WORD_SOURCE_SUBJECT, NULL },
		{ "papers", "hello", "list_pw-secret.zip", NULL,
		  REPORT_WORD_SOURCE_NAME, "list_pw-********.zip" },
		{ "papers", "使うのは\nsecret\nでお願いします", "a.zip", NULL,
		  REPORT_WORD_SOURCE_TEXT, NULL },
		{ "papers", "hello", "secret.zip", NULL,
		  REPORT_WORD_SOURCE_ITEM, "********.zip" },
		{ "papers", "hello", "a.zip", NULL, REPORT_WORD_SOURCE_COMMON,
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const struct scan_word given = { all[i].given,
						 REPORT_WORD_SOURCE_GIVEN };
		struct locked_scan scan = {
			.secrets = &given,
			.secret_count = all[i].given != NULL,
		};
		struct sbuf mail;
		struct sbuf sample;
		char part[100];

		sbuf_init(&mail, MAIL_BYTES);
		sbuf_init(&sample, MAIL_BYTES);
		locked_mail_begin(&mail, all[i].subject, all[i].body);
		sample_read("locks/zipcrypto.zip", &sample);
		locked_mail_attach(&mail, all[i].name, sbuf_span(&sample));
		locked_mail_end(&mail);
		locked_scan_run(&scan, &mail);
		(void)snprintf(part, sizeof(part), "2/%s",
			       all[i].shown != NULL ? all[i].shown
						    : all[i].name);
		if (!locked_scan_opened(&scan, part, all[i].source))
			fail_msg("row %zu: %s", i,
				 report_word_source_name(
					 scan.report.locks[0].source));
		locked_scan_done(&scan);
		sbuf_done(&sample);
		sbuf_done(&mail);
	}
}

static void
no_password_is_in_the_rest_of_the_report(void **state)
{
	struct locked_scan scan = { .none = false };
	struct sbuf payload;
	struct err err = { .st = ST_OK };

	(void)state;
	scan_sample(&scan, "PW1: secret PW2: other", "mixed.zip");
	report_forget_words(&scan.report);
	sbuf_init(&payload, MAIL_BYTES);
	check_status(ST_OK,
		     wire_encode(&report_table, &scan.report, &payload, &err),
		     &err);
	assert_null(memmem(payload.bytes, payload.len_bytes, "secret", 6));
	sbuf_done(&payload);
	locked_scan_done(&scan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_of_the_body_opens_every_lock),
		cmocka_unit_test(wrong_words_open_nothing),
		cmocka_unit_test(without_time_all_stays_as_it_was),
		cmocka_unit_test(
			the_word_that_opened_is_told_as_one_that_worked),
		cmocka_unit_test(
			a_mail_without_locks_and_anchors_tells_no_words),
		cmocka_unit_test(a_table_of_a_page_says_it_below_the_heading),
		cmocka_unit_test(
			a_7z_with_hidden_names_says_so_where_it_is_unread),
		cmocka_unit_test(a_lock_that_cannot_be_tried_stays_closed),
		cmocka_unit_test(archives_in_archives_open_one_after_another),
		cmocka_unit_test(a_member_in_clear_is_read_once),
		cmocka_unit_test(what_stands_before_an_archive_is_no_matter),
		cmocka_unit_test(members_may_have_passwords_of_their_own),
		cmocka_unit_test(each_member_opens_with_its_own_password),
		cmocka_unit_test(what_stays_locked_beside_what_opens_is_said),
		cmocka_unit_test(
			paths_and_order_are_those_of_a_mail_without_locks),
		cmocka_unit_test(each_place_is_a_source_of_its_own),
		cmocka_unit_test(no_password_is_in_the_rest_of_the_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
