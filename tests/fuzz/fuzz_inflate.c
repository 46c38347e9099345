/* Any bytes as Deflate and as Deflate64: it ends, within its budget, and gives
 * what zlib does. */
#include "scanners/readers/inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/fuzz/fuzz.h"

enum {
	FUZZ_SPEND_BYTES = 4 << 20,
	FUZZ_LONGEST_BYTES = 65538,
	FUZZ_OUT_BYTES = FUZZ_SPEND_BYTES + 3 * FUZZ_LONGEST_BYTES
};

struct fuzz_spending {
	uint64_t made_bytes;
	uint64_t packed_bytes;
};

static enum status
fuzz_spend(void *context, uint64_t len_bytes, uint64_t packed_bytes,
	   struct err *err)
{
	struct fuzz_spending *spending = context;

	FUZZ_PROMISE(packed_bytes > 0);
	spending->made_bytes += len_bytes;
	spending->packed_bytes += packed_bytes;
	return spending->made_bytes > FUZZ_SPEND_BYTES
		       ? err_set(err, ST_LIMIT, "enough")
		       : ST_OK;
}

/* zlib, as far as our own came. */
static void
fuzz_compare(struct span packed, enum status st, size_t used, struct span ours)
{
	uint8_t *theirs = malloc(ours.len_bytes + 1);
	z_stream z = { .next_in = (Bytef *)(uintptr_t)packed.ptr,
		       .avail_in = (uInt)packed.len_bytes };

	if (theirs == NULL || inflateInit2(&z, -MAX_WBITS) != Z_OK) {
		free(theirs);
		return;
	}
	z.next_out = theirs;
	z.avail_out = (uInt)ours.len_bytes + 1;
	const int rc = inflate(&z, Z_FINISH);

	FUZZ_PROMISE((rc == Z_STREAM_END) == (st == ST_OK));
	FUZZ_PROMISE(z.total_out == ours.len_bytes);
	FUZZ_PROMISE(ours.len_bytes == 0 ||
		     memcmp(theirs, ours.ptr, ours.len_bytes) == 0);
	FUZZ_PROMISE(st != ST_OK || z.total_in == used);
	(void)inflateEnd(&z);
	free(theirs);
}

static void
fuzz_one(enum inflate_form form, struct span packed)
{
	struct fuzz_spending spending = { 0, 0 };
	const struct inflate_budget budget = { fuzz_spend, &spending };
	struct sbuf out;
	struct err err = { 0 };
	size_t used = 0;

	sbuf_init(&out, SIZE_MAX / 2);
	const enum status st =
		inflate_unpack(form, packed, &budget, &out, &used, &err);

	FUZZ_PROMISE(st == ST_OK || st == ST_FORMAT || st == ST_LIMIT ||
		     st == ST_NO_MEMORY);
	FUZZ_PROMISE(used <= packed.len_bytes);
	FUZZ_PROMISE(st == ST_NO_MEMORY ||
		     spending.made_bytes == out.len_bytes);
	FUZZ_PROMISE(out.len_bytes <= FUZZ_OUT_BYTES);
	if (form == INFLATE_DEFLATE && (st == ST_OK || st == ST_FORMAT))
		fuzz_compare(packed, st, used, sbuf_span(&out));
	sbuf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span packed = { data, size };

	fuzz_one(INFLATE_DEFLATE, packed);
	fuzz_one(INFLATE_DEFLATE64, packed);
	return 0;
}
