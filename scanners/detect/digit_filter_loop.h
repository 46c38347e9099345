/*
 * digit_filter_loop.h - the search of digit_filter.h over masks of blocks.
 *
 * Layer:    scanners/detect; the inside of digit_filter.h
 * Threads:  values; no shared state
 *
 * Included by each file that can classify a block: what is here is made into
 * that file's search, for its processor.
 */
#ifndef SCANNERS_DETECT_DIGIT_FILTER_LOOP_H
#define SCANNERS_DETECT_DIGIT_FILTER_LOOP_H

#include <string.h>

#include "scanners/detect/digit_classes.h"
#include "scanners/detect/digit_filter.h"

#define DIGIT_FILTER_INLINE static inline __attribute__((always_inline))

enum { DIGIT_FILTER_LEAST = 12 };

/* At least DIGIT_BLOCK_BYTES + DIGIT_BLOCK_AHEAD bytes at block are there. */
typedef struct digit_masks
digit_classify(const struct digit_classes *classes, const uint8_t *block);
/* Where ranges go. */
struct digit_room {
	struct digit_range *ranges;
	size_t max_count;
};

/* Fill room with ranges from at on; when there are fewer, there are no more.
 * Returns how many. */
typedef size_t
digit_search(const struct digit_classes *classes, struct span text, size_t at,
	     struct digit_room room);

/* What is known before a block: digits since the last break. */
struct digit_run {
	size_t start_at; /* behind that break */
	size_t count;
};

DIGIT_FILTER_INLINE size_t
digit_count(uint64_t bits)
{
	return (size_t)__builtin_popcountll(bits);
}

/* Bits before the lowest one of bits; all when there is none. */
DIGIT_FILTER_INLINE uint64_t
digit_below(uint64_t bits)
{
	return (bits & (0 - bits)) - 1;
}

/* Starts of twelve bits in a row. */
DIGIT_FILTER_INLINE uint64_t
digit_twelves(uint64_t bits)
{
	bits &= bits >> 1;
	bits &= bits >> 2;
	bits &= bits >> 4;
	return bits & bits >> 4;
}

/* A run of enough digits in the block at at: where it starts goes to *run, and
 * *inside_out says what of the block is in it. False when there is none. */
typedef bool digit_find(struct digit_run *run, const struct digit_masks *masks,
			size_t at, uint64_t *inside_out);

/* The run behind the last break of the block at at. */
DIGIT_FILTER_INLINE void
digit_run_on(struct digit_run *run, const struct digit_masks *masks, size_t at)
{
	if (masks->breaks == 0) {
		run->count += digit_count(masks->digits);
		return;
	}
	const unsigned last = 63 - (unsigned)__builtin_clzll(masks->breaks);

	run->start_at = at + last + 1;
	run->count = digit_count(masks->digits >> last);
}

/* By its definition; most blocks do not have so many digits. */
DIGIT_FILTER_INLINE bool
digit_find_plainly(struct digit_run *run, const struct digit_masks *masks,
		   size_t at, uint64_t *inside_out)
{
	const uint64_t head = digit_below(masks->breaks);
	uint64_t starts = digit_twelves(~masks->breaks) & ~head;

	if (run->count + digit_count(masks->digits) < DIGIT_FILTER_LEAST)
		return false;
	*inside_out = head;
	if (run->count + digit_count(masks->digits & head) >=
	    DIGIT_FILTER_LEAST)
		return true;
	while (starts != 0) {
		const unsigned first = (unsigned)__builtin_ctzll(starts);
		const uint64_t behind = UINT64_MAX << first;
		const uint64_t inside =
			digit_below(masks->breaks & behind) & behind;

		if (digit_count(masks->digits & inside) >= DIGIT_FILTER_LEAST) {
			run->start_at = at + first;
			*inside_out = inside;
			return true;
		}
		starts &= ~inside;
	}
	return false;
}

