#include "tests/quarantine-ui/fake_visits.h"

enum { FAKE_BLOCK_BYTES = 64 * 1024 };

static const struct vault_link_file names[FAKE_FILES] = {
	{ "給与支払報告書 2026年分.xlsx", "給与支払報告書 ****年分.xlsx",
	  "application/octet-stream", 0, 0 },
	{ "扶養控除等申告書.pdf", "扶養控除等申告書.pdf", "application/pdf", 0,
	  0 },
	{ "empty.txt", "empty.txt", "text/plain", 0, 0 },
	{ "../扶養控除等申告書.pdf", "扶養控除等申告書.pdf", "application/pdf",
	  0, 0 },
};
static uint64_t sizes[FAKE_FILES] = { 18434, FAKE_LARGE_BYTES, 0, 1 };

void
fake_visits_large(uint64_t large_bytes)
{
	sizes[1] = large_bytes;
}

void
fake_file_name(struct vault_link_file *file, size_t i)
{
	*file = names[i];
	file->size_bytes = sizes[i];
}

uint8_t
fake_file_byte(size_t i, uint64_t at)
{
	return (uint8_t)(at * 31 + (at >> 8) * 7 + i);
}

uint64_t
fake_file_bytes(size_t i)
{
	return sizes[i];
}

/* The bytes come again after 64 KiB. */
void
fake_file_fill(struct sbuf *bytes, size_t i)
{
	AUTO(sbuf_done) struct sbuf block;

	sbuf_init(&block, FAKE_BLOCK_BYTES);
	for (size_t at = 0; at < FAKE_BLOCK_BYTES; at++)
		sbuf_add_byte(&block, fake_file_byte(i, at));
	while (bytes->len_bytes < sizes[i]) {
		const uint64_t left = sizes[i] - bytes->len_bytes;

		sbuf_add(bytes, block.bytes,
			 left < block.len_bytes ? (size_t)left
						: block.len_bytes);
	}
}
