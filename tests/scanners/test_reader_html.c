/* Tests of the HTML reader. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child html = { .name = "",
				   .content_type = "text/html",
				   .charset = "utf-8" };

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
			     recording_sink_read(&sink, &reader_html,
						 span_of(readings[i].text),
						 &html, &err),
			     &err);
		if (!recording_sink_has(&sink, readings[i].want))
			fail_msg("%s:\n%s", readings[i].text,
				 sbuf_text(&sink.record));
		if (readings[i].want_not != NULL &&
		    recording_sink_has(&sink, readings[i].want_not))
			fail_msg("%s: has %s", readings[i].text,
				 readings[i].want_not);
		recording_sink_done(&sink);
	}
}

static void
inline_tags_join_and_blocks_part(void **state)
{
	static const struct reading readings[] = {
		{ "12<b>34</b><span>56</span>", "body 1: 123456", NULL },
		{ "12<wbr>34<!-- x -->56", "body 1: 123456", NULL },
		/* Text when the page is read as XML. */
		{ "個人番号 <![CDATA[12]]>34", "body 1: 個人番号 1234", NULL },
		{ "<![CDATA[個人番号]]> 12", "body 1: 個人番号 12", NULL },
		{ "12<![CDATA[x]]>34", "body 1: 1234", NULL },
		{ "12<![CDATA[x]]>34", "comment: [CDATA[x]]", NULL },
		{ "a<br>b<p>c</p>d<div>e</div>", "a\nb\nc\nd\ne\n", NULL },
		{ "a\nb", "body 1: a b", NULL },
		{ "a < b, 1<2", "body 1: a < b, 1<2", NULL },
		{ "<p>1<p>2", "1\n2", NULL },
		/* Neighbours without white space in the source. */
		{ "<div>1234</div><div>5678</div>", "body 1: 1234\n5678\n",
		  "12345678" },
		{ "<li>1234<li>5678", "1234\n5678", NULL },
		{ "<dl><dt>個人番号</dt><dd>1</dd></dl>",
		  "body 1: 個人番号\n1\n", NULL },
		/* An element that nobody knows stands in the line. */
		{ "<x-n>12</x-n><o:p>34</o:p><st1:a>5</st1:a>",
		  "body 1: 12345\n", NULL },
		{ "<font>1</font><i>2</i><u>3</u><em>4</em><s>5</s>",
		  "body 1: 12345\n", NULL },
		/* White space of the source is one blank. */
		{ "1234\r\n\t   5678\n<b>\n  9018</b>",
		  "body 1: 1234 5678 9018\n", NULL },
		{ "<pre>1\n2\n</pre>3\n4", "body 1: 1\n2\n3 4\n", NULL },
		{ "<label>個人番号</label><input name=a value=123>円",
		  "body 1: 個人番号 123 円\n", NULL },
		{ "a<input type=hidden name=n value=123>b",
		  "element 1 n: 123\n", "a 123" },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
