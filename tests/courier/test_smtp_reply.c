/* Tests of courier/smtp/smtp_reply.h, in the order of its promises. */
#include "courier/smtp/smtp_reply.h"

#include "tests/harness/check.h"

/* Take the bytes in pieces of step, out of a block of exactly their size. */
static enum status
take(struct smtp_reply *reply, const char *bytes, size_t len_bytes, size_t step,
     size_t *used_out, struct err *err)
{
	enum status st = ST_END;
	size_t at = 0;

	smtp_reply_init(reply);
	while (st == ST_END && at < len_bytes) {
		const size_t len =
			len_bytes - at < step ? len_bytes - at : step;
		uint8_t *copy = malloc(len);
		size_t used = 0;

		assert_non_null(copy);
		memcpy(copy, bytes + at, len);
		st = smtp_reply_take(reply, (struct span){ copy, len }, &used,
				     err);
		free(copy);
		if (st != ST_OK && st != ST_END)
			return st;
		assert_true(used <= len);
		at += used;
	}
	*used_out = at;
	return st;
}

static void
replies_are_read_whole_whatever_the_pieces(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t code;
		const char *enhanced;
		const char *text;
	} cases[] = {
		{ "250 ok\r\n", 250, "", "ok" },
		{ "250\r\n", 250, "", "" },
		{ "250 \n", 250, "", "" },
		{ "550 5.1.1 no such user\r\n", 550, "5.1.1", "no such user" },
		{ "550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n", 550,
		  "5.7.1", "one\ntwo\nthree" },
		{ "250-mx.test\r\n250-SIZE 10\r\n250 DSN\r\n", 250, "",
		  "mx.test\nSIZE 10\nDSN" },
		{ "550 4.1.1 other class\r\n", 550, "", "4.1.1 other class" },
		{ "550 5.1.1\r\n", 550, "5.1.1", "" },
		{ "550 5.1234.1 x\r\n", 550, "", "5.1234.1 x" },
		{ "550 5.1.1x\r\n", 550, "", "5.1.1x" },
		{ "550 5..1\r\n", 550, "", "5..1" },
		{ "354 3.1.1 go\r\n", 354, "", "3.1.1 go" },
		{ "451 tab\there \xe3\x81\x82 \x1b[0m\r\n", 451, "",
		  "tab?here ??? ?[0m" },
		{ "250 \r \r\n", 250, "", "? " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t step = 1; step < 70; step += 7) {
			struct smtp_reply reply;
			struct err err = { 0 };
			size_t used = 0;

			check_status(ST_OK,
				     take(&reply, cases[i].bytes,
					  strlen(cases[i].bytes), step, &used,
					  &err),
				     &err);
			assert_int_equal(used, strlen(cases[i].bytes));
			assert_int_equal(reply.code, cases[i].code);
			assert_string_equal(reply.enhanced, cases[i].enhanced);
			assert_string_equal(reply.text, cases[i].text);
		}
	}
}

static void
bytes_behind_the_reply_are_left(void **state)
{
	static const char bytes[] = "250 one\r\n250 two\r\n";
	struct smtp_reply reply;
	struct err err = { 0 };
	size_t used = 0;

	(void)state;
	check_status(ST_OK,
		     take(&reply, bytes, sizeof(bytes) - 1, 99, &used, &err),
		     &err);
	assert_int_equal(used, 9);
}

static void
every_prefix_needs_more(void **state)
{
	static const char bytes[] = "250-a\r\n250-b\r\n250 c\r\n";

	(void)state;
	for (size_t len = 0; len < sizeof(bytes) - 1; len++) {
		struct smtp_reply reply;
		struct err err = { 0 };
		size_t used = 0;

		check_status(ST_END, take(&reply, bytes, len, 5, &used, &err),
			     &err);
	}
}

static void
what_is_no_reply_is_refused(void **state)
{
	static const char *const cases[] = {
		"\r\n",        "hello\r\n",  "25 ok\r\n",  "2500 ok\r\n",
		"150 ok\r\n",  "650 ok\r\n", "25a ok\r\n", "250_ok\r\n",
		" 250 ok\r\n", "-50 ok\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_reply reply;
		struct err err = { 0 };
		size_t used = 0;

		check_status(ST_FORMAT,
			     take(&reply, cases[i], strlen(cases[i]), 99, &used,
				  &err),
			     &err);
		assert_string_equal(err.text,
				    "smtp: line 1 of the reply has no code");
	}
}

static void
codes_that_differ_are_refused(void **state)
{
	static const char bytes[] = "250-ok\r\n550 no\r\n";
	struct smtp_reply reply;
	struct err err = { 0 };
	size_t used = 0;

	(void)state;
	check_status(ST_FORMAT,
		     take(&reply, bytes, sizeof(bytes) - 1, 99, &used, &err),
		     &err);
	assert_string_equal(err.text, "smtp: reply with codes 250 and 550");
}

/* Write text, without its NUL, at place. */
static void
put(char *place, const char *text)
{
	while (*text != '\0')
		*place++ = *text++;
}

static void
lines_and_their_number_are_bounded(void **state)
{
	enum { LINE_BYTES = 8, LINES = SMTP_REPLY_MAX_LINES + 1 };
	char long_line[SMTP_REPLY_MAX_LINE_BYTES + 3];
	char lines[LINES * LINE_BYTES + 1];
	struct smtp_reply reply;
	struct err err = { 0 };
	size_t used = 0;

	(void)state;
	memset(long_line, 'x', sizeof(long_line));
	put(long_line, "250 ");
	check_status(
		ST_LIMIT,
		take(&reply, long_line, sizeof(long_line), 100, &used, &err),
		&err);
	put(long_line + SMTP_REPLY_MAX_LINE_BYTES - 1, "\r\n");
	check_status(ST_OK,
		     take(&reply, long_line, SMTP_REPLY_MAX_LINE_BYTES + 1, 100,
			  &used, &err),
		     &err);

	for (size_t i = 0; i < LINES; i++)
		put(lines + i * LINE_BYTES, "250-ab\r\n");
	check_status(ST_LIMIT,
		     take(&reply, lines, LINES * LINE_BYTES, 100, &used, &err),
		     &err);
	lines[(LINES - 2) * LINE_BYTES + 3] = ' ';
	check_status(ST_OK,
		     take(&reply, lines, LINES * LINE_BYTES, 100, &used, &err),
		     &err);
	assert_int_equal(used, (LINES - 1) * LINE_BYTES);
}

static void
long_text_is_cut(void **state)
{
	char line[2001];
	struct smtp_reply reply;
	struct err err = { 0 };
	size_t used = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	put(line, "250-");
	line[sizeof(line) - 1] = '\n';
	smtp_reply_init(&reply);
	for (size_t i = 0; i < 20; i++)
		check_status(ST_END,
			     smtp_reply_take(&reply,
					     (struct span){ (uint8_t *)line,
							    sizeof(line) },
					     &used, &err),
			     &err);
	assert_int_equal(strlen(reply.text), SMTP_REPLY_TEXT_BYTES - 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_whole_whatever_the_pieces),
		cmocka_unit_test(bytes_behind_the_reply_are_left),
		cmocka_unit_test(every_prefix_needs_more),
		cmocka_unit_test(what_is_no_reply_is_refused),
		cmocka_unit_test(codes_that_differ_are_refused),
		cmocka_unit_test(lines_and_their_number_are_bounded),
		cmocka_unit_test(long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
