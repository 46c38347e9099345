/* Locked archives: the one password, and none of the others. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/attr.h"
#include "lib/base/fd.h"
#include "scanners/locks/deflate_probe.h"
#include "scanners/locks/unlock_run.h"
#include "scanners/locks/zip_search.h"
#include "tests/harness/check.h"

enum { SAMPLE_BYTES = 1 << 20, PROBE_CASES = 20000, PROBE_LEN = 64 };

/* A sample of tests/data/zip. */
static struct span
sample(const char *name, uint8_t *room)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	struct sbuf bytes;
	struct err err = { .st = ST_OK };

	(void)snprintf(path, sizeof(path), "%s/tests/data/zip/%s",
		       top != NULL ? top : ".", name);
	sbuf_init(&bytes, SAMPLE_BYTES);
	check_status(ST_OK, fd_slurp_file(path, &bytes, &err), &err);
	memcpy(room, bytes.bytes, bytes.len_bytes);
	const struct span whole = { room, bytes.len_bytes };

	sbuf_done(&bytes);
	return whole;
}

static enum status
tell(void *context, const struct unlock_progress *progress, struct err *err)
{
	unsigned *calls = context;

	(void)progress;
	(void)err;
	(*calls)++;
	return ST_OK;
}

struct trial {
	const char *masks[4];
	const char *words;
	uint32_t slice;
	uint32_t slices;
	uint64_t budget_ms;
};

static struct unlock_ending
run(struct span archive, const struct trial *trial)
{
	struct unlock_mask masks[ARRAY_LEN(trial->masks)];
	struct unlock_order order = { .slice = trial->slice,
				      .slices = trial->slices == 0
							? 1
							: trial->slices,
				      .budget_ms = trial->budget_ms,
				      .masks = masks };
	unsigned calls = 0;
	struct unlock_job job = { .order = &order,
				  .archive = archive,
				  .tell = tell,
				  .context = &calls };
	struct unlock_ending ending;
	struct err err = { .st = ST_OK };

	while (order.mask_count < ARRAY_LEN(masks) &&
	       trial->masks[order.mask_count] != NULL) {
		masks[order.mask_count].text = trial->masks[order.mask_count];
		order.mask_count++;
	}
	if (trial->words != NULL)
		job.words = (struct span){ (const uint8_t *)trial->words,
					   strlen(trial->words) };
	check_status(ST_OK, unlock_run(&job, &ending, &err), &err);
	return ending;
}

static void
check_opened(struct span archive, const struct trial *trial,
	     const char *password, const char *source)
{
	struct unlock_ending ending = run(archive, trial);

	assert_int_equal(ending.result.outcome, UNLOCK_OPENED);
	assert_int_equal(ending.result.password.len_bytes, strlen(password));
	assert_memory_equal(ending.result.password.ptr, password,
			    strlen(password));
	assert_string_equal(ending.result.source, source);
	assert_string_equal(ending.result.kind, "zip: ZipCrypto");
	unlock_ending_done(&ending);
}

static void
the_password_of_a_real_archive_is_found(void **state)
{
	static uint8_t room[SAMPLE_BYTES];
	const struct span archive = sample("zipcrypto.zip", room);

	(void)state;
	check_opened(archive, &(struct trial){ .masks = { "sec?l{2}t" } },
		     "secret", "sec?l{2}t");
	check_opened(archive,
		     &(struct trial){ .masks = { "?d{1,4}", "?l{2}cret" } },
		     "secret", "?l{2}cret");
	check_opened(archive, &(struct trial){ .masks = { "secret" } },
		     "secret", "secret");
	check_opened(archive,
		     &(struct trial){ .words = "foo\r\nbar\nSECRET\n" },
		     "secret", "words");
}

static void
wrong_passwords_open_nothing(void **state)
{
	static uint8_t room[SAMPLE_BYTES];
	const struct span archive = sample("zipcrypto.zip", room);
	struct unlock_ending ending =
		run(archive, &(struct trial){ .masks = { "?d{1,6}", "?u{4}" },
					      .words = "secre\nsecret?\n" });

	(void)state;
	assert_int_equal(ending.result.outcome, UNLOCK_NOT_FOUND);
	assert_int_equal(ending.result.password.len_bytes, 0);
	/* All of them were tried. */
	assert_true(ending.result.tried >= 1111110 + 456976);
	unlock_ending_done(&ending);
}

