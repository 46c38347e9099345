/* Any bytes as a mail: all of it is given away, nothing else happens. */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/scanners/recording_sink.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct child hints[] = {
		{ .name = "",
		  .content_type = "message/rfc822",
		  .charset = "",
		  .mail = true },
		{ .name = "",
		  .content_type = "multipart/mixed",
		  .charset = "" },
	};
	const struct span bytes = { data, size };

	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		struct sink sink;
		struct err err = { 0 };
		enum status st = ST_OK;

		recording_sink_init(&sink);
		st = reader_mime.read(&sink, bytes, &hints[i], &err);
		FUZZ_PROMISE(st == ST_OK);
		recording_sink_done(&sink);
	}
	return 0;
}
