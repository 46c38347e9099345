/* Passwords for what was locked, tried when everything else was read. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"
#include "scanners/locks/words_rank.h"
#include "scanners/worker/engine_state.h"

enum {
	UNLOCK_US_PER_S = 1000000,
	UNLOCK_NS_PER_US = 1000,
	UNLOCK_US_PER_MS = 1000,
	/* Of the scan's own time, for reading what is opened. */
	UNLOCK_RESERVE_MS = 1500,
	/* Passwords of one call; of those that are slow one batch. */
	UNLOCK_CHUNK = 256,
	UNLOCK_SLOW_NS = 20000
};

static int64_t
unlock_cpu_us(void)
{
	struct timespec used = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * UNLOCK_US_PER_S +
	       used.tv_nsec / UNLOCK_NS_PER_US;
}

/* A call that tries passwords, and the time that it may take. */
struct unlock_turn {
	struct sink *sink;
	int64_t start_us;
};

/* ST_LIMIT: the time for trying is up, or that of the scan nearly is. */
static enum status
unlock_tick(void *context, struct err *err)
{
	const struct unlock_turn *turn = context;
	struct sink *sink = turn->sink;
	const int64_t most_us =
		(int64_t)sink->request->search_ms * UNLOCK_US_PER_MS;
	const int64_t used_us =
		sink->locks.used_us + unlock_cpu_us() - turn->start_us;

	if (used_us >= most_us ||
	    engine_budget_left_ms(&sink->budget) < UNLOCK_RESERVE_MS ||
	    engine_budget_left_cpu_ms(&sink->budget) < UNLOCK_RESERVE_MS)
		return err_set(err, ST_LIMIT, "unlock: no time is left");
	return ST_OK;
}

static void
unlock_end_turn(const struct unlock_turn *turn, enum status st)
{
	struct engine_locks *locks = &turn->sink->locks;

	locks->used_us += unlock_cpu_us() - turn->start_us;
	locks->over = locks->over || st == ST_LIMIT;
}

/* ---- words ---- */

static enum status
unlock_find_said(struct sink *sink, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = ST_OK;

	st = words_list_new(&locks->said, err);
	if (st == ST_OK)
		st = words_rank_said(&locks->mail, REPORT_MAX_WORDS,
				     locks->said, err);
	if (st == ST_OK && words_list_count(locks->said) == 0)
		words_list_free(&locks->said);
	return st;
}

/* What Office tries by itself, and nobody types. */
static const char unlock_default[] = "VelvetSweatshop";

static enum status
unlock_add_given(struct sink *sink, struct err *err)
{
	const struct engine_request *request = sink->request;
	struct words_list *words = sink->locks.words;
	enum status st = ST_OK;

	for (size_t i = 0; i < request->secret_count && st == ST_OK; i++)
		st = words_list_add(words, span_of(request->secrets[i].text),
				    request->secrets[i].source, err);
	return st == ST_OK ? words_list_add(words, span_of(unlock_default),
					    REPORT_WORD_SOURCE_DEFAULT, err)
			   : st;
}

/* What was opened may say further passwords: they come behind the others. */
static enum status
unlock_find_words(struct sink *sink, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = ST_OK;

	if (locks->words == NULL) {
		st = words_list_new(&locks->words, err);
		if (st == ST_OK)
			st = words_list_new(&locks->worked, err);
		if (st == ST_OK)
			st = unlock_add_given(sink, err);
	}
	return st == ST_OK ? words_rank(&locks->mail, locks->words, err) : st;
}

/* ---- one lock ---- */

static size_t
unlock_chunk(const struct engine_lock *lock, size_t left)
{
	const struct lock_kind *kind = lock_kind(lock->lock);
	size_t chunk = UNLOCK_CHUNK;

	if (kind->cost_ns > UNLOCK_SLOW_NS)
		chunk = kind->batch > 0 ? kind->batch : 1;
	return left < chunk ? left : chunk;
}

/* Try words from on, at most count. *index_out as lock_try(), from on. */
static enum status
unlock_try_words(struct sink *sink, struct engine_lock *lock,
		 const struct words_list *words, size_t from, size_t count,
		 size_t *index_out, struct err *err)
{
	struct span spans[UNLOCK_CHUNK];
	struct unlock_turn turn = { sink, unlock_cpu_us() };
	const struct lock_watch watch = { unlock_tick, &turn };
	enum status st = unlock_tick(&turn, err);

	for (size_t i = 0; i < count; i++)
		spans[i] = words_list_word(words, from + i);
	if (st == ST_OK)
		st = lock_try(lock->lock, spans, count, &watch, index_out, err);
	unlock_end_turn(&turn, st);
	return st;
}

