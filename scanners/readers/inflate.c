#include "scanners/readers/inflate64.h"

#include <string.h>

enum {
	INFLATE_STEP_BYTES = 64 * 1024, /* between two calls of spend() */
	INFLATE_LONGEST_BYTES = 65538,
	INFLATE_MAX_BITS = 15,
	INFLATE_LITERALS = 288,
	INFLATE_DISTANCES = 32,
	INFLATE_ORDER = 19,
	INFLATE_LOOK_BITS = 10,
	INFLATE_LEN_BITS = 4, /* of an entry of look[] */
	INFLATE_END = 256,
	INFLATE_BAD = 0xFFFF,
	INFLATE_MIN_ROOM_BITS = 56
};

/* A canonical code: look[] for short words, the rest by counting. */
struct inflate_code {
	uint16_t look[1 << INFLATE_LOOK_BITS]; /* symbol and length; 0: none */
	uint16_t counts[INFLATE_MAX_BITS + 1];
	uint16_t symbols[INFLATE_LITERALS];
};

struct inflate {
	struct span packed;
	size_t at;
	uint64_t bits;
	unsigned bit_count;
	size_t missing_bytes; /* made up behind the end of packed */
	size_t told_at;       /* of packed, as spend() was told */
	const struct inflate64_budget *budget;
	struct sbuf *out;
	size_t from_bytes; /* in out before us */
	size_t len_bytes;  /* in out, ours and before */
	size_t told_bytes;
	size_t room_bytes; /* of out, as extended */
	struct inflate_code literals;
	struct inflate_code distances;
};

static void
inflate_refill(struct inflate *in)
{
	while (in->bit_count <= INFLATE_MIN_ROOM_BITS) {
		if (in->at < in->packed.len_bytes)
			in->bits |= (uint64_t)in->packed.ptr[in->at++]
				    << in->bit_count;
		else
			in->missing_bytes++;
		in->bit_count += 8;
	}
}

/* Bits were used that are not there. */
static bool
inflate_is_over(const struct inflate *in)
{
	return in->missing_bytes * 8 > in->bit_count;
}

/* At most 16 bits. */
static uint32_t
inflate_take(struct inflate *in, unsigned count)
{
	inflate_refill(in);
	const uint32_t value = (uint32_t)(in->bits & ((1U << count) - 1));

	in->bits >>= count;
	in->bit_count -= count;
	return value;
}

static uint32_t
inflate_reverse(uint32_t word, unsigned len)
{
	uint32_t out = 0;

	for (unsigned i = 0; i < len; i++)
		out |= (word >> i & 1) << (len - 1 - i);
	return out;
}

/* Words of up to INFLATE_LOOK_BITS, with all that may follow them. */
static void
inflate_fill_look(struct inflate_code *code, const uint8_t *lens, size_t count,
		  const uint32_t *first)
{
	uint32_t next[INFLATE_MAX_BITS + 1];

	memcpy(next, first, sizeof(next));
	for (size_t i = 0; i < count; i++) {
		const unsigned len = lens[i];

		if (len == 0 || len > INFLATE_LOOK_BITS)
			continue;
		const uint32_t word = inflate_reverse(next[len]++, len);

		for (uint32_t k = word; k < 1U << INFLATE_LOOK_BITS;
		     k += 1U << len)
			code->look[k] = (uint16_t)(i << INFLATE_LEN_BITS | len);
	}
}

/* False when the lengths are no code: more words than there can be. One that
 * is incomplete is allowed, its missing words are not (RFC 1951, 3.2.7). */
static bool
inflate_make_code(struct inflate_code *code, const uint8_t *lens, size_t count)
{
	uint32_t first[INFLATE_MAX_BITS + 1] = { 0 };
	uint16_t at[INFLATE_MAX_BITS + 1] = { 0 };
	int32_t left = 1;

	memset(code, 0, sizeof(*code));
	for (size_t i = 0; i < count; i++)
		code->counts[lens[i]]++;
	code->counts[0] = 0;
	for (size_t len = 1; len <= INFLATE_MAX_BITS; len++) {
		left = left * 2 - code->counts[len];
		if (left < 0)
			return false;
		first[len] = (first[len - 1] + code->counts[len - 1]) << 1;
		at[len] = (uint16_t)(at[len - 1] + code->counts[len - 1]);
	}
	for (size_t i = 0; i < count; i++)
		if (lens[i] > 0)
			code->symbols[at[lens[i]]++] = (uint16_t)i;
	inflate_fill_look(code, lens, count, first);
	return true;
}

/* A word longer than look[] has, bit by bit. */
static uint32_t
inflate_long_symbol(struct inflate *in, const struct inflate_code *code)
{
	int32_t word = 0;
	int32_t first = 0;
	int32_t index = 0;

	for (unsigned len = 1; len <= INFLATE_MAX_BITS; len++) {
		const int32_t count = code->counts[len];

		word |= (int32_t)(in->bits >> (len - 1) & 1);
		if (word - count < first) {
			in->bits >>= len;
			in->bit_count -= len;
			return code->symbols[index + (word - first)];
		}
		index += count;
		first = (first + count) << 1;
		word <<= 1;
	}
	return INFLATE_BAD;
}

