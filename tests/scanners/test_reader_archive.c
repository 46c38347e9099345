/* Archives and packed files of other programs (tests/data/make_archives.py),
 * whole and cut off. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/archive_kinds.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

static const struct child attached = {
	.name = "a.bin", .content_type = "", .charset = "", .attachment = true
};

struct sample {
	const char *path; /* below tests/data/archive */
	const char *type;
	size_t children;
};

/* Both files whole: one holds the first number, the other one the rest. */
static const struct sample whole[] = {
	{ "lzma2.7z", "7z", 2 },         { "lzma.7z", "7z", 2 },
	{ "ppmd.7z", "7z", 2 },          { "bzip2.7z", "7z", 2 },
	{ "stored.7z", "7z", 2 },        { "stored4.rar", "rar", 2 },
	{ "stored5.rar", "rar", 2 },     { "cp932.lzh", "lzh", 2 },
	{ "mszip.cab", "cab", 2 },       { "plain.tar", "tar", 2 },
	{ "old.tar", "tar", 2 },         { "pax.tar", "tar", 2 },
	{ "newc.cpio", "cpio", 2 },      { "odc.cpio", "cpio", 2 },
	{ "common.ar", "ar", 2 },        { "program.exe", "7z", 2 },
	{ "list.csv.gz", "gzip", 1 },    { "list.csv.bz2", "bzip2", 1 },
	{ "list.csv.xz", "xz", 1 },      { "list.csv.lzma", "lzma", 1 },
	{ "list.csv.zst", "zstd", 1 },   { "list.csv.lz", "lzip", 1 },
	{ "list.csv.Z", "compress", 1 }, { "list.csv.lz4", "lz4", 1 },
};

static int
set_locale(void **state)
{
	(void)state;
	/* As a worker does, for names. */
	return setlocale(LC_CTYPE, "C.UTF-8") == NULL;
}

static void
load(const char *name, struct sbuf *bytes)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "archive/%s", name);
	sbuf_init(bytes, 1 << 20);
	sample_read(path, bytes);
}

static enum status
read_archive(struct sink *sink, struct span bytes)
{
	struct err err = { 0 };

	recording_sink_init(sink);
	return recording_sink_read(sink, &reader_archive, bytes, &attached,
				   &err);
}

/* All numbers that the samples hold. */
static bool
is_complete(const struct sink *sink)
{
	return recording_sink_has(sink, "372967742338") &&
	       recording_sink_has(sink, "292175895982");
}

static void
samples_of_other_programs_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		struct sink sink;

		load(whole[i].path, &bytes);
		assert_string_equal(reader_archive.type(sbuf_span(&bytes)),
				    whole[i].type);
		assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
		if (!is_complete(&sink) || sink.opaques != 0 ||
		    sink.children != whole[i].children ||
		    (sink.children == 2 &&
		     !recording_sink_has(&sink, "123456789018")))
			fail_msg("%s:\n%s", whole[i].path,
				 sbuf_text(&sink.record));
		recording_sink_done(&sink);
	}
}

static void
names_come_as_utf8(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct sink sink;

	(void)state;
	load("cp932.lzh", &bytes);
	assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
	assert_true(recording_sink_has(&sink, "\"手紙.txt\""));
	assert_true(recording_sink_has(&sink, "\"一覧.csv\""));
	recording_sink_done(&sink);
}

static void
a_packed_file_leads_to_what_is_in_it(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct sink sink;
	size_t at = 0;

	(void)state;
	load("joliet.iso.gz", &bytes);
	assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
	assert_string_equal(
		archive_kind_of(recording_sink_child(&sink, 0), &at)->name,
		"iso");
	recording_sink_done(&sink);
	sbuf_done(&bytes);
	load("gzipped.tar.gz", &bytes);
	assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
	assert_string_equal(
		archive_kind_of(recording_sink_child(&sink, 0), &at)->name,
		"tar");
	recording_sink_done(&sink);
}

