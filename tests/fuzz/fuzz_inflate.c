/* Any bytes as Deflate64: it ends, within its budget. */
#include "scanners/readers/inflate64.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

enum { FUZZ_SPEND_BYTES = 4 << 20, FUZZ_LONGEST_BYTES = 65538 };

struct fuzz_spending {
	uint64_t made_bytes;
	uint64_t packed_bytes;
};

static enum status
fuzz_spend(void *context, uint64_t len_bytes, uint64_t packed_bytes,
	   struct err *err)
{
	struct fuzz_spending *spending = context;

	spending->made_bytes += len_bytes;
	spending->packed_bytes += packed_bytes;
	return spending->made_bytes > FUZZ_SPEND_BYTES
		       ? err_set(err, ST_LIMIT, "enough")
		       : ST_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_spending spending = { 0, 0 };
	const struct inflate64_budget budget = { fuzz_spend, &spending };
	const struct span packed = { data, size };
	struct sbuf out;
	struct err err = { 0 };
	size_t used = 0;

	sbuf_init(&out, SIZE_MAX / 2);
	const enum status st = inflate64(packed, &budget, &out, &used, &err);

	FUZZ_PROMISE(st == ST_OK || st == ST_FORMAT || st == ST_LIMIT ||
		     st == ST_NO_MEMORY);
	FUZZ_PROMISE(used <= size);
	FUZZ_PROMISE(st == ST_NO_MEMORY ||
		     spending.made_bytes == out.len_bytes);
	FUZZ_PROMISE(out.len_bytes <=
		     FUZZ_SPEND_BYTES + 3 * (size_t)FUZZ_LONGEST_BYTES);
	sbuf_done(&out);
	return 0;
}
