/*
 * column_stats.h - what the numbers of one column say together.
 *
 * Layer:    scanners/detect; includes lib/report
 * Threads:  values
 *
 * One valid check digit means little, a column of them much; numbers that
 * somebody issued one after another are no My Numbers.
 */
#ifndef SCANNERS_DETECT_COLUMN_STATS_H
#define SCANNERS_DETECT_COLUMN_STATS_H

#include <stdbool.h>

#include "lib/report/evidence.h"

enum {
	COLUMN_STATS_HEADS = 1000, /* groups of the first three digits */
	/* No factor is higher. */
	COLUMN_STATS_MOST_DB = 33
};

struct column_stats {
	uint32_t distinct; /* numbers of twelve digits */
	uint32_t valid;    /* of these */
	uint32_t shaped;   /* of the valid: look like something else, too */
	uint32_t products; /* of the valid: fit a product code, too */
	uint32_t heads;    /* distinct groups of first three digits */
	uint16_t values;   /* digits that occur anywhere, a bit for each */
	uint8_t prefix;    /* digits that all of them start with */
	bool scattered;    /* no sequence, up or down */
	bool down;
	uint64_t first;
	uint64_t last;
	uint8_t head_bits[COLUMN_STATS_HEADS / 8];
};

/* One more distinct number, in the order of the column. shape: if it is valid,
 * its row of the group SHAPE. */
void column_stats_add(struct column_stats *stats, uint64_t value, bool valid,
		      enum evidence shape);

/*
 * How much likelier it is, in decibans, that valid of distinct numbers (one at
 * least) are valid in a column of My Numbers than in another one:
 *
 *	 .85 BB(k;n,19,1) + .15 BB(k;n,2,2)
 *	-----------------------------------------------------
 *	 .949 Bin(k;n,.1) + .05 BB(k;n,1,9) + .001 BB(k;n,19,1)
 *
 * A clean column or one with many mistakes against chance, chance that runs
 * in families, and other ids with the same check digit. More than 100 numbers
 * count as 100.
 */
int64_t column_stats_check_db(uint32_t distinct, uint32_t valid);

/* The same for a column that is said to hold other ids: those with the same
 * check digit are ten times as likely. */
int64_t column_stats_rival_db(uint32_t distinct, uint32_t valid);

/* EVIDENCE_NONE, or the row of the group SPREAD that applies. */
enum evidence column_stats_spread(const struct column_stats *stats);

#endif
