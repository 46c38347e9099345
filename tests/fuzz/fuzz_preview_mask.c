/*
 * Any bytes as the lines of a preview: what is left holds neither five digits
 * in a row nor nine with only marks between, by a count that knows ASCII only
 * and nothing of how masking works.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "scanners/detect/preview_mask.h"
#include "scanners/text/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_MAX_LINES = 64, FUZZ_RUN = 5, FUZZ_CHAIN = 9 };

struct lines {
	uint8_t *bytes;
	size_t at[FUZZ_MAX_LINES];
	size_t len_bytes[FUZZ_MAX_LINES];
	bool hidden[FUZZ_MAX_LINES];
	size_t count;
};

/* As the collector gives them: no line ends, no controls but tabs. */
static void
split(struct lines *lines, size_t size)
{
	size_t from = 0;

	lines->count = 0;
	for (size_t i = 0; i <= size; i++) {
		if (i < size && lines->bytes[i] != '\n') {
			if (lines->bytes[i] < ' ' && lines->bytes[i] != '\t')
				lines->bytes[i] = '?';
			continue;
		}
		if (lines->count == FUZZ_MAX_LINES)
			return;
		lines->at[lines->count] = from;
		lines->len_bytes[lines->count++] = i - from;
		from = i + 1;
	}
}

static void
check(const struct sbuf *out)
{
	size_t run = 0;
	size_t chain = 0;

	for (size_t i = 0; i < out->len_bytes; i++) {
		const uint8_t c = out->bytes[i];

		if (isdigit(c)) {
			FUZZ_PROMISE(++run < FUZZ_RUN);
			FUZZ_PROMISE(++chain < FUZZ_CHAIN);
			continue;
		}
		run = 0;
		if (c >= 0x80 || isalpha(c))
			chain = 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct preview_mask mask = { .reveal = false };
	struct lines lines = { .bytes = malloc(size + 1) };
	struct sbuf out;

	FUZZ_PROMISE(lines.bytes != NULL);
	if (size > 0)
		memcpy(lines.bytes, data, size);
	split(&lines, size);
	for (size_t i = 0; i < lines.count; i++)
		preview_mask_line(&mask, lines.bytes + lines.at[i],
				  lines.len_bytes[i], false, &lines.hidden[i]);
	sbuf_init(&out, SIZE_MAX / 2);
	for (size_t i = 0; i < lines.count; i++) {
		const struct span line = { lines.bytes + lines.at[i],
					   lines.len_bytes[i] };
		const size_t before = out.len_bytes;

		preview_mask_write(line, &out);
		FUZZ_PROMISE(out.len_bytes - before ==
			     preview_mask_bytes(line));
		sbuf_add_byte(&out, '\n');
	}
	check(&out);
	sbuf_done(&out);
	free(lines.bytes);
	return 0;
}
