#include "scanners/ciphers/lzma.h"

#include <stdlib.h>
#include <string.h>

enum {
	LZMA_HALF = 1 << 10, /* of a probability */
	LZMA_PROB_BITS = 11,
	LZMA_MOVE_BITS = 5,
	LZMA_TOP = 1 << 24,
	LZMA_STATES = 12,
	LZMA_POSITIONS = 16,
	LZMA_LENGTH_PROBS = 2 + 2 * LZMA_POSITIONS * 8 + 256,
	LZMA_LENGTH_LOW = 2,
	LZMA_LENGTH_MIDDLE = LZMA_LENGTH_LOW + LZMA_POSITIONS * 8,
	LZMA_LENGTH_HIGH = LZMA_LENGTH_MIDDLE + LZMA_POSITIONS * 8,
	LZMA_LEAST = 2, /* bytes of a match */
	LZMA_MAX_PROPS = 9 * 5 * 5,
	LZMA_START_BYTES = 5,
	LZMA_LITERAL_STATES = 7, /* below: a literal came last */
	LZMA_LITERAL_PROBS = 0x300,
	LZMA_DIRECT_SLOT = 14,
	LZMA_ALIGN_BITS = 4,
	LZMA2_MAX_SUM = 4 /* lc + lp */
};

typedef uint16_t lzma_prob;

struct lzma_probs {
	lzma_prob match[LZMA_STATES][LZMA_POSITIONS];
	lzma_prob rep[LZMA_STATES];
	lzma_prob rep0[LZMA_STATES];
	lzma_prob rep1[LZMA_STATES];
	lzma_prob rep2[LZMA_STATES];
	lzma_prob rep0_long[LZMA_STATES][LZMA_POSITIONS];
	lzma_prob slot[4][64];
	lzma_prob special[128];
	lzma_prob align[1 << LZMA_ALIGN_BITS];
	lzma_prob length[LZMA_LENGTH_PROBS];
	lzma_prob rep_length[LZMA_LENGTH_PROBS];
};

struct lzma {
	struct lzma_probs probs;
	lzma_prob *literals; /* LZMA_LITERAL_PROBS << (lc + lp) */
	size_t literal_count;
	unsigned lc;
	unsigned lp;
	unsigned pb;
	unsigned state;
	uint32_t reps[4];
	uint32_t range;
	uint32_t code;
	struct span in;
	size_t at;
	bool cut; /* a byte was wanted that is not there */
	uint8_t *out;
	size_t len;
	size_t room;
	size_t base; /* where the dictionary starts */
};

static void
lzma_reset_probs(lzma_prob *probs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		probs[i] = LZMA_HALF;
}

static void
lzma_reset(struct lzma *lzma)
{
	lzma_reset_probs((lzma_prob *)(void *)&lzma->probs,
			 sizeof(lzma->probs) / sizeof(lzma_prob));
	lzma_reset_probs(lzma->literals, lzma->literal_count);
	memset(lzma->reps, 0, sizeof(lzma->reps));
	lzma->state = 0;
}

/* False: no such properties. */
static bool
lzma_set_props(struct lzma *lzma, uint8_t props)
{
	if (props >= LZMA_MAX_PROPS)
		return false;
	lzma->lc = props % 9;
	lzma->lp = props / 9 % 5;
	lzma->pb = props / 45;
	const size_t count = (size_t)LZMA_LITERAL_PROBS
			     << (lzma->lc + lzma->lp);

	if (count > lzma->literal_count) {
		lzma_prob *more =
			reallocarray(lzma->literals, count, sizeof(*more));

		if (more == NULL)
			return false;
		lzma->literals = more;
		lzma->literal_count = count;
	}
	lzma_reset(lzma);
	return true;
}

static uint8_t
lzma_byte(struct lzma *lzma)
{
	if (lzma->at < lzma->in.len_bytes)
		return lzma->in.ptr[lzma->at++];
	lzma->cut = true;
	return 0;
}

