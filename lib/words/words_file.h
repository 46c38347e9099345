/*
 * words_file.h - the files of conf/words, strictly parsed.
 *
 * Layer:    lib/words, private; includes lib/base
 * Threads:  values
 *
 * Shape: UTF-8, one item a line; LF or CR LF; "#" at the start of a line or
 * behind a blank starts a comment; blanks around an item do not count.
 *
 *	words    word     a label, or what else the file is about
 *	         !word    looks like one, but is none
 *	         =word    counts only when it touches the number
 *	weights  name  weight      a whole number of decibans, -100 to 100
 *	samples  twelve digits
 */
#ifndef LIB_WORDS_WORDS_FILE_H
#define LIB_WORDS_WORDS_FILE_H

#include "lib/base/span.h"
#include "lib/base/status.h"
#include "lib/words/words_store.h"

enum {
	WORDS_MAX_WORD_BYTES = 160,
	WORDS_MAX_WORD_LETTERS = 40,
	WORDS_MOST_WEIGHT_DB = 100
};

/* One file: its name in messages, its text. */
struct words_source {
	const char *path;
	struct span text;
};

/* Record "PATH:LINE: reason" as ST_FORMAT and return it. */
enum status words_refuse(const char *path, unsigned line, struct err *err,
			 const char *fmt, ...) PRINTF_LIKE(4, 5);

/* All of them: ST_OK; ST_FORMAT "PATH:LINE: reason"; ST_LIMIT; ST_NO_MEMORY */
MUST_CHECK enum status
words_parse_list(const struct words_source *source, enum label_kind kind,
		 struct words *words, struct err *err);
/* whole: every name must be there. */
MUST_CHECK enum status
words_parse_weights(const struct words_source *source, bool whole,
		    struct words *words, struct err *err);

/* Whether number is an item of a file of samples. */
MUST_CHECK enum status
words_parse_samples(const struct words_source *source, uint64_t number,
		    bool *known_out, struct err *err);

#endif
