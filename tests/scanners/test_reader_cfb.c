/* Tests of the reader of compound files. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/ovba.h"
#include "tests/harness/check.h"
#include "tests/scanners/numbers_made.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

enum { SECTOR_BYTES = 512, ENTRY_BYTES = 128 };

static const struct child none = { .name = "",
				   .content_type = "",
				   .charset = "" };

static bool
record_has(const struct sink *sink, const void *part, size_t len)
{
	return memmem(sink->record.bytes, sink->record.len_bytes, part, len) !=
	       NULL;
}

static void
has(const struct sink *sink, const char *part)
{
	if (!recording_sink_has(sink, part))
		fail_msg("not in the record: %s", part);
}

/* The number of a series (tests/data/make_cfb.py) in any of the usual sets,
 * whole. */
static bool
has_number(const struct sink *sink, uint64_t serial)
{
	char text[NUMBER_MADE_BYTES];
	char wide[2 * NUMBER_MADE_BYTES] = { 0 };

	number_made((serial * 7919 + 10000019) * 977 % 100000000000, true,
		    text);
	for (size_t i = 0; i < 12; i++)
		wide[2 * i + 1] = text[i];
	/* From the second byte on it is the other byte order. */
	return record_has(sink, text, 12) || record_has(sink, wide, 24) ||
	       record_has(sink, wide + 1, 24);
}

static void
has_series(const struct sink *sink, uint64_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (!has_number(sink, first + i))
			fail_msg("number %llu is not in the record",
				 (unsigned long long)(first + i));
}

static void
load(const char *path, struct sbuf *file)
{
	sbuf_init(file, SIZE_MAX / 2);
	sample_read(path, file);
}

/* Read file, which is then given back. */
static void
read_file(struct sink *sink, struct sbuf *file, enum status expected)
{
	struct err err = { 0 };

	recording_sink_init(sink);
	assert_int_equal(reader_cfb.sniff(sbuf_span(file), &none),
			 SNIFF_CERTAIN);
	check_status(expected,
		     recording_sink_read(sink, &reader_cfb, sbuf_span(file),
					 &none, &err),
		     &err);
	if (!parse_is_utf8(sbuf_span(&sink->utf8)))
		fail_msg("not UTF-8");
	sbuf_done(file);
}

static void
read_sample(struct sink *sink, const char *path, const char *type)
{
	struct sbuf file;

	load(path, &file);
	assert_string_equal(reader_cfb.type(sbuf_span(&file)), type);
	read_file(sink, &file, ST_OK);
}

static void
a_vba_project_is_read_in_full(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "cfb/vbaProject.bin", "cfb");
	has(&sink, "child text/plain \"Module1.bas\" cp932 attachment ");
	has(&sink, "Attribute VB_Name = \"Module1\"\r\n");
	has_series(&sink, 5000, 1); /* at the start of a source, packed */
	has_series(&sink, 5001, 1); /* at its end, in the second chunk */
	has_series(&sink, 5002, 7); /* code, list, project, form */
	assert_int_equal(sink.opaques, 0);
	assert_int_equal(sink.ambiguities, 0);
	recording_sink_done(&sink);
}

static void
files_within_are_children_with_their_names(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "cfb/oleObject.bin", "cfb");
	has(&sink, "child  \"名簿.csv\"  attachment 38 bytes: ");
	has_series(&sink, 5020, 1);
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
	read_sample(&sink, "cfb/package.bin", "cfb");
	has(&sink, "child  \"Package\"  attachment 162 bytes: PK\3\4");
	has(&sink, "child  \"CONTENTS\"  attachment 4800 bytes: 氏名,");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
properties_have_the_names_that_users_gave_them(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "cfb/macros.doc", "doc");
	has_series(&sink, 5010, 7);
	has(&sink, "element 1 property: 題 ");
	has(&sink, "element 1 property: 著者 ");
	has(&sink, "element 1 個人番号: 485549127820\n");
	has(&sink, "element 1 控え: 485626496451\n");
	has(&sink, "child text/plain \"Module1.bas\" cp932");
	has(&sink, "child  \"添付.txt\"  attachment 12 bytes");
	has(&sink, "opaque unknown-container: doc\n");
	assert_int_equal(sink.opaques, 1);
	recording_sink_done(&sink);
}