static void
what_cannot_be_opened_has_a_name(void **state)
{
	static const struct {
		const char *path;
		const char *want;
	} cases[] = {
		{ "locked.7z", "\"letter.txt\"  attachment locked" },
		{ "locked_header.7z", "opaque locked: 7z: AES-256 with names" },
		{ "deflate64.7z",
		  "opaque unknown-container: 7z: unread method" },
		{ "locked5.rar", "opaque locked: rar: encrypted" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		struct sink sink;

		load(cases[i].path, &bytes);
		assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
		if (!recording_sink_has(&sink, cases[i].want))
			fail_msg("%s:\n%s", cases[i].path,
				 sbuf_text(&sink.record));
		recording_sink_done(&sink);
	}
}

/* At every byte: all of it, or a word that something is missing. */
static void
what_is_cut_off_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		AUTO(sbuf_done) struct sbuf bytes;

		load(whole[i].path, &bytes);
		for (size_t len = 8; len < bytes.len_bytes;
		     len += 1 + bytes.len_bytes / 97) {
			const struct span part = { bytes.bytes, len };
			struct sink sink;
			size_t at = 0;

			/* Between its members an ar archive has no mark, and
			 * a file of compress has none at all: what there is of
			 * it is read. */
			if (archive_kind_of(part, &at) == NULL ||
			    strcmp(whole[i].type, "compress") == 0 ||
			    (strcmp(whole[i].type, "ar") == 0 &&
			     (len == 8 || len == 120)))
				continue;
			if (read_archive(&sink, part) == ST_OK &&
			    sink.opaques == 0 && !is_complete(&sink))
				fail_msg("%s is silent after %zu bytes:\n%s",
					 whole[i].path, len,
					 sbuf_text(&sink.record));
			recording_sink_done(&sink);
		}
	}
}

/* A cabinet of one stored file whose data is damaged: asked for the next
 * member, libarchive 3.6 follows a pointer that it freed. */
static void
damage_anywhere_in_a_cabinet_ends_well(void **state)
{
	uint8_t bytes[] = {
		0x4D, 0x53, 0x43, 0x46, 0x00, 0x00, 0x00, 0x00, 0x64, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x2C, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x01, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x42, 0x00, 0x00, 0x00,
		0x14, 0x00, 0x00, 0x00, 0x1A, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x76, 0x5D, 0x38, 0x84, 0x20, 0x00,
		0x61, 0x2E, 0x74, 0x78, 0x74, 0x00, 0xC9, 0xDA, 0xCD, 0xF3,
		0x1A, 0x00, 0x1A, 0x00, 0xE5, 0x80, 0x8B, 0xE4, 0xBA, 0xBA,
		0xE7, 0x95, 0xAA, 0xE5, 0x8F, 0xB7, 0x20, 0x31, 0x32, 0x33,
		0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x30, 0x31, 0x38, 0x0A
	};
	const struct span all = { bytes, sizeof(bytes) };

	(void)state;
	for (size_t at = 0; at < sizeof(bytes); at++) {
		struct sink sink;

		bytes[at] ^= 1;
		NEGLECT(read_archive(&sink, all));
		recording_sink_done(&sink);
		bytes[at] ^= 1;
	}
}

/* gzip has a checksum and a length, which libarchive does not look at. */
static void
a_changed_bit_of_gzip_is_damage(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;
	size_t at = 10;

	(void)state;
	load("list.csv.gz", &bytes);
	/* Behind the name. */
	if ((bytes.bytes[3] & 8) != 0)
		at += strlen((const char *)bytes.bytes + at) + 1;
	for (; at < bytes.len_bytes; at++) {
		struct sink sink;

		bytes.bytes[at] ^= 4;
		assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
		if (sink.opaques == 0)
			fail_msg("silent when byte %zu is wrong", at);
		recording_sink_done(&sink);
		bytes.bytes[at] ^= 4;
	}
}

