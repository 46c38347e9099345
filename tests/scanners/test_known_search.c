/* Do known bytes of a zip member give its keys? */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/known_password.h"
#include "scanners/locks/known_search.h"
#include "tests/harness/check.h"

enum { MEMBER_BYTES = 4000, ROUND_CASES = 60 };

static const enum cpu_way ways[] = { CPU_WAY_PORTABLE, CPU_WAY_AVX2,
				     CPU_WAY_AVX512 };

/* xorshift: the same cases in every run. */
static uint64_t random_state = 0x2545F4914F6CDD1D;

static uint32_t
random_word(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32);
}

static void
random_bytes(uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)random_word();
}

/* A member with a header of twelve, and the keys in front of each byte. */
struct member {
	uint8_t plain[MEMBER_BYTES];
	uint8_t cipher[MEMBER_BYTES];
	struct zipcrypto_keys keys[MEMBER_BYTES + 1];
};

static void
member_make(struct member *member, const char *password)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();

	random_bytes(member->plain, sizeof(member->plain));
	member->keys[0] = zipcrypto_of(span_of(password));
	for (size_t i = 0; i < MEMBER_BYTES; i++) {
		struct zipcrypto_keys keys = member->keys[i];

		member->cipher[i] = member->plain[i] ^ zipcrypto_stream(&keys);
		zipcrypto_update(tables, &keys, member->plain[i]);
		member->keys[i + 1] = keys;
	}
}

static struct known_run
member_run(const struct member *member, size_t at, size_t count)
{
	return (struct known_run){
		.cipher = { member->cipher, MEMBER_BYTES },
		.at = at,
		.plain = member->plain + at,
		.count = count,
	};
}

static void
assert_same_keys(const struct zipcrypto_keys *is,
		 const struct zipcrypto_keys *want)
{
	assert_int_equal(is->low, want->low);
	assert_int_equal(is->sum, want->sum);
	assert_int_equal(is->high, want->high);
}

static void
keys_are_followed_back(void **state)
{
	static struct member member;

	(void)state;
	member_make(&member, "Wn7-keys");
	for (size_t i = MEMBER_BYTES; i-- > 0;) {
		struct zipcrypto_keys keys = member.keys[i + 1];

		assert_int_equal(known_step_back(known_tables(), &keys,
						 member.cipher[i]),
				 member.plain[i]);
		assert_same_keys(&keys, &member.keys[i]);
	}
}

/* The bytes around, too, must be those that are known. */
static void
only_the_right_keys_are_proved(void **state)
{
	static struct member member;
	struct known_run run;
	struct zipcrypto_keys keys;

	(void)state;
	member_make(&member, "abc");
	run = member_run(&member, 100, 20);
	run.singles[0] = (struct known_single){ 11, member.plain[11] };
	run.singles[1] = (struct known_single){ 3000, member.plain[3000] };
	run.single_count = 2;
	keys = member.keys[110];
	assert_true(known_run_proves(&run, 110, &keys));
	assert_same_keys(&keys, &member.keys[0]);
	for (size_t i = 0; i < run.single_count; i++) {
		run.singles[i].plain ^= 1;
		keys = member.keys[110];
		assert_false(known_run_proves(&run, 110, &keys));
		run.singles[i].plain ^= 1;
	}
	keys = member.keys[110];
	keys.low ^= 0x80000000;
	assert_false(known_run_proves(&run, 110, &keys));
}

static bool
starts_have(const struct known_starts *starts, uint32_t high)
{
	for (size_t i = 0; i < starts->count; i++) {
		if (starts->high[i] == (high & ~UINT32_C(3)))
			return true;
	}
	return false;
}

static void
few_starts_are_left_and_the_right_one_is_among_them(void **state)
{
	/* About as many as in the paper. */
	static const struct {
		size_t known;
		size_t least;
		size_t most;
	} rows[] = { { 13, 900000, 1500000 },
		     { 64, 100000, 190000 },
		     { 500, 6000, 40000 },
		     { 2000, 500, 9000 } };
	static struct member member;
	struct err err;

	(void)state;
	member_make(&member, "right one");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(known_starts_done) struct known_starts starts;
		const struct known_run run =
			member_run(&member, 12, rows[i].known);

		check_status(ST_OK, known_reduce(&run, NULL, &starts, &err),
			     &err);
		assert_in_range(starts.count, rows[i].least, rows[i].most);
		assert_true(starts_have(&starts, member.keys[starts.at].high));
	}
}

static struct known_row
row_of(const struct member *member, size_t at, struct known_lows *lows)
{
	struct known_row row = { .lows = lows };

	known_lows_make(member->plain + at, lows);
	for (size_t i = 1; i < KNOWN_ROW_BYTES; i++)
		row.top[i] = member->keys[at + i].sum & 0xFF000000;
	row.top[1] &= 0xFC000000;
	return row;
}

static int
fit_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct known_fit));
}

