/* Tests of scanners/readers/mime_decode.h: every way to decode gives what
 * decoding byte by byte gives. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "tests/harness/check.h"

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* ---- the same, as simple as it can be said ---- */

static int
plain_sextet(uint8_t c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c != 0 ? strchr(digits, c) : NULL;

	if (c == '-')
		return 62;
	if (c == '_')
		return 63;
	return found != NULL ? (int)(found - digits) : -1;
}

static void
plain_flush(struct sbuf *out, uint32_t bits, unsigned digits)
{
	if (digits >= 2)
		sbuf_add_byte(out, (uint8_t)(bits >> (digits * 6 - 8)));
	if (digits == 3)
		sbuf_add_byte(out, (uint8_t)(bits >> 2));
}

static struct mime_decoded
plain_base64(struct span text, struct sbuf *out)
{
	struct mime_decoded decoded = { 0 };
	uint32_t bits = 0;
	unsigned digits = 0;

	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];
		const int value = plain_sextet(c);

		if (c == '=') {
			plain_flush(out, bits, digits);
			digits = 0;
			bits = 0;
		} else if (value < 0) {
			decoded.junk += strchr(" \t\r\n", c) == NULL || c == 0;
		} else {
			bits = bits << 6 | (uint32_t)value;
			if (++digits < 4)
				continue;
			sbuf_add_byte(out, (uint8_t)(bits >> 16));
			sbuf_add_byte(out, (uint8_t)(bits >> 8));
			sbuf_add_byte(out, (uint8_t)bits);
			digits = 0;
			bits = 0;
		}
	}
	decoded.is_cut = digits == 1;
	plain_flush(out, bits, digits);
	return decoded;
}

static int
plain_hex(struct span text, size_t at)
{
	uint8_t byte = 0;
	struct span two;

	return span_cut(text, at, 2, &two) && parse_hex(two, &byte, 1) ? byte
								       : -1;
}

/* Behind a soft line break, or at itself. */
static size_t
plain_break(struct span text, size_t at)
{
	size_t next = at + 1;

	while (next < text.len_bytes &&
	       (text.ptr[next] == ' ' || text.ptr[next] == '\t'))
		next++;
	if (next == text.len_bytes)
		return next;
	if (text.ptr[next] == '\n')
		return next + 1;
	if (text.ptr[next] != '\r')
		return at;
	next++;
	return next < text.len_bytes && text.ptr[next] == '\n' ? next + 1
							       : next;
}

static void
plain_quoted(struct span text, struct sbuf *out)
{
	size_t at = 0;

	while (at < text.len_bytes) {
		const bool mark = text.ptr[at] == '=';
		const int byte = mark ? plain_hex(text, at + 1) : -1;

		if (byte >= 0) {
			sbuf_add_byte(out, (uint8_t)byte);
			at += 3;
		} else if (mark && plain_break(text, at) > at) {
			at = plain_break(text, at);
		} else {
			sbuf_add_byte(out, text.ptr[at++]);
		}
	}
}

/* ---- comparison ---- */

/* In a block of exactly its size, so that a read beyond it is seen. */
static uint8_t *
exact_copy(const uint8_t *bytes, size_t len_bytes)
{
	uint8_t *copy = malloc(len_bytes > 0 ? len_bytes : 1);

	assert_non_null(copy);
	if (len_bytes > 0)
		memcpy(copy, bytes, len_bytes);
	return copy;
}

static void
check_base64(const uint8_t *bytes, size_t len_bytes)
{
	uint8_t *copy = exact_copy(bytes, len_bytes);
	const struct span text = { copy, len_bytes };
	struct sbuf want;
	struct sbuf got;

	sbuf_init(&want, SIZE_MAX / 2);
	sbuf_init(&got, SIZE_MAX / 2);
	const struct mime_decoded wanted = plain_base64(text, &want);

	for (int way = CPU_WAY_PORTABLE; way < CPU_WAY_END; way++) {
		if (!cpu_can((enum cpu_way)way))
			continue;
		sbuf_clear(&got);
		sbuf_add_text(&got, "x");
		const struct mime_decoded decoded =
			mime_decode_base64_by((enum cpu_way)way, text, &got);

		assert_int_equal(got.len_bytes, want.len_bytes + 1);
		assert_memory_equal(got.bytes + 1, sbuf_text(&want),
				    want.len_bytes);
		assert_int_equal(decoded.junk, wanted.junk);
		assert_int_equal(decoded.is_cut, wanted.is_cut);
	}
	sbuf_done(&want);
	sbuf_done(&got);
	free(copy);
}

