#include "scanners/detect/column_stats.h"

#include <math.h>

enum {
	STATS_MOST = 100, /* numbers that the factor tells apart */
	STATS_STEP = 1000000,
	STATS_LEAST = 3,        /* numbers, for a prefix or a sequence */
	STATS_LEAST_RANDOM = 5, /* for the want of either */
	STATS_FEW_VALUES = 6,   /* different digits in all of them */
	STATS_DIGITS = 12,
	STATS_LEAST_KIND = 4, /* valid ones, for another kind of number */
	STATS_HEAD_SIZE = 1000000000
};

/* How many digits two numbers start with alike. */
static uint8_t
stats_common(uint64_t a, uint64_t b)
{
	uint8_t count = STATS_DIGITS;

	for (; a != b; count--) {
		a /= 10;
		b /= 10;
	}
	return count;
}

/* The check digit of a product code of twelve digits (UPC, GTIN-12). */
static bool
stats_is_product(uint64_t value)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < STATS_DIGITS; i++) {
		sum += (unsigned)(value % 10) * (i % 2 == 0 ? 1 : 3);
		value /= 10;
	}
	return sum % 10 == 0;
}

/* The digits of value, each as a bit. */
static uint16_t
stats_values(uint64_t value)
{
	uint16_t values = 0;

	for (unsigned i = 0; i < STATS_DIGITS; i++, value /= 10)
		values |= (uint16_t)(1U << value % 10);
	return values;
}

void
column_stats_add(struct column_stats *stats, uint64_t value, bool valid,
		 enum evidence shape)
{
	const uint64_t head = value / STATS_HEAD_SIZE % COLUMN_STATS_HEADS;
	const uint8_t bit = (uint8_t)(1U << head % 8);

	if (stats->distinct == 0) {
		stats->first = value;
		stats->prefix = STATS_DIGITS;
	} else {
		const bool down = value < stats->last;
		const uint64_t step =
			down ? stats->last - value : value - stats->last;
		const uint8_t common = stats_common(stats->first, value);

		if (common < stats->prefix)
			stats->prefix = common;
		if (stats->distinct == 1)
			stats->down = down;
		stats->scattered |= step >= STATS_STEP || down != stats->down;
	}
	if ((stats->head_bits[head / 8] & bit) == 0)
		stats->heads++;
	stats->head_bits[head / 8] |= bit;
	stats->values |= stats_values(value);
	stats->last = value;
	stats->distinct++;
	stats->valid += valid;
	stats->shaped += valid && shape != EVIDENCE_SHAPE_NONE;
	stats->products += valid && stats_is_product(value);
}

/* ln n! for n up to what the formula needs. */
struct stats_logs {
	double factorial[STATS_MOST + 32];
};

static void
stats_logs_init(struct stats_logs *logs)
{
	const size_t count =
		sizeof(logs->factorial) / sizeof(logs->factorial[0]);

	logs->factorial[0] = 0.0;
	for (size_t i = 1; i < count; i++)
		logs->factorial[i] = logs->factorial[i - 1] + log((double)i);
}

static double
stats_log_beta(const struct stats_logs *logs, uint32_t a, uint32_t b)
{
	return logs->factorial[a - 1] + logs->factorial[b - 1] -
	       logs->factorial[a + b - 1];
}

static double
stats_log_choose(const struct stats_logs *logs, uint32_t n, uint32_t k)
{
	return logs->factorial[n] - logs->factorial[k] - logs->factorial[n - k];
}

/* The beta-binomial distribution, for whole a and b. */
static double
stats_bb(const struct stats_logs *logs, uint32_t n, uint32_t k, uint32_t a,
	 uint32_t b)
{
	return exp(stats_log_choose(logs, n, k) +
		   stats_log_beta(logs, k + a, n - k + b) -
		   stats_log_beta(logs, a, b));
}

/* others_share: how likely ids with the same check digit are. */
static int64_t
stats_factor_db(uint32_t distinct, uint32_t valid, double others_share)
{
	struct stats_logs logs;
	uint32_t n = distinct;
	uint32_t k = valid;

	if (n > STATS_MOST) {
		k = (uint32_t)(((uint64_t)k * STATS_MOST + n / 2) / n);
		n = STATS_MOST;
	}
	stats_logs_init(&logs);
	const double chance = exp(stats_log_choose(&logs, n, k) + k * log(0.1) +
				  (n - k) * log(0.9));
	const double clean = stats_bb(&logs, n, k, 19, 1);
	const double ours = 0.85 * clean + 0.15 * stats_bb(&logs, n, k, 2, 2);
	const double others = 0.949 * chance +
			      0.05 * stats_bb(&logs, n, k, 1, 9) +
			      others_share * clean;

	return (int64_t)lround(10.0 * log10(ours / others));
}

int64_t
column_stats_check_db(uint32_t distinct, uint32_t valid)
{
	return stats_factor_db(distinct, valid, 0.001);
}

int64_t
column_stats_rival_db(uint32_t distinct, uint32_t valid)
{
	return stats_factor_db(distinct, valid, 0.01);
}

/* All but a few fit another kind of number as well. */
static bool
stats_is_other_kind(const struct column_stats *stats)
{
	return stats->valid >= STATS_LEAST_KIND &&
	       ((uint64_t)stats->shaped * 10 >= (uint64_t)stats->valid * 9 ||
		(uint64_t)stats->products * 10 >= (uint64_t)stats->valid * 9);
}

/* Nine of ten first groups that as many random numbers have. */
static bool
stats_is_random(const struct column_stats *stats)
{
	const double missed =
		exp(stats->distinct * log1p(-1.0 / COLUMN_STATS_HEADS));

	return stats->distinct >= STATS_LEAST_RANDOM && stats->prefix == 0 &&
	       stats->heads >= 0.9 * COLUMN_STATS_HEADS * (1.0 - missed);
}

enum evidence
column_stats_spread(const struct column_stats *stats)
{
	if (stats->distinct < STATS_LEAST)
		return EVIDENCE_NONE;
	if (stats->prefix >= 3 || !stats->scattered)
		return EVIDENCE_SPREAD_SEQUENCE;
	if (__builtin_popcount(stats->values) <= STATS_FEW_VALUES)
		return EVIDENCE_SPREAD_FEW_VALUES;
	if (stats_is_other_kind(stats))
		return EVIDENCE_SPREAD_OTHER_KIND;
	if (stats->prefix >= 2)
		return EVIDENCE_SPREAD_PREFIX;
	return stats_is_random(stats) ? EVIDENCE_SPREAD_RANDOM : EVIDENCE_NONE;
}
