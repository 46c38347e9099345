/*
 * libFuzzer target for milter/session/header.h. The first byte says what is
 * fed, so that one corpus serves all of it.
 */
#include <assert.h>

#include "milter/session/header.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_ROOM_BYTES = 1 << 22 };

/* Whatever is found is text that ends, and no longer than its source. */
static void
fuzz_addresses(struct span value)
{
	AUTO(sbuf_done) struct sbuf addresses;
	enum status st = ST_OK;

	sbuf_init(&addresses, FUZZ_ROOM_BYTES);
	st = header_add_addresses(value, &addresses, NULL);
	assert(st == ST_OK || st == ST_FORMAT || st == ST_NO_MEMORY);
	if (st == ST_FORMAT)
		(void)!header_add_raw(value, &addresses, NULL);
	assert(addresses.len_bytes == 0 ||
	       addresses.bytes[addresses.len_bytes - 1] == '\0');
}

/* No digit of a run of four and more is shown. */
static void
fuzz_subject(struct span value)
{
	AUTO(sbuf_done) struct sbuf subject;
	size_t run = 0;

	sbuf_init(&subject, FUZZ_ROOM_BYTES);
	header_mask_subject(value, &subject);
	for (size_t i = 0; i < subject.len_bytes; i++) {
		const uint8_t byte = subject.bytes[i];

		run = byte >= '0' && byte <= '9' ? run + 1 : 0;
		assert(run < 4);
	}
}

static void
fuzz_texts(struct span value)
{
	AUTO(sbuf_done) struct sbuf lines;

	sbuf_init(&lines, FUZZ_ROOM_BYTES);
	header_add_folded(value, &lines);
	sbuf_add_byte(&lines, '\0');
	(void)header_kind_of(sbuf_text(&lines));
	(void)header_is_mta_date(value);
	(void)header_is_mta_message_id(value, "4ABC", "mx.test");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span whole = { data, size };
	struct span value = { NULL, 0 };

	if (size == 0 || size > FUZZ_ROOM_BYTES / 8)
		return 0;
	(void)span_cut(whole, 1, size - 1, &value);
	switch (data[0]) {
	case 's':
		fuzz_subject(value);
		break;
	case 't':
		fuzz_texts(value);
		break;
	default:
		fuzz_addresses(value);
		break;
	}
	return 0;
}
