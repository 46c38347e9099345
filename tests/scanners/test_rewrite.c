/* What is cut out of a mail, and what a link mail then looks like. */
#include "scanners/rewrite/rewrite.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/rewrite_case.h"

#define NUMBER "個人番号 123456789018"
/* NUMBER in base64. */
#define NUMBER_64 "5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\r\n"
#define HEAD      "From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n"
#define MIME      "MIME-Version: 1.0\r\n"
#define MIXED     "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define TEXT      "Content-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"
#define FILE_OF(name, body)                               \
	"Content-Type: text/csv; charset=utf-8\r\n"       \
	"Content-Disposition: attachment; filename=" name \
	"\r\nContent-Transfer-Encoding: base64\r\n\r\n" body
#define NUMBERED FILE_OF("a.csv", NUMBER_64)
/* "nothing" */
#define CLEAN FILE_OF("c.csv", "bm90aGluZw==\r\n")
#define NUMBERED_NAME                                                    \
	FILE_OF("x;\r\n filename*=utf-8''%E5%80%8B%E4%BA%BA%E7%95%AA%E5" \
		"%8F%B7123456789018.csv",                                \
		"bm90aGluZw==\r\n")
#define PICTURE                                             \
	"Content-Type: image/png\r\nContent-ID: <p1@x>\r\n" \
	"Content-Transfer-Encoding: base64\r\n\r\n"         \
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ\r\n"

static void
must_become(const char *mail, enum rewrite_what what, const char *link)
{
	struct rewrite_case one;

	rewrite_case_run(&one, span_of(mail), what);
	if (one.plan->refusal != REWRITE_REFUSAL_NONE)
		fail_msg("refused: %s in %s\n%s",
			 rewrite_refusal_name(one.plan->refusal),
			 one.plan->refused_part, mail);
	assert_string_equal(sbuf_text(&one.link), link);
	rewrite_case_done(&one);
}

static void
must_refuse(const char *mail, enum rewrite_what what,
	    enum rewrite_refusal refusal)
{
	struct rewrite_case one;

	rewrite_case_run(&one, span_of(mail), what);
	if (one.plan->refusal != refusal)
		fail_msg("%s in \"%s\", not %s\n%s",
			 rewrite_refusal_name(one.plan->refusal),
			 one.plan->refused_part, rewrite_refusal_name(refusal),
			 mail);
	assert_int_equal(one.plan->cut_count, 0);
	assert_int_equal(one.plan->piece_count, 0);
	rewrite_case_done(&one);
}

static void
the_hole_takes_the_place_of_the_first_part_that_is_cut(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED "pre\r\n--b\r\n" TEXT "--b\r\n" NUMBERED
				    "--b\r\n" CLEAN "--b--\r\nafter\r\n",
		    REWRITE_ALL,
		    HEAD MIME MIXED "pre\r\n--b\r\n" TEXT
				    "--b\r\n<HOLE>\r\n--b--\r\nafter\r\n");
}

static void
only_parts_with_findings_are_cut_when_asked(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" CLEAN
				    "--b\r\n" NUMBERED "--b--\r\n",
		    REWRITE_FINDINGS,
		    HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" CLEAN
				    "--b\r\n<HOLE>\r\n--b--\r\n");
}

static void
a_part_before_the_text_is_cut_as_well(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED "--b\r\n" NUMBERED "--b\r\n" TEXT
				    "--b\r\n" NUMBERED "--b--\r\n",
		    REWRITE_ALL,
		    HEAD MIME MIXED "--b\r\n<HOLE>\r\n--b\r\n" TEXT
				    "--b--\r\n");
}

static void
what_could_not_be_read_counts_as_a_finding(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" PICTURE
				    "--b\r\n" CLEAN "--b--\r\n",
		    REWRITE_FINDINGS,
		    HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n<HOLE>\r\n"
				    "--b\r\n" CLEAN "--b--\r\n");
}

