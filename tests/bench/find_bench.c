/*
 * find_bench - our search for numbers beside PCRE2, Hyperscan and ripgrep.
 * usage: find_bench [MIB [ROUNDS]]
 *
 * Figures are CPU time on one core, best of all rounds; what is compared runs
 * in turn, round by round, over the same bytes. Ours is candidate_next(): all
 * separators and kinds of digits, isolation and the check digit included.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/detect/candidate.h"
#include "tests/bench/find_rivals.h"
#include "tests/bench/find_texts.h"

enum { BENCH_MIB = 64, BENCH_ROUNDS = 5, BENCH_MAX = 1024 };

enum way {
	WAY_NONE = 0,
	WAY_PORTABLE,
	WAY_AVX2,
	WAY_AVX512,
	WAY_PCRE2,
	WAY_HYPERSCAN,
	WAY_RIPGREP,
	WAY_COUNT
};

static const char *const way_names[WAY_COUNT] = {
	[WAY_PORTABLE] = "ours, portable", [WAY_AVX2] = "ours, AVX2",
	[WAY_AVX512] = "ours, AVX-512",    [WAY_PCRE2] = "PCRE2 JIT",
	[WAY_HYPERSCAN] = "Hyperscan",     [WAY_RIPGREP] = "ripgrep",
};

struct result {
	bool runs;
	double seconds;
	uint64_t hits;
	uint64_t valid; /* by their check digit; ours only */
};

static double
cpu_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* On the core it runs on. */
static void
stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)sched_getcpu(), &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

static const struct digit_filter *
filter_of(enum way way)
{
	static const enum digit_filter_path paths[] = {
		[WAY_PORTABLE] = DIGIT_FILTER_PORTABLE,
		[WAY_AVX2] = DIGIT_FILTER_AVX2,
		[WAY_AVX512] = DIGIT_FILTER_AVX512,
	};

	return way < ARRAY_LEN(paths) ? digit_filter_of(paths[way]) : NULL;
}

static void
find_ours(struct span text, const struct digit_filter *filter,
	  struct result *result)
{
	struct candidate_walk walk;
	struct candidate candidate;

	candidate_walk_init_filtered(&walk, text, filter);
	while (candidate_next(&walk, &candidate)) {
		if (candidate.kind != CANDIDATE_TWELVE)
			continue;
		result->hits++;
		result->valid += check_digit_is_valid(candidate.digits);
	}
	candidate_walk_done(&walk);
}

static struct result
run(enum way way, struct find_rivals *rivals, struct span text)
{
	const struct digit_filter *filter = filter_of(way);
	struct result result = { .runs = true };
	const double start = cpu_seconds();

	if (way == WAY_PCRE2)
		result.hits = find_with_pcre2(rivals, text);
	else if (way == WAY_HYPERSCAN && find_has_hyperscan())
		result.hits = find_with_hyperscan(rivals, text);
	else if (filter != NULL)
		find_ours(text, filter, &result);
	else if (way == WAY_RIPGREP)
		result.runs =
			find_with_ripgrep(text, &result.seconds, &result.hits);
	else
		result.runs = false;
	if (way != WAY_RIPGREP)
		result.seconds = cpu_seconds() - start;
	return result;
}

/* A line for each way. False when ours and PCRE2 find not the same. */
static bool
print_results(struct span text, const struct result results[WAY_COUNT])
{
	double best = 0;

	for (unsigned way = WAY_PCRE2; way < WAY_COUNT; way++) {
		const double rate =
			(double)text.len_bytes / results[way].seconds / 1e9;

		if (results[way].runs && rate > best)
			best = rate;
	}
	for (unsigned way = WAY_PORTABLE; way < WAY_COUNT; way++) {
		const struct result *result = &results[way];
		const double rate =
			(double)text.len_bytes / result->seconds / 1e9;

		if (!result->runs) {
			(void)printf("  %-16s not here\n", way_names[way]);
			continue;
		}
		(void)printf("  %-16s %7.2f GB/s %6.2f x  %9" PRIu64 " hits",
			     way_names[way], rate, rate / best, result->hits);
		if (way <= WAY_AVX512)
			(void)printf(", %" PRIu64 " valid", result->valid);
		(void)printf("\n");
	}
	return results[WAY_PORTABLE].hits == results[WAY_PCRE2].hits;
}

static bool
bench(const char *name, struct find_rivals *rivals, struct span text,
      uint64_t rounds)
{
	struct result best[WAY_COUNT] = { 0 };

	for (uint64_t round = 0; round < rounds; round++) {
		for (unsigned way = WAY_PORTABLE; way < WAY_COUNT; way++) {
			const struct result result =
				run((enum way)way, rivals, text);

			if (round == 0 || result.seconds < best[way].seconds)
				best[way] = result;
		}
	}
	(void)printf("%s, %.0f MB; x: times the best of the others\n", name,
		     (double)text.len_bytes / 1e6);
	return print_results(text, best);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(struct sbuf *out, size_t len_bytes);
	} texts[] = {
		{ "mail full of numbers", find_text_mail },
		{ "CSV of digits", find_text_table },
		{ "prose without digits", find_text_prose },
	};
	struct find_rivals *rivals = find_rivals_new();
	uint64_t mib = BENCH_MIB;
	uint64_t rounds = BENCH_ROUNDS;
	bool same = true;

	if (rivals == NULL ||
	    (argc > 1 && !parse_u64(span_of(argv[1]), BENCH_MAX, &mib)) ||
	    (argc > 2 && !parse_u64(span_of(argv[2]), BENCH_MAX, &rounds)))
		return 1;
	stay_here();
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct sbuf text;

		sbuf_init(&text, SIZE_MAX / 2);
		texts[i].write(&text, (size_t)mib << 20);
		same = bench(texts[i].name, rivals, sbuf_span(&text), rounds) &&
		       same;
		sbuf_done(&text);
	}
	find_rivals_free(&rivals);
	if (!same)
		(void)fprintf(stderr, "find_bench: not the same numbers\n");
	return same ? 0 : 1;
}
