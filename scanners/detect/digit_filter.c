#include "scanners/detect/digit_filter.h"

#include <pthread.h>

#include "lib/base/attr.h"
#include "scanners/detect/digit_filter_loop.h"

struct digit_filter {
	const char *name;
	digit_search *search;
	digit_look *look;
	bool coarse; /* lets more through than its tables of bytes would */
};

static const struct digit_filter digit_filters[DIGIT_FILTER_PATHS] = {
	[DIGIT_FILTER_PORTABLE] = { "portable", digit_search_portable,
				    digit_look_portable, false },
#if defined(__x86_64__)
	[DIGIT_FILTER_AVX2] = { "avx2", digit_search_avx2, digit_look_avx2,
				true },
	[DIGIT_FILTER_AVX512] = { "avx512", digit_search_avx512,
				  digit_look_avx512, false },
#endif
};

/* Set once, then constant. */
static struct digit_classes digit_filter_classes;
static enum digit_filter_path digit_filter_best;
static pthread_once_t digit_filter_once = PTHREAD_ONCE_INIT;

static bool
digit_filter_can(enum digit_filter_path path)
{
#if defined(__x86_64__)
	if (path == DIGIT_FILTER_AVX2)
		return __builtin_cpu_supports("avx2") != 0;
	if (path == DIGIT_FILTER_AVX512)
		return __builtin_cpu_supports("avx512bw") != 0 &&
		       __builtin_cpu_supports("avx512vbmi") != 0 &&
		       __builtin_cpu_supports("bmi2") != 0;
#endif
	return path == DIGIT_FILTER_PORTABLE;
}

static void
digit_filter_make(void)
{
	digit_classes_make(&digit_filter_classes);
	digit_filter_best = DIGIT_FILTER_PORTABLE;
	if (digit_filter_can(DIGIT_FILTER_AVX2))
		digit_filter_best = DIGIT_FILTER_AVX2;
	if (digit_filter_can(DIGIT_FILTER_AVX512))
		digit_filter_best = DIGIT_FILTER_AVX512;
}

const struct digit_filter *
digit_filter_get(void)
{
	(void)pthread_once(&digit_filter_once, digit_filter_make);
	return &digit_filters[digit_filter_best];
}

const struct digit_filter *
digit_filter_of(enum digit_filter_path path)
{
	(void)pthread_once(&digit_filter_once, digit_filter_make);
	return digit_filter_can(path) ? &digit_filters[path] : NULL;
}

const char *
digit_filter_name(const struct digit_filter *filter)
{
	return filter->name;
}

/* The rules of the character at block, which has two bytes behind it. */
static uint8_t
digit_rules(const struct digit_classes *classes, const uint8_t *block)
{
	if (block[0] < 0x80)
		return classes->ascii[block[0]];
	return block[0] < 0xC0 ? 0
			       : (uint8_t)(classes->bytes[0][block[0] & 63] &
					   classes->bytes[1][block[1] & 63] &
					   classes->bytes[2][block[2] & 63]);
}

static struct digit_masks
digit_classify_portable(const struct digit_classes *classes,
			const uint8_t *block)
{
	struct digit_masks masks = { 0, 0 };

	for (unsigned i = 0; i < DIGIT_BLOCK_BYTES; i++) {
		const uint8_t rules = digit_rules(classes, block + i);
		const bool starts = (block[i] & 0xC0) != 0x80;

		masks.digits |= (uint64_t)((rules & DIGIT_RULES_OF_DIGITS) != 0)
				<< i;
		masks.breaks |= (uint64_t)(rules == 0 && starts) << i;
	}
	return masks;
}

size_t
digit_search_portable(const struct digit_classes *classes, struct span text,
		      size_t at, struct digit_room room)
{
	return digit_filter_search(classes, text, at, room,
				   digit_classify_portable, digit_find_plainly);
}

_Static_assert((int)DIGIT_FILTER_LOOK_BYTES == (int)DIGIT_BLOCK_BYTES,
	       "a block");

uint64_t
digit_look_portable(const struct digit_classes *classes, struct span text,
		    size_t at)
{
	return digit_block(classes, text, at, digit_classify_portable).digits;
}

/* Does range hold twelve digits by the tables of bytes, too? */
static bool
digit_range_holds(struct span text, const struct digit_range *range)
{
	uint8_t block[1 + DIGIT_BLOCK_AHEAD] = { 0 };
	size_t count = 0;

	for (size_t at = range->start_at;
	     at < range->end_at && count < DIGIT_FILTER_LEAST; at++) {
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] =
				at + i < range->end_at ? text.ptr[at + i] : 'x';
		const uint8_t rules = digit_rules(&digit_filter_classes, block);

		if ((rules & DIGIT_RULES_OF_DIGITS) != 0)
			count++;
		else if (rules == 0 && (block[0] & 0xC0) != 0x80)
			count = 0;
	}
	return count == DIGIT_FILTER_LEAST;
}

size_t
digit_filter_fill(const struct digit_filter *filter, struct span text,
		  size_t at, struct digit_range *ranges, size_t max_count)
{
	size_t found = max_count;
	size_t kept = 0;

	while (kept == 0 && found == max_count && at < text.len_bytes) {
		found = filter->search(
			&digit_filter_classes, text, at,
			(struct digit_room){ ranges, max_count });
		if (!filter->coarse)
			return found;
		if (found > 0)
			at = ranges[found - 1].end_at;
		for (size_t i = 0; i < found; i++)
			if (ranges[i].digit_count > 0 ||
			    digit_range_holds(text, &ranges[i]))
				ranges[kept++] = ranges[i];
	}
	return kept;
}

bool
digit_filter_next(const struct digit_filter *filter, struct span text,
		  size_t at, struct digit_range *range_out)
{
	struct digit_range range = { 0, 0, 0, 0 };

	if (digit_filter_fill(filter, text, at, &range, 1) == 0)
		return false;
	*range_out = range;
	return true;
}

uint64_t
digit_filter_look(const struct digit_filter *filter, struct span text,
		  size_t at)
{
	return filter->look(&digit_filter_classes, text, at);
}

bool
digit_filter_is_digit(struct span text, size_t at)
{
	uint8_t block[1 + DIGIT_BLOCK_AHEAD] = { text.ptr[at], 'x', 'x' };

	if (block[0] < 0x80)
		return block[0] >= '0' && block[0] <= '9';
	for (size_t i = 1; i < sizeof(block) && at + i < text.len_bytes; i++)
		block[i] = text.ptr[at + i];
	return (digit_rules(&digit_filter_classes, block) &
		DIGIT_RULES_OF_DIGITS) != 0;
}