/* One without a multipart: the fields that describe the body go. */
static void
a_mail_that_is_an_attachment_keeps_its_header(void **state)
{
	struct rewrite_case one;

	(void)state;
	rewrite_case_run(&one,
			 span_of(HEAD MIME
				 "Content-Type: text/csv; name=a.csv\r\n"
				 "X-Mailer: m\r\nContent-Transfer-Encoding:\r\n"
				 " base64\r\n\r\n" NUMBER_64),
			 REWRITE_ALL);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_int_equal(one.plan->place, REWRITE_PLACE_BODY);
	assert_string_equal(sbuf_text(&one.link), HEAD "X-Mailer: m\r\n<HOLE>");
	assert_true(span_equal(rewrite_case_file(&one, 0), span_of(NUMBER)));
	rewrite_case_done(&one);
}

/* So that every program shows the link, whichever alternative it takes. */
static void
an_attachment_in_an_alternative_gets_a_multipart_around_it(void **state)
{
	struct rewrite_case one;
	char want[2000];

	(void)state;
	rewrite_case_run(
		&one,
		span_of(HEAD
			"Content-Type: multipart/alternative;\r\n"
			" boundary=b\r\nMIME-Version: 1.0\r\n"
			"X-Last: y\r\n\r\n--b\r\n" TEXT "--b\r\n"
			"Content-Type: multipart/mixed; boundary=c\r\n\r\n"
			"--c\r\nContent-Type: text/html\r\n\r\n<p>h</p>\r\n"
			"--c\r\n" NUMBERED "--c--\r\n--b--\r\n"),
		REWRITE_ALL);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_int_equal(one.plan->place, REWRITE_PLACE_PART);
	(void)snprintf(want, sizeof(want),
		       HEAD
		       "X-Last: y\r\nMIME-Version: 1.0\r\n"
		       "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n"
		       "\r\n--%s\r\n"
		       "Content-Type: multipart/alternative;\r\n boundary=b\r\n"
		       "\r\n--b\r\n" TEXT "--b\r\n"
		       "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
		       "--c\r\nContent-Type: text/html\r\n\r\n<p>h</p>\r\n"
		       "--c--\r\n--b--\r\n\r\n--%s\r\n<HOLE>\r\n--%s--\r\n",
		       one.plan->boundary, one.plan->boundary,
		       one.plan->boundary, one.plan->boundary);
	assert_string_equal(sbuf_text(&one.link), want);
	rewrite_case_done(&one);
}

static void
a_multipart_of_which_nothing_stays_goes_as_a_whole(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED
		    "--b\r\n" TEXT "--b\r\n"
		    "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
		    "--c\r\n" NUMBERED "--c\r\n" CLEAN "--c--\r\n--b--\r\n",
		    REWRITE_ALL,
		    HEAD MIME MIXED "--b\r\n" TEXT
				    "--b\r\n<HOLE>\r\n--b--\r\n");
}

/* As Outlook makes it: the picture of the signature stays. */
#define OUTLOOK(picture, rest)                                                          \
	HEAD MIME MIXED                                                                 \
		"--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"            \
		"--r\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"        \
		"--a\r\n" TEXT "--a\r\nContent-Type: text/html\r\n\r\n"                 \
		"<img src=3D\"cid:p1@x\"><img src=\"cid:p1%40x\">\r\n--a--\r\n" picture \
		"--r--\r\n" rest "--b--\r\n"

static void
a_picture_in_the_text_stays(void **state)
{
	(void)state;
	must_become(OUTLOOK("--r\r\n" PICTURE, "--b\r\n" NUMBERED), REWRITE_ALL,
		    OUTLOOK("--r\r\n" PICTURE, "--b\r\n<HOLE>\r\n"));
}

static void
pictures_that_nobody_read_are_counted(void **state)
{
	struct rewrite_case one;

	(void)state;
	rewrite_case_run(
		&one, span_of(OUTLOOK("--r\r\n" PICTURE, "--b\r\n" NUMBERED)),
		REWRITE_FINDINGS);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_int_equal(one.plan->inline_pictures, 1);
	assert_int_equal(one.plan->cut_count, 1);
	rewrite_case_done(&one);
}

static void
a_picture_that_the_text_does_not_show_is_an_attachment(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" PICTURE
				    "--b--\r\n",
		    REWRITE_ALL,
		    HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n<HOLE>\r\n"
				    "--b--\r\n");
}

