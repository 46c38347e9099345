#include "vault/case/reveal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/base/clock.h"
#include "vault/case/case_table.h"
#include "vault/case/memory.h"
#include "vault/case/preview.h"
#include "vault/case/saying.h"

enum slot_state {
	SLOT_NONE = 0, /* free */
	SLOT_WAITING,
	SLOT_READY
};

struct slot {
	enum slot_state state;
	uint8_t id[REVEAL_ID_BYTES];
	uint8_t session[STORE_HASH_BYTES];
	int64_t until_mono_ms;
	uint8_t *bytes; /* pages of its own; NULL: none */
	size_t len_bytes;
};

struct reveals {
	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t changed;
	int64_t last_ms;
	struct slot slots[REVEAL_MAX];
};

enum status
reveals_new(int64_t last_ms, struct reveals **reveals_out, struct err *err)
{
	struct reveals *reveals = calloc(1, sizeof(*reveals));
	pthread_condattr_t monotonic;

	if (reveals == NULL || pthread_mutex_init(&reveals->lock, NULL) != 0 ||
	    pthread_condattr_init(&monotonic) != 0 ||
	    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(&reveals->changed, &monotonic) != 0) {
		free(reveals);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	(void)pthread_condattr_destroy(&monotonic);
	reveals->last_ms = last_ms;
	*reveals_out = reveals;
	return ST_OK;
}

static void
slot_clear(struct slot *slot)
{
	if (slot->bytes != NULL) {
		explicit_bzero(slot->bytes, slot->len_bytes);
		(void)munmap(slot->bytes, slot->len_bytes);
	}
	explicit_bzero(slot, sizeof(*slot));
}

void
reveals_free(struct reveals **reveals)
{
	if (*reveals == NULL)
		return;
	for (size_t i = 0; i < REVEAL_MAX; i++)
		slot_clear(&(*reveals)->slots[i]);
	(void)pthread_cond_destroy(&(*reveals)->changed);
	(void)pthread_mutex_destroy(&(*reveals)->lock);
	free(*reveals);
	*reveals = NULL;
}

static void
forget_old(struct reveals *reveals)
{
	for (size_t i = 0; i < REVEAL_MAX; i++)
		if (reveals->slots[i].state != SLOT_NONE &&
		    clock_left_ms(reveals->slots[i].until_mono_ms) == 0)
			slot_clear(&reveals->slots[i]);
}

/* The lock is held. NULL: none. */
static struct slot *
find_slot(struct reveals *reveals, const uint8_t id[REVEAL_ID_BYTES])
{
	forget_old(reveals);
	for (size_t i = 0; i < REVEAL_MAX; i++) {
		struct slot *slot = &reveals->slots[i];

		if (slot->state != SLOT_NONE &&
		    secret_equal((struct span){ slot->id, REVEAL_ID_BYTES },
				 (struct span){ id, REVEAL_ID_BYTES }))
			return slot;
	}
	return NULL;
}

/* --- asking ------------------------------------------------------------ */

bool
reveal_may(const struct vault *vault, const struct store_user *user,
	   const struct record *record)
{
	return (user->roles & VAULT_ROLE_HANDLER) != 0 &&
	       decide_standing(vault, user, record) == CASE_STANDING_INVOLVED &&
	       record->row.blob_key.len_bytes > 0 &&
	       !case_state_is_end(record->row.state);
}

static enum status
reserve(struct reveals *reveals, const uint8_t id[REVEAL_ID_BYTES],
	const uint8_t session[STORE_HASH_BYTES], struct err *err)
{
	struct slot *free_slot = NULL;

	(void)pthread_mutex_lock(&reveals->lock);
	forget_old(reveals);
	for (size_t i = 0; free_slot == NULL && i < REVEAL_MAX; i++)
		if (reveals->slots[i].state == SLOT_NONE)
			free_slot = &reveals->slots[i];
	if (free_slot != NULL) {
		free_slot->state = SLOT_WAITING;
		memcpy(free_slot->id, id, REVEAL_ID_BYTES);
		memcpy(free_slot->session, session, STORE_HASH_BYTES);
		free_slot->until_mono_ms = clock_mono_ms() + REVEAL_WAIT_MS;
	}
	(void)pthread_mutex_unlock(&reveals->lock);
	return free_slot != NULL
		       ? ST_OK
		       : err_set(err, ST_LIMIT,
				 "too many mails are being unmasked; try "
				 "again in a minute");
}

static enum status
check_request(const struct vault *vault, const struct actor *actor,
	      const struct record *record, const struct vault_reveal *request,
	      struct err *err)
{
	const enum case_standing standing =
		decide_standing(vault, &actor->user, record);

	if (standing == CASE_STANDING_NONE)
		return err_set(err, ST_NOT_FOUND, "no such case");
	if ((actor->user.roles & VAULT_ROLE_HANDLER) == 0 ||
	    standing != CASE_STANDING_INVOLVED || !actor->has_session)
		return err_set(err, ST_DENIED,
			       "only a handler may see a mail unmasked");
	if (!reveal_may(vault, &actor->user, record))
		return err_set(err, ST_END, "the case is %s",
			       case_state_name(record->row.state));
	if (strlen(request->reason) < REVEAL_MIN_REASON_BYTES)
		return err_set(err, ST_FORMAT,
			       "unmasking a mail needs a reason");
	return saying_check(request->reason, err);
}

static enum status
audit_reveal(struct vault *vault, const struct actor *actor,
	     const struct vault_reveal *request, struct err *err)
{
	struct sbuf words;
	enum status st = ST_OK;

	sbuf_init(&words, VAULT_MAX_COMMENT_BYTES + VAULT_MAX_NAME_BYTES + 32);
	sbuf_addf(&words, "from %s; %s", request->client_address,
		  request->reason);
	st = sbuf_status(&words, "vault: reason", err);
	if (st == ST_OK) {
		const struct vault_deed deed = { .actor = actor->user.login,
						 .via = actor->via,
						 .event = "revealed",
						 .case_id = request->case_id,
						 .secret = sbuf_text(&words) };

		st = vault_audit(vault, &deed, err);
	}
	sbuf_done(&words);
	return st;
}

enum status
reveal_order(struct vault *vault, const struct actor *actor,
	     const struct vault_reveal *request,
	     uint8_t reveal_id_out[REVEAL_ID_BYTES], struct err *err)
{
	AUTO(record_done) struct record record;
	struct job_order order = { .case_id = request->case_id,
				   .kind = JOB_KIND_REVEAL };
	uint8_t dedupe[STORE_HASH_BYTES];
	enum status st = ST_OK;

	record_init(&record);
	if (vault->memory == NULL)
		return err_set(err, ST_UNSUPPORTED, "there is no place for it");
	st = record_read(vault, request->case_id, &record, err);
	if (st == ST_OK)
		st = check_request(vault, actor, &record, request, err);
	if (st == ST_OK)
		st = random_fill(&order.serial, sizeof(order.serial), err);
	/* The job's own HMAC names the waiting page; nobody can guess it, and
	 * the store learns nothing new. */
	if (st == ST_OK)
		st = job_dedupe(vault, &order, dedupe, err);
	if (st == ST_OK)
		st = audit_reveal(vault, actor, request, err);
	if (st == ST_OK)
		st = job_add(vault, &order, err);
	if (st == ST_OK)
		st = reserve(vault->memory->reveals, dedupe,
			     actor->session.token, err);
	if (st == ST_OK)
		memcpy(reveal_id_out, dedupe, REVEAL_ID_BYTES);
	return st;
}

/* --- the courier ------------------------------------------------------- */

bool
reveal_is_awaited(const struct vault *vault, const struct store_job *job)
{
	struct reveals *reveals =
		vault->memory != NULL ? vault->memory->reveals : NULL;
	bool awaited = false;

	if (reveals == NULL)
		return false;
	(void)pthread_mutex_lock(&reveals->lock);
	awaited = find_slot(reveals, job->dedupe) != NULL;
	(void)pthread_mutex_unlock(&reveals->lock);
	return awaited;
}

/* Pages of their own. NULL: no memory. */
static uint8_t *
keep(struct span bytes)
{
	void *place = mmap(NULL, bytes.len_bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (place == MAP_FAILED)
		return NULL;
	/* Where the limit is too small for it, the process is still one that
	 * leaves no core and cannot be traced. */
	(void)mlock(place, bytes.len_bytes);
	(void)madvise(place, bytes.len_bytes, MADV_DONTDUMP);
	memcpy(place, bytes.ptr, bytes.len_bytes);
	return place;
}

void
reveal_finish(struct vault *vault, const struct store_job *job,
	      struct span payload)
{
	struct reveals *reveals =
		vault->memory != NULL ? vault->memory->reveals : NULL;
	struct err why = { .st = ST_OK };
	struct slot *slot = NULL;
	struct sbuf plain;
	enum status st = ST_OK;

	if (reveals == NULL)
		return;
	sbuf_init_secret(&plain, REVEAL_MAX_PAYLOAD_BYTES);
	st = preview_check(payload, PREVIEW_REVEALED, &plain, &why);
	(void)pthread_mutex_lock(&reveals->lock);
	slot = find_slot(reveals, job->dedupe);
	if (slot != NULL && slot->state == SLOT_WAITING) {
		if (st == ST_OK)
			slot->bytes = keep(sbuf_span(&plain));
		slot->len_bytes = slot->bytes != NULL ? plain.len_bytes : 0;
		slot->state = SLOT_READY;
		slot->until_mono_ms = clock_mono_ms() + reveals->last_ms;
		if (slot->bytes == NULL)
			slot_clear(slot);
	}
	(void)pthread_cond_broadcast(&reveals->changed);
	(void)pthread_mutex_unlock(&reveals->lock);
	sbuf_done(&plain);
}

/* --- fetching ---------------------------------------------------------- */

/* The lock is held. */
static enum status
take_slot(struct reveals *reveals, const uint8_t id[REVEAL_ID_BYTES],
	  const uint8_t session[STORE_HASH_BYTES], struct sbuf *payload_out,
	  struct err *err)
{
	struct slot *slot = find_slot(reveals, id);

	if (slot == NULL ||
	    !secret_equal((struct span){ slot->session, STORE_HASH_BYTES },
			  (struct span){ session, STORE_HASH_BYTES }))
		return err_set(err, ST_NOT_FOUND,
			       "there is no such unmasked view any more");
	if (slot->state != SLOT_READY)
		return ST_END;
	sbuf_add(payload_out, slot->bytes, slot->len_bytes);
	slot_clear(slot);
	return sbuf_status(payload_out, "vault: unmasked view", err);
}

enum status
reveal_fetch(struct reveals *reveals, const struct vault_reveal_fetch *request,
	     const uint8_t session[STORE_HASH_BYTES], struct sbuf *payload_out,
	     struct err *err)
{
	const int64_t deadline = clock_mono_ms() + request->wait_ms;
	const struct timespec until = {
		.tv_sec = deadline / 1000,
		.tv_nsec = deadline % 1000 * 1000000,
	};
	enum status st = ST_END;

	(void)pthread_mutex_lock(&reveals->lock);
	for (;;) {
		st = take_slot(reveals, request->reveal_id, session,
			       payload_out, err);
		if (st != ST_END || clock_left_ms(deadline) == 0)
			break;
		(void)pthread_cond_timedwait(&reveals->changed, &reveals->lock,
					     &until);
	}
	(void)pthread_mutex_unlock(&reveals->lock);
	return st;
}
