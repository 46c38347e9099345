/* Tests of cli/table.h, in the order of its promises. */
#include "cli/table.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"

static void
control_characters_are_not_shown(void **state)
{
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&text, 1000);
	text_add_safe(&text, "a\x1b[31mb\r\nc\x7f\xc2\x9b"
			     "d\xc2\xa9\xe3\x81\x82");
	assert_string_equal(sbuf_text(&text),
			    "a?[31mb??c??d\xc2\xa9\xe3\x81\x82");
}

static void
japanese_is_two_columns_wide(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("山田"), 4);
	assert_int_equal(text_width("ｱ"), 1);
	assert_int_equal(text_width("Ａ"), 2);
	assert_int_equal(text_width("\xff\xff"), 2);
}

static void
no_instant_is_a_dash(void **state)
{
	char text[TEXT_TIME_BYTES];

	(void)state;
	text_format_time(0, text);
	assert_string_equal(text, "-");
	text_format_time(INT64_MAX, text);
	assert_string_equal(text, "-");
	text_format_time(INT64_C(86400000) * 366, text);
	assert_int_equal(strlen(text), strlen("2026-11-22 14:05"));
}

static void
columns_are_as_wide_as_their_widest_cell(void **state)
{
	static const char *const heads[] = { "A", "LONG", "B" };
	static const char want[] = "A     LONG  B\n"
				   "山田  x     -\n"
				   "y     zzzz  end\n";
	AUTO(table_done) struct table table;
	AUTO(sbuf_done) struct sbuf got;
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { 0 };
	const int old = dup(STDOUT_FILENO);

	(void)state;
	table_init(&table, heads, ARRAY_LEN(heads));
	table_add(&table, "山田");
	table_addf(&table, "%c", 'x');
	table_add(&table, "");
	table_add(&table, "y");
	table_add(&table, "zzzz");
	table_add(&table, "end");
	check_status(ST_OK, fd_memory("test", &fd, &err), &err);
	(void)fflush(stdout);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	const enum status st = table_print(&table, &err);

	assert_true(dup2(old, STDOUT_FILENO) >= 0);
	(void)close(old);
	check_status(ST_OK, st, &err);
	sbuf_init(&got, 1000);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(fd, &got, &err), &err);
	assert_string_equal(sbuf_text(&got), want);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_characters_are_not_shown),
		cmocka_unit_test(japanese_is_two_columns_wide),
		cmocka_unit_test(no_instant_is_a_dash),
		cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