static void
all_ways_find_the_same_keys(void **state)
{
	static struct known_room room;
	static struct known_fit fits[3][KNOWN_ROOM + KNOWN_LANES];
	static struct member member;
	struct known_lows lows;
	size_t found = 0;

	(void)state;
	member_make(&member, "ways");
	for (size_t i = 0; i < ROUND_CASES; i++) {
		const size_t at = random_word() % (MEMBER_BYTES - 8);
		const struct known_row row = row_of(&member, at, &lows);
		/* The block that has them, and some other one. */
		const uint32_t block =
			i % 2 == 0 ? (member.keys[at + 7].sum >> 8 & 0xFFFF) /
					     KNOWN_BLOCK
				   : random_word() % KNOWN_BLOCKS;
		size_t counts[3] = { 0 };

		for (size_t k = 0; k < ARRAY_LEN(ways); k++) {
			if (!cpu_can(ways[k]))
				continue;
			counts[k] = known_round_of(ways[k])(&row, block, &room,
							    fits[k]);
			qsort(fits[k], counts[k], sizeof(fits[k][0]),
			      fit_order);
			assert_int_equal(counts[k], counts[0]);
			assert_memory_equal(fits[k], fits[0],
					    counts[0] * sizeof(fits[0][0]));
		}
		for (size_t n = 0; n < counts[0]; n++) {
			if (fits[0][n].sum == member.keys[at + 3].sum &&
			    known_lows_join(member.plain + at,
					    fits[0][n].lows) ==
				    member.keys[at + 7].low)
				found++;
		}
	}
	assert_int_equal(found, ROUND_CASES / 2);
}

/* The start that leads to them, among wrong ones. */
static void
keys_are_found_from_twelve_bytes(void **state)
{
	static struct member member;
	AUTO(known_starts_done) struct known_starts starts;
	struct known_run run;
	struct zipcrypto_keys keys;
	struct err err;

	(void)state;
	member_make(&member, "twelve");
	run = member_run(&member, 300, 8);
	for (size_t i = 0; i < 4; i++)
		run.singles[i] =
			(struct known_single){ 100 * i, member.plain[100 * i] };
	run.single_count = 4;
	check_status(ST_OK, known_reduce(&run, NULL, &starts, &err), &err);
	assert_true(starts_have(&starts, member.keys[starts.at].high));
	starts.high[0] ^= 0x400;
	starts.high[1] = member.keys[starts.at].high & ~UINT32_C(3);

	struct known_search search = { .run = &run,
				       .starts = &starts,
				       .round = known_round_of(cpu_best()),
				       .end = 2,
				       .step = 1 };

	check_status(ST_OK, known_search_keys(&search, &keys, &err), &err);
	assert_same_keys(&keys, &member.keys[0]);
}

static void
keys_are_found_from_a_page_that_is_known(void **state)
{
	static struct member member;
	AUTO(known_starts_done) struct known_starts starts;
	struct known_run run;
	struct zipcrypto_keys keys;
	struct err err;

	(void)state;
	member_make(&member, "a whole page");
	run = member_run(&member, 12, MEMBER_BYTES - 12);
	check_status(ST_OK, known_reduce(&run, NULL, &starts, &err), &err);

	struct known_search search = { .run = &run,
				       .starts = &starts,
				       .round = known_round_of(cpu_best()),
				       .end = starts.count,
				       .step = 1 };

	check_status(ST_OK, known_search_keys(&search, &keys, &err), &err);
	assert_same_keys(&keys, &member.keys[0]);
}

static void
bytes_of_another_file_give_no_keys(void **state)
{
	static struct member member;
	AUTO(known_starts_done) struct known_starts starts;
	struct known_run run;
	struct zipcrypto_keys keys;
	struct err err;

	(void)state;
	member_make(&member, "another");
	run = member_run(&member, 12, MEMBER_BYTES - 12);
	run.plain = member.plain;
	if (known_reduce(&run, NULL, &starts, &err) != ST_OK)
		return;

	struct known_search search = { .run = &run,
				       .starts = &starts,
				       .round = known_round_of(cpu_best()),
				       .end = starts.count,
				       .step = 1 };

	check_status(ST_NOT_FOUND, known_search_keys(&search, &keys, &err),
		     &err);
}

static void
a_password_follows_from_its_keys(void **state)
{
	static const char *const passwords[] = {
		"a",          "7",           "~ ",         "abc",
		"2026",       "Xy{9}",       "secret",     "qwerty7",
		"20261122",   "P@ssw0rd!",   "zR4#k9Lm2q", "zzzzzzzz",
		"          ", "!!aaaaaaaaa",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(passwords); i++) {
		const struct zipcrypto_keys keys =
			zipcrypto_of(span_of(passwords[i]));
		AUTO(sbuf_done) struct sbuf password;
		struct err err;

		sbuf_init_secret(&password, 100);
		check_status(ST_OK,
			     known_password(&keys, KNOWN_PASSWORD_BYTES, NULL,
					    &password, &err),
			     &err);
		assert_string_equal(sbuf_text(&password), passwords[i]);
	}
}

static void
keys_of_no_short_password_give_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < 20; i++) {
		const struct zipcrypto_keys keys = { random_word(),
						     random_word(),
						     random_word() };
		AUTO(sbuf_done) struct sbuf password;
		struct err err;

		sbuf_init_secret(&password, 100);
		check_status(ST_NOT_FOUND,
			     known_password(&keys, 9, NULL, &password, &err),
			     &err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_followed_back),
		cmocka_unit_test(only_the_right_keys_are_proved),
		cmocka_unit_test(
			few_starts_are_left_and_the_right_one_is_among_them),
		cmocka_unit_test(all_ways_find_the_same_keys),
		cmocka_unit_test(keys_are_found_from_twelve_bytes),
		cmocka_unit_test(keys_are_found_from_a_page_that_is_known),
		cmocka_unit_test(bytes_of_another_file_give_no_keys),
		cmocka_unit_test(a_password_follows_from_its_keys),
		cmocka_unit_test(keys_of_no_short_password_give_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