static void
what_is_not_read_is_named_and_swept(void **state)
{
	static const char *const samples[][2] = {
		{ "cfb/text.doc", "doc" },
		{ "cfb/sheet.xls", "xls" },
		{ "cfb/slides.ppt", "ppt" },
	};
	struct sink sink;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		char opaque[60];

		(void)snprintf(opaque, sizeof(opaque),
			       "opaque unknown-container: %s\n", samples[i][1]);
		read_sample(&sink, samples[i][0], samples[i][1]);
		has(&sink, opaque);
		has_series(&sink, 5040 + i, 1);
		assert_int_equal(sink.opaques, 1);
		recording_sink_done(&sink);
	}
	read_sample(&sink, "cfb/item.msg", "msg");
	has(&sink, "opaque unknown-container: msg\n");
	has_series(&sink, 5022, 2);
	recording_sink_done(&sink);
}

static void
a_number_on_the_border_of_sectors_is_whole(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "cfb/ichitaro.jtd", "jtd");
	has(&sink, "opaque unknown-container: jtd\n");
	has_series(&sink, 5024, 1);
	recording_sink_done(&sink);
}

static void
an_unknown_program_s_file_is_opaque(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "cfb/unknown.bin", "cfb");
	has(&sink, "child  \"Contents of another program\"  attachment 5120");
	has(&sink, "opaque unknown-container: compound document\n");
	recording_sink_done(&sink);
}

static void
encrypted_documents_say_how(void **state)
{
	static const char *const samples[][2] = {
		{ "cfb/agile.xlsx", "locked by ooxml: agile 0 bytes" },
		{ "cfb/standard.docx", "locked by ooxml: standard 0 bytes" },
		{ "cfb/extensible.pptx",
		  "locked by ooxml: extensible 0 bytes" },
	};
	struct sink sink;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		read_sample(&sink, samples[i][0], "cfb");
		has(&sink, "child  \"EncryptedPackage\"  attachment ");
		has(&sink, samples[i][1]);
		assert_int_equal(sink.children, 1);
		assert_int_equal(sink.opaques, 0);
		recording_sink_done(&sink);
	}
	read_sample(&sink, "cfb/locked.xls", "xls");
	has(&sink, "opaque locked: xls: encrypted\n");
	has(&sink, "opaque unknown-container: xls\n");
	recording_sink_done(&sink);
}

