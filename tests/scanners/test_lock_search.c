/* lock_search.h: the search finds what it should, also in pieces. */
#include "scanners/locks/lock_search.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/locked_zip.h"
#include "tests/scanners/sample.h"

enum { MANY_ENDS = 100, TEST_DAY = 20779 /* 2026-11-22 */ };

static const char content[] = "name,number\r\nTaro,123456789018\r\n"
			      "Hanako,none\r\nJiro,none\r\n";

/* Ends the search after so many ticks. */
struct ticks {
	unsigned left;
};

static enum status
tick(void *context, struct err *err)
{
	struct ticks *ticks = context;

	if (ticks->left == 0)
		return err_set(err, ST_LIMIT, "test: enough");
	ticks->left--;
	return ST_OK;
}

static void
make(struct locked_zip *zip, const char *password)
{
	locked_zip_begin(zip);
	locked_zip_add(zip, "list.csv", password, span_of(content));
	locked_zip_end(zip);
}

static struct lock_search *
begin(const struct locked_zip *zip)
{
	struct lock_search *search = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     lock_search_new(sbuf_span(&zip->archive), TEST_DAY,
				     &search, &err),
		     &err);
	return search;
}

/* Every piece in a search of its own, as in scans one after another. */
static void
a_search_that_is_ended_goes_on_where_it_was(void **state)
{
	struct locked_zip zip;
	struct sbuf password;
	uint64_t at = 0;
	unsigned ends = 0;
	enum status st = ST_LIMIT;

	(void)state;
	make(&zip, "4711993");
	sbuf_init(&password, 100);
	while (st == ST_LIMIT && ends < MANY_ENDS) {
		struct lock_search *search = begin(&zip);
		struct ticks ticks = { 2 };
		const struct lock_watch watch = { tick, &ticks };
		const uint64_t before = at;
		struct err err = { .st = ST_OK };

		st = lock_search_run(search, &at, &watch, &password, &err);
		assert_true(at > before);
		assert_true(at < lock_search_total(search));
		lock_search_free(&search);
		ends++;
	}
	assert_int_equal(st, ST_OK);
	assert_string_equal(sbuf_text(&password), "4711993");
	assert_true(ends > 1);
	sbuf_done(&password);
	locked_zip_done(&zip);
}

static void
no_time_finds_nothing_and_moves_nothing(void **state)
{
	struct locked_zip zip;
	struct sbuf password;
	struct ticks ticks = { 0 };
	const struct lock_watch watch = { tick, &ticks };
	struct err err = { .st = ST_OK };
	uint64_t at = 0;

	(void)state;
	make(&zip, "1");
	sbuf_init(&password, 100);
	struct lock_search *search = begin(&zip);

	check_status(ST_LIMIT,
		     lock_search_run(search, &at, &watch, &password, &err),
		     &err);
	assert_int_equal(at, 0);
	/* Behind the end there is nothing, whoever says that he was there. */
	at = lock_search_total(search);
	ticks.left = MANY_ENDS;
	check_status(ST_NOT_FOUND,
		     lock_search_run(search, &at, &watch, &password, &err),
		     &err);
	at = UINT64_MAX;
	check_status(ST_NOT_FOUND,
		     lock_search_run(search, &at, &watch, &password, &err),
		     &err);
	lock_search_free(&search);
	sbuf_done(&password);
	locked_zip_done(&zip);
}

static void
what_is_not_locked_so_is_not_searched(void **state)
{
	struct locked_zip zip;
	struct lock_search *search = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	make(&zip, NULL);
	check_status(ST_UNSUPPORTED,
		     lock_search_new(sbuf_span(&zip.archive), TEST_DAY, &search,
				     &err),
		     &err);
	check_status(ST_UNSUPPORTED,
		     lock_search_new(span_of("text"), TEST_DAY, &search, &err),
		     &err);
	locked_zip_done(&zip);
}

/* A checksum of one byte proves little: some of the passwords before the right
 * one fit the headers of both and the smallest member. */