/* Whatever the text names. */
static void
a_picture_that_is_given_as_an_attachment_is_cut(void **state)
{
	(void)state;
	must_become(
		OUTLOOK("--r\r\nContent-Disposition: attachment\r\n" PICTURE,
			"--b\r\n" NUMBERED),
		REWRITE_ALL, OUTLOOK("", "--b\r\n<HOLE>\r\n"));
}

/* Nothing directly in the mail is cut: the hole is behind what was. */
static void
a_numbered_picture_in_the_text_is_cut(void **state)
{
#define SVG                                                            \
	"--r\r\nContent-Type: image/svg+xml\r\nContent-ID: <p1@x>\r\n" \
	"\r\n<svg xmlns=\"http://www.w3.org/2000/svg\"><text>" NUMBER  \
	"</text></svg>\r\n"
	(void)state;
	must_become(OUTLOOK(SVG, "--b\r\n" CLEAN), REWRITE_FINDINGS,
		    OUTLOOK("", "--b\r\n<HOLE>\r\n--b\r\n" CLEAN));
}

static void
a_mail_in_a_mail_is_cut_as_a_whole(void **state)
{
	static const char inner[] =
		"From: c@example.com\r\nSubject: y\r\n" MIME
		"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n" TEXT
		"--i\r\n" NUMBERED "--i--";
	char mail[3000];
	struct rewrite_case one;

	(void)state;
	(void)snprintf(mail, sizeof(mail),
		       HEAD MIME MIXED "--b\r\n" TEXT
				       "--b\r\nContent-Type: message/rfc822\r\n"
				       "\r\n%s\r\n--b--\r\n",
		       inner);
	rewrite_case_run(&one, span_of(mail), REWRITE_FINDINGS);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_int_equal(one.plan->cut_count, 1);
	assert_string_equal(one.plan->cuts[0].name, "file-1.eml");
	assert_true(span_equal(rewrite_case_file(&one, 0), span_of(inner)));
	rewrite_case_done(&one);
}

/* Which its recipient's program may not know; whoever has it opens it. */
static void
the_file_of_outlook_is_a_file(void **state)
{
	static const char tnef[] = "\x78\x9f\x3e\x22\x01";
	struct rewrite_case one;

	(void)state;
	rewrite_case_run(&one,
			 span_of(HEAD MIME MIXED
				 "--b\r\n" TEXT "--b\r\n"
				 "Content-Type: application/ms-tnef;\r\n"
				 " name=\"winmail.dat\"\r\n"
				 "Content-Transfer-Encoding: base64\r\n\r\n"
				 "eJ8+IgE=\r\n--b--\r\n"),
			 REWRITE_ALL);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_string_equal(one.plan->cuts[0].name, "winmail.dat");
	assert_true(span_equal(rewrite_case_file(&one, 0), span_of(tnef)));
	rewrite_case_done(&one);
}

static void
fields_that_are_not_true_any_more_go(void **state)
{
	(void)state;
	must_become("X-Sekimori-Ticket: t\r\n" HEAD
		    "Content-Length: 99\r\nLines: 3\r\n"
		    "DKIM-Signature: v=1;\r\n b=x\r\nx-sekimori-y: z\r\n"
		    " folded\r\n" MIME MIXED "--b\r\n" TEXT "--b\r\n" NUMBERED
		    "--b--\r\n",
		    REWRITE_ALL,
		    HEAD "DKIM-Signature: v=1;\r\n b=x\r\n" MIME MIXED
			 "--b\r\n" TEXT "--b\r\n<HOLE>\r\n--b--\r\n");
}

static void
lines_may_end_with_lf(void **state)
{
	struct rewrite_case one;

	(void)state;
	rewrite_case_run(&one,
			 span_of("Subject: x\nContent-Type: multipart/mixed;"
				 " boundary=b\n\n--b\n\nhello\n--b\n"
				 "Content-Type: text/csv; name=a.csv\n\n" NUMBER
				 "\n--b--\n"),
			 REWRITE_ALL);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_true(one.plan->lf_only);
	assert_string_equal(sbuf_text(&one.link),
			    "Subject: x\nContent-Type: multipart/mixed;"
			    " boundary=b\n\n--b\n\nhello\n--b\n<HOLE>"
			    "\n--b--\n");
	assert_true(span_equal(rewrite_case_file(&one, 0), span_of(NUMBER)));
	rewrite_case_done(&one);
}

