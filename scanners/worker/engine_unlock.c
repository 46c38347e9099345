/* Passwords for what was locked, tried when everything else was read. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/locks/words_items.h"
#include "scanners/locks/words_rank.h"
#include "scanners/worker/engine_search.h"
#include "scanners/worker/engine_state.h"

enum {
	/* Passwords of one call; of those that are slow one batch. */
	UNLOCK_CHUNK = 256,
	UNLOCK_SLOW_NS = 20000
};

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

/* The organisation's list. */
static struct span
unlock_listed(const struct sink *sink)
{
	const struct words *words = sink->request->words;

	return words != NULL ? words_passwords(words)
			     : (struct span){ NULL, 0 };
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
		if (st == ST_OK)
			locks->given = words_list_count(locks->words);
	}
	return st == ST_OK ? words_rank(&locks->mail, unlock_listed(sink),
					locks->words, err)
			   : st;
}

/* ---- one lock ---- */

static bool
unlock_is_slow(const struct engine_lock *lock)
{
	return lock_kind(lock->lock)->cost_ns > UNLOCK_SLOW_NS;
}

static size_t
unlock_chunk(const struct engine_lock *lock, size_t left)
{
	const uint32_t batch = lock_kind(lock->lock)->batch;
	size_t chunk = UNLOCK_CHUNK;

	if (unlock_is_slow(lock) && batch < chunk)
		chunk = batch > 0 ? batch : 1;
	return left < chunk ? left : chunk;
}

/* Try words from on, at most count. *index_out as lock_try(), from on. */
static enum status
unlock_try_words(struct sink *sink, struct engine_lock *lock,
		 const struct words_list *words, size_t from, size_t count,
		 size_t *index_out, struct err *err)
{
	struct span spans[UNLOCK_CHUNK];
	struct engine_turn turn =
		engine_turn_begin(sink, sink->request->search_ms);
	const struct lock_watch watch = { engine_turn_tick, &turn };
	enum status st = engine_turn_tick(&turn, err);

	for (size_t i = 0; i < count; i++)
		spans[i] = words_list_word(words, from + i);
	if (st == ST_OK)
		st = lock_try(lock->lock, spans, count, &watch, index_out, err);
	(void)engine_turn_end(&turn, st);
	return st;
}

/* Only what a given word opens was open in scans before this one, too; unless
 * nothing but such words is tried, since somebody has typed one. */
static bool
unlock_is_given(const struct engine_locks *locks, struct span word)
{
	for (size_t i = 0; i < locks->given; i++)
		if (span_equal(words_list_word(locks->words, i), word))
			return true;
	return false;
}

/* Where a word came from. One of other mails that this one says, too, is its
 * own: a mail that waits is tried with all that was said between the two. */
static enum report_word_source
unlock_source(const struct engine_locks *locks, const struct words_list *words,
	      size_t i)
{
	const enum report_word_source source = words_list_source(words, i);
	const struct words_list *said = locks->said;

	if (said == NULL || (source != REPORT_WORD_SOURCE_RELATED &&
			     source != REPORT_WORD_SOURCE_BEFORE))
		return source;
	for (size_t j = 0; j < words_list_count(said); j++)
		if (span_equal(words_list_word(said, j),
			       words_list_word(words, i)))
			return words_list_source(said, j);
	return source;
}

