/* Tests of the reader of S/MIME. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/cms_walk.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/sample.h"

struct sample_case {
	const char *path;
	bool found;
	enum report_reason reason; /* NONE: read in full */
	const char *detail;
};

static void
check_sample(const struct sample_case *sample)
{
	struct real_scan scan;
	struct sbuf file;

	sbuf_init(&file, SIZE_MAX / 2);
	sample_read(sample->path, &file);
	if (strstr(sample->path, ".eml") != NULL)
		real_scan_mail(&scan, sbuf_span(&file));
	else
		real_scan_file(&scan, "a", sbuf_span(&file));
	if (real_scan_found(&scan, NULL) != sample->found ||
	    (sample->reason == REPORT_REASON_NONE
		     ? scan.report.opaque_count > 0
		     : !real_scan_opaque(&scan, sample->reason,
					 sample->detail))) {
		real_scan_print(&scan);
		fail_msg("%s", sample->path);
	}
	real_scan_done(&scan);
	sbuf_done(&file);
}

static void
what_is_signed_is_read_and_what_is_encrypted_is_said(void **state)
{
	static const struct sample_case samples[] = {
		{ "mail/smime_signed.eml", true, REPORT_REASON_NONE, "" },
		{ "mail/smime_signed.p7m", true, REPORT_REASON_NONE, "" },
		/* Lengths that are not known, the content in pieces. */
		{ "mail/smime_stream.p7m", true, REPORT_REASON_NONE, "" },
		{ "mail/smime_detached.eml", true, REPORT_REASON_NONE, "" },
		{ "mail/smime_twice.eml", true, REPORT_REASON_NONE, "" },
		{ "mail/data.p7m", true, REPORT_REASON_NONE, "" },
		{ "mail/digested.p7m", true, REPORT_REASON_NONE, "" },
		{ "mail/certificates.p7c", false, REPORT_REASON_NONE, "" },
		{ "mail/smime_encrypted.eml", false, REPORT_REASON_ENCRYPTED,
		  "s/mime" },
		{ "mail/smime_authenticated.eml", false,
		  REPORT_REASON_ENCRYPTED, "s/mime" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		check_sample(&samples[i]);
}

/* Every prefix that has something of the content and not all says so. */
static void
every_prefix_is_whole_or_damaged(void **state)
{
	static const char *const paths[] = { "mail/smime_signed.p7m",
					     "mail/smime_stream.p7m",
					     "mail/data.p7m",
					     "mail/digested.p7m" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct sbuf file;

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(paths[i], &file);
		const uint8_t *end =
			memmem(file.bytes, file.len_bytes, "==--", 4);

		assert_non_null(end);
		for (size_t len = 16; len < file.len_bytes; len += 11) {
			const struct span prefix = { file.bytes, len };
			struct real_scan scan;

			real_scan_file(&scan, "a", prefix);
			if (file.bytes + len < end
				    ? !real_scan_opaque(
					      &scan, REPORT_REASON_DAMAGED, "")
				    : !real_scan_found(&scan, NULL)) {
				real_scan_print(&scan);
				fail_msg("%s: %zu bytes", paths[i], len);
			}
			real_scan_done(&scan);
		}
		sbuf_done(&file);
	}
}

/* They hold no content, but what is missing may be anything. */
static void
certificates_that_are_cut_off_are_damaged(void **state)
{
	struct sbuf file;

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("mail/certificates.p7c", &file);
	for (size_t len = 16; len < file.len_bytes; len += 11) {
		const struct span prefix = { file.bytes, len };
		struct real_scan scan;

		real_scan_file(&scan, "a", prefix);
		if (!real_scan_opaque(&scan, REPORT_REASON_DAMAGED, "")) {
			real_scan_print(&scan);
			fail_msg("%zu bytes", len);
		}
		real_scan_done(&scan);
	}
	sbuf_done(&file);
}

/* 1.2.840.113549.1. and more, as an element. */
#define OID_7(last)  "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07" last
#define OID_CT(last) "\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01" last

struct ber_case {
	const char *bytes;
	size_t len_bytes;
	enum cms_kind kind;
	const char *content; /* NULL: it is elsewhere */
	bool whole;
};
#define BER(text, kind, content, whole)                      \
	{                                                    \
		text, sizeof(text) - 1, kind, content, whole \
	}

static const struct ber_case ber_cases[] = {
	BER("\x30\x10" OID_7("\x01") "\xA0\x05\x04\x03"
				     "abc",
	    CMS_DATA, "abc", true),
	/* Indefinite, in pieces, in pieces of pieces. */
	BER("\x30\x80" OID_7("\x01") "\xA0\x80\x24\x80\x04\x01"
				     "a"
				     "\x24\x80\x04\x01"
				     "b"
				     "\x00\x00\x24\x03\x04\x01"
				     "c"
				     "\x00\x00\x00\x00\x00\x00",
	    CMS_DATA, "abc", true),
	BER("\x30\x14" OID_7("\x01") "\xA0\x09\x24\x07\x04\x01"
				     "a"
				     "\x04\x02"
				     "bc",
	    CMS_DATA, "abc", true),
	/* No end. */
	BER("\x30\x80" OID_7("\x01") "\xA0\x80\x24\x80\x04\x01"
				     "a"
				     "\x04\x09"
				     "bc",
	    CMS_DATA, "abc", false),
	/* What is no octet string is content, too. */
	BER("\x30\x10" OID_7("\x01") "\xA0\x05\x0C\x03"
				     "abc",
	    CMS_DATA,
	    "\x0C\x03"
	    "abc",
	    true),
	/* Signed: version, algorithms, content, and certificates in
	 * [0], which are no content. */
	BER("\x30\x21" OID_7("\x02") "\xA0\x16\x30\x14\x02\x01\x01\x31"
				     "\x00\x30\x0B" OID_7("\x01") "\xA0\x00",
	    CMS_SIGNED, NULL, true),
	BER("\x30\x2E" OID_7("\x02") "\xA0\x21\x30\x1F\x02\x01\x01\x31"
				     "\x80\x00\x00\x30\x12" OID_7(
					     "\x01") "\xA0\x05\x04\x03"
						     "abc",
	    CMS_SIGNED, "abc", true),
	/* A length of more than there is. */
	BER("\x30\x84\x7F\xFF\xFF\xFF" OID_7("\x01") "\xA0\x84\x7F\xFF"
						     "\xFF\xFF\x04\x84"
						     "\x7F\xFF\xFF\xFF"
						     "abc",
	    CMS_DATA, "abc", false),
	BER("\x30\x20" OID_7("\x03") "\xA0\x00", CMS_ENCRYPTED, NULL, true),
	BER("\x30\x20" OID_7("\x06") "\xA0\x00", CMS_ENCRYPTED, NULL, true),
	BER("\x30\x20" OID_CT("\x17") "\xA0\x00", CMS_ENCRYPTED, NULL, true),
	BER("\x30\x20" OID_CT("\x09") "\xA0\x00", CMS_COMPRESSED, NULL, false),
	BER("\x30\x20" OID_CT("\x7F") "\xA0\x00", CMS_OTHER, NULL, true),
	BER("\x30\x20\x02\x01\x03\x30\x10" OID_7("\x01"), CMS_LOCKED, NULL,
	    true),
	BER("\x30\x20\x02\x01\x03\x30\x10\x05", CMS_NONE, NULL, true),
	/* A tag of several bytes among the algorithms. */
	BER("\x30\x80" OID_7("\x02") "\xA0\x80\x30\x80\x02\x01\x01\x3F\x81"
				     "\x01\x00\x30\x80" OID_7(
					     "\x01") "\xA0\x80\x04\x03"
						     "abc",
	    CMS_SIGNED, "abc", true),
	BER("\x30\x03\x06\x01\x2A", CMS_NONE, NULL, true),
	BER("\x30", CMS_NONE, NULL, true),
	BER("", CMS_NONE, NULL, true),
};

static void
ber_in_every_form_is_followed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ber_cases); i++) {
		const struct span bytes = { (const uint8_t *)ber_cases[i].bytes,
					    ber_cases[i].len_bytes };
		struct cms_content content = { .is_there = false };

		sbuf_init(&content.bytes, SIZE_MAX / 2);
		if (cms_kind_of(bytes) != ber_cases[i].kind)
			fail_msg("case %zu: kind %d", i, cms_kind_of(bytes));
		if (ber_cases[i].kind != CMS_NONE &&
		    ber_cases[i].kind < CMS_ENCRYPTED) {
			const bool ok = cms_find_content(
				bytes, ber_cases[i].kind, &content);

			if ((ok && content.is_whole) != ber_cases[i].whole ||
			    content.is_there != (ber_cases[i].content != NULL))
				fail_msg("case %zu: %d %d", i, ok,
					 content.is_whole);
			if (ber_cases[i].content != NULL)
				assert_string_equal(sbuf_text(&content.bytes),
						    ber_cases[i].content);
		}
		sbuf_done(&content.bytes);
	}
}

