/*
 * words.h - the weights and words of detection, from conf/words.
 *
 * Layer:    lib/words; includes lib/base and lib/report
 * Threads:  does not change once made
 *
 * The shipped files are compiled in, since a worker has none.
 */
#ifndef LIB_WORDS_WORDS_H
#define LIB_WORDS_WORDS_H

#include "lib/base/status.h"
#include "lib/report/evidence.h"

struct words;

/*
 * Gives:    *words_out, release with words_free()
 * Returns:  ST_OK, ST_NO_MEMORY; ST_FORMAT a shipped file is wrong
 */
MUST_CHECK enum status words_new(struct words **words_out, struct err *err);
void words_free(struct words **words);

/* In decibans; 0 for EVIDENCE_NONE. */
int64_t words_weight_db(const struct words *words, enum evidence evidence);

#endif