/* The range coder; false when its first byte is not 0. */
static bool
lzma_start(struct lzma *lzma)
{
	const uint8_t first = lzma_byte(lzma);

	lzma->range = UINT32_MAX;
	lzma->code = 0;
	for (size_t i = 1; i < LZMA_START_BYTES; i++)
		lzma->code = lzma->code << 8 | lzma_byte(lzma);
	return first == 0;
}

static void
lzma_normalize(struct lzma *lzma)
{
	if (lzma->range >= LZMA_TOP)
		return;
	lzma->range <<= 8;
	lzma->code = lzma->code << 8 | lzma_byte(lzma);
}

static unsigned
lzma_bit(struct lzma *lzma, lzma_prob *prob)
{
	const uint32_t bound = (lzma->range >> LZMA_PROB_BITS) * *prob;
	const bool bit = lzma->code >= bound;

	if (bit) {
		lzma->range -= bound;
		lzma->code -= bound;
		*prob = (lzma_prob)(*prob - (*prob >> LZMA_MOVE_BITS));
	} else {
		lzma->range = bound;
		*prob = (lzma_prob)(*prob + (((1 << LZMA_PROB_BITS) - *prob) >>
					     LZMA_MOVE_BITS));
	}
	lzma_normalize(lzma);
	return bit ? 1 : 0;
}

static uint32_t
lzma_tree(struct lzma *lzma, lzma_prob *probs, unsigned bits)
{
	uint32_t m = 1;

	for (unsigned i = 0; i < bits; i++)
		m = m << 1 | lzma_bit(lzma, &probs[m]);
	return m - (1U << bits);
}

static uint32_t
lzma_tree_back(struct lzma *lzma, lzma_prob *probs, unsigned bits)
{
	uint32_t m = 1;
	uint32_t value = 0;

	for (unsigned i = 0; i < bits; i++) {
		const unsigned bit = lzma_bit(lzma, &probs[m]);

		m = m << 1 | bit;
		value |= (uint32_t)bit << i;
	}
	return value;
}

static uint32_t
lzma_direct(struct lzma *lzma, unsigned bits)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < bits; i++) {
		lzma->range >>= 1;
		const bool bit = lzma->code >= lzma->range;

		if (bit)
			lzma->code -= lzma->range;
		value = value << 1 | (bit ? 1 : 0);
		lzma_normalize(lzma);
	}
	return value;
}

static uint32_t
lzma_length(struct lzma *lzma, lzma_prob *probs, unsigned position)
{
	if (lzma_bit(lzma, &probs[0]) == 0)
		return lzma_tree(lzma, probs + LZMA_LENGTH_LOW + position * 8,
				 3);
	if (lzma_bit(lzma, &probs[1]) == 0)
		return 8 + lzma_tree(lzma,
				     probs + LZMA_LENGTH_MIDDLE + position * 8,
				     3);
	return 16 + lzma_tree(lzma, probs + LZMA_LENGTH_HIGH, 8);
}

static uint32_t
lzma_distance(struct lzma *lzma, uint32_t length)
{
	const uint32_t slot =
		lzma_tree(lzma, lzma->probs.slot[length < 4 ? length : 3], 6);

	if (slot < 4)
		return slot;
	const unsigned bits = (slot >> 1) - 1;
	const uint32_t base = (2 | (slot & 1)) << bits;

	if (slot < LZMA_DIRECT_SLOT)
		return base + lzma_tree_back(lzma,
					     lzma->probs.special + base - slot,
					     bits);
	const uint32_t high = lzma_direct(lzma, bits - LZMA_ALIGN_BITS);

	return base + (high << LZMA_ALIGN_BITS) +
	       lzma_tree_back(lzma, lzma->probs.align, LZMA_ALIGN_BITS);
}