static void
what_belongs_to_nobody_is_swept(void **state)
{
	struct sink sink;

	(void)state;
	/* Behind a stream in its last sector, in a sector that is free, in an
	 * entry that is not in use; the table is listed outside of the header.
	 */
	read_sample(&sink, "cfb/leftovers.bin", "cfb");
	has_series(&sink, 5030, 3);
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static uint32_t
get(const struct sbuf *file, size_t at, size_t len)
{
	uint32_t value = 0;

	assert_true(span_read_le(sbuf_span(file), at, len, &value));
	return value;
}

static void
put(struct sbuf *file, size_t at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		file->bytes[at + i] = (uint8_t)(value >> (8 * i));
}

/* Where number stands in the table of sectors. */
static size_t
fat_at(const struct sbuf *file, uint32_t number)
{
	return (size_t)(get(file, 76, 4) + 1) * SECTOR_BYTES +
	       (size_t)number * 4;
}

/* Where the entry of the directory stands (of the first sector). */
static size_t
entry_at(const struct sbuf *file, size_t index)
{
	return (size_t)(get(file, 48, 4) + 1) * SECTOR_BYTES +
	       index * ENTRY_BYTES;
}

static void
damage_is_said(void **state)
{
	struct sbuf file;
	struct sink sink;

	(void)state;
	load("cfb/ichitaro.jtd", &file); /* entry 1 is DocumentText */
	put(&file, fat_at(&file, get(&file, entry_at(&file, 1) + 116, 4)),
	    get(&file, entry_at(&file, 1) + 116, 4));
	read_file(&sink, &file, ST_OK);
	has(&sink, "opaque damaged: cfb: a chain in a circle\n");
	recording_sink_done(&sink);

	load("cfb/ichitaro.jtd", &file);
	put(&file, fat_at(&file, get(&file, entry_at(&file, 1) + 116, 4)),
	    0x00FFFFFF);
	read_file(&sink, &file, ST_OK);
	has(&sink, "opaque damaged: cfb: a chain leaves the file\n");
	recording_sink_done(&sink);

	load("cfb/ichitaro.jtd", &file); /* the directory as a stream */
	put(&file, entry_at(&file, 1) + 116, get(&file, 48, 4));
	read_file(&sink, &file, ST_OK);
	has(&sink, "opaque damaged: cfb: chains that cross\n");
	has_series(&sink, 5024, 0);
	recording_sink_done(&sink);

	load("cfb/ichitaro.jtd", &file); /* the directory in a circle */
	put(&file, fat_at(&file, get(&file, 48, 4)), get(&file, 48, 4));
	read_file(&sink, &file, ST_OK);
	has(&sink, "opaque damaged: cfb: a chain in a circle\n");
	recording_sink_done(&sink);

	load("cfb/ichitaro.jtd", &file); /* longer than its chain */
	put(&file, entry_at(&file, 1) + 120, 1000000);
	read_file(&sink, &file, ST_OK);
	has(&sink, "opaque damaged: cfb: a stream is cut off\n");
	has_series(&sink, 5024, 1);
	recording_sink_done(&sink);

	load("cfb/item.msg", &file); /* a stream that is its own neighbour */
	put(&file, entry_at(&file, 1) + 72, 1);
	read_file(&sink, &file, ST_OK);
	has(&sink, "opaque damaged: cfb: the tree of names\n");
	has(&sink, "ambiguous: cfb: entries outside of the tree\n");
	has_series(&sink, 5022, 2);
	recording_sink_done(&sink);

	load("cfb/ichitaro.jtd", &file);
	file.bytes[30] = 31; /* sectors of 2 GiB */
	read_file(&sink, &file, ST_FORMAT);
	recording_sink_done(&sink);
}

static void
a_shorter_stream_leaves_a_rest(void **state)
{
	struct sbuf file;
	struct sink sink;

	(void)state;
	load("cfb/ichitaro.jtd", &file);
	put(&file, entry_at(&file, 1) + 120, 4096);
	read_file(&sink, &file, ST_OK);
	has_series(&sink, 5024, 1);
	recording_sink_done(&sink);
	load("cfb/ichitaro.jtd", &file); /* not even its start is known */
	put(&file, entry_at(&file, 1) + 120, 0);
	read_file(&sink, &file, ST_OK);
	/* Its sectors lie from last to first: the number is torn. */
	has(&sink, "SsmgV.01");
	recording_sink_done(&sink);
}

static void
no_prefix_is_clean(void **state)
{
	enum { CUTS = 97 };
	static const char *const paths[] = {
		"cfb/vbaProject.bin", "cfb/oleObject.bin", "cfb/package.bin",
		"cfb/macros.doc", "cfb/agile.xlsx"
	};
	struct sbuf file;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		load(paths[i], &file);
		for (size_t cut = 1; cut < CUTS; cut++) {
			const struct span head = {
				file.bytes, file.len_bytes * cut / CUTS
			};
			struct sink sink;
			struct err err = { 0 };

			if (reader_cfb.sniff(head, &none) == SNIFF_NO)
				continue;
			recording_sink_init(&sink);
			const enum status st = recording_sink_read(
				&sink, &reader_cfb, head, &none, &err);

			if (st != ST_FORMAT && sink.opaques == 0)
				fail_msg("%s cut at %zu is clean", paths[i],
					 head.len_bytes);
			recording_sink_done(&sink);
		}
		sbuf_done(&file);
	}
}

static void
bytes_may_be_wrong(void **state)
{
	static const char *const paths[] = { "cfb/vbaProject.bin",
					     "cfb/macros.doc",
					     "cfb/leftovers.bin" };
	struct sbuf file;

	(void)state;
	for (size_t path = 0; path < ARRAY_LEN(paths); path++) {
		load(paths[path], &file);
		for (size_t i = 8; i < file.len_bytes; i += 3) {
			struct sink sink;
			struct err err = { 0 };

			file.bytes[i] ^= 0xFF;
			recording_sink_init(&sink);
			const enum status st = recording_sink_read(
				&sink, &reader_cfb, sbuf_span(&file), &none,
				&err);

			if (st != ST_OK && st != ST_FORMAT)
				check_status(ST_OK, st, &err);
			recording_sink_done(&sink);
			file.bytes[i] ^= 0xFF;
		}
		sbuf_done(&file);
	}
}

