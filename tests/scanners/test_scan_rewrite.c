/* Link mails from the whole scanner: client, supervisor, worker in its sandbox.
 */
#include "scanners/client/scan_rewrite.h"

#include <fcntl.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/scanners/sample.h"
#include "tests/scanners/scanner_site.h"

enum { BIG_LINES = 80000, BIG_LINE_BYTES = 57 };

#define TOP                                                            \
	"From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n" \
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; "         \
	"boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n"
#define NUMBERED                                                         \
	"Content-Type: text/csv; charset=utf-8; name=\"a 12345678.csv\"" \
	"\r\nContent-Transfer-Encoding: base64\r\n\r\n"                  \
	"5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\r\n"
#define CONTENT "個人番号 123456789018"

static void
must_map(int fd, struct span *map_out)
{
	const int seals =
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	struct err err = { 0 };

	assert_int_equal(fcntl(fd, F_GET_SEALS) & seals, seals);
	check_status(ST_OK, fd_map_sealed(fd, SIZE_MAX, map_out, &err), &err);
}

static void
must_rewrite(struct site *site, struct scan_rewrite **rewrite_out)
{
	struct scan_request request = request_for(SCAN_PRIORITY_BACKGROUND);
	struct err err = { 0 };

	request.rewrite = REWRITE_FINDINGS;
	check_status(ST_OK,
		     scan_client_rewrite(site->client, &request, site->mail_fd,
					 NULL, rewrite_out, &err),
		     &err);
}

static void
a_mail_comes_back_in_two_files(void **state)
{
	AUTO(fd_unmap) struct span link = { NULL, 0 };
	AUTO(fd_unmap) struct span files = { NULL, 0 };
	AUTO(scan_rewrite_free) struct scan_rewrite *rewrite = NULL;
	struct span rest = { NULL, 0 };
	struct site site;

	(void)state;
	site_open(&site, "workers = 1");
	site_set_mail(&site, TOP NUMBERED "--b--\r\n");
	must_rewrite(&site, &rewrite);
	assert_int_equal(rewrite->plan.refusal, REWRITE_REFUSAL_NONE);
	must_map(rewrite->mail_fd, &link);
	must_map(rewrite->files_fd, &files);
	assert_true(span_equal(link, span_of(TOP "\r\n--b--\r\n")));
	assert_int_equal(rewrite->hole_at, strlen(TOP));
	assert_true(span_equal(files, span_of(CONTENT)));
	assert_int_equal(rewrite->plan.cut_count, 1);
	assert_string_equal(rewrite->plan.cuts[0].name, "a 12345678.csv");
	assert_string_equal(rewrite->plan.cuts[0].name_safe, "a ********.csv");
	assert_string_equal(rewrite->plan.cuts[0].type, "text/csv");
	assert_true(span_cut(link, rewrite->hole_at, 2, &rest));
	site_close(&site);
}

/* The worker writes through a window of 1 MiB. */
static void
large_files_are_whole(void **state)
{
	AUTO(fd_unmap) struct span files = { NULL, 0 };
	AUTO(scan_rewrite_free) struct scan_rewrite *rewrite = NULL;
	AUTO(sbuf_done) struct sbuf mail;
	AUTO(sbuf_done) struct sbuf content;
	struct site site;

	(void)state;
	sbuf_init(&mail, SIZE_MAX / 2);
	sbuf_init(&content, SIZE_MAX / 2);
	for (size_t i = 0; i < BIG_LINES; i++)
		sbuf_addf(&content, "line %050zu\r\n", i);
	assert_int_equal(content.len_bytes, BIG_LINES * BIG_LINE_BYTES);
	sbuf_add_text(&mail,
		      TOP NUMBERED "--b\r\n"
				   "Content-Type: application/octet-stream\r\n"
				   "Content-Transfer-Encoding: binary\r\n\r\n");
	sbuf_add_span(&mail, sbuf_span(&content));
	sbuf_add_text(&mail, "個人番号 123456789018\r\n--b--\r\n");
	sbuf_add_text(&content, "個人番号 123456789018");
	site_open(&site, "workers = 1");
	site_set_mail(&site, sbuf_text(&mail));
	must_rewrite(&site, &rewrite);
	assert_int_equal(rewrite->plan.refusal, REWRITE_REFUSAL_NONE);
	assert_int_equal(rewrite->plan.cut_count, 2);
	must_map(rewrite->files_fd, &files);
	assert_int_equal(files.len_bytes, strlen(CONTENT) + content.len_bytes);
	assert_memory_equal(files.ptr + strlen(CONTENT), content.bytes,
			    content.len_bytes);
	site_close(&site);
}

