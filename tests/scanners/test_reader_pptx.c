/* Tests of the reader of office packages: PowerPoint. */
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/office_places.h"

static void
every_place_of_a_presentation_is_read(void **state)
{
	(void)state;
	office_check_places("pptx", NULL);
}

static void
slides_are_pages_in_the_order_they_are_shown(void **state)
{
	struct sink sink;

	(void)state;
	office_read(&sink, "pptx/places.pptx");
	/* slide2.xml is the first. */
	office_has(&sink, "text page 2: ");
	office_has(&sink, "cell page 2 table 1 1 2: 個人番号\n");
	office_has(&sink, "cell page 2 table 2 1 1: 個人番号\n");
	office_has(&sink, "text page 1: ");
	office_has(&sink, "text element 個人番号: ");
	recording_sink_done(&sink);
}

static void
every_byte_may_be_wrong_or_missing(void **state)
{
	(void)state;
	office_check_damage("pptx/small.pptx");
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
		cmocka_unit_test(every_place_of_a_presentation_is_read),
		cmocka_unit_test(slides_are_pages_in_the_order_they_are_shown),
		cmocka_unit_test(every_byte_may_be_wrong_or_missing),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
