/* Tests of courier/notices: template.h, compose.h. */
#include "courier/notices/compose.h"

#include "courier/notices/template.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static const char *const names[] = { "name", "lines" };

static void
render(const char *text, const char *name, const char *lines, struct sbuf *out)
{
	const struct template_value values[] = { { "name", name, false },
						 { "lines", lines, true } };

	sbuf_clear(out);
	template_render(text, values, ARRAY_LEN(values), out);
}

static void
values_take_their_places(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		const char *lines;
		const char *want;
	} cases[] = {
		{ "a {name} b", "x", "", "a x b" },
		{ "{name}{name}", "x", "", "xx" },
		{ "{{name} }", "x", "", "{name} }" },
		{ "{name}", "{lines}", "evil", "{lines}" },
		{ "{name}", "a\r\nb\x7f", "", "a  b " },
		{ "{lines}", "", "a\nb\r", "a\nb " },
		{ "{name}",
		  "\xe2\x80\xae"
		  "abc\xe2\x80\xac",
		  "", "abc" },
		{ "{name}",
		  "\xe2\x81\xa6"
		  "d\xe2\x81\xa9",
		  "", "d" },
		{ "{name}", "\xe2\x80\x90", "", "\xe2\x80\x90" },
		{ "{name}", "bad \xff", "", "bad ?" },
		{ "", "x", "", "" },
	};
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	sbuf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		render(cases[i].text, cases[i].name, cases[i].lines, &out);
		assert_string_equal(sbuf_text(&out), cases[i].want);
	}
}

static void
bad_templates_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "a\n{nam}", "t:2: unknown name {nam}" },
		{ "a\n\n{name", "t:3: \"{\" without \"}\"" },
		{ "{}", "t:1: unknown name {}" },
		{ "\xff", "t: not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		check_status(ST_FORMAT,
			     template_check("t", cases[i].text, names,
					    ARRAY_LEN(names), &err),
			     &err);
		assert_string_equal(err.text, cases[i].want);
	}
	struct err err = { 0 };

	check_status(ST_OK,
		     template_check("t", "{name}{{{lines}", names,
				    ARRAY_LEN(names), &err),
		     &err);
}

/* Undo "=?UTF-8?B?…?=" words and the folds between them. */
static void
decode_words(const char *text, struct sbuf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";

	while ((text = strstr(text, "=?UTF-8?B?")) != NULL) {
		uint32_t bits = 0;
		size_t count = 0;

		for (text += 10; *text != '?'; text++) {
			const char *digit = strchr(digits, *text);

			if (digit == NULL)
				continue;
			bits = bits << 6 | (uint32_t)(digit - digits);
			count += 6;
			if (count >= 8) {
				count -= 8;
				sbuf_add_byte(out, (uint8_t)(bits >> count));
			}
		}
	}
}

static void
words_are_encoded_and_folded(void **state)
{
	static const char long_text[] =
		"【送信保留のお知らせ】社会保険の手続きに必要な書類一式をお送り"
		"しますのでご確認ください（山田太郎、令和八年十一月分）😀😀😀";

	(void)state;
	for (size_t used = 0; used < 90; used++) {
		AUTO(sbuf_done) struct sbuf out;
		AUTO(sbuf_done) struct sbuf back;
		size_t line = used;

		sbuf_init(&out, 10000);
		sbuf_init(&back, 10000);
		compose_words(long_text, used, &out);
		for (size_t i = 0; i < out.len_bytes; i++) {
			assert_in_range(out.bytes[i], '\n', 0x7e);
			line = out.bytes[i] == '\n' ? 0 : line + 1;
			assert_true(line <= 77 || line <= used + 1);
		}
		/* Each word by itself is whole characters. */
		for (const char *p = sbuf_text(&out);
		     (p = strstr(p, "=?")) != NULL; p += 2) {
			AUTO(sbuf_done) struct sbuf one;
			AUTO(sbuf_done) struct sbuf word;

			sbuf_init(&one, 1000);
			sbuf_init(&word, 1000);
			sbuf_add(&one, p, strcspn(p, "\r"));
			assert_true(one.len_bytes <= 75);
			decode_words(sbuf_text(&one), &word);
			assert_true(parse_is_utf8(sbuf_span(&word)));
		}
		decode_words(sbuf_text(&out), &back);
		assert_string_equal(sbuf_text(&back), long_text);
	}
}

static void
plain_text_stays_plain(void **state)
{
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	sbuf_init(&out, 1000);
	compose_words("Hello, world", 9, &out);
	assert_string_equal(sbuf_text(&out), "Hello, world");
	sbuf_clear(&out);
	compose_words("=?x", 0, &out);
	assert_string_equal(sbuf_text(&out), "=?UTF-8?B?PT94?=");
}

