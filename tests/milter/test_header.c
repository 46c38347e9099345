/* Tests of milter/session/header.h, in the order of its promises. */
#include "milter/session/header.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

/* The addresses joined by '|'; "!" in front when not all was understood. */
static void
addresses_of(struct span value, struct sbuf *joined)
{
	AUTO(sbuf_done) struct sbuf addresses;
	uint8_t *copy = malloc(value.len_bytes > 0 ? value.len_bytes : 1);
	enum status st = ST_OK;
	struct err err;

	assert_non_null(copy);
	if (value.len_bytes > 0)
		memcpy(copy, value.ptr, value.len_bytes);
	sbuf_init(&addresses, 1 << 20);
	st = header_add_addresses((struct span){ copy, value.len_bytes },
				  &addresses, &err);
	free(copy);
	assert_true(st == ST_OK || st == ST_FORMAT);
	if (st == ST_FORMAT)
		sbuf_add_byte(joined, '!');
	for (size_t at = 0; at < addresses.len_bytes;
	     at += strlen((const char *)addresses.bytes + at) + 1) {
		if (at > 0)
			sbuf_add_byte(joined, '|');
		sbuf_add_text(joined, (const char *)addresses.bytes + at);
	}
}

static const struct {
	const char *value;
	const char *addresses;
} table[] = {
	{ " a@x.test", "a@x.test" },
	{ "A B <a@x.test>", "a@x.test" },
	{ "<a@x.test>", "a@x.test" },
	{ "a@x.test, b@y.test", "a@x.test|b@y.test" },
	{ "a@x.test,\n\tB <b@y.test>", "a@x.test|b@y.test" },
	{ ", a@x.test, , b@y.test,", "a@x.test|b@y.test" },
	{ "", "" },
	{ " \n\t", "" },
	{ "<>", "" },
	/* comments */
	{ "a@x.test (Alice (the (deep) one))", "a@x.test" },
	{ "(c) a (c) @ (c) x (c) . (c) test (c)", "a@x.test" },
	{ "a@x.test (b@y.test, \\) still)", "a@x.test" },
	{ "a@x.test (never closed", "!a@x.test" },
	/* quoted strings */
	{ "\"a b\"@x.test", "\"a b\"@x.test" },
	{ "\"a@b\"@x.test", "\"a@b\"@x.test" },
	{ "\"Last, First\" <a@x.test>", "a@x.test" },
	{ "\"x \\\" y\" <a@x.test>", "a@x.test" },
	{ "\"never closed <a@x.test>", "!" },
	/* names that name somebody */
	{ "\"boss@y.test\" <a@x.test>", "boss@y.test|a@x.test" },
	{ "boss@y.test <a@x.test>", "!boss@y.test|a@x.test" },
	/* groups */
	{ "team: a@x.test, B <b@y.test>;", "a@x.test|b@y.test" },
	{ "team:;", "" },
	{ "team: a@x.test; , c@z.test", "a@x.test|c@z.test" },
	{ "team: a@x.test", "!a@x.test" },
	/* routes, literals, bare names */
	{ "<@h.test,@i.test:a@x.test>", "a@x.test" },
	{ "a@[192.0.2.1]", "a@[192.0.2.1]" },
	{ "root", "root" },
	{ "a..b.@docomo.test", "a..b.@docomo.test" },
	{ "\xe5\xa4\xaa\xe9\x83\x8e@x.test",
	  "\xe5\xa4\xaa\xe9\x83\x8e@x.test" },
	{ "=?UTF-8?B?5bGx?= <a@x.test>", "a@x.test" },
	/* what cannot be read */
	{ "Taro Yamada", "!" },
	{ "a@b@c.test", "!a@b@c.test" },
	{ "a b@x.test", "!" },
	{ "<a@x.test", "!a@x.test" },
	{ "a@x.test>", "!a@x.test" },
	{ "<a@x.test> b@y.test", "!a@x.test" },
	{ "@x.test", "!@x.test" },
	{ "a@", "!" },
	{ "a;b", "!a|b" },
	{ "a\\b@x.test", "!a" },
	{ "a\x01@x.test", "!a" },
};

