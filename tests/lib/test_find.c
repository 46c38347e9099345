/* Tests of lib/base/find.h: the same as looking at each place. */
#include "lib/base/find.h"

#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"

enum { FIND_CASES = 200000, FIND_TEXT_BYTES = 120, FIND_PART_BYTES = 30 };

/* xorshift: the same cases in every run. */
static uint64_t random_state = 0x9E3779B97F4A7C15;

static uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % limit);
}

/* Bytes of a few kinds, in a heap block of exact size. */
static uint8_t *
make_bytes(size_t len_bytes)
{
	uint8_t *bytes = malloc(len_bytes > 0 ? len_bytes : 1);

	assert_non_null(bytes);
	for (size_t i = 0; i < len_bytes; i++)
		bytes[i] = (uint8_t) "ab\xE3-"[random_below(4)];
	return bytes;
}

static size_t
find_plainly(struct span text, size_t at, const uint8_t *part, size_t len)
{
	for (; at < text.len_bytes && len <= text.len_bytes - at; at++)
		if (memcmp(text.ptr + at, part, len) == 0)
			return at;
	return text.len_bytes;
}

static void
a_part_is_found_where_it_stands_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < FIND_CASES; i++) {
		const size_t len = random_below(FIND_TEXT_BYTES);
		uint8_t *bytes = make_bytes(len);
		const struct span text = { bytes, len };
		const size_t at = random_below((uint32_t)len + 3);
		const size_t part_bytes = 1 + random_below(FIND_PART_BYTES);
		uint8_t *part = make_bytes(part_bytes);

		/* Most of them stand there. */
		if (part_bytes <= len && i % 4 != 0)
			memcpy(part,
			       bytes + random_below(
					       (uint32_t)(len - part_bytes) +
					       1),
			       part_bytes);
		assert_int_equal(find_next(text, at, part, part_bytes),
				 find_plainly(text, at, part, part_bytes));
		free(part);
		free(bytes);
	}
}

static void
bytes_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < FIND_CASES / 4; i++) {
		const size_t len = random_below(FIND_TEXT_BYTES * 10);
		uint8_t *bytes = make_bytes(len);
		size_t count = 0;

		for (size_t k = 0; k < len; k++)
			count += bytes[k] == 0xE3;
		assert_int_equal(find_count((struct span){ bytes, len }, 0xE3),
				 count);
		free(bytes);
	}
	assert_int_equal(find_count((struct span){ NULL, 0 }, 'a'), 0);
	assert_int_equal(find_next((struct span){ NULL, 0 }, 0, "a", 1), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_found_where_it_stands_first),
		cmocka_unit_test(bytes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