/* "個人番号 123456789018" packed by zlib. */
/* clang-format off */
static const uint8_t compressed[] = {
	0x30, 0x57, 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09,
	0x10, 0x01, 0x09, 0xa0, 0x48, 0x30, 0x46, 0x02, 0x01, 0x00, 0x30, 0x0d,
	0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x03,
	0x08, 0x30, 0x32, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x07, 0x01, 0xa0, 0x25, 0x04, 0x23, 0x78, 0xda, 0x7b, 0xda, 0xd0, 0xfd,
	0x64, 0xd7, 0xae, 0xe7, 0x53, 0x57, 0x3d, 0xed, 0xdf, 0xae, 0x60, 0x68,
	0x64, 0x6c, 0x62, 0x6a, 0x66, 0x6e, 0x61, 0x69, 0x60, 0x68, 0xc1, 0x05,
	0x00, 0xc4, 0xa1, 0x0b, 0x3a,
};
/* clang-format on */

static void
what_is_compressed_is_read(void **state)
{
	const struct span whole = { compressed, sizeof(compressed) };
	struct real_scan scan;

	(void)state;
	real_scan_file(&scan, "a.p7z", whole);
	if (!real_scan_found(&scan, NULL) || scan.report.opaque_count > 0) {
		real_scan_print(&scan);
		fail_msg("not read");
	}
	real_scan_done(&scan);
	for (size_t len = 60; len < sizeof(compressed) - 5; len++) {
		const struct span prefix = { compressed, len };

		real_scan_file(&scan, "a.p7z", prefix);
		assert_int_not_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
		real_scan_done(&scan);
	}
}

