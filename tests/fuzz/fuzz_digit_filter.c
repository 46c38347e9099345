/*
 * Any bytes: every path of the filter gives the candidates that the walk
 * without it gives, and ranges that follow each other.
 */
#include <stdlib.h>
#include <string.h>

#include "scanners/detect/candidate.h"
#include "tests/fuzz/fuzz.h"

/* The next number of twelve digits. */
static bool
next_twelve(struct candidate_walk *walk, struct candidate *candidate)
{
	while (candidate_next(walk, candidate))
		if (candidate->kind == CANDIDATE_TWELVE)
			return true;
	return false;
}

static void
check_candidates(struct span text, const struct digit_filter *filter)
{
	struct candidate_walk plain;
	struct candidate_walk filtered;
	struct candidate a;
	struct candidate b;
	bool more = true;

	candidate_walk_init(&plain, text, 0);
	candidate_walk_init_filtered(&filtered, text, filter);
	while (more) {
		more = next_twelve(&plain, &a);
		FUZZ_PROMISE(more == next_twelve(&filtered, &b));
		if (!more)
			break;
		FUZZ_PROMISE(a.start_at == b.start_at && a.end_at == b.end_at);
		FUZZ_PROMISE(a.grouping == b.grouping);
		FUZZ_PROMISE(memcmp(a.digits, b.digits, sizeof(a.digits)) == 0);
	}
}

static void
check_ranges(struct span text, const struct digit_filter *filter)
{
	struct digit_range range = { 0, 0, 0, 0 };
	size_t at = 0;

	while (digit_filter_next(filter, text, at, &range)) {
		FUZZ_PROMISE(range.start_at >= at);
		FUZZ_PROMISE(range.end_at > range.start_at);
		FUZZ_PROMISE(range.end_at <= text.len_bytes);
		at = range.end_at;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { data, size };

	for (unsigned path = DIGIT_FILTER_PORTABLE; path < DIGIT_FILTER_PATHS;
	     path++) {
		const struct digit_filter *filter =
			digit_filter_of((enum digit_filter_path)path);

		if (filter == NULL)
			continue;
		check_ranges(text, filter);
		check_candidates(text, filter);
	}
	return 0;
}
