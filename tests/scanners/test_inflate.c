/* Deflate64: against archives of 7-Zip (tests/data/make_archives.py), whose
 * checksums say what is right, and cut off at every byte. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "scanners/readers/inflate64.h"
#include "scanners/readers/zip_walk.h"
#include "tests/harness/check.h"
#include "tests/scanners/sample.h"

enum { METHOD_DEFLATED64 = 9, MOST_BYTES = 1 << 20 };

struct spending {
	uint64_t made_bytes;
	uint64_t packed_bytes;
	uint64_t limit_bytes;
};

static enum status
spend(void *context, uint64_t len_bytes, uint64_t packed_bytes, struct err *err)
{
	struct spending *spending = context;

	spending->made_bytes += len_bytes;
	spending->packed_bytes += packed_bytes;
	if (spending->made_bytes > spending->limit_bytes)
		return err_set(err, ST_LIMIT, "enough");
	return ST_OK;
}

static enum status
unpack(struct span packed, struct spending *spending, struct sbuf *out,
       size_t *used)
{
	const struct inflate64_budget budget = { spend, spending };
	struct err err = { 0 };

	sbuf_init(out, MOST_BYTES);
	return inflate64(packed, &budget, out, used, &err);
}

static void
check_entry(struct span archive, const struct zip_entry *entry)
{
	struct span packed = { 0 };
	struct spending spending = { .limit_bytes = UINT64_MAX };
	struct sbuf out;
	size_t used = 0;

	/* More behind it is not its business. */
	assert_true(span_cut(archive, entry->data_at,
			     archive.len_bytes - entry->data_at, &packed));
	assert_int_equal(unpack(packed, &spending, &out, &used), ST_OK);
	assert_int_equal(out.len_bytes, entry->size_bytes);
	assert_int_equal(crc32_z(0, out.bytes, out.len_bytes), entry->crc);
	assert_int_equal(used, entry->packed_bytes);
	assert_int_equal(spending.made_bytes, out.len_bytes);
	sbuf_done(&out);
}

static void
archives_of_7zip_come_out_right(void **state)
{
	static const char *const paths[] = { "archive/deflate64_1.zip",
					     "archive/deflate64_9.zip",
					     "zip/7zip_deflate64.zip" };
	size_t entries = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		AUTO(sbuf_done) struct sbuf file;
		struct zip_entry entry;
		size_t at = 0;

		sbuf_init(&file, MOST_BYTES);
		sample_read(paths[i], &file);
		while (zip_local_next(sbuf_span(&file), &at, &entry)) {
			if (entry.method != METHOD_DEFLATED64)
				continue;
			check_entry(sbuf_span(&file), &entry);
			entries++;
		}
	}
	assert_int_equal(entries, 5);
}

/* The packed bytes of the first entry, in a block of their exact size. */
static uint8_t *
first_packed(const char *path, size_t *len_out)
{
	AUTO(sbuf_done) struct sbuf file;
	struct zip_entry entry;
	uint8_t *copy = NULL;
	size_t at = 0;

	sbuf_init(&file, MOST_BYTES);
	sample_read(path, &file);
	assert_true(zip_local_next(sbuf_span(&file), &at, &entry));
	*len_out = (size_t)entry.packed_bytes;
	copy = malloc(*len_out);
	assert_non_null(copy);
	memcpy(copy, file.bytes + entry.data_at, *len_out);
	return copy;
}

static void
what_is_cut_off_is_damaged(void **state)
{
	size_t len = 0;
	uint8_t *packed = first_packed("zip/7zip_deflate64.zip", &len);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		struct spending spending = { .limit_bytes = UINT64_MAX };
		struct sbuf out;
		size_t used = 0;

		assert_int_equal(unpack((struct span){ packed, i }, &spending,
					&out, &used),
				 ST_FORMAT);
		assert_true(used <= i);
		sbuf_done(&out);
	}
	free(packed);
}

static void
a_budget_ends_it(void **state)
{
	size_t len = 0;
	uint8_t *packed = first_packed("archive/deflate64_9.zip", &len);
	struct spending spending = { .limit_bytes = 70000 };
	struct sbuf out;
	size_t used = 0;

	(void)state;
	assert_int_equal(
		unpack((struct span){ packed, len }, &spending, &out, &used),
		ST_LIMIT);
	/* At most what fits between two looks at the budget. */
	assert_true(out.len_bytes <= 70000 + 3 * 65538);
	sbuf_done(&out);
	free(packed);
}

static void
nonsense_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len_bytes;
	} cases[] = {
		{ "", 0 },
		{ "\x07", 1 },                 /* block type 3 */
		{ "\x01\x05\x00\xfa\xfe", 5 }, /* stored: a wrong check */
		{ "\x01\x05\x00\xfa\xff"
		  "ab",
		  7 },                             /* stored: too short */
		{ "\x03\x02\x00\x00", 4 },         /* fixed: from before */
		{ "\x05\xff\xff\xff\xff\xff", 6 }, /* dynamic: no code */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct spending spending = { .limit_bytes = UINT64_MAX };
		struct sbuf out;
		size_t used = 0;

		if (unpack((struct span){ (const uint8_t *)cases[i].bytes,
					  cases[i].len_bytes },
			   &spending, &out, &used) != ST_FORMAT)
			fail_msg("case %zu", i);
		sbuf_done(&out);
	}
}

static void
a_stored_block_is_copied(void **state)
{
	static const uint8_t packed[] = { 1, 3, 0, 0xFC, 0xFF, 'a', 'b', 'c' };
	struct spending spending = { .limit_bytes = UINT64_MAX };
	struct sbuf out;
	size_t used = 0;

	(void)state;
	assert_int_equal(unpack((struct span){ packed, sizeof(packed) },
				&spending, &out, &used),
			 ST_OK);
	assert_string_equal(sbuf_text(&out), "abc");
	assert_int_equal(used, sizeof(packed));
	sbuf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archives_of_7zip_come_out_right),
		cmocka_unit_test(what_is_cut_off_is_damaged),
		cmocka_unit_test(a_budget_ends_it),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(a_stored_block_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
