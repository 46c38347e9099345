#include "scanners/readers/inflate.h"

#include <string.h>

#include "scanners/readers/inflate_code.h"

#define INFLATE_INLINE static inline __attribute__((always_inline))

enum {
	INFLATE_STEP_BYTES = 64 * 1024, /* between two calls of spend() */
	INFLATE_STEP_PACKED = 16 * 1024,
	INFLATE_LONGEST_BYTES = 258,
	INFLATE_LONGEST_64_BYTES = 65538,
	INFLATE_WORD_BYTES = 8,
	INFLATE_PAIR_BYTES = 16,
	INFLATE_FULL_BITS = 56, /* that a refill leaves at least */
	/* Of a length, word and all, and of a distance of Deflate64. */
	INFLATE_DISTANCE_MOST_BITS = 29,
	/* What is looked at beyond: refills, and copies of whole words. */
	INFLATE_AHEAD_BYTES = 4 * INFLATE_WORD_BYTES,
	INFLATE_WASTE_BYTES = 64
};

enum inflate_stop {
	INFLATE_STOP_NONE = 0,
	INFLATE_STOP_MARGIN, /* near the end of packed or of the room */
	INFLATE_STOP_END,    /* of the block */
	INFLATE_STOP_BAD
};

/* Bits to come, the first one lowest. */
struct inflate_bits {
	uint64_t bits;
	unsigned count;
	size_t at; /* of packed, behind them */
};

struct inflate {
	bool is_64;
	struct span packed;
	struct inflate_bits in;
	size_t missing_bytes; /* made up behind the end of packed */
	size_t told_at;       /* of packed, as spend() was told */
	const struct inflate_budget *budget;
	struct sbuf *out;
	size_t from_bytes; /* in out before us */
	size_t len_bytes;  /* in out, ours and before */
	size_t told_bytes;
	size_t room_bytes; /* of out, as extended */
	uint32_t literals[INFLATE_LITERAL_ROOM];
	uint32_t distances[INFLATE_DISTANCE_ROOM];
};

static void
inflate_refill(struct inflate *inflate)
{
	struct inflate_bits *in = &inflate->in;

	while (in->count < INFLATE_FULL_BITS) {
		if (in->at < inflate->packed.len_bytes)
			in->bits |= (uint64_t)inflate->packed.ptr[in->at++]
				    << in->count;
		else
			inflate->missing_bytes++;
		in->count += 8;
	}
}

/* Bits were used that are not there. */
static bool
inflate_is_over(const struct inflate *inflate)
{
	return inflate->missing_bytes * 8 > inflate->in.count;
}

INFLATE_INLINE uint32_t
inflate_low(uint64_t bits, unsigned count)
{
	return (uint32_t)(bits & ((UINT64_C(1) << count) - 1));
}

INFLATE_INLINE void
inflate_skip(struct inflate_bits *in, unsigned count)
{
	in->bits >>= count;
	in->count -= count;
}

/* At most 32 bits. */
static uint32_t
inflate_take(struct inflate *inflate, unsigned count)
{
	inflate_refill(inflate);
	const uint32_t value = inflate_low(inflate->in.bits, count);

	inflate_skip(&inflate->in, count);
	return value;
}

/* The entry of the next word, which is skipped up to the entry's own bits. */
INFLATE_INLINE uint32_t
inflate_find(struct inflate_bits *in, const uint32_t *code, unsigned code_bits)
{
	const uint32_t entry = code[inflate_low(in->bits, code_bits)];

	if ((entry & INFLATE_ANOTHER) == 0 || (entry & INFLATE_TABLE) == 0)
		return entry;
	inflate_skip(in, code_bits);
	return code[(entry >> 16 & 0x7FFF) +
		    inflate_low(in->bits, entry >> 8 & 0xF)];
}

/* What an entry that is a number stands for, with the bits behind its word. */
INFLATE_INLINE size_t
inflate_number(struct inflate_bits *in, uint32_t entry)
{
	const uint32_t all = inflate_low(in->bits, entry & 0x3F);

	inflate_skip(in, entry & 0x3F);
	return (size_t)(entry >> 16) + (all >> (entry >> 8 & 0xF));
}

