/*
 * known_bench - what the keys of a zip member cost of which bytes are known.
 * usage: known_bench [STARTS]
 *
 * CPU time on one core: to find where a search starts, and for each start
 * (one "Z value"; without the right one, so that all of it is done). "all" is
 * the longest that a search can take, half of it the mean. bkcrack 1.8.1 needs
 * 4.9 ms for a start on the processor that the numbers of the manual come from.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/known_search.h"

enum { MEMBER_BYTES = 5000, BENCH_STARTS = 200 };

static const struct bench_way {
	enum cpu_way way;
	const char *name;
} ways[] = {
	{ CPU_WAY_PORTABLE, "portable" },
	{ CPU_WAY_AVX2, "AVX2" },
	{ CPU_WAY_AVX512, "AVX-512" },
};

static double
cpu_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
member_make(uint8_t *plain, uint8_t *cipher)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	struct zipcrypto_keys keys = zipcrypto_of(span_of("bench"));
	uint64_t state = 0x2545F4914F6CDD1D;

	for (size_t i = 0; i < MEMBER_BYTES; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		plain[i] = (uint8_t)(state >> 32);
		cipher[i] = plain[i] ^ zipcrypto_stream(&keys);
		zipcrypto_update(tables, &keys, plain[i]);
	}
}

static void
bench_way(const struct bench_way *way, const struct known_run *run,
	  const struct known_starts *starts, size_t count)
{
	struct known_search search = { .run = run,
				       .starts = starts,
				       .round = known_round_of(way->way),
				       .end = count,
				       .step = 1 };
	struct zipcrypto_keys keys;
	struct err err;
	const double from = cpu_seconds();
	const enum status st = known_search_keys(&search, &keys, &err);
	const double each = (cpu_seconds() - from) / (double)search.next;

	printf("    %-10s%8.2f ms a start%10.1f s all%s\n", way->name,
	       each * 1e3, each * (double)starts->count,
	       st == ST_OK ? ", found" : "");
}

static int
bench_known(const uint8_t *plain, const uint8_t *cipher, size_t known,
	    size_t most)
{
	AUTO(known_starts_done) struct known_starts starts;
	const struct known_run run = { .cipher = { cipher, MEMBER_BYTES },
				       .at = 12,
				       .plain = plain + 12,
				       .count = known };
	struct err err;
	const double from = cpu_seconds();

	if (known_reduce(&run, NULL, &starts, &err) != ST_OK)
		return EXIT_FAILURE;
	printf("%zu bytes known: %zu starts in %.2f s\n", known, starts.count,
	       cpu_seconds() - from);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (cpu_can(ways[i].way))
			bench_way(&ways[i], &run, &starts,
				  starts.count < most ? starts.count : most);
	}
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	static const size_t lengths[] = { 24, 64, 500, 2000 };
	static uint8_t plain[MEMBER_BYTES];
	static uint8_t cipher[MEMBER_BYTES];
	uint64_t starts = BENCH_STARTS;
	int code = EXIT_SUCCESS;

	if (argc > 1 && !parse_u64(span_of(argv[1]), UINT32_MAX, &starts))
		return EXIT_FAILURE;
	member_make(plain, cipher);
	for (size_t i = 0; i < ARRAY_LEN(lengths) && code == EXIT_SUCCESS; i++)
		code = bench_known(plain, cipher, lengths[i], (size_t)starts);
	return code;
}
