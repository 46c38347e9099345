/* Tests of the readers of tables in text and of plain text, and of the
 * registry that chooses between readers. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child csv = { .name = "a.csv",
				  .content_type = "text/csv",
				  .charset = "",
				  .attachment = true };
static const struct child plain = { .name = "",
				    .content_type = "text/plain",
				    .charset = "" };
static const struct child file = {
	.name = "a.bin", .content_type = "", .charset = "", .attachment = true
};

static void
check_record(const struct reader *reader, const struct child *hint,
	     const char *text, const char *want)
{
	struct sink sink;
	struct err err = { 0 };

	recording_sink_init(&sink);
	check_status(
		ST_OK,
		recording_sink_read(&sink, reader, span_of(text), hint, &err),
		&err);
	if (!recording_sink_has(&sink, want))
		fail_msg("%s:\n%s", text, sbuf_text(&sink.record));
	recording_sink_done(&sink);
}

static void
cells_have_their_row_and_column(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "a,b\r\nc,d\r\n", "cell  1 1: a\ncell  1 2: b\ncell  2 1: c\n"
				    "cell  2 2: d\n" },
		{ "a\tb\nc\td\n", "cell  2 2: d\n" },
		{ "a;b\nc;d\n", "cell  2 2: d\n" },
		{ "a,,c\n", "cell  1 3: c\n" },
		{ "\"a,1\",\"b \"\"x\"\"\"\n",
		  "cell  1 1: a,1\ncell  1 2: b \"x\"" },
		{ "\"a\nb\",c\nd",
		  "cell  1 1: a\nb\ncell  1 2: c\ncell  2 1: d" },
		/* A quote that is never closed is a letter. */
		{ "\"a,b\nc,d\n",
		  "cell  1 1: \"a\ncell  1 2: b\ncell  2 1: c" },
		{ "\"a\"x,b", "cell  1 1: ax\ncell  1 2: b" },
		{ "\x8e\x81\x96\xbc,\x8c\xc2\x90\x6c\x94\xd4\x8d\x86\r\n",
		  "cell  1 2: 個人番号" },
		{ "a\rb,c\r", "cell  1 1: a\ncell  2 1: b\ncell  2 2: c" },
		{ "a|b\nc|d\n", "cell  2 2: d\n" },
		/* Zeros kept for a spreadsheet. */
		{ "a,=\"0123\"\n", "cell  1 2: 0123\n" },
		{ "a,\"=\"\"0123\"\"\"\n", "cell  1 2: 0123\n" },
		{ "a,'0123\n", "cell  1 2: 0123\n" },
		{ "a,''x\n", "cell  1 2: ''x\n" },
		/* Blanks, one or several; they may part a number as well. */
		{ "abe  123\ndoi 456\n",
		  "cell  1 1: abe\ncell  1 2: 123\ncell  2 1: doi\n"
		  "cell  2 2: 456\nbreak" },
		{ "abe 1234 5678 9018\ndoi 1234 5678 9018\n",
		  "cell  2 4: 9018\ntext body 1: abe 1234 5678 9018\n" },
		{ "a b,c\nd e,f\n", "cell  1 1: a b\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_record(&reader_csv, &csv, cases[i].text, cases[i].want);
}

static void
records_of_each_type_are_a_sheet(void **state)
{
	static const char fields[] = ",,,,,,,,,,,,,,,,,,,,,";
	char text[200];

	(void)state;
	check_record(&reader_csv, &csv,
		     "14,\xb8\xc4\xdc,005\r\n[kanri]\r\n,001\r\n[data]\r\n"
		     "2221700,a,1\r\n2265700,b\r\n2221700,c,2\r\n",
		     "cell  3 2: 001\ncell  4 1: [data]\n"
		     "cell 2221700 5 1: 2221700\ncell 2221700 5 2: a\n"
		     "cell 2221700 5 3: 1\ncell 2221700 7 1: 2221700\n"
		     "cell 2221700 7 2: c\ncell 2221700 7 3: 2\n"
		     "cell 2265700 6 1: 2265700\ncell 2265700 6 2: b\n");
	/* Tax documents have many fields; other numbers are no types. */
	(void)snprintf(text, sizeof(text), "315,a%s\n375,b%s\n315,c%s\n",
		       fields, fields, fields);
	check_record(&reader_csv, &csv, text,
		     "cell 315 3 2: c\ncell 375 2 1: 375\n");
	check_record(&reader_csv, &csv, "315,a\n375,b\n315,c\n",
		     "cell  1 2: a\ncell  2 1: 375\n");
}

