#include "scanners/locks/deflate_probe.h"

#include <endian.h>
#include <string.h>

enum {
	PROBE_BLOCK_STORED = 0,
	PROBE_BLOCK_FIXED = 1,
	PROBE_BLOCK_DYNAMIC = 2,
	PROBE_LITERAL_CODES = 286, /* HLIT, HDIST at most */
	PROBE_DISTANCE_CODES = 30,
	PROBE_CODE_BITS = 7, /* longest code of a length of a code */
	PROBE_END = 256,
	PROBE_LAST_LENGTH = 285,
	PROBE_LENGTH_BYTES = 4 /* LEN, NLEN */
};

/* Bits of the stream, lowest first. */
struct probe {
	struct span bytes;
	size_t at_bits;
};

static bool
probe_has(const struct probe *probe, size_t bits)
{
	return probe->at_bits + bits <= probe->bytes.len_bytes * 8;
}

static uint32_t
probe_take(struct probe *probe, size_t bits)
{
	const size_t at = probe->at_bits / 8;
	uint64_t word = 0;

	if (at + sizeof(word) <= probe->bytes.len_bytes) {
		memcpy(&word, probe->bytes.ptr + at, sizeof(word));
		word = le64toh(word);
	} else {
		for (size_t i = at; i < probe->bytes.len_bytes; i++)
			word |= (uint64_t)probe->bytes.ptr[i] << 8 * (i - at);
	}
	word >>= probe->at_bits % 8;
	probe->at_bits += bits;
	return (uint32_t)(word & ((UINT64_C(1) << bits) - 1));
}

enum probe_says {
	PROBE_NOTHING = 0, /* no stream: the bits mean nothing */
	PROBE_OPEN,        /* nothing against it as far as can be seen */
	PROBE_ENDED        /* the block ends in sight */
};

/* 3.2.4: LEN and its complement, from the next whole byte on. */
static enum probe_says
probe_stored(struct probe *probe)
{
	const size_t at = (probe->at_bits + 7) / 8;
	const uint8_t *length = probe->bytes.ptr + at;

	if (probe->bytes.len_bytes < at + PROBE_LENGTH_BYTES)
		return PROBE_OPEN;
	return (length[0] ^ length[2]) == 0xFF &&
			       (length[1] ^ length[3]) == 0xFF
		       ? PROBE_OPEN
		       : PROBE_NOTHING;
}

/* 3.2.7: the lengths of the codes of lengths make a complete set. */
static enum probe_says
probe_dynamic(struct probe *probe)
{
	uint32_t space = 0;

	if (!probe_has(probe, 14))
		return PROBE_OPEN;
	const uint32_t literals = probe_take(probe, 5) + 257;
	const uint32_t distances = probe_take(probe, 5) + 1;
	const uint32_t lengths = probe_take(probe, 4) + 4;

	if (literals > PROBE_LITERAL_CODES || distances > PROBE_DISTANCE_CODES)
		return PROBE_NOTHING;
	if (!probe_has(probe, 3 * (size_t)lengths))
		return PROBE_OPEN;
	for (uint32_t i = 0; i < lengths; i++) {
		const uint32_t bits = probe_take(probe, 3);

		if (bits != 0)
			space += 1U << (PROBE_CODE_BITS - bits);
	}
	return space == 1U << PROBE_CODE_BITS ? PROBE_OPEN : PROBE_NOTHING;
}

/* A fixed code, 3.2.6: seven to nine bits, highest first. */
static uint32_t
probe_fixed_symbol(struct probe *probe)
{
	uint32_t code = 0;

	for (size_t i = 0; i < 7; i++)
		code = code << 1 | probe_take(probe, 1);
	if (code < 24)
		return PROBE_END + code;
	code = code << 1 | probe_take(probe, 1);
	if (code >= 0x30 && code < 0xC0)
		return code - 0x30;
	if (code >= 0xC0 && code < 0xC8)
		return 280 + code - 0xC0;
	return 144 + (code << 1 | probe_take(probe, 1)) - 0x190;
}

/* The bytes that symbol, above the end mark, stands for. */
static uint32_t
probe_match_bytes(struct probe *probe, uint32_t symbol)
{
	const uint32_t code = symbol - PROBE_END - 1;

	if (code < 8 || symbol == PROBE_LAST_LENGTH)
		return symbol == PROBE_LAST_LENGTH ? 258 : 3 + code;
	const uint32_t extra = (code - 4) / 4;

	return 3 + ((4 + code % 4) << extra) + probe_take(probe, extra);
}

/* How far back a match begins; 0: no such code. */
static uint32_t
probe_distance(struct probe *probe)
{
	uint32_t code = 0;

	for (size_t i = 0; i < 5; i++)
		code = code << 1 | probe_take(probe, 1);
	if (code >= PROBE_DISTANCE_CODES)
		return 0;
	if (code < 4)
		return 1 + code;
	const uint32_t extra = (code - 2) / 2;

	return 1 + ((2 + code % 2) << extra) + probe_take(probe, extra);
}

/* No symbol that does not exist, no match from before the start. */
static enum probe_says
probe_fixed(struct probe *probe, uint32_t *produced)
{
	const size_t longest = 9 + 5 + 5 + 13;

	while (probe_has(probe, longest)) {
		const uint32_t symbol = probe_fixed_symbol(probe);

		if (symbol == PROBE_END)
			return PROBE_ENDED;
		if (symbol < PROBE_END) {
			++*produced;
			continue;
		}
		if (symbol > PROBE_LAST_LENGTH)
			return PROBE_NOTHING;
		const uint32_t bytes = probe_match_bytes(probe, symbol);
		const uint32_t distance = probe_distance(probe);

		if (distance == 0 || distance > *produced)
			return PROBE_NOTHING;
		*produced += bytes;
	}
	return PROBE_OPEN;
}

static enum probe_says
probe_block(struct probe *probe, uint32_t *produced)
{
	switch (probe_take(probe, 2)) {
	case PROBE_BLOCK_STORED:
		return probe_stored(probe);
	case PROBE_BLOCK_FIXED:
		return probe_fixed(probe, produced);
	case PROBE_BLOCK_DYNAMIC:
		return probe_dynamic(probe);
	default:
		return PROBE_NOTHING;
	}
}

bool
deflate_may_begin(struct span start)
{
	struct probe probe = { start, 0 };
	enum probe_says says = PROBE_ENDED;
	uint32_t produced = 0;
	bool last = false;

	while (says == PROBE_ENDED && !last && probe_has(&probe, 3)) {
		last = probe_take(&probe, 1) != 0;
		says = probe_block(&probe, &produced);
	}
	return says != PROBE_NOTHING;
}