/* ---- refusals ---- */

static void
signed_and_encrypted_mail_is_refused(void **state)
{
	static const char *const mails[] = {
		HEAD MIME
		"Content-Type: multipart/signed; boundary=b;\r\n"
		" protocol=\"application/pgp-signature\"\r\n\r\n--b\r\n"
		"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n" TEXT
		"--c\r\n" NUMBERED "--c--\r\n--b\r\n"
		"Content-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n",
		HEAD MIME
		"Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n"
		"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
		"--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n"
		"--b--\r\n",
		HEAD MIME
		"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CA"
		"\r\n",
		/* As a list that adds a footer makes it. */
		HEAD MIME MIXED
		"--b\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n"
		"--s\r\n" TEXT
		"--s\r\nContent-Type: application/pkcs7-signature"
		"\r\n\r\nx\r\n--s--\r\n--b\r\n" NUMBERED "--b--\r\n",
		HEAD MIME MIXED
		"--b\r\nContent-Type: text/plain\r\n\r\n"
		"-----BEGIN PGP MESSAGE-----\r\n\r\n"
		"hQEMA4WXtmPd1cCmAQf/ZVJBcIBX0WqQ4WMaIE8=\r\n=aaaa\r\n"
		"-----END PGP MESSAGE-----\r\n--b\r\n" NUMBERED "--b--\r\n",
		/* Whatever its type says. */
		HEAD MIME "Content-Type: application/octet-stream; name=x\r\n"
			  "\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n"
			  "hQEMA4WXtmPd1cCmAQf/ZVJBcIBX0WqQ4WMaIE8=\r\n"
			  "=aaaa\r\n-----END PGP MESSAGE-----\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		must_refuse(mails[i], REWRITE_ALL, REWRITE_REFUSAL_SIGNED);
}

static void
numbers_in_the_text_or_header_are_refused(void **state)
{
	static const char *const mails[] = {
		HEAD MIME MIXED "--b\r\nContent-Type: text/plain;"
				" charset=utf-8\r\n\r\n" NUMBER
				"\r\n--b\r\n" NUMBERED "--b--\r\n",
		"X-Note: " NUMBER "\r\n" HEAD MIME MIXED "--b\r\n" TEXT
		"--b\r\n" NUMBERED "--b--\r\n",
		HEAD MIME MIXED NUMBER "\r\n--b\r\n" TEXT "--b\r\n" NUMBERED
				       "--b--\r\n",
		HEAD MIME
		"Content-Type: text/plain; charset=utf-8\r\n\r\n" NUMBER "\r\n",
		/* An alternative is text of the mail. */
		HEAD MIME
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
		"--b\r\n" TEXT "--b\r\nContent-Type: text/calendar; name=x.ics;"
		" charset=utf-8\r\n\r\nSUMMARY:" NUMBER "\r\n--b--\r\n",
		/* A file in the text is no attachment. */
		HEAD MIME MIXED
		"--b\r\nContent-Type: text/plain\r\n\r\nbegin 644 a.txt\r\n"
		":Y8\"+Y+JZYY6JY8^W(#$R,S0U-C<X.3 Q. H \r\n`\r\nend\r\n"
		"--b\r\n" NUMBERED "--b--\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		must_refuse(mails[i], REWRITE_ALL, REWRITE_REFUSAL_BODY);
}

static void
a_number_in_the_name_of_a_file_goes_with_it(void **state)
{
	(void)state;
	must_become(HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" NUMBERED_NAME
				    "--b--\r\n",
		    REWRITE_FINDINGS,
		    HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n<HOLE>\r\n"
				    "--b--\r\n");
}

static void
without_anything_to_cut_there_is_no_link_mail(void **state)
{
	(void)state;
	must_refuse(HEAD MIME TEXT, REWRITE_ALL, REWRITE_REFUSAL_NOTHING);
	must_refuse(HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" CLEAN "--b--\r\n",
		    REWRITE_FINDINGS, REWRITE_REFUSAL_NOTHING);
}

static void
what_can_be_read_in_several_ways_is_refused(void **state)
{
	static const char *const mails[] = {
		HEAD MIME "Content-Type: multipart/mixed; boundary=b;"
			  " boundary=c\r\n\r\n--b\r\n" TEXT "--b\r\n" NUMBERED
			  "--b--\r\n--c\r\n" TEXT "--c--\r\n",
		HEAD "Content-Type: text/plain\r\n" MIME MIXED "--b\r\n" TEXT
		     "--b\r\n" NUMBERED "--b--\r\n",
		HEAD "no field\r\n" MIME MIXED "--b\r\n" TEXT "--b\r\n" NUMBERED
		     "--b--\r\n",
		HEAD MIME MIXED
		"--b\r\n" TEXT
		"--b\r\nContent-Transfer-Encoding: 8bit\r\n" NUMBERED
		"--b--\r\n",
		/* Programs decode these to different bytes. */
		HEAD MIME MIXED
		"--b\r\n" TEXT
		"--b\r\n" FILE_OF("a.csv", NUMBER_64 "Zm9v\r\n") "--b--\r\n",
		HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" FILE_OF(
			"a.csv", NUMBER_64 "-- \r\nfooter\r\n") "--b--\r\n",
		HEAD MIME MIXED
		"--b\r\n" TEXT "--b\r\nContent-Type: text/csv; name=a.csv\r\n"
		"Content-Transfer-Encoding: x-uuencode\r\n\r\nx\r\n"
		"--b--\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		must_refuse(mails[i], REWRITE_ALL, REWRITE_REFUSAL_AMBIGUOUS);
}

static void
a_multipart_without_its_end_is_refused(void **state)
{
	(void)state;
	must_refuse(HEAD MIME MIXED "--b\r\n" TEXT "--b\r\n" NUMBERED,
		    REWRITE_ALL, REWRITE_REFUSAL_UNREAD);
}

static void
pieces_of_mails_are_refused(void **state)
{
	(void)state;
	must_refuse(HEAD MIME
		    "Content-Type: message/partial; id=x; number=1\r\n\r\n"
		    "Subject: y\r\n\r\nhello\r\n",
		    REWRITE_ALL, REWRITE_REFUSAL_PARTIAL);
	must_refuse(HEAD MIME MIXED
		    "--b\r\n" TEXT
		    "--b\r\nContent-Type: message/external-body; "
		    "access-type=url\r\n\r\nContent-Type: text/plain\r\n\r\n"
		    "--b\r\n" NUMBERED "--b--\r\n",
		    REWRITE_ALL, REWRITE_REFUSAL_PARTIAL);
}

static void
a_related_part_that_shows_the_others_is_not_cut(void **state)
{
	(void)state;
	must_refuse(HEAD MIME
		    "Content-Type: multipart/related; boundary=b\r\n\r\n"
		    "--b\r\nContent-Type: application/xml\r\n\r\n<x>" NUMBER
		    "</x>\r\n--b\r\n" CLEAN "--b--\r\n",
		    REWRITE_FINDINGS, REWRITE_REFUSAL_STRUCTURE);
}

static void
more_files_than_a_plan_has_are_refused(void **state)
{
	AUTO(sbuf_done) struct sbuf mail;

	(void)state;
	sbuf_init(&mail, SIZE_MAX / 2);
	sbuf_add_text(&mail, HEAD MIME MIXED);
	for (size_t i = 0; i <= REWRITE_MAX_CUTS; i++)
		sbuf_add_text(&mail, "--b\r\n" NUMBERED);
	sbuf_add_text(&mail, "--b--\r\n");
	must_refuse(sbuf_text(&mail), REWRITE_ALL, REWRITE_REFUSAL_LIMIT);
}

/* A part that is not known would not be cut. */
static void
a_mail_that_was_not_read_to_its_end_is_refused(void **state)
{
	struct rewrite_way way = { .what = REWRITE_ALL,
				   .names = REWRITE_NAMES_MASKED,
				   .limits = real_scan_limits };
	struct rewrite_case one;

	(void)state;
	way.limits.max_objects = 3;
	rewrite_case_run_as(&one,
			    span_of(HEAD MIME MIXED
				    "--b\r\n" TEXT "--b\r\n" CLEAN
				    "--b\r\n" CLEAN "--b\r\n" CLEAN
				    "--b--\r\n"),
			    &way);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_LIMIT);
	rewrite_case_done(&one);
	way.limits = real_scan_limits;
	way.limits.max_depth = 1;
	rewrite_case_run_as(
		&one,
		span_of(HEAD MIME MIXED
			"--b\r\n" TEXT "--b\r\n" CLEAN "--b\r\n"
			"Content-Type: multipart/mixed; boundary=c\r\n\r\n"
			"--c\r\nContent-Type: multipart/mixed; boundary=d\r\n"
			"\r\n--d\r\n" CLEAN "--d--\r\n--c--\r\n--b--\r\n"),
		&way);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_LIMIT);
	rewrite_case_done(&one);
}

