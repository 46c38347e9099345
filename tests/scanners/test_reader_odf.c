/* Tests of the reader of OpenDocument. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/numbers_made.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

#define FLAT                                                                 \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document "      \
	"xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">" \
	"<office:body><office:text>"
#define FLAT_END "</office:text></office:body></office:document>"

static const struct child attached = {
	.name = "", .content_type = "", .charset = "", .attachment = true
};

static void
has(const struct sink *sink, const char *part)
{
	if (!recording_sink_has(sink, part))
		fail_msg("not in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

static void
has_not(const struct sink *sink, const char *part)
{
	if (recording_sink_has(sink, part))
		fail_msg("in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

/* As number() of tests/data/make_odf.py. */
static void
number_of(uint64_t serial, char text[NUMBER_MADE_BYTES])
{
	number_made((serial * 7919 + 10000019) * 977 % 100000000000, true,
		    text);
}

/* A number of the series as it stands, in groups, or a digit a cell. */
static bool
has_number(const struct sink *sink, uint64_t serial)
{
	char text[NUMBER_MADE_BYTES];
	char groups[NUMBER_MADE_BYTES + 2];
	struct span cells = sbuf_span(&sink->utf8);

	number_of(serial, text);
	(void)snprintf(groups, sizeof(groups), "%.4s %.4s %.4s", text, text + 4,
		       text + 8);
	return recording_sink_has(sink, text) ||
	       recording_sink_has(sink, groups) ||
	       memmem(cells.ptr, cells.len_bytes, text, 12) != NULL;
}

static void
has_series(const struct sink *sink, uint64_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (!has_number(sink, first + i))
			fail_msg("number %llu is not in the record\n%s",
				 (unsigned long long)(first + i),
				 sbuf_text(&sink->record));
}

static void
read_bytes(struct sink *sink, struct span bytes)
{
	struct err err = { 0 };

	assert_int_equal(reader_odf.sniff(bytes, &attached), SNIFF_CERTAIN);
	assert_int_equal(reader_zip.sniff(bytes, &attached), SNIFF_NO);
	assert_int_equal(reader_ooxml.sniff(bytes, &attached), SNIFF_NO);
	assert_int_equal(reader_xml.sniff(bytes, &attached), SNIFF_NO);
	recording_sink_init(sink);
	check_status(
		ST_OK,
		recording_sink_read(sink, &reader_odf, bytes, &attached, &err),
		&err);
	if (!parse_is_utf8(sbuf_span(&sink->utf8)))
		fail_msg("not UTF-8");
}

static void
read_sample(struct sink *sink, const char *path, const char *type)
{
	struct sbuf file;

	sbuf_init(&file, SIZE_MAX / 2);
	sample_read(path, &file);
	assert_string_equal(reader_odf.type(sbuf_span(&file)), type);
	read_bytes(sink, sbuf_span(&file));
	sbuf_done(&file);
}

static void
read_text(struct sink *sink, const char *body)
{
	struct sbuf file;

	sbuf_init(&file, SIZE_MAX / 2);
	sbuf_addf(&file, "%s%s%s", FLAT, body, FLAT_END);
	read_bytes(sink, sbuf_span(&file));
	sbuf_done(&file);
}

static void
every_place_of_a_text_is_read(void **state)
{
	static const char *const paths[][2] = {
		{ "odf/text.fodt", "odt" },
		{ "odf/written.fodt", "odt" },
		{ "odf/text.odt", "odt" },
		{ "odf/text.ott", "odt" },
	};
	struct sink sink;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		read_sample(&sink, paths[i][0], paths[i][1]);
		has_series(&sink, 1000, 15);
		/* LibreOffice writes no hidden text: number 1015. */
		has_series(&sink, 1016, 15);
		has_series(&sink, 1040, 4);
		has(&sink, "element 1 個人番号: 178395666723\n");
		has(&sink, "header: 頭");
		has(&sink, "footer: 足");
		has(&sink, "annotation: 注 ");
		has(&sink, "note: 脚注 ");
		if (i != 1) /* written again, the change is accepted */
			has(&sink, "tracked changes: 削除");
		has(&sink, "text box: 枠内");
		has(&sink, "PNG\r\n");
		assert_int_equal(sink.opaques, 0);
		assert_int_equal(sink.ambiguities, 0);
		recording_sink_done(&sink);
	}
	read_sample(&sink, "odf/text.fodt", "odt");
	has_series(&sink, 1015, 1);
	recording_sink_done(&sink);
}