/* As inflate_find(), near the end. */
static uint32_t
inflate_find_slowly(struct inflate *inflate, const uint32_t *code,
		    unsigned code_bits)
{
	inflate_refill(inflate);
	const uint32_t entry = inflate_find(&inflate->in, code, code_bits);

	if ((entry & INFLATE_LITERAL) != 0)
		inflate_skip(&inflate->in, entry & 0xF);
	return entry;
}

/* Tell the budget what came out since the last time. */
static enum status
inflate_tell(struct inflate *inflate, struct err *err)
{
	const size_t made = inflate->len_bytes - inflate->told_bytes;
	const size_t used = inflate->in.at - inflate->told_at;

	inflate->told_bytes = inflate->len_bytes;
	inflate->told_at = inflate->in.at;
	return inflate->budget->spend(inflate->budget->context, made,
				      used > 0 ? used : 1, err);
}

INFLATE_INLINE size_t
inflate_longest(const struct inflate *inflate)
{
	return inflate->is_64 ? INFLATE_LONGEST_64_BYTES
			      : INFLATE_LONGEST_BYTES;
}

/* Room for so many bytes more, and some to write beyond them. */
static enum status
inflate_make_room(struct inflate *inflate, size_t len_bytes, struct err *err)
{
	const size_t need = len_bytes + INFLATE_WASTE_BYTES;
	enum status st = ST_OK;

	if (inflate->room_bytes - inflate->len_bytes >= need)
		return ST_OK;
	st = inflate_tell(inflate, err);
	if (st != ST_OK)
		return st;
	if (sbuf_extend(inflate->out, need + INFLATE_STEP_BYTES) == NULL)
		return sbuf_status(inflate->out, "inflate", err);
	inflate->room_bytes = inflate->out->len_bytes;
	return ST_OK;
}

static enum status
inflate_bad(struct err *err)
{
	return err_set(err, ST_FORMAT, "inflate: damaged");
}

static enum status
inflate_stored(struct inflate *inflate, struct err *err)
{
	struct inflate_bits *in = &inflate->in;
	struct span bytes = { 0 };
	enum status st = ST_OK;

	(void)inflate_take(inflate, in->count % 8);
	const size_t left = inflate_take(inflate, 16);
	const uint32_t check = inflate_take(inflate, 16);

	if ((left ^ 0xFFFF) != check || inflate_is_over(inflate))
		return inflate_bad(err);
	/* What was read ahead is read again. */
	in->at -= in->count / 8 - inflate->missing_bytes;
	inflate->missing_bytes = 0;
	in->bits = 0;
	in->count = 0;
	const size_t there = inflate->packed.len_bytes - in->at;

	(void)span_cut(inflate->packed, in->at, left < there ? left : there,
		       &bytes);
	st = inflate_make_room(inflate, bytes.len_bytes, err);
	if (st != ST_OK)
		return st;
	if (bytes.len_bytes > 0)
		memcpy(inflate->out->bytes + inflate->len_bytes, bytes.ptr,
		       bytes.len_bytes);
	inflate->len_bytes += bytes.len_bytes;
	in->at += bytes.len_bytes;
	return left > there ? inflate_bad(err) : ST_OK;
}

/* Words at a time; more is written than is meant, into room. */
INFLATE_INLINE void
inflate_copy(uint8_t *to, size_t distance, size_t len)
{
	const uint8_t *from = to - distance;
	uint8_t *const end = to + len;

	/* Most: two words from further away. */
	if (distance >= INFLATE_PAIR_BYTES) {
		do {
			uint8_t pair[INFLATE_PAIR_BYTES];

			memcpy(pair, from, sizeof(pair));
			memcpy(to, pair, sizeof(pair));
			to += INFLATE_PAIR_BYTES;
			from += INFLATE_PAIR_BYTES;
		} while (to < end);
		return;
	}
	/* Of a distance below 8, that many bytes are right each time. */
	const size_t step =
		distance < INFLATE_WORD_BYTES ? distance : INFLATE_WORD_BYTES;

	while (to < end) {
		uint64_t word = 0;

		memcpy(&word, from, sizeof(word));
		memcpy(to, &word, sizeof(word));
		to += step;
		from += step;
	}
}

