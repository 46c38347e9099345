/* Tests of the reader of office packages. */
#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

static void
has(const struct sink *sink, const char *part)
{
	if (!recording_sink_has(sink, part))
		fail_msg("not in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

/* Read the sample at path after checking that it is claimed. */
static void
read_sample(struct sink *sink, const char *path)
{
	static const struct child attached = { .name = "",
					       .content_type = "",
					       .charset = "",
					       .attachment = true };
	struct sbuf file;
	struct err err = { 0 };

	sbuf_init(&file, SIZE_MAX / 2);
	sample_read(path, &file);
	assert_int_equal(reader_xlsx.sniff(sbuf_span(&file), &attached),
			 SNIFF_CERTAIN);
	assert_int_equal(reader_zip.sniff(sbuf_span(&file), &attached),
			 SNIFF_NO);
	recording_sink_init(sink);
	check_status(ST_OK,
		     recording_sink_read(sink, &reader_xlsx, sbuf_span(&file),
					 &attached, &err),
		     &err);
	sbuf_done(&file);
}

static void
a_workbook_of_openpyxl_is_read(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "xlsx/openpyxl.xlsx");
	has(&sink, "cell 名簿 1 2: 個人番号\n");
	has(&sink, "number 名簿 2 2: 123456789018\n");
	has(&sink, "cell 名簿 3 2: 6214-9832-0257\n");
	has(&sink, "控え 3729 6774 2338");
	assert_int_equal(sink.opaques, 0);
	assert_int_equal(sink.ambiguities, 0);
	recording_sink_done(&sink);
}

static void
all_kinds_of_cells_are_read(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "xlsx/poi_like.xlsx");
	has(&sink, "cell 一覧 1 2: 個人番号\n");
	has(&sink, "cell 一覧 2 2: 123456789018\n");
	has(&sink, "number 一覧 3 2: 3.72967742338E11\n");
	has(&sink, "cell 一覧 4 2: 292175895982\n");
	has(&sink, "cell 一覧 5 2: 873321641958\n");
	has(&sink, "text element phonetic: コジン");
	has(&sink, "text element unused strings: unused 621498320257");
	has(&sink, "頁 &P");
	has(&sink, "\"xl/media/image1.png\"  attachment 10 bytes");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
a_doctype_is_damage_and_the_text_is_swept(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "xlsx/doctype.xlsx");
	has(&sink, "opaque damaged: xml: doctype");
	has(&sink, "gap: <?xml version=\"1.0\"?><!DOCTYPE");
	has(&sink, "number 一覧 3 2: 3.72967742338E11\n");
	recording_sink_done(&sink);
}

static void
broken_xml_is_damage_and_the_text_is_swept(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "xlsx/broken.xlsx");
	has(&sink, "opaque damaged: xml: ");
	has(&sink, "gap: <?xml");
	/* The strings that no cell asked for are given. */
	has(&sink, "123456789018");
	recording_sink_done(&sink);
}

static void
other_documents_are_opaque_after_a_sweep(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "xlsx/document.docx");
	has(&sink, "個人番号 123456789018\n次\n");
	has(&sink, "opaque unknown-container: office document");
	recording_sink_done(&sink);
}

static void
every_byte_may_be_wrong(void **state)
{
	static const struct child attached = { .name = "",
					       .content_type = "",
					       .charset = "",
					       .attachment = true };
	struct sbuf file;

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("xlsx/poi_like.xlsx", &file);
	for (size_t i = 0; i < file.len_bytes; i++) {
		struct sink sink;
		struct err err = { 0 };
		enum status st = ST_OK;

		file.bytes[i] ^= 0xA5;
		recording_sink_init(&sink);
		st = recording_sink_read(&sink, &reader_xlsx, sbuf_span(&file),
					 &attached, &err);
		if (st != ST_OK && st != ST_FORMAT)
			check_status(ST_OK, st, &err);
		recording_sink_done(&sink);
		file.bytes[i] ^= 0xA5;
	}
	sbuf_done(&file);
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
		cmocka_unit_test(a_workbook_of_openpyxl_is_read),
		cmocka_unit_test(all_kinds_of_cells_are_read),
		cmocka_unit_test(a_doctype_is_damage_and_the_text_is_swept),
		cmocka_unit_test(broken_xml_is_damage_and_the_text_is_swept),
		cmocka_unit_test(other_documents_are_opaque_after_a_sweep),
		cmocka_unit_test(every_byte_may_be_wrong),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
