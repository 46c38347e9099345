/* engine_known.h: files in clear give the keys of archives that have them. */
#include "scanners/worker/engine_known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "scanners/worker/engine_search.h"
#include "tests/harness/check.h"
#include "tests/scanners/locked_mail.h"
#include "tests/scanners/locked_zip.h"

enum { MAIL_BYTES = 1 << 20, FILE_BYTES = 4000, MOST_SCANS = 40 };

static const char csv[] = "氏名,個人番号\r\n山田太郎,123456789018\r\n";

/* Nothing that packs well, the same each time. */
static void
fill(uint8_t *file, uint32_t seed)
{
	for (size_t i = 0; i < FILE_BYTES; i++) {
		seed = seed * 1664525 + 1013904223;
		/* Nothing that looks packed, either. */
		file[i] = (uint8_t)(seed >> 24 & 0x3F);
	}
}

/* beside: NULL when nothing is. */
static void
mail_of(struct sbuf *mail, const char *word, struct span member,
	struct span beside)
{
	struct locked_zip zip;

	locked_zip_begin(&zip);
	locked_zip_add(&zip, "list.csv", word, span_of(csv));
	locked_zip_add(&zip, "logo.bin", word, member);
	locked_zip_end(&zip);
	locked_mail_begin(mail, "papers", "hello");
	locked_mail_attach(mail, "a.zip", sbuf_span(&zip.archive));
	if (beside.len_bytes > 0)
		locked_mail_attach(mail, "logo.bin", beside);
	locked_mail_end(mail);
	locked_zip_done(&zip);
}

/* In as many short scans as it takes, each going on behind the last one. */
static void
a_file_beside_its_archive_opens_it_over_several_scans(void **state)
{
	static const char word[] = "Zx9#long-password-that-nobody-tries";
	uint8_t file[FILE_BYTES];
	struct sbuf mail;
	uint64_t from = 0;
	uint32_t time_ms = 600;
	bool was_known = false;
	bool opened = false;

	(void)state;
	fill(file, 7);
	sbuf_init(&mail, MAIL_BYTES);
	mail_of(&mail, word, (struct span){ file, FILE_BYTES },
		(struct span){ file, FILE_BYTES });
	for (size_t i = 0; i < MOST_SCANS && !opened; i++) {
		struct locked_scan scan = { .search_from = from,
					    .search_ms = time_ms };

		locked_scan_run(&scan, &mail);
		opened = locked_scan_opened(&scan, "2/a.zip",
					    REPORT_WORD_SOURCE_KNOWN);
		if (!opened) {
			assert_true(scan.report.search.tried >= from);
			assert_true(scan.report.search.tried <
				    ENGINE_SEARCH_MASKS_AT);
			assert_false(scan.report.search.finished);
		} else {
			assert_true(
				locked_scan_found(&scan, "2/a.zip/list.csv"));
			assert_int_equal(scan.report.opaque_count, 0);
			/* Keys are no word for the next archive. */
			assert_int_equal(scan.report.word_count, 0);
		}
		/* Long enough to begin, not to end, as far as that can be; on
		 * a busy machine, long enough to get on. */
		if (scan.report.search.tried <= ENGINE_SEARCH_KNOWN_AT ||
		    scan.report.search.tried == from || i > MOST_SCANS / 4)
			time_ms += time_ms / 4;
		from = scan.report.search.tried;
		was_known |= from > ENGINE_SEARCH_KNOWN_AT;
		locked_scan_done(&scan);
	}
	assert_true(opened);
	if (!was_known)
		print_message("all of it in one scan\n");
	sbuf_done(&mail);
}

static void
another_file_beside_it_opens_nothing(void **state)
{
	uint8_t member[FILE_BYTES];
	uint8_t beside[FILE_BYTES];
	struct locked_scan scan = { .search_ms = 300 };
	struct sbuf mail;

	(void)state;
	fill(member, 7);
	fill(beside, 8);
	sbuf_init(&mail, MAIL_BYTES);
	mail_of(&mail, "Zx9#long-password-that-nobody-tries",
		(struct span){ member, FILE_BYTES },
		(struct span){ beside, FILE_BYTES });
	locked_scan_run(&scan, &mail);
	assert_false(scan.report.locks[0].opened);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	locked_scan_done(&scan);
	sbuf_done(&mail);
}

/* The words of a worker whose admin knows file. */
static void
words_that_know(struct span file, struct words **words)
{
	char dir[] = "/tmp/test_known.XXXXXX";
	const struct words_added added = { .known_path = dir };
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { .st = ST_OK };
	char path[100];

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/logo.bin", dir);
	check_status(ST_OK, fd_replace_file(path, file, 0600, &err), &err);
	check_status(ST_OK, words_pack("", &added, &fd, &err), &err);
	check_status(ST_OK, words_unpack(fd, words, &err), &err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
a_file_that_the_admin_knows_opens_an_archive_that_comes_alone(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	uint8_t file[FILE_BYTES];
	struct locked_scan scan = { .search_ms = 0 };
	struct sbuf mail;

	(void)state;
	fill(file, 7);
	words_that_know((struct span){ file, FILE_BYTES }, &words);
	scan.words = words;
	sbuf_init(&mail, MAIL_BYTES);
	mail_of(&mail, "Zx9#long-password-that-nobody-tries",
		(struct span){ file, FILE_BYTES }, (struct span){ NULL, 0 });
	locked_scan_run(&scan, &mail);
	assert_true(
		locked_scan_opened(&scan, "2/a.zip", REPORT_WORD_SOURCE_KNOWN));
	assert_true(locked_scan_found(&scan, "2/a.zip/list.csv"));
	locked_scan_done(&scan);
	sbuf_done(&mail);
}

static void
a_file_of_another_mail_of_the_case_opens_its_archive(void **state)
{
	uint8_t file[FILE_BYTES];
	struct locked_scan other = { .gather = true };
	struct locked_scan scan = { .search_ms = 0 };
	struct sbuf mail;

	(void)state;
	fill(file, 7);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, "password", "it follows");
	locked_mail_attach(&mail, "logo.bin",
			   (struct span){ file, FILE_BYTES });
	locked_mail_end(&mail);
	locked_scan_run(&other, &mail);
	sbuf_clear(&mail);
	mail_of(&mail, "Zx9#long-password-that-nobody-tries",
		(struct span){ file, FILE_BYTES }, (struct span){ NULL, 0 });
	scan.beside = other.engine;
	locked_scan_run(&scan, &mail);
	assert_true(
		locked_scan_opened(&scan, "2/a.zip", REPORT_WORD_SOURCE_KNOWN));
	locked_scan_done(&scan);
	locked_scan_done(&other);
	sbuf_done(&mail);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_file_beside_its_archive_opens_it_over_several_scans),
		cmocka_unit_test(another_file_beside_it_opens_nothing),
		cmocka_unit_test(
			a_file_that_the_admin_knows_opens_an_archive_that_comes_alone),
		cmocka_unit_test(
			a_file_of_another_mail_of_the_case_opens_its_archive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
