/*
 * evidence.h - the names of what can be observed about a number.
 *
 * Layer:    lib/report; includes lib/base
 * Threads:  values
 *
 * The weights are no part of it: lib/words/words.h.
 */
#ifndef LIB_REPORT_EVIDENCE_H
#define LIB_REPORT_EVIDENCE_H

#include "lib/base/span.h"

enum evidence {
	EVIDENCE_NONE = 0,
#define EVIDENCE(symbol, group, name) EVIDENCE_##symbol,
#include "lib/report/evidence.def"
#undef EVIDENCE
	EVIDENCE_END
};

/* "check.valid"; "" for EVIDENCE_NONE. */
const char *evidence_name(enum evidence evidence);

/* EVIDENCE_NONE when nothing has that name. */
enum evidence evidence_find(struct span name);

#endif
