#include "vault/case/words_pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/locked_pages.h"

enum {
	POOL_LEAST_ROOM = 64, /* fewer words are not worth the trouble */
	POOL_CLASSES = 2
};

/* No entry. */
#define POOL_NONE UINT32_MAX

/* One word for one pair. */
struct entry {
	uint8_t pair[WORDS_PAIR_BYTES];
	int64_t added_mono_ms;
	unsigned class;
	uint32_t next;         /* of its bucket, or of the free ones */
	uint32_t older, newer; /* of its class */
	char text[REPORT_SECRET_BYTES + 1];
};

/* Entries of one class in the order in which they came. */
struct queue {
	uint32_t oldest, newest;
};

struct words_pool {
	pthread_mutex_t lock; /* guards the rest */
	uint8_t key[DIGEST_BYTES];
	struct entry *entries; /* locked pages; NULL: no word came yet */
	uint32_t *buckets;     /* as many as entries */
	size_t room, wanted_room;
	size_t count;
	uint32_t free_entry;
	struct queue queues[POOL_CLASSES];
	uint64_t dropped;
	int64_t dropped_mono_ms; /* the first of them */
};

/* --- room -------------------------------------------------------------- */

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

static void
room_free(struct words_pool *pool)
{
	locked_pages_free(pool->entries, pool->room * sizeof(*pool->entries));
	free(pool->buckets);
	pool->entries = NULL;
	pool->buckets = NULL;
	pool->room = pool->count = 0;
}

void
words_pool_free(struct words_pool **pool)
{
	struct words_pool *p = *pool;

	if (p == NULL)
		return;
	room_free(p);
	(void)pthread_mutex_destroy(&p->lock);
	explicit_bzero(p, sizeof(*p));
	free(p);
	*pool = NULL;
}

/* All entries are free. */
static void
room_clear(struct words_pool *pool)
{
	for (size_t i = 0; i < pool->room; i++) {
		pool->buckets[i] = POOL_NONE;
		pool->entries[i].next =
			i + 1 < pool->room ? (uint32_t)i + 1 : POOL_NONE;
	}
	pool->free_entry = 0;
	for (size_t i = 0; i < POOL_CLASSES; i++)
		pool->queues[i] = (struct queue){ POOL_NONE, POOL_NONE };
}

/* Room as the settings say, or as much of it as can be locked. */
static enum status
room_need(struct words_pool *pool, const struct words_rules *rules,
	  struct err *err)
{
	const size_t wanted = rules->max_words;

