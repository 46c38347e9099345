/* PDF documents through the whole scanner: samples in tests/data/pdf, made by
 * tests/data/make_pdfs.py with ReportLab and qpdf. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "scanners/client/scan_client.h"
#include "scanners/readers/reader.h"
#include "tests/harness/check.h"
#include "tests/scanners/pdf_scan.h"
#include "tests/scanners/recording_sink.h"

static void
text_of_a_page_is_read(void **state)
{
	(void)state;
	pdf_scan_check("pdf/text.pdf", "123456789018", "page 1");
}

static void
digits_placed_one_by_one_are_one_number(void **state)
{
	(void)state;
	pdf_scan_check("pdf/glyphs.pdf", "876543210989", "page 1");
}

static void
a_form_field_is_read_by_its_name(void **state)
{
	(void)state;
	pdf_scan_check("pdf/fields.pdf", "621498320257", "my_number");
}

static void
twelve_fields_of_one_digit_are_one_number(void **state)
{
	(void)state;
	pdf_scan_check("pdf/fields.pdf", "372967742338", "page 1");
}

static void
invisible_text_is_read(void **state)
{
	(void)state;
	pdf_scan_check("pdf/hidden.pdf", "292175895982", "page 1");
}

static void
notes_bookmarks_and_title_are_read(void **state)
{
	(void)state;
	pdf_scan_check("pdf/notes.pdf", "873321641958", "Note");
	pdf_scan_check("pdf/notes.pdf", "491131223718", "Bookmark");
	pdf_scan_check("pdf/notes.pdf", "185672239885", "Title");
}

static void
an_attached_file_is_a_part(void **state)
{
	AUTO(scan_reply_free)
	struct scan_reply *reply = pdf_scan_sample("pdf/attached.pdf");

	(void)state;
	assert_true(pdf_scan_has(&reply->report, "176521275740", "B2"));
	assert_string_equal(reply->report.findings[0].part, "a.pdf/list.csv");
}

static void
the_owners_password_alone_locks_nothing(void **state)
{
	(void)state;
	pdf_scan_check("pdf/owner_only.pdf", "123456789018", "page 1");
}

static void
check_opaque(const char *name, enum report_reason reason)
{
	AUTO(scan_reply_free) struct scan_reply *reply = pdf_scan_sample(name);

	assert_int_equal(reply->report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_int_equal(reply->report.opaques[0].reason, reason);
}

/* Viewers open them all the same. */
static void
a_damaged_mark_or_font_is_no_way_out(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;

	(void)state;
	pdf_scan_load("pdf/text.pdf", &bytes);
	bytes.bytes[1] ^= 1;
	AUTO(scan_reply_free)
	struct scan_reply *marked = pdf_scan_bytes(sbuf_span(&bytes));

	assert_int_equal(marked->report.verdict, REPORT_VERDICT_FOUND);
	bytes.bytes[1] ^= 1;
	uint8_t *font = memmem(bytes.bytes, bytes.len_bytes, "/Type0", 6);

	assert_non_null(font);
	font[2] ^= 1;
	AUTO(scan_reply_free)
	struct scan_reply *mute = pdf_scan_bytes(sbuf_span(&bytes));

	assert_int_not_equal(mute->report.verdict, REPORT_VERDICT_CLEAN);
}

static void
a_password_makes_it_locked(void **state)
{
	(void)state;
	check_opaque("locks/japanese.pdf", REPORT_REASON_LOCKED);
}

static void
the_password_opens_it(void **state)
{
	static const char *const samples[] = {
		"rc4_40",   "rc4_128", "aes128",         "aes256_5",
		"aes256_6", "streams", "clear_metadata", "japanese",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		char name[100];

		(void)snprintf(name, sizeof(name), "locks/%s.pdf", samples[i]);
		pdf_scan_load(name, &bytes);
		AUTO(scan_reply_free)
		struct scan_reply *reply = pdf_scan_with(
			sbuf_span(&bytes), strcmp(samples[i], "japanese") == 0
						   ? "秘密"
						   : "secret");
		const struct scan_report *report = &reply->report;

		if (!pdf_scan_has(report, "123456789018", "page 1"))
			fail_msg("%s stayed closed", name);
		assert_int_equal(report->lock_count, 1);
		assert_true(report->locks[0].opened);
		assert_int_equal(report->locks[0].source,
				 REPORT_WORD_SOURCE_GIVEN);
		assert_int_equal(report->opaque_count, 0);
	}
}

