#include "quarantine-ui/html/scratch.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH_MAX_TEXT_BYTES = 64 * 1024 };

struct scratch_block {
	struct scratch_block *behind;
	size_t len_bytes;
	_Alignas(max_align_t) uint8_t bytes[];
};

void
scratch_done(struct scratch *scratch)
{
	while (scratch->blocks != NULL) {
		struct scratch_block *block = scratch->blocks;

		scratch->blocks = block->behind;
		if (scratch->secret)
			explicit_bzero(block->bytes, block->len_bytes);
		free(block);
	}
}

void *
scratch_alloc(struct scratch *scratch, size_t count, size_t item_bytes)
{
	struct scratch_block *block = NULL;
	size_t len_bytes = 0;

	if (!__builtin_mul_overflow(count, item_bytes, &len_bytes) &&
	    len_bytes < SIZE_MAX / 2)
		block = calloc(1, sizeof(*block) + len_bytes);
	if (block == NULL) {
		scratch->failed = true;
		return NULL;
	}
	block->behind = scratch->blocks;
	block->len_bytes = len_bytes;
	scratch->blocks = block;
	return block->bytes;
}

const char *
scratch_text(struct scratch *scratch, struct span text)
{
	char *copy = scratch_alloc(scratch, text.len_bytes + 1, 1);

	if (copy == NULL)
		return "";
	if (text.len_bytes > 0)
		memcpy(copy, text.ptr, text.len_bytes);
	return copy;
}

const char *
scratch_textf(struct scratch *scratch, const char *fmt, ...)
{
	AUTO(sbuf_done) struct sbuf text;
	va_list args;

	sbuf_init(&text, SCRATCH_MAX_TEXT_BYTES);
	va_start(args, fmt);
	sbuf_addfv(&text, fmt, args);
	va_end(args);
	if (text.st != ST_OK) {
		scratch->failed = true;
		return "";
	}
	return scratch_text(scratch, sbuf_span(&text));
}
