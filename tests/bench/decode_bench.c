/*
 * decode_bench.c - decoders beside others on the same bytes: character sets
 * beside glibc's iconv, base64 beside a bytewise and a four-table decoder,
 * quoted-printable beside a bytewise one.
 *
 * Figures are CPU time on one core; what is compared runs in turn, round by
 * round, and the median counts. GB/s are of what comes out.
 */
#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/text/readings.h"
#include "tests/bench/decode_rivals.h"

enum { BENCH_BYTES = 8 * 1024 * 1024, BENCH_ROUNDS = 9 };

static double
cpu_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int
compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One way to decode; returns how many bytes came out. */
struct way {
	const char *name;
	size_t (*run)(struct span in, const char *charset, struct sbuf *out);
};

static size_t
ours_charset(struct span in, const char *charset, struct sbuf *out)
{
	charset_decode(charset_find(span_of(charset)), in, out);
	return out->len_bytes;
}

static size_t
theirs_charset(struct span in, const char *charset, struct sbuf *out)
{
	return rival_iconv(charset, "UTF-8", in, out);
}

static size_t
ours_base64(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	(void)mime_decode_base64(in, out);
	return out->len_bytes;
}

static size_t
ours_base64_portable(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	(void)mime_decode_base64_by(CPU_WAY_PORTABLE, in, out);
	return out->len_bytes;
}

static size_t
ours_base64_avx2(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	(void)mime_decode_base64_by(CPU_WAY_AVX2, in, out);
	return out->len_bytes;
}

static size_t
ours_quoted_portable(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	(void)mime_decode_quoted_by(CPU_WAY_PORTABLE, in, out);
	return out->len_bytes;
}

static size_t
theirs_bytewise(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	return rival_base64_bytewise(in, out);
}

static size_t
theirs_tables(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	return rival_base64_tables(in, out);
}

static size_t
ours_quoted(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	(void)mime_decode_quoted(in, out);
	return out->len_bytes;
}

static size_t
theirs_quoted(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	return rival_quoted(in, out);
}

static size_t
ours_check(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	(void)out;
	return parse_is_utf8(in) ? in.len_bytes : 0;
}

static size_t
theirs_check(struct span in, const char *charset, struct sbuf *out)
{
	(void)charset;
	return rival_iconv("UTF-8", "UTF-8", in, out);
}

static size_t
ours_readings(struct span in, const char *charset, struct sbuf *out)
{
	struct text_readings readings;

	(void)out;
	text_find_readings(in, span_of(charset), &readings);
	return readings.count > 0 ? in.len_bytes : 0;
}

/* Run both ways in turn and print a line. False when they disagree. */
static bool
duel(const char *what, struct span in, const char *charset,
     const struct way ways[2])
{
	double times[2][BENCH_ROUNDS];
	size_t sizes[2] = { 0 };
	struct sbuf out;

	sbuf_init(&out, SIZE_MAX / 2);
	for (size_t round = 0; round < BENCH_ROUNDS; round++)
		for (size_t way = 0; way < 2; way++) {
			const size_t k = (way + round) % 2;
			const double start = cpu_seconds();

			sbuf_clear(&out);
			sizes[k] = ways[k].run(in, charset, &out);
			times[k][round] = cpu_seconds() - start;
		}
	sbuf_done(&out);
	for (size_t way = 0; way < 2; way++)
		qsort(times[way], BENCH_ROUNDS, sizeof(double),
		      compare_doubles);
	const double ours = times[0][BENCH_ROUNDS / 2];
	const double theirs = times[1][BENCH_ROUNDS / 2];

	(void)printf("%-34s %7.2f GB/s  %-12s %6.2f GB/s  %5.2f times\n", what,
		     (double)sizes[0] / ours / 1e9, ways[1].name,
		     (double)sizes[1] / theirs / 1e9, theirs / ours);
	return sizes[0] == sizes[1];
}