static void
the_smallest_members_alone_prove_nothing(void **state)
{
	const struct lock_watch watch = { tick, &(struct ticks){ UINT_MAX } };
	struct locked_zip zip;
	struct sbuf password;
	struct err err = { .st = ST_OK };
	uint64_t at = 0;

	(void)state;
	locked_zip_begin(&zip);
	locked_zip_add(&zip, "a", "09654321", span_of("1"));
	locked_zip_add(&zip, "b", "09654321", span_of("2"));
	locked_zip_end(&zip);
	sbuf_init(&password, 100);
	struct lock_search *search = begin(&zip);

	check_status(ST_OK,
		     lock_search_run(search, &at, &watch, &password, &err),
		     &err);
	assert_string_equal(sbuf_text(&password), "09654321");
	lock_search_free(&search);
	sbuf_done(&password);
	locked_zip_done(&zip);
}

/* Does the search say that password opens an archive of that one member? */
static bool
is_found(const char *password, struct span bytes)
{
	/* Long enough for what is short, not for all that there is. */
	const struct lock_watch watch = { tick, &(struct ticks){ 20 } };
	struct locked_zip zip;
	struct sbuf found;
	struct err err = { .st = ST_OK };
	uint64_t at = 0;

	locked_zip_begin(&zip);
	locked_zip_add(&zip, "a", password, bytes);
	locked_zip_end(&zip);
	sbuf_init(&found, 100);
	struct lock_search *search = begin(&zip);
	const bool is =
		lock_search_run(search, &at, &watch, &found, &err) == ST_OK &&
		strcmp(sbuf_text(&found), password) == 0;

	lock_search_free(&search);
	sbuf_done(&found);
	locked_zip_done(&zip);
	return is;
}

/* Twelve bytes: check byte and checksum are 40 bits, and a search of minutes
 * tries more than that. */
static void
a_tiny_file_alone_must_be_text(void **state)
{
	(void)state;
	assert_true(is_found("123", span_of("123456789018")));
	assert_true(is_found("123", span_of("山田 1234")));
	assert_false(is_found("123", span_of("\x81\xf3pq\x9e\xc1zz\xff+-!")));
	assert_true(is_found("123", span_of("\x81\xf3pq\x9e\xc1zz\xff+-!"
					    "longer than what is tiny: "
					    "40 bytes")));
}

/* ---- what is slow ---- */

static void
check_guess(const char *file, const char *password, uint64_t *at_out)
{
	const struct lock_watch watch = { tick, &(struct ticks){ UINT_MAX } };
	struct lock_search *search = NULL;
	struct err err = { .st = ST_OK };
	struct sbuf object;
	struct sbuf found;
	char path[100];

	(void)snprintf(path, sizeof(path), "locks/%s", file);
	sbuf_init(&object, 1 << 20);
	sbuf_init(&found, 100);
	sample_read(path, &object);
	check_status(
		ST_OK,
		lock_search_new(sbuf_span(&object), TEST_DAY, &search, &err),
		&err);
	check_status(ST_OK,
		     lock_search_run(search, at_out, &watch, &found, &err),
		     &err);
	assert_string_equal(sbuf_text(&found), password);
	lock_search_free(&search);
	sbuf_done(&found);
	sbuf_done(&object);
}

static void
slow_locks_are_asked_numbers_of_four_digits_first(void **state)
{
	uint64_t at = 0;

	(void)state;
	check_guess("guess_pin.zip", "7301", &at);
	assert_int_equal(at, 7302);
	at = 0;
	check_guess("guess_pin.7z", "0005", &at);
	/* From where another scan ended. */
	at = 7200;
	check_guess("guess_pin.zip", "7301", &at);
}

static void
then_the_days_of_a_hundred_years_then_longer_numbers(void **state)
{
	uint64_t at = 10000;

	(void)state;
	check_guess("guess_day.pdf", "19680415", &at);
	/* Days ahead, days back. */
	assert_int_equal(at, 10000 + 366 + 21405 + 1);
	at = 47000;
	check_guess("guess_five.zip", "14821", &at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_that_is_ended_goes_on_where_it_was),
		cmocka_unit_test(no_time_finds_nothing_and_moves_nothing),
		cmocka_unit_test(what_is_not_locked_so_is_not_searched),
		cmocka_unit_test(the_smallest_members_alone_prove_nothing),
		cmocka_unit_test(a_tiny_file_alone_must_be_text),
		cmocka_unit_test(
			slow_locks_are_asked_numbers_of_four_digits_first),
		cmocka_unit_test(
			then_the_days_of_a_hundred_years_then_longer_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
