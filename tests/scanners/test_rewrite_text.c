/* Mails whose text is a file: something is always left to explain the link. */
#include "scanners/rewrite/rewrite.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/rewrite_case.h"

#define HEAD                                                           \
	"From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n" \
	"MIME-Version: 1.0\r\n"
#define FIELDS "From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n"
#define NAMED                                                     \
	"Content-Type: text/plain; charset=utf-8; name=a.txt\r\n" \
	"Content-Disposition: inline; filename=a.txt\r\n\r\n"     \
	"個人番号 123456789018\r\n"
#define BLOB                                                     \
	"Content-Type: application/octet-stream; name=a\r\n\r\n" \
	"個人番号 123456789018\r\n"
#define OF(kind) "Content-Type: multipart/" kind "; boundary=b\r\n\r\n"

static void
must_become(const char *mail, const char *link)
{
	struct rewrite_case one;

	rewrite_case_run(&one, span_of(mail), REWRITE_ALL);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_string_equal(sbuf_text(&one.link), link);
	/* As a body it stands in no multipart. */
	assert_int_equal(one.plan->place == REWRITE_PLACE_BODY,
			 one.plan->boundary[0] == '\0');
	rewrite_case_done(&one);
}

static void
a_text_that_is_a_file_leaves_the_explanation_alone(void **state)
{
	(void)state;
	must_become(HEAD NAMED, FIELDS "<HOLE>");
	must_become(HEAD OF("mixed") "--b\r\n" NAMED "--b\r\n" BLOB "--b--\r\n",
		    HEAD OF("mixed") "--b\r\n<HOLE>\r\n--b--\r\n");
	must_become(HEAD OF("mixed") "--b\r\nContent-Type: multipart/mixed; "
				     "boundary=c\r\n\r\n--c\r\n" NAMED
				     "--c--\r\n"
				     "--b--\r\n",
		    HEAD OF("mixed") "--b\r\n<HOLE>\r\n--b--\r\n");
}

/* A multipart without parts is none: some programs show nothing then. */
static void
no_multipart_is_left_without_parts(void **state)
{
	(void)state;
	must_become(HEAD OF("parallel") "--b\r\n" NAMED "--b\r\n" BLOB
					"--b--\r\n",
		    FIELDS "<HOLE>");
	must_become(HEAD OF("digest") "--b\r\n\r\nSubject: y\r\n\r\n"
				      "個人番号 123456789018\r\n--b--\r\n",
		    FIELDS "<HOLE>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_text_that_is_a_file_leaves_the_explanation_alone),
		cmocka_unit_test(no_multipart_is_left_without_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
