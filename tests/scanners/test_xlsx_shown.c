/* What formulas put together, and what formats make of numbers. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/xlsx_format.h"
#include "scanners/readers/xlsx_formula.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static void
texts_of_a_formula_join(void **state)
{
	static const char *const cases[][2] = {
		{ "\"123456\"&\"789018\"", "123456789018" },
		{ "\"1234\" & \"5678\"\n& 9018", "123456789018" },
		{ "1234&5678&\"9018\"", "123456789018" },
		{ "CONCATENATE(\"1234\",\"5678\")&\"9018\"",
		  "CONCATENATE(12345678)&9018" },
		{ "_xlfn.CONCAT(\"1\"; \"2\")", "_xlfn.CONCAT(12)" },
		{ "IF(A1=\"x\",\"12\"&\"34\",\"\")", "IF(A1=x,1234,)" },
		{ "\"a\"\"b\"&\"c\"", "a\"bc" },
		/* Nothing to join, or no texts. */
		{ "\"1234\"", NULL },
		{ "SUM(1,2)", NULL },
		{ "A1&B1", NULL },
		{ "A12&\"34\"", NULL },
		{ "IF(A1,\"12\",\"34\")", NULL },
		{ "CONCAT(SUM(1,2))", NULL },
		{ "", NULL },
		/* Cut off. */
		{ "\"12\"&\"34", "1234" },
		{ "\"12\"&", NULL },
		{ "\"", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *wanted = cases[i][1] != NULL ? cases[i][1] : "";
		struct sbuf out;

		sbuf_init(&out, SIZE_MAX / 2);
		if (xlsx_formula_join(span_of(cases[i][0]), &out) !=
			    (cases[i][1] != NULL) ||
		    strcmp(sbuf_text(&out), wanted) != 0)
			fail_msg("%s: %s", cases[i][0], sbuf_text(&out));
		sbuf_done(&out);
	}
}

struct shown {
	const char *code;
	const char *value;
	const char *shown; /* NULL: nothing more than the value */
};

static void
check_shown(const struct shown *one)
{
	struct xlsx_formats formats;
	struct sbuf document;
	struct sbuf out;
	struct sink sink;
	struct err err;

	recording_sink_init(&sink);
	xlsx_formats_init(&formats);
	sbuf_init(&document, SIZE_MAX / 2);
	sbuf_init(&out, SIZE_MAX / 2);
	sbuf_addf(&document,
		  "<styleSheet><numFmts><numFmt numFmtId=\"170\" "
		  "formatCode=\"%s\"/></numFmts><cellStyleXfs>"
		  "<xf numFmtId=\"170\"/></cellStyleXfs><cellXfs>"
		  "<xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs>"
		  "</styleSheet>",
		  one->code);
	check_status(
		ST_OK,
		xlsx_formats_read(&sink, sbuf_span(&document), &formats, &err),
		&err);
	assert_false(xlsx_formats_show(&formats, 0, one->value, &out));
	assert_false(xlsx_formats_show(&formats, 2, one->value, &out));
	assert_false(xlsx_formats_show(&formats, UINT64_MAX, one->value, &out));
	if (xlsx_formats_show(&formats, 1, one->value, &out) !=
		    (one->shown != NULL) ||
	    strcmp(sbuf_text(&out), one->shown != NULL ? one->shown : "") != 0)
		fail_msg("%s of %s: %s", one->code, one->value,
			 sbuf_text(&out));
	sbuf_done(&out);
	sbuf_done(&document);
	xlsx_formats_done(&formats);
	recording_sink_done(&sink);
}

static void
zeros_of_formats_are_shown(void **state)
{
	static const struct shown cases[] = {
		{ "0000", "23", "0023" },
		{ "0000", "0", "0000" },
		{ "0000", "23.0", "0023" },
		{ "000000000000", "1.2345678903E10", "012345678903" },
		{ "0000-0000-0000", "2345678908", "0023-4567-8908" },
		{ "0000&quot;-&quot;0000\\－0000", "2345678908",
		  "0023-4567－8908" },
		{ "[$-411]0000;[Red]-0000", "5", "0005" },
		{ "_(0000_)", "5", " 0005 " },
		{ "#000", "5", "005" },
		{ "00-00", "12345", NULL }, /* all of its digits */
		{ "0000", "1234", NULL },
		{ "0000", "12345", NULL },
		{ "0000", "2.5", NULL },
		{ "0000", "-5", NULL },
		{ "0000", "1E300", NULL },
		{ "0000", "nan", NULL },
		{ "0000", "5x", NULL },
		{ "0000", "", NULL },
		{ "0", "5", NULL },
		{ "0.00", "5", NULL },
		{ "0,000", "5", NULL },
		{ "yyyy/mm/dd", "45000", NULL },
		{ "\\1000", "5", NULL },
		{ "&quot;00", "5", NULL },
		{ "00[", "5", NULL },
		{ "00\\", "5", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_shown(&cases[i]);
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
		cmocka_unit_test(texts_of_a_formula_join),
		cmocka_unit_test(zeros_of_formats_are_shown),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
