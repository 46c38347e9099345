/* Tests of the reader of OpenPGP data, with and without armor. */
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
	{ "mail/clear_signed.txt", true, REPORT_REASON_NONE, "" },
	{ "mail/signed.asc", true, REPORT_REASON_NONE, "" },
	{ "mail/signed.gpg", true, REPORT_REASON_NONE, "" },
	{ "mail/signed_plain.asc", true, REPORT_REASON_NONE, "" },
	{ "mail/signed_zlib.gpg", true, REPORT_REASON_NONE, "" },
	{ "mail/signed_bzip2.gpg", true, REPORT_REASON_NONE, "" },
	{ "mail/stored.asc", true, REPORT_REASON_NONE, "" },
	{ "mail/detached.sig", false, REPORT_REASON_NONE, "" },
	{ "mail/detached.asc", false, REPORT_REASON_NONE, "" },
	{ "mail/key.asc", false, REPORT_REASON_NONE, "" },
	{ "mail/key.gpg", false, REPORT_REASON_NONE, "" },
	{ "mail/encrypted.asc", false, REPORT_REASON_ENCRYPTED, "pgp message" },
	{ "mail/encrypted.gpg", false, REPORT_REASON_ENCRYPTED, "pgp message" },
	{ "mail/symmetric.asc", false, REPORT_REASON_LOCKED,
	  "pgp by a password" },
};

static bool
sample_is_armored(const struct sample_case *sample)
{
	return strstr(sample->path, ".asc") != NULL;
}

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

static void
what_is_signed_is_read_and_what_is_encrypted_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct real_scan scan;
		struct sbuf file;

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(samples[i].path, &file);
		real_scan_file(&scan, "a", sbuf_span(&file));
		check_sample(&samples[i], &scan);
		real_scan_done(&scan);
		sbuf_done(&file);
	}
}

/* No prefix of a message in which something is missing is clean. */
static void
every_prefix_is_found_or_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct sbuf file;

		if (!samples[i].found &&
		    samples[i].reason == REPORT_REASON_NONE)
			continue;
		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(samples[i].path, &file);
		const size_t start = sample_is_armored(&samples[i]) ? 30 : 20;
		const size_t end = strstr(samples[i].path, "clear") != NULL
					   ? 0
					   : file.len_bytes;

		for (size_t len = start; len < end; len += 7) {
			const struct span prefix = { file.bytes, len };
			struct real_scan scan;

			real_scan_file(&scan, "a", prefix);
			if (scan.report.verdict == REPORT_VERDICT_CLEAN) {
				real_scan_print(&scan);
				fail_msg("%s: %zu bytes", samples[i].path, len);
			}
			real_scan_done(&scan);
		}
		sbuf_done(&file);
	}
}

/* Nor is one of a signature. */
static void
a_signature_that_is_cut_off_is_damaged(void **state)
{
	struct sbuf file;

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("mail/detached.sig", &file);
	for (size_t len = 16; len < file.len_bytes; len++) {
		const struct span prefix = { file.bytes, len };
		struct real_scan scan;

		real_scan_file(&scan, "a", prefix);
		if (!real_scan_opaque(&scan, REPORT_REASON_DAMAGED, "pgp")) {
			real_scan_print(&scan);
			fail_msg("%zu bytes", len);
		}
		real_scan_done(&scan);
	}
	sbuf_done(&file);
}

struct packet_case {
	const char *bytes;
	size_t len_bytes;
	bool found;
	const char *detail; /* NULL: nothing is said */
};
#define PACKETS(text, found, detail)                  \
	{                                             \
		text, sizeof(text) - 1, found, detail \
	}
#define LABEL  "\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7"
#define NUMBER " 123456789018\n"

static void
packets_in_every_form_are_followed(void **state)
{
	static const struct packet_case cases[] = {
		/* Lengths of one, two and five bytes, old and new. */
		PACKETS("\xCB\x20"
			"b\0\0\0\0\0" LABEL NUMBER,
			true, NULL),
		PACKETS("\xCB\xFF\0\0\0\x20"
			"b\0\0\0\0\0" LABEL NUMBER,
			true, NULL),
		PACKETS("\xAC\x20"
			"b\0\0\0\0\0" LABEL NUMBER,
			true, NULL),
		PACKETS("\xAD\0\x20"
			"b\0\0\0\0\0" LABEL NUMBER,
			true, NULL),
		PACKETS("\xAE\0\0\0\x20"
			"b\0\0\0\0\0" LABEL NUMBER,
			true, NULL),
		/* In pieces of 16, 4 and 12. */
		PACKETS("\xCB\xE4"
			"b\0\0\0\0\0\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5"
			"\xE2\x8f\xb7 1\x0C"
			"23456789018\n",
			true, NULL),
		/* With a name. */
		PACKETS("\xCB\x1C"
			"b\2\x63\x64\0\0\0\0"
			"012345678901234567\r\n",
			false, NULL),
		/* Not packed. */
		PACKETS("\xC8\x23\0\xCB\x20"
			"b\0\0\0\0\0" LABEL NUMBER,
			true, NULL),
		PACKETS("\xC8\x04\3BZh", false, "bzip2"),
		/* A marker, then what is encrypted with no key before it. */
		PACKETS("\xCA\3PGP\xD2\3\1xy", false, "pgp message"),
		PACKETS("\xC3\4\4\x09\0\x08\xD4\3\1xy", false,
			"pgp by a password"),
		PACKETS("\xC3\4\4\x09\0\x08\xC1\4\3xyz\xD2\3\1xy", false,
			"pgp message"),
		/* Keys for what never came. */
		PACKETS("\xC1\4\3xyz", false, "pgp message"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct span bytes = { (const uint8_t *)cases[i].bytes,
					    cases[i].len_bytes };
		struct real_scan scan;
		bool said = false;

		real_scan_file(&scan, "a", bytes);
		for (size_t k = 0; k < scan.report.opaque_count; k++)
			said |= cases[i].detail != NULL &&
				(strstr(scan.report.opaques[k].detail,
					cases[i].detail) != NULL ||
				 strcmp(report_reason_name(
						scan.report.opaques[k].reason),
					cases[i].detail) == 0);
		if (real_scan_found(&scan, NULL) != cases[i].found ||
		    said != (cases[i].detail != NULL) ||
		    (cases[i].detail == NULL && scan.report.opaque_count > 0)) {
			real_scan_print(&scan);
			fail_msg("case %zu", i);
		}
		real_scan_done(&scan);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_signed_is_read_and_what_is_encrypted_is_said),
		cmocka_unit_test(every_prefix_is_found_or_said),
		cmocka_unit_test(a_signature_that_is_cut_off_is_damaged),
		cmocka_unit_test(packets_in_every_form_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
