/*
 * name_words.h - what the name of a field says about its value.
 *
 * Layer:    scanners/detect; includes lib/base
 * Threads:  values
 * Input:    untrusted names of elements, keys and header fields
 */
#ifndef SCANNERS_DETECT_NAME_WORDS_H
#define SCANNERS_DETECT_NAME_WORDS_H

#include "scanners/detect/judge.h"
#include "scanners/detect/labels.h"

struct name_words {
	enum judge_header header; /* the last word of either kind counts */
	unsigned person;          /* bits of enum evidence_person */
};

/* The words in name: "myNumber", "X-My-Number", "gen:kojinbango". */
struct name_words name_words_of(const struct labels *labels, const char *name);

/* The bit for kind; 0 when it is no word of a person's record. */
unsigned name_words_person(enum label_kind kind);

#endif