static void
a_page_that_is_a_picture_is_an_image(void **state)
{
	(void)state;
	check_opaque("pdf/picture.pdf", REPORT_REASON_IMAGE);
}

/* Poppler shows nothing of it. */
static void
a_form_in_xml_of_an_encrypted_file_is_not_read(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;

	(void)state;
	pdf_scan_load("pdf/owner_only.pdf", &bytes);
	sbuf_add_text(&bytes, "\n% << /XFA 1 0 R >>\n");
	AUTO(scan_reply_free)
	struct scan_reply *reply = pdf_scan_bytes(sbuf_span(&bytes));

	assert_int_equal(reply->report.opaque_count, 1);
	assert_int_equal(reply->report.opaques[0].reason,
			 REPORT_REASON_UNKNOWN_CONTAINER);
}

static void
clean_and_empty_pages_are_clean(void **state)
{
	static const char *const names[] = { "pdf/clean.pdf", "pdf/blank.pdf" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		AUTO(scan_reply_free)
		struct scan_reply *reply = pdf_scan_sample(names[i]);

		assert_int_equal(reply->report.verdict, REPORT_VERDICT_CLEAN);
		assert_string_equal(reply->report.parts[0].type, "pdf");
	}
}

/* Poppler repairs what it can: the number, or a line that says why not. */
static void
what_is_cut_off_is_never_clean(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;

	(void)state;
	pdf_scan_load("pdf/text.pdf", &bytes);
	for (size_t len = 5; len < bytes.len_bytes; len += 211) {
		AUTO(scan_reply_free)
		struct scan_reply *reply =
			pdf_scan_bytes((struct span){ bytes.bytes, len });

		if (reply->report.verdict == REPORT_VERDICT_CLEAN)
			fail_msg("clean after %zu bytes", len);
	}
}

static void
its_signature_may_stand_behind_other_bytes(void **state)
{
	const struct child hint = { .name = "",
				    .content_type = "",
				    .charset = "" };

	(void)state;
	assert_int_equal(reader_pdf.sniff(span_of("%PDF-1.7"), &hint),
			 SNIFF_CERTAIN);
	assert_int_equal(
		reader_pdf.sniff(span_of("junk\n%PDF-1.7\n1 0 obj\n<<"), &hint),
		SNIFF_LIKELY);
	/* A text about PDF is no document. */
	assert_int_equal(
		reader_pdf.sniff(span_of("the mark %PDF-1.7 and objects"),
				 &hint),
		SNIFF_NO);
	assert_int_equal(reader_pdf.sniff(span_of("%PD"), &hint), SNIFF_NO);
	assert_int_equal(reader_pdf.sniff(span_of("no PDF here"), &hint),
			 SNIFF_NO);
}

/* Append len_bytes of value, the lowest first. */
static void
add_le(struct sbuf *out, uint32_t value, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++, value >>= 8)
		sbuf_add_byte(out, (uint8_t)value);
}

/* A member of a zip as it is. */
static void
add_member(struct sbuf *zip, const char *name, const char *data)
{
	const uint32_t size = (uint32_t)strlen(data);

	add_le(zip, 0x04034B50, 4);
	add_le(zip, 20, 2);
	add_le(zip, 0, 2 + 2 + 4 + 4); /* flags, method, time, sum */
	add_le(zip, size, 4);
	add_le(zip, size, 4);
	add_le(zip, (uint32_t)strlen(name), 2);
	add_le(zip, 0, 2);
	sbuf_add_text(zip, name);
	sbuf_add_text(zip, data);
}

/* Two members, something between them, and what follows. */
static enum sniff
sniff_zip(const char *second, const char *between, const char *comment)
{
	static const char document[] =
		"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
	const struct child hint = { .name = "",
				    .content_type = "",
				    .charset = "" };
	AUTO(sbuf_done) struct sbuf zip;

	sbuf_init(&zip, 4096);
	add_member(&zip, "1.pdf", document);
	sbuf_add_text(&zip, between);
	add_member(&zip, "2.pdf", second != NULL ? second : document);
	add_le(&zip, 0x02014B50, 4);
	sbuf_add_text(&zip, comment);
	return reader_pdf.sniff(sbuf_span(&zip), &hint);
}