static void
every_place_of_a_sheet_is_read(void **state)
{
	static const char *const paths[][2] = {
		{ "odf/sheet.fods", "ods" },
		{ "odf/sheet.ods", "ods" },
		{ "odf/sheet.ots", "ods" },
	};
	struct sink sink;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		read_sample(&sink, paths[i][0], paths[i][1]);
		/* LibreOffice leaves out rules and names of no cell: 2004 and
		 * 2013, and charts of values only: 2031. */
		has_series(&sink, 2000, 4);
		has_series(&sink, 2005, 8);
		has_series(&sink, 2014, 2);
		has_series(&sink, 2030, 1);
		has_series(&sink, 2040, 4);
		has(&sink, "cell 名簿 1 2: 個人番号\n");
		has(&sink, "number 名簿 2 2: 252437445639\n");
		has(&sink, "cell 名簿 3 2: 252514814260\n");
		has(&sink, "number 名簿 4 2: 252592182890\n");
		has(&sink, "number 隠し 1 2: ");
		has(&sink, "number 名簿 509 1: ");
		assert_int_equal(sink.opaques, 0);
		recording_sink_done(&sink);
	}
	read_sample(&sink, "odf/sheet.fods", "ods");
	has_series(&sink, 2004, 1);
	has_series(&sink, 2013, 1);
	has_series(&sink, 2031, 1);
	recording_sink_done(&sink);
}

static void
every_place_of_slides_and_drawings_is_read(void **state)
{
	static const char *const paths[][2] = {
		{ "odf/slides.fodp", "odp" }, { "odf/slides.odp", "odp" },
		{ "odf/slides.otp", "odp" },  { "odf/drawing.fodg", "odg" },
		{ "odf/drawing.odg", "odg" }, { "odf/drawing.otg", "odg" },
	};
	struct sink sink;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const uint64_t first = i < 3 ? 3000 : 4000;

		read_sample(&sink, paths[i][0], paths[i][1]);
		has_series(&sink, first, 1);
		has_series(&sink, first + (i < 3 ? 1 : 2), 1); /* notes */
		has_series(&sink, first + 2, 5);
		has_series(&sink, first + 20, 4);
		assert_int_equal(sink.opaques, 0);
		recording_sink_done(&sink);
	}
}

static void
what_is_encrypted_is_said_with_the_cipher(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "odf/locked.odt", "odt");
	has(&sink,
	    "child text/xml \"content.xml\"  attachment locked by odf: aes256-cbc 0 "
	    "bytes");
	has(&sink,
	    "child text/xml \"styles.xml\"  attachment locked by odf: aes256-cbc 0 "
	    "bytes");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
a_database_is_read_as_far_as_it_is_text(void **state)
{
	struct sink sink;

	(void)state;
	read_sample(&sink, "odf/tables.odb", "odf");
	has_series(&sink, 5050, 2);
	has(&sink, "child  \"database/script\"");
	has(&sink, "opaque unknown-container: odf: tables of a database\n");
	assert_int_equal(sink.opaques, 1);
	recording_sink_done(&sink);
}