static void
the_declared_type_is_not_all_that_counts(void **state)
{
	static const struct {
		const char *mail;
		enum report_reason reason;
	} cases[] = {
		{ "Content-Type: application/pkcs7-mime\n\nhello\n",
		  REPORT_REASON_DAMAGED },
		{ "Content-Type: application/x-pkcs7-mime;\n "
		  "smime-type=signed-data\n"
		  "Content-Transfer-Encoding: base64\n\nMAA=\n",
		  REPORT_REASON_DAMAGED },
		/* Enveloped, by content: base64 without its header, a file of
		 * no type, an armor. */
		{ "Content-Type: application/pkcs7-mime\n\n"
		  "MIAGCSqGSIb3DQEHA6CAMIACAQAAAAAAAAA=\n",
		  REPORT_REASON_ENCRYPTED },
		{ "Content-Type: application/octet-stream; name=smime.p7m\n"
		  "Content-Transfer-Encoding: base64\n\n"
		  "MIAGCSqGSIb3DQEHA6CAMIACAQAAAAAAAAA=\n",
		  REPORT_REASON_ENCRYPTED },
		{ "Content-Type: text/plain\n\n-----BEGIN PKCS7-----\n"
		  "MIAGCSqGSIb3DQEHA6CAMIACAQAAAAAAAAA=\n"
		  "-----END PKCS7-----\n",
		  REPORT_REASON_ENCRYPTED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct real_scan scan;

		real_scan_mail(&scan, span_of(cases[i].mail));
		if (!real_scan_opaque(&scan, cases[i].reason, "")) {
			real_scan_print(&scan);
			fail_msg("case %zu", i);
		}
		real_scan_done(&scan);
	}
}

static void
deep_nests_take_linear_time(void **state)
{
	static const char *const units[] = { "\x24\x80", "\x30\x80",
					     "\xA0\x80" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct real_scan scan;
		struct sbuf body;

		sbuf_init(&body, SIZE_MAX / 2);
		sbuf_add(&body, "\x30\x80" OID_7("\x01") "\xA0\x80\x24\x80",
			 17);
		for (size_t k = 0; k < 500000; k++)
			sbuf_add(&body, units[i], 2);
		real_scan_file(&scan, "a", sbuf_span(&body));
		assert_true(real_scan_opaque(&scan, REPORT_REASON_DAMAGED, ""));
		assert_true(scan.report.elapsed_ms < 5000);
		real_scan_done(&scan);
		sbuf_done(&body);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_signed_is_read_and_what_is_encrypted_is_said),
		cmocka_unit_test(every_prefix_is_whole_or_damaged),
		cmocka_unit_test(certificates_that_are_cut_off_are_damaged),
		cmocka_unit_test(ber_in_every_form_is_followed),
		cmocka_unit_test(what_is_compressed_is_read),
		cmocka_unit_test(the_declared_type_is_not_all_that_counts),
		cmocka_unit_test(deep_nests_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
