/* Tests of milter/session/spool.h, in the order of its promises. */
#include "milter/session/spool.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness/check.h"
#include "tests/milter/fixture.h"

enum { BORDER = 200 * 1000 };

static char dir[FIXTURE_DIR_BYTES];
static struct spool_budget budget;

static struct spool_limits
limits(void)
{
	return (struct spool_limits){
		.memory_bytes = BORDER,
		.max_bytes = 10 * 1000 * 1000,
		.budget_bytes = 20 * 1000 * 1000,
		.dir = dir,
		.budget = &budget,
	};
}

static int
make_dir(void **state)
{
	(void)state;
	fixture_make_dir(dir);
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	fixture_remove_dir(dir);
	return 0;
}

/* Byte number at of the test's mail. */
static uint8_t
byte_at(size_t at)
{
	return (uint8_t)(at * 31 + at / 251);
}

/* Spool size_bytes in pieces of piece_bytes and compare what comes out. */
static void
check_round(size_t size_bytes, size_t piece_bytes)
{
	const struct spool_limits set = limits();
	AUTO(spool_free) struct spool *spool = NULL;
	uint8_t *mail = malloc(size_bytes + 1);
	struct span map = { NULL, 0 };
	struct err err;
	int fd = FD_NONE;

	assert_non_null(mail);
	for (size_t i = 0; i < size_bytes; i++)
		mail[i] = byte_at(i);
	check_status(ST_OK, spool_new(&set, &spool, &err), &err);
	for (size_t at = 0; at < size_bytes; at += piece_bytes) {
		size_t len = size_bytes - at;

		if (len > piece_bytes)
			len = piece_bytes;
		check_status(
			ST_OK,
			spool_add(spool, (struct span){ mail + at, len }, &err),
			&err);
	}
	assert_int_equal(spool_is_on_disk(spool), size_bytes > BORDER);
	assert_int_equal(budget.used_bytes, size_bytes);
	check_status(ST_OK, spool_finish(spool, &fd, &err), &err);
	check_status(ST_OK, fd_map_sealed(fd, 1 << 30, &map, &err), &err);
	assert_int_equal(map.len_bytes, size_bytes);
	assert_int_equal(spool_size(spool), size_bytes);
	if (size_bytes > 0)
		assert_memory_equal(map.ptr, mail, size_bytes);
	fd_unmap(&map);
	free(mail);
	spool_free(&spool);
	assert_int_equal(budget.used_bytes, 0);
}

static void
what_goes_in_comes_out_sealed_on_both_sides_of_the_border(void **state)
{
	static const size_t sizes[] = {
		0,         1,          65535,      65536,
		65537,     BORDER - 1, BORDER,     BORDER + 1,
		3 * 65536, 4 * 65536,  500 * 1000, 1000 * 1000,
	};
	static const size_t pieces[] = { 997, 65535, 65536, 300 * 1000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		for (size_t j = 0; j < ARRAY_LEN(pieces); j++)
			check_round(sizes[i], pieces[j]);
	}
}

static void
a_file_leaves_no_name_and_no_clear_text(void **state)
{
	const struct spool_limits set = limits();
	AUTO(spool_free) struct spool *spool = NULL;
	static uint8_t mail[BORDER + 70000];
	static uint8_t back[BORDER + 70000];
	const struct dirent *entry = NULL;
	DIR *listing = NULL;
	struct err err;
	bool found_file = false;

	(void)state;
	memset(mail, 'M', sizeof(mail));
	check_status(ST_OK, spool_new(&set, &spool, &err), &err);
	check_status(
		ST_OK,
		spool_add(spool, (struct span){ mail, sizeof(mail) }, &err),
		&err);
	/* Some descriptor is our unlinked file; it must not hold the mail. */
	for (int fd = 3; fd < 64; fd++) {
		const ssize_t got = pread(fd, back, sizeof(back), 0);

		if (got < BORDER)
			continue;
		found_file = true;
		assert_null(memmem(back, (size_t)got, "MMMMMMMM", 8));
	}
	assert_true(found_file);
	listing = opendir(dir);
	assert_non_null(listing);
	while ((entry = readdir(listing)) != NULL)
		assert_int_equal(entry->d_name[0], '.');
	(void)closedir(listing);
}

static void
a_mail_over_its_maximum_is_denied(void **state)
{
	struct spool_limits set = limits();
	AUTO(spool_free) struct spool *spool = NULL;
	const struct span ten = { (const uint8_t *)"0123456789", 10 };
	struct err err;

	(void)state;
	set.max_bytes = 25;
	check_status(ST_OK, spool_new(&set, &spool, &err), &err);
	check_status(ST_OK, spool_add(spool, ten, &err), &err);
	check_status(ST_OK, spool_add(spool, ten, &err), &err);
	check_status(ST_DENIED, spool_add(spool, ten, &err), &err);
}

static void
all_mails_share_one_budget_and_give_it_back(void **state)
{
	struct spool_limits set = limits();
	AUTO(spool_free) struct spool *first = NULL;
	AUTO(spool_free) struct spool *second = NULL;
	const struct span ten = { (const uint8_t *)"0123456789", 10 };
	struct err err;

	(void)state;
	set.budget_bytes = 15;
	check_status(ST_OK, spool_new(&set, &first, &err), &err);
	check_status(ST_OK, spool_new(&set, &second, &err), &err);
	check_status(ST_OK, spool_add(first, ten, &err), &err);
	check_status(ST_LIMIT, spool_add(second, ten, &err), &err);
	spool_free(&first);
	check_status(ST_OK, spool_add(second, ten, &err), &err);
	spool_free(&second);
	assert_int_equal(budget.used_bytes, 0);
}

static void
a_directory_that_is_not_there_fails_only_large_mails(void **state)
{
	struct spool_limits set = limits();
	AUTO(spool_free) struct spool *spool = NULL;
	static uint8_t mail[BORDER + 1];
	struct err err;

	(void)state;
	memset(mail, 'm', sizeof(mail));
	set.dir = "/nonexistent";
	check_status(ST_OK, spool_new(&set, &spool, &err), &err);
	check_status(ST_OK,
		     spool_add(spool, (struct span){ mail, BORDER }, &err),
		     &err);
	check_status(ST_IO, spool_add(spool, (struct span){ mail, 1 }, &err),
		     &err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_goes_in_comes_out_sealed_on_both_sides_of_the_border),
		cmocka_unit_test(a_file_leaves_no_name_and_no_clear_text),
		cmocka_unit_test(a_mail_over_its_maximum_is_denied),
		cmocka_unit_test(all_mails_share_one_budget_and_give_it_back),
		cmocka_unit_test(
			a_directory_that_is_not_there_fails_only_large_mails),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