static uint32_t
inflate_symbol(struct inflate *in, const struct inflate_code *code)
{
	inflate_refill(in);
	const uint16_t found =
		code->look[in->bits & ((1U << INFLATE_LOOK_BITS) - 1)];

	if (found == 0)
		return inflate_long_symbol(in, code);
	const unsigned len = found & ((1U << INFLATE_LEN_BITS) - 1);

	in->bits >>= len;
	in->bit_count -= len;
	return (uint32_t)found >> INFLATE_LEN_BITS;
}

/* Tell the budget what came out since the last time. */
static enum status
inflate_tell(struct inflate *in, struct err *err)
{
	const size_t made = in->len_bytes - in->told_bytes;
	const size_t used = in->at - in->told_at;

	in->told_bytes = in->len_bytes;
	in->told_at = in->at;
	return in->budget->spend(in->budget->context, made, used > 0 ? used : 1,
				 err);
}

/* Room for the longest match at least. */
static enum status
inflate_make_room(struct inflate *in, struct err *err)
{
	enum status st = ST_OK;

	if (in->room_bytes - in->len_bytes >= INFLATE_LONGEST_BYTES)
		return ST_OK;
	st = inflate_tell(in, err);
	if (st != ST_OK)
		return st;
	sbuf_truncate(in->out, in->len_bytes);
	if (sbuf_extend(in->out, INFLATE_LONGEST_BYTES + INFLATE_STEP_BYTES) ==
	    NULL)
		return sbuf_status(in->out, "inflate64", err);
	in->room_bytes = in->out->len_bytes;
	return ST_OK;
}

static enum status
inflate_bad(struct err *err)
{
	return err_set(err, ST_FORMAT, "inflate64: damaged");
}

static enum status
inflate_stored(struct inflate *in, struct err *err)
{
	enum status st = ST_OK;

	(void)inflate_take(in, in->bit_count % 8);
	size_t left = inflate_take(in, 16);
	const uint32_t check = inflate_take(in, 16);

	if ((left ^ 0xFFFF) != check || inflate_is_over(in))
		return inflate_bad(err);
	st = inflate_make_room(in, err);
	for (; st == ST_OK && left > 0; left--) {
		in->out->bytes[in->len_bytes++] = (uint8_t)inflate_take(in, 8);
		if (inflate_is_over(in)) {
			in->len_bytes--;
			return inflate_bad(err);
		}
	}
	return st;
}

struct inflate_base {
	uint32_t base;
	unsigned bits;
};

/* How long a match is: symbol from 257 on. */
static bool
inflate_length(struct inflate *in, uint32_t symbol, size_t *len_out)
{
	static const struct inflate_base lengths[] = {
		{ 3, 0 },   { 4, 0 },   { 5, 0 },   { 6, 0 },   { 7, 0 },
		{ 8, 0 },   { 9, 0 },   { 10, 0 },  { 11, 1 },  { 13, 1 },
		{ 15, 1 },  { 17, 1 },  { 19, 2 },  { 23, 2 },  { 27, 2 },
		{ 31, 2 },  { 35, 3 },  { 43, 3 },  { 51, 3 },  { 59, 3 },
		{ 67, 4 },  { 83, 4 },  { 99, 4 },  { 115, 4 }, { 131, 5 },
		{ 163, 5 }, { 195, 5 }, { 227, 5 }, { 3, 16 },
	};
	const uint32_t row = symbol - INFLATE_END - 1;

	if (row >= ARRAY_LEN(lengths))
		return false;
	*len_out = lengths[row].base + inflate_take(in, lengths[row].bits);
	return true;
}

static bool
inflate_distance(struct inflate *in, size_t *distance_out)
{
	const uint32_t symbol = inflate_symbol(in, &in->distances);

	if (symbol >= INFLATE_DISTANCES)
		return false;
	if (symbol < 4) {
		*distance_out = symbol + 1;
		return true;
	}
	const unsigned bits = symbol / 2 - 1;

	*distance_out = ((2 + (size_t)(symbol & 1)) << bits) + 1 +
			inflate_take(in, bits);
	return true;
}

static enum status
inflate_match(struct inflate *in, uint32_t symbol, struct err *err)
{
	size_t len = 0;
	size_t distance = 0;

	if (!inflate_length(in, symbol, &len) ||
	    !inflate_distance(in, &distance) || inflate_is_over(in) ||
	    distance > in->len_bytes - in->from_bytes)
		return inflate_bad(err);
	uint8_t *to = in->out->bytes + in->len_bytes;

	in->len_bytes += len;
	if (distance >= len) {
		memcpy(to, to - distance, len);
		return ST_OK;
	}
	for (size_t i = 0; i < len; i++)
		to[i] = *(to + i - distance);
	return ST_OK;
}

