/* Tests of the zip reader: samples of other programs, and archives that two
 * readers understand differently. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/zip_walk.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

static const struct child attached = {
	.name = "a.zip", .content_type = "", .charset = "", .attachment = true
};

static void
has(const struct sink *sink, const char *part)
{
	if (!recording_sink_has(sink, part))
		fail_msg("not in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

static enum status
read_zip(struct sink *sink, struct span bytes)
{
	struct err err = { 0 };

	recording_sink_init(sink);
	return recording_sink_read(sink, &reader_zip, bytes, &attached, &err);
}

static void
samples_of_other_programs_are_read(void **state)
{
	static const struct {
		const char *path;
		const char *want;
		size_t children;
		size_t opaques;
	} cases[] = {
		{ "zip/infozip.zip", "\"list.csv\"  attachment 1", 1, 0 },
		{ "zip/7zip_deflate.zip", "\"list.csv\"", 1, 0 },
		{ "zip/7zip_bzip2.zip", "123456789018", 1, 0 },
		{ "zip/7zip_lzma.zip", "123456789018", 1, 0 },
		{ "zip/7zip_ppmd.zip", "123456789018", 1, 0 },
		{ "zip/7zip_deflate64.zip", "123456789018", 1, 0 },
		{ "zip/zipcrypto.zip",
		  "\"list.csv\"  attachment locked by zip: ZipCrypto 0", 1,
		  0 },
		{ "zip/aes.zip", "attachment locked by zip: AES-256 0", 1, 0 },
		{ "archive/method_zstd.zip", "372967742338", 2, 0 },
		{ "archive/method_xz.zip", "372967742338", 2, 0 },
		{ "archive/method_implode.zip",
		  "opaque unknown-container: zip: method implode (6)", 1, 1 },
		{ "archive/aes128.zip", "locked by zip: AES-128 0", 1, 0 },
		{ "archive/aes192.zip", "locked by zip: AES-192 0", 1, 0 },
		{ "archive/strong.zip", "locked by zip: strong encryption 0", 1,
		  0 },
		{ "archive/partly_locked.zip", "locked by zip: ZipCrypto 0", 2,
		  0 },
		{ "archive/partly_locked.zip", "372967742338", 2, 0 },
		{ "zip/python_names.zip", "\"名簿.csv\"", 1, 0 },
		{ "zip/cp932_name.zip", "\"名簿.csv\"", 1, 0 },
		{ "zip/streamed.zip", "123456789018", 2, 0 },
		{ "zip/zip64.zip", "123456789018", 1, 0 },
		{ "zip/self_extracting.zip", "123456789018", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sbuf file;
		struct sink sink;
		struct err err = { 0 };

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(cases[i].path, &file);
		check_status(ST_OK, read_zip(&sink, sbuf_span(&file)), &err);
		has(&sink, cases[i].want);
		if (sink.ambiguities > 0 ||
		    sink.children != cases[i].children ||
		    sink.opaques != cases[i].opaques)
			fail_msg("%s:\n%s", cases[i].path,
				 sbuf_text(&sink.record));
		recording_sink_done(&sink);
		sbuf_done(&file);
	}
}

static void
a_directory_that_is_encrypted_is_locked(void **state)
{
	struct sbuf file;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("archive/masked.zip", &file);
	check_status(ST_OK, read_zip(&sink, sbuf_span(&file)), &err);
	has(&sink, "locked by zip: encrypted directory 0");
	assert_true(sink.ambiguities > 0);
	recording_sink_done(&sink);
	sbuf_done(&file);
}

static void
every_prefix_of_an_archive_ends_properly(void **state)
{
	struct sbuf file;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("zip/streamed.zip", &file);
	for (size_t len = 0; len < file.len_bytes; len++) {
		struct sink sink;
		const enum status st =
			read_zip(&sink, (struct span){ file.bytes, len });

		if (st != ST_OK && st != ST_FORMAT)
			check_status(ST_OK, st, &err);
		/* What is cut off never looks whole. */
		if (st == ST_OK && sink.opaques + sink.ambiguities == 0)
			fail_msg("prefix of %zu:\n%s", len,
				 sbuf_text(&sink.record));
		recording_sink_done(&sink);
	}
	sbuf_done(&file);
}

/* One stored member of a made archive. */
struct made {
	const char *name;
	const char *data;
	const char *central_name; /* NULL: the same */
	bool unlisted;
	uint16_t central_method;
	uint16_t local_flags;
};

static void
put(struct sbuf *out, uint64_t value, size_t len_bytes)
{
	for (size_t i = 0; i < len_bytes; i++)
		sbuf_add_byte(out, i < 8 ? (uint8_t)(value >> (8 * i)) : 0);
}

