/* Tests of scanners/worker/engine_sweep.h with the real decoders. */
#include "scanners/worker/engine_sweep.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "tests/harness/check.h"

enum { FILLER_BYTES = 700 * 1000 };

struct heard {
	struct sbuf text;
	uint64_t number_at; /* offset of the piece that has the number */
	uint64_t looked_at_bytes;
	size_t passes;
};

static enum status
hear_text(void *context, uint64_t at, struct span utf8, struct err *err)
{
	struct heard *heard = context;

	(void)err;
	if (memmem(utf8.ptr, utf8.len_bytes, "123456789018", 12) != NULL)
		heard->number_at = at;
	sbuf_add_span(&heard->text, utf8);
	return ST_OK;
}

static enum status
hear_work(void *context, uint64_t len_bytes, struct err *err)
{
	struct heard *heard = context;

	(void)err;
	heard->looked_at_bytes += len_bytes;
	return ST_OK;
}

static enum status
hear_stop(void *context, struct err *err)
{
	struct heard *heard = context;

	(void)err;
	heard->passes++;
	sbuf_add_byte(&heard->text, '|');
	return ST_OK;
}

static void
sweep(struct heard *heard, const void *bytes, size_t len_bytes)
{
	const struct engine_sweep to = { hear_text, hear_work, hear_stop,
					 /* cppcheck-suppress ctuuninitvar */
					 heard }; /* filled just below */
	uint8_t *exact = malloc(len_bytes > 0 ? len_bytes : 1);
	struct err err;

	*heard = (struct heard){ .number_at = UINT64_MAX };
	sbuf_init(&heard->text, 64 << 20);
	memcpy(exact, bytes, len_bytes);
	check_status(ST_OK,
		     engine_sweep_bytes(&to, (struct span){ exact, len_bytes },
					&err),
		     &err);
	free(exact);
}

static bool
heard_has(const struct heard *heard, const char *words)
{
	return memmem(heard->text.bytes, heard->text.len_bytes, words,
		      strlen(words)) != NULL;
}

static void
ascii_is_heard_once(void **state)
{
	struct heard heard;

	(void)state;
	sweep(&heard, "no 123456789018", 15);
	assert_string_equal(sbuf_text(&heard.text), "|no 123456789018|");
	sbuf_done(&heard.text);
}

static void
nothing_is_nothing(void **state)
{
	struct heard heard;

	(void)state;
	sweep(&heard, "", 0);
	assert_int_equal(heard.text.len_bytes, 0);
	sbuf_done(&heard.text);
}

/* "番号１２" in each set. */
static void
japanese_sets_are_heard(void **state)
{
	static const struct {
		const char *bytes;
		size_t len_bytes;
	} cases[] = {
		{ "x\x94\xd4\x8d\x86\x82\x50\x82\x51", 9 }, /* CP932 */
		{ "x\xc8\xd6\xb9\xe6\xa3\xb1\xa3\xb2", 9 }, /* EUC-JP */
		{ "x\x1b$BHV9f#1#2\x1b(B", 15 },            /* JIS */
		{ "x\xe7\x95\xaa\xe5\x8f\xb7\xef\xbc\x91\xef\xbc\x92", 13 },
		{ "\x6a\x75\xf7\x53\x11\xff\x12\xff", 8 },  /* UTF-16LE */
		{ "x\x6a\x75\xf7\x53\x11\xff\x12\xff", 9 }, /* odd */
		{ "\x75\x6a\x53\xf7\xff\x11\xff\x12", 8 },  /* UTF-16BE */
		{ "x\x75\x6a\x53\xf7\xff\x11\xff\x12", 9 }, /* odd */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct heard heard;

		sweep(&heard, cases[i].bytes, cases[i].len_bytes);
		if (!heard_has(&heard, "番号１２"))
			fail_msg("case %zu", i);
		sbuf_done(&heard.text);
	}
}

static void
digits_in_utf16_are_heard_at_any_alignment(void **state)
{
	static const char digits[] = "123456789018";

	(void)state;
	for (size_t skip = 0; skip < 4; skip++) {
		for (size_t high = 0; high < 2; high++) {
			uint8_t bytes[40] = { 0 };
			struct heard heard;

			for (size_t i = 0; i < 12; i++)
				bytes[skip + 2 * i + high] = (uint8_t)digits[i];
			sweep(&heard, bytes, sizeof(bytes));
			assert_true(heard_has(&heard, digits));
			sbuf_done(&heard.text);
		}
	}
}

/* Wherever the pieces are cut, a number is whole in one of them, or in two
 * that follow each other without a stop. */
static void
no_cut_tears_a_number(void **state)
{
	static const char wide[] = "１２３４５６７８９０１８";
	char *bytes = malloc(FILLER_BYTES);

	(void)state;
	for (size_t at = 262144 - 40; at <= 262144 + 4; at += 4) {
		struct heard heard;

		memset(bytes, ' ', FILLER_BYTES);
		for (size_t i = 0; i < FILLER_BYTES; i += 7)
			bytes[i] = 'x';
		memcpy(bytes + at, wide, sizeof(wide) - 1);
		sweep(&heard, bytes, FILLER_BYTES);
		if (!heard_has(&heard, wide))
			fail_msg("torn at %zu", at);
		sbuf_done(&heard.text);
	}
	free(bytes);
}

/* Noise without structure, the same at each run. */
static void
fill_noise(uint8_t *bytes, size_t len_bytes)
{
	uint32_t seed = 20261122;

	for (size_t i = 0; i < len_bytes; i++) {
		seed = seed * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(seed >> 24);
	}
}