static void
pieces_of_a_number_are_one(void **state)
{
	struct sink sink;

	(void)state;
	read_text(&sink, "<text:p>番号 <text:span>1234</text:span>5678"
			 "<text:bookmark-start text:name=\"x\"/><text:a><text:"
			 "span>9</text:span></text:a><![CDATA[01]]>&#x38;\n "
			 " 次<text:s text:c=\"3\"/>空<text:tab/>欄"
			 "<text:line-break/>行</text:p>");
	has(&sink, "text body 1: 番号 123456789018 次   空\t欄\n行\n");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
boxes_of_a_form_are_one_number(void **state)
{
	struct sbuf body;
	struct sink sink;

	(void)state;
	sbuf_init(&body, SIZE_MAX / 2);
	sbuf_add_text(&body, "<form:text form:name=\"年\" form:value=\"7\"/>");
	for (size_t i = 0; i < 12; i++)
		sbuf_addf(&body,
			  "<form:text form:name=\"個人番号 %zu\" form:value="
			  "\"\" form:current-value=\"%c\"/>",
			  i + 1, "123456789018"[i]);
	for (size_t i = 0; i < 3; i++)
		sbuf_addf(&body,
			  "<form:text form:name=\"no[%zu]\" form:value=\"%.4s"
			  "\"/>",
			  i, &"123456789018"[4 * i]);
	read_text(&sink, sbuf_text(&body));
	has(&sink, "element 1 form: \n年: 7\n個人番号: 1 2 3 4 5 6 7 8 9 0 1 8"
		   "\nno: 1234 5678 9018\n");
	recording_sink_done(&sink);
	sbuf_done(&body);
}

static void
a_note_within_a_number_does_not_part_it(void **state)
{
	struct sink sink;

	(void)state;
	read_text(&sink,
		  "<text:p>1234<text:note><text:note-citation>7"
		  "</text:note-citation><text:note-body><text:p>注<office:"
		  "annotation><text:p>注の注</text:p></office:annotation>"
		  "</text:p></text:note-body></text:note>56789018</text:p>");
	has(&sink, "annotation: 注の注\n");
	has(&sink, "note: 注\n");
	has(&sink, "body 3: 123456789018\n");
	recording_sink_done(&sink);
}

static void
repeated_cells_and_rows_are_given_with_a_bound(void **state)
{
	struct sink sink;

	(void)state;
	read_text(&sink,
		  "<table:table table:name=\"a&amp;b\"><table:table-row "
		  "table:number-rows-repeated=\"3\"><table:table-cell "
		  "table:number-columns-repeated=\"2\"><text:p>1</text:p>"
		  "</table:table-cell><table:table-cell office:value-type="
		  "\"float\" office:value=\"2\"/></table:table-row><table:"
		  "table-row table:number-rows-repeated=\"99999999999\"><table:"
		  "table-cell table:number-columns-repeated=\"88888888888\">"
		  "<text:p>末</text:p></table:table-cell></table:table-row>"
		  "</table:table>");
	has(&sink, "cell a&b 1 1: 1\ncell a&b 1 2: 1\nnumber a&b 1 3: 2\n"
		   "cell a&b 2 1: 1\n");
	has(&sink, "number a&b 3 3: 2\ncell a&b 4 1: 末\n");
	assert_int_equal(sink.cells, 9 + 12 * 12);
	recording_sink_done(&sink);
}

static void
what_a_cell_shows_besides_its_value_is_given(void **state)
{
	struct sink sink;

	(void)state;
	read_text(
		&sink,
		"<table:table table:name=\"t\"><table:table-row><table:table-"
		"cell office:value=\"1\"><text:p>123456789018</text:p></table:"
		"table-cell><table:table-cell office:value=\"1234.5\"><text:p>"
		"1,234.50</text:p></table:table-cell><table:table-cell office:"
		"value=\"0.66666\"><text:p>0.67</text:p></table:table-cell>"
		"<table:table-cell office:value=\"5\"><text:p>Code 5</text:p>"
		"</table:table-cell>"
		"<table:table-cell office:string-value=\"隠\"><text:p>表"
		"</text:p></table:table-cell></table:table-row></table:table>");
	has(&sink, "number t 1 1: 1\n");
	has(&sink, "number t 1 2: 1234.5\n");
	has(&sink, "cell t 1 5: 隠\n");
	has(&sink, "shown: 123456789018\tCode 5\t表\t\n");
	has_not(&sink, "0.67");
	recording_sink_done(&sink);
}

static void
texts_beside_a_table_do_not_tear_it_apart(void **state)
{
	struct sink sink;

	(void)state;
	read_text(
		&sink,
		"<table:table table:name=\"t\"><table:table-row><table:table-"
		"cell><office:annotation><text:p>脇</text:p></office:"
		"annotation><text:p>一</text:p><text:p>二</text:p></table:"
		"table-cell></table:table-row><table:table-row><table:table-"
		"cell><text:p>三</text:p></table:table-cell></table:table-row>"
		"</table:table>");
	has(&sink, "cell t 1 1: 一\n二\ncell t 2 1: 三\ntext element 1 "
		   "beside the table: 脇\n");
	recording_sink_done(&sink);
}

static void
a_doctype_with_a_subset_is_damage(void **state)
{
	static const char bomb[] =
		"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY n \"123456789018"
		"\">]><office:document xmlns:office=\"urn:oasis:names:tc:"
		"opendocument:xmlns:office:1.0\"><text:p>&n;</text:p></office:"
		"document>";
	struct sink sink;

	(void)state;
	read_bytes(&sink, span_of(bomb));
	has(&sink, "opaque damaged: odf: doctype with a subset\n");
	has(&sink, "123456789018");
	recording_sink_done(&sink);
}

static void
misplaced_and_missing_tags_lose_no_text(void **state)
{
	static const char *const bodies[] = {
		"<text:p>甲 123456789018",
		"</text:p><text:p>甲 123456789018</text:h></text:p>",
		"<table:table-cell><text:p>123456789018</text:p>",
		"<table:table><table:table-cell><text:p>123456789018",
		"<table:table><table:table-row><text:p>123456789018</text:p>",
		"<table:table><table:table-row><table:table-cell><text:p>"
		"123456789018</text:p><table:table-cell><text:p>乙</text:p>"
		"</table:table-cell><text:p>丙</text:p>",
		"<table:table><table:table-row><table:table-cell><table:table-"
		"row><table:table-cell><text:p>123456789018</text:p></table:"
		"table-cell></table:table-row><text:p>丙</text:p>",
		"<text:p><table:table><table:table-row><text:p>123456789018",
	};
	struct sink sink;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		read_text(&sink, bodies[i]);
		has(&sink, "123456789018");
		has(&sink, "opaque damaged: odf: elements that do not fit\n");
		if (strstr(bodies[i], "丙") != NULL)
			has(&sink, "丙");
		recording_sink_done(&sink);
	}
}

