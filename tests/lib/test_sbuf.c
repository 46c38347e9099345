/* Tests of lib/base/sbuf.h. */
#include "lib/base/sbuf.h"

#include <string.h>

#include "tests/harness/check.h"

static void
appends_are_followed_by_a_nul(void **state)
{
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&buf, 100);
	assert_string_equal(sbuf_text(&buf), "");
	sbuf_add_text(&buf, "ab");
	sbuf_add_byte(&buf, 'c');
	sbuf_addf(&buf, "%d", 42);
	sbuf_add(&buf, NULL, 0);
	check_status(ST_OK, sbuf_status(&buf, "test", &err), &err);
	assert_string_equal(sbuf_text(&buf), "abc42");
	assert_int_equal(sbuf_span(&buf).len_bytes, 5);
	sbuf_truncate(&buf, 2);
	assert_string_equal(sbuf_text(&buf), "ab");
	sbuf_done(&buf);
}

static void
the_maximum_is_exact_and_sticky(void **state)
{
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&buf, 4);
	sbuf_add_text(&buf, "1234");
	check_status(ST_OK, sbuf_status(&buf, "test", &err), &err);
	sbuf_add_byte(&buf, '5');
	sbuf_truncate(&buf, 0);
	sbuf_add_byte(&buf, 'x');
	check_status(ST_LIMIT, sbuf_status(&buf, "test", &err), &err);
	assert_string_equal(err.text, "test: more than 4 bytes");
	assert_string_equal(sbuf_text(&buf), "");
	sbuf_clear(&buf);
	sbuf_addf(&buf, "%s", "abcde");
	check_status(ST_LIMIT, sbuf_status(&buf, "test", &err), &err);
	sbuf_done(&buf);
}

static void
a_secret_buffer_wipes_what_it_leaves(void **state)
{
	struct sbuf buf;

	(void)state;
	sbuf_init_secret(&buf, 1000);
	sbuf_add_text(&buf, "secret");
	sbuf_truncate(&buf, 1);
	assert_memory_equal(buf.bytes + 1, "\0\0\0\0\0\0", 6);
	sbuf_add_text(&buf, "ecret");
	sbuf_clear(&buf);
	assert_memory_equal(buf.bytes, "\0\0\0\0\0\0\0", 7);
	for (int i = 0; i < 200; i++)
		sbuf_add_text(&buf, "abc");
	assert_int_equal(buf.len_bytes, 600);
	assert_memory_equal(buf.bytes + 597, "abc", 4);
	sbuf_done(&buf);
}

static void
extend_gives_room_to_write(void **state)
{
	struct sbuf buf;

	(void)state;
	sbuf_init(&buf, 10);
	memcpy(sbuf_extend(&buf, 3), "xyz", 3);
	assert_string_equal(sbuf_text(&buf), "xyz");
	assert_null(sbuf_extend(&buf, 8));
	sbuf_done(&buf);
}

static void
expecting_much_never_fails_by_itself(void **state)
{
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&buf, 1000);
	sbuf_add_text(&buf, "ab");
	sbuf_expect(&buf, 500);
	const uint8_t *bytes = buf.bytes;

	for (int i = 0; i < 500; i++)
		sbuf_add_byte(&buf, 'x');
	assert_ptr_equal(buf.bytes, bytes);
	sbuf_expect(&buf, SIZE_MAX);
	check_status(ST_OK, sbuf_status(&buf, "test", &err), &err);
	assert_int_equal(buf.len_bytes, 502);
	sbuf_add_byte(&buf, 'y');
	assert_int_equal(buf.bytes[502], 'y');
	sbuf_done(&buf);
	/* More than there is memory for. */
	sbuf_init(&buf, SIZE_MAX / 2);
	sbuf_expect(&buf, SIZE_MAX / 4);
	sbuf_add_text(&buf, "ab");
	check_status(ST_OK, sbuf_status(&buf, "test", &err), &err);
	assert_string_equal(sbuf_text(&buf), "ab");
	sbuf_done(&buf);
}

static void
room_without_bytes_is_an_empty_text(void **state)
{
	const char *const fill = "fill the memory that comes next";
	struct sbuf buf;

	(void)state;
	/* What was there before must not show. */
	sbuf_init(&buf, 1000);
	sbuf_add_text(&buf, fill);
	sbuf_done(&buf);
	sbuf_init(&buf, 1000);
	sbuf_expect(&buf, strlen(fill));
	assert_string_equal(sbuf_text(&buf), "");
	sbuf_done(&buf);
	sbuf_init_secret(&buf, 1000);
	sbuf_expect(&buf, 500);
	assert_int_equal(strlen(sbuf_text(&buf)), 0);
	sbuf_done(&buf);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_are_followed_by_a_nul),
		cmocka_unit_test(the_maximum_is_exact_and_sticky),
		cmocka_unit_test(a_secret_buffer_wipes_what_it_leaves),
		cmocka_unit_test(extend_gives_room_to_write),
		cmocka_unit_test(expecting_much_never_fails_by_itself),
		cmocka_unit_test(room_without_bytes_is_an_empty_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
