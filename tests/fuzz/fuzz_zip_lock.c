/*
 * Any bytes: as an archive, a search ends and opens with nothing but what its
 * mask stands for; as a stream, what an inflater takes is not called noise.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/attr.h"
#include "scanners/locks/deflate_probe.h"
#include "scanners/locks/unlock_run.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_OUT_BYTES = 4096, FUZZ_START_BYTES = 64 };

static enum status
tell(void *context, const struct unlock_progress *progress, struct err *err)
{
	(void)context;
	(void)progress;
	(void)err;
	return ST_OK;
}

static void
check_search(struct span archive)
{
	static const struct unlock_mask masks[] = { { "?d{1,2}" } };
	const struct unlock_order order = { .slices = 1,
					    .masks = masks,
					    .mask_count = ARRAY_LEN(masks) };
	const struct unlock_job job = {
		.order = &order,
		.archive = archive,
		.words = { (const uint8_t *)"secret\n", 7 },
		.tell = tell,
	};
	struct unlock_ending ending;

	if (unlock_run(&job, &ending, NULL) == ST_OK) {
		FUZZ_PROMISE(ending.result.outcome != UNLOCK_NONE);
		FUZZ_PROMISE((ending.result.outcome == UNLOCK_OPENED) ==
			     (ending.result.password.len_bytes > 0));
	}
	unlock_ending_done(&ending);
}

/* Does zlib take it as far as it goes? */
static bool
inflates(struct span data)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)data.ptr,
			    .avail_in = (uInt)data.len_bytes };
	uint8_t out[FUZZ_OUT_BYTES];
	int state = Z_OK;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	do {
		stream.next_out = out;
		stream.avail_out = sizeof(out);
		state = inflate(&stream, Z_NO_FLUSH);
	} while (state == Z_OK && stream.avail_out == 0);
	(void)inflateEnd(&stream);
	return state == Z_OK || state == Z_STREAM_END || state == Z_BUF_ERROR;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span all = { data, size };
	struct span start = all;

	check_search(all);
	if (start.len_bytes > FUZZ_START_BYTES)
		start.len_bytes = FUZZ_START_BYTES;
	FUZZ_PROMISE(deflate_may_begin(start) || !inflates(start));
	return 0;
}