static void
any_depth_is_read(void **state)
{
	struct sbuf body;
	struct sink sink;

	(void)state;
	sbuf_init(&body, SIZE_MAX / 2);
	for (size_t i = 0; i < 30; i++)
		sbuf_add_text(&body, "<table:table><table:table-row><table:"
				     "table-cell><text:p>表</text:p>");
	sbuf_add_text(&body, "<text:p>内 123456789018</text:p>");
	for (size_t i = 0; i < 30; i++)
		sbuf_add_text(&body, "</table:table-cell></table:table-row>"
				     "</table:table>");
	read_text(&sink, sbuf_text(&body));
	has(&sink, "内 123456789018");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
	sbuf_clear(&body);
	for (size_t i = 0; i < 5000; i++)
		sbuf_add_text(&body, "<text:section>");
	sbuf_add_text(&body, "<text:p>底 123456789018</text:p>");
	for (size_t i = 0; i < 5000; i++)
		sbuf_add_text(&body, "</text:section>");
	read_text(&sink, sbuf_text(&body));
	has(&sink, "123456789018");
	recording_sink_done(&sink);
	sbuf_done(&body);
}

static void
a_document_in_another_set_is_read(void **state)
{
	static const char text[] =
		FLAT "<text:p>123456789018</text:p>" FLAT_END;
	struct sbuf wide;
	struct sink sink;

	(void)state;
	sbuf_init(&wide, SIZE_MAX / 2);
	sbuf_add(&wide, "\xFF\xFE", 2);
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		sbuf_add_byte(&wide, (uint8_t)text[i]);
		sbuf_add_byte(&wide, 0);
	}
	read_bytes(&sink, sbuf_span(&wide));
	has(&sink, "body 1: 123456789018\n");
	recording_sink_done(&sink);
	sbuf_done(&wide);
}

