/* Tests of the JSON reader. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child json = { .name = "a.json",
				   .content_type = "application/json",
				   .charset = "",
				   .attachment = true };

struct reading {
	const char *text;
	const char *want;
	const char *want_not; /* or NULL */
};

static void
check_readings(const struct reading *readings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sink sink;
		struct err err = { 0 };

		recording_sink_init(&sink);
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_json,
						 span_of(readings[i].text),
						 &json, &err),
			     &err);
		if (!recording_sink_has(&sink, readings[i].want))
			fail_msg("%s:\n%s", readings[i].text,
				 sbuf_text(&sink.record));
		if (readings[i].want_not != NULL &&
		    recording_sink_has(&sink, readings[i].want_not))
			fail_msg("%s: has %s:\n%s", readings[i].text,
				 readings[i].want_not, sbuf_text(&sink.record));
		recording_sink_done(&sink);
	}
}

static void
a_key_names_its_value(void **state)
{
	static const struct reading readings[] = {
		{ "{\"my_number\": \"123456789018\"}",
		  "text element 1 my_number: 123456789018\n", NULL },
		{ "{\"a\":\n{\"個人番号\":123456789018}}",
		  "element 2 個人番号: 123456789018\n", NULL },
		{ "{\"n\":[1,2,3]}",
		  "element 1 n: 1\n\ntext element 1 n: 2\n\ntext element 1 n: 3",
		  NULL },
		{ "{\"n\":[{\"m\":1},2]}", "element 1 m: 1\n", NULL },
		{ "{\"n\":{\"m\":1},\"o\":2}", "element 1 o: 2\n", NULL },
		/* JSON lines, and values without any key. */
		{ "{\"a\":1}\n{\"a\":2}\n", "element 2 a: 2\n", NULL },
		{ "[\"1\", \"2\"]", "text element 1 : 2\n", NULL },
		{ "{\"a\":null,\"b\":true,\"c\":\"\"}", "break", "text" },
		/* A key may be the number. */
		{ "{\"123456789018\":{\"a\":1}}",
		  "element 1 key: 123456789018\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
numbers_and_strings_are_given_as_they_are_meant(void **state)
{
	static const struct reading readings[] = {
		{ "{\"n\":1.23456789018E11}", "n: 123456789018\n", NULL },
		{ "{\"n\":123456789018.0}", "n: 123456789018\n", NULL },
		{ "{\"n\":123456789018.00e0}", "n: 123456789018\n", NULL },
		{ "{\"n\":123456789018000e-3}", "n: 123456789018000e-3\n",
		  NULL },
		{ "{\"n\":-5}", "n: -5\n", NULL },
		{ "{\"n\":0.123456789018}", "n: 0.123456789018\n", NULL },
		{ "{\"n\":\"\\u0031\\u0032\\/\\\\\\\"\"}", "n: 12/\\\"\n",
		  NULL },
		{ "{\"n\":\"\\uFF11\\n2\"}", "n: １\n2\n", NULL },
		{ "{\"n\":\"\\ud835\\udfd0\"}", "n: 𝟐\n", NULL },
		{ "{\"n\":\"\\ud835x\\udfd0\"}",
		  "n: \xef\xbf\xbdx\xef\xbf\xbd\n", NULL },
		{ "{\"n\":\"\\u12\"}", "n: u12\n", NULL },
		{ "{\"\\u500b\\u4eba\":1}", "element 1 個人: 1\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
a_title_names_the_value_behind_it(void **state)
{
	static const struct reading readings[] = {
		{ "{\"myNumber\":{\"value\":\"1\"}}", "element 1 myNumber: 1\n",
		  NULL },
		{ "{\"myNumber\":{\"data\":{\"value\":[\"1\"]}}}",
		  "element 1 myNumber: 1\n", NULL },
		{ "{\"myNumber\":{\"id\":\"1\"}}", "element 1 id: 1\n", NULL },
		{ "{\"name\":\"個人番号\",\"value\":\"1\"}",
		  "element 1 個人番号: 1\n", "1 value" },
		/* A person's name, and what names the value. */
		{ "{\"myNumber\":{\"name\":\"山田\",\"value\":\"1\"}}",
		  "element 1 myNumber 山田: 1\n", NULL },
		{ "{\"a\":[{\"name\":\"個人番号\",\"value\":\"1\"}]}",
		  "element 1 個人番号: 1\n", NULL },
		{ "[{\"label\":\"個人番号\",\"value\":{\"text\":\"1\"}}]",
		  "element 1 個人番号: 1\n", NULL },
		/* One around it, and a key that says what the value is. */
		{ "{\"name\":\"山田\",\"myNumber\":{\"value\":\"1\"}}",
		  "element 1 myNumber 山田: 1\n", NULL },
		/* One that says only that it is a number. */
		{ "{\"個人番号\":{\"番号\":\"1\"}}",
		  "element 1 個人番号 番号: 1\n", NULL },
		{ "{\"個人番号\":[{\"No\":1}]}", "element 1 個人番号 No: 1\n",
		  NULL },
		{ "{\"番号\":\"1\"}", "element 1 番号: 1\n", NULL },
		{ "{\"name\":\"山田\",\"myNumber\":[{\"v\":[\"1\"]}]}",
		  "element 1 myNumber 山田: 1\n", NULL },
		{ "{\"name\":\"山田\",\"a\":{\"label\":\"個人番号\","
		  "\"value\":\"1\"}}",
		  "element 1 個人番号: 1\n", NULL },
		{ "{\"name\":\"a\",\"age\":5,\"number\":\"1\"}",
		  "element 1 number: 1\n", NULL },
		{ "{\"a\":{\"name\":\"b\"},\"value\":\"1\"}",
		  "element 1 value: 1\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
arrays_in_an_array_are_a_table(void **state)
{
	static const struct reading readings[] = {
		{ "{\"r\":[[\"番号\",\"x\"],[123456789018,null,\"\",\"y\"]]}",
		  "cell r table 1 1 1: 番号\ncell r table 1 1 2: x\n"
		  "number r table 1 2 1: 123456789018\n"
		  "number r table 1 2 2: null\ncell r table 1 2 4: y\n",
		  "text" },
		{ "[[1],[2]]", "number table 1 2 1: 2\n", NULL },
		{ "[[[1],[2]],[[3],[4]]]", "number table 3 2 1: 4\n", NULL },
		{ "[[1,{\"a\":2},3]]", "number table 1 1 3: 3\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
what_is_damaged_is_read_to_its_end(void **state)
{
	static const struct reading readings[] = {
		{ "{\"a\":1", "element 1 a: 1\n", NULL },
		{ "{\"a\":\"1", "text body 1: \"1", NULL },
		{ "{\"a\":1}\n; 123456789018 x",
		  "element 1 a: 1\n\ntext body 2: ; 123456789018 x", NULL },
		{ "}]{\"a\":1}", "element 1 a: 1\n", NULL },
		{ "{'a':'1',b:2,}", "element 1 b: 2\n", NULL },
		{ "\xef\xbb\xbf{\"a\":1}", "element 1 a: 1\n", NULL },
		{ "{\"a\" 1}", "1", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
depth_is_no_limit(void **state)
{
	struct sbuf text;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 100000; i++)
		sbuf_add_text(&text, i % 2 == 0 ? "[" : "{\"a\":");
	sbuf_add_text(&text, "\"123456789018\"");
	for (int i = 0; i < 100000; i++)
		sbuf_add_text(&text, i % 2 == 0 ? "}" : "]");
	sbuf_add_text(&text, "{\"b\":\"56\"}");
	recording_sink_init(&sink);
	check_status(ST_OK,
		     recording_sink_read(&sink, &reader_json, sbuf_span(&text),
					 &json, &err),
		     &err);
	assert_true(recording_sink_has(&sink, "123456789018\n"));
	assert_true(recording_sink_has(&sink, "element 1 b: 56\n"));
	recording_sink_done(&sink);
	sbuf_done(&text);
}

static void
json_is_known_by_its_bytes(void **state)
{
	static const struct child file = { .name = "a.bin",
					   .content_type = "",
					   .charset = "",
					   .attachment = true };
	static const struct child body = { .name = "",
					   .content_type = "text/plain",
					   .charset = "" };

	(void)state;
	assert_int_equal(reader_json.sniff(span_of("{\"a\":1}"), &json),
			 SNIFF_CERTAIN);
	assert_int_equal(reader_json.sniff(span_of("x"), &json), SNIFF_NO);
	assert_int_equal(reader_json.sniff(span_of(" {\n \"a\":1}"), &file),
			 SNIFF_LIKELY);
	assert_int_equal(reader_json.sniff(span_of("[{}]"), &file),
			 SNIFF_LIKELY);
	assert_int_equal(reader_json.sniff(span_of("[kanri]"), &file),
			 SNIFF_NO);
	assert_int_equal(reader_json.sniff(span_of("{a}"), &file), SNIFF_NO);
	assert_int_equal(reader_json.sniff(span_of("{\"a\":1}"), &body),
			 SNIFF_NO);
	assert_int_equal(reader_json.sniff(span_of(""), &file), SNIFF_NO);
}

static void
every_prefix_ends_properly(void **state)
{
	static const char page[] =
		"{\"a\":[[1,\"b\"],[2.5E3]],\"c\":\"\\u0031\\ud83d\\ude00\"}\n[{}]";

	(void)state;
	for (size_t len = 0; len < sizeof(page); len++) {
		struct sink sink;
		struct err err = { 0 };

		recording_sink_init(&sink);
		check_status(
			ST_OK,
			recording_sink_read(
				&sink, &reader_json,
				(struct span){ (const uint8_t *)page, len },
				&json, &err),
			&err);
		recording_sink_done(&sink);
	}
}

static void
long_documents_take_linear_time(void **state)
{
	static const char *const units[] = { "[",   "{",       "\"",  "\"a\":",
					     "1,",  "\\",      "\\u", "[1],",
					     "{'a", "[[[[1]]", "}",   "x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct sink sink;
		struct sbuf page;
		struct err err = { 0 };

		sbuf_init(&page, SIZE_MAX / 2);
		sbuf_add_text(&page, "[");
		while (page.len_bytes < 300000)
			sbuf_add_text(&page, units[i]);
		recording_sink_init(&sink);
		sink.quiet = true;
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_json,
						 sbuf_span(&page), &json, &err),
			     &err);
		recording_sink_done(&sink);
		sbuf_done(&page);
	}
}

static void
a_budget_that_is_used_up_ends_it(void **state)
{
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 3;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_json,
					 span_of("{\"a\":123}"), &json, &err),
		     &err);
	recording_sink_done(&sink);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_names_its_value),
		cmocka_unit_test(
			numbers_and_strings_are_given_as_they_are_meant),
		cmocka_unit_test(a_title_names_the_value_behind_it),
		cmocka_unit_test(arrays_in_an_array_are_a_table),
		cmocka_unit_test(what_is_damaged_is_read_to_its_end),
		cmocka_unit_test(depth_is_no_limit),
		cmocka_unit_test(json_is_known_by_its_bytes),
		cmocka_unit_test(every_prefix_ends_properly),
		cmocka_unit_test(long_documents_take_linear_time),
		cmocka_unit_test(a_budget_that_is_used_up_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
