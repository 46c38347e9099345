/*
 * words.h - the weights and words of detection, from conf/words.
 *
 * Layer:    lib/words; includes lib/base, lib/wire and lib/report
 * Threads:  does not change once made
 *
 * The shipped files are compiled in, since a worker has none; what an admin
 * adds (words_added.h) is read by the same parser. Formats: words_file.h.
 */
#ifndef LIB_WORDS_WORDS_H
#define LIB_WORDS_WORDS_H

#include "lib/report/evidence.h"
#include "lib/words/words_added.h"

enum label_kind {
	LABEL_NONE = 0,
	LABEL_DIRECT, /* a My Number */
	LABEL_RIVAL,  /* something else */
	LABEL_FORM,   /* a form or process that handles My Numbers */
	LABEL_WEAK,   /* contains a label, but is none */
	/* What else stands in a person's record: */
	LABEL_BIRTH,
	LABEL_FAMILY,
	LABEL_NAME,
	LABEL_ADDRESS
};

enum label_place {
	LABEL_PLACE_NONE = 0,
	LABEL_ANYWHERE,
	LABEL_TOUCHING /* counts only right beside the number */
};

/* One word as it stands in its file. */
struct words_entry {
	enum label_kind kind;
	enum label_place place;
	const char *text;
};

/* Of words that are written alike the last one counts. */
struct words_entries {
	const struct words_entry *items;
	size_t count;
};

struct words;

/*
 * The shipped words and weights, with what an admin adds.
 *
 * Takes:    added, NULL when there is nothing; not needed afterwards
 * Gives:    *words_out, release with words_free()
 * Returns:  ST_OK; ST_FORMAT "FILE:LINE: reason" a file is wrong, or an id, a
 *           sample or a pattern is; ST_LIMIT too much of something;
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status words_make(const struct words_added *added,
				  struct words **words_out, struct err *err);

/* words_make() with nothing added. */
MUST_CHECK enum status words_new(struct words **words_out, struct err *err);
void words_free(struct words **words);

/* In decibans; 0 for EVIDENCE_NONE. */
int64_t words_weight_db(const struct words *words, enum evidence evidence);

struct words_entries words_entries(const struct words *words);

/* EVIDENCE_OWN_ID, EVIDENCE_OWN_SAMPLE or NONE, for the value of the twelve
 * digits. */
enum evidence words_own_row(const struct words *words, uint64_t number);

/* The organisation's passwords, one in each line. Secrets, wiped with words. */
struct span words_passwords(const struct words *words);

/* The files that the organisation knows in clear: a pack of known_files.h. */
struct span words_known_files(const struct words *words);

/* The compiled patterns; for words_match.h. */
const struct words_patterns *words_patterns(const struct words *words);

#endif
