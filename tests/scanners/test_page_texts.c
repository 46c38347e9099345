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
		cmocka_unit_test(enriched_text_is_read_as_it_shows),
		cmocka_unit_test(pages_in_calendars_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