static void
a_table_is_known_by_name_or_shape(void **state)
{
	(void)state;
	assert_int_equal(reader_csv.sniff(span_of("x"), &csv), SNIFF_CERTAIN);
	assert_int_equal(
		reader_csv.sniff(span_of("a,b,c\nd,e,f\ng,h,i\n"), &file),
		SNIFF_LIKELY);
	assert_int_equal(
		reader_csv.sniff(span_of("a,b,c\nd,e,f\ng,h,i\n"), &plain),
		SNIFF_NO);
	assert_int_equal(
		reader_csv.sniff(span_of("Hello, you\nthere\n"), &file),
		SNIFF_NO);
	/* A header and a record; records of types. */
	assert_int_equal(reader_csv.sniff(span_of("a,b,c,d\n1,2,3,4\n"), &file),
			 SNIFF_LIKELY);
	assert_int_equal(
		reader_csv.sniff(span_of("a,b,c,d\n1,2,3,4\nOr so.\n"), &file),
		SNIFF_NO);
	assert_int_equal(
		reader_csv.sniff(span_of("14,a\n[kanri]\n,001\n[data]\n"
					 "2221700,a,1\n"),
				 &file),
		SNIFF_LIKELY);
	/* The name alone does not make binary a table. */
	assert_int_equal(
		reader_csv.sniff(
			(struct span){ (const uint8_t *)"PK\3\4\0\1\2", 7 },
			&csv),
		SNIFF_NO);
}

static void
text_is_given_with_its_lines(void **state)
{
	struct sbuf text;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	check_record(&reader_text, &plain, "a\nb\n", "text body 1: a\nb\n");
	/* Long text comes in pieces that know their line. */
	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 20000; i++)
		sbuf_add_text(&text, "個人\n");
	recording_sink_init(&sink);
	check_status(ST_OK,
		     recording_sink_read(&sink, &reader_text, sbuf_span(&text),
					 &plain, &err),
		     &err);
	assert_int_equal(sink.utf8.len_bytes, text.len_bytes);
	assert_int_equal(sink.texts, 3);
	assert_true(recording_sink_has(&sink, "text body 9363: "));
	assert_int_equal(sink.utf8.len_bytes, text.len_bytes);
	recording_sink_done(&sink);
	sbuf_done(&text);
}

static void
every_plausible_reading_is_given(void **state)
{
	static const struct child wrong = { .name = "",
					    .content_type = "text/plain",
					    .charset = "utf-8" };
	static const struct child unknown = { .name = "",
					      .content_type = "text/plain",
					      .charset = "ebcdic-jp" };

	(void)state;
	check_record(&reader_text, &wrong,
		     "\x8c\xc2\x90\x6c\x94\xd4\x8d\x86\x82\xf0", "個人番号を");
	check_record(&reader_text, &wrong, "\x1b$B8D?MHV9f\x1b(B", "個人番号");
	check_record(&reader_text, &unknown,
		     "\x8c\xc2\x90\x6c\x94\xd4\x8d\x86\x82\xf0",
		     "opaque charset: ");
}

static void
lines_that_go_on_are_joined(void **state)
{
	static const struct child flowed = { .name = "",
					     .content_type = "text/plain",
					     .charset = "",
					     .flow = TEXT_FLOW_SPACE };
	static const struct child delsp = { .name = "",
					    .content_type = "text/plain",
					    .charset = "",
					    .flow = TEXT_FLOW_DELSP };

	(void)state;
	check_record(&reader_text, &flowed, "a 12 \n34 \nb\nc\n",
		     "text body 1: a 12 34 b\n\n\nc\n");
	check_record(&reader_text, &delsp, "a 12 \r\n34\r\nb\r\n",
		     "text body 1: a 1234\n\nb\n");
	/* A number that is cut in two stays so. */
	check_record(&reader_text, &flowed, "a 1 \n23456789018\nc\n",
		     "text body 1: a 1\n23456789018\nc\n");
	check_record(&reader_text, &flowed, "> 12345678901 \n> 8 \n> b \nc",
		     "text body 1: > 12345678901\n8 b \n\nc\n");
	check_record(&reader_text, &flowed, "12345678901 \n82 \n",
		     "text body 1: 12345678901 82 \n\n");
	/* Quoted, to the same depth. */
	check_record(&reader_text, &delsp, "> 12 \n>34\n>> 5 \n> 6\n",
		     "text body 1: > 1234\n\n>> 5\n> 6\n");
	/* Stuffed; a signature. */
	check_record(&reader_text, &flowed, " >a\n-- \nb\n",
		     "text body 1: >a\n-- \nb\n");
	check_record(&reader_text, &plain, "12 \n34\n",
		     "text body 1: 12 \n34\n");
}

static void
line_ends_of_old_systems_are_counted(void **state)
{
	(void)state;
	check_record(&reader_text, &plain, "1\r2\r\r3",
		     "text body 1: 1\n2\n\n3");
	check_record(&reader_text, &plain, "1\r2\r\n3\r",
		     "text body 1: 1\r2\r\n3\r");
}

static void
folded_lines_of_cards_are_joined(void **state)
{
	(void)state;
	check_record(&reader_text, &file,
		     "BEGIN:VCARD\r\nNOTE:12\r\n 34\r\n\t56\r\nX:1\r\n",
		     "BEGIN:VCARD\nNOTE:123456\n\n\nX:1\n");
	check_record(&reader_text, &file,
		     "BEGIN:VCALENDAR\nDESCRIPTION:12\n  34\n",
		     "DESCRIPTION:12 34\n");
	check_record(&reader_text, &file,
		     "BEGIN:VCARD\nNOTE;CHARSET=SHIFT_JIS;ENCODING="
		     "QUOTED-PRINTABLE:=8C=C2=90l=94=D4=8D=86=31=\n=32\n",
		     "個人番号12\n");
	check_record(&reader_text, &plain, "NOTE:12\n 34\n",
		     "text body 1: NOTE:12\n 34\n");
}

