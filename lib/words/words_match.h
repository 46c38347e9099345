/*
 * words_match.h - patterns of an admin on the text around a number.
 *
 * Layer:    lib/words; words_match.c is the only file here with PCRE2
 * Threads:  patterns do not change; a matcher belongs to one scan
 * Input:    untrusted text: limits bound the time and memory of a match, and
 *           a pattern that runs into them WORDS_MATCH_MOST_LIMITS times is
 *           not tried again in that scan
 *
 * Fail closed: a pattern that could not be finished counts as matched when it
 * speaks for a My Number, and as not matched when it speaks against one.
 */
#ifndef LIB_WORDS_WORDS_MATCH_H
#define LIB_WORDS_WORDS_MATCH_H

#include "lib/base/span.h"
#include "lib/base/status.h"
#include "lib/words/words_added.h"

enum {
	WORDS_MATCH_LIMIT = 20000,
	WORDS_MATCH_DEPTH = 1000,
	WORDS_MATCH_HEAP_KIB = 1024,
	WORDS_MATCH_MOST_LIMITS = 16
};

/*
 * What the patterns say about one number: bit n of matched is pattern n, of
 * limited too, when it could not be finished.
 */
struct words_matched {
	uint16_t matched;
	uint16_t limited;
};

struct words_patterns;

/* Check and compile. Returns: ST_OK; ST_FORMAT err says which pattern and
 * what; ST_LIMIT more than WORDS_MAX_PATTERNS; ST_NO_MEMORY */
MUST_CHECK enum status
words_patterns_new(const struct words_pattern *items, size_t count,
		   struct words_patterns **patterns_out, struct err *err);
void words_patterns_free(struct words_patterns **patterns);

/* Check one alone, without its name in the message. */
MUST_CHECK enum status
words_pattern_check(const struct words_pattern *item, struct err *err);

size_t words_patterns_count(const struct words_patterns *patterns);

/* The weights of what matched, together. */
int64_t words_patterns_db(const struct words_patterns *patterns,
			  const struct words_matched *matched);

/*
 * One row of the report: "pattern.NAME", or "pattern.NAME.limit", and its
 * weight. False when pattern n has nothing to say.
 */
bool words_patterns_row(const struct words_patterns *patterns,
			const struct words_matched *matched, size_t n,
			const char **name_out, int64_t *weight_db_out);

struct words_matcher;

/* Takes: patterns, borrowed. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
words_matcher_new(const struct words_patterns *patterns,
		  struct words_matcher **matcher_out, struct err *err);
void words_matcher_free(struct words_matcher **matcher);

/* Try all patterns on text. */
struct words_matched
words_matcher_run(struct words_matcher *matcher, struct span text);

/* As if no pattern could be finished: for a text that could not be made. */
struct words_matched
words_matcher_unfinished(const struct words_matcher *matcher);

#endif
