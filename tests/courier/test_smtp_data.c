/* Tests of courier/smtp/smtp_data.h and smtp_args.h. */
#include "courier/smtp/smtp_data.h"

#include "courier/smtp/smtp_args.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

/* The new form of text, fed in pieces of step. */
static void
convert(const char *text, size_t step, struct sbuf *out)
{
	struct smtp_data data;
	struct span rest = span_of(text);

	smtp_data_init(&data, true);
	while (rest.len_bytes > 0) {
		const size_t len =
			rest.len_bytes < step ? rest.len_bytes : step;

		smtp_data_add(&data, (struct span){ rest.ptr, len }, out);
		assert_true(span_cut(rest, len, rest.len_bytes - len, &rest));
	}
	smtp_data_end(&data, out);
}

static void
line_ends_are_whole_and_dots_are_doubled(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "A: b\r\n\r\nbody\r\n", "A: b\r\n\r\nbody\r\n" },
		{ "A: b\n\nx\n.\ny\n", "A: b\r\n\r\nx\r\n..\r\ny\r\n" },
		{ "A: b\r\n\r\n.\r\n..\r\n", "A: b\r\n\r\n..\r\n...\r\n" },
		{ "A: b\r\n\r\nx\r.\ry", "A: b\r\n\r\nx\r\n..\r\ny\r\n" },
		{ "A: b\r\n\r\nx\r\r\n.\r\r\n", "A: b\r\n\r\nx\r\n..\r\n" },
		{ "A: b\r\n\r\nx\n.\r\ny\r\n.\nz",
		  "A: b\r\n\r\nx\r\n..\r\ny\r\n..\r\nz\r\n" },
		{ "A: b\rBcc: c\r\n\r\n", "A: b Bcc: c\r\n\r\n" },
		{ "A: b\r\rC: d\r\n\r\nx", "A: b  C: d\r\n\r\nx\r\n" },
		{ "A: b\r\n\r", "A: b\r\n \r\n" },
		{ "A: b\r\n.C: d\r\n", "A: b\r\n..C: d\r\n" },
		{ "A: b\r\n\r\nlast\r", "A: b\r\n\r\nlast\r\n" },
		{ "A: b\r\n\r\na\r\r", "A: b\r\n\r\na\r\n\r\n" },
		{ "", "" },
		{ "A: b", "A: b\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t step = 1; step < 40; step += 3) {
			AUTO(sbuf_done) struct sbuf out;

			sbuf_init(&out, 1000);
			convert(cases[i].text, step, &out);
			assert_string_equal(sbuf_text(&out), cases[i].want);
		}
	}
}

static void
nothing_inside_ends_the_mail(void **state)
{
	/* Every mix of these up to seven characters. */
	static const char alphabet[] = { '\r', '\n', '.', 'x' };
	enum { LENGTH = 7, MIXES = 1 << (2 * LENGTH) };

	(void)state;
	for (size_t mix = 0; mix < MIXES; mix++) {
		AUTO(sbuf_done) struct sbuf out;
		char text[LENGTH + 6] = "a\r\n\r\n";

		for (size_t i = 0; i < LENGTH; i++)
			text[5 + i] = alphabet[mix >> (2 * i) & 3];
		sbuf_init(&out, 1000);
		convert(text, 3, &out);
		assert_null(strstr(sbuf_text(&out), "\r\n.\r\n"));
		for (size_t i = 0; i < out.len_bytes; i++) {
			if (out.bytes[i] == '\n')
				assert_true(i > 0 && out.bytes[i - 1] == '\r');
			if (out.bytes[i] == '\r')
				assert_int_equal(out.bytes[i + 1], '\n');
		}
	}
}

static struct smtp_shape
measure(const char *first, const char *second)
{
	const struct span parts[] = { span_of(first), span_of(second) };

	return smtp_data_measure(parts, ARRAY_LEN(parts));
}

static void
a_mail_is_measured_in_its_new_form(void **state)
{
	struct smtp_shape shape = measure("X: y\r\n", "A: b\n\n.x\n");

	(void)state;
	assert_int_equal(shape.size_bytes, 6 + 6 + 2 + 4);
	assert_false(shape.eight_bit);
	shape = measure("", "A: b\n\n\xe3\n");
	assert_true(shape.eight_bit);
	assert_false(shape.header_eight_bit);
	shape = measure("", "A: \x80\n\nx\n");
	assert_true(shape.eight_bit);
	assert_true(shape.header_eight_bit);
}

static void
addresses_cannot_leave_their_brackets(void **state)
{
	static const char *const good[] = { "", "a@b.test", "\"a b>\"@c.test",
					    "\"a\\\">b\"@c.test",
					    "\xe5\xb1\xb1@b.test" };
	static const char *const bad[] = {
		"a@b>",    "a b@c", "a@b\r\nDATA", "<a@b",  "\"a@b",
		"a\x7f@b", "\"a\\", "a\\>b@c",     "a@b\n", "\"a\\\n\"@b"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(smtp_address_is_safe(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(smtp_address_is_safe(bad[i]));
	assert_true(smtp_address_is_utf8("\xe5@b"));
	assert_false(smtp_address_is_utf8("a@b"));
}

static void
dsn_arguments_are_kept_and_all_others_left_out(void **state)
{
	static const struct {
		const char *args;
		const char *want;
	} cases[] = {
		{ "NOTIFY=NEVER", " NOTIFY=NEVER" },
		{ "notify=failure,DELAY ORCPT=rfc822;a+2Bb@c.test",
		  " NOTIFY=failure,DELAY ORCPT=rfc822;a+2Bb@c.test" },
		{ "NOTIFY=NEVER,FAILURE", "" },
		{ "NOTIFY=FAILURE,", "" },
		{ "NOTIFY=,FAILURE", "" },
		{ "NOTIFY=", "" },
		{ "NOTIFY", "" },
		{ "NOTIFY=NEVER NOTIFY=SUCCESS", " NOTIFY=NEVER" },
		{ "ORCPT=rfc822", "" },
		{ "ORCPT=rfc822;a=b", "" },
		{ "ORCPT=rfc822;a\r\nDATA", "" },
		{ "ORCPT=rfc822;\xe5", "" },
		{ "BY=120;R  X=y NOTIFY=SUCCESS ", " NOTIFY=SUCCESS" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(sbuf_done) struct sbuf command;

		sbuf_init(&command, 1000);
		smtp_args_copy_dsn(cases[i].args, &command);
		assert_string_equal(sbuf_text(&command), cases[i].want);
	}
}

static void
words_and_envids_are_recognised(void **state)
{
	(void)state;
	assert_true(smtp_args_have("BODY=8BITMIME smtputf8", "SMTPUTF8"));
	assert_false(smtp_args_have("SMTPUTF8=1 XSMTPUTF8", "SMTPUTF8"));
	assert_true(smtp_envid_is_safe("SK-01ab.cd"));
	assert_false(smtp_envid_is_safe(""));
	assert_false(smtp_envid_is_safe("a b"));
	assert_false(smtp_envid_is_safe("a+20"));
	assert_false(smtp_envid_is_safe("a\r\n"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends_are_whole_and_dots_are_doubled),
		cmocka_unit_test(nothing_inside_ends_the_mail),
		cmocka_unit_test(a_mail_is_measured_in_its_new_form),
		cmocka_unit_test(addresses_cannot_leave_their_brackets),
		cmocka_unit_test(
			dsn_arguments_are_kept_and_all_others_left_out),
		cmocka_unit_test(words_and_envids_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
