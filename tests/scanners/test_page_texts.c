/* Pages and texts like pages where few look for them: enriched text, pages in
 * calendars; and files in letters on pages. */
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"

#define BEGIN "begin 644 a.txt"
#define LINE                                                        \
	"MY8\"+Y+JZYY6JY8^W(#$R,S0U-C&lt;X.3`Q.`KE@(ODNKKGE:KEC[?C" \
	"@:?C@9D*"

static void
must_find(const char *text, const char *type)
{
	struct real_scan scan;
	struct sbuf mail;

	sbuf_init(&mail, 1 << 16);
	sbuf_addf(&mail, "Subject: x\nContent-Type: %s; charset=utf-8\n\n%s",
		  type, text);
	real_scan_mail(&scan, sbuf_span(&mail));
	if (!real_scan_found(&scan, NULL)) {
		real_scan_print(&scan);
		fail_msg("not found in\n%s", text);
	}
	real_scan_done(&scan);
	sbuf_done(&mail);
}

static void
files_in_letters_on_a_page_are_read(void **state)
{
	static const char *const pages[] = {
		"<p>x</p><pre>" BEGIN "\n" LINE "\n`\nend\n</pre>",
		"<pre>\n" BEGIN "\n" LINE "\n`\nend\n</pre>",
		"<div>" BEGIN "<br>\n" LINE "<br>`<br>end</div>",
		"<table><tr><td><pre>" BEGIN "\n" LINE
		"\n`\nend\n</pre></td></tr></table>",
		("<pre>begin-base64 644 a.txt\n"
		 "5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\n====\n</pre>"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		must_find(pages[i], "text/html");
}

/* Where the number stands in a page that has it, said by its source. */
static void
check_line(const char *before, const char *wanted)
{
	struct real_scan scan;
	struct sbuf page;

	sbuf_init(&page, 4 << 20);
	sbuf_addf(&page, "%s<p>個人番号 123456789018</p>\n</body></html>\n",
		  before);
	real_scan_file(&scan, "a.html", sbuf_span(&page));
	assert_true(scan.report.finding_count > 0);
	assert_string_equal(scan.report.findings[0].location, wanted);
	real_scan_done(&scan);
	sbuf_done(&page);
}

static void
lines_are_those_of_the_source(void **state)
{
	static const char head[] =
		"<html>\n<head>\n<style>\np{}\n\nq{}\n</style>\n<!--\n\n-->\n"
		"<title>x</title>\n</head>\n<body>\n";
	struct sbuf text;

	(void)state;
	check_line("", "line 1");
	check_line(head, "line 14");
	sbuf_init(&text, 4 << 20);
	sbuf_addf(&text,
		  "%s<p>one two\nthree\nfour</p>\n\n<p>five<br>six<br>"
		  "seven</p>\n<pre>\neight\nnine\n</pre>\n",
		  head);
	check_line(sbuf_text(&text), "line 23");
	sbuf_add_text(&text,
		      "<table>\n<tr><td>\n<p>a</p>\n<p>b</p>\n</table>\n");
	check_line(sbuf_text(&text), "line 28");
	sbuf_add_text(&text, "\n\n\n<input\ntype=text\nvalue=x>\n");
	check_line(sbuf_text(&text), "line 34");
	/* Also far behind, where what came before is given already. */
	for (size_t i = 0; i < 20000; i++)
		sbuf_add_text(&text, "<div>\n  <span>some</span>\n  words\n"
				     "</div>\n");
	check_line(sbuf_text(&text), "line 80034");
	sbuf_done(&text);
	/* Lines of the page in one line of the source are counted on. */
	check_line("<p>a<p>b<p>c\n\n\n\n\n\n", "line 7");
	check_line("<p>a<p>b<p>c", "line 4");
}

static void
enriched_text_is_read_as_it_shows(void **state)
{
	(void)state;
	must_find("個人番号 <bold>1234</bold><italic>5678</italic>"
		  "<color><param>red</param>9018</color>\n",
		  "text/enriched");
	must_find("個人番号 1234\n<bold>5678</bold>\n9018\n", "text/enriched");
	must_find("個人番号 <bold>1234</bold>56789018<nl>x\n", "text/richtext");
	/* "<<" is a letter: what stands there is text, too. */
	must_find("<<b 個人番号 123456789018>>\n", "text/enriched");
	must_find("<<script>個人番号 123456789018\n", "text/enriched");
}

static void
pages_in_calendars_are_read(void **state)
{
	(void)state;
	must_find("BEGIN:VCALENDAR\nX-ALT-DESC;FMTTYPE=text/html:<p>個人番号"
		  "\\n<b>1234</b><i>5678</i>9\n 018</p>\nEND:VCALENDAR\n",
		  "text/calendar");
	must_find("BEGIN:VCALENDAR\nDESCRIPTION;LANGUAGE=ja;ALTREP=\"data:"
		  "text/html,%E5%80%8B%E4%BA%BA%E7%95%AA%E5%8F%B7%20%3Cb%3E"
		  "1234%3C/b%3E56789018\":x\nEND:VCALENDAR\n",
		  "text/calendar");
	must_find("BEGIN:VCARD\nNOTE:a \"quote:個人番号 123456789018\n"
		  "END:VCARD\n",
		  "text/vcard");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_in_letters_on_a_page_are_read),
		cmocka_unit_test(lines_are_those_of_the_source),
		cmocka_unit_test(enriched_text_is_read_as_it_shows),
		cmocka_unit_test(pages_in_calendars_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