static void
lzma_literal(struct lzma *lzma)
{
	const size_t position = lzma->len - lzma->base;
	const unsigned before = position > 0 ? lzma->out[lzma->len - 1] : 0;
	const size_t which = ((position & ((1U << lzma->lp) - 1)) << lzma->lc) +
			     (before >> (8 - lzma->lc));
	lzma_prob *probs = lzma->literals + LZMA_LITERAL_PROBS * which;
	uint32_t symbol = 1;

	if (lzma->state >= LZMA_LITERAL_STATES) {
		unsigned match = lzma->out[lzma->len - lzma->reps[0] - 1];

		while (symbol < 0x100) {
			const unsigned match_bit = match >> 7 & 1;
			const unsigned bit = lzma_bit(
				lzma, &probs[((1 + match_bit) << 8) + symbol]);

			match <<= 1;
			symbol = symbol << 1 | bit;
			if (match_bit != bit)
				break;
		}
	}
	while (symbol < 0x100)
		symbol = symbol << 1 | lzma_bit(lzma, &probs[symbol]);
	lzma->out[lzma->len++] = (uint8_t)symbol;
	if (lzma->state < 4)
		lzma->state = 0;
	else
		lzma->state -= lzma->state < 10 ? 3 : 6;
}

/* Copy a match; false when it reaches before the start. */
static bool
lzma_copy(struct lzma *lzma, uint32_t length)
{
	if (lzma->reps[0] >= lzma->len - lzma->base)
		return false;
	for (uint32_t i = 0; i < length && lzma->len < lzma->room; i++) {
		lzma->out[lzma->len] = lzma->out[lzma->len - lzma->reps[0] - 1];
		lzma->len++;
	}
	return true;
}

/* Which of the last distances it is, and how long. */
static uint32_t
lzma_repeat(struct lzma *lzma, unsigned position)
{
	struct lzma_probs *probs = &lzma->probs;
	uint32_t distance = lzma->reps[0];

	if (lzma_bit(lzma, &probs->rep0[lzma->state]) == 0) {
		if (lzma_bit(lzma, &probs->rep0_long[lzma->state][position]) ==
		    0) {
			lzma->state =
				lzma->state < LZMA_LITERAL_STATES ? 9 : 11;
			return 1;
		}
	} else {
		if (lzma_bit(lzma, &probs->rep1[lzma->state]) == 0) {
			distance = lzma->reps[1];
		} else {
			if (lzma_bit(lzma, &probs->rep2[lzma->state]) == 0) {
				distance = lzma->reps[2];
			} else {
				distance = lzma->reps[3];
				lzma->reps[3] = lzma->reps[2];
			}
			lzma->reps[2] = lzma->reps[1];
		}
		lzma->reps[1] = lzma->reps[0];
		lzma->reps[0] = distance;
	}
	lzma->state = lzma->state < LZMA_LITERAL_STATES ? 8 : 11;
	return LZMA_LEAST + lzma_length(lzma, probs->rep_length, position);
}

static uint32_t
lzma_match(struct lzma *lzma, unsigned position)
{
	const uint32_t length = lzma_length(lzma, lzma->probs.length, position);

	lzma->reps[3] = lzma->reps[2];
	lzma->reps[2] = lzma->reps[1];
	lzma->reps[1] = lzma->reps[0];
	lzma->reps[0] = lzma_distance(lzma, length);
	lzma->state = lzma->state < LZMA_LITERAL_STATES ? 7 : 10;
	return LZMA_LEAST + length;
}

/* Until limit is reached, or it ends. */
static enum lzma_end
lzma_run(struct lzma *lzma, size_t limit)
{
	while (lzma->len < limit) {
		const unsigned position = (unsigned)(lzma->len - lzma->base) &
					  ((1U << lzma->pb) - 1);
		uint32_t length = 0;

		if (lzma->cut)
			return LZMA_CUT;
		if (lzma_bit(lzma, &lzma->probs.match[lzma->state][position]) ==
		    0) {
			/* A dictionary may have begun anew since the match. */
			if (lzma->state >= LZMA_LITERAL_STATES &&
			    lzma->reps[0] >= lzma->len - lzma->base)
				return LZMA_WRONG;
			lzma_literal(lzma);
			continue;
		}
		if (lzma_bit(lzma, &lzma->probs.rep[lzma->state]) != 0)
			length = lzma_repeat(lzma, position);
		else
			length = lzma_match(lzma, position);
		if (lzma->reps[0] == UINT32_MAX)
			return LZMA_ENDED;
		if (!lzma_copy(lzma, length))
			return lzma->cut ? LZMA_CUT : LZMA_WRONG;
	}
	return LZMA_FULL;
}

