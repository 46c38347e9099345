/* Any bytes as what reader_openpgp reads. */
#include "tests/fuzz/fuzz.h"
#include "tests/scanners/recording_sink.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct child hint = { .name = "",
					   .content_type = "",
					   .charset = "" };
	const struct span bytes = { data, size };
	struct sink sink;
	struct err err = { 0 };

	(void)reader_openpgp.sniff(bytes, &hint);
	recording_sink_init(&sink);
	const enum status st = reader_openpgp.read(&sink, bytes, &hint, &err);

	FUZZ_PROMISE(st == ST_OK || st == ST_FORMAT);
	recording_sink_done(&sink);
	return 0;
}
