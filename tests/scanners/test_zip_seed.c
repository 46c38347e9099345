/* Are the random bytes of Info-ZIP's headers found? */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "scanners/locks/zip_search.h"
#include "tests/harness/check.h"

static void
load(const char *name, struct sbuf *archive, struct zip_lock *lock)
{
	const char *top = getenv("top_srcdir");
	struct err err = { 0 };
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/tests/data/locks/%s",
		       top != NULL ? top : ".", name);
	sbuf_init(archive, 1000000);
	check_status(ST_OK, fd_slurp_file(path, archive, &err), &err);
	check_status(ST_OK, zip_lock_find(sbuf_span(archive), lock, &err),
		     &err);
}

/* Encrypted twice they are the header. */
static void
the_random_bytes_are_those_of_the_header(void **state)
{
	AUTO(sbuf_done) struct sbuf archive;
	struct zip_lock lock;
	struct zip_seed seed;
	struct err err = { 0 };
	uint8_t header[ZIP_SEED_RANDOM_BYTES];

	(void)state;
	load("infozip_times.zip", &archive, &lock);
	check_status(
		ST_OK,
		zip_seed_find(sbuf_span(&archive), &lock, NULL, &seed, &err),
		&err);
	memcpy(header, seed.bytes, sizeof(header));
	for (size_t pass = 0; pass < 2; pass++) {
		struct zipcrypto_keys keys = zipcrypto_of(span_of("secret"));

		for (size_t i = 0; i < sizeof(header); i++) {
			const uint8_t plain = header[i];

			header[i] ^= zipcrypto_stream(&keys);
			zipcrypto_update(zipcrypto_tables(), &keys, plain);
		}
	}
	assert_memory_equal(header, lock.members[0].header, sizeof(header));
}

static enum status
go_on(void *context, uint64_t tried, struct err *err)
{
	(void)context;
	(void)tried;
	(void)err;
	return ST_OK;
}

static void
a_search_with_them_finds_the_same(void **state)
{
	AUTO(sbuf_done) struct sbuf archive;
	AUTO(sbuf_done) struct sbuf password;
	AUTO(mask_free) struct mask *mask = NULL;
	struct zip_lock lock;
	struct mask_shape shape;
	struct err err = { 0 };
	struct zip_search search = {
		.lock = &lock,
		.attempt = zipcrypto_try_of(cpu_best()),
		.peek = zipcrypto_peek_of(cpu_best()),
		.seeded = zipcrypto_seeded_of(cpu_best()),
		.slices = 1,
		.tick = go_on,
	};

	(void)state;
	load("infozip_times.zip", &archive, &lock);
	sbuf_init_secret(&password, 100);
	check_status(ST_OK,
		     zip_seed_find(sbuf_span(&archive), &lock, NULL,
				   &search.seed, &err),
		     &err);
	if (search.seeded == NULL)
		search.seeded = zipcrypto_seeded_portable;
	check_status(ST_OK, mask_parse("s?[a-f]c?l?lt", &mask, &err), &err);
	mask_first(mask, &shape);
	check_status(ST_OK, zip_search_shape(&search, &shape, &password, &err),
		     &err);
	assert_string_equal(sbuf_text(&password), "secret");
	/* With those of another seed it is not found. */
	search.seed.bytes[1] ^= 1;
	sbuf_clear(&password);
	mask_first(mask, &shape);
	check_status(ST_NOT_FOUND,
		     zip_search_shape(&search, &shape, &password, &err), &err);
}

static void
archives_of_other_programs_show_none(void **state)
{
	static const char *const names[] = { "zipcrypto.zip", "mixed.zip",
					     "bsdtar_zipcrypto.zip" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		AUTO(sbuf_done) struct sbuf archive;
		struct zip_lock lock;
		struct zip_seed seed;
		struct err err = { 0 };

		load(names[i], &archive, &lock);
		check_status(ST_NOT_FOUND,
			     zip_seed_find(sbuf_span(&archive), &lock, NULL,
					   &seed, &err),
			     &err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_random_bytes_are_those_of_the_header),
		cmocka_unit_test(a_search_with_them_finds_the_same),
		cmocka_unit_test(archives_of_other_programs_show_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
