/*
 * judge.h - weigh the labels around a number.
 *
 * Layer:    scanners/detect
 * Threads:  values
 *
 * Distances count the characters between label and number, without white
 * space and digits, so that neither layout nor a list of numbers stretches
 * them.
 */
#ifndef SCANNERS_DETECT_JUDGE_H
#define SCANNERS_DETECT_JUDGE_H

#include "scanners/detect/evidence.h"

enum {
	JUDGE_BESIDE = 3,   /* "id=" between */
	JUDGE_TOUCHING = 6, /* characters: a colon, a word in brackets */
	JUDGE_ADJACENT = 12,
	JUDGE_LINE = 50,
	JUDGE_PAGE = 300
};

/* How near a label of one kind is, on one side. */
struct judge_near {
	bool seen;
	bool free;    /* no other number between */
	bool list;    /* My Numbers only between: it names all of them */
	bool same;    /* numbers of twelve digits only between */
	bool line;    /* on the same line */
	bool bracket; /* behind the number, nothing but a bracket between */
	uint64_t distance;
};

enum judge_header {
	JUDGE_HEADER_NONE = 0,
	JUDGE_HEADER_DIRECT,
	JUDGE_HEADER_RIVAL
};

struct judge_view {
	struct judge_near direct_before;
	struct judge_near direct_behind;
	struct judge_near rival_before;
	struct judge_near rival_behind;
	/* The direct label before is of a sentence that is over and announces
	 * nothing; lead.h. */
	bool detached;
	bool words;               /* others lead up to the number */
	bool rival_touches;       /* a currency sign or the like */
	bool rival_leads;         /* such a word stands right before */
	enum judge_header header; /* of the column or row of a cell */
	enum judge_header field;  /* name of the element, key or header field */
};

/* Is the label before the number, or the list it begins, this number's? */
bool judge_is_direct(const struct judge_view *view);

/* Does a direct label right before the number, or its field or column, say
 * that one is to come? */
bool judge_is_named(const struct judge_view *view);

/* Fill label (NONE when the rest of the mail decides) and rival of set. */
void judge_labels(const struct judge_view *view, struct evidence_set *set);

/* A number with a tail needs its label right beside it: lower the label of
 * set when it is farther away. */
void judge_glued(const struct judge_view *view, struct evidence_set *set);

#endif
