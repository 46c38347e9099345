/* Every budget is a setting that is in force: small, each one ends the scan
 * of a mail by its name and at the right part; large, it does not. Time and
 * memory are those of test_supervisor_loss.c, the size of a mail and hard_stop
 * of test_supervisor.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/scanners/scanner_site.h"

/* 20 MiB of zeros, by bzip2, in base64. */
#define BOMB \
	"QlpoOTFBWSZTWegs7hwAoKDIAMAAAAIACCAAMMwFKaaBIE2EEgTxdyRThQkOgs7hwA=="
#define HEAD                                                           \
	"From: a@example.co.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n" \
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"            \
	"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
#define ATTACHED(type, name) \
	HEAD "--b\r\nContent-Type: " type "; name=" name "\r\n"
#define BASE64 "Content-Transfer-Encoding: base64\r\n\r\n"
#define TAIL   "\r\n--b--\r\n"

enum { LIMITS_MAIL_BYTES = 8 * 1024 * 1024 };

struct limit_case {
	const char *setting; /* that the mail is over */
	const char *roomy;   /* and one that it is not */
	const char *part;
	enum report_reason reason;
	const char *detail;
};

static void
check_case(const struct limit_case *limit, const char *mail)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	char settings[200];
	struct err err;

	for (int roomy = 0; roomy <= 1; roomy++) {
		struct scan_reply *reply = NULL;
		struct site site;

		(void)snprintf(settings, sizeof(settings), "workers = 1\n%s",
			       roomy ? limit->roomy : limit->setting);
		site_open(&site, settings);
		site_set_mail(&site, mail);
		check_status(ST_OK,
			     scan_client_scan(site.client, &request,
					      site.mail_fd, NULL, &reply, &err),
			     &err);
		assert_int_equal(reply->report.verdict,
				 roomy ? REPORT_VERDICT_CLEAN
				       : REPORT_VERDICT_UNSCANNABLE);
		if (!roomy) {
			assert_string_equal(reply->report.opaques[0].detail,
					    limit->detail);
			assert_int_equal(reply->report.opaques[0].reason,
					 limit->reason);
			assert_string_equal(reply->report.opaques[0].part,
					    limit->part);
		}
		scan_reply_free(&reply);
		site_close(&site);
	}
}

static void
depth_is_a_setting(void **state)
{
	(void)state;
	check_case(&(struct limit_case){ "max_depth = 2", "max_depth = 6",
					 "2/a.eml/1/1", REPORT_REASON_LIMIT,
					 "limit depth 2" },
		   ATTACHED("message/rfc822",
			    "a.eml") "\r\n"
				     "Content-Type: message/rfc822\r\n\r\n"
				     "Content-Type: message/rfc822\r\n\r\n"
				     "Subject: y\r\n\r\nhello" TAIL);
}

/* HEAD, then so many times piece, then TAIL. */
static char *
mail_of(const char *piece, size_t times)
{
	struct sbuf mail;

	sbuf_init(&mail, LIMITS_MAIL_BYTES);
	sbuf_add_text(&mail, HEAD);
	for (size_t i = 0; i < times; i++)
		sbuf_add_text(&mail, piece);
	sbuf_add_text(&mail, TAIL);
	assert_int_equal(mail.st, ST_OK);
	char *text = strdup(sbuf_text(&mail));

	sbuf_done(&mail);
	assert_non_null(text);
	return text;
}

static void
parts_are_a_setting(void **state)
{
	char *mail =
		mail_of("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 20);

	(void)state;
	check_case(&(struct limit_case){ "max_objects = 20", "max_objects = 30",
					 "message", REPORT_REASON_LIMIT,
					 "limit objects 20" },
		   mail);
	free(mail);
}

static void
unpacked_bytes_are_a_setting(void **state)
{
	(void)state;
	check_case(&(struct limit_case){ "max_expanded = 10M",
					 "max_ratio = 1000000", "2/a.bz2",
					 REPORT_REASON_LIMIT,
					 "limit expanded 10485760 bytes" },
		   ATTACHED("application/x-bzip2", "a.bz2") BASE64 BOMB TAIL);
}

static void
ratio_is_a_setting(void **state)
{
	(void)state;
	check_case(&(struct limit_case){ "max_ratio = 20000",
					 "max_ratio = 1000000", "2/a.bz2",
					 REPORT_REASON_LIMIT,
					 "limit ratio 20000" },
		   ATTACHED("application/x-bzip2", "a.bz2") BASE64 BOMB TAIL);
}

static void
cells_are_a_setting(void **state)
{
	char *rows = mail_of("<tr><td>a</td><td>b</td></tr>", 600);
	struct sbuf mail;

	(void)state;
	sbuf_init(&mail, LIMITS_MAIL_BYTES);
	sbuf_add_text(&mail, ATTACHED("text/html", "a.html") "\r\n<table>");
	sbuf_add_text(&mail, strstr(rows, "<tr>"));
	check_case(&(struct limit_case){ "max_cells = 1000", "max_cells = 3000",
					 "2/a.html", REPORT_REASON_LIMIT,
					 "limit cells 1000" },
		   sbuf_text(&mail));
	sbuf_done(&mail);
	free(rows);
}

/* Two empty pages. */
#define PAGES                                                          \
	"%PDF-1.4\n"                                                   \
	"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"                 \
	"2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n"     \
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" \
	"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" \
	"xref\n0 5\n0000000000 65535 f \n"                             \
	"0000000009 00000 n \n"                                        \
	"0000000052 00000 n \n"                                        \
	"0000000107 00000 n \n"                                        \
	"0000000166 00000 n \n"                                        \
	"trailer<</Size 5/Root 1 0 R>>\nstartxref\n225\n%%EOF\n"

/* So that the document begins far from the mail's own begin: what begins near
 * it could be one as a whole. */
#define PAD16  "0123456789abcdef"
#define PAD128 PAD16 PAD16 PAD16 PAD16 PAD16 PAD16 PAD16 PAD16 "\r\n"
#define PAD    PAD128 PAD128 PAD128 PAD128 PAD128 PAD128 PAD128 PAD128 PAD128

static void
pages_are_a_setting(void **state)
{
	char path[PATH_MAX];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/sekimori-worker-pdf",
		       getenv("top_builddir"));
	if (access(path, X_OK) != 0)
		skip(); /* configured --without-pdf */
	check_case(&(struct limit_case){ "pdf_workers = 1\n max_pages = 1",
					 "pdf_workers = 1\n max_pages = 2",
					 "2/a.pdf", REPORT_REASON_LIMIT,
					 "limit pages" },
		   HEAD PAD "--b\r\nContent-Type: application/pdf; "
			    "name=a.pdf\r\n\r\n" PAGES TAIL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SITE_TEST(depth_is_a_setting),
		SITE_TEST(parts_are_a_setting),
		SITE_TEST(unpacked_bytes_are_a_setting),
		SITE_TEST(ratio_is_a_setting),
		SITE_TEST(cells_are_a_setting),
		SITE_TEST(pages_are_a_setting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