/* libarchive takes members that it does not understand for junk. */
static void
a_changed_number_of_cpio_is_damage(void **state)
{
	static const struct {
		const char *path;
		size_t from; /* digits of numbers */
		size_t to;
	} cases[] = { { "newc.cpio", 6, 14 },
		      { "newc.cpio", 54, 62 },
		      { "newc.cpio", 94, 102 },
		      { "odc.cpio", 59, 76 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(sbuf_done) struct sbuf bytes;

		load(cases[i].path, &bytes);
		for (size_t at = cases[i].from; at < cases[i].to; at++) {
			struct sink sink;

			bytes.bytes[at] ^= 0x15;
			assert_int_equal(read_archive(&sink, sbuf_span(&bytes)),
					 ST_OK);
			/* A name may be padded with the same. */
			if (sink.opaques == 0 && !is_complete(&sink))
				fail_msg("%s is silent: byte %zu",
					 cases[i].path, at);
			recording_sink_done(&sink);
			bytes.bytes[at] ^= 0x15;
		}
	}
}

/* As "cpio -o -H bin" writes, and a machine of the other byte order. */
static void
the_old_form_of_cpio_is_read(void **state)
{
	static const char text[] = "My Number 123456789018\n";
	static const struct {
		const char *name;
		size_t name_bytes;
		size_t size_bytes;
		const char *data;
	} members[] = { { "a.txt", 6, sizeof(text) - 1, text },
			{ "TRAILER!!!", 11, 0, "" } };

	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		uint8_t bytes[200] = { 0 };
		struct sink sink;
		size_t at = 0;

		for (size_t i = 0; i < ARRAY_LEN(members); i++) {
			bytes[at + big] = 0xC7;
			bytes[at + 1 - big] = 0x71;
			bytes[at + 6 + big] = 0xA4;
			bytes[at + 7 - big] = 0x81;
			bytes[at + 20 + big] = (uint8_t)members[i].name_bytes;
			bytes[at + 24 + big] = (uint8_t)members[i].size_bytes;
			memcpy(bytes + at + 26, members[i].name,
			       members[i].name_bytes);
			at += 26 + (members[i].name_bytes + 1) / 2 * 2;
			memcpy(bytes + at, members[i].data,
			       members[i].size_bytes);
			at += (members[i].size_bytes + 1) / 2 * 2;
		}
		assert_int_equal(
			read_archive(&sink, (struct span){ bytes, at }), ST_OK);
		assert_int_equal(sink.opaques, 0);
		assert_true(recording_sink_has(&sink, "123456789018"));
		recording_sink_done(&sink);
	}
}

/* What CMS and OpenPGP hold is unpacked here as well. */
static void
deflated_data_needs_no_signature(void **state)
{
	static const uint8_t packed[] = { 0x78, 0x9C, 0x33, 0x34, 0x32,
					  0x36, 0x31, 0x35, 0x33, 0xB7,
					  0xB0, 0x34, 0x30, 0xB4, 0x00,
					  0x00, 0x0F, 0xE2, 0x02, 0x77 };
	struct child hint = { .name = "",
			      .content_type = "application/zlib",
			      .charset = "" };
	struct err err = { 0 };

	(void)state;
	for (size_t cut = 0; cut <= sizeof(packed); cut++) {
		const struct span bytes = { packed, sizeof(packed) - cut };
		struct sink sink;

		recording_sink_init(&sink);
		if (recording_sink_read(&sink, &reader_archive, bytes, &hint,
					&err) == ST_OK &&
		    (sink.opaques == 0) != (cut == 0))
			fail_msg("%zu cut off:\n%s", cut,
				 sbuf_text(&sink.record));
		assert_true(cut > 0 ||
			    recording_sink_has(&sink, "123456789018"));
		recording_sink_done(&sink);
	}
}

/* libarchive takes two blocks of zeros for the end of an archive. */
static void
zeros_hide_nothing(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;
	const struct child hint = { .name = "",
				    .content_type = "",
				    .charset = "" };

	(void)state;
	load("zeros_first.tar", &bytes);
	assert_int_equal(reader_archive.sniff(sbuf_span(&bytes), &hint),
			 SNIFF_NO);
	sbuf_done(&bytes);
	load("plain.tar", &bytes);
	sbuf_add_text(&bytes, "個人番号 621498320257");
	struct sink sink;

	assert_int_equal(read_archive(&sink, sbuf_span(&bytes)), ST_OK);
	assert_true(recording_sink_has(&sink, "621498320257"));
	recording_sink_done(&sink);
}

static void
text_is_no_archive(void **state)
{
	static const char *const texts[] = {
		"",     "BZh is a letter combination", "LZIP is a program",
		"MSCF", "#mtree\nletter.txt\n",        "]  ",
		"Rar!",
	};
	const struct child hint = { .name = "",
				    .content_type = "",
				    .charset = "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(reader_archive.sniff(span_of(texts[i]), &hint),
				 SNIFF_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_of_other_programs_are_read),
		cmocka_unit_test(names_come_as_utf8),
		cmocka_unit_test(a_packed_file_leads_to_what_is_in_it),
		cmocka_unit_test(what_cannot_be_opened_has_a_name),
		cmocka_unit_test(what_is_cut_off_says_so),
		cmocka_unit_test(damage_anywhere_in_a_cabinet_ends_well),
		cmocka_unit_test(a_changed_bit_of_gzip_is_damage),
		cmocka_unit_test(a_changed_number_of_cpio_is_damage),
		cmocka_unit_test(the_old_form_of_cpio_is_read),
		cmocka_unit_test(deflated_data_needs_no_signature),
		cmocka_unit_test(zeros_hide_nothing),
		cmocka_unit_test(text_is_no_archive),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}
