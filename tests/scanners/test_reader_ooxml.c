/* Tests of the reader of office packages: what holds for all of them. */
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/office_places.h"
#include "tests/scanners/sample.h"

static void
the_type_is_what_people_call_it(void **state)
{
	static const char *const samples[][2] = {
		{ "docx/macros.dotm", "docx" },
		{ "pptx/strict.pptx", "pptx" },
		{ "xlsx/libreoffice.xltx", "xlsx" },
		{ "xlsx/binary.xlsb", "ooxml" },
		{ "docx/other.xps", "ooxml" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct sbuf file;

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(samples[i][0], &file);
		assert_string_equal(reader_ooxml.type(sbuf_span(&file)),
				    samples[i][1]);
		sbuf_done(&file);
	}
}

static void
a_part_with_a_doctype_is_damage(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "docx/doctype.docx");
	office_has(&sink, "opaque damaged: xml: doctype\ngap: <?xml");
	recording_sink_done(&sink);
}

static void
what_stood_before_the_damage_is_read(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "docx/broken.docx");
	office_has(&sink, "text body 1: 12345678\n");
	office_has(&sink, "opaque damaged: xml: ");
	office_has(&sink, "opaque damaged: xml: no element\ngap: \1\2 no XML");
	recording_sink_done(&sink);
}

static void
packages_of_other_programs_are_opaque_after_a_sweep(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "docx/other.xps");
	office_has(&sink, "text element attribute: 個人番号 1234\n");
	office_has(&sink, "opaque unknown-container: office document");
	recording_sink_done(&sink);
}

static void
what_fits_no_budget_is_not_read(void **state)
{
	static const struct child attached = { .name = "",
					       .content_type = "",
					       .charset = "",
					       .attachment = true };
	struct sbuf file;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("docx/places.docx", &file);
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 5000;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_ooxml, sbuf_span(&file),
					 &attached, &err),
		     &err);
	recording_sink_done(&sink);
	sbuf_done(&file);
}

static int
prepare(void **state)
{
	struct err err = { 0 };

	(void)state;
	return reader_prepare(&err) == ST_OK ? 0 : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_type_is_what_people_call_it),
		cmocka_unit_test(a_part_with_a_doctype_is_damage),
		cmocka_unit_test(what_stood_before_the_damage_is_read),
		cmocka_unit_test(
			packages_of_other_programs_are_opaque_after_a_sweep),
		cmocka_unit_test(what_fits_no_budget_is_not_read),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