static void
a_text_without_any_value_is_void(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "words", false },     { "{name}", true },
		{ "a {name} b", true }, { "{name} {lines}", false },
		{ "{{name}", false },   { "", false },
	};
	const struct template_value values[] = { { "name", "", false },
						 { "lines", "x", true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(template_is_void(cases[i].text, values,
						  ARRAY_LEN(values)),
				 cases[i].want);
}

static struct compose
sample(void)
{
	return (struct compose){
		.from_name = "関守",
		.from = "sekimori@corp.test",
		.to_name = "Taro, \"the\r\nBcc: evil@x.test",
		.to = "taro@corp.test",
		.subject = "held\r\nBcc: evil@x.test",
		.language = "ja",
		.host = "gate.corp.test",
		.id = "abc.1",
		.thread = "abc.case",
		.now_unix_ms = 1795326289000,
	};
}

static void
a_mail_of_our_own_is_well_formed(void **state)
{
	const struct compose compose = sample();
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&out, 10000);
	check_status(ST_OK,
		     compose_mail(&compose,
				  &(struct compose_forms){ "one\ntwo\n",
							   "<p>\n", NULL },
				  &out, &err),
		     &err);
	assert_string_equal(
		sbuf_text(&out),
		"From: =?UTF-8?B?6Zai5a6I?=\r\n <sekimori@corp.test>\r\n"
		"To: =?UTF-8?B?VGFybywgInRoZQ0KQmNjOiBldmlsQHgudGVzdA==?=\r\n"
		" <taro@corp.test>\r\n"
		"Subject: held  Bcc: evil@x.test\r\n"
		"Date: Sun, 22 Nov 2026 05:44:49 +0000\r\n"
		"Message-Id: <abc.1@gate.corp.test>\r\n"
		"In-Reply-To: <abc.case@gate.corp.test>\r\n"
		"References: <abc.case@gate.corp.test>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"X-Auto-Response-Suppress: All\r\n"
		"Content-Language: ja\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n"
		" boundary=\"=_sekimori_notice\"\r\n"
		"\r\n"
		"--=_sekimori_notice\r\n"
		"Content-Type: text/plain; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"b25lDQp0d28NCg==\r\n"
		"--=_sekimori_notice\r\n"
		"Content-Type: text/html; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"PHA+DQo=\r\n"
		"--=_sekimori_notice--\r\n");
}

static void
a_mail_that_gives_something_back_begins_with_the_notice(void **state)
{
	struct compose compose = sample();
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };
	const char *text = NULL;

	(void)state;
	sbuf_init(&out, 10000);
	compose.thread = "";
	compose.boundary = "mixed";
	compose.eight_bit = true;
	check_status(ST_OK,
		     compose_mail(&compose,
				  &(struct compose_forms){ "a", "b", NULL },
				  &out, &err),
		     &err);
	text = sbuf_text(&out);
	assert_null(strstr(text, "References:"));
	assert_non_null(strstr(text, "Content-Type: multipart/mixed;\r\n"
				     " boundary=\"mixed\"\r\n"
				     "Content-Transfer-Encoding: 8bit\r\n\r\n"
				     "--mixed\r\n"
				     "Content-Type: multipart/alternative;"));
	assert_string_equal(strrchr(text, '=') - 2,
			    "--=_sekimori_notice--\r\n");
}

static void
odd_addresses_do_not_get_into_fields(void **state)
{
	static const char *const odd[] = {
		"a@b\r\nBcc: c@d.test",
		"\"a b\"@c.test",
		"a@b, c@d",
		"<a@b>",
		"a",
		"@b",
		"a@",
		"\xff@b",
		"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct compose compose = sample();
		AUTO(sbuf_done) struct sbuf out;
		struct err err = { 0 };

		sbuf_init(&out, 10000);
		compose.to = odd[i];
		check_status(
			ST_OK,
			compose_mail(&compose,
				     &(struct compose_forms){ "", "", NULL },
				     &out, &err),
			&err);
		assert_non_null(strstr(sbuf_text(&out),
				       "\r\nTo: undisclosed-recipients:;\r\n"));
		compose.from = odd[i];
		check_status(
			ST_FORMAT,
			compose_mail(&compose,
				     &(struct compose_forms){ "", "", NULL },
				     &out, &err),
			&err);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_take_their_places),
		cmocka_unit_test(bad_templates_are_refused_with_their_line),
		cmocka_unit_test(a_text_without_any_value_is_void),
		cmocka_unit_test(words_are_encoded_and_folded),
		cmocka_unit_test(plain_text_stays_plain),
		cmocka_unit_test(a_mail_of_our_own_is_well_formed),
		cmocka_unit_test(
			a_mail_that_gives_something_back_begins_with_the_notice),
		cmocka_unit_test(odd_addresses_do_not_get_into_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
