/* One look at all bytes: does it find what the plain searches do? */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/readers/encoded_file.h"
#include "scanners/readers/glance.h"
#include "scanners/text/readings.h"
#include "tests/harness/check.h"

enum { GLANCE_CASES = 60000, GLANCE_TEXT_BYTES = 300 };

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

static const enum cpu_way ways[] = { CPU_WAY_PORTABLE, CPU_WAY_AVX2,
				     CPU_WAY_AVX512 };

static bool
is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static size_t
find_letters(struct span bytes)
{
	size_t run = 0;

	for (size_t i = 0; i < bytes.len_bytes; i++) {
		run = is_letter(bytes.ptr[i]) ? run + 1 : 0;
		if (run == GLANCE_LETTERS)
			return i + 1 - GLANCE_LETTERS;
	}
	return bytes.len_bytes;
}

static size_t
find_text(struct span bytes, const char *text)
{
	const size_t len = strlen(text);

	for (size_t i = 0; i + len <= bytes.len_bytes; i++)
		if (memcmp(bytes.ptr + i, text, len) == 0)
			return i;
	return bytes.len_bytes;
}

static size_t
find_file(struct span bytes)
{
	struct encoded_search search = { .text = bytes };

	return encoded_find(&search) != ENCODED_NONE ? search.at
						     : bytes.len_bytes;
}

static void
check_glance(struct span bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (!cpu_can(ways[i]))
			continue;
		const struct glance_marks marks = glance_search(ways[i], bytes);

		assert_int_equal(marks.letters_at, find_letters(bytes));
		assert_int_equal(marks.file_at, find_file(bytes));
		assert_int_equal(marks.armor_at,
				 find_text(bytes, "-----BEGIN "));
		assert_int_equal(marks.end_at, find_text(bytes, "startxref"));
	}
}

/* Pieces that are searched for, whole or cut, and what looks like them. */
static size_t
add_piece(uint8_t *out)
{
	static const char *const pieces[] = {
		"begin 644 a",
		"begin-base64 644 a",
		"=ybegin line=1",
		"(This file must be converted with BinHex",
		"-----BEGIN ",
		"-----BEGIN",
		"--------",
		"startxref",
		"startxre",
		"\n",
		"\r",
		"\r\n",
		"\nbegin 644 a",
		"\n=ybegin line=1",
		"0123456789+/ab",
		"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
		"QUJDREVGR0hJSg",
		"\xE3\x81\x82",
	};
	const char *piece = pieces[random_below(ARRAY_LEN(pieces))];
	size_t len = strlen(piece);

	if (random_below(4) == 0)
		len = random_below((uint32_t)len + 1);
	memcpy(out, piece, len);
	return len;
}

static void
every_way_finds_what_plain_searches_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < GLANCE_CASES; i++) {
		uint8_t room[GLANCE_TEXT_BYTES + 64];
		const size_t wanted = random_below(GLANCE_TEXT_BYTES);
		size_t len = 0;

		while (len < wanted) {
			if (random_below(3) == 0)
				len += add_piece(room + len);
			else
				room[len++] =
					(uint8_t)(random_below(8) == 0
							  ? random_below(256)
							  : '*' + random_below(
									  8));
		}
		/* A block of its own: reading behind it is seen. */
		uint8_t *bytes = malloc(len + 1);

		assert_non_null(bytes);
		memcpy(bytes + 1, room, len);
		check_glance((struct span){ bytes + 1, len });
		free(bytes);
	}
}

static void
marks_are_found_at_any_offset(void **state)
{
	static const char *const marks[] = {
		"\nbegin 644 a", "-----BEGIN ", "startxref",
		"QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		for (size_t at = 0; at < 200; at++) {
			const size_t len = at + strlen(marks[i]);
			uint8_t *bytes = malloc(len);

			assert_non_null(bytes);
			memset(bytes, '.', len);
			memcpy(bytes + at, marks[i], len - at);
			check_glance((struct span){ bytes, len });
			check_glance((struct span){ bytes, len - 1 });
			free(bytes);
		}
}

static void
an_answer_is_kept_for_these_bytes_only(void **state)
{
	const struct span body = span_of("startxref");
	const struct span other = span_of("a startxref");
	struct glance glance = { .bytes = body };
	const struct child hint = {
		.name = "", .content_type = "", .charset = "", .glance = &glance
	};
	const struct child plain = { .name = "",
				     .content_type = "",
				     .charset = "" };

	(void)state;
	assert_false(glance.searched);
	assert_int_equal(glance_marks(body, &hint).end_at, 0);
	assert_true(glance.searched);
	/* What is kept is what is answered. */
	glance.marks.end_at = 5;
	assert_int_equal(glance_marks(body, &hint).end_at, 5);
	assert_int_equal(glance_marks(other, &hint).end_at, 2);
	assert_int_equal(glance_marks(body, &plain).end_at, 0);
	assert_true(glance_is_text(body, &hint));
	assert_int_equal(glance.text, GLANCE_ANSWER_YES);
	glance.text = GLANCE_ANSWER_NO;
	assert_false(glance_is_text(body, &hint));
	assert_true(glance_is_text(other, &hint));
	assert_true(glance_is_text(body, &plain));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_finds_what_plain_searches_find),
		cmocka_unit_test(marks_are_found_at_any_offset),
		cmocka_unit_test(an_answer_is_kept_for_these_bytes_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