/* The masks of the block at at; a last, short one ends with a break. */
DIGIT_FILTER_INLINE struct digit_masks
digit_block(const struct digit_classes *classes, struct span text, size_t at,
	    digit_classify *classify)
{
	uint8_t last[DIGIT_BLOCK_BYTES + DIGIT_BLOCK_AHEAD];
	const size_t left = text.len_bytes - at;

	if (left >= sizeof(last))
		return classify(classes, text.ptr + at);
	memset(last, 'x', sizeof(last));
	memcpy(last, text.ptr + at, left);
	return classify(classes, last);
}

/* Where the run ends that is open at the end of the block before at. */
DIGIT_FILTER_INLINE size_t
digit_run_end(const struct digit_classes *classes, struct span text, size_t at,
	      digit_classify *classify)
{
	for (; at < text.len_bytes; at += DIGIT_BLOCK_BYTES) {
		const struct digit_masks masks =
			digit_block(classes, text, at, classify);

		if (masks.breaks != 0) {
			at += (size_t)__builtin_ctzll(masks.breaks);
			break;
		}
	}
	return at < text.len_bytes ? at : text.len_bytes;
}

/* The digits of a range that lies in the block at at, when they stand side by
 * side. */
DIGIT_FILTER_INLINE void
digit_range_set(struct digit_range *range, uint64_t digits, size_t at)
{
	const unsigned first = (unsigned)__builtin_ctzll(digits);
	const uint64_t behind = (digits >> first) + 1;

	range->digits_at = at + first;
	range->digit_count =
		(behind & (behind - 1)) == 0 ? digit_count(digits) : 0;
}

/* The range whose bytes of the block at at are inside, to *range_out; its end
 * is the break behind, in this block or later. False when it is later. */
DIGIT_FILTER_INLINE bool
digit_range_of(const struct digit_run *run, const struct digit_masks *masks,
	       uint64_t inside, size_t at, struct digit_range *range_out)
{
	const uint64_t behind = masks->breaks & ~(digit_below(inside) | inside);

	range_out->start_at = run->start_at;
	range_out->digit_count = 0;
	if (behind == 0)
		return false;
	range_out->end_at = at + (size_t)__builtin_ctzll(behind);
	/* What goes on from before starts at bit 0. */
	if ((inside & 1) == 0 || run->count == 0)
		digit_range_set(range_out, masks->digits & inside, at);
	return true;
}

/* Leave out what is before and in inside: as if it were breaks. */
DIGIT_FILTER_INLINE void
digit_masks_pass(struct digit_masks *masks, uint64_t inside)
{
	const uint64_t done = digit_below(inside) | inside;

	masks->breaks |= done;
	masks->digits &= ~done;
}

DIGIT_FILTER_INLINE size_t
digit_filter_search(const struct digit_classes *classes, struct span text,
		    size_t at, struct digit_room room, digit_classify *classify,
		    digit_find *find)
{
	struct digit_run run = { at, 0 };
	uint64_t inside = 0;
	size_t count = 0;

	while (at < text.len_bytes) {
		struct digit_masks masks =
			digit_block(classes, text, at, classify);

		while (find(&run, &masks, at, &inside)) {
			struct digit_range *range = &room.ranges[count];

			if (!digit_range_of(&run, &masks, inside, at, range))
				range->end_at = digit_run_end(
					classes, text, at + DIGIT_BLOCK_BYTES,
					classify);
			if (range->end_at > text.len_bytes)
				range->end_at = text.len_bytes;
			run = (struct digit_run){ range->end_at, 0 };
			if (++count == room.max_count)
				return count;
			digit_masks_pass(&masks, inside);
		}
		if (run.start_at > at + DIGIT_BLOCK_BYTES) {
			at = run.start_at;
			continue;
		}
		digit_run_on(&run, &masks, at);
		at += DIGIT_BLOCK_BYTES;
	}
	return count;
}

/* The digits alone of the block at at. */
typedef uint64_t
digit_look(const struct digit_classes *classes, struct span text, size_t at);

digit_look digit_look_portable;
#if defined(__x86_64__)
digit_look digit_look_avx2;
digit_look digit_look_avx512;
#endif

digit_search digit_search_portable;
#if defined(__x86_64__)
digit_search digit_search_avx2;
digit_search digit_search_avx512;
#endif

#endif