enum status
lzma_unpack(struct span props, struct span in, uint8_t *out, size_t room_bytes,
	    struct lzma_result *result_out, struct err *err)
{
	struct lzma *lzma = calloc(1, sizeof(*lzma));

	if (lzma == NULL)
		return err_set(err, ST_NO_MEMORY, "lzma: no memory");
	lzma->in = in;
	lzma->out = out;
	lzma->room = room_bytes;
	result_out->end = LZMA_WRONG;
	if (props.len_bytes > 0 && lzma_set_props(lzma, props.ptr[0]) &&
	    lzma_start(lzma))
		result_out->end = lzma_run(lzma, room_bytes);
	result_out->len_bytes = lzma->len;
	free(lzma->literals);
	explicit_bzero(lzma, sizeof(*lzma));
	free(lzma);
	return ST_OK;
}

/* Sizes of a chunk: two bytes in big-endian, and one more. */
static size_t
lzma2_size(struct lzma *lzma, unsigned high)
{
	const size_t first = lzma_byte(lzma);

	return ((size_t)high << 16 | first << 8 | lzma_byte(lzma)) + 1;
}

static enum lzma_end
lzma2_stored(struct lzma *lzma, unsigned control)
{
	size_t size = lzma2_size(lzma, 0);

	if (control == 1)
		lzma->base = lzma->len;
	if (lzma->cut)
		return LZMA_CUT;
	for (; size > 0 && lzma->len < lzma->room; size--) {
		lzma->out[lzma->len] = lzma_byte(lzma);
		if (lzma->cut)
			return LZMA_CUT;
		lzma->len++;
	}
	return LZMA_FULL;
}

static enum lzma_end
lzma2_packed(struct lzma *lzma, unsigned control)
{
	const size_t size = lzma2_size(lzma, control & 0x1F);
	const size_t packed = lzma2_size(lzma, 0);
	const unsigned reset = control >> 5 & 3;

	if (reset == 3)
		lzma->base = lzma->len;
	if (reset >= 2 && (!lzma_set_props(lzma, lzma_byte(lzma)) ||
			   lzma->lc + lzma->lp > LZMA2_MAX_SUM))
		return LZMA_WRONG;
	if (lzma->literals == NULL)
		return LZMA_WRONG;
	if (reset == 1)
		lzma_reset(lzma);
	const size_t start = lzma->at;
	const size_t limit =
		size < lzma->room - lzma->len ? lzma->len + size : lzma->room;

	if (!lzma_start(lzma))
		return LZMA_WRONG;
	const enum lzma_end end = lzma_run(lzma, limit);

	if (end == LZMA_FULL && limit < lzma->room &&
	    lzma->at - start != packed)
		return LZMA_WRONG;
	return end == LZMA_ENDED ? LZMA_WRONG : end;
}

static enum lzma_end
lzma2_run(struct lzma *lzma)
{
	enum lzma_end end = LZMA_FULL;
	bool begun = false;

	while (end == LZMA_FULL && lzma->len < lzma->room) {
		const unsigned control = lzma_byte(lzma);

		if (lzma->cut)
			return LZMA_CUT;
		if (control == 0)
			return LZMA_ENDED;
		/* The first one starts a dictionary. */
		if ((!begun && control != 1 && control < 0xE0) ||
		    (control > 2 && control < 0x80))
			return LZMA_WRONG;
		begun = true;
		end = control < 0x80 ? lzma2_stored(lzma, control)
				     : lzma2_packed(lzma, control);
	}
	return end;
}

enum status
lzma2_unpack(struct span in, uint8_t *out, size_t room_bytes,
	     struct lzma_result *result_out, struct err *err)
{
	struct lzma *lzma = calloc(1, sizeof(*lzma));

	if (lzma == NULL)
		return err_set(err, ST_NO_MEMORY, "lzma: no memory");
	lzma->in = in;
	lzma->out = out;
	lzma->room = room_bytes;
	result_out->end = lzma2_run(lzma);
	result_out->len_bytes = lzma->len;
	free(lzma->literals);
	explicit_bzero(lzma, sizeof(*lzma));
	free(lzma);
	return ST_OK;
}