static uint32_t
crc_of(const char *data)
{
	uint32_t crc = 0xFFFFFFFF;

	for (; *data != '\0'; data++) {
		crc ^= (uint8_t)*data;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
	}
	return ~crc;
}

/* Flags, method, time, date, crc, sizes, name length, extra length. */
static void
put_common(struct sbuf *out, uint16_t flags, uint16_t method,
	   const struct made *made, const char *name)
{
	put(out, 20, 2);
	put(out, flags, 2);
	put(out, method, 2);
	put(out, 0x21, 4);
	put(out, crc_of(made->data), 4);
	put(out, strlen(made->data), 4);
	put(out, strlen(made->data), 4);
	put(out, strlen(name), 2);
	put(out, 0, 2);
}

static void
make_zip(const struct made *made, size_t count, struct sbuf *out)
{
	size_t at[8];
	size_t listed = 0;
	const size_t base = out->len_bytes;

	for (size_t i = 0; i < count; i++) {
		at[i] = out->len_bytes - base;
		put(out, 0x04034b50, 4);
		put_common(out, made[i].local_flags, 0, &made[i], made[i].name);
		sbuf_add_text(out, made[i].name);
		sbuf_add_text(out, made[i].data);
	}
	const size_t directory_at = out->len_bytes - base;

	for (size_t i = 0; i < count; i++) {
		const char *name = made[i].central_name != NULL
					   ? made[i].central_name
					   : made[i].name;

		if (made[i].unlisted)
			continue;
		listed++;
		put(out, 0x02014b50, 4);
		put(out, 20, 2);
		put_common(out, 0, made[i].central_method, &made[i], name);
		put(out, 0, 2 + 2 + 2 + 4);
		put(out, at[i], 4);
		sbuf_add_text(out, name);
	}
	const size_t end_at = out->len_bytes - base;

	put(out, 0x06054b50, 4);
	put(out, 0, 4);
	put(out, listed, 2);
	put(out, listed, 2);
	put(out, end_at - directory_at, 4);
	put(out, directory_at, 4);
	put(out, 0, 2);
}

struct mismatch {
	struct made made[2];
	const char *want;     /* ambiguity */
	const char *want_too; /* NULL or what must be read nevertheless */
};

static void
archives_with_two_meanings_are_read_in_both(void **state)
{
	static const struct mismatch cases[] = {
		{ { { .name = "a", .data = "one" },
		    { .name = "b", .data = "hidden", .unlisted = true } },
		  "ambiguous: zip: an entry that is not listed",
		  "\"b\"  attachment 6 bytes: hidden" },
		{ { { .name = "a", .data = "one" },
		    { .name = "b.exe",
		      .data = "two",
		      .central_name = "b.txt" } },
		  "ambiguous: zip: names of an entry",
		  "text name: b.exe" },
		{ { { .name = "a", .data = "one" },
		    { .name = "b", .data = "two", .central_method = 8 } },
		  "ambiguous: zip: methods of an entry",
		  ": two" },
		{ { { .name = "a", .data = "one" },
		    { .name = "b", .data = "two", .local_flags = 1 } },
		  "ambiguous: zip: flags of an entry",
		  ": two" },
		{ { { .name = "a", .data = "one" },
		    { .name = "b/", .data = "two" } },
		  "ambiguous: zip: a folder with content",
		  "two" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sbuf zip;
		struct sink sink;
		struct err err = { 0 };

		sbuf_init(&zip, SIZE_MAX / 2);
		make_zip(cases[i].made, 2, &zip);
		check_status(ST_OK, read_zip(&sink, sbuf_span(&zip)), &err);
		has(&sink, cases[i].want);
		has(&sink, "one");
		if (cases[i].want_too != NULL)
			has(&sink, cases[i].want_too);
		recording_sink_done(&sink);
		sbuf_done(&zip);
	}
}

static void
a_made_archive_that_fits_is_not_ambiguous(void **state)
{
	static const struct made made[] = { { .name = "a", .data = "one" },
					    { .name = "b", .data = "two" } };
	struct sbuf zip;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&zip, SIZE_MAX / 2);
	make_zip(made, 2, &zip);
	check_status(ST_OK, read_zip(&sink, sbuf_span(&zip)), &err);
	assert_int_equal(sink.ambiguities, 0);
	assert_int_equal(sink.opaques, 0);
	assert_int_equal(sink.children, 2);
	recording_sink_done(&sink);
	sbuf_done(&zip);
}

