/* Any bytes as a zip archive, read in both ways. */
#include <locale.h>
#include <stdlib.h>

#include "lib/base/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/scanners/recording_sink.h"

enum { FUZZ_SPEND_BYTES = 4 << 20 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct child hint = { .name = "",
					   .content_type = "",
					   .charset = "" };
	const struct span bytes = { data, size };
	struct sink sink;
	struct err err = { 0 };

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (reader_zip.sniff(bytes, &hint) == SNIFF_NO)
		return 0;
	recording_sink_init(&sink);
	sink.quiet = true;
	sink.spend_limit_bytes = FUZZ_SPEND_BYTES;
	const enum status st = reader_zip.read(&sink, bytes, &hint, &err);

	FUZZ_PROMISE(st == ST_OK || st == ST_FORMAT || st == ST_LIMIT ||
		     st == ST_NO_MEMORY);
	FUZZ_PROMISE(parse_is_utf8(sbuf_span(&sink.utf8)));
	recording_sink_done(&sink);
	return 0;
}