static void
a_zip_of_documents_is_none_unless_more_is_in_it(void **state)
{
	(void)state;
	assert_int_equal(sniff_zip(NULL, "", ""), SNIFF_NO);
	assert_int_equal(sniff_zip("a text about an object", "", ""), SNIFF_NO);
	assert_int_equal(sniff_zip("2 0 obj\n<<>>", "", ""), SNIFF_LIKELY);
	assert_int_equal(sniff_zip(NULL, "2 0 obj\n<<>>", ""), SNIFF_LIKELY);
	assert_int_equal(sniff_zip(NULL, "", "\n2 0 obj\n<<>>"), SNIFF_LIKELY);
}

static void
another_program_reads_it(void **state)
{
	const struct child hint = { .name = "",
				    .content_type = "",
				    .charset = "" };
	struct sink sink;
	struct err err;

	(void)state;
	recording_sink_init(&sink);
	check_status(ST_OK,
		     recording_sink_read(&sink, &reader_pdf,
					 span_of("%PDF-1.7"), &hint, &err),
		     &err);
	assert_true(recording_sink_has(&sink, "remote pdf 8 bytes"));
	recording_sink_done(&sink);
}

/* What poppler does not show: by hand, since no program writes such files. */
#define PDF_START                                                         \
	"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"      \
	"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"          \
	"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"        \
	"/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1" \
	"/BaseFont/Helvetica>>>>>>>>\nendobj\n4 0 obj\n"                  \
	"<</Length 64>>stream\nBT /F1 12 Tf 72 "
#define PDF_MIDDLE " Td ("
#define PDF_LAST                       \
	") Tj ET\nendstream\nendobj\n" \
	"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
#define PDF_NUMBER "My Number: 123456789018"

#define PDF_BESIDE(dictionary, data)                                         \
	PDF_START "700" PDF_MIDDLE "hello" PDF_LAST "9 0 obj\n<<" dictionary \
		  ">>stream\n" data "\nendstream\nendobj\n"

static const char *const unshown[] = {
	/* beside the paper */
	PDF_START "2000" PDF_MIDDLE PDF_NUMBER PDF_LAST,
	/* an earlier state, and the first of two documents */
	PDF_START "700" PDF_MIDDLE PDF_NUMBER PDF_LAST
		  "4 0 obj\n<</Length 30>>stream\nBT (hello) Tj ET\n"
		  "endstream\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n"
		  "0\n%%EOF\n",
	PDF_START "700" PDF_MIDDLE PDF_NUMBER PDF_LAST PDF_START
		  "700" PDF_MIDDLE "hello" PDF_LAST,
	/* behind the end, and in a remark */
	PDF_START "700" PDF_MIDDLE "hello" PDF_LAST PDF_NUMBER "\n",
	"%PDF-1.4\n% " PDF_NUMBER "\n" PDF_START "700" PDF_MIDDLE
	"hello" PDF_LAST,
	/* a file that no list names, and a drawing that no page uses */
	PDF_BESIDE("/Type/EmbeddedFile", PDF_NUMBER),
	PDF_BESIDE("/EmbeddedFile/Filter/ASCII85Decode",
		   "9mIjVF_tT!E]P<t1,CaE2E*TU0JPN~>"),
	PDF_BESIDE("/Filter[/ASCIIHexDecode]",
		   "4254284d79204e756d6265723a2031323334353637383930313829>"),
	/* beside the paper, in two bytes a character */
	PDF_START
	"2000 Td "
	"<004d00790020004e0075006d006200650072003a00200031003200330034"
	"00350036003700380039003000310038> Tj (" PDF_LAST,
	/* there, one by one */
	PDF_START "2000 Td (My Number: ) Tj 9 0 Td (1) Tj 9 0 Td (2) Tj 9 0 Td "
		  "(3) Tj 9 0 Td (4) Tj 9 0 Td (5) Tj 9 0 Td (6) Tj 9 0 Td "
		  "(7) Tj 9 0 Td (8) Tj 9 0 Td (9) Tj 9 0 Td (0) Tj 9 0 Td "
		  "(1) Tj 9 0 Td (8" PDF_LAST,
};

static void
what_viewers_do_not_show_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unshown); i++) {
		AUTO(scan_reply_free)
		struct scan_reply *reply = pdf_scan_bytes(span_of(unshown[i]));

		if (!pdf_scan_has(&reply->report, "123456789018", ""))
			fail_msg("document %zu", i);
	}
}

#define PDF_AND(more) PDF_START "700" PDF_MIDDLE "hello" PDF_LAST more

