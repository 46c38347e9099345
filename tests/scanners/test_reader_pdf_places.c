/* Numbers in places of PDF documents for which poppler-glib has no function,
 * and pages that are not what they seem: samples in tests/data/pdf_places, made
 * by tests/data/make_pdf_places.py. */
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/pdf_scan.h"

struct place {
	const char *sample;
	const char *number;
	const char *location;
};

static void
check_places(const struct place *places, size_t count)
{
	for (size_t i = 0; i < count; i++)
		pdf_scan_check(places[i].sample, places[i].number,
			       places[i].location);
}

static void
what_can_be_chosen_is_read(void **state)
{
	static const struct place places[] = {
		{ "pdf_places/choices.pdf", "123456789018", "my_number" },
		{ "pdf_places/choices_of_pairs.pdf", "372967742338",
		  "個人番号" },
	};

	(void)state;
	check_places(places, ARRAY_LEN(places));
}

static void
combs_names_and_captions_of_fields_are_read(void **state)
{
	static const struct place places[] = {
		{ "pdf_places/comb.pdf", "292175895982", "mynumber" },
		{ "pdf_places/field_name.pdf", "621498320257", "Field" },
		{ "pdf_places/caption.pdf", "873321641958", "CA" },
	};

	(void)state;
	check_places(places, ARRAY_LEN(places));
}

static void
forms_in_xml_are_read_packed_or_not(void **state)
{
	static const struct place places[] = {
		{ "pdf_places/xfa.pdf", "185672239885", "mynumber" },
		{ "pdf_places/xfa_packed.pdf", "185672239885", "mynumber" },
	};

	(void)state;
	check_places(places, ARRAY_LEN(places));
}

static void
scripts_are_text(void **state)
{
	static const struct place places[] = {
		{ "pdf_places/script.pdf", "491131223718", "JS" },
		{ "pdf_places/script_packed.pdf", "491131223718", "JS" },
		{ "pdf_places/script_of_page.pdf", "176521275740", "JS" },
		{ "pdf_places/script_stream.pdf", "263348291158", "line 1" },
	};

	(void)state;
	check_places(places, ARRAY_LEN(places));
}

static void
labels_structure_and_metadata_are_read(void **state)
{
	static const struct place places[] = {
		{ "pdf_places/label.pdf", "123456789018", "Label" },
		{ "pdf_places/info.pdf", "372967742338", "MyNumber" },
		{ "pdf_places/actual_text.pdf", "292175895982", "Alt" },
		{ "pdf_places/metadata.pdf", "491131223718", "mynumber" },
	};

	(void)state;
	check_places(places, ARRAY_LEN(places));
}

static void
layers_that_are_off_are_read(void **state)
{
	(void)state;
	pdf_scan_check("pdf_places/layer.pdf", "185672239885", "page 1");
}

static void
a_note_may_have_a_look_and_no_text(void **state)
{
	(void)state;
	pdf_scan_check("pdf_places/free_text.pdf", "621498320257",
		       "Appearance");
}

static void
the_file_of_a_note_is_a_part_with_its_name(void **state)
{
	AUTO(scan_reply_free)
	struct scan_reply *reply = pdf_scan_sample("pdf_places/file_note.pdf");
	const struct scan_report *report = &reply->report;

	(void)state;
	assert_int_equal(report->part_count, 2);
	assert_string_equal(report->parts[1].name, "list.csv");
	assert_string_equal(report->parts[1].type, "csv");
	assert_true(pdf_scan_has(report, "873321641958", "B2"));
}

static void
check_unread(const char *name, enum report_reason reason, const char *detail)
{
	AUTO(scan_reply_free)
	struct scan_reply *reply = pdf_scan_sample(name);
	const struct scan_report *report = &reply->report;

	for (size_t i = 0; i < report->opaque_count; i++)
		if (report->opaques[i].reason == reason &&
		    strstr(report->opaques[i].detail, detail) != NULL)
			return;
	fail_msg("%s: %zu parts not read, none for that", name,
		 report->opaque_count);
}

