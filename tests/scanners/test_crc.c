/* The checksum of zip and gzip, against zlib's at every length. */
#include <stdlib.h>
#include <zlib.h>

#include "lib/base/parse.h"
#include "scanners/readers/crc.h"
#include "tests/harness/check.h"

static void
both_ways_are_that_of_zlib(void **state)
{
	enum { MOST_BYTES = 1200 };
	uint32_t seed = 1;

	(void)state;
	for (size_t len = 0; len <= MOST_BYTES; len++) {
		uint8_t *bytes = malloc(len + 1);

		assert_non_null(bytes);
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		/* In a block of its exact size. */
		uint8_t *exact = realloc(bytes, len > 0 ? len : 1);

		assert_non_null(exact);
		const struct span span = { exact, len };
		const uint32_t wanted = (uint32_t)crc32_z(0, exact, len);

		assert_int_equal(crc_of_by(CPU_WAY_PORTABLE, span), wanted);
		assert_int_equal(crc_of_by(CPU_WAY_AVX2, span), wanted);
		assert_int_equal(crc_of(span), wanted);
		free(exact);
	}
}

static void
the_sample_of_the_catalogue_fits(void **state)
{
	(void)state;
	assert_int_equal(crc_of(span_of("123456789")), 0xcbf43926);
	assert_int_equal(crc_of((struct span){ NULL, 0 }), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_are_that_of_zlib),
		cmocka_unit_test(the_sample_of_the_catalogue_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
