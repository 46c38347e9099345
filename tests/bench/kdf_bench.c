/*
 * kdf_bench - passwords a second on locks whose keys are made slow.
 * usage: kdf_bench FILE...
 *
 * CPU time on one core, wrong passwords of eight characters. Beside it the
 * figures of john bleeding for the same kind, on the processor that the
 * numbers of the manual come from.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/attr.h"
#include "lib/base/fd.h"
#include "scanners/locks/lock_formats.h"

enum { BENCH_FILE_BYTES = 1 << 24, BENCH_MAX = 4096, BENCH_CHARACTERS = 8 };

static const struct bench_rival {
	const char *kind;
	const char *text;
} rivals[] = {
	{ "zip: AES", "49 k" },
	{ "ooxml: standard", "1.94 k" },
	{ "ooxml: agile", "257 (SHA-512), 947 (SHA-1)" },
	{ "7z", "80" },
	{ "pdf: AES-256", "1.39 k (R6)" },
	{ "pdf", "67 k" },
};

static double
cpu_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const char *
rival_of(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(rivals); i++)
		if (strncmp(kind, rivals[i].kind, strlen(rivals[i].kind)) == 0)
			return rivals[i].text;
	return "-";
}

/* So many as take about half a second. */
static size_t
bench_count(const struct lock *lock)
{
	const size_t batch = lock->kind.batch;
	size_t count = (size_t)(500000000 / lock->kind.cost_ns);

	count -= count % batch;
	if (count < batch)
		return batch;
	return count < BENCH_MAX ? count : BENCH_MAX - BENCH_MAX % batch;
}

static void
bench_way(struct lock *lock, const struct lanes *lanes, const char *way)
{
	static char texts[BENCH_MAX][BENCH_CHARACTERS + 1];
	static struct span passwords[BENCH_MAX];
	struct err err = { .st = ST_OK };
	size_t index = 0;

	lock->lanes = lanes;
	const size_t count = bench_count(lock);

	for (size_t i = 0; i < count; i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "x%07u",
			       (unsigned)i);
		passwords[i] = (struct span){ (const uint8_t *)texts[i],
					      BENCH_CHARACTERS };
	}
	const double start = cpu_seconds();
	const enum status st =
		lock_try(lock, passwords, count, NULL, &index, &err);
	const double took = cpu_seconds() - start;

	printf("  %-10s %10.0f /s%s\n", way, (double)count / took,
	       st == ST_NOT_FOUND ? "" : " (?)");
}

static void
bench_file(const char *path)
{
	AUTO(lock_free) struct lock *lock = NULL;
	AUTO(sbuf_done) struct sbuf bytes;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, BENCH_FILE_BYTES);
	if (fd_slurp_file(path, &bytes, &err) != ST_OK ||
	    lock_find(sbuf_span(&bytes), &lock, &err) != ST_OK) {
		printf("%s: %s\n", path, err.text);
		return;
	}
	printf("%s (%s; john: %s)\n", path, lock_kind(lock)->name,
	       rival_of(lock_kind(lock)->name));
	if (lock_kind(lock)->batch > 1)
		bench_way(lock, lanes_of(CPU_WAY_PORTABLE), "portable");
	if (lock_kind(lock)->batch > 1 && cpu_can(CPU_WAY_AVX2))
		bench_way(lock, lanes_of(CPU_WAY_AVX2), "AVX2");
	bench_way(lock, lanes_get(), "best");
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		bench_file(argv[i]);
	return EXIT_SUCCESS;
}
