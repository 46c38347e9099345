/* Do all ways to look at a block of text see the same, and miss nothing? */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/detect/distance.h"
#include "scanners/detect/dull_look.h"
#include "scanners/detect/label_starts.h"
#include "scanners/text/utf8.h"
#include "tests/harness/check.h"

enum { LOOK_CASES = 200000, LOOK_TEXT_BYTES = 200 };

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

/* Characters around all borders that the ways treat in their own manner. */
static uint32_t
random_character(void)
{
	static const struct {
		uint32_t first;
		uint32_t count;
	} blocks[] = {
		{ 0, 0x80 },        { ' ', 32 },     { 0x80, 0x780 },
		{ 0x3041, 0xC0 },   { 0x4E00, 300 }, { 0xFF01, 0xA0 },
		{ 0x2110, 16 },     { 0x756A, 2 },   { 0xFFF0, 16 },
		{ 0x10000, 0x100 }, { 0x800, 16 },
	};
	const size_t i = random_below(ARRAY_LEN(blocks));

	return blocks[i].first + random_below(blocks[i].count);
}

/* Text, or bytes that are none; returns how many. */
static size_t
make_text(uint8_t bytes[LOOK_TEXT_BYTES + UTF8_MAX_BYTES])
{
	const size_t wanted = 1 + random_below(LOOK_TEXT_BYTES);
	const bool text = random_below(4) != 0;
	size_t len = 0;

	while (len < wanted) {
		if (text)
			len += utf8_encode(random_character(), bytes + len);
		else
			bytes[len++] = (uint8_t)random_below(256);
	}
	return wanted; /* the last character may be cut */
}

static void
make_set(struct label_starts *starts)
{
	const bool low = random_below(2) != 0;

	*starts = (struct label_starts){ 0 };
	for (size_t i = 0; i < 200; i++) {
		const uint32_t cp = random_character();

		if (low || cp >= 'A')
			label_starts_add(starts, cp);
	}
}

/* The length of the character at c as its first byte says; 0: none. */
static size_t
character_bytes(const uint8_t *c, size_t left, uint32_t *cp_out)
{
	*cp_out = c[0];
	if (c[0] < 0x80)
		return 1;
	if (c[0] >= 0xC2 && c[0] < 0xE0 && left >= 2) {
		*cp_out = (c[0] & 0x1FU) << 6 | (c[1] & 0x3FU);
		return 2;
	}
	if (c[0] >= 0xE0 && c[0] < 0xF0 && left >= 3) {
		*cp_out = (c[0] & 0xFU) << 12 | (c[1] & 0x3FU) << 6 |
			  (c[2] & 0x3FU);
		return 3;
	}
	return 0;
}

/* Every start of a character of the set is seen; what else is seen is no
 * start of another character in text that is UTF-8. */
static void
check_starts(const struct label_starts *starts, struct span text, size_t at,
	     uint64_t found)
{
	size_t i = at;
	size_t end = at + LABEL_STARTS_BLOCK_BYTES;

	if (end > text.len_bytes)
		end = text.len_bytes;
	while (i < end) {
		uint32_t cp = 0;
		const size_t len =
			character_bytes(text.ptr + i, text.len_bytes - i, &cp);
		const bool in_set = len > 0 && label_starts_has(starts, cp);

		assert_int_equal(found >> (i - at) & 1, in_set);
		i += len > 0 ? len : 1;
	}
	if (end - at < LABEL_STARTS_BLOCK_BYTES)
		assert_true(found >> (end - at) == 0);
}

static void
every_way_sees_every_start_of_a_word(void **state)
{
	(void)state;
	static struct label_starts starts;

	for (size_t i = 0; i < LOOK_CASES; i++) {
		uint8_t room[LOOK_TEXT_BYTES + UTF8_MAX_BYTES];
		const size_t len = make_text(room);
		/* A block of its own: reading behind it is seen. */
		uint8_t *bytes = malloc(len);

		if (i % 1000 == 0)
			make_set(&starts);
		assert_non_null(bytes);
		memcpy(bytes, room, len);
		const struct span text = { bytes, len };
		const size_t at = random_below((uint32_t)len);

		check_starts(&starts, text, at,
			     label_starts_look_portable(&starts, text, at));
		if (cpu_can(CPU_WAY_AVX512))
			check_starts(&starts, text, at,
				     label_starts_of(CPU_WAY_AVX512)(&starts,
								     text, at));
		free(bytes);
	}
}

static bool
begins_wide(const uint8_t c[3])
{
	return c[0] == 0xEF || (c[0] == 0xE7 && c[1] == 0x95) ||
	       (c[0] == 0xE2 && c[1] == 0x84) ||
	       (c[0] == 0xE3 && ((c[1] == 0x82 && c[2] == 0xB3) ||
				 (c[1] == 0x83 && c[2] == 0x8A)));
}

static struct dull_block
look_at_bytes(const uint8_t *bytes, uint8_t delimiter)
{
	struct dull_block block = { 0, 0, 0, false };

	for (size_t i = 0; i < DULL_BLOCK_BYTES; i++) {
		const uint8_t c = bytes[i];
		const uint64_t bit = (uint64_t)1 << i;

		if (c >= '0' && c <= '9')
			block.digits |= bit;
		else if (c == delimiter || c == '"' || c == '\n' || c == '\r')
			block.ends |= bit;
		else if (c > ' ' && c < 0x80)
			block.signs |= bit;
		block.wide |= begins_wide(bytes + i);
	}
	return block;
}

static void
every_way_sees_the_same_in_a_record(void **state)
{
	(void)state;
	static const enum cpu_way ways[] = { CPU_WAY_PORTABLE, CPU_WAY_AVX512 };
	static const uint8_t delimiters[] = { ',', ';', '|', '\t' };

	for (size_t i = 0; i < LOOK_CASES; i++) {
		uint8_t room[LOOK_TEXT_BYTES + UTF8_MAX_BYTES] = { 0 };
		const uint8_t delimiter = delimiters[i % 4];

		(void)make_text(room);
		const struct dull_block wanted = look_at_bytes(room, delimiter);

		for (size_t k = 0; k < ARRAY_LEN(ways); k++) {
			const struct dull_block seen =
				dull_look_of(ways[k])(room, delimiter);

			assert_int_equal(seen.digits, wanted.digits);
			assert_int_equal(seen.ends, wanted.ends);
			assert_int_equal(seen.signs, wanted.signs);
			assert_int_equal(seen.wide, wanted.wide);
		}
	}
}

static void
distances_count_as_character_by_character(void **state)
{
	(void)state;
	for (size_t i = 0; i < LOOK_CASES / 10; i++) {
		uint8_t room[LOOK_TEXT_BYTES + UTF8_MAX_BYTES] = { 0 };
		const size_t len = make_text(room);
		size_t letters = 0;

		for (size_t k = 0; k < len; k++)
			letters += room[k] > ' ' && (room[k] & 0xC0) != 0x80 &&
				   !(room[k] >= '0' && room[k] <= '9');
		assert_int_equal(distance_of((struct span){ room, len }),
				 letters);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_sees_every_start_of_a_word),
		cmocka_unit_test(every_way_sees_the_same_in_a_record),
		cmocka_unit_test(distances_count_as_character_by_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
