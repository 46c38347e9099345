/* Tests of lib/crypto/totp.h and lib/base/base32.h. */
#include "lib/crypto/totp.h"

#include <string.h>

#include "lib/base/base32.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static const char rfc_secret[] = "12345678901234567890";

static struct span
secret(void)
{
	return span_of(rfc_secret);
}

static void
codes_are_those_of_rfc_6238(void **state)
{
	/* Appendix B, SHA-1; six digits are the last of its eight. */
	static const struct {
		uint64_t at_s;
		const char *code;
	} vectors[] = {
		{ 59, "287082" },         { 1111111109, "081804" },
		{ 1111111111, "050471" }, { 1234567890, "005924" },
		{ 2000000000, "279037" }, { 20000000000, "353130" },
	};
	struct err err = { .st = ST_OK };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		char code[TOTP_DIGITS + 1];

		check_status(ST_OK,
			     totp_code(secret(), vectors[i].at_s / TOTP_STEP_S,
				       code, &err),
			     &err);
		assert_string_equal(code, vectors[i].code);
	}
}

static enum status
try(const char *code, int64_t at_s, uint64_t last_step, uint64_t *step)
{
	struct err err = { .st = ST_OK };

	return totp_check(secret(), code, at_s * 1000, last_step, step, &err);
}

static void
a_code_is_good_for_one_step_around_its_own(void **state)
{
	uint64_t step = 0;

	(void)state;
	/* 287082 is of step 1: from 30 s to 59 s. */
	assert_int_equal(try("287082", 0, 0, &step), ST_OK);
	assert_int_equal(try("287082", 59, 0, &step), ST_OK);
	assert_int_equal(try("287082", 89, 0, &step), ST_OK);
	assert_int_equal(step, 1);
	assert_int_equal(try("287082", 90, 0, &step), ST_DENIED);
	assert_int_equal(try("081804", 1111111079 - 30, 0, &step), ST_DENIED);
	assert_int_equal(try("081804", 1111111079, 0, &step), ST_OK);
	assert_int_equal(try("287 082", 59, 0, &step), ST_OK);
}

static void
a_code_works_once(void **state)
{
	uint64_t step = 0;

	(void)state;
	assert_int_equal(try("287082", 59, 0, &step), ST_OK);
	assert_int_equal(try("287082", 59, step, &step), ST_DENIED);
	/* Nor one that is older than the last one used. */
	assert_int_equal(try("287082", 59, step + 1, &step), ST_DENIED);
}

static void
what_is_no_code_is_refused(void **state)
{
	static const char *const codes[] = { "",          "28708",  "2870820",
					     "287083",    "abcdef", "-87082",
					     "2870820000" };
	uint64_t step = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		assert_int_equal(try(codes[i], 59, 0, &step), ST_DENIED);
	assert_int_equal(step, 7);
}

static void
base32_is_that_of_rfc_4648(void **state)
{
	static const char *const vectors[][2] = {
		{ "", "" },
		{ "f", "MY" },
		{ "fo", "MZXQ" },
		{ "foo", "MZXW6" },
		{ "foob", "MZXW6YQ" },
		{ "fooba", "MZXW6YTB" },
		{ "foobar", "MZXW6YTBOI" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		AUTO(sbuf_done) struct sbuf text;

		sbuf_init(&text, 100);
		format_base32(&text, span_of(vectors[i][0]));
		assert_string_equal(sbuf_text(&text), vectors[i][1]);
	}
}

static void
a_code_is_read_as_people_type_it(void **state)
{
	const uint8_t bytes[10] = { 0x00, 0x44, 0x32, 0x14, 0xc7,
				    0x42, 0x54, 0xb6, 0x35, 0xcf };
	AUTO(sbuf_done) struct sbuf text;
	uint8_t got[10] = { 0 };

	(void)state;
	sbuf_init(&text, 100);
	format_code(&text, (struct span){ bytes, sizeof(bytes) }, 4);
	assert_string_equal(sbuf_text(&text), "0123-4567-89AB-CDEF");
	assert_true(parse_code(sbuf_span(&text), got, sizeof(got)));
	assert_memory_equal(got, bytes, sizeof(got));
	memset(got, 0, sizeof(got));
	assert_true(parse_code(span_of(" oL23 4567-89ab\tcdef "), got,
			       sizeof(got)));
	assert_memory_equal(got, bytes, sizeof(got));
}

static void
what_is_too_short_long_or_strange_is_no_code(void **state)
{
	static const char *const texts[] = {
		"",
		"0123-4567-89AB-CDE",
		"0123-4567-89AB-CDEF0",
		"0123-4567-89AB-CDEU",
		"0123-4567-89AB-CDE\xc3",
		"0123_4567_89AB_CDEF",
	};
	uint8_t got[10];
	uint8_t one = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_false(parse_code(span_of(texts[i]), got, sizeof(got)));
	/* Two characters carry ten bits: the last two must be zeros. */
	assert_true(parse_code(span_of("ZW"), &one, 1));
	assert_false(parse_code(span_of("ZX"), &one, 1));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_rfc_6238),
		cmocka_unit_test(a_code_is_good_for_one_step_around_its_own),
		cmocka_unit_test(a_code_works_once),
		cmocka_unit_test(what_is_no_code_is_refused),
		cmocka_unit_test(base32_is_that_of_rfc_4648),
		cmocka_unit_test(a_code_is_read_as_people_type_it),
		cmocka_unit_test(what_is_too_short_long_or_strange_is_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
