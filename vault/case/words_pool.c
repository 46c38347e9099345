#include "vault/case/words_pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/words_room.h"

enum {
	POOL_MAILS = 50,     /* a mail gets this part of the room ... */
	POOL_MAIL_WORDS = 64 /* ... or so much, when that is more */
};

struct words_pool {
	pthread_mutex_t lock; /* guards the rest */
	uint8_t key[DIGEST_BYTES];
	struct words_room room;
};

enum status
words_pool_new(struct words_pool **pool_out, struct err *err)
{
	struct words_pool *pool = calloc(1, sizeof(*pool));
	enum status st = ST_OK;

	if (pool == NULL || pthread_mutex_init(&pool->lock, NULL) != 0) {
		free(pool);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	st = random_fill(pool->key, sizeof(pool->key), err);
	if (st == ST_OK)
		*pool_out = pool;
	else
		words_pool_free(&pool);
	return st;
}

void
words_pool_free(struct words_pool **pool)
{
	struct words_pool *p = *pool;

	if (p == NULL)
		return;
	words_room_free(&p->room);
	(void)pthread_mutex_destroy(&p->lock);
	explicit_bzero(p, sizeof(*p));
	free(p);
	*pool = NULL;
}

/* The key changes when words of an earlier process are taken over. */
static enum status
pool_pairs(struct words_pool *pool, const struct words_between *between,
	   struct words_pairs *pairs, struct err *err)
{
	uint8_t key[DIGEST_BYTES];
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&pool->lock);
	memcpy(key, pool->key, sizeof(key));
	(void)pthread_mutex_unlock(&pool->lock);
	st = words_pairs_make(key, between, pairs, err);
	explicit_bzero(key, sizeof(key));
	return st;
}

/* --- in and out -------------------------------------------------------- */

static bool
word_counts(const struct words_rules *rules, const struct report_word *word)
{
	return (word->worked ? rules->worked_keep_ms : rules->keep_ms) > 0 &&
	       word->text[0] != '\0' &&
	       strlen(word->text) <= REPORT_SECRET_BYTES;
}

/* How many of the words of a mail for so many pairs are kept: what goes to
 * many is hardly a password, and the first ones are the likeliest. */
static size_t
words_of_mail(const struct words_pool *pool, size_t pair_count, size_t *most)
{
	*most = pool->room.size / POOL_MAILS;
	if (*most < POOL_MAIL_WORDS)
		*most = POOL_MAIL_WORDS;
	if (*most > pool->room.size / 2)
		*most = pool->room.size / 2;
	return pair_count > 0 && pair_count < *most ? *most / pair_count : 1;
}

/* The lock is held. */
static size_t
add_words(struct words_pool *pool, const struct words_rules *rules,
	  const struct words_pairs *pairs, const struct report_word *words,
	  size_t word_count)
{
	size_t most = 0;
	const size_t words_most = words_of_mail(pool, pairs->count, &most);
	size_t last = 0;
	size_t done = 0;
	size_t added = 0;

	for (size_t kept = 0; last < word_count && kept < words_most; last++)
		kept += word_counts(rules, &words[last]);
	/* The youngest stand first when they are asked for; so the first
	 * word of a mail comes last. */
	for (size_t i = last; i-- > 0;) {
		if (!word_counts(rules, &words[i]))
			continue;
		for (size_t j = 0; j < pairs->count && done < most; j++) {
			added += words_room_add(&pool->room, rules,
						pairs->tags[j], &words[i]);
			done++;
		}
	}
	return added;
}

enum status
words_pool_add(struct words_pool *pool, const struct words_between *between,
	       const struct report_word *words, size_t word_count,
	       size_t *added_out, struct err *err)
{
	const struct words_rules *rules = &between->rules;
	AUTO(words_pairs_done) struct words_pairs pairs = { NULL, 0 };
	enum status st = ST_OK;
	bool any = false;

	*added_out = 0;
	for (size_t i = 0; i < word_count; i++)
		any = any || word_counts(rules, &words[i]);
	if (!any || rules->max_words < WORDS_LEAST_ROOM)
		return ST_OK;
	st = pool_pairs(pool, between, &pairs, err);
	if (st != ST_OK)
		return st;
	(void)pthread_mutex_lock(&pool->lock);
	words_room_expire(&pool->room, rules);
	st = words_room_need(&pool->room, rules, err);
	if (st == ST_OK)
		*added_out = add_words(pool, rules, &pairs, words, word_count);
	(void)pthread_mutex_unlock(&pool->lock);
	return st;
}

/* What is found for one mail. */
struct found {
	struct wire_arena *arena;
	struct vault_word *words;
	size_t count;
};

static bool
found_has(const struct found *found, const char *text)
{
	for (size_t i = 0; i < found->count; i++)
		if (strcmp(found->words[i].text, text) == 0)
			return true;
	return false;
}

/* False: no memory. */
static bool
found_add(struct found *found, const struct words_slot *entry)
{
	struct vault_word *word = NULL;

	assert(found->words != NULL);
	word = &found->words[found->count];
	if (found->count == WORDS_MAX_FOUND || found_has(found, entry->text))
		return true;
	word->source = entry->class == 0 ? REPORT_WORD_SOURCE_RELATED
					 : REPORT_WORD_SOURCE_BEFORE;
	word->text = wire_arena_text(found->arena, span_of(entry->text));
	if (word->text == NULL)
		return false;
	found->count++;
	return true;
}

