/*
 * words_pool.h - words that may be passwords, by who wrote them to whom.
 *
 * Layer:    vault/case
 * Threads:  any; it has a lock of its own
 *
 * Two classes: words of a mail behind a word like "password", which may open
 * what the same person sends the same person shortly before or after; and
 * words that did open something between the two. The key of the pairs is made
 * with the pool, so nothing here can be compared with a store.
 *
 * All of it lies in pages that are locked and in no core file. Where the
 * system does not let so much be locked the pool is smaller; what cannot be
 * locked is not kept. A word is wiped when it goes: too old, the oldest of too
 * many, forgotten on demand, at the end.
 */
#ifndef VAULT_CASE_WORDS_POOL_H
#define VAULT_CASE_WORDS_POOL_H

#include "vault/case/words_between.h"

enum {
	WORDS_MAX_OF_PAIR = 64, /* of a class; the oldest goes */
	WORDS_MAX_FOUND = 200   /* for one mail */
};

struct words_pool;

MUST_CHECK enum status
words_pool_new(struct words_pool **pool_out, struct err *err);
void words_pool_free(struct words_pool **pool);

/*
 * Keep words of a mail. One that is there already is young again.
 * Gives:    *added_out, how many were not there (for all pairs)
 * Returns:  ST_OK; ST_LIMIT no memory could be locked: nothing is kept;
 *           ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_pool_add(struct words_pool *pool, const struct words_between *between,
	       const struct report_word *words, size_t word_count,
	       size_t *added_out, struct err *err);

/*
 * The words between them, each once: RELATED, then BEFORE, the youngest
 * first.
 * Gives:    *words_out, *count_out (WORDS_MAX_FOUND at most), in arena
 */
MUST_CHECK enum status
words_pool_find(struct words_pool *pool, const struct words_between *between,
		struct wire_arena *arena, const struct vault_word **words_out,
		size_t *count_out, struct err *err);

/* Drop what is too old. */
void
words_pool_expire(struct words_pool *pool, const struct words_rules *rules);
/* Drop all; how many there were. */
size_t words_pool_forget(struct words_pool *pool);

/* Words dropped because of age or number that are not on record, when the
 * first of them waits since every_ms; 0: not yet. And: so many are now. */
uint64_t
words_pool_due(struct words_pool *pool, int64_t now_mono_ms, int64_t every_ms);
void words_pool_recorded(struct words_pool *pool, uint64_t count);

size_t words_pool_count(struct words_pool *pool);

/* All of it, for words_saved.c: each class oldest first. */
struct words_entry {
	uint8_t pair[WORDS_PAIR_BYTES];
	bool worked;
	uint64_t age_ms;
	const char *text;
};
struct words_snapshot {
	uint8_t key[DIGEST_BYTES]; /* of the pairs */
	int64_t made_unix_ms;
	const struct words_entry *entries;
	size_t count;
};
/* Gives: snapshot->key, entries, count; texts and list in arena. */
MUST_CHECK enum status
words_pool_export(struct words_pool *pool, int64_t now_mono_ms,
		  struct wire_arena *arena, struct words_snapshot *snapshot,
		  struct err *err);
/*
 * Into a pool that has no word yet; those that are too old by the rules are
 * left out.
 * Returns:  ST_OK; ST_END there are words already; as words_pool_add()
 */
MUST_CHECK enum status
words_pool_import(struct words_pool *pool, const struct words_rules *rules,
		  const struct words_snapshot *snapshot, struct err *err);

#endif
