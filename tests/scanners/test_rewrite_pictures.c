/* Pictures in the text of a mail: which stay in its link mail, and which the
 * report tells of before. */
#include "scanners/rewrite/rewrite.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/report/pictures.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/rewrite_case.h"

#define HEAD                                                           \
	"From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n" \
	"MIME-Version: 1.0\r\n"                                        \
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define RELATED "--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
#define PAGE(body) \
	"--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" body "\r\n"
#define SHOWING "<p>x</p><img src=\"cid:p1@x\">"
#define PIXELS  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" /* 33 bytes */
#define PICTURE                                                    \
	"--r\r\nContent-Type: image/png\r\nContent-ID: <p1@x>\r\n" \
	"Content-Transfer-Encoding: base64\r\n\r\n" PIXELS "\r\n"
#define NUMBERED                                              \
	"--b\r\nContent-Type: text/csv; charset=utf-8\r\n"    \
	"Content-Disposition: attachment; filename=a.csv\r\n" \
	"Content-Transfer-Encoding: base64\r\n\r\n"           \
	"5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\r\n"
#define DETACHED "Content-Disposition: attachment\r\n"
#define FILE_OF(type, disposition)               \
	"Content-Type: " type "\r\n" disposition \
	"Content-Transfer-Encoding: base64\r\n\r\n" PIXELS "\r\n"
#define END "--b--\r\n"

static const char shown[] =
	HEAD RELATED PAGE(SHOWING) PICTURE "--r--\r\n" NUMBERED END;

static void
cut_as(struct rewrite_case *one, const char *mail,
       enum rewrite_pictures pictures, uint64_t logo_bytes)
{
	const struct rewrite_way way = { .what = REWRITE_FINDINGS,
					 .names = REWRITE_NAMES_MASKED,
					 .limits = real_scan_limits,
					 .pictures = pictures,
					 .logo_bytes = logo_bytes };

	rewrite_case_run_as(one, span_of(mail), &way);
	assert_int_equal(one->plan->refusal, REWRITE_REFUSAL_NONE);
}

/* Some programs put files among the versions of the text. */
static void
a_file_among_versions_of_the_text_is_cut(void **state)
{
#define AMONG(type, file)                                                       \
	HEAD "--b\r\nContent-Type: multipart/" type "; boundary=a"              \
	     "\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nx\r\n--a\r\n" file \
	     "--a--\r\n" END
	static const char *const mails[] = {
		AMONG("alternative", FILE_OF("image/png", DETACHED)),
		AMONG("alternative", FILE_OF("image/png", "")),
		AMONG("alternative", FILE_OF("text/plain", DETACHED)),
		AMONG("report", FILE_OF("image/png", DETACHED)),
	};
	struct rewrite_case one;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		const struct rewrite_way way = { .what = REWRITE_ALL,
						 .names = REWRITE_NAMES_MASKED,
						 .limits = real_scan_limits };

		rewrite_case_run_as(&one, span_of(mails[i]), &way);
		assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
		assert_int_equal(one.plan->cut_count, 1);
		assert_int_equal(one.plan->inline_pictures, 0);
		assert_null(strstr(sbuf_text(&one.link), PIXELS));
		rewrite_case_done(&one);
	}
}

static void
a_picture_goes_with_the_files_when_the_rule_says_so(void **state)
{
	struct rewrite_case one;

	(void)state;
	cut_as(&one, shown, REWRITE_PICTURES_CUT, 0);
	assert_int_equal(one.plan->cut_count, 2);
	assert_string_equal(one.plan->cuts[0].type, "image/png");
	assert_int_equal(one.plan->cuts[0].size_bytes, 33);
	assert_int_equal(one.plan->inline_pictures, 0);
	assert_string_equal(
		sbuf_text(&one.link),
		HEAD RELATED PAGE(SHOWING) "--r--\r\n--b\r\n<HOLE>\r\n" END);
	rewrite_case_done(&one);
}

static void
otherwise_it_stays_and_is_counted(void **state)
{
	struct rewrite_case one;

	(void)state;
	cut_as(&one, shown, REWRITE_PICTURES_STAY, 32);
	assert_int_equal(one.plan->cut_count, 1);
	assert_int_equal(one.plan->inline_pictures, 1);
	rewrite_case_done(&one);
}

static void
a_logo_stays_and_is_not_counted(void **state)
{
	struct rewrite_case one;

	(void)state;
	cut_as(&one, shown, REWRITE_PICTURES_CUT, 33);
	assert_int_equal(one.plan->cut_count, 1);
	assert_int_equal(one.plan->inline_pictures, 0);
	rewrite_case_done(&one);
}

/* It stands in the text itself: nothing of that is cut out. */
static void
a_picture_written_into_the_page_is_counted(void **state)
{
	struct rewrite_case one;

	(void)state;
	cut_as(&one,
	       HEAD RELATED PAGE("<img src=\"data:image/png;base64," PIXELS
				 "\">") "--r--\r\n" NUMBERED END,
	       REWRITE_PICTURES_CUT, 0);
	assert_int_equal(one.plan->cut_count, 1);
	assert_int_equal(one.plan->inline_pictures, 1);
	rewrite_case_done(&one);
}

/* What an approver is told before anything is cut. */
static uint32_t
told(const char *mail, uint64_t logo_bytes, bool cut)
{
	struct real_scan scan;
	uint32_t count = 0;

	real_scan_mail(&scan, span_of(mail));
	count = pictures_shown(&scan.report, logo_bytes, cut);
	real_scan_done(&scan);
	return count;
}

static void
the_report_tells_how_many_the_text_may_show(void **state)
{
	(void)state;
	assert_int_equal(told(shown, 32, false), 1);
	assert_int_equal(told(shown, 33, false), 0);
	/* One that is cut is left out, but not what the page itself holds. */
	assert_int_equal(told(shown, 32, true), 0);
	for (int cut = 0; cut <= 1; cut++)
		assert_int_equal(
			told(HEAD RELATED PAGE("<img src=\"data:image/png;"
					       "base64," PIXELS
					       "\">") "--r--\r\n" NUMBERED END,
			     0, cut == 1),
			1);
	/* Attachments are cut: with no name for the text, or by their word. */
	assert_int_equal(told(HEAD
			      "--b\r\nContent-Type: image/png\r\n"
			      "Content-Transfer-Encoding: base64\r\n\r\n" PIXELS
			      "\r\n" END,
			      0, false),
			 0);
	assert_int_equal(told(HEAD
			      "--b\r\nContent-Type: image/png\r\n"
			      "Content-Disposition: attachment\r\n"
			      "Content-ID: <p1@x>\r\n"
			      "Content-Transfer-Encoding: base64\r\n\r\n" PIXELS
			      "\r\n" END,
			      0, false),
			 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_among_versions_of_the_text_is_cut),
		cmocka_unit_test(
			a_picture_goes_with_the_files_when_the_rule_says_so),
		cmocka_unit_test(otherwise_it_stays_and_is_counted),
		cmocka_unit_test(a_logo_stays_and_is_not_counted),
		cmocka_unit_test(a_picture_written_into_the_page_is_counted),
		cmocka_unit_test(the_report_tells_how_many_the_text_may_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
