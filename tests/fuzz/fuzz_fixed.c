/* Any bytes as records of fixed length. */
#include <stdlib.h>

#include "lib/base/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/scanners/recording_sink.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct child hint = { .name = "",
					   .content_type = "text/plain",
					   .charset = "utf-8" };
	const struct span bytes = { data, size };
	struct sink sink;
	struct err err = { 0 };

	recording_sink_init(&sink);
	(void)reader_fixed.sniff(bytes, &hint);
	FUZZ_PROMISE(reader_fixed.read(&sink, bytes, &hint, &err) == ST_OK);
	FUZZ_PROMISE(parse_is_utf8(sbuf_span(&sink.utf8)));
	recording_sink_done(&sink);
	return 0;
}
