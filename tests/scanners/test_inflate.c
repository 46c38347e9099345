/* Deflate against zlib, Deflate64 against archives of 7-Zip (of
 * tests/data/make_archives.py), whose checksums say what is right; both cut off
 * at every byte. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "scanners/readers/inflate.h"
#include "scanners/readers/zip_walk.h"
#include "tests/harness/check.h"
#include "tests/scanners/sample.h"

enum { METHOD_DEFLATED64 = 9, MOST_BYTES = 1 << 20 };

struct spending {
	uint64_t made_bytes;
	uint64_t packed_bytes;
	uint64_t limit_bytes;
	uint64_t calls;
};

static enum status
spend(void *context, uint64_t len_bytes, uint64_t packed_bytes, struct err *err)
{
	struct spending *spending = context;

	spending->calls++;
	spending->made_bytes += len_bytes;
	spending->packed_bytes += packed_bytes;
	if (spending->made_bytes > spending->limit_bytes)
		return err_set(err, ST_LIMIT, "enough");
	return ST_OK;
}

static enum status
unpack(enum inflate_form form, struct span packed, struct spending *spending,
       struct sbuf *out, size_t *used)
{
	const struct inflate_budget budget = { spend, spending };
	struct err err = { 0 };

	sbuf_init(out, MOST_BYTES);
	return inflate_unpack(form, packed, &budget, out, used, &err);
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
	assert_int_equal(
		unpack(INFLATE_DEFLATE64, packed, &spending, &out, &used),
		ST_OK);
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

		assert_int_equal(unpack(INFLATE_DEFLATE64,
					(struct span){ packed, i }, &spending,
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
	assert_int_equal(unpack(INFLATE_DEFLATE64, (struct span){ packed, len },
				&spending, &out, &used),
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

		if (unpack(INFLATE_DEFLATE64,
			   (struct span){ (const uint8_t *)cases[i].bytes,
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
	assert_int_equal(unpack(INFLATE_DEFLATE64,
				(struct span){ packed, sizeof(packed) },
				&spending, &out, &used),
			 ST_OK);
	assert_string_equal(sbuf_text(&out), "abc");
	assert_int_equal(used, sizeof(packed));
	sbuf_done(&out);
}

/* Texts, noise, zeros and short periods, by a generator of our own. */
static void
fill(uint8_t *bytes, size_t len, unsigned kind, uint32_t seed)
{
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		switch (kind) {
		case 0: /* few signs: long words, matches near and far */
			bytes[i] = (uint8_t) "0123456789 abc\n-"[seed >> 28];
			break;
		case 1:
			bytes[i] = (uint8_t)(seed >> 24);
			break;
		case 2:
			bytes[i] = 0;
			break;
		default: /* of a period of kind bytes, broken at times */
			bytes[i] = i < kind || seed >> 24 == 0
					   ? (uint8_t)(seed >> 16)
					   : bytes[i - kind];
			break;
		}
	}
}

static size_t
deflate_by_zlib(struct span plain, int level, int strategy, uint8_t *packed,
		size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)plain.ptr,
		       .avail_in = (uInt)plain.len_bytes,
		       .next_out = packed,
		       .avail_out = (uInt)room };

	assert_int_equal(
		deflateInit2(&z, level, Z_DEFLATED, -MAX_WBITS, 8, strategy),
		Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	(void)deflateEnd(&z);
	return z.total_out;
}

static void
check_round_trip(struct span plain, int level, int strategy)
{
	const size_t room = plain.len_bytes + plain.len_bytes / 8 + 64;
	uint8_t *packed = malloc(room);
	struct spending spending = { .limit_bytes = UINT64_MAX };
	struct sbuf out;
	size_t used = 0;

	assert_non_null(packed);
	const size_t len =
		deflate_by_zlib(plain, level, strategy, packed, room);
	uint8_t *exact = realloc(packed, len);

	assert_non_null(exact);
	assert_int_equal(unpack(INFLATE_DEFLATE, (struct span){ exact, len },
				&spending, &out, &used),
			 ST_OK);
	assert_int_equal(used, len);
	assert_int_equal(out.len_bytes, plain.len_bytes);
	assert_memory_equal(out.bytes, plain.ptr, plain.len_bytes);
	assert_int_equal(spending.made_bytes, plain.len_bytes);
	sbuf_done(&out);
	free(exact);
}

static void
what_zlib_packs_comes_out_right(void **state)
{
	static const unsigned kinds[] = { 0, 1,  2,  3,   4,    5,     6,    7,
					  8, 15, 16, 258, 5000, 32000, 32768 };
	static const size_t lens[] = { 1, 31, 33, 259, 4000, 65535, 300000 };
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY,
					  Z_RLE, Z_FIXED };
	uint8_t *plain = malloc(300000);

	(void)state;
	assert_non_null(plain);
	for (size_t i = 0; i < ARRAY_LEN(kinds) * ARRAY_LEN(lens); i++) {
		const size_t len = lens[i % ARRAY_LEN(lens)];
		const int level = (int)(i % 10);

		fill(plain, len, kinds[i / ARRAY_LEN(lens)], (uint32_t)i);
		for (size_t k = 0; k < ARRAY_LEN(strategies); k++)
			check_round_trip((struct span){ plain, len }, level,
					 strategies[k]);
	}
	free(plain);
}

static void
deflate_that_is_cut_off_is_damaged(void **state)
{
	enum { PLAIN_BYTES = 3000 };
	uint8_t plain[PLAIN_BYTES];
	uint8_t packed[2 * PLAIN_BYTES];

	(void)state;
	fill(plain, sizeof(plain), 0, 7);
	const size_t len =
		deflate_by_zlib((struct span){ plain, sizeof(plain) }, 6,
				Z_DEFAULT_STRATEGY, packed, sizeof(packed));

	for (size_t i = 0; i < len; i++) {
		struct spending spending = { .limit_bytes = UINT64_MAX };
		uint8_t *exact = malloc(i + 1);
		struct sbuf out;
		size_t used = 0;

		assert_non_null(exact);
		memcpy(exact, packed, i);
		assert_int_equal(unpack(INFLATE_DEFLATE,
					(struct span){ exact, i }, &spending,
					&out, &used),
				 ST_FORMAT);
		assert_true(used <= i);
		/* What came before is right. */
		assert_true(out.len_bytes <= sizeof(plain));
		assert_memory_equal(out.bytes, plain, out.len_bytes);
		sbuf_done(&out);
		free(exact);
	}
}

/* Codes of many bytes and no content: the budget hears of what is read. */
static void
empty_blocks_are_spent(void **state)
{
	enum { BLOCKS = 100000 };
	uint8_t *packed = calloc(BLOCKS, 5);
	struct spending spending = { .limit_bytes = UINT64_MAX };
	struct sbuf out;
	size_t used = 0;

	(void)state;
	assert_non_null(packed);
	for (size_t i = 0; i < BLOCKS; i++)
		packed[5 * i + 3] = packed[5 * i + 4] = 0xFF;
	assert_int_equal(unpack(INFLATE_DEFLATE,
				(struct span){ packed, 5 * BLOCKS }, &spending,
				&out, &used),
			 ST_FORMAT);
	assert_true(spending.calls >= 5 * BLOCKS / 65536);
	assert_true(spending.packed_bytes >= 5 * BLOCKS);
	sbuf_done(&out);
	free(packed);
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
		cmocka_unit_test(what_zlib_packs_comes_out_right),
		cmocka_unit_test(deflate_that_is_cut_off_is_damaged),
		cmocka_unit_test(empty_blocks_are_spent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