/* This word opened something of lock. */
static enum status
unlock_worked(struct sink *sink, struct engine_lock *lock,
	      const struct words_list *words, size_t i, struct err *err)
{
	const struct span word = words_list_word(words, i);
	uint8_t *copy = malloc(word.len_bytes + 1);

	if (copy == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	/* With the NUL behind it. */
	memcpy(copy, word.ptr, word.len_bytes + 1);
	lock->passwords[lock->password_count++] =
		(struct span){ copy, word.len_bytes };
	lock->source = unlock_source(&sink->locks, words, i);
	if (!unlock_is_given(&sink->locks, word) ||
	    sink->request->search_from == REPORT_SEARCH_OVER)
		lock->opens_new = true;
	if (words == sink->locks.worked || lock_is_unsure(lock->lock) ||
	    lock->source == REPORT_WORD_SOURCE_DEFAULT)
		return ST_OK;
	return words_list_add(sink->locks.worked, word, lock->source, err);
}

static bool
unlock_is_done(const struct sink *sink, const struct engine_lock *lock)
{
	return sink->locks.over || lock->again || sink->budget.out_of_time ||
	       lock_is_open(lock->lock) ||
	       lock->password_count == ENGINE_LOCK_PASSWORDS;
}

/* Try words of a list from *next on, before end. */
static enum status
unlock_try_list(struct sink *sink, struct engine_lock *lock,
		const struct words_list *words, size_t *next, size_t end,
		struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && !unlock_is_done(sink, lock) && *next < end) {
		const size_t count = unlock_chunk(lock, end - *next);
		struct err why = { .st = ST_OK };
		size_t index = 0;

		st = unlock_try_words(sink, lock, words, *next, count, &index,
				      &why);
		if (st == ST_OK) {
			st = unlock_worked(sink, lock, words, *next + index,
					   err);
			*next += index + 1;
			lock->again = lock_passed_over(lock->lock);
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
	locks->opens_new = lock->is_new || lock->opens_new;
	if (st == ST_OK)
		st = engine_drain(sink, ENGINE_DRAIN_IN_TIME, err);
	locks->opens_new = false;
	sink->record.behind_path = NULL;
	return st;
}

/* Words that a scan before this one has tried need not be tried again: all of
 * them, when it came to masks. What came out of other locks is new. */
static void
unlock_skip_tried(const struct sink *sink, struct engine_lock *lock)
{
	const struct engine_locks *locks = &sink->locks;
	const size_t count = words_list_count(locks->words);
	const uint64_t from = sink->request->search_from;

	if (lock->is_new || lock->opens_new || from == 0)
		return;
	if (from >= ENGINE_SEARCH_MASKS_AT || from >= count - locks->given)
		lock->next_word = count;
	else if (lock->next_word < locks->given + from)
		lock->next_word = locks->given + (size_t)from;
}

static enum status
unlock_by_lists(struct sink *sink, struct engine_lock *lock, struct err *err)
{
	const struct engine_locks *locks = &sink->locks;
	size_t next = 0;
	enum status st = unlock_try_list(sink, lock, locks->worked, &next,
					 words_list_count(locks->worked), err);

	if (st == ST_OK && lock->next_word < locks->given)
		st = unlock_try_list(sink, lock, locks->words, &lock->next_word,
				     locks->given, err);
	if (lock->next_word == locks->given)
		unlock_skip_tried(sink, lock);
	return st == ST_OK
		       ? unlock_try_list(sink, lock, locks->words,
					 &lock->next_word,
					 words_list_count(locks->words), err)
		       : st;
}

static enum status
unlock_one(struct sink *sink, struct engine_lock *lock, bool *opened_out,
	   struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	const size_t before = lock->password_count;
	enum status st = ST_OK;

	do {
		if (lock->again)
			lock->next_word = 0;
		lock->again = false;
		st = unlock_by_lists(sink, lock, err);
	} while (st == ST_OK && lock->again);
	if (locks->found == lock)
		locks->found = NULL;
	if (st != ST_OK || lock->password_count == before)
		return st;
	*opened_out = true;
	return unlock_read(sink, lock, err);
}

/* ---- all of them ---- */

/* The quick ones first, so that a slow one does not use up their time. */
static enum status
unlock_each(struct sink *sink, bool slow, bool *opened_out, struct err *err)
{
	enum status st = ST_OK;

	for (struct engine_lock *lock = sink->locks.first;
	     lock != NULL && st == ST_OK; lock = lock->next)
		if (unlock_is_slow(lock) == slow && !lock_is_open(lock->lock))
			st = unlock_one(sink, lock, opened_out, err);
	return st;
}

static bool
unlock_is_all_open(const struct engine_locks *locks)
{
	for (const struct engine_lock *lock = locks->first; lock != NULL;
	     lock = lock->next)
		if (!lock_is_open(lock->lock))
			return false;
	return true;
}

/* Words, until nothing more opens; what is common comes when the mail itself
 * has said all. */
static enum status
unlock_by_words(struct sink *sink, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = ST_OK;
	bool again = true;

	while (st == ST_OK && again && !unlock_is_all_open(locks)) {
		again = false;
		st = unlock_find_words(sink, err);
		if (st == ST_OK)
			st = unlock_each(sink, false, &again, err);
		if (st == ST_OK)
			st = unlock_each(sink, true, &again, err);
		if (st != ST_OK || again || locks->common || locks->over)
			continue;
		locks->common = true;
		again = true;
		st = words_items_common(locks->words, err);
		for (struct engine_lock *lock = locks->first; lock != NULL;
		     lock = lock->next)
			unlock_skip_tried(sink, lock);
	}
	return st;
}

enum status
engine_unlock(struct sink *sink, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = unlock_find_said(sink, err);
	bool found = locks->first != NULL;

	while (st == ST_OK && found) {
		found = false;
		st = unlock_by_words(sink, err);
		if (st == ST_OK)
			st = engine_known_find(sink, &found, err);
		if (st == ST_OK && !found)
			st = engine_search(sink, &found, err);
	}
	engine_search_say(sink);
	return st;
}
