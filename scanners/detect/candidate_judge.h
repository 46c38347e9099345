/*
 * candidate_judge.h - what the groups of digits that candidate.c reads make.
 *
 * Layer:    scanners/detect; private to candidate*.c
 */
#ifndef SCANNERS_DETECT_CANDIDATE_JUDGE_H
#define SCANNERS_DETECT_CANDIDATE_JUDGE_H

#include "scanners/detect/candidate.h"

/* Make one group of two that a mailer's line end parted. */
void candidate_join_wraps(struct candidate_walk *walk);

/* Judge the group at walk->group_at and move on; true when it (with those
 * behind it) yields something. */
bool candidate_judge(struct candidate_walk *walk, struct candidate *candidate);

#endif
