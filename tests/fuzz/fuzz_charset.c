/* Any bytes in every character set: valid UTF-8 comes out. */
#include <stdlib.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span bytes = { data, size };
	struct text_readings readings;

	for (int charset = CHARSET_NONE; charset < CHARSET_END; charset++) {
		struct sbuf out;

		sbuf_init(&out, SIZE_MAX / 2);
		charset_decode((enum charset)charset, bytes, &out);
		FUZZ_PROMISE(parse_is_utf8(sbuf_span(&out)));
		sbuf_done(&out);
	}
	/* The bytes also as the name of a set. */
	text_find_readings(bytes, bytes, &readings);
	FUZZ_PROMISE(readings.count >= 1);
	FUZZ_PROMISE(readings.count <= TEXT_MAX_READINGS);
	(void)text_is_plausible(bytes);
	return 0;
}