/* Cut off, a file is damaged, or no OpenDocument to anybody. */
static void
no_prefix_is_clean(void **state)
{
	enum { CUTS = 97 };
	static const char *const paths[] = { "odf/text.odt", "odf/sheet.ods",
					     "odf/slides.fodp",
					     "odf/locked.odt" };
	struct sbuf file;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(paths[i], &file);
		for (size_t cut = 0; cut < CUTS; cut++) {
			const struct span head = {
				file.bytes, file.len_bytes * cut / CUTS
			};
			struct sink sink;
			struct err err = { 0 };

			if (reader_odf.sniff(head, &attached) == SNIFF_NO)
				continue;
			recording_sink_init(&sink);
			const enum status st = recording_sink_read(
				&sink, &reader_odf, head, &attached, &err);

			if (st != ST_FORMAT && sink.opaques == 0 &&
			    !recording_sink_has(&sink, "locked by"))
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
	static const char *const paths[] = { "odf/text.odt", "odf/sheet.fods" };
	struct sbuf file;

	(void)state;
	for (size_t path = 0; path < ARRAY_LEN(paths); path++) {
		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(paths[path], &file);
		for (size_t i = 0; i < file.len_bytes; i += 23) {
			struct sink sink;
			struct err err = { 0 };

			file.bytes[i] ^= 0xA5;
			recording_sink_init(&sink);
			const enum status st = recording_sink_read(
				&sink, &reader_odf, sbuf_span(&file), &attached,
				&err);

			if (st != ST_OK && st != ST_FORMAT)
				check_status(ST_OK, st, &err);
			recording_sink_done(&sink);
			file.bytes[i] ^= 0xA5;
		}
		sbuf_done(&file);
	}
}

static void
what_is_inflated_is_spent(void **state)
{
	struct sbuf file;
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("odf/text.odt", &file);
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 10000;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_odf, sbuf_span(&file),
					 &attached, &err),
		     &err);
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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_of_a_text_is_read),
		cmocka_unit_test(every_place_of_a_sheet_is_read),
		cmocka_unit_test(every_place_of_slides_and_drawings_is_read),
		cmocka_unit_test(what_is_encrypted_is_said_with_the_cipher),
		cmocka_unit_test(a_database_is_read_as_far_as_it_is_text),
		cmocka_unit_test(pieces_of_a_number_are_one),
		cmocka_unit_test(boxes_of_a_form_are_one_number),
		cmocka_unit_test(a_note_within_a_number_does_not_part_it),
		cmocka_unit_test(
			repeated_cells_and_rows_are_given_with_a_bound),
		cmocka_unit_test(what_a_cell_shows_besides_its_value_is_given),
		cmocka_unit_test(texts_beside_a_table_do_not_tear_it_apart),
		cmocka_unit_test(a_doctype_with_a_subset_is_damage),
		cmocka_unit_test(misplaced_and_missing_tags_lose_no_text),
		cmocka_unit_test(any_depth_is_read),
		cmocka_unit_test(a_document_in_another_set_is_read),
		cmocka_unit_test(no_prefix_is_clean),
		cmocka_unit_test(bytes_may_be_wrong),
		cmocka_unit_test(what_is_inflated_is_spent),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