/* What is unknown inside a file that is cut does not matter. */
static void
a_limit_inside_a_file_that_is_cut_is_none(void **state)
{
	struct rewrite_way way = { .what = REWRITE_FINDINGS,
				   .names = REWRITE_NAMES_MASKED,
				   .limits = real_scan_limits };
	struct rewrite_case one;

	(void)state;
	way.limits.max_depth = 1;
	rewrite_case_run_as(&one,
			    span_of(HEAD MIME MIXED
				    "--b\r\n" TEXT "--b\r\n"
				    "Content-Type: message/rfc822\r\n\r\n" HEAD
				    "\r\nx\r\n--b--\r\n"),
			    &way);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_int_equal(one.plan->cut_count, 1);
	rewrite_case_done(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_hole_takes_the_place_of_the_first_part_that_is_cut),
		cmocka_unit_test(only_parts_with_findings_are_cut_when_asked),
		cmocka_unit_test(a_part_before_the_text_is_cut_as_well),
		cmocka_unit_test(what_could_not_be_read_counts_as_a_finding),
		cmocka_unit_test(a_mail_that_is_an_attachment_keeps_its_header),
		cmocka_unit_test(
			an_attachment_in_an_alternative_gets_a_multipart_around_it),
		cmocka_unit_test(
			a_multipart_of_which_nothing_stays_goes_as_a_whole),
		cmocka_unit_test(a_picture_in_the_text_stays),
		cmocka_unit_test(pictures_that_nobody_read_are_counted),
		cmocka_unit_test(
			a_picture_that_the_text_does_not_show_is_an_attachment),
		cmocka_unit_test(
			a_picture_that_is_given_as_an_attachment_is_cut),
		cmocka_unit_test(a_numbered_picture_in_the_text_is_cut),
		cmocka_unit_test(a_mail_in_a_mail_is_cut_as_a_whole),
		cmocka_unit_test(the_file_of_outlook_is_a_file),
		cmocka_unit_test(fields_that_are_not_true_any_more_go),
		cmocka_unit_test(lines_may_end_with_lf),
		cmocka_unit_test(signed_and_encrypted_mail_is_refused),
		cmocka_unit_test(numbers_in_the_text_or_header_are_refused),
		cmocka_unit_test(a_number_in_the_name_of_a_file_goes_with_it),
		cmocka_unit_test(without_anything_to_cut_there_is_no_link_mail),
		cmocka_unit_test(what_can_be_read_in_several_ways_is_refused),
		cmocka_unit_test(a_multipart_without_its_end_is_refused),
		cmocka_unit_test(pieces_of_mails_are_refused),
		cmocka_unit_test(
			a_related_part_that_shows_the_others_is_not_cut),
		cmocka_unit_test(more_files_than_a_plan_has_are_refused),
		cmocka_unit_test(
			a_mail_that_was_not_read_to_its_end_is_refused),
		cmocka_unit_test(a_limit_inside_a_file_that_is_cut_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
