/*
 * libFuzzer target for scanners/text: the first byte names a character set,
 * the rest is text in it. Valid UTF-8 comes out, not more than it may be, and
 * lines that do not share a state decode alike alone and together.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"
#include "tests/fuzz/fuzz.h"

static void
check_output(const struct sbuf *out, size_t size)
{
	FUZZ_PROMISE(out->st == ST_OK);
	FUZZ_PROMISE(out->len_bytes <= size * CHARSET_GROWTH);
	FUZZ_PROMISE(parse_is_utf8(sbuf_span(out)));
	FUZZ_PROMISE(parse_utf8_end_by(CPU_WAY_PORTABLE, sbuf_span(out), 0) ==
		     out->len_bytes);
}

/* Is a line end the end of every state? */
static bool
is_by_lines(enum charset charset, struct span bytes)
{
	switch (charset) {
	case CHARSET_UTF7:
	case CHARSET_ISO2022JP_LOST:
	case CHARSET_CP932:
	case CHARSET_EUCJP:
	case CHARSET_GB:
	case CHARSET_BIG5:
	case CHARSET_LATIN1:
		return true;
	case CHARSET_ISO2022JP: /* ESC . lasts */
		return memchr(bytes.ptr, '.', bytes.len_bytes) == NULL;
	case CHARSET_NONE: /* a mark at the start is left out */
	case CHARSET_ASCII:
	case CHARSET_UTF8:
	case CHARSET_UTF16LE:
	case CHARSET_UTF16BE:
	case CHARSET_UTF16:
	case CHARSET_UTF32LE:
	case CHARSET_UTF32BE:
	case CHARSET_ISO2022JP_KEEP:
	case CHARSET_END:
	default:
		return false;
	}
}

static void
check_lines(enum charset charset, struct span bytes, const struct sbuf *whole)
{
	const uint8_t *end =
		bytes.len_bytes > 0
			? memchr(bytes.ptr + bytes.len_bytes / 2, '\n',
				 bytes.len_bytes - bytes.len_bytes / 2)
			: NULL;
	struct span head;
	struct span tail;
	struct sbuf out;

	if (end == NULL || !is_by_lines(charset, bytes))
		return;
	const size_t at = (size_t)(end - bytes.ptr) + 1;

	FUZZ_PROMISE(span_cut(bytes, 0, at, &head));
	FUZZ_PROMISE(span_cut(bytes, at, bytes.len_bytes - at, &tail));
	sbuf_init(&out, SIZE_MAX / 2);
	charset_decode(charset, head, &out);
	charset_decode(charset, tail, &out);
	FUZZ_PROMISE(span_equal(sbuf_span(&out), sbuf_span(whole)));
	sbuf_done(&out);
}

static void
check_looks(enum charset charset, struct span bytes)
{
	struct charset_stats errors;
	struct charset_stats kinds;

	charset_look_at(charset, bytes, CHARSET_LOOK_ERRORS, &errors);
	charset_look_at(charset, bytes, CHARSET_LOOK_KINDS, &kinds);
	FUZZ_PROMISE(errors.errors <= kinds.errors);
	FUZZ_PROMISE(errors.errors == 0 ||
		     errors.first_error_at < bytes.len_bytes);
	FUZZ_PROMISE(errors.first_error_at == kinds.first_error_at);
	FUZZ_PROMISE(errors.line_switch == kinds.line_switch);
}

/* What was decoded on the way is what decoding gives. */
static void
check_kept(struct span bytes, struct span declared,
	   const struct text_readings *readings)
{
	struct text_readings others;
	struct text_kept kept = { .charset = CHARSET_NONE };
	struct sbuf out;

	sbuf_init(&kept.text, SIZE_MAX / 2);
	sbuf_init(&out, SIZE_MAX / 2);
	text_keep_readings(bytes, declared, &kept, &others);
	FUZZ_PROMISE(others.count == readings->count);
	FUZZ_PROMISE(memcmp(others.charsets, readings->charsets,
			    others.count * sizeof(others.charsets[0])) == 0);
	if (kept.charset != CHARSET_NONE) {
		FUZZ_PROMISE(kept.charset == readings->charsets[0]);
		charset_decode(kept.charset, bytes, &out);
		FUZZ_PROMISE(
			span_equal(sbuf_span(&kept.text), sbuf_span(&out)));
	}
	sbuf_done(&kept.text);
	sbuf_done(&out);
}

static void
check_readings(struct span bytes, struct span declared)
{
	struct text_readings readings;

	text_find_readings(bytes, declared, &readings);
	FUZZ_PROMISE(readings.count >= 1);
	FUZZ_PROMISE(readings.count <= TEXT_MAX_READINGS);
	for (size_t i = 0; i < readings.count; i++)
		FUZZ_PROMISE(readings.charsets[i] < CHARSET_END);
	check_kept(bytes, declared, &readings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = { 0 };
	struct sbuf out;

	if (size == 0)
		return 0;
	const enum charset charset = (enum charset)(data[0] % CHARSET_END);

	FUZZ_PROMISE(
		span_cut((struct span){ data, size }, 1, size - 1, &bytes));
	sbuf_init(&out, SIZE_MAX / 2);
	charset_decode(charset, bytes, &out);
	check_output(&out, bytes.len_bytes);
	check_lines(charset, bytes, &out);
	sbuf_done(&out);
	check_looks(charset, bytes);
	check_readings(bytes, (struct span){ 0 });
	check_readings(bytes, span_of("shift_jis"));
	check_readings(bytes, span_of("utf-16"));
	/* The bytes also as the name of a set. */
	check_readings(bytes, bytes);
	(void)text_is_plausible(bytes);
	return 0;
}