/* This word opened something of lock. */
static enum status
unlock_worked(struct sink *sink, struct engine_lock *lock,
	      const struct words_list *words, size_t i, struct err *err)
{
	const struct span word = words_list_word(words, i);
	uint8_t *copy = malloc(word.len_bytes);

	if (copy == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	memcpy(copy, word.ptr, word.len_bytes);
	lock->passwords[lock->password_count++] =
		(struct span){ copy, word.len_bytes };
	lock->source = words_list_source(words, i);
	if (words == sink->locks.worked ||
	    lock->source == REPORT_WORD_SOURCE_DEFAULT)
		return ST_OK;
	return words_list_add(sink->locks.worked, word, lock->source, err);
}

static bool
unlock_is_done(const struct sink *sink, const struct engine_lock *lock)
{
	return sink->locks.over || sink->budget.out_of_time ||
	       lock_is_open(lock->lock) ||
	       lock->password_count == ENGINE_LOCK_PASSWORDS;
}

/* Try words of a list from *next on. */
static enum status
unlock_try_list(struct sink *sink, struct engine_lock *lock,
		const struct words_list *words, size_t *next, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && !unlock_is_done(sink, lock) &&
	       *next < words_list_count(words)) {
		const size_t count =
			unlock_chunk(lock, words_list_count(words) - *next);
		struct err why = { .st = ST_OK };
		size_t index = 0;

		st = unlock_try_words(sink, lock, words, *next, count, &index,
				      &why);
		if (st == ST_OK) {
			st = unlock_worked(sink, lock, words, *next + index,
					   err);
			*next += index + 1;
		} else if (st == ST_NOT_FOUND) {
			*next += count;
			st = ST_OK;
		} else if (st == ST_LIMIT) {
			st = ST_OK;
		} else {
			*err = why;
		}
	}
	return st;
}

/* Read once more what the passwords opened. */
static enum status
unlock_read(struct sink *sink, struct engine_lock *lock, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	char *itself = MOVE(lock->itself);
	bool failed = false;
	enum status st = ST_OK;

	engine_object_free(&sink->current);
	sink->current = MOVE(lock->object);
	sink->current->hint.passwords = lock->passwords;
	sink->current->hint.password_count = lock->password_count;
	sink->record.behind_path = sink->current->path;
	locks->before = lock->closed;
	lock->closed = (struct engine_list){ NULL, NULL };
	locks->again = lock;
	st = engine_read_again(sink, lock->readers, lock->reader_count, &failed,
			       err);
	locks->again = NULL;
	lock->object = MOVE(sink->current);
	/* What was said of it before holds, unless all of it was read. */
	engine_list_prepend(&lock->closed, &locks->before);
	if (failed && lock->itself == NULL)
		lock->itself = MOVE(itself);
	free(itself);
	if (st == ST_OK)
		st = engine_drain(sink, ENGINE_DRAIN_IN_TIME, err);
	sink->record.behind_path = NULL;
	return st;
}

static enum status
unlock_one(struct sink *sink, struct engine_lock *lock, bool *opened_out,
	   struct err *err)
{
	const size_t before = lock->password_count;
	size_t next = 0;
	enum status st =
		unlock_try_list(sink, lock, sink->locks.worked, &next, err);

	if (st == ST_OK)
		st = unlock_try_list(sink, lock, sink->locks.words,
				     &lock->next_word, err);
	if (st != ST_OK || lock->password_count == before)
		return st;
	*opened_out = true;
	return unlock_read(sink, lock, err);
}

/* ---- all of them ---- */

enum status
engine_unlock(struct sink *sink, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = unlock_find_said(sink, err);
	bool opened = true;

	while (st == ST_OK && opened && locks->first != NULL) {
		opened = false;
		st = unlock_find_words(sink, err);
		for (struct engine_lock *lock = locks->first;
		     lock != NULL && st == ST_OK; lock = lock->next)
			st = unlock_one(sink, lock, &opened, err);
	}
	return st;
}
