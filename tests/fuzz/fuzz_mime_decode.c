/*
 * libFuzzer target for scanners/readers/mime_decode.h and mime_words.h: the
 * first byte says what the rest is. Nothing grows, and every way that this
 * machine can go gives the same.
 */
#include <stdlib.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_words.h"
#include "scanners/text/readings.h"
#include "tests/fuzz/fuzz.h"

static void
check_ways(struct span text, bool base64)
{
	struct sbuf plain;
	struct sbuf other;

	sbuf_init(&plain, SIZE_MAX / 2);
	sbuf_init(&other, SIZE_MAX / 2);
	const struct mime_decoded want =
		base64 ? mime_decode_base64_by(CPU_WAY_PORTABLE, text, &plain)
		       : mime_decode_quoted_by(CPU_WAY_PORTABLE, text, &plain);

	FUZZ_PROMISE(plain.len_bytes <= text.len_bytes);
	FUZZ_PROMISE(want.junk <= text.len_bytes);
	for (int way = CPU_WAY_AVX2; way < CPU_WAY_END; way++) {
		if (!cpu_can((enum cpu_way)way))
			continue;
		sbuf_clear(&other);
		const struct mime_decoded got =
			base64 ? mime_decode_base64_by((enum cpu_way)way, text,
						       &other)
			       : mime_decode_quoted_by((enum cpu_way)way, text,
						       &other);

		FUZZ_PROMISE(got.junk == want.junk);
		FUZZ_PROMISE(got.is_cut == want.is_cut);
		FUZZ_PROMISE(span_equal(sbuf_span(&other), sbuf_span(&plain)));
	}
	sbuf_done(&plain);
	sbuf_done(&other);
}

static void
check_fields(struct span text)
{
	struct sbuf out;
	size_t most = 1;

	sbuf_init(&out, SIZE_MAX / 2);
	mime_decode_word_q(text, &out);
	FUZZ_PROMISE(out.len_bytes <= text.len_bytes);
	sbuf_clear(&out);
	mime_decode_percent(text, &out);
	FUZZ_PROMISE(out.len_bytes <= text.len_bytes);
	for (size_t index = 0; index < most; index++) {
		sbuf_clear(&out);
		most = mime_words_decode(text, CHARSET_CP932, index, &out);
		FUZZ_PROMISE(most >= 1 && most <= TEXT_MAX_READINGS);
		FUZZ_PROMISE(parse_is_utf8(sbuf_span(&out)));
		FUZZ_PROMISE(out.len_bytes <= text.len_bytes * CHARSET_GROWTH);
	}
	sbuf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { 0 };

	if (size == 0)
		return 0;
	FUZZ_PROMISE(span_cut((struct span){ data, size }, 1, size - 1, &text));
	switch (data[0] % 4) {
	case 0:
		check_ways(text, true);
		break;
	case 1:
		check_ways(text, false);
		break;
	default:
		check_fields(text);
		break;
	}
	return 0;
}