/* Where a number may be, and cannot be read. */
static const struct {
	const char *document;
	const char *detail;
} lost[] = {
	/* codes of a font, on no page */
	{ PDF_BESIDE("/Length 40",
		     "BT /F9 12 Tf <0102030405060708090a0b0c> Tj ET"),
	  "text that no page shows" },
	{ PDF_BESIDE("/Filter/FlateDecode", "x\x9c\xff\xff\xff"),
	  "damaged stream in the file" },
	{ PDF_BESIDE("/Filter/OtherDecode", "abcdefgh"), "unknown filter" },
	{ PDF_AND("9 0 obj\n<</X 1>>strean\nabc\nendstream\nendobj\n"),
	  "damaged stream in the file" },
	{ PDF_AND("9 0 obj\n<</X 1>>stream\nabc\nendstrean\nendobj\n"
		  "10 0 obj\n<</X 1>>stream\nabc\nendstream\nendobj\n"),
	  "damaged stream in the file" },
	/* fonts without their parts */
	{ PDF_AND("9 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/A/Encoding"
		  "/Identity-H>>\nendobj\n"),
	  "damaged font" },
	{ PDF_AND("9 0 obj\n<</Type/Font/Subtype/CIDFontTypo2/BaseFont/A"
		  "/CIDSystemInfo<<>>>>\nendobj\n"),
	  "damaged font" },
};

static void
what_is_lost_in_the_file_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lost); i++) {
		AUTO(scan_reply_free)
		struct scan_reply *reply =
			pdf_scan_bytes(span_of(lost[i].document));
		const struct scan_report *report = &reply->report;
		bool said = false;

		for (size_t k = 0; k < report->opaque_count; k++)
			said |= strstr(report->opaques[k].detail,
				       lost[i].detail) != NULL;
		if (!said)
			fail_msg("document %zu", i);
	}
}

/* The same in order: poppler alone complains, about the missing table. */
static void
what_is_whole_beside_the_pages_is_not_lost(void **state)
{
	static const char *const whole[] = {
		PDF_AND(""),
		PDF_BESIDE("/Length 3", "\x01\x02\x03"),
		/* a bracket of something else before them */
		PDF_AND("8 0 obj\n<</Y 8 0 R>>\nendobj\n%\x80(\n9 0 obj\n<<>>stream\nBT (hello, world) Tj "
			"ET\nendstream\nendobj\n10 0 obj\n<</Contents 9 0 R"
			">>\nendobj\n"),
		PDF_AND("9 0 obj\n<</X 1>>\nstream \r\nabc\nendstream\n"),
		PDF_BESIDE("/Length 40", "BT /F9 12 Tf (hello, world) Tj ET"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		AUTO(scan_reply_free)
		struct scan_reply *reply = pdf_scan_bytes(span_of(whole[i]));

		assert_int_equal(reply->report.opaque_count, 1);
		assert_string_equal(reply->report.opaques[0].detail,
				    "pdf: damaged list of objects");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_a_page_is_read),
		cmocka_unit_test(digits_placed_one_by_one_are_one_number),
		cmocka_unit_test(a_form_field_is_read_by_its_name),
		cmocka_unit_test(twelve_fields_of_one_digit_are_one_number),
		cmocka_unit_test(invisible_text_is_read),
		cmocka_unit_test(notes_bookmarks_and_title_are_read),
		cmocka_unit_test(an_attached_file_is_a_part),
		cmocka_unit_test(the_owners_password_alone_locks_nothing),
		cmocka_unit_test(a_damaged_mark_or_font_is_no_way_out),
		cmocka_unit_test(a_password_makes_it_locked),
		cmocka_unit_test(the_password_opens_it),
		cmocka_unit_test(a_page_that_is_a_picture_is_an_image),
		cmocka_unit_test(
			a_form_in_xml_of_an_encrypted_file_is_not_read),
		cmocka_unit_test(clean_and_empty_pages_are_clean),
		cmocka_unit_test(what_is_cut_off_is_never_clean),
		cmocka_unit_test(its_signature_may_stand_behind_other_bytes),
		cmocka_unit_test(
			a_zip_of_documents_is_none_unless_more_is_in_it),
		cmocka_unit_test(another_program_reads_it),
		cmocka_unit_test(what_viewers_do_not_show_is_read),
		cmocka_unit_test(what_is_lost_in_the_file_is_said),
		cmocka_unit_test(what_is_whole_beside_the_pages_is_not_lost),
	};

	return cmocka_run_group_tests(tests, pdf_scan_start, pdf_scan_stop);
}
