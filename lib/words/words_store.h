/*
 * words_store.h - the inside of struct words.
 *
 * Layer:    lib/words, private
 */
#ifndef LIB_WORDS_WORDS_STORE_H
#define LIB_WORDS_WORDS_STORE_H

#include "lib/words/own_id.h"
#include "lib/words/words.h"

enum { WORDS_MAX_ENTRIES = 5000 };

struct words {
	int64_t weights_db[EVIDENCE_END];
	struct wire_arena *arena; /* texts */
	struct words_entry *entries;
	size_t entry_count;
	size_t entry_room;
	struct own_id own_ids[WORDS_MAX_OWN_IDS];
	size_t own_id_count;
	uint64_t samples[WORDS_MAX_SAMPLES];
	size_t sample_count;
	struct words_patterns *patterns;
	struct span passwords; /* in arena */
	struct span packed;    /* the mapped memory file, or empty */
	struct span known;     /* in it */
};

/* Copies text. Returns: ST_OK, ST_LIMIT, ST_NO_MEMORY */
MUST_CHECK enum status
words_add_entry(struct words *words, const struct words_entry *entry,
		struct span text, struct err *err);

#endif