/* The lock is held. False: no memory. */
static bool
find_of_pair(struct words_pool *pool, const uint8_t pair[WORDS_PAIR_BYTES],
	     unsigned class, struct found *found)
{
	for (uint32_t at = words_room_first(&pool->room, pair);
	     at != WORDS_NO_SLOT; at = pool->room.entries[at].next) {
		const struct words_slot *entry = &pool->room.entries[at];

		if (entry->class == class &&
		    memcmp(entry->pair, pair, WORDS_PAIR_BYTES) == 0 &&
		    !found_add(found, entry))
			return false;
	}
	return true;
}

enum status
words_pool_find(struct words_pool *pool, const struct words_between *between,
		struct wire_arena *arena, const struct vault_word **words_out,
		size_t *count_out, struct err *err)
{
	AUTO(words_pairs_done) struct words_pairs pairs = { NULL, 0 };
	struct found found = { .arena = arena };
	enum status st = pool_pairs(pool, between, &pairs, err);
	bool done = true;

	found.words =
		wire_arena_alloc(arena, WORDS_MAX_FOUND * sizeof(*found.words));
	if (st == ST_OK && found.words == NULL)
		st = err_set(err, ST_NO_MEMORY, "vault: no memory");
	if (st != ST_OK)
		return st;
	(void)pthread_mutex_lock(&pool->lock);
	words_room_expire(&pool->room, &between->rules);
	for (unsigned class = 0; class < WORDS_CLASSES; class ++)
		for (size_t i = 0;
		     done && pool->room.count > 0 && i < pairs.count; i++)
			done = find_of_pair(pool, pairs.tags[i], class, &found);
	(void)pthread_mutex_unlock(&pool->lock);
	if (!done)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	*words_out = found.words;
	*count_out = found.count;
	return ST_OK;
}

void
words_pool_expire(struct words_pool *pool, const struct words_rules *rules)
{
	(void)pthread_mutex_lock(&pool->lock);
	words_room_expire(&pool->room, rules);
	(void)pthread_mutex_unlock(&pool->lock);
}

size_t
words_pool_forget(struct words_pool *pool)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&pool->lock);
	count = pool->room.count;
	words_room_free(&pool->room);
	(void)pthread_mutex_unlock(&pool->lock);
	return count;
}

uint64_t
words_pool_due(struct words_pool *pool, int64_t now_mono_ms, int64_t every_ms)
{
	uint64_t dropped = 0;

	(void)pthread_mutex_lock(&pool->lock);
	if (now_mono_ms - pool->room.dropped_mono_ms >= every_ms)
		dropped = pool->room.dropped;
	(void)pthread_mutex_unlock(&pool->lock);
	return dropped;
}

void
words_pool_recorded(struct words_pool *pool, uint64_t count)
{
	(void)pthread_mutex_lock(&pool->lock);
	pool->room.dropped -=
		count < pool->room.dropped ? count : pool->room.dropped;
	(void)pthread_mutex_unlock(&pool->lock);
}

size_t
words_pool_count(struct words_pool *pool)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&pool->lock);
	count = pool->room.count;
	(void)pthread_mutex_unlock(&pool->lock);
	return count;
}

/* --- all of it --------------------------------------------------------- */

/* The lock is held. False: no memory. */
static bool
export_queue(const struct words_pool *pool, const struct words_queue *queue,
	     int64_t now_mono_ms, struct wire_arena *arena,
	     struct words_entry *list, size_t *count)
{
	for (uint32_t at = queue->oldest; at != WORDS_NO_SLOT;
	     at = pool->room.entries[at].newer) {
		const struct words_slot *entry = &pool->room.entries[at];
		struct words_entry *to = &list[(*count)++];

		memcpy(to->pair, entry->pair, WORDS_PAIR_BYTES);
		to->worked = entry->class == 1;
		to->age_ms = (uint64_t)(now_mono_ms - entry->added_mono_ms);
		to->text = wire_arena_text(arena, span_of(entry->text));
		if (to->text == NULL)
			return false;
	}
	return true;
}

enum status
words_pool_export(struct words_pool *pool, int64_t now_mono_ms,
		  struct wire_arena *arena, struct words_snapshot *snapshot,
		  struct err *err)
{
	struct words_entry *list = NULL;
	size_t count = 0;
	bool done = false;

	(void)pthread_mutex_lock(&pool->lock);
	list = wire_arena_alloc(arena, (pool->room.count + 1) * sizeof(*list));
	done = list != NULL;
	for (size_t i = 0; done && pool->room.count > 0 &&
			   i < (size_t)WORDS_CLASSES * WORDS_LANES;
	     i++)
		done = export_queue(
			pool,
			&pool->room.queues[i / WORDS_LANES][i % WORDS_LANES],
			now_mono_ms, arena, list, &count);
	memcpy(snapshot->key, pool->key, sizeof(snapshot->key));
	(void)pthread_mutex_unlock(&pool->lock);
	if (!done)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	snapshot->entries = list;
	snapshot->count = count;
	return ST_OK;
}

enum status
words_pool_import(struct words_pool *pool, const struct words_rules *rules,
		  const struct words_snapshot *snapshot, struct err *err)
{
	struct words_rules then = *rules;
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&pool->lock);
	if (pool->room.count > 0)
		st = err_set(err, ST_END, "vault: there are words already");
	else
		st = words_room_need(&pool->room, rules, err);
	if (st == ST_OK)
		memcpy(pool->key, snapshot->key, sizeof(pool->key));
	for (size_t i = 0; st == ST_OK && i < snapshot->count; i++) {
		const struct words_entry *from = &snapshot->entries[i];
		const struct report_word word = { from->text, from->worked };

		then.now_mono_ms = rules->now_mono_ms - (int64_t)from->age_ms;
		(void)words_room_add(&pool->room, &then, from->pair, &word);
	}
	if (st == ST_OK)
		words_room_expire(&pool->room, rules);
	(void)pthread_mutex_unlock(&pool->lock);
	return st;
}