static void
check_quoted(const uint8_t *bytes, size_t len_bytes)
{
	uint8_t *copy = exact_copy(bytes, len_bytes);
	const struct span text = { copy, len_bytes };
	struct sbuf want;
	struct sbuf got;

	sbuf_init(&want, SIZE_MAX / 2);
	sbuf_init(&got, SIZE_MAX / 2);
	plain_quoted(text, &want);
	for (int way = CPU_WAY_PORTABLE; way < CPU_WAY_END; way++) {
		if (!cpu_can((enum cpu_way)way))
			continue;
		sbuf_clear(&got);
		(void)mime_decode_quoted_by((enum cpu_way)way, text, &got);
		assert_int_equal(got.len_bytes, want.len_bytes);
		assert_memory_equal(sbuf_text(&got), sbuf_text(&want),
				    want.len_bytes);
	}
	sbuf_done(&want);
	sbuf_done(&got);
	free(copy);
}

/* Bytes out of letters, and now and then one out of odd. */
static void
fill(uint8_t *bytes, size_t len_bytes, const char *letters, const char *odd,
     uint32_t *seed)
{
	const uint32_t rare = 1 + next_random(seed) % 200;

	for (size_t i = 0; i < len_bytes; i++) {
		const bool is_odd = next_random(seed) % rare == 0;
		const char *from = is_odd ? odd : letters;

		bytes[i] = (uint8_t)from[next_random(seed) % strlen(from)];
	}
}

static void
base64_is_the_same_in_every_way(void **state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t bytes[5000];
	uint32_t seed = 1;

	(void)state;
	for (size_t len = 0; len < 700; len++) {
		fill(bytes, len, letters, "\r\n\r\n =-_.!@[`{\x80\xff", &seed);
		check_base64(bytes, len);
	}
	for (int round = 0; round < 200; round++) {
		fill(bytes, sizeof(bytes), letters, "\r\n \t", &seed);
		check_base64(bytes, sizeof(bytes));
	}
	/* Lines as mailers write them, with one wrong byte. */
	for (int c = 0; c < 256; c++) {
		for (size_t i = 0; i < 780; i++)
			bytes[i] = i % 78 < 76    ? (uint8_t)letters[i % 64]
				   : i % 78 == 76 ? '\r'
						  : '\n';
		bytes[next_random(&seed) % 780] = (uint8_t)c;
		check_base64(bytes, 780);
	}
}

static void
quoted_is_the_same_in_every_way(void **state)
{
	static const char *const pieces[] = { "=E5=80=8B", "=\r\n", "=\n",
					      "=3D",       "ab12",  "\r\n",
					      "=  \r\n",   "=\r",   "= x",
					      "=4",        "==41",  "=e3",
					      "=G0",       "\xE5",  "=" };
	uint8_t bytes[500];
	struct sbuf text;
	uint32_t seed = 2;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	sbuf_add_text(&text, "");
	for (int round = 0; round < 1500; round++) {
		const size_t most = 1 + next_random(&seed) % ARRAY_LEN(pieces);
		const size_t len =
			next_random(&seed) % (round % 50 == 0 ? 8900 : 400);

		sbuf_clear(&text);
		while (text.len_bytes < len)
			sbuf_add_text(&text, pieces[next_random(&seed) % most]);
		check_quoted(text.bytes, text.len_bytes);
	}
	sbuf_done(&text);
	for (size_t len = 0; len < 500; len++) {
		fill(bytes, len, "=0123456789ABCDEFabcdef", "\r\n =xyz", &seed);
		check_quoted(bytes, len);
	}
}

static void
what_is_cut_off_is_said_to_be(void **state)
{
	static const struct {
		const char *text;
		bool base64_cut;
		bool quoted_cut;
	} cases[] = {
		{ "QUJDRA==", false, false }, { "QUJDR", true, false },
		{ "QUJDRA", false, false },   { "QQ==Q", true, false },
		{ "QUI=", false, false },     { "A=4", true, true },
		{ "abcd=E", true, true },     { "", false, false },
	};
	struct sbuf out;

	(void)state;
	sbuf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct span text = span_of(cases[i].text);

		assert_int_equal(mime_decode_base64(text, &out).is_cut,
				 cases[i].base64_cut);
		assert_int_equal(mime_decode_quoted(text, &out).is_cut,
				 cases[i].quoted_cut);
	}
	sbuf_done(&out);
}

static void
words_have_blanks_as_lines_below(void **state)
{
	struct sbuf out;

	(void)state;
	sbuf_init(&out, 1000);
	mime_decode_word_q(span_of("a_b=5Fc=E5=80=8B=x_"), &out);
	assert_string_equal(sbuf_text(&out), "a b_c個=x ");
	sbuf_clear(&out);
	mime_decode_percent(span_of("a%41%e5%80%8B%zz%4"), &out);
	assert_string_equal(sbuf_text(&out), "aA個%zz%4");
	sbuf_done(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_is_the_same_in_every_way),
		cmocka_unit_test(quoted_is_the_same_in_every_way),
		cmocka_unit_test(what_is_cut_off_is_said_to_be),
		cmocka_unit_test(words_have_blanks_as_lines_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