/* Names of the readers that claim body, in order. */
static void
check_claims(struct span body, const struct child *hint, const char *want)
{
	char names[100] = "";
	size_t used = 0;
	size_t index = 0;
	enum sniff sniff = SNIFF_NO;
	const struct reader *reader = NULL;

	while ((reader = reader_next(body, hint, &index, &sniff)) != NULL) {
		assert_true(sniff > SNIFF_NO && sniff <= SNIFF_CERTAIN);
		used += (size_t)snprintf(names + used, sizeof(names) - used,
					 "%s%s", used > 0 ? " " : "",
					 reader->name);
	}
	assert_string_equal(names, want);
}

static void
readers_are_chosen_by_the_bytes(void **state)
{
	static const struct child mail = { .name = "",
					   .content_type = "message/rfc822",
					   .charset = "",
					   .mail = true };

	(void)state;
	check_claims(span_of("hello"), &plain, "text");
	check_claims(span_of("hello"), &file, "text");
	check_claims(span_of("a,b\n"), &csv, "csv text");
	check_claims(span_of("Subject: x\n\ny"), &mail, "mime text");
	check_claims(span_of("From: a\nTo: b\nSubject: x\nDate: y\n\nz"), &file,
		     "mime text");
	check_claims(span_of("From: a\nTo: b\nSubject: x\nDate: y\n\nz"),
		     &plain, "text");
	check_claims((struct span){ (const uint8_t *)"PK\3\4\0\0\0\0", 8 },
		     &csv, "text zip");
	check_claims((struct span){ (const uint8_t *)"\0\1\2\3\4\5\6\7", 8 },
		     &file, "");
}

static void
formats_that_are_not_read_are_named(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *want; /* or NULL */
	} cases[] = {
		{ "7z\xBC\xAF\x27\x1C", 6, "7z" },
		{ "Rar!\x1A\x07\x01", 7, "rar" },
		{ "xx-lh5-", 7, "lzh" },
		{ "\x1F\x8B\x08", 3, "gzip" },
		{ "{\\rtf1", 6, "rtf" },
		{ "\x89PNG\r\n\x1A\n", 8, "image/png" },
		{ "\xFF\xD8\xFF\xE0", 4, "image/jpeg" },
		{ "VCLMTF\1\0", 8, "image/other" },
		{ "MZ\x90\0\3\0\0\0", 8, "program" },
		/* Text that starts like a program, and one that libmagic
		 * takes for a DOS program. */
		{ "MZ is a word", 12, NULL },
		{ "\x8c\xc2\x90\x6c\x94\xd4\x8d\x86", 8, NULL },
		{ "hello", 5, NULL },
		{ "", 0, NULL },
	};
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, reader_prepare(&err), &err);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = reader_unread_format((struct span){
			(const uint8_t *)cases[i].bytes, cases[i].len });

		if (cases[i].want == NULL && got != NULL)
			fail_msg("case %zu is %s", i, got);
		if (cases[i].want != NULL &&
		    (got == NULL || strcmp(got, cases[i].want) != 0))
			fail_msg("case %zu is no %s", i, cases[i].want);
	}
}

static void
dense_data_of_no_known_format_is_named(void **state)
{
	uint8_t bytes[2000];
	uint32_t next = 7;
	const struct span all = { bytes, sizeof(bytes) };

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		next = next * 1103515245U + 12345U;
		bytes[i] = (uint8_t)(next >> 16);
	}
	assert_string_equal(reader_unread_format(all), "packed or encrypted");
	/* A little of it as well. */
	for (size_t len = 24; len < 600; len += 24) {
		const struct span part = { bytes, len };
		const char *got = reader_unread_format(part);

		if (got == NULL || strcmp(got, "packed or encrypted") != 0)
			fail_msg("%zu bytes are not named", len);
	}
	/* A program or a table of numbers is not dense. */
	for (size_t i = 0; i < sizeof(bytes); i++)
		if (i % 4 > 1)
			bytes[i] = 0;
	for (size_t len = 48; len <= sizeof(bytes); len += 48)
		assert_null(reader_unread_format((struct span){ bytes, len }));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_have_their_row_and_column),
		cmocka_unit_test(records_of_each_type_are_a_sheet),
		cmocka_unit_test(a_table_is_known_by_name_or_shape),
		cmocka_unit_test(text_is_given_with_its_lines),
		cmocka_unit_test(every_plausible_reading_is_given),
		cmocka_unit_test(lines_that_go_on_are_joined),
		cmocka_unit_test(line_ends_of_old_systems_are_counted),
		cmocka_unit_test(folded_lines_of_cards_are_joined),
		cmocka_unit_test(readers_are_chosen_by_the_bytes),
		cmocka_unit_test(formats_that_are_not_read_are_named),
		cmocka_unit_test(dense_data_of_no_known_format_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
