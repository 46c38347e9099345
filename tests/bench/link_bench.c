/*
 * link_bench - files of links: sealed, and read from any place.
 * usage: link_bench [MIB]
 *
 * CPU time on one core for sealing MIB (default 1024) through descriptors and
 * reading it again in pieces of 64 KiB, in order and scattered; beside it
 * AES-256-GCM alone over blocks of 64 KiB in memory, as openssl speed does.
 * The input is one chunk read over and over: what lies on the disk is sparse.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/gcm.h"
#include "lib/crypto/link_key.h"

enum { BENCH_DEFAULT_MIB = 1024, BENCH_MIB = 1 << 20 };

static const uint8_t bench_key[SEAL_KEY_BYTES] = "of this bench";

static double
cpu_seconds(void)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

_Noreturn static void
give_up(const char *what, const struct err *err)
{
	(void)fprintf(stderr, "link_bench: %s: %s\n", what, err->text);
	exit(1);
}

static double
report(const char *what, uint64_t bytes, double seconds, double alone)
{
	const double rate = (double)bytes / seconds / 1e9;

	printf("%-28s %7.2f GB/s  %6.3f s/GB", what, rate, 1 / rate);
	if (alone > 0)
		printf("  %.2fx AES alone", alone / rate);
	printf("\n");
	return rate;
}

/* Rate of the cipher itself, opening or closing. */
static double
bench_alone(bool opening, uint64_t bytes)
{
	static uint8_t plain[SEAL_CHUNK_BYTES];
	static uint8_t closed[SEAL_CHUNK_BYTES + SEAL_TAG_BYTES];
	const uint8_t nonce[GCM_NONCE_BYTES] = { 0 };
	const struct span aad = span_of("bench");
	AUTO(gcm_free) struct gcm *gcm = NULL;
	struct err err = { .st = ST_OK };

	if (gcm_new(bench_key, &gcm, &err) != ST_OK ||
	    gcm_close(gcm, nonce, aad, (struct span){ plain, sizeof(plain) },
		      closed, &err) != ST_OK)
		give_up("gcm", &err);
	const double start = cpu_seconds();

	for (uint64_t done = 0; done < bytes; done += sizeof(plain)) {
		const enum status st =
			opening ? gcm_open(gcm, nonce, aad,
					   (struct span){ closed,
							  sizeof(closed) },
					   plain, &err)
				: gcm_close(
					  gcm, nonce, aad,
					  (struct span){ plain, sizeof(plain) },
					  closed, &err);

		if (st != ST_OK)
			give_up("gcm", &err);
	}
	return report(opening ? "AES-256-GCM alone, opening"
			      : "AES-256-GCM alone, closing",
		      bytes, cpu_seconds() - start, 0);
}

static void
bench_read(int fd, uint64_t bytes, uint64_t stride, double alone)
{
	static uint8_t out[SEAL_CHUNK_BYTES];
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	const uint64_t chunks = bytes / SEAL_CHUNK_BYTES;
	uint64_t sealed_bytes = 0;
	uint64_t total = 0;
	struct err err = { .st = ST_OK };

	if (fd_size(fd, &sealed_bytes, &err) != ST_OK ||
	    link_reader_open(bench_key, fd, sealed_bytes, &reader, &err) !=
		    ST_OK)
		give_up("open", &err);
	const double start = cpu_seconds();

	for (uint64_t i = 0; i < chunks; i++) {
		const uint64_t at = i * stride % chunks * SEAL_CHUNK_BYTES;
		size_t len = 0;

		if (link_reader_read(reader, at, out, sizeof(out), &len,
				     &err) != ST_OK)
			give_up("read", &err);
		total += len;
	}
	(void)report(stride == 1 ? "read in order" : "read scattered", total,
		     cpu_seconds() - start, alone);
}

int
main(int argc, char **argv)
{
	const uint64_t mib =
		argc > 1 ? strtoull(argv[1], NULL, 10) : BENCH_DEFAULT_MIB;
	const uint64_t bytes = mib * BENCH_MIB;
	AUTO(fd_close) int from = FD_NONE;
	FILE *file = tmpfile();
	struct rusage usage = { 0 };
	struct err err = { .st = ST_OK };

	if (file == NULL || bytes == 0 || bytes > INT64_MAX ||
	    fd_memory("bench", &from, &err) != ST_OK ||
	    ftruncate(from, (off_t)bytes) != 0)
		give_up("no files", &err);
	const double closing = bench_alone(false, bytes);
	const double opening = bench_alone(true, bytes);
	const double start = cpu_seconds();

	if (link_seal_fd(bench_key, from, 0, bytes, fileno(file), &err) !=
	    ST_OK)
		give_up("seal", &err);
	(void)report("sealed to a file", bytes, cpu_seconds() - start, closing);
	bench_read(fileno(file), bytes, 1, opening);
	bench_read(fileno(file), bytes, 7919, opening);
	(void)getrusage(RUSAGE_SELF, &usage);
	printf("memory at most %ld KiB\n", usage.ru_maxrss);
	return fclose(file) == 0 ? 0 : 1;
}
