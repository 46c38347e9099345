/*
 * candidate.h - find isolated numbers of twelve digits in text.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  values; no shared state, nothing is allocated
 * Input:    untrusted UTF-8; linear time, and next to none without digits
 *
 * A candidate is a run of exactly twelve digits, or 4-4-4 or another usual
 * grouping with marks between, and stands alone: no letter, digit group or
 * mark of an id, URL or address touches it. A line end inside is one that a
 * mailer made: one between groups, or one inside of a group at the end of a
 * full line. Others make a number that stands apart, which the caller weighs.
 * What is dropped but has six digits and more is yielded as a number that is
 * none of ours, since it takes the label before it.
 */
#ifndef SCANNERS_DETECT_CANDIDATE_H
#define SCANNERS_DETECT_CANDIDATE_H

#include "scanners/detect/check_digit.h"
#include "scanners/detect/digit_filter.h"
#include "scanners/detect/evidence.h"
#include "scanners/detect/fold.h"

enum candidate_kind {
	CANDIDATE_NONE = 0,
	CANDIDATE_TWELVE, /* check digit not looked at */
	CANDIDATE_OTHER   /* another number; digits are not set */
};

struct candidate {
	enum candidate_kind kind;
	size_t start_at;
	size_t end_at;
	uint8_t digits[CHECK_DIGIT_COUNT]; /* values, not letters */
	enum evidence grouping;
	/* Its parts are the whole of lines, which alone says nothing: it is
	 * one number only right behind a direct label, when valid. */
	bool apart;
};

enum { CANDIDATE_MAX_GROUPS = 48, CANDIDATE_MAX_RANGES = 16 };

/* Some digits in a row, and the mark before them. */
struct candidate_group {
	size_t start_at;
	size_t end_at;
	size_t count;                      /* digits */
	uint8_t digits[CHECK_DIGIT_COUNT]; /* the first ones */
	enum fold_mark mark;               /* NONE: nothing before, or mixed */
	bool tight;                        /* that mark is one character */
	bool broken;  /* a line ends before it, and no hyphen says it goes on */
	bool wrapped; /* nothing but a line end of a full line before it */
	bool joined;  /* of two, across such a line end */
	bool wide;    /* only full-width ones */
	bool plain;   /* ASCII or full-width ones only */
};

struct candidate_walk {
	struct span text;
	size_t at;
	const struct digit_filter *look;   /* finds digits */
	size_t look_at;                    /* where it looked last */
	uint64_t look_digits;              /* what it saw */
	const struct digit_filter *filter; /* NULL: all of the text */
	struct digit_range ranges[CANDIDATE_MAX_RANGES];
	size_t range_count;
	size_t range_next; /* the first one not entered yet */
	size_t range_end_at;
	struct candidate_group groups[CANDIDATE_MAX_GROUPS];
	size_t group_count;
	size_t group_at; /* next to be judged */
};

/* Start over text; its bytes must stay. */
void
candidate_walk_init(struct candidate_walk *walk, struct span text, size_t at);

/*
 * Start over text, but look only where filter says that twelve digits may be:
 * for the same candidates with CANDIDATE_TWELVE in less time. Of the other
 * numbers only those are yielded that happen to stand there.
 */
void candidate_walk_init_filtered(struct candidate_walk *walk, struct span text,
				  const struct digit_filter *filter);

/* Step to the next one. False when there are no more. */
bool
candidate_next(struct candidate_walk *walk, struct candidate *candidate_out);

/* Wipe the digits. */
void candidate_walk_done(struct candidate_walk *walk);

#endif
