#include "scanners/detect/digit_filter.h"

#include <pthread.h>

#include "lib/base/attr.h"
#include "scanners/detect/digit_filter_loop.h"

struct digit_filter {
	const char *name;
	digit_search *search;
	bool coarse; /* lets more through than its tables of bytes would */
};

static const struct digit_filter digit_filters[DIGIT_FILTER_PATHS] = {
	[DIGIT_FILTER_PORTABLE] = { "portable", digit_search_portable, false },
#if defined(__x86_64__)
	[DIGIT_FILTER_AVX2] = { "avx2", digit_search_avx2, true },
	[DIGIT_FILTER_AVX512] = { "avx512", digit_search_avx512, false },
#endif
};

/* Set once, then constant. */
static struct digit_classes digit_filter_classes;
static bool digit_filter_first[256];
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
		       __builtin_cpu_supports("avx512vbmi") != 0;
#endif
	return path == DIGIT_FILTER_PORTABLE;
}

static void
digit_filter_make(void)
{
	digit_classes_make(&digit_filter_classes);
	for (unsigned i = 0; i < sizeof(digit_filter_first); i++)
		digit_filter_first[i] =
			i < 0x80 ? i >= '0' && i <= '9'
				 : i >= 0xC0 && (digit_filter_classes
							 .bytes[0][i & 63] &
						 DIGIT_RULES_OF_DIGITS) != 0;
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

bool
digit_filter_next(const struct digit_filter *filter, struct span text,
		  size_t at, struct digit_range *range_out)
{
	const struct digit_classes *classes = &digit_filter_classes;
	struct digit_range range = { 0, 0 };
	struct span head = { 0 };

	if (!filter->coarse)
		return filter->search(classes, text, at, range_out);
	while (filter->search(classes, text, at, &range)) {
		if (span_cut(text, 0, range.end_at, &head) &&
		    digit_search_portable(classes, head, range.start_at,
					  range_out))
			return true;
		at = range.end_at;
	}
	return false;
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

bool
digit_search_portable(const struct digit_classes *classes, struct span text,
		      size_t at, struct digit_range *range_out)
{
	return digit_filter_search(classes, text, at, range_out,
				   digit_classify_portable);
}

const bool *
digit_filter_starts(void)
{
	(void)pthread_once(&digit_filter_once, digit_filter_make);
	return digit_filter_first;
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
