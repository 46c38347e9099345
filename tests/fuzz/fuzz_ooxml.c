/* Any bytes as each kind of part of an office package. */
#include <stdlib.h>

#include "lib/base/parse.h"
#include "scanners/readers/ooxml_flow.h"
#include "scanners/readers/xlsx_parts.h"
#include "tests/fuzz/fuzz.h"
#include "tests/scanners/recording_sink.h"

static void
check(const struct sink *sink, enum status st)
{
	FUZZ_PROMISE(st == ST_OK || st == ST_FORMAT);
	FUZZ_PROMISE(parse_is_utf8(sbuf_span(&sink->utf8)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct place place = { PLACE_BODY, 0, NULL };
	const struct span bytes = { data, size };
	struct xlsx_strings strings;
	struct xlsx_formats formats;
	struct sink sink;
	struct err err = { 0 };

	recording_sink_init(&sink);
	check(&sink, ooxml_flow_read(&sink, bytes, &place, "", &err));
	xlsx_strings_init(&strings);
	xlsx_formats_init(&formats);
	check(&sink, xlsx_strings_read(&sink, bytes, &strings, &err));
	check(&sink, xlsx_formats_read(&sink, bytes, &formats, &err));
	check(&sink,
	      xlsx_sheet_read(&sink, bytes, "a", &strings, &formats, &err));
	check(&sink, xlsx_strings_give_rest(&sink, &strings, &err));
	xlsx_strings_done(&strings);
	xlsx_formats_done(&formats);
	recording_sink_done(&sink);
	return 0;
}
