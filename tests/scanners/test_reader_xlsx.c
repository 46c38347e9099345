/* Tests of the reader of office packages. */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/office_places.h"

static void
a_workbook_of_openpyxl_is_read(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/openpyxl.xlsx");
	office_has(&sink, "cell 名簿 1 2: 個人番号\n");
	office_has(&sink, "number 名簿 2 2: 123456789018\n");
	office_has(&sink, "cell 名簿 3 2: 6214-9832-0257\n");
	office_has(&sink, "控え 3729 6774 2338");
	assert_int_equal(sink.opaques, 0);
	assert_int_equal(sink.ambiguities, 0);
	recording_sink_done(&sink);
}

static void
all_kinds_of_cells_are_read(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/poi_like.xlsx");
	office_has(&sink, "cell 一覧 1 2: 個人番号\n");
	office_has(&sink, "cell 一覧 2 2: 123456789018\n");
	office_has(&sink, "number 一覧 3 2: 3.72967742338E11\n");
	office_has(&sink, "cell 一覧 4 2: 292175895982\n");
	office_has(&sink, "cell 一覧 5 2: 873321641958\n");
	office_has(&sink, "text element phonetic: コジン");
	office_has(&sink, "text element unused strings: unused 621498320257");
	office_has(&sink, "頁 &P");
	office_has(&sink, "\"xl/media/image1.png\"  attachment 10 bytes");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
a_doctype_is_damage_and_the_text_is_swept(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/doctype.xlsx");
	office_has(&sink, "opaque damaged: xml: doctype");
	office_has(&sink, "gap: <?xml version=\"1.0\"?><!DOCTYPE");
	office_has(&sink, "number 一覧 3 2: 3.72967742338E11\n");
	recording_sink_done(&sink);
}

static void
broken_xml_is_damage_and_the_text_is_swept(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/broken.xlsx");
	office_has(&sink, "opaque damaged: xml: ");
	office_has(&sink, "gap: <?xml");
	/* The strings that no cell asked for are given. */
	office_has(&sink, "123456789018");
	recording_sink_done(&sink);
}

static void
every_place_of_a_workbook_is_read(void **state)
{
	(void)state;
	office_check_places("xlsx", ".xlsb");
}

static void
the_source_of_a_pivot_table_is_a_table(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/places.xlsx");
	office_has(&sink, "cell xl/pivotCache/pivotCacheRecords1.xml 1 2: "
			  "個人番号\n"
			  "number xl/pivotCache/pivotCacheRecords1.xml 2 2: ");
	recording_sink_done(&sink);
}

/* Formulas that nobody calculated, zeros of formats, parts of addresses. */
static void
what_a_workbook_shows_is_read(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/shown.xlsx");
	office_has(&sink, "number 名簿 2 2: 123456789018\n");
	office_has(&sink, "number 名簿 3 2: _xlfn.CONCAT(621498320257)\n");
	office_has(&sink, "number 名簿 4 2: IF(A1=x,372967742338,)\n");
	office_has(&sink, "cell 名簿 5 2: 0023\n"
			  "number 名簿 5 3: 4567\n"
			  "number 名簿 5 4: 8908\n");
	office_has(&sink, "cell 名簿 6 2: 0123-4567－8903\n");
	office_has(&sink, "cell 名簿 7 2: 001234567893\n");
	/* Other formats show no more digits, or none of the number. */
	office_has(&sink, "number 名簿 9 2: 45000\n"
			  "number 名簿 9 3: 1.5\n");
	office_has(&sink, "text element mynumber: 292175895982\n");
	office_has(&sink, "text element 個人番号: 8733 2164 1958\n");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
a_comment_names_its_cell(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/shown.xlsx");
	office_has(&sink, "text element 名簿!B8, comment: 控え 012345678903\n");
	recording_sink_done(&sink);
	/* Programs differ in where they keep them. */
	office_read(&sink, "xlsx/xlsxwriter.xlsx");
	office_has(&sink, "!A2, comment: 021028808493");
	recording_sink_done(&sink);
}

static void
two_lists_of_strings_are_ambiguous(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/two_lists.xlsx");
	office_has(&sink, "unused strings: 1234\n5678\n");
	assert_int_equal(sink.ambiguities, 1);
	recording_sink_done(&sink);
}

static void
binary_workbooks_are_opaque_after_a_sweep(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "xlsx/binary.xlsb");
	office_has(&sink, "opaque unknown-container: xlsb");
	assert_true(sink.gaps > 2);
	recording_sink_done(&sink);
}

static void
every_byte_may_be_wrong_or_missing(void **state)
{
	(void)state;
	office_check_damage("xlsx/poi_like.xlsx");
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
		cmocka_unit_test(a_workbook_of_openpyxl_is_read),
		cmocka_unit_test(all_kinds_of_cells_are_read),
		cmocka_unit_test(a_doctype_is_damage_and_the_text_is_swept),
		cmocka_unit_test(broken_xml_is_damage_and_the_text_is_swept),
		cmocka_unit_test(every_place_of_a_workbook_is_read),
		cmocka_unit_test(the_source_of_a_pivot_table_is_a_table),
		cmocka_unit_test(what_a_workbook_shows_is_read),
		cmocka_unit_test(a_comment_names_its_cell),
		cmocka_unit_test(two_lists_of_strings_are_ambiguous),
		cmocka_unit_test(binary_workbooks_are_opaque_after_a_sweep),
		cmocka_unit_test(every_byte_may_be_wrong_or_missing),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