static void
every_sender_address_is_read_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		AUTO(sbuf_done) struct sbuf joined;

		sbuf_init(&joined, 10000);
		addresses_of(span_of(table[i].value), &joined);
		if (strcmp(sbuf_text(&joined), table[i].addresses) != 0)
			fail_msg("%s: got %s, want %s", table[i].value,
				 sbuf_text(&joined), table[i].addresses);
	}
}

static void
every_prefix_is_read_or_refused_within_its_bytes(void **state)
{
	static const char text[] = "\"A \\\" b@y\" (c (d) \\) ) <@r.test,"
				   "@s.test:\"l o\".cal@[1.2.3.4]>, g: "
				   "x@y.test, z <q@w.test>; , last . one @ h";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		AUTO(sbuf_done) struct sbuf joined;

		sbuf_init(&joined, 10000);
		addresses_of((struct span){ (const uint8_t *)text, len },
			     &joined);
	}
}

static void
nesting_beyond_the_limit_is_not_understood(void **state)
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf joined;

	(void)state;
	sbuf_init(&text, 100000);
	sbuf_init(&joined, 100000);
	for (int i = 0; i <= HEADER_MAX_COMMENT_DEPTH; i++)
		sbuf_add_byte(&text, '(');
	for (int i = 0; i <= HEADER_MAX_COMMENT_DEPTH; i++)
		sbuf_add_byte(&text, ')');
	sbuf_add_text(&text, "a@x.test");
	addresses_of(sbuf_span(&text), &joined);
	assert_string_equal(sbuf_text(&joined), "!");
}

static void
too_many_addresses_are_a_limit_not_a_shorter_list(void **state)
{
	AUTO(sbuf_done) struct sbuf addresses;
	struct err err;

	(void)state;
	sbuf_init(&addresses, 12);
	check_status(ST_LIMIT,
		     header_add_addresses(span_of("a@x.test, b@y.test"),
					  &addresses, &err),
		     &err);
}

static void
raw_text_counts_whole_and_with_each_run_that_has_an_at(void **state)
{
	AUTO(sbuf_done) struct sbuf addresses;
	static const char want[] = "b@y.test\0c@z.test\0a b@y.test \"c@z.test";
	struct err err;

	(void)state;
	sbuf_init(&addresses, 1000);
	check_status(ST_OK,
		     header_add_raw(span_of(" a b@y.test\n\"c@z.test"),
				    &addresses, &err),
		     &err);
	assert_int_equal(addresses.len_bytes, sizeof(want));
	assert_memory_equal(addresses.bytes, want, sizeof(want));
}

static void
raw_text_is_cut_and_empty_text_counts_as_nothing(void **state)
{
	AUTO(sbuf_done) struct sbuf addresses;
	char text[3000];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	sbuf_init(&addresses, 10000);
	check_status(ST_OK, header_add_raw(span_of(" "), &addresses, &err),
		     &err);
	assert_int_equal(addresses.len_bytes, 0);
	check_status(ST_OK, header_add_raw(span_of(text), &addresses, &err),
		     &err);
	assert_int_equal(addresses.len_bytes, HEADER_MAX_ADDRESS_BYTES + 1);
}

static void
fields_are_known_by_name_whatever_their_case(void **state)
{
	(void)state;
	assert_int_equal(header_kind_of("FROM"), HEADER_SENDER);
	assert_int_equal(header_kind_of("From "), HEADER_SENDER);
	assert_int_equal(header_kind_of("resent-sender"), HEADER_SENDER);
	assert_int_equal(header_kind_of("To"), HEADER_TRAILER);
	assert_int_equal(header_kind_of("x-sekimori-ticket"), HEADER_TICKET);
	assert_int_equal(header_kind_of("X-Sekimori-Ticket\t"), HEADER_TICKET);
	assert_int_equal(header_kind_of("X-Sekimori-Tickets"), HEADER_OURS);
	assert_int_equal(header_kind_of("X-Sekimori-"), HEADER_OURS);
	assert_int_equal(header_kind_of("X-Sekimori"), HEADER_OTHER);
	assert_int_equal(header_kind_of(""), HEADER_OTHER);
}

