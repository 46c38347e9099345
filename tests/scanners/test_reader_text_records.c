/* The reader of text: cards, calendars, LDIF, and letters as escapes. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/text_escapes.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child file = {
	.name = "a", .content_type = "", .charset = "", .attachment = true
};

static void
read_bytes(struct span bytes, struct sink *sink)
{
	struct err err = { 0 };

	recording_sink_init(sink);
	check_status(
		ST_OK,
		recording_sink_read(sink, &reader_text, bytes, &file, &err),
		&err);
}

static void
check_record(const char *text, const char *wanted)
{
	struct sink sink;

	read_bytes(span_of(text), &sink);
	if (!recording_sink_has(&sink, wanted))
		fail_msg("no \"%s\" in: %s", wanted, sbuf_text(&sink.record));
	recording_sink_done(&sink);
}

static void
a_character_may_be_folded_in_its_middle(void **state)
{
	(void)state;
	check_record("BEGIN:VCALENDAR\r\nSUMMARY:\xE5\x80\r\n \x8B人\r\n",
		     "SUMMARY:個人\n");
	check_record("BEGIN:VCARD\nNOTE:\xE5\n \x80\x8B\n", "NOTE:個\n");
}

static void
what_says_that_it_is_base64_is_a_file_of_any_length(void **state)
{
	(void)state;
	check_record("BEGIN:VCARD\nKEY;ENCODING=b;TYPE=text:MTIz\n NDU2\n",
		     "\"\"  attachment 6 bytes: 123456");
	check_record("BEGIN:VCARD\nSOUND;BASE64;WAVE:MTIzNDU2\n",
		     "\"\"  attachment 6 bytes: 123456");
	check_record("BEGIN:VCALENDAR\nATTACH;VALUE=BINARY;ENCODING=BASE64:"
		     "MTIzNDU2\n",
		     "\"\"  attachment 6 bytes: 123456");
	check_record("BEGIN:VCARD\nPHOTO:data:text/plain;base64,MTIzNDU2\n",
		     "\"\"  attachment 6 bytes: 123456");
}

static void
values_of_ldif_are_decoded(void **state)
{
	(void)state;
	check_record("dn: cn=a\ndescription:: 5YCL\n 5Lq6\nsn: x\n",
		     "dn: cn=a\ndescription: 個人\n\nsn: x\n");
	check_record("# of today\nversion: 1\n\ndn:: Y249YQ==\n", "dn: cn=a\n");
	/* What is no text is a file. */
	check_record("dn: cn=a\njpegPhoto:: AAECAwQF\n", "attachment 6 bytes");
	/* Another text with such a line stays as it is. */
	check_record("hello\nname:: 5YCL\n", "name:: 5YCL\n");
}

struct escape {
	const char *text;
	const char *wanted; /* NULL: there is no escape */
};

static void
escapes_are_the_letters_that_they_stand_for(void **state)
{
	static const struct escape cases[] = {
		{ "a\\u500b\\u4eba=1\n", "a個人=1\n" },
		{ "\\U0000500b", "個" },
		{ "\\ud842\\udfb7", "𠮷" },
		{ "\\xe5\\x80\\x8b2", "個2" },
		{ "\\x8c\\xc2\\x90\\x6c\\x94\\xd4\\x8d\\x86", "個人番号" },
		{ "?%E5%80%8B%E4%BA%BA=1", "?個人=1" },
		{ "&#20491;&#x4EBA;1", "個人1" },
		{ "x\\u000ay", "x y" },
		{ "\\u003112", "112" },
		{ "50%\\", NULL },
		{ "C:\\users\\xy %20 &amp; &#; &#12", NULL },
		{ "\\x41\\x42 100%2e", NULL },
		{ "\\x31\\x32%33.", "123." },
		{ "a%2031", NULL },
		{ "plain", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(sbuf_done) struct sbuf out;

		sbuf_init(&out, 4096);
		sbuf_add_text(&out, ">");
		const bool any = text_unescape(span_of(cases[i].text), &out);
		const char *wanted =
			cases[i].wanted != NULL ? cases[i].wanted : "";

		assert_int_equal(any, cases[i].wanted != NULL);
		assert_string_equal(sbuf_text(&out) + 1, wanted);
	}
}

static void
a_text_with_escapes_is_given_both_ways(void **state)
{
	(void)state;
	check_record("\\u500b=1\n", "text body 1: \\u500b=1\n");
	check_record("\\u500b=1\n", "text element escapes: 個=1\n");
	/* With the lines beside, and no more of it. */
	check_record("a\nb\n\\u500b\nc\nd\n",
		     "text element escapes: b\n個\nc\n");
}

static void
every_prefix_ends_properly(void **state)
{
	static const char *const texts[] = {
		"BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE:=E5=\r\n=80\r\n",
		"BEGIN:VCARD\r\nKEY;ENCODING=b:AAEC\r\n AwQF\r\nX:\\ud842\r\n",
		"version: 1\ndn: a\nx:: 5YCL\n 5Lq6\ny:: AAEC\nz:< file:///a\n",
		"\\u500b\\U0000500b\\xe5\\x80\\x8b%E5%80%8B&#20491;&#x500b;",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		for (size_t len = 0; len <= strlen(texts[i]); len++) {
			struct sink sink;
			const struct span part = { (const uint8_t *)texts[i],
						   len };

			read_bytes(part, &sink);
			assert_int_equal(sink.opaques, 0);
			recording_sink_done(&sink);
		}
	}
}

static void
a_budget_that_is_used_up_ends_it(void **state)
{
	static const char *const texts[] = {
		"BEGIN:VCARD\nKEY;ENCODING=b:MTIzNDU2\n",
		"dn: a\nx:: AAECAwQFBgcICQ==\n",
		"\\u500b\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct sink sink;
		struct err err = { 0 };

		recording_sink_init(&sink);
		sink.spend_limit_bytes = strlen(texts[i]) + 1;
		check_status(ST_LIMIT,
			     recording_sink_read(&sink, &reader_text,
						 span_of(texts[i]), &file,
						 &err),
			     &err);
		recording_sink_done(&sink);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_character_may_be_folded_in_its_middle),
		cmocka_unit_test(
			what_says_that_it_is_base64_is_a_file_of_any_length),
		cmocka_unit_test(values_of_ldif_are_decoded),
		cmocka_unit_test(escapes_are_the_letters_that_they_stand_for),
		cmocka_unit_test(a_text_with_escapes_is_given_both_ways),
		cmocka_unit_test(every_prefix_ends_properly),
		cmocka_unit_test(a_budget_that_is_used_up_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
