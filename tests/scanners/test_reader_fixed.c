/* Tests of the reader of records of fixed length. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child file = { .name = "data.txt",
				   .content_type = "text/plain",
				   .charset = "",
				   .attachment = true };

/* rows lines of the printf format with their number; for the caller to free.
 */
static void
make_records(struct sbuf *out, const char *head, const char *tail, int rows)
{
	sbuf_init(out, SIZE_MAX / 2);
	for (int i = 0; i < rows; i++)
		sbuf_addf(out, "%s%04d%s\r\n", head, i, tail);
}

static void
read_records(struct sink *sink, const struct sbuf *text)
{
	struct err err = { 0 };

	recording_sink_init(sink);
	check_status(ST_OK,
		     recording_sink_read(sink, &reader_fixed, sbuf_span(text),
					 &file, &err),
		     &err);
}

static void
check_cell(const struct sbuf *text, const char *want)
{
	struct sink sink;

	assert_int_equal(reader_fixed.sniff(sbuf_span(text), &file),
			 SNIFF_LIKELY);
	read_records(&sink, text);
	if (!recording_sink_has(&sink, want))
		fail_msg("no %s in:\n%s", want, sbuf_text(&sink.record));
	recording_sink_done(&sink);
}

static void
digits_at_the_same_offset_are_a_column(void **state)
{
	struct sbuf text;

	(void)state;
	make_records(&text, "A   12345678", " x", 10);
	check_cell(&text, "digits  1 5: 123456780000\ndigits  2 5: "
			  "123456780001\n");
	sbuf_done(&text);
	/* Fields without anything between: one stretch. */
	make_records(&text, "20261016", "12345678901812", 10);
	check_cell(&text, "digits  10 1: 20261016000912345678901812\n");
	sbuf_done(&text);
}

static void
offsets_count_in_columns_characters_or_bytes(void **state)
{
	static const char *const names[] = { "山田太郎　　", "佐藤　　　　",
					     "長谷川　　　" };
	static const char *const narrow[] = { "山田太郎  ", "佐藤    ",
					      "長谷川   " };
	static const char *const padded[] = { "山田太郎    ", "佐藤        ",
					      "長谷川      " };
	struct sbuf text;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 9; i++)
		sbuf_addf(&text, "%s12345678%04d\n", names[i % 3], i);
	check_cell(&text, "digits  9 13: 123456780008\n");
	sbuf_clear(&text);
	/* Six characters, narrow blanks among them. */
	for (int i = 0; i < 9; i++)
		sbuf_addf(&text, "%s12345678%04d\n", narrow[i % 3], i);
	check_cell(&text, "digits  9 7: 123456780008\n");
	sbuf_clear(&text);
	/* Twelve columns, as bytes of CP932 are. */
	for (int i = 0; i < 9; i++)
		sbuf_addf(&text, "%sﾔﾏ12345678%04d\n", padded[i % 3], i);
	check_cell(&text, "digits  9 15: 123456780008\n");
	sbuf_done(&text);
}

static void
the_bytes_of_another_charset_are_decoded(void **state)
{
	struct sbuf text;

	(void)state;
	make_records(&text, "\x8e\x52\x93\x63  12345678", "", 10);
	check_cell(&text, "digits  10 7: 123456780009\n");
	sbuf_done(&text);
}

static void
records_that_lack_the_number_are_left_out(void **state)
{
	struct sbuf text;
	struct sink sink;

	(void)state;
	make_records(&text, "AB12345678", "x", 20);
	sbuf_add_text(&text, "AB            x\r\n");
	sbuf_add_text(&text, "END\r\n");
	read_records(&sink, &text);
	assert_int_equal(sink.cells, 20);
	recording_sink_done(&sink);
	sbuf_done(&text);
}

static void
other_text_is_not_taken(void **state)
{
	static const struct child body = { .name = "",
					   .content_type = "text/plain",
					   .charset = "" };
	struct sbuf text;

	(void)state;
	make_records(&text, "12345678", "", 4);
	assert_int_equal(reader_fixed.sniff(sbuf_span(&text), &file), SNIFF_NO);
	sbuf_done(&text);
	make_records(&text, "12345678", ",a", 20);
	assert_int_equal(reader_fixed.sniff(sbuf_span(&text), &file), SNIFF_NO);
	sbuf_done(&text);
	make_records(&text, "no number in it ", "", 20);
	assert_int_equal(reader_fixed.sniff(sbuf_span(&text), &file), SNIFF_NO);
	sbuf_done(&text);
	make_records(&text, "12345678", "", 20);
	assert_int_equal(reader_fixed.sniff(sbuf_span(&text), &body), SNIFF_NO);
	for (int i = 0; i < 20; i++)
		sbuf_addf(&text, "%0*d\n", 13 + i, 0);
	assert_int_equal(reader_fixed.sniff(sbuf_span(&text), &file), SNIFF_NO);
	sbuf_done(&text);
}

static void
every_prefix_ends_properly(void **state)
{
	struct sbuf text;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	make_records(&text, "山田ﾔ 12345678", " x", 12);
	for (size_t len = 0; len <= text.len_bytes; len++) {
		const struct span head = { text.bytes, len };

		recording_sink_init(&sink);
		(void)reader_fixed.sniff(head, &file);
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_fixed, head,
						 &file, &err),
			     &err);
		recording_sink_done(&sink);
	}
	sbuf_done(&text);
}

static void
a_budget_that_is_used_up_ends_it(void **state)
{
	struct sbuf text;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	make_records(&text, "12345678", "", 12);
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 3;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_fixed, sbuf_span(&text),
					 &file, &err),
		     &err);
	recording_sink_done(&sink);
	sbuf_done(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_at_the_same_offset_are_a_column),
		cmocka_unit_test(offsets_count_in_columns_characters_or_bytes),
		cmocka_unit_test(the_bytes_of_another_charset_are_decoded),
		cmocka_unit_test(records_that_lack_the_number_are_left_out),
		cmocka_unit_test(other_text_is_not_taken),
		cmocka_unit_test(every_prefix_ends_properly),
		cmocka_unit_test(a_budget_that_is_used_up_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