static void
a_page_that_is_broken_inside_says_so(void **state)
{
	(void)state;
	check_unread("pdf_places/damaged_page.pdf", REPORT_REASON_DAMAGED,
		     "damaged");
	check_unread("pdf_places/unknown_operators.pdf", REPORT_REASON_DAMAGED,
		     "damaged page");
}

static void
scripts_of_an_encrypted_file_are_not_read(void **state)
{
	(void)state;
	check_unread("pdf_places/script_encrypted.pdf",
		     REPORT_REASON_UNKNOWN_CONTAINER, "script");
}

static void
glyphs_without_characters_are_an_image(void **state)
{
	(void)state;
	check_unread("pdf_places/mute.pdf", REPORT_REASON_IMAGE,
		     "text without characters");
}

/* A card pasted into a letter; a rule that was drawn as an image is none. */
static void
a_picture_beside_text_is_an_image(void **state)
{
	(void)state;
	check_unread("pdf_places/picture_beside_text.pdf", REPORT_REASON_IMAGE,
		     "has a picture");
	AUTO(scan_reply_free)
	struct scan_reply *reply =
		pdf_scan_sample("pdf_places/rule_beside_text.pdf");

	assert_int_equal(reply->report.verdict, REPORT_VERDICT_CLEAN);
}

/* Looking at it takes a font of the system, whose files are asked about in
 * ways that the sandbox must refuse without harm. */
static void
a_field_with_a_font_of_the_system_is_looked_at(void **state)
{
	(void)state;
	check_unread("pdf_places/field_alone.pdf", REPORT_REASON_IMAGE,
		     "needs ocr");
}

/* Zeros somewhere in the packed text of a page: a number is found before them,
 * or the page says that it is damaged. */
static void
damage_anywhere_in_a_page_is_never_clean(void **state)
{
	enum { DAMAGE_BYTES = 24, DAMAGE_STEPS = 12 };
	AUTO(sbuf_done) struct sbuf whole;
	const uint8_t *start = NULL;

	(void)state;
	pdf_scan_load("pdf_places/damaged_page.pdf", &whole);
	start = memmem(whole.bytes, whole.len_bytes, "/FlateDecode>>stream\n",
		       21);
	assert_non_null(start);
	const size_t from = (size_t)(start - whole.bytes) + 21;

	for (size_t i = 0; i < DAMAGE_STEPS; i++) {
		const size_t at = from + 2 + i * 16;

		memset(whole.bytes + at, 0, DAMAGE_BYTES);
		AUTO(scan_reply_free)
		struct scan_reply *reply = pdf_scan_bytes(sbuf_span(&whole));

		if (reply->report.verdict == REPORT_VERDICT_CLEAN)
			fail_msg("clean with zeros at %zu", at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_chosen_is_read),
		cmocka_unit_test(combs_names_and_captions_of_fields_are_read),
		cmocka_unit_test(forms_in_xml_are_read_packed_or_not),
		cmocka_unit_test(scripts_are_text),
		cmocka_unit_test(labels_structure_and_metadata_are_read),
		cmocka_unit_test(layers_that_are_off_are_read),
		cmocka_unit_test(a_note_may_have_a_look_and_no_text),
		cmocka_unit_test(the_file_of_a_note_is_a_part_with_its_name),
		cmocka_unit_test(a_page_that_is_broken_inside_says_so),
		cmocka_unit_test(scripts_of_an_encrypted_file_are_not_read),
		cmocka_unit_test(glyphs_without_characters_are_an_image),
		cmocka_unit_test(a_picture_beside_text_is_an_image),
		cmocka_unit_test(
			a_field_with_a_font_of_the_system_is_looked_at),
		cmocka_unit_test(damage_anywhere_in_a_page_is_never_clean),
	};

	return cmocka_run_group_tests(tests, pdf_scan_start, pdf_scan_stop);
}
