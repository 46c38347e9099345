/* Tests of the reader of binary data between lines of dashes. */
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/sample.h"

struct sample_case {
	const char *path;
	bool found;
	enum report_reason reason; /* NONE: read in full */
	const char *detail;
};

static const struct sample_case samples[] = {
	{ "mail/signed.asc", true, REPORT_REASON_NONE, "" },
	{ "mail/stored.asc", true, REPORT_REASON_NONE, "" },
	{ "mail/detached.asc", false, REPORT_REASON_NONE, "" },
	{ "mail/key.asc", false, REPORT_REASON_NONE, "" },
	{ "mail/encrypted.asc", false, REPORT_REASON_ENCRYPTED, "pgp message" },
	{ "mail/symmetric.asc", false, REPORT_REASON_LOCKED,
	  "pgp by a password" },
};

static void
check_sample(const struct sample_case *sample, const struct real_scan *scan)
{
	if (real_scan_found(scan, NULL) == sample->found &&
	    (sample->reason == REPORT_REASON_NONE
		     ? scan->report.opaque_count == 0
		     : real_scan_opaque(scan, sample->reason, sample->detail)))
		return;
	real_scan_print(scan);
	fail_msg("%s", sample->path);
}

/* As the body of a mail, quoted in an answer, and attached. */
static void
an_armor_is_found_in_mails(void **state)
{
	static const char *const heads[] = {
		"Content-Type: text/plain\n\nhello\n\n",
		"Content-Type: text/html\n\n<pre>\n",
		"Content-Type: application/pgp-encrypted\n\n",
		"Content-Type: application/octet-stream; name=x.asc\n\n",
		"Content-Transfer-Encoding: quoted-printable\n\n=\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct sbuf file;
		struct sbuf mail;

		sbuf_init(&file, SIZE_MAX / 2);
		sbuf_init(&mail, SIZE_MAX / 2);
		sample_read(samples[i].path, &file);
		for (size_t k = 0; k < ARRAY_LEN(heads); k++) {
			struct real_scan scan;

			/* The last one would change "=" of the armor. */
			if (k == 4 &&
			    memchr(file.bytes, '=', file.len_bytes) != NULL)
				continue;
			sbuf_clear(&mail);
			sbuf_addf(&mail, "%s%s\n", heads[k], sbuf_text(&file));
			real_scan_mail(&scan, sbuf_span(&mail));
			check_sample(&samples[i], &scan);
			real_scan_done(&scan);
		}
		sbuf_done(&mail);
		sbuf_done(&file);
	}
}

static void
words_about_an_armor_are_none(void **state)
{
	static const char *const texts[] = {
		"It starts with -----BEGIN PGP MESSAGE----- and so on.\n",
		"-----BEGIN PGP MESSAGE\n",
		("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n"
		 "-----BEGIN PGP SIGNATURE-----\n\nabcd\n"
		 "-----END PGP SIGNATURE-----\n"),
		"-----BEGIN CERTIFICATE-----\nabcd\n-----END CERTIFICATE-----\n",
		"----- BEGIN PGP MESSAGE -----\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct real_scan scan;

		real_scan_file(&scan, "a.txt", span_of(texts[i]));
		if (scan.report.verdict != REPORT_VERDICT_CLEAN) {
			real_scan_print(&scan);
			fail_msg("%s", texts[i]);
		}
		real_scan_done(&scan);
	}
}

static void
a_quoted_or_broken_armor_is_said(void **state)
{
	static const char *const texts[] = {
		("> -----BEGIN PGP MESSAGE-----\n>\n> 0gMBeHk=\n> =abcd\n"
		 "> -----END PGP MESSAGE-----\n"),
		("-----BEGIN PGP MESSAGE, PART 1/2-----\n\n0gMBeHk=\n"
		 "-----END PGP MESSAGE, PART 1/2-----\n"),
		"-----BEGIN PGP MESSAGE-----\nVersion: x\n\n0gMBeHk=\n",
		"-----BEGIN PGP MESSAGE-----\n\n!\n-----END PGP MESSAGE-----\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct real_scan scan;

		real_scan_file(&scan, "a.txt", span_of(texts[i]));
		if (scan.report.verdict != REPORT_VERDICT_UNSCANNABLE) {
			real_scan_print(&scan);
			fail_msg("%s", texts[i]);
		}
		real_scan_done(&scan);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_armor_is_found_in_mails),
		cmocka_unit_test(words_about_an_armor_are_none),
		cmocka_unit_test(a_quoted_or_broken_armor_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