/* How long it takes with memory that was never touched, as in a worker. */
static void
fresh(const char *what, struct span in, const char *charset)
{
	double times[BENCH_ROUNDS];

	for (size_t round = 0; round < BENCH_ROUNDS; round++) {
		const double start = cpu_seconds();
		struct sbuf out;

		sbuf_init_secret(&out, SIZE_MAX / 2);
		(void)ours_readings(in, charset, &out);
		charset_decode(charset_find(span_of(charset)), in, &out);
		sbuf_done(&out);
		times[round] = cpu_seconds() - start;
	}
	qsort(times, BENCH_ROUNDS, sizeof(double), compare_doubles);
	(void)printf("%-34s %7.2f ms for %.1f MB, set judged, memory fresh\n",
		     what, times[BENCH_ROUNDS / 2] * 1e3,
		     (double)in.len_bytes / 1e6);
}

static bool
bench_charsets(const char *kind, struct span utf8)
{
	static const char *const sets[] = { "ISO-2022-JP", "CP932", "EUC-JP",
					    "UTF-16LE", "UTF-16BE" };
	static const struct way ways[2] = { { "ours", ours_charset },
					    { "iconv", theirs_charset } };
	static const struct way checks[2] = { { "ours", ours_check },
					      { "iconv", theirs_check } };
	char what[64];
	bool good = true;

	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct sbuf coded;

		sbuf_init(&coded, SIZE_MAX / 2);
		(void)rival_iconv("UTF-8", sets[i], utf8, &coded);
		(void)snprintf(what, sizeof(what), "%s, %s", sets[i], kind);
		good = duel(what, sbuf_span(&coded), sets[i], ways) && good;
		fresh(what, sbuf_span(&coded), sets[i]);
		sbuf_done(&coded);
	}
	(void)snprintf(what, sizeof(what), "UTF-8 checked, %s", kind);
	return duel(what, utf8, "UTF-8", checks) && good;
}

static bool
bench_encodings(const char *kind, struct span utf8)
{
	static const struct way bytewise[2] = {
		{ "ours", ours_base64 }, { "bytewise", theirs_bytewise }
	};
	static const struct way tables[2] = {
		{ "ours", ours_base64 }, { "four tables", theirs_tables }
	};
	static const struct way portable[2] = {
		{ "ours", ours_base64_portable },
		{ "four tables", theirs_tables }
	};
	static const struct way avx2[2] = { { "ours", ours_base64_avx2 },
					    { "four tables", theirs_tables } };
	static const struct way quoted_c[2] = {
		{ "ours", ours_quoted_portable }, { "bytewise", theirs_quoted }
	};
	static const struct way quoted[2] = { { "ours", ours_quoted },
					      { "bytewise", theirs_quoted } };
	char what[64];
	struct sbuf coded;
	bool good = true;

	sbuf_init(&coded, SIZE_MAX / 2);
	rival_encode_base64(utf8, &coded);
	(void)snprintf(what, sizeof(what), "base64, %s", kind);
	good = duel(what, sbuf_span(&coded), "", bytewise) && good;
	good = duel(what, sbuf_span(&coded), "", tables) && good;
	if (cpu_can(CPU_WAY_AVX2))
		good = duel("  AVX2 only", sbuf_span(&coded), "", avx2) && good;
	good = duel("  without SIMD", sbuf_span(&coded), "", portable) && good;
	sbuf_clear(&coded);
	rival_encode_quoted(utf8, &coded);
	(void)snprintf(what, sizeof(what), "quoted-printable, %s", kind);
	good = duel(what, sbuf_span(&coded), "", quoted) && good;
	good = duel("  without AVX-512", sbuf_span(&coded), "", quoted_c) &&
	       good;
	sbuf_done(&coded);
	return good;
}

int
main(void)
{
	struct sbuf prose;
	struct sbuf table;
	bool good = true;

	sbuf_init(&prose, SIZE_MAX / 2);
	sbuf_init(&table, SIZE_MAX / 2);
	rival_write_prose(&prose, BENCH_BYTES);
	rival_write_table(&table, BENCH_BYTES);
	good = bench_charsets("prose", sbuf_span(&prose)) && good;
	good = bench_charsets("CSV", sbuf_span(&table)) && good;
	good = bench_encodings("prose", sbuf_span(&prose)) && good;
	good = bench_encodings("CSV", sbuf_span(&table)) && good;
	sbuf_done(&prose);
	sbuf_done(&table);
	if (!good)
		(void)fprintf(stderr, "decode_bench: results differ\n");
	return good ? 0 : 1;
}