static void
slices_are_all_and_each_once(void **state)
{
	static uint8_t room[SAMPLE_BYTES];
	const struct span archive = sample("zipcrypto.zip", room);
	uint64_t tried = 0;

	(void)state;
	for (uint32_t slice = 0; slice < 3; slice++) {
		struct unlock_ending ending =
			run(archive, &(struct trial){ .masks = { "?d{5}" },
						      .slice = slice,
						      .slices = 3 });

		assert_int_equal(ending.result.outcome, UNLOCK_NOT_FOUND);
		tried += ending.result.tried;
		unlock_ending_done(&ending);
	}
	assert_int_equal(tried, 100000);
}

static void
the_time_is_kept(void **state)
{
	static uint8_t room[SAMPLE_BYTES];
	const struct span archive = sample("zipcrypto.zip", room);
	struct unlock_ending ending =
		run(archive,
		    &(struct trial){ .masks = { "?d{12}" }, .budget_ms = 50 });

	(void)state;
	assert_int_equal(ending.result.outcome, UNLOCK_BUDGET);
	assert_true(ending.result.tried > 0);
	unlock_ending_done(&ending);
}

static void
every_lock_is_named(void **state)
{
	static uint8_t room[SAMPLE_BYTES];
	static const struct {
		const char *name;
		enum unlock_outcome outcome;
		const char *kind;
	} cases[] = {
		{ "aes.zip", UNLOCK_NOT_FOUND, "zip: AES-256" },
		{ "infozip.zip", UNLOCK_NOT_LOCKED, "nothing in it is locked" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct unlock_ending ending =
			run(sample(cases[i].name, room),
			    &(struct trial){ .masks = { "a" } });

		assert_int_equal(ending.result.outcome, cases[i].outcome);
		assert_string_equal(ending.result.kind, cases[i].kind);
		unlock_ending_done(&ending);
	}
	struct unlock_ending ending =
		run((struct span){ (const uint8_t *)"no archive", 10 },
		    &(struct trial){ .masks = { "a" } });

	assert_int_equal(ending.result.outcome, UNLOCK_NO_ARCHIVE);
	unlock_ending_done(&ending);
}

static void
a_mask_that_is_none_is_told(void **state)
{
	struct unlock_ending ending =
		run((struct span){ (const uint8_t *)"x", 1 },
		    &(struct trial){ .masks = { "?z" } });

	(void)state;
	assert_int_equal(ending.result.outcome, UNLOCK_BAD_MASK);
	unlock_ending_done(&ending);
}

/* A stream of len random bytes, packed at level with strategy. */
static size_t
pack(uint8_t *out, size_t room, const uint8_t *in, size_t len, int level,
     int strategy)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)in,
			    .avail_in = (uInt)len,
			    .next_out = out,
			    .avail_out = (uInt)room };

	assert_int_equal(
		deflateInit2(&stream, level, Z_DEFLATED, -15, 8, strategy),
		Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	const size_t made = stream.total_out;

	(void)deflateEnd(&stream);
	return made;
}

static void
no_real_stream_is_taken_for_noise(void **state)
{
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_FIXED,
					  Z_HUFFMAN_ONLY, Z_RLE };
	uint8_t in[2000];
	uint8_t out[4000];
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < 4000; i++) {
		const size_t len = 1 + i % sizeof(in);
		const uint32_t kinds = 1 + seed % 250;

		for (size_t k = 0; k < len; k++) {
			seed = seed * 1664525 + 1013904223;
			in[k] = (uint8_t)((seed >> 16) % kinds);
		}
		const size_t packed =
			pack(out, sizeof(out), in, len, (int)(i % 10),
			     strategies[i / 10 % ARRAY_LEN(strategies)]);

		for (size_t cut = 0; cut <= packed && cut <= PROBE_LEN; cut++)
			assert_true(
				deflate_may_begin((struct span){ out, cut }));
	}
}

static void
nearly_all_noise_is_known(void **state)
{
	uint32_t seed = 7;
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < PROBE_CASES; i++) {
		uint8_t noise[PROBE_LEN];

		for (size_t k = 0; k < sizeof(noise); k++) {
			seed = seed * 1664525 + 1013904223;
			noise[k] = (uint8_t)(seed >> 24);
		}
		taken += deflate_may_begin(
			(struct span){ noise, sizeof(noise) });
	}
	if (taken > PROBE_CASES / 100)
		fail_msg("%zu of %d", taken, PROBE_CASES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_password_of_a_real_archive_is_found),
		cmocka_unit_test(wrong_passwords_open_nothing),
		cmocka_unit_test(slices_are_all_and_each_once),
		cmocka_unit_test(the_time_is_kept),
		cmocka_unit_test(every_lock_is_named),
		cmocka_unit_test(a_mask_that_is_none_is_told),
		cmocka_unit_test(no_real_stream_is_taken_for_noise),
		cmocka_unit_test(nearly_all_noise_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
