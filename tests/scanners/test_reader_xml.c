/* Tests of the XML reader. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child xml = { .name = "a.xtx",
				  .content_type = "application/xml",
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
			     recording_sink_read(&sink, &reader_xml,
						 span_of(readings[i].text),
						 &xml, &err),
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
an_element_names_its_text(void **state)
{
	static const struct reading readings[] = {
		{ "<a><my_number>123456789018</my_number></a>",
		  "text element 1 my_number: 123456789018\n", NULL },
		{ "<?xml version=\"1.0\"?>\n<NOZEISHA_BANGO ID=\"NOZEISHA_BANGO\">\n"
		  "<gen:kojinbango>123456789012</gen:kojinbango></NOZEISHA_BANGO>",
		  "text element 3 kojinbango: 123456789012\n", NULL },
		{ "<個人番号>1</個人番号>", "element 1 個人番号: 1\n", NULL },
		{ "<a>x<!-- 12 --></a>", "element 1 comment:  12 \n", NULL },
		{ "<a><![CDATA[1 < 2 &amp; 3]]></a>",
		  "element 1 a: 1 < 2 &amp; 3\n", NULL },
		{ "<a><?php 123 ?></a>", "element 1 instruction: php 123 \n",
		  NULL },
		{ "<a>&#49;&#x32;3&amp;</a>", "element 1 a: 123&\n", NULL },
		{ "<a n='12' m=\"3>4\"/>",
		  "element 1 n: 12\n\ntext element 1 m: 3>4", "element 1 a" },
		{ "<a>\n 1\n 2 </a>", "element 1 a: 1\n 2\n", NULL },
		/* A number as programs write it. */
		{ "<n>1.23456789018E11</n>", "element 1 n: 123456789018\n",
		  NULL },
		{ "<n>123456789018.0</n>", "element 1 n: 123456789018\n",
		  NULL },
		{ "<n>1.23456789018E10</n>", "n: 1.23456789018E10\n", NULL },
		{ "<n>35.681236123456</n>", "n: 35.681236123456\n", NULL },
		{ "<n>1.5e+300</n>", "n: 1.5e+300\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
tags_in_running_text_do_not_part_it(void **state)
{
	static const struct reading readings[] = {
		{ "<p>12<b>34</b>56</p>", "element 1 p: 123456\n", NULL },
		{ "<p><span>12</span><span>34</span></p>",
		  "element 1 p: 1234\n", NULL },
		{ "<w:p><w:r><w:t>12</w:t></w:r><w:r><w:t>34</w:t></w:r></w:p>",
		  "element 1 p: 1234\n", NULL },
		{ "<p>12<![CDATA[34]]>56<!-- x -->78</p>",
		  "element 1 p: 12345678\n", NULL },
		{ "<p>12<br/>34</p>", "element 1 p: 12\n", "1234" },
		/* Fields of a record stand for themselves. */
		{ "<r><a>1234</a><b>5678</b><c>9018</c></r>",
		  "element 1 b: 5678\n", "12345678" },
		{ "<svg><text><tspan>12</tspan><tspan>34</tspan></text></svg>",
		  "element 1 text: 1234\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
a_title_names_the_value_behind_it(void **state)
{
	static const struct reading readings[] = {
		{ "<f><title>個人番号</title><value>1</value></f>",
		  "element 1 個人番号: 1\n", "element 1 value" },
		{ "<plist><dict><key>mynumber</key><string>1</string>"
		  "<key>x</key><string>2</string></dict></plist>",
		  "element 1 mynumber: 1\n", "element 1 string" },
		{ "<plist><dict><key>mynumber</key><array><string>1</string>"
		  "<string>2</string></array></dict></plist>",
		  "element 1 mynumber: 2\n", NULL },
		{ "<item name='mynumber' value='1'/>",
		  "element 1 mynumber: 1\n", NULL },
		{ "<field name=\"mynumber\">1</field>",
		  "element 1 mynumber: 1\n", NULL },
		/* A record has a name, too, and its fields have theirs. */
		{ "<r><name>a</name><age>1</age><number>2</number></r>",
		  "element 1 number: 2\n", NULL },
		{ "<a><r><title>個人番号</title></r></a><b><value>1</value></b>",
		  "element 1 value: 1\n", NULL },
		{ "<r><mynumber><d>1</d><d>2</d><d>3</d><d>4</d><d>5</d>"
		  "<d>6</d><d>7</d><d>8</d><d>9</d><d>0</d><d>1</d><d>8</d>"
		  "</mynumber></r>",
		  "element 1 mynumber: 123456789018\n", NULL },
		{ "<r><mynumber><d>1</d><d>2</d><d>3</d><d>4</d><d>5</d>"
		  "<d>6</d><d>7</d><d>8</d><d>9</d><d>0</d><d>1</d><d>8</d>"
		  "<d>5</d></mynumber></r>",
		  "element 1 d: 5\n", "mynumber" },
		{ "<r><mynumber><value>1</value></mynumber></r>",
		  "element 1 mynumber: 1\n", NULL },
		{ "<r><mynumber><data><value>1</value></data></mynumber></r>",
		  "element 1 mynumber: 1\n", NULL },
		/* A person's name around it, and a name that says more. */
		{ "<r><name>山田</name><mynumber><value>1</value></mynumber></r>",
		  "element 1 mynumber 山田: 1\n", NULL },
		{ "<r><name>個人番号</name><data><value>1</value></data></r>",
		  "element 1 個人番号: 1\n", NULL },
		{ "<r name='a'><mynumber>1</mynumber></r>",
		  "element 1 mynumber: 1\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
rows_and_cells_are_a_table(void **state)
{
	static const struct reading readings[] = {
		{ "<Workbook><Table><Row><Cell><Data>番号</Data></Cell></Row>"
		  "<Row><Cell ss:Index=\"3\"><Data>1.23456789018E11</Data>"
		  "</Cell><Cell><Data>x</Data></Cell></Row></Table></Workbook>",
		  "cell table 1 1 1: 番号\n"
		  "text element 1 Index: 3\n\n"
		  "number table 1 2 3: 1.23456789018E11\n"
		  "cell table 1 2 4: x\n",
		  NULL },
		{ "<t><row><c>a</c></row></t><t><row><c>b</c></row></t>",
		  "cell table 1 1 1: a\ncell table 2 1 1: b\n", NULL },
		{ "<t><row><name>a</name><my_number>1</my_number></row></t>",
		  "element 1 my_number: 1\n", "cell" },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

/* What stands before the first element may be of any length. */
static void
a_long_document_type_hides_nothing(void **state)
{
	static const struct child attached = { .name = "a.xml",
					       .content_type = "",
					       .charset = "",
					       .attachment = true };
	const struct span type = span_of("<!DOCTYPE a [<!ENTITY l \"");
	const struct span comment = span_of("<!-- l                   ");
	char text[4096];
	size_t len_bytes = 0;

	(void)state;
	memset(text, 'l', sizeof(text));
	memcpy(text, type.ptr, type.len_bytes);
	len_bytes = (size_t)snprintf(text + 3000, sizeof(text) - 3000,
				     "\">]><a>&l;</a>") +
		    3000;
	assert_true(
		reader_xml.sniff((struct span){ (uint8_t *)text, len_bytes },
				 &attached) >= SNIFF_LIKELY);
	memcpy(text, comment.ptr, comment.len_bytes);
	assert_true(
		reader_xml.sniff((struct span){ (uint8_t *)text, len_bytes },
				 &attached) >= SNIFF_LIKELY);
}

static void
definitions_of_entities_are_read_but_not_expanded(void **state)
{
	static const struct reading readings[] = {
		{ "<!DOCTYPE a [<!ENTITY n \"1234&#53;\">]><a>x</a>",
		  "element 1 doctype: DOCTYPE a [<!ENTITY n \"12345\">]",
		  "opaque" },
		{ "<!DOCTYPE a [<!ENTITY n \"1234\"> ] ><a>&n;5678</a>",
		  "opaque unknown-container: xml: entities of the document's "
		  "own",
		  NULL },
		{ "<!DOCTYPE a SYSTEM \"a.dtd\"><a>1&amp;2</a>",
		  "element 1 a: 1&2\n", "opaque" },
		{ "<!DOCTYPE plist PUBLIC \"-//X//DTD\" \"http://x\">\n<a>1</a>",
		  "element 2 a: 1\n", "opaque" },
		{ "<!DOCTYPE a [ <!-- ]> --> <a>1</a>", "1", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
faults_hide_nothing(void **state)
{
	static const struct reading readings[] = {
		{ "<a>1</b>2</a>3", "12", NULL },
		{ "<a><b>1</a>2", "element 1 b: 1\n", NULL },
		{ "<a b=\"1>2</a><c>3</c>", "element 1 c: 3\n", NULL },
		{ "<a><!-- 12", "comment:  12", NULL },
		{ "<a><![CDATA[12", "12", NULL },
		{ "<a>1 < 2</a>", "element 1 a: 1 < 2\n", NULL },
		{ "12<a", "12", NULL },
		{ "<a>&#;&x;&</a>", "element 1 a: &#;&x;&\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
the_charset_is_declared_marked_or_guessed(void **state)
{
	static const struct reading readings[] = {
		{ "<?xml version='1.0' encoding='Shift_JIS'?><a>\x8c\xc2\x90\x6c"
		  "</a>",
		  "element 1 a: 個人\n", NULL },
		{ "<?xml version='1.0' encoding='euc-jp'?><a>\xb8\xc4\xbf\xcd"
		  "</a>",
		  "element 1 a: 個人\n", NULL },
		{ "\xef\xbb\xbf<?xml version='1.0'?><a>個人</a>",
		  "element 1 a: 個人\n", NULL },
		{ "<?xml version='1.0' encoding='utf-8'?><a>\x8c\xc2\x90\x6c\x94"
		  "\xd4\x8d\x86</a>",
		  "element 1 a: 個人番号\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
files_in_base64_are_children(void **state)
{
	struct sbuf text;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	sbuf_add_text(&text,
		      "<a><image href=\"data:image/png;base64,iVBORw0KGgo"
		      "=\"/><f>");
	for (int i = 0; i < 100; i++)
		sbuf_add_text(&text, "44GT44KT\n");
	sbuf_add_text(&text, "</f></a>");
	recording_sink_init(&sink);
	check_status(ST_OK,
		     recording_sink_read(&sink, &reader_xml, sbuf_span(&text),
					 &xml, &err),
		     &err);
	assert_int_equal(sink.children, 2);
	assert_true(recording_sink_has(&sink, "8 bytes: \x89PNG"));
	assert_true(recording_sink_has(&sink, "600 bytes: こんこん"));
	recording_sink_done(&sink);
	sbuf_done(&text);
}

static void
xml_is_known_by_its_bytes(void **state)
{
	static const struct child file = { .name = "a.bin",
					   .content_type = "",
					   .charset = "",
					   .attachment = true };
	static const struct child body = { .name = "",
					   .content_type = "text/plain",
					   .charset = "" };

	(void)state;
	assert_int_equal(
		reader_xml.sniff(span_of("<?xml version='1.0'?><a/>"), &file),
		SNIFF_CERTAIN);
	assert_int_equal(
		reader_xml.sniff(span_of("\xef\xbb\xbf\n<?xml v?><a/>"), &file),
		SNIFF_CERTAIN);
	assert_int_equal(
		reader_xml.sniff((struct span){ (const uint8_t *)"<\0?\0x\0m\0l"
								 "\0 \0?\0>\0",
						16 },
				 &file),
		SNIFF_CERTAIN);
	assert_int_equal(reader_xml.sniff(span_of("<svg width='1'>"), &file),
			 SNIFF_CERTAIN);
	assert_int_equal(reader_xml.sniff(span_of("<a>1</a>"), &file),
			 SNIFF_LIKELY);
	assert_int_equal(reader_xml.sniff(span_of("<a>1</a>"), &body),
			 SNIFF_NO);
	assert_int_equal(reader_xml.sniff(span_of("< 1 and more"), &file),
			 SNIFF_NO);
	assert_int_equal(
		reader_xml.sniff(span_of("<?xml v?><html><p>x</p>"), &file),
		SNIFF_NO);
	assert_int_equal(reader_xml.sniff(span_of(""), &file), SNIFF_NO);
}

static void
every_prefix_ends_properly(void **state)
{
	static const char page[] =
		"<?xml version='1.0' encoding='utf-8'?><!DOCTYPE a [<!ENTITY b"
		" 'c'>]><a x='1'>2<b>3</b><!--4--><![CDATA[5]]>&b;<c/></a>";

	(void)state;
	for (size_t len = 0; len < sizeof(page); len++) {
		struct sink sink;
		struct err err = { 0 };

		recording_sink_init(&sink);
		check_status(
			ST_OK,
			recording_sink_read(
				&sink, &reader_xml,
				(struct span){ (const uint8_t *)page, len },
				&xml, &err),
			&err);
		recording_sink_done(&sink);
	}
}

static void
long_documents_take_linear_time(void **state)
{
	static const char *const units[] = {
		"<",           "<a '>",       "<a>", "<!--", "&",
		"<![CDATA[",   "<b x=\"",     "</",  "&#0",  "<?",
		"<a/>",        "<!DOCTYPE [", "]",   "<a>1", "</a>",
		"<t>x</t><v>", "<row><c>"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct sink sink;
		struct sbuf page;
		struct err err = { 0 };

		sbuf_init(&page, SIZE_MAX / 2);
		sbuf_add_text(&page, "<!DOCTYPE x [ ]><x>");
		while (page.len_bytes < 300000)
			sbuf_add_text(&page, units[i]);
		recording_sink_init(&sink);
		sink.quiet = true;
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_xml,
						 sbuf_span(&page), &xml, &err),
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
	sink.spend_limit_bytes = 5;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_xml,
					 span_of("<a>123</a>"), &xml, &err),
		     &err);
	recording_sink_done(&sink);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_names_its_text),
		cmocka_unit_test(tags_in_running_text_do_not_part_it),
		cmocka_unit_test(a_title_names_the_value_behind_it),
		cmocka_unit_test(rows_and_cells_are_a_table),
		cmocka_unit_test(a_long_document_type_hides_nothing),
		cmocka_unit_test(
			definitions_of_entities_are_read_but_not_expanded),
		cmocka_unit_test(faults_hide_nothing),
		cmocka_unit_test(the_charset_is_declared_marked_or_guessed),
		cmocka_unit_test(files_in_base64_are_children),
		cmocka_unit_test(xml_is_known_by_its_bytes),
		cmocka_unit_test(every_prefix_ends_properly),
		cmocka_unit_test(long_documents_take_linear_time),
		cmocka_unit_test(a_budget_that_is_used_up_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