/* A match of this many bytes; there is room for it. */
INFLATE_INLINE bool
inflate_match(struct inflate *inflate, size_t len_bytes, size_t len,
	      size_t distance)
{
	uint8_t *to = inflate->out->bytes + len_bytes;

	if (distance > len_bytes - inflate->from_bytes)
		return false;
	if (distance == 1)
		memset(to, to[-1], len);
	else
		inflate_copy(to, distance, len);
	return true;
}

INFLATE_INLINE void
inflate_refill_fast(struct inflate_bits *in, const uint8_t *packed)
{
	uint64_t word = 0;

	memcpy(&word, packed + in->at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	in->bits |= word << in->count;
	in->at += (63 - in->count) / 8;
	in->count |= INFLATE_FULL_BITS;
}

/* Up to three bytes that stand for themselves, as one refill has bits for; the
 * entry behind them, whose word is not skipped. */
INFLATE_INLINE uint32_t
inflate_literals(struct inflate_bits *in, const uint32_t *code, uint8_t *out,
		 size_t *len_bytes)
{
	uint32_t entry = 0;

	for (unsigned i = 0; i < 3; i++) {
		entry = inflate_find(in, code, INFLATE_LITERAL_BITS);
		if ((entry & INFLATE_LITERAL) == 0)
			return entry;
		inflate_skip(in, entry & 0xF);
		out[(*len_bytes)++] = (uint8_t)(entry >> 16);
	}
	return entry;
}

/* Words, while there is much of everything. */
static enum inflate_stop
inflate_fast(struct inflate *inflate)
{
	const uint8_t *packed = inflate->packed.ptr;
	uint8_t *out = inflate->out->bytes;
	struct inflate_bits in = inflate->in;
	size_t len_bytes = inflate->len_bytes;
	enum inflate_stop stop = INFLATE_STOP_MARGIN;
	const size_t least = inflate_longest(inflate) + INFLATE_WASTE_BYTES;

	while (inflate->packed.len_bytes - in.at >= INFLATE_AHEAD_BYTES &&
	       inflate->room_bytes - len_bytes >= least) {
		inflate_refill_fast(&in, packed);
		const uint32_t entry = inflate_literals(&in, inflate->literals,
							out, &len_bytes);

		if ((entry & INFLATE_LITERAL) != 0)
			continue;
		if ((entry & INFLATE_ANOTHER) != 0) {
			stop = (entry & INFLATE_END) != 0 ? INFLATE_STOP_END
							  : INFLATE_STOP_BAD;
			inflate_skip(&in, entry & 0xF);
			break;
		}
		inflate_refill_fast(&in, packed);
		const size_t len = inflate_number(&in, entry);

		if (in.count < INFLATE_DISTANCE_MOST_BITS)
			inflate_refill_fast(&in, packed);
		const uint32_t far = inflate_find(&in, inflate->distances,
						  INFLATE_DISTANCE_BITS);

		if ((far & INFLATE_ANOTHER) != 0 ||
		    !inflate_match(inflate, len_bytes, len,
				   inflate_number(&in, far))) {
			stop = INFLATE_STOP_BAD;
			break;
		}
		len_bytes += len;
	}
	in.bits &= (UINT64_C(1) << in.count) - 1;
	inflate->in = in;
	inflate->len_bytes = len_bytes;
	return stop;
}

/* One word near the end, and what belongs to it. */
static enum inflate_stop
inflate_slowly(struct inflate *inflate)
{
	uint32_t entry = inflate_find_slowly(inflate, inflate->literals,
					     INFLATE_LITERAL_BITS);

	if ((entry & INFLATE_LITERAL) != 0) {
		if (inflate_is_over(inflate))
			return INFLATE_STOP_BAD;
		inflate->out->bytes[inflate->len_bytes++] =
			(uint8_t)(entry >> 16);
		return INFLATE_STOP_MARGIN;
	}
	if ((entry & INFLATE_ANOTHER) != 0) {
		inflate_skip(&inflate->in, entry & 0xF);
		return (entry & INFLATE_END) != 0 && !inflate_is_over(inflate)
			       ? INFLATE_STOP_END
			       : INFLATE_STOP_BAD;
	}
	const size_t len = inflate_number(&inflate->in, entry);

	inflate_refill(inflate);
	entry = inflate_find(&inflate->in, inflate->distances,
			     INFLATE_DISTANCE_BITS);
	if ((entry & INFLATE_ANOTHER) != 0)
		return INFLATE_STOP_BAD;
	const size_t distance = inflate_number(&inflate->in, entry);

	if (inflate_is_over(inflate) ||
	    !inflate_match(inflate, inflate->len_bytes, len, distance))
		return INFLATE_STOP_BAD;
	inflate->len_bytes += len;
	return INFLATE_STOP_MARGIN;
}

static enum status
inflate_block(struct inflate *inflate, struct err *err)
{
	const size_t longest = inflate_longest(inflate);
	enum status st = ST_OK;

	while (st == ST_OK) {
		enum inflate_stop stop = INFLATE_STOP_NONE;

		st = inflate_make_room(inflate, longest, err);
		if (st != ST_OK)
			return st;
		stop = inflate_fast(inflate);
		if (stop == INFLATE_STOP_MARGIN)
			st = inflate_make_room(inflate, longest, err);
		if (stop == INFLATE_STOP_MARGIN && st == ST_OK)
			stop = inflate_slowly(inflate);
		if (stop == INFLATE_STOP_BAD)
			return inflate_bad(err);
		if (stop == INFLATE_STOP_END)
			return ST_OK;
	}
	return st;
}

static bool
inflate_make_codes(struct inflate *inflate, const uint8_t *literal_lens,
		   size_t literals, const uint8_t *distance_lens,
		   size_t distances)
{
	return inflate_code_make(inflate->literals,
				 inflate->is_64 ? INFLATE_OF_LITERALS_64
						: INFLATE_OF_LITERALS,
				 literal_lens, literals) &&
	       inflate_code_make(inflate->distances,
				 inflate->is_64 ? INFLATE_OF_DISTANCES_64
						: INFLATE_OF_DISTANCES,
				 distance_lens, distances);
}

static enum status
inflate_fixed(struct inflate *inflate, struct err *err)
{
	uint8_t lens[INFLATE_LITERALS];
	uint8_t distances[INFLATE_DISTANCES];

	memset(lens, 8, 144);
	memset(lens + 144, 9, 112);
	memset(lens + 256, 7, 24);
	memset(lens + 280, 8, 8);
	memset(distances, 5, sizeof(distances));
	if (!inflate_make_codes(inflate, lens, INFLATE_LITERALS, distances,
				INFLATE_DISTANCES))
		return inflate_bad(err);
	return inflate_block(inflate, err);
}

/* How often the length that symbol stands for is meant. */
static size_t
inflate_repeat(struct inflate *inflate, uint32_t symbol)
{
	switch (symbol) {
	case 16:
		return 3 + inflate_take(inflate, 2);
	case 17:
		return 3 + inflate_take(inflate, 3);
	case 18:
		return 11 + inflate_take(inflate, 7);
	default:
		return 1;
	}
}

/* The lengths of both codes, themselves in a code (literals). */
static bool
inflate_read_lens(struct inflate *inflate, uint8_t *lens, size_t count)
{
	size_t at = 0;

	while (at < count) {
		const uint32_t entry = inflate_find_slowly(
			inflate, inflate->literals, INFLATE_LEN_BITS);
		const uint32_t symbol = entry >> 16 & 0xFF;
		uint8_t bits = symbol < 16 ? (uint8_t)symbol : 0;

		if ((entry & INFLATE_LITERAL) == 0 ||
		    (symbol == 16 && at == 0) || inflate_is_over(inflate))
			return false;
		if (symbol == 16)
			bits = lens[at - 1];
		const size_t repeat = inflate_repeat(inflate, symbol);

		if (repeat > count - at)
			return false;
		memset(lens + at, bits, repeat);
		at += repeat;
	}
	return true;
}

static enum status
inflate_dynamic(struct inflate *inflate, struct err *err)
{
	static const uint8_t order[INFLATE_LENS] = { 16, 17, 18, 0,  8, 7,  9,
						     6,  10, 5,  11, 4, 12, 3,
						     13, 2,  14, 1,  15 };
	enum { MOST_LITERALS = 286, MOST_DISTANCES = 30, END = 256 };
	uint8_t lens[INFLATE_LITERALS + INFLATE_DISTANCES] = { 0 };
	uint8_t small[INFLATE_LENS] = { 0 };
	const size_t literals = 257 + inflate_take(inflate, 5);
	const size_t distances = 1 + inflate_take(inflate, 5);
	const size_t given = 4 + inflate_take(inflate, 4);

	for (size_t i = 0; i < given; i++)
		small[order[i]] = (uint8_t)inflate_take(inflate, 3);
	if (literals > MOST_LITERALS ||
	    (distances > MOST_DISTANCES && !inflate->is_64) ||
	    !inflate_code_make(inflate->literals, INFLATE_OF_LENS, small,
			       INFLATE_LENS) ||
	    !inflate_read_lens(inflate, lens, literals + distances) ||
	    lens[END] == 0 ||
	    !inflate_make_codes(inflate, lens, literals, lens + literals,
				distances))
		return inflate_bad(err);
	return inflate_block(inflate, err);
}

static enum status
inflate_one_block(struct inflate *inflate, struct err *err)
{
	switch (inflate_take(inflate, 2)) {
	case 0:
		return inflate_stored(inflate, err);
	case 1:
		return inflate_fixed(inflate, err);
	case 2:
		return inflate_dynamic(inflate, err);
	default:
		return inflate_bad(err);
	}
}

static enum status
inflate_run(struct inflate *inflate, struct err *err)
{
	enum status st = ST_OK;
	bool last = false;

	while (st == ST_OK && !last) {
		last = inflate_take(inflate, 1) != 0;
		st = inflate_one_block(inflate, err);
		if (st == ST_OK && inflate_is_over(inflate))
			st = inflate_bad(err);
		/* An empty block costs time, too. */
		if (st == ST_OK &&
		    inflate->in.at - inflate->told_at >= INFLATE_STEP_PACKED)
			st = inflate_tell(inflate, err);
	}
	return st;
}

enum status
inflate_unpack(enum inflate_form form, struct span packed,
	       const struct inflate_budget *budget, struct sbuf *out,
	       size_t *used_out, struct err *err)
{
	struct inflate inflate; /* its tables are made when they are needed */
	enum status st = sbuf_status(out, "inflate", err);

	inflate.is_64 = form == INFLATE_DEFLATE64;
	inflate.packed = packed;
	inflate.in = (struct inflate_bits){ 0 };
	inflate.missing_bytes = 0;
	inflate.told_at = 0;
	inflate.budget = budget;
	inflate.out = out;
	inflate.from_bytes = out->len_bytes;
	inflate.len_bytes = out->len_bytes;
	inflate.told_bytes = out->len_bytes;
	inflate.room_bytes = out->len_bytes;
	if (st == ST_OK)
		st = inflate_run(&inflate, err);
	if (st == ST_OK || st == ST_FORMAT) {
		struct err why = *err;
		const enum status told = inflate_tell(&inflate, &why);

		if (told != ST_OK) {
			st = told;
			*err = why;
		}
	}
	sbuf_truncate(out, inflate.len_bytes);
	/* Whole bytes that were read ahead are not used. */
	const size_t ahead = inflate.in.count / 8;

	*used_out = inflate.in.at;
	if (ahead > inflate.missing_bytes)
		*used_out -= ahead - inflate.missing_bytes;
	return st;
}
