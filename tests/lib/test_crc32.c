/* Tests of lib/base/crc32.h. */
#include "lib/base/crc32.h"

#include "lib/base/parse.h"
#include "tests/harness/check.h"

static void
known_checksums_come_out(void **state)
{
	(void)state;
	assert_int_equal(crc32_of((struct span){ NULL, 0 }), 0);
	assert_int_equal(crc32_of(span_of("a")), 0xe8b7be43);
	assert_int_equal(crc32_of(span_of("abc")), 0x352441c2);
	assert_int_equal(crc32_of(span_of("123456789")), 0xcbf43926);
	assert_int_equal(crc32_of(span_of("message digest")), 0x20159d7f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_checksums_come_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
