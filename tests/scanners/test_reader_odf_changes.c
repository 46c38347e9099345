/* Tests of hidden text and recorded changes of OpenDocument. */
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

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
read_text(struct sink *sink, const char *body)
{
	struct sbuf file;
	struct err err = { 0 };

	sbuf_init(&file, SIZE_MAX / 2);
	sbuf_addf(&file, "%s%s%s", FLAT, body, FLAT_END);
	recording_sink_init(sink);
	check_status(ST_OK,
		     recording_sink_read(sink, &reader_odf, sbuf_span(&file),
					 &attached, &err),
		     &err);
	sbuf_done(&file);
}

static void
hidden_text_within_a_number_does_not_part_it(void **state)
{
	struct sink sink;

	(void)state;
	read_text(&sink,
		  "<style:style style:name=\"H\"><style:text-properties "
		  "text:display=\"none\"/></style:style><style:style "
		  "style:name=\"V\"><style:text-properties/></style:style>"
		  "<text:p>番号 1234<text:span text:style-name=\"H\">x<text:"
		  "span text:style-name=\"V\">y</text:span></text:span>5678"
		  "<text:span text:style-name=\"V\">9018</text:span></text:p>"
		  "<text:p text:style-name=\"H\">全 123</text:p>");
	has(&sink, "body 1: 番号 1234xy56789018\n");
	has(&sink, "without hidden text: 番号 123456789018\n");
	has(&sink, "body 3: 全 123\n");
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
recorded_changes_are_read_as_before_them_too(void **state)
{
	struct sink sink;

	(void)state;
	read_text(&sink,
		  "<text:tracked-changes><text:changed-region xml:id=\"a\">"
		  "<text:deletion><office:change-info/><text:p>5678</text:p>"
		  "</text:deletion></text:changed-region><text:changed-region "
		  "xml:id=\"b\"><text:insertion/></text:changed-region></text:"
		  "tracked-changes><text:p>番号 1234<text:change text:change-id"
		  "=\"a\"/>90<text:change-start text:change-id=\"b\"/>雑"
		  "</text:p><text:p>音<text:change-end text:change-id=\"b\"/>"
		  "18</text:p><text:p><text:change text:change-id=\"a\"/>"
		  "</text:p>");
	has(&sink, "before the changes: 18\n5678\n");
	has(&sink, "tracked changes: 5678\n");
	has(&sink, "body 2: 番号 123490雑\n");
	has(&sink, "before the changes: 番号 1234567890\n");
	recording_sink_done(&sink);
}

static void
looking_for_changes_ends(void **state)
{
	enum { MANY = 6000 };
	struct sbuf body;
	struct sink sink;

	(void)state;
	sbuf_init(&body, SIZE_MAX / 2);
	sbuf_add_text(&body, "<text:tracked-changes>");
	for (size_t i = 0; i < MANY; i++)
		sbuf_addf(&body, "<text:changed-region text:id=\"c%zu\"/>", i);
	sbuf_add_text(&body, "</text:tracked-changes><text:p>123456789018");
	for (size_t i = 0; i < MANY; i++)
		sbuf_add_text(&body, "<text:change text:change-id=\"none\"/>");
	sbuf_add_text(&body, "</text:p>");
	read_text(&sink, sbuf_text(&body));
	has(&sink, "opaque limit: limit odf changes\n");
	has(&sink, "body 1: 123456789018\n");
	recording_sink_done(&sink);
	sbuf_done(&body);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hidden_text_within_a_number_does_not_part_it),
		cmocka_unit_test(recorded_changes_are_read_as_before_them_too),
		cmocka_unit_test(looking_for_changes_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
