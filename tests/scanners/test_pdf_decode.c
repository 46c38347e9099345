/* Filters of streams that no page of a PDF document uses. */
#include "scanners/pdf/pdf_decode.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { DECODE_BYTES = 4096 };

static enum decode_result
decode(const char *dictionary, const void *data, size_t len_bytes,
       struct sbuf *out)
{
	/* Of exactly its size, for AddressSanitizer. */
	uint8_t *copy = malloc(len_bytes > 0 ? len_bytes : 1);
	enum decode_result result = DECODE_NONE;

	assert_non_null(copy);
	memcpy(copy, data, len_bytes);
	sbuf_init(out, SIZE_MAX / 2);
	result =
		pdf_decode(span_of(dictionary),
			   (struct span){ copy, len_bytes }, DECODE_BYTES, out);
	free(copy);
	return result;
}

static void
check_decoded(const char *dictionary, const void *data, size_t len_bytes,
	      const char *wanted)
{
	AUTO(sbuf_done) struct sbuf out;

	assert_int_equal(decode(dictionary, data, len_bytes, &out),
			 DECODE_WHOLE);
	assert_string_equal(sbuf_text(&out), wanted);
	assert_int_equal(out.len_bytes, strlen(wanted));
}

static void
check_result(const char *dictionary, const void *data, size_t len_bytes,
	     enum decode_result wanted)
{
	AUTO(sbuf_done) struct sbuf out;

	assert_int_equal(decode(dictionary, data, len_bytes, &out), wanted);
}

static void
filters_of_letters_and_runs_are_undone(void **state)
{
	static const char base85[] = "9mIjVF_tT!E]P<t1,CaE2E*TU0JPN~>";
	static const char hex[] = "4d 79\n313>";
	static const char runs[] = "\002abc\375x\200";

	(void)state;
	check_decoded("<</Filter/ASCII85Decode>>", base85, sizeof(base85) - 1,
		      "My Number: 123456789018");
	check_decoded("<</Filter /AHx>>", hex, sizeof(hex) - 1, "My10");
	check_decoded("<</Filter[ /RunLengthDecode ]>>", runs, sizeof(runs) - 1,
		      "abcxxxx");
	check_decoded("<</Length 3>>", "abc", 3, "abc");
	check_result("<</Filter/A85>>", "9mI\x80", 4, DECODE_BROKEN);
	check_result("<</Filter/ASCIIHexDecode>>", "4x", 2, DECODE_BROKEN);
	check_result("<</Filter/RL>>", "\005ab", 3, DECODE_BROKEN);
}

/* The example of ISO 32000-1, 7.4.4.2. */
static void
lzw_is_undone(void **state)
{
	static const char packed[] = "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01";

	(void)state;
	check_decoded("<</Filter/LZWDecode>>", packed, sizeof(packed) - 1,
		      "-----A---B");
	check_result("<</Filter/LZW>>", packed, 5, DECODE_BROKEN);
	/* A code that was not made yet. */
	check_result("<</Filter/LZW>>", "\x80\x7F\xFF", 3, DECODE_BROKEN);
}

static size_t
pack(const char *text, size_t len_bytes, uint8_t *packed)
{
	uLongf len = DECODE_BYTES;

	assert_int_equal(
		compress(packed, &len, (const Bytef *)text, (uLong)len_bytes),
		Z_OK);
	return len;
}

static void
a_wrong_byte_of_flate_is_noticed(void **state)
{
	static const char text[] = "My Number: 123456789018, and more of it";
	static const char name[] = "<</Filter/FlateDecode>>";
	uint8_t packed[DECODE_BYTES];
	const size_t len = pack(text, sizeof(text) - 1, packed);

	(void)state;
	check_decoded(name, packed, len, text);
	for (size_t i = 0; i < len; i++) {
		AUTO(sbuf_done) struct sbuf out;

		packed[i] ^= 4;
		/* Some bits of the last block mean nothing. */
		if (decode(name, packed, len, &out) != DECODE_BROKEN)
			assert_string_equal(sbuf_text(&out), text);
		packed[i] ^= 4;
	}
	packed[5] ^= 4;
	check_result(name, packed, len, DECODE_BROKEN);
	packed[5] ^= 4;
	/* What says that it is packed is lost. */
	check_result("<</Filter!/FlateDecode>>", packed, len, DECODE_BROKEN);
	/* Some programs leave out the sum; nothing else may be missing. */
	check_decoded(name, packed, len - 4, text);
	check_result(name, packed, len - 6, DECODE_BROKEN);
}

static void
rows_are_put_together_again(void **state)
{
	static const char *const name =
		"<</Filter[/FlateDecode]/DecodeParms[<</Predictor 15/Columns "
		"4>>]>>";
	/* As it is; to the left; above; half of both; the nearest. */
	static const char rows[] = "\0abcd"
				   "\1a\1\1\1"
				   "\2\1\1\1\1"
				   "\3\x31\1\1\1"
				   "\4\1\1\1\1";
	uint8_t packed[DECODE_BYTES];
	const size_t len = pack(rows, sizeof(rows) - 1, packed);
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	assert_int_equal(decode(name, packed, len, &out), DECODE_WHOLE);
	assert_memory_equal(out.bytes, "abcdabcdbcdebcdecdef", 20);
	assert_int_equal(out.len_bytes, 20);
	check_result("<</Filter/FlateDecode/DecodeParms<</Predictor 12"
		     "/Colors 0>>>>",
		     packed, len, DECODE_BROKEN);
}

static void
chains_are_undone_in_turn(void **state)
{
	(void)state;
	check_decoded("<</Filter[/ASCIIHexDecode/RunLengthDecode]>>",
		      "026162 63FD7880>", 16, "abcxxxx");
}

static void
what_cannot_be_undone_is_told_apart(void **state)
{
	AUTO(sbuf_done) struct sbuf long_text;
	uint8_t packed[DECODE_BYTES];

	(void)state;
	check_result("<</Filter/DCTDecode>>", "abc", 3, DECODE_FOREIGN);
	check_result("<</Filter/NewDecode>>", "abc", 3, DECODE_UNKNOWN);
	check_result("<</Filter 12 0 R>>", "abc", 3, DECODE_UNKNOWN);
	sbuf_init(&long_text, SIZE_MAX / 2);
	for (size_t i = 0; i < 2 * DECODE_BYTES; i++)
		sbuf_add_byte(&long_text, 'a');
	const size_t len =
		pack(sbuf_text(&long_text), long_text.len_bytes, packed);

	check_result("<</Filter/FlateDecode>>", packed, len, DECODE_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_of_letters_and_runs_are_undone),
		cmocka_unit_test(lzw_is_undone),
		cmocka_unit_test(a_wrong_byte_of_flate_is_noticed),
		cmocka_unit_test(rows_are_put_together_again),
		cmocka_unit_test(chains_are_undone_in_turn),
		cmocka_unit_test(what_cannot_be_undone_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