static void
what_is_unpacked_is_spent(void **state)
{
	struct sbuf file;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	load("cfb/vbaProject.bin", &file);
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 5000;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_cfb, sbuf_span(&file),
					 &none, &err),
		     &err);
	recording_sink_done(&sink);
	sbuf_done(&file);
}

/* The examples of [MS-OVBA] 3.2, and what is wrong with others. */
static void
containers_are_unpacked(void **state)
{
	static const uint8_t plain[] = { 0x01, 0x19, 0xB0, 0x00, 0x61, 0x62,
					 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
					 0x00, 0x69, 0x6A, 0x6B, 0x6C, 0x6D,
					 0x6E, 0x6F, 0x70, 0x00, 0x71, 0x72,
					 0x73, 0x74, 0x75, 0x76, 0x2E };
	static const uint8_t usual[] = {
		0x01, 0x2F, 0xB0, 0x00, 0x23, 0x61, 0x61, 0x61, 0x62,
		0x63, 0x64, 0x65, 0x82, 0x66, 0x00, 0x70, 0x61, 0x67,
		0x68, 0x69, 0x6A, 0x01, 0x38, 0x08, 0x61, 0x6B, 0x6C,
		0x00, 0x30, 0x6D, 0x6E, 0x6F, 0x70, 0x06, 0x71, 0x02,
		0x70, 0x04, 0x10, 0x72, 0x73, 0x74, 0x75, 0x76, 0x10,
		0x77, 0x78, 0x79, 0x7A, 0x00, 0x3C
	};
	static const uint8_t most[] = {
		0x01, 0x03, 0xB0, 0x02, 0x61, 0x45, 0x00
	};
	static const uint8_t wild[] = {
		0x01, 0x03, 0xB0, 0x02, 0x61, 0x45, 0xF0
	};
	struct sbuf out;
	bool whole = false;

	(void)state;
	sbuf_init(&out, SIZE_MAX / 2);
	assert_int_equal(ovba_unpack((struct span){ plain, sizeof(plain) },
				     &out, &whole),
			 sizeof(plain));
	assert_string_equal(sbuf_text(&out), "abcdefghijklmnopqrstuv.");
	assert_true(whole);
	sbuf_clear(&out);
	assert_int_equal(ovba_unpack((struct span){ usual, sizeof(usual) },
				     &out, &whole),
			 sizeof(usual));
	assert_string_equal(sbuf_text(&out),
			    "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstu"
			    "vwxyzaaa");
	assert_true(whole);
	sbuf_clear(&out);
	(void)ovba_unpack((struct span){ most, sizeof(most) }, &out, &whole);
	assert_int_equal(out.len_bytes, 73);
	assert_true(whole);
	sbuf_clear(&out);
	(void)ovba_unpack((struct span){ wild, sizeof(wild) }, &out, &whole);
	assert_false(whole);
	sbuf_clear(&out);
	(void)ovba_unpack((struct span){ plain, 20 }, &out, &whole);
	assert_false(whole);
	assert_int_equal(
		ovba_unpack((struct span){ plain + 1, 20 }, &out, &whole), 0);
	sbuf_done(&out);
}

static int
prepare(void **state)
{
	struct err err = { 0 };

	(void)state;
	return reader_prepare(&err) == ST_OK ? 0 : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vba_project_is_read_in_full),
		cmocka_unit_test(files_within_are_children_with_their_names),
		cmocka_unit_test(
			properties_have_the_names_that_users_gave_them),
		cmocka_unit_test(what_is_not_read_is_named_and_swept),
		cmocka_unit_test(a_number_on_the_border_of_sectors_is_whole),
		cmocka_unit_test(an_unknown_program_s_file_is_opaque),
		cmocka_unit_test(encrypted_documents_say_how),
		cmocka_unit_test(what_belongs_to_nobody_is_swept),
		cmocka_unit_test(damage_is_said),
		cmocka_unit_test(a_shorter_stream_leaves_a_rest),
		cmocka_unit_test(no_prefix_is_clean),
		cmocka_unit_test(bytes_may_be_wrong),
		cmocka_unit_test(what_is_unpacked_is_spent),
		cmocka_unit_test(containers_are_unpacked),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
