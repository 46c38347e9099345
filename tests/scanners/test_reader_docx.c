/* Tests of the reader of office packages: Word. */
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/office_places.h"

static void
every_place_of_a_document_is_read(void **state)
{
	(void)state;
	office_check_places("docx", NULL);
}

static void
runs_join_and_paragraphs_are_lines(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "docx/small.docx");
	office_has(&sink, "text body 1: ");
	recording_sink_done(&sink);
}

static void
tables_are_cells_and_inner_ones_follow(void **state)
{
	static const char *const cells[] = {
		"cell table 1 1 2: 個人番号\ncell table 1 2 1: 山田太郎\n"
		"cell table 1 2 2: ",
		"cell table 2 1 1: 個人番号\ncell table 2 2 1: ",
		"cell table 3 1 1: 外\n",
		/* What is behind an inner table keeps its column. */
		"cell table 3 1 3: 外の後\ncell table 3 2 1: x\n"
		"cell table 3 2 2: ",
		"cell table 4 1 1: 個人番号\ncell table 4 2 1: ",
	};
	struct sink sink;

	(void)state;
	office_read(&sink, "docx/places.docx");
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		office_has(&sink, cells[i]);
	recording_sink_done(&sink);
}

static void
names_of_fields_are_their_labels(void **state)
{
	struct sink sink;

	(void)state;
	/* A property, a control and a variable. */
	office_read(&sink, "docx/places.docx");
	office_has(&sink, "text element 個人番号: ");
	recording_sink_done(&sink);
}

static void
every_byte_may_be_wrong_or_missing(void **state)
{
	(void)state;
	office_check_damage("docx/small.docx");
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
		cmocka_unit_test(every_place_of_a_document_is_read),
		cmocka_unit_test(runs_join_and_paragraphs_are_lines),
		cmocka_unit_test(tables_are_cells_and_inner_ones_follow),
		cmocka_unit_test(names_of_fields_are_their_labels),
		cmocka_unit_test(every_byte_may_be_wrong_or_missing),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