static void
concatenated_archives_are_both_read(void **state)
{
	static const struct made first[] = { { .name = "a", .data = "one" } };
	static const struct made second[] = { { .name = "b", .data = "two" } };
	struct sbuf zip;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&zip, SIZE_MAX / 2);
	make_zip(first, 1, &zip);
	make_zip(second, 1, &zip);
	check_status(ST_OK, read_zip(&sink, sbuf_span(&zip)), &err);
	has(&sink, ": one");
	has(&sink, ": two");
	assert_true(sink.ambiguities > 0);
	recording_sink_done(&sink);
	sbuf_done(&zip);
}

/* Many entries over one local header: a small bomb. */
static void
entries_over_the_same_data_are_ambiguous(void **state)
{
	static const struct made made[] = { { .name = "a", .data = "one" } };
	struct sbuf zip;
	struct sbuf twice;
	struct sink sink;
	struct err err = { 0 };
	struct zip_end end;

	(void)state;
	sbuf_init(&zip, SIZE_MAX / 2);
	sbuf_init(&twice, SIZE_MAX / 2);
	make_zip(made, 1, &zip);
	assert_true(zip_find_end(sbuf_span(&zip), &end));
	const size_t entry = (size_t)end.directory_bytes;

	sbuf_add(&twice, zip.bytes, end.at);
	sbuf_add(&twice, zip.bytes + end.directory_at, entry);
	put(&twice, 0x06054b50, 4);
	put(&twice, 0, 4);
	put(&twice, 2, 2);
	put(&twice, 2, 2);
	put(&twice, entry * 2, 4);
	put(&twice, end.directory_at, 4);
	put(&twice, 0, 2);
	check_status(ST_OK, read_zip(&sink, sbuf_span(&twice)), &err);
	has(&sink, "ambiguous: zip: two entries for the same data");
	recording_sink_done(&sink);
	sbuf_done(&twice);
	sbuf_done(&zip);
}

static void
damaged_archives_say_so(void **state)
{
	struct sbuf file;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("zip/infozip.zip", &file);
	/* In the middle of the compressed data. */
	file.bytes[60] ^= 0x55;
	check_status(ST_OK, read_zip(&sink, sbuf_span(&file)), &err);
	has(&sink, "opaque damaged: zip: damaged member");
	recording_sink_done(&sink);
	sbuf_done(&file);
	check_status(ST_FORMAT, read_zip(&sink, span_of("no archive")), &err);
	recording_sink_done(&sink);
}

static void
a_budget_ends_the_inflating(void **state)
{
	struct sbuf file;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("zip/infozip.zip", &file);
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 100;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_zip, sbuf_span(&file),
					 &attached, &err),
		     &err);
	assert_int_equal(sink.children, 0);
	recording_sink_done(&sink);
	sbuf_done(&file);
}

static int
prepare(void **state)
{
	struct err err = { 0 };

	(void)state;
	return reader_prepare(&err) == ST_OK ? 0 : -1;
}

static void
comments_in_any_charset_are_read_as_text(void **state)
{
	static const struct made made = { .name = "a", .data = "one" };
	static const struct {
		const char *comment;
		const char *want; /* or NULL: the sweep has it */
	} cases[] = {
		/* CP932, full-width digits */
		{ "\x8c\xc2\x90\x6c\x94\xd4\x8d\x86\x81\x46"
		  "\x82\x50\x82\x51\x82\x52",
		  "個人番号：１２３" },
		{ "\x1b$B8D?MHV9f\x1b(B 123", "個人番号 123" },
		{ "個人番号 123", "個人番号 123" },
		{ "plain 123", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].comment);
		struct sink sink;
		struct sbuf file;
		struct err err = { 0 };

		sbuf_init(&file, SIZE_MAX / 2);
		make_zip(&made, 1, &file);
		sbuf_truncate(&file, file.len_bytes - 2);
		put(&file, len, 2);
		sbuf_add_text(&file, cases[i].comment);
		check_status(ST_OK, read_zip(&sink, sbuf_span(&file)), &err);
		assert_int_equal(sink.texts, cases[i].want == NULL ? 0 : 1);
		if (cases[i].want != NULL)
			has(&sink, cases[i].want);
		assert_int_equal(sink.opaques + sink.ambiguities, 0);
		recording_sink_done(&sink);
		sbuf_done(&file);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_of_other_programs_are_read),
		cmocka_unit_test(a_directory_that_is_encrypted_is_locked),
		cmocka_unit_test(every_prefix_of_an_archive_ends_properly),
		cmocka_unit_test(archives_with_two_meanings_are_read_in_both),
		cmocka_unit_test(a_made_archive_that_fits_is_not_ambiguous),
		cmocka_unit_test(concatenated_archives_are_both_read),
		cmocka_unit_test(entries_over_the_same_data_are_ambiguous),
		cmocka_unit_test(comments_in_any_charset_are_read_as_text),
		cmocka_unit_test(damaged_archives_say_so),
		cmocka_unit_test(a_budget_ends_the_inflating),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