static void
only_a_message_id_of_this_mail_and_host_is_the_mtas(void **state)
{
	static const struct {
		const char *value;
		bool ours;
	} ids[] = {
		{ " <20261122050800.4ABC@mx.test>", true },
		{ "<20261122050800.4ABC@MX.test>\n", true },
		{ "<1.4ABC@mx.test>", true },
		{ "<.4ABC@mx.test>", false },
		{ "<20261122050800.4ABD@mx.test>", false },
		{ "<20261122050800.4ABC@my.test>", false },
		{ "<2026x122050800.4ABC@mx.test>", false },
		{ "20261122050800.4ABC@mx.test", false },
		{ "<20261122050800.4ABC@mx.test", false },
		{ "<202611220508004ABC@mx.test>", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		assert_int_equal(header_is_mta_message_id(span_of(ids[i].value),
							  "4ABC", "mx.test"),
				 ids[i].ours);
	assert_false(header_is_mta_message_id(span_of("<1.@mx.test>"), "",
					      "mx.test"));
	assert_false(
		header_is_mta_message_id(span_of("<1.4ABC@>"), "4ABC", ""));
}

static void
a_date_is_the_mtas_only_with_the_zone_in_brackets(void **state)
{
	static const char full[] = " Sun, 22 Nov 2026 05:08:00 +0000 (UTC)";

	(void)state;
	assert_true(header_is_mta_date(span_of(full)));
	assert_true(header_is_mta_date(
		span_of("Sun,  2 Nov 2026 05:08:00 +0900 (JST)")));
	assert_true(header_is_mta_date(
		span_of("Sun, 2 Nov 2026 05:08:00 -0930 (X)")));
	assert_false(
		header_is_mta_date(span_of("Sun, 22 Nov 2026 05:08:00 +0000")));
	assert_false(header_is_mta_date(
		span_of("Sun, 22 Nov 2026 05:08:00 +0000 ()")));
	assert_false(header_is_mta_date(
		span_of("Sun, 22 Nov 2026 05:08:00 +0000 (UTC) x")));
	for (size_t len = 0; len + 1 < sizeof(full); len++)
		assert_false(header_is_mta_date(
			(struct span){ (const uint8_t *)full, len }));
}

static void
a_subject_is_shown_masked_or_not_at_all(void **state)
{
	static const struct {
		const char *value;
		const char *shown;
	} subjects[] = {
		{ " Hello 2026", "Hello ****" },
		{ "room 123", "room 123" },
		{ "1234-5678-9018", "****-****-****" },
		{ "no 123 456 789 018.", "no *** *** *** ***." },
		{ "1-2-3 4", "*-*-* *" },
		{ "1--2--3--4", "1--2--3--4" },
		{ "a\n\tb", "a  b" },
		{ "=?UTF-8?B?MTIzNDU2Nzg5MDE4?=", "" },
		{ "Re: PW: Abc#xy", "" },
		{ "The password is sakura", "" },
		{ "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93\xef\xbc\x94", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		AUTO(sbuf_done) struct sbuf shown;

		sbuf_init(&shown, 1000);
		header_mask_subject(span_of(subjects[i].value), &shown);
		assert_string_equal(sbuf_text(&shown), subjects[i].shown);
	}
}

static void
folds_become_whole_line_ends(void **state)
{
	AUTO(sbuf_done) struct sbuf lines;

	(void)state;
	sbuf_init(&lines, 1000);
	header_add_folded(span_of("\n a\n\tb\r\n c\rd"), &lines);
	assert_string_equal(sbuf_text(&lines), "\r\n a\r\n\tb\r\n c\rd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_sender_address_is_read_as_the_table_says),
		cmocka_unit_test(
			every_prefix_is_read_or_refused_within_its_bytes),
		cmocka_unit_test(nesting_beyond_the_limit_is_not_understood),
		cmocka_unit_test(
			too_many_addresses_are_a_limit_not_a_shorter_list),
		cmocka_unit_test(
			raw_text_counts_whole_and_with_each_run_that_has_an_at),
		cmocka_unit_test(
			raw_text_is_cut_and_empty_text_counts_as_nothing),
		cmocka_unit_test(fields_are_known_by_name_whatever_their_case),
		cmocka_unit_test(
			only_a_message_id_of_this_mail_and_host_is_the_mtas),
		cmocka_unit_test(
			a_date_is_the_mtas_only_with_the_zone_in_brackets),
		cmocka_unit_test(a_subject_is_shown_masked_or_not_at_all),
		cmocka_unit_test(folds_become_whole_line_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