	if (pool->entries != NULL &&
	    (pool->count > 0 || pool->wanted_room == wanted))
		return ST_OK;
	room_free(pool);
	pool->room = wanted;
	while (pool->entries == NULL && pool->room >= POOL_LEAST_ROOM) {
		pool->entries =
			locked_pages_new(pool->room * sizeof(*pool->entries));
		if (pool->entries == NULL)
			pool->room /= 2;
	}
	if (pool->entries == NULL) {
		pool->room = 0;
		return err_set(err, ST_LIMIT,
			       "vault: no memory can be locked for words; "
			       "raise its limit (LimitMEMLOCK)");
	}
	pool->buckets = reallocarray(NULL, pool->room, sizeof(uint32_t));
	if (pool->buckets == NULL) {
		room_free(pool);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	pool->wanted_room = wanted;
	room_clear(pool);
	return ST_OK;
}

/* --- entries ----------------------------------------------------------- */

static uint32_t *
bucket_of(struct words_pool *pool, const uint8_t pair[WORDS_PAIR_BYTES])
{
	uint32_t hash = 0;

	assert(pool->room > 0);
	memcpy(&hash, pair, sizeof(hash));
	return &pool->buckets[hash % pool->room];
}

static void
queue_append(struct words_pool *pool, uint32_t at)
{
	struct entry *entry = &pool->entries[at];
	struct queue *queue = &pool->queues[entry->class];

	entry->older = queue->newest;
	entry->newer = POOL_NONE;
	if (queue->newest != POOL_NONE)
		pool->entries[queue->newest].newer = at;
	else
		queue->oldest = at;
	queue->newest = at;
}

static void
queue_remove(struct words_pool *pool, uint32_t at)
{
	const struct entry *entry = &pool->entries[at];
	struct queue *queue = &pool->queues[entry->class];

	if (entry->older != POOL_NONE)
		pool->entries[entry->older].newer = entry->newer;
	else
		queue->oldest = entry->newer;
	if (entry->newer != POOL_NONE)
		pool->entries[entry->newer].older = entry->older;
	else
		queue->newest = entry->older;
}

static void
bucket_remove(struct words_pool *pool, uint32_t at)
{
	uint32_t *place = bucket_of(pool, pool->entries[at].pair);

	while (*place != at)
		place = &pool->entries[*place].next;
	*place = pool->entries[at].next;
}

static void
bucket_prepend(struct words_pool *pool, uint32_t at)
{
	uint32_t *bucket = bucket_of(pool, pool->entries[at].pair);

	pool->entries[at].next = *bucket;
	*bucket = at;
}

static void
entry_drop(struct words_pool *pool, uint32_t at)
{
	struct entry *entry = &pool->entries[at];

	bucket_remove(pool, at);
	queue_remove(pool, at);
	explicit_bzero(entry, sizeof(*entry));
	entry->next = pool->free_entry;
	pool->free_entry = at;
	pool->count--;
}

static void
count_dropped(struct words_pool *pool, int64_t now_mono_ms)
{
	if (pool->dropped++ == 0)
		pool->dropped_mono_ms = now_mono_ms;
}

static void
expire_class(struct words_pool *pool, unsigned class, int64_t keep_ms,
	     int64_t now_mono_ms)
{
	const struct queue *queue = &pool->queues[class];

	while (queue->oldest != POOL_NONE &&
	       now_mono_ms - pool->entries[queue->oldest].added_mono_ms >=
		       keep_ms) {
		entry_drop(pool, queue->oldest);
		count_dropped(pool, now_mono_ms);
	}
}

/* The lock is held. */
static void
expire(struct words_pool *pool, const struct words_rules *rules)
{
	if (pool->entries == NULL)
		return;
	expire_class(pool, 0, rules->keep_ms, rules->now_mono_ms);
	expire_class(pool, 1, rules->worked_keep_ms, rules->now_mono_ms);
}

/* What may open something soon goes before what did open something. */
static void
drop_oldest(struct words_pool *pool, int64_t now_mono_ms)
{
	const uint32_t related = pool->queues[0].oldest;

	entry_drop(pool,
		   related != POOL_NONE ? related : pool->queues[1].oldest);
	count_dropped(pool, now_mono_ms);
}

/* What a word meets among those of its pair. */
struct meeting {
	uint32_t same;   /* the word is there, of this class */
	uint32_t oldest; /* of the pair and class */
	size_t count;
};

static struct meeting
meet(struct words_pool *pool, const uint8_t pair[WORDS_PAIR_BYTES],
     const struct report_word *word)
{
	struct meeting meeting = { POOL_NONE, POOL_NONE, 0 };

	for (uint32_t at = *bucket_of(pool, pair); at != POOL_NONE;
	     at = pool->entries[at].next) {
		const struct entry *entry = &pool->entries[at];

		if (memcmp(entry->pair, pair, WORDS_PAIR_BYTES) != 0 ||
		    entry->class != (word->worked ? 1U : 0U))
			continue;
		/* The youngest stand first. */
		meeting.oldest = at;
		meeting.count++;
		if (strcmp(entry->text, word->text) == 0)
			meeting.same = at;
	}
	return meeting;
}

/* True when it was not there. */
static bool
entry_add(struct words_pool *pool, const struct words_rules *rules,
	  const uint8_t pair[WORDS_PAIR_BYTES], const struct report_word *word)
{
	const struct meeting meeting = meet(pool, pair, word);
	struct entry *entry = NULL;
	uint32_t at = meeting.same;

	if (at != POOL_NONE) {
		entry_drop(pool, at);
	} else if (meeting.count >= WORDS_MAX_OF_PAIR) {
		entry_drop(pool, meeting.oldest);
		count_dropped(pool, rules->now_mono_ms);
	}
	while (pool->free_entry == POOL_NONE || pool->count >= rules->max_words)
		drop_oldest(pool, rules->now_mono_ms);
	at = pool->free_entry;
	entry = &pool->entries[at];
	pool->free_entry = entry->next;
	memcpy(entry->pair, pair, WORDS_PAIR_BYTES);
	entry->added_mono_ms = rules->now_mono_ms;
	entry->class = word->worked ? 1 : 0;
	(void)snprintf(entry->text, sizeof(entry->text), "%s", word->text);
	bucket_prepend(pool, at);
	queue_append(pool, at);
	pool->count++;
	return meeting.same == POOL_NONE;
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

/* The lock is held. One mail takes half of the room at most. */
static size_t
add_words(struct words_pool *pool, const struct words_rules *rules,
	  const struct words_pairs *pairs, const struct report_word *words,
	  size_t word_count)
{
	const size_t most = pool->room / 2;
	size_t done = 0;
	size_t added = 0;

	/* The youngest stand first when they are asked for; so the first
	 * word of a mail comes last. */
	for (size_t i = word_count; i-- > 0;) {
		if (!word_counts(rules, &words[i]))
			continue;
		for (size_t j = 0; j < pairs->count && done < most; j++) {
			added += entry_add(pool, rules, pairs->tags[j],
					   &words[i]);
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
	if (!any || rules->max_words < POOL_LEAST_ROOM)
		return ST_OK;
	st = pool_pairs(pool, between, &pairs, err);
	if (st != ST_OK)
		return st;
	(void)pthread_mutex_lock(&pool->lock);
	expire(pool, rules);
	st = room_need(pool, rules, err);
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
found_add(struct found *found, const struct entry *entry)
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
	for (uint32_t at = *bucket_of(pool, pair); at != POOL_NONE;
	     at = pool->entries[at].next) {
		const struct entry *entry = &pool->entries[at];

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
	expire(pool, &between->rules);
	for (unsigned class = 0; class < POOL_CLASSES; class ++)
		for (size_t i = 0; done && pool->count > 0 && i < pairs.count;
		     i++)
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
	expire(pool, rules);
	(void)pthread_mutex_unlock(&pool->lock);
}

size_t
words_pool_forget(struct words_pool *pool)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&pool->lock);
	count = pool->count;
	room_free(pool);
	(void)pthread_mutex_unlock(&pool->lock);
	return count;
}

uint64_t
words_pool_due(struct words_pool *pool, int64_t now_mono_ms, int64_t every_ms)
{
	uint64_t dropped = 0;

	(void)pthread_mutex_lock(&pool->lock);
	if (now_mono_ms - pool->dropped_mono_ms >= every_ms)
		dropped = pool->dropped;
	(void)pthread_mutex_unlock(&pool->lock);
	return dropped;
}

void
words_pool_recorded(struct words_pool *pool, uint64_t count)
{
	(void)pthread_mutex_lock(&pool->lock);
	pool->dropped -= count < pool->dropped ? count : pool->dropped;
	(void)pthread_mutex_unlock(&pool->lock);
}

size_t
words_pool_count(struct words_pool *pool)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&pool->lock);
	count = pool->count;
	(void)pthread_mutex_unlock(&pool->lock);
	return count;
}

/* --- all of it --------------------------------------------------------- */

/* The lock is held. False: no memory. */
static bool
export_class(const struct words_pool *pool, unsigned class, int64_t now_mono_ms,
	     struct wire_arena *arena, struct words_entry *list, size_t *count)
{
	for (uint32_t at = pool->queues[class].oldest; at != POOL_NONE;
	     at = pool->entries[at].newer) {
		const struct entry *entry = &pool->entries[at];
		struct words_entry *to = &list[(*count)++];

		memcpy(to->pair, entry->pair, WORDS_PAIR_BYTES);
		to->worked = class == 1;
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
	list = wire_arena_alloc(arena, (pool->count + 1) * sizeof(*list));
	done = list != NULL;
	for (unsigned class = 0;
	     done && pool->count > 0 && class < POOL_CLASSES; class ++)
		done = export_class(pool, class, now_mono_ms, arena, list,
				    &count);
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
	if (pool->count > 0)
		st = err_set(err, ST_END, "vault: there are words already");
	else
		st = room_need(pool, rules, err);
	if (st == ST_OK)
		memcpy(pool->key, snapshot->key, sizeof(pool->key));
	for (size_t i = 0; st == ST_OK && i < snapshot->count; i++) {
		const struct words_entry *from = &snapshot->entries[i];
		const struct report_word word = { from->text, from->worked };

		then.now_mono_ms = rules->now_mono_ms - (int64_t)from->age_ms;
		(void)entry_add(pool, &then, from->pair, &word);
	}
	if (st == ST_OK)
		expire(pool, rules);
	(void)pthread_mutex_unlock(&pool->lock);
	return st;
}