references_are_replaced(void **state)
{
	static const struct reading readings[] = {
		{ "&#49;&#x32;&#51 4", "body 1: 123 4", NULL },
		{ "1&nbsp;2&amp;lt;&ndash;&#65297;",
		  "1\xc2\xa0"
		  "2&lt;–１",
		  NULL },
		{ "&unknown; &; &# &#x; &#0000000000049;",
		  "&unknown; &; &# &#x; 1", NULL },
		{ "&#99999999999;", "\xef\xbf\xbd", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
hidden_text_and_attributes_are_given(void **state)
{
	static const struct reading readings[] = {
		{ "<!-- 123456789018 -->", "element 1 comment:  123456789018 ",
		  NULL },
		{ "<!--1234--><!--5678-->",
		  "comment: 1234\n\ntext element 1 comment: 5678\n", NULL },
		{ "<!--[if mso]><p>12<b>34</b></p><![endif]-->", "1234\n",
		  NULL },
		{ "<meta name='my' content='1&#50;3'>", "element 1 my: 123\n",
		  NULL },
		{ "<p data-id='123' title='456'>", "attribute: 123\n456\n",
		  NULL },
		{ "<p data-my-number='123456789018' title='456'>",
		  "element 1 data-my-number: 123456789018", NULL },
		{ "<img src='data:image/png;base64,iVBORw0KGgo='>",
		  "8 bytes: \x89PNG", NULL },
		{ "a\n<script>var x = '</b>1';</script>b",
		  "element 2 script: var x = '</b>1';", NULL },
		{ "<img alt='個人番号 1' src=\"x\">",
		  "attribute: 個人番号 1\nx\n", NULL },
		{ "<input name=mynumber value=123456789018>",
		  "mynumber: 123456789018\n", NULL },
		{ "<p style='display:none'>123</p>", "123\n", NULL },
		/* What never ends hides nothing. */
		{ "<!-- a 123 <b>456</b>", "123", NULL },
		{ "<a href=\"x>123 <b>456</b>", "456", NULL },
		{ "<script>123", "script: 123", NULL },
		{ "text <b", "text ", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
styles_are_read_with_their_escapes_replaced(void **state)
{
	static const struct reading readings[] = {
		{ "<style>p{content:\"\\000031\\000032\\33 \\34\"}</style>",
		  "\np{content:\"1234\"}\n", NULL },
		{ "<style>p{content:\"\\\n12\\\r\n3\\\"4\\zz\"}</style>",
		  "\np{content:\"123\"4zz\"}\n", NULL },
		{ "<style>p{content:'\\500B\\4eba'}</style>",
		  "\np{content:'個人'}\n", NULL },
		{ "<style>p{content:'\\a\\110000'}</style>",
		  "\np{content:' \xef\xbf\xbd'}\n", NULL },
		{ "<style>p{content : '12' \"\\33\" attr(x)'4'; color:red}"
		  "</style>",
		  "\n1234\n", NULL },
		{ "<style>p{content:'12'}q{content:'34'}</style>",
		  "script: p{content:'12'}q{content:'34'}\n", "1234" },
		{ "<style>p{content:'12' '3</style>", "\n123\n", NULL },
		{ "<style>\\</style>", "script: \\\n", NULL },
		{ "<p style=\"--x:'\\31\\32 3'\">a</p>", "--x:'123'\n", NULL },
		{ "<p style=\"--x:'&#92;31'\">a</p>", "--x:'1'\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
scripts_are_read_with_their_escapes_replaced(void **state)
{
	static const struct reading readings[] = {
		{ "<script>x='\\x31\\x32\\u0033'</script>", "\nx='123'\n",
		  NULL },
		{ "<script>x='\\u500b%E4%BA%BA'</script>", "\nx='個人'\n",
		  NULL },
		{ "<script>x='plain'</script>", "script: x='plain'\n",
		  "x='plain'\nx" },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
cells_of_data_are_cells_and_layout_is_text(void **state)
{
	static const struct reading readings[] = {
		{ "<table><tr><th>氏名<th>番号</tr><tr><td>a</td><td>1</td>"
		  "</tr></table>",
		  "cell table 1 1 2: 番号\ncell table 1 2 1: a\n"
		  "cell table 1 2 2: 1\n",
		  NULL },
		{ "<table><tr><td colspan=2>a</td><td>b</td></tr></table>",
		  "cell table 1 1 3: b", NULL },
		/* A table around the page. */
		{ "<table><tr><td><p>one 12</p><p>two 345</p></td></tr></table>",
		  "body 1: one 12\ntwo 345\n", "cell" },
		/* A heading on two lines. */
		{ "<table><tr><td>one<br>(two)</td><td>3</td></tr></table>",
		  "cell table 1 1 1: one\n(two)", "body" },
		{ "<table><tr><td>x<table><tr><td>y</td></tr></table>z</td>"
		  "</tr></table>",
		  "cell table 2 1 1: y", "cell table 1" },
		{ "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d</table>",
		  "cell table 1 1 2: b\ncell table 1 2 2: c\n"
		  "cell table 1 3 1: d\n",
		  NULL },
		{ "<table><tr><td rowspan=0 colspan=0>a<td rowspan=99999>b"
		  "<tr><td>c</table>",
		  "cell table 1 2 1: c\n", NULL },
		{ "<table><tr><td>1<td>2<td>3</table>",
		  "cell table 1 1 1: 1\ncell table 1 1 2: 2\n", NULL },
		{ "<td>no table</td>", "body 1: no table", "cell" },
		{ "<table><tr><td>not closed", "cell table 1 1 1: not closed",
		  NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
the_charset_of_the_page_counts_without_another(void **state)
{
	static const struct child bare = { .name = "a.htm",
					   .content_type = "text/html",
					   .charset = "" };
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	recording_sink_init(&sink);
	check_status(
		ST_OK,
		recording_sink_read(
			&sink, &reader_html,
			span_of("<meta charset=\"euc-jp\">\xb8\xc4\xbf\xcd"),
			&bare, &err),
		&err);
	assert_true(recording_sink_has(&sink, "個人"));
	recording_sink_done(&sink);
}

static void
html_is_known_by_its_bytes(void **state)
{
	static const struct child attached = { .name = "",
					       .content_type = "",
					       .charset = "",
					       .attachment = true };
	static const struct child body = { .name = "",
					   .content_type = "text/plain",
					   .charset = "" };
	static const struct child named = { .name = "a.HTM",
					    .content_type = "",
					    .charset = "",
					    .attachment = true };
	static const uint8_t jpeg[] = { 0xFF, 0xD8, 0xFF, 0xE0, 0, 16,  'J',
					'F',  'I',  'F',  0,    1, 1,   1,
					0,    96,   0,    96,   0, 0xFF };
	const struct span picture = { jpeg, sizeof(jpeg) };
	const struct span page = span_of("\n<HTML><body>x");

	(void)state;
	assert_int_equal(reader_html.sniff(page, &html), SNIFF_CERTAIN);
	assert_int_equal(reader_html.sniff(page, &attached), SNIFF_LIKELY);
	assert_int_equal(reader_html.sniff(page, &body), SNIFF_NO);
	assert_int_equal(reader_html.sniff(span_of("x"), &attached), SNIFF_NO);
	assert_int_equal(reader_html.sniff(span_of("<p>&#49;"), &named),
			 SNIFF_LIKELY);
	assert_int_equal(reader_html.sniff(picture, &named), SNIFF_NO);
}

static void
every_prefix_ends_properly(void **state)
{
	static const char page[] =
		"<html><!-- c --><table><tr><td a='b'>1&#49;</td></table>"
		"<script>x</script><p>y</html>";

	(void)state;
	for (size_t len = 0; len < sizeof(page); len++) {
		struct sink sink;
		struct err err = { 0 };

		recording_sink_init(&sink);
		check_status(
			ST_OK,
			recording_sink_read(
				&sink, &reader_html,
				(struct span){ (const uint8_t *)page, len },
				&html, &err),
			&err);
		recording_sink_done(&sink);
	}
}

static void
long_pages_take_linear_time(void **state)
{
	static const char *const units[] = { "<",       "<a '>", "<table><td>",
					     "<!--",    "&",     "<script>",
					     "<b x=\"", "</",    "&#0",
					     "<a =" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct sink sink;
		struct sbuf page;
		struct err err = { 0 };

		sbuf_init(&page, SIZE_MAX / 2);
		while (page.len_bytes < 300000)
			sbuf_add_text(&page, units[i]);
		recording_sink_init(&sink);
		sink.quiet = true;
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_html,
						 sbuf_span(&page), &html, &err),
			     &err);
		recording_sink_done(&sink);
		sbuf_done(&page);
	}
}

static void
a_long_page_is_cut_between_lines(void **state)
{
	struct sbuf page;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&page, SIZE_MAX / 2);
	for (int i = 0; i < 30000; i++)
		sbuf_add_text(&page, "<b>1234</b><b id=x>5678</b><br>");
	recording_sink_init(&sink);
	check_status(ST_OK,
		     recording_sink_read(&sink, &reader_html, sbuf_span(&page),
					 &html, &err),
		     &err);
	assert_false(recording_sink_has(&sink, ": 5678"));
	assert_true(sink.texts > 30000 + 2);
	recording_sink_done(&sink);
	sbuf_done(&page);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(inline_tags_join_and_blocks_part),
		cmocka_unit_test(references_are_replaced),
		cmocka_unit_test(hidden_text_and_attributes_are_given),
		cmocka_unit_test(styles_are_read_with_their_escapes_replaced),
		cmocka_unit_test(scripts_are_read_with_their_escapes_replaced),
		cmocka_unit_test(cells_of_data_are_cells_and_layout_is_text),
		cmocka_unit_test(
			the_charset_of_the_page_counts_without_another),
		cmocka_unit_test(html_is_known_by_its_bytes),
		cmocka_unit_test(every_prefix_ends_properly),
		cmocka_unit_test(a_long_page_is_cut_between_lines),
		cmocka_unit_test(long_pages_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
