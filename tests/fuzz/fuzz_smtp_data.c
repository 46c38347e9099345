/* Any bytes as a mail: nothing in it ends it early, or lets a bare CR or LF
 * out. The first byte says how they come. */
#include "courier/smtp/smtp_data.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static void
check_lines(struct span out)
{
	bool starts = true;

	for (size_t i = 0; i < out.len_bytes; i++) {
		const uint8_t byte = out.ptr[i];

		if (byte == '\n')
			FUZZ_PROMISE(i > 0 && out.ptr[i - 1] == '\r');
		if (byte == '\r')
			FUZZ_PROMISE(i + 1 < out.len_bytes &&
				     out.ptr[i + 1] == '\n');
		if (starts && byte == '.')
			FUZZ_PROMISE(out.ptr[i + 1] == '.');
		starts = byte == '\n';
	}
	FUZZ_PROMISE(starts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { data, size };
	struct smtp_data state;
	struct smtp_shape shape;
	struct sbuf out;
	size_t step = 0;

	if (size == 0)
		return 0;
	step = (size_t)data[0] % 64 + 1;
	FUZZ_PROMISE(span_cut(rest, 1, rest.len_bytes - 1, &rest));
	shape = smtp_data_measure(&rest, 1);
	sbuf_init(&out, size * 3 + 16);
	smtp_data_init(&state, true);
	while (rest.len_bytes > 0) {
		const size_t len =
			rest.len_bytes < step ? rest.len_bytes : step;

		smtp_data_add(&state, (struct span){ rest.ptr, len }, &out);
		FUZZ_PROMISE(span_cut(rest, len, rest.len_bytes - len, &rest));
	}
	smtp_data_end(&state, &out);
	FUZZ_PROMISE(out.st == ST_OK);
	check_lines(sbuf_span(&out));
	FUZZ_PROMISE(state.shape.size_bytes == shape.size_bytes);
	FUZZ_PROMISE(state.shape.eight_bit == shape.eight_bit);
	sbuf_done(&out);
	return 0;
}
