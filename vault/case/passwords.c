#include "vault/case/passwords.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum password_state {
	PASSWORD_NONE = 0, /* free */
	PASSWORD_TYPED,
	PASSWORD_FITS
};

struct password {
	enum password_state state;
	enum report_word_source source;
	enum password_consent consent;
	uint8_t case_id[CASE_ID_BYTES];
	uint64_t job_id; /* that tries it; 0: none yet */
	int64_t since_mono_ms;
	char text[REPORT_SECRET_BYTES + 1];
};

/* All of it in pages of its own. */
struct passwords {
	pthread_mutex_t lock; /* guards the rest */
	struct password items[PASSWORDS_MAX];
};

enum status
passwords_new(struct passwords **passwords_out, struct err *err)
{
	void *place =
		mmap(NULL, sizeof(struct passwords), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct passwords *passwords = place;

	if (place == MAP_FAILED)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	/* Where the limit is too small for it, the process is still one that
	 * leaves no core and cannot be traced. */
	(void)mlock(place, sizeof(*passwords));
	(void)madvise(place, sizeof(*passwords), MADV_DONTDUMP);
	if (pthread_mutex_init(&passwords->lock, NULL) != 0) {
		(void)munmap(place, sizeof(*passwords));
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	*passwords_out = passwords;
	return ST_OK;
}

void
passwords_free(struct passwords **passwords)
{
	if (*passwords == NULL)
		return;
	(void)pthread_mutex_destroy(&(*passwords)->lock);
	explicit_bzero(*passwords, sizeof(**passwords));
	(void)munmap(*passwords, sizeof(**passwords));
	*passwords = NULL;
}

static void
password_wipe(struct password *item)
{
	explicit_bzero(item, sizeof(*item));
}

static bool
is_of(const struct password *item, const uint8_t case_id[CASE_ID_BYTES])
{
	return item->state != PASSWORD_NONE &&
	       memcmp(item->case_id, case_id, CASE_ID_BYTES) == 0;
}

/* The lock is held. NULL: not there. */
static struct password *
find(struct passwords *passwords, const uint8_t case_id[CASE_ID_BYTES],
     const char *text)
{
	for (size_t i = 0; i < PASSWORDS_MAX; i++)
		if (is_of(&passwords->items[i], case_id) &&
		    strcmp(passwords->items[i].text, text) == 0)
			return &passwords->items[i];
	return NULL;
}

static size_t
count_of(const struct passwords *passwords,
	 const uint8_t case_id[CASE_ID_BYTES])
{
	size_t count = 0;

	for (size_t i = 0; i < PASSWORDS_MAX; i++)
		count += is_of(&passwords->items[i], case_id);
	return count;
}

/* A free one, or the oldest that fits: it can be typed again. NULL: all wait
 * for their result. */
static struct password *
find_room(struct passwords *passwords)
{
	const int64_t now_mono_ms = clock_mono_ms();
	struct password *oldest = NULL;

	for (size_t i = 0; i < PASSWORDS_MAX; i++) {
		struct password *item = &passwords->items[i];

		if (item->state == PASSWORD_TYPED &&
		    item->since_mono_ms + PASSWORDS_TYPED_MS < now_mono_ms)
			password_wipe(item);
		if (item->state == PASSWORD_NONE)
			return item;
		if (item->state == PASSWORD_FITS &&
		    (oldest == NULL ||
		     item->since_mono_ms < oldest->since_mono_ms))
			oldest = item;
	}
	return oldest;
}

/* The lock is held. NULL: there is no room. */
static struct password *
put_item(struct passwords *passwords, const uint8_t case_id[CASE_ID_BYTES],
	 const char *text)
{
	struct password *item = NULL;

	if (count_of(passwords, case_id) < PASSWORDS_PER_CASE &&
	    strlen(text) <= REPORT_SECRET_BYTES)
		item = find_room(passwords);
	if (item == NULL)
		return NULL;
	password_wipe(item);
	memcpy(item->case_id, case_id, CASE_ID_BYTES);
	memcpy(item->text, text, strlen(text) + 1);
	item->since_mono_ms = clock_mono_ms();
	return item;
}

enum status
passwords_add(struct passwords *passwords, const uint8_t case_id[CASE_ID_BYTES],
	      const struct vault_word *word, enum password_consent consent,
	      struct err *err)
{
	struct password *item = NULL;

	(void)pthread_mutex_lock(&passwords->lock);
	item = find(passwords, case_id, word->text);
	if (item == NULL) {
		item = put_item(passwords, case_id, word->text);
		if (item != NULL)
			item->state = PASSWORD_TYPED;
	}
	if (item != NULL) {
		item->source = word->source;
		item->consent = consent;
	}
	(void)pthread_mutex_unlock(&passwords->lock);
	return item != NULL ? ST_OK
			    : err_set(err, ST_LIMIT,
				      "too many passwords wait to be tried; "
				      "try again in a minute");
}

enum status
passwords_give(struct passwords *passwords,
	       const uint8_t case_id[CASE_ID_BYTES], uint64_t job_id,
	       struct wire_arena *arena, struct password_list *list_out,
	       struct err *err)
{
	enum status st = ST_OK;

	*list_out = (struct password_list){ .count = 0 };
	(void)pthread_mutex_lock(&passwords->lock);
	for (size_t i = 0; i < PASSWORDS_MAX && st == ST_OK; i++) {
		struct password *item = &passwords->items[i];
		struct vault_word *word = &list_out->words[list_out->count];

		if (!is_of(item, case_id) ||
		    (item->state == PASSWORD_TYPED && job_id == 0))
			continue;
		word->source = item->source;
		word->text = wire_arena_text(arena, span_of(item->text));
		if (word->text == NULL)
			st = err_set(err, ST_NO_MEMORY, "vault: no memory");
		if (item->state == PASSWORD_TYPED) {
			item->job_id = job_id;
			list_out->typed++;
		}
		list_out->count++;
	}
	(void)pthread_mutex_unlock(&passwords->lock);
	return st;
}

/* The lock is held. */
static void
note_worked(struct passwords *passwords, const struct password_result *result,
	    const char *text)
{
	struct password *item = find(passwords, result->case_id, text);

	if (item == NULL && result->source != REPORT_WORD_SOURCE_NONE) {
		item = put_item(passwords, result->case_id, text);
		if (item != NULL)
			item->source = result->source;
	}
	if (item == NULL)
		return;
	item->state = PASSWORD_FITS;
	item->job_id = 0;
}

/* Typed for that case, and given to that job, or not to it. */
static bool
is_typed(const struct password *item, const struct password_result *result,
	 bool to_job)
{
	return is_of(item, result->case_id) && item->state == PASSWORD_TYPED &&
	       (item->job_id == result->job_id) == to_job;
}

static size_t
count_typed(const struct passwords *passwords,
	    const struct password_result *result, bool to_job)
{
	size_t count = 0;

	for (size_t i = 0; i < PASSWORDS_MAX; i++)
		count += is_typed(&passwords->items[i], result, to_job);
	return count;
}

void
passwords_finish(struct passwords *passwords, struct password_result *result)
{
	(void)pthread_mutex_lock(&passwords->lock);
	result->tried_out = count_typed(passwords, result, true);
	for (size_t i = 0; i < result->worked_count; i++)
		note_worked(passwords, result, result->worked[i].text);
	for (size_t i = 0; i < PASSWORDS_MAX; i++)
		if (is_typed(&passwords->items[i], result, true))
			password_wipe(&passwords->items[i]);
	result->left_out = count_typed(passwords, result, false);
	(void)pthread_mutex_unlock(&passwords->lock);
}

bool
passwords_may_keep(struct passwords *passwords,
		   const uint8_t case_id[CASE_ID_BYTES], const char *text)
{
	const struct password *item = NULL;
	bool may = true;

	(void)pthread_mutex_lock(&passwords->lock);
	item = find(passwords, case_id, text);
	if (item != NULL)
		may = item->consent != PASSWORD_CONSENT_ONCE;
	(void)pthread_mutex_unlock(&passwords->lock);
	return may;
}

void
passwords_forget(struct passwords *passwords,
		 const uint8_t case_id[CASE_ID_BYTES])
{
	(void)pthread_mutex_lock(&passwords->lock);
	for (size_t i = 0; i < PASSWORDS_MAX; i++)
		if (is_of(&passwords->items[i], case_id))
			password_wipe(&passwords->items[i]);
	(void)pthread_mutex_unlock(&passwords->lock);
}