static void
a_refusal_has_no_files(void **state)
{
	AUTO(scan_rewrite_free) struct scan_rewrite *rewrite = NULL;
	struct site site;

	(void)state;
	site_open(&site, "workers = 1");
	site_set_mail(&site, "From: a@example.co.jp\r\nSubject: x\r\n\r\n"
			     "個人番号 123456789018\r\n");
	must_rewrite(&site, &rewrite);
	assert_int_equal(rewrite->plan.refusal, REWRITE_REFUSAL_BODY);
	assert_int_equal(rewrite->mail_fd, FD_NONE);
	assert_int_equal(rewrite->files_fd, FD_NONE);
	site_close(&site);
}

/* What stays is read twice, by foreign parsers and other programs, too. */
static void
documents_that_stay_are_read_twice(void **state)
{
	static const char *const samples[] = { "everyday/letter2.docx",
					       "everyday/book1.xlsx" };
	AUTO(scan_rewrite_free) struct scan_rewrite *rewrite = NULL;
	AUTO(sbuf_done) struct sbuf mail;
	struct site site;

	(void)state;
	sbuf_init(&mail, SIZE_MAX / 2);
	sbuf_add_text(&mail, TOP NUMBERED);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		AUTO(sbuf_done) struct sbuf sample;

		sbuf_init(&sample, SIZE_MAX / 2);
		sample_read(samples[i], &sample);
		sbuf_add_text(&mail,
			      "--b\r\nContent-Type: application/octet-stream"
			      "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
		format_base64(&mail, sbuf_span(&sample));
		sbuf_add_text(&mail, "\r\n");
	}
	sbuf_add_text(&mail, "--b--\r\n");
	site_open(&site, "workers = 1");
	site_set_mail(&site, sbuf_text(&mail));
	for (size_t i = 0; i < 3; i++) {
		scan_rewrite_free(&rewrite);
		must_rewrite(&site, &rewrite);
		assert_int_equal(rewrite->plan.refusal, REWRITE_REFUSAL_NONE);
		assert_int_equal(rewrite->plan.cut_count, 1);
	}
	site_close(&site);
}

/* A worker that scanned before and rewrites now is the same. */
static void
reports_and_plans_take_turns(void **state)
{
	struct site site;

	(void)state;
	site_open(&site, "workers = 1");
	site_set_mail(&site, TOP NUMBERED "--b--\r\n");
	for (size_t i = 0; i < 5; i++) {
		AUTO(scan_rewrite_free) struct scan_rewrite *rewrite = NULL;

		site_scan_ok(&site, REPORT_VERDICT_FOUND);
		must_rewrite(&site, &rewrite);
		assert_int_equal(rewrite->plan.refusal, REWRITE_REFUSAL_NONE);
	}
	site_close(&site);
}

static void
a_mail_without_room_for_its_files_is_turned_away(void **state)
{
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct site site;
	struct err err = { 0 };

	(void)state;
	site_open(&site, "workers = 1");
	request.rewrite = REWRITE_ALL;
	assert_int_equal(scan_client_scan(site.client, &request, site.mail_fd,
					  NULL, &reply, &err),
			 ST_IO);
	assert_non_null(strstr(err.text, "room for its files"));
	site_close(&site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SITE_TEST(a_mail_comes_back_in_two_files),
		SITE_TEST(large_files_are_whole),
		SITE_TEST(a_refusal_has_no_files),
		SITE_TEST(documents_that_stay_are_read_twice),
		SITE_TEST(reports_and_plans_take_turns),
		SITE_TEST(a_mail_without_room_for_its_files_is_turned_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