static enum status
inflate_block(struct inflate *in, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK) {
		const uint32_t symbol = inflate_symbol(in, &in->literals);

		if (symbol == INFLATE_BAD || inflate_is_over(in))
			return inflate_bad(err);
		if (symbol == INFLATE_END)
			return ST_OK;
		st = inflate_make_room(in, err);
		if (st != ST_OK)
			return st;
		if (symbol < INFLATE_END)
			in->out->bytes[in->len_bytes++] = (uint8_t)symbol;
		else
			st = inflate_match(in, symbol, err);
	}
	return st;
}

static enum status
inflate_fixed(struct inflate *in, struct err *err)
{
	uint8_t lens[INFLATE_LITERALS];
	uint8_t distances[INFLATE_DISTANCES];

	memset(lens, 8, 144);
	memset(lens + 144, 9, 112);
	memset(lens + 256, 7, 24);
	memset(lens + 280, 8, 8);
	memset(distances, 5, sizeof(distances));
	if (!inflate_make_code(&in->literals, lens, ARRAY_LEN(lens)) ||
	    !inflate_make_code(&in->distances, distances, ARRAY_LEN(distances)))
		return inflate_bad(err);
	return inflate_block(in, err);
}

/* How often the length that symbol stands for is meant. */
static size_t
inflate_repeat(struct inflate *in, uint32_t symbol)
{
	switch (symbol) {
	case 16:
		return 3 + inflate_take(in, 2);
	case 17:
		return 3 + inflate_take(in, 3);
	case 18:
		return 11 + inflate_take(in, 7);
	default:
		return 1;
	}
}

/* The lengths of both codes, themselves in a code (in->literals). */
static bool
inflate_read_lens(struct inflate *in, uint8_t *lens, size_t count)
{
	size_t at = 0;

	while (at < count) {
		const uint32_t symbol = inflate_symbol(in, &in->literals);
		uint8_t bits = symbol < 16 ? (uint8_t)symbol : 0;

		if (symbol > 18 || (symbol == 16 && at == 0) ||
		    inflate_is_over(in))
			return false;
		if (symbol == 16)
			bits = lens[at - 1];
		const size_t repeat = inflate_repeat(in, symbol);

		if (repeat > count - at)
			return false;
		memset(lens + at, bits, repeat);
		at += repeat;
	}
	return true;
}

static enum status
inflate_dynamic(struct inflate *in, struct err *err)
{
	static const uint8_t order[INFLATE_ORDER] = { 16, 17, 18, 0,  8, 7,  9,
						      6,  10, 5,  11, 4, 12, 3,
						      13, 2,  14, 1,  15 };
	uint8_t lens[INFLATE_LITERALS + INFLATE_DISTANCES] = { 0 };
	uint8_t small[INFLATE_ORDER] = { 0 };
	const size_t literals = 257 + inflate_take(in, 5);
	const size_t distances = 1 + inflate_take(in, 5);
	const size_t given = 4 + inflate_take(in, 4);

	for (size_t i = 0; i < given; i++)
		small[order[i]] = (uint8_t)inflate_take(in, 3);
	if (literals > INFLATE_LITERALS - 2 ||
	    !inflate_make_code(&in->literals, small, INFLATE_ORDER) ||
	    !inflate_read_lens(in, lens, literals + distances) ||
	    !inflate_make_code(&in->distances, lens + literals, distances) ||
	    !inflate_make_code(&in->literals, lens, literals))
		return inflate_bad(err);
	return inflate_block(in, err);
}

static enum status
inflate_run(struct inflate *in, struct err *err)
{
	enum status st = ST_OK;
	bool last = false;

	while (st == ST_OK && !last) {
		last = inflate_take(in, 1) != 0;
		switch (inflate_take(in, 2)) {
		case 0:
			st = inflate_stored(in, err);
			break;
		case 1:
			st = inflate_fixed(in, err);
			break;
		case 2:
			st = inflate_dynamic(in, err);
			break;
		default:
			st = inflate_bad(err);
			break;
		}
		/* An empty block costs time, too. */
		if (st == ST_OK && inflate_is_over(in))
			st = inflate_bad(err);
	}
	return st;
}

enum status
inflate64(struct span packed, const struct inflate64_budget *budget,
	  struct sbuf *out, size_t *used_out, struct err *err)
{
	struct inflate in = { .packed = packed, .budget = budget, .out = out };
	enum status st = sbuf_status(out, "inflate64", err);

	in.from_bytes = out->len_bytes;
	in.len_bytes = out->len_bytes;
	in.told_bytes = out->len_bytes;
	in.room_bytes = out->len_bytes;
	if (st == ST_OK)
		st = inflate_run(&in, err);
	if (st == ST_OK || st == ST_FORMAT) {
		struct err why = *err;
		const enum status told = inflate_tell(&in, &why);

		if (told != ST_OK) {
			st = told;
			*err = why;
		}
	}
	sbuf_truncate(out, in.len_bytes);
	/* Whole bytes that were read ahead are not used. */
	const size_t ahead = in.bit_count / 8;

	*used_out = in.at;
	if (ahead > in.missing_bytes)
		*used_out -= ahead - in.missing_bytes;
	return st;
}