/* The twelve digits in one way of writing; how long they are. */
static size_t
write_number(size_t way, uint8_t *to)
{
	static const char digits[] = "123456789018";
	static const char grouped[] = "1234-5678-9018";
	size_t n = 0;

	if (way == 0) {
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
		memcpy(to, digits, 12);
		return 12;
	}
	if (way == 1) {
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
		memcpy(to, grouped, 14);
		return 14;
	}
	for (size_t i = 0; i < 12; i++) {
		const uint8_t d = (uint8_t)(digits[i] - '0');
		const uint8_t forms[][3] = {
			{ 0xef, 0xbc, (uint8_t)(0x90 + d) },
			{ 0x82, (uint8_t)(0x4f + d), 0 },
			{ 0xa3, (uint8_t)(0xb0 + d), 0 },
			{ (uint8_t)('0' + d), 0, 0 },
			{ 0, (uint8_t)('0' + d), 0 },
			{ (uint8_t)(0x10 + d), 0xff, 0 },
			{ 0xff, (uint8_t)(0x10 + d), 0 },
		};
		const size_t size = way == 2 ? 3 : 2;

		memcpy(to + n, forms[way - 2], size);
		n += size;
	}
	return n;
}

static void
a_number_in_megabytes_is_heard_wherever_it_stands(void **state)
{
	static const size_t places[] = { 0,      1,      77777,
					 262143, 262144, FILLER_BYTES - 40 };
	uint8_t *bytes = malloc(FILLER_BYTES);

	(void)state;
	for (size_t way = 0; way < 9; way++) {
		for (size_t i = 0; i < ARRAY_LEN(places); i++) {
			struct heard heard;

			fill_noise(bytes, FILLER_BYTES);
			/* In EUC nothing tells where in a run of high bytes
			 * characters begin, but what stands before. */
			if (way == 4 && places[i] > 0)
				bytes[places[i] - 1] = '\n';
			(void)write_number(way, bytes + places[i]);
			sweep(&heard, bytes, FILLER_BYTES);
			if (!heard_has(&heard, "123456789018") &&
			    !heard_has(&heard, "1234-5678-9018") &&
			    !heard_has(&heard, "１２３４５６７８９０１８"))
				fail_msg("way %zu at %zu", way, places[i]);
			/* And most of the noise was not decoded. */
			assert_true(heard.text.len_bytes < FILLER_BYTES / 4);
			assert_true(heard.looked_at_bytes > FILLER_BYTES);
			sbuf_done(&heard.text);
		}
	}
	free(bytes);
}

static void
words_around_a_number_in_megabytes_are_heard(void **state)
{
	static const char words[] =
		"\n個人番号は１２３４５６７８９０１８です\n";
	uint8_t *bytes = malloc(FILLER_BYTES);
	struct heard heard;

	(void)state;
	fill_noise(bytes, FILLER_BYTES);
	memcpy(bytes + 300000, words, sizeof(words) - 1);
	sweep(&heard, bytes, FILLER_BYTES);
	assert_true(
		heard_has(&heard, "個人番号は１２３４５６７８９０１８です"));
	sbuf_done(&heard.text);
	free(bytes);
}

static void
japanese_that_began_far_before_is_heard(void **state)
{
	static const char number[] = "#1#2#3#4#5#6#7#8#9#0#1#8";
	uint8_t *bytes = malloc(FILLER_BYTES);
	struct heard heard;

	(void)state;
	memset(bytes, 'B', FILLER_BYTES); /* "BB" is a kanji, or two letters */
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
	memcpy(bytes, "\x1b$B", 3);
	memcpy(bytes + 50003, number, sizeof(number) - 1);
	sweep(&heard, bytes, FILLER_BYTES);
	assert_true(heard_has(&heard, "１２３４５６７８９０１８"));
	sbuf_done(&heard.text);
	free(bytes);
}

static void
offsets_count_from_the_start(void **state)
{
	char *bytes = malloc(FILLER_BYTES);
	struct heard heard;

	(void)state;
	memset(bytes, ' ', FILLER_BYTES);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
	memcpy(bytes + FILLER_BYTES - 12, "123456789018", 12);
	sweep(&heard, bytes, FILLER_BYTES);
	assert_true(heard.number_at > 500000);
	assert_true(heard.number_at < FILLER_BYTES);
	sbuf_done(&heard.text);
	free(bytes);
}

static enum status
refuse_text(void *context, uint64_t at, struct span utf8, struct err *err)
{
	(void)context;
	(void)at;
	(void)utf8;
	return err_set(err, ST_LIMIT, "test: enough");
}

static void
who_listens_can_stop_it(void **state)
{
	struct heard heard = { .passes = 0 };
	const struct engine_sweep to = { refuse_text, hear_work, hear_stop,
					 &heard };
	struct err err;

	(void)state;
	sbuf_init(&heard.text, 100);
	check_status(ST_LIMIT,
		     engine_sweep_bytes(&to, span_of("abc\xff"), &err), &err);
	assert_int_equal(heard.passes, 1);
	sbuf_done(&heard.text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_is_heard_once),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(japanese_sets_are_heard),
		cmocka_unit_test(digits_in_utf16_are_heard_at_any_alignment),
		cmocka_unit_test(no_cut_tears_a_number),
		cmocka_unit_test(
			a_number_in_megabytes_is_heard_wherever_it_stands),
		cmocka_unit_test(words_around_a_number_in_megabytes_are_heard),
		cmocka_unit_test(japanese_that_began_far_before_is_heard),
		cmocka_unit_test(offsets_count_from_the_start),
		cmocka_unit_test(who_listens_can_stop_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
