#include "quarantine-ui/portal/watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/clock.h"

struct watch {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool running;
	bool stopping;
	struct watched *first;
	uint64_t round;
	struct vault_client vault;
};

/* What one question is about, and its answer. */
struct question {
	struct sent who;
	bool alive, gone; /* neither: the vault did not say */
	bool heard;       /* it answered at all */
	int64_t until_unix_ms;
};

/* Until the next round; false: the end. */
static bool
watch_pause(struct watch *watch)
{
	struct timespec until;
	bool stopping = false;
	int rc = 0;

	(void)pthread_mutex_lock(&watch->lock);
	while (watch->first == NULL && !watch->stopping)
		(void)pthread_cond_wait(&watch->wake, &watch->lock);
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += WATCH_PAUSE_S;
	while (!watch->stopping && rc == 0)
		rc = pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
	stopping = watch->stopping;
	watch->round++;
	(void)pthread_mutex_unlock(&watch->lock);
	return !stopping;
}

/* The next one of this round; false: there is none. */
static bool
watch_next(struct watch *watch, struct question *question)
{
	struct watched *one = NULL;

	(void)pthread_mutex_lock(&watch->lock);
	one = watch->stopping ? NULL : watch->first;
	while (one != NULL && (one->stopped || one->round == watch->round))
		one = one->behind;
	if (one != NULL) {
		one->round = watch->round;
		*question = (struct question){ .who = *one->sent };
	}
	(void)pthread_mutex_unlock(&watch->lock);
	return one != NULL;
}

static void
watch_ask(struct watch *watch, struct question *question)
{
	struct vault_link_visit request = sent_visit(&question->who);
	struct vault_link_keep_answer answer = { 0 };
	struct vault_call call = VAULT_CALL(LINK_KEEP, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	call.deadline_mono_ms = clock_mono_ms() + WATCH_WAIT_S * INT64_C(1000);
	const enum status st =
		vault_client_call(&watch->vault, &call, &arena, &err);

	explicit_bzero(request.claim, sizeof(request.claim));
	question->alive = st == ST_OK;
	/* Only the vault's own word: a socket that is not there is no end. */
	question->gone = st == ST_NOT_FOUND &&
			 watch->vault.failure == VAULT_FAILURE_NOT_FOUND;
	question->heard =
		question->alive || watch->vault.failure != VAULT_FAILURE_NONE;
	question->until_unix_ms = answer.until_unix_ms;
}

static bool
same_visit(const struct sent *a, const struct sent *b)
{
	return memcmp(a->claim, b->claim, sizeof(a->claim)) == 0 &&
	       memcmp(a->link_id, b->link_id, sizeof(a->link_id)) == 0 &&
	       strcmp(a->address, b->address) == 0 &&
	       a->certificate == b->certificate;
}

static void
watch_stop_one(struct watched *one)
{
	if (!one->stopped)
		one->stop(one->context);
	one->stopped = true;
}

/* One answer is good for all transfers of a visit. */
static void
watch_settle(struct watch *watch, const struct question *question)
{
	(void)pthread_mutex_lock(&watch->lock);
	for (struct watched *one = watch->first; one != NULL;
	     one = one->behind) {
		if (!same_visit(one->sent, &question->who))
			continue;
		one->round = watch->round;
		if (question->gone)
			watch_stop_one(one);
		if (!question->alive)
			continue;
		one->until_unix_ms = question->until_unix_ms;
		one->heard_mono_ms = clock_mono_ms();
	}
	(void)pthread_mutex_unlock(&watch->lock);
}

/* What is over by the clock, or nobody speaks for. */
static void
watch_end_late(struct watch *watch)
{
	const int64_t now_unix_ms = clock_unix_ms();
	const int64_t deaf_mono_ms =
		clock_mono_ms() - WATCH_DEAF_S * INT64_C(1000);

	(void)pthread_mutex_lock(&watch->lock);
	for (struct watched *one = watch->first; one != NULL; one = one->behind)
		if (one->until_unix_ms <= now_unix_ms ||
		    one->heard_mono_ms <= deaf_mono_ms)
			watch_stop_one(one);
	(void)pthread_mutex_unlock(&watch->lock);
}

static void *
watch_run(void *context)
{
	struct watch *watch = context;
	struct question question;

	while (watch_pause(watch)) {
		bool heard = true;

		/* A vault that does not answer is asked again in a while, not
		 * for each of them. */
		while (heard && watch_next(watch, &question)) {
			watch_ask(watch, &question);
			watch_settle(watch, &question);
			heard = question.heard;
			explicit_bzero(&question, sizeof(question));
		}
		watch_end_late(watch);
	}
	return NULL;
}

enum status
watch_start(const char *vault_socket, struct watch **watch_out, struct err *err)
{
	AUTO(watch_stop) struct watch *watch = calloc(1, sizeof(*watch));
	pthread_condattr_t clock;

	if (watch == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	(void)pthread_mutex_init(&watch->lock, NULL);
	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&watch->wake, &clock);
	(void)pthread_condattr_destroy(&clock);
	vault_client_init(&watch->vault, vault_socket);
	errno = pthread_create(&watch->thread, NULL, watch_run, watch);
	if (errno != 0)
		return err_set_errno(err, "portal: no thread");
	watch->running = true;
	*watch_out = MOVE(watch);
	return ST_OK;
}

void
watch_add(struct watch *watch, struct watched *watched)
{
	(void)pthread_mutex_lock(&watch->lock);
	watched->watch = watch;
	watched->round = watch->round;
	watched->before = NULL;
	watched->behind = watch->first;
	if (watch->first != NULL)
		watch->first->before = watched;
	else
		(void)pthread_cond_signal(&watch->wake);
	watch->first = watched;
	(void)pthread_mutex_unlock(&watch->lock);
}

void
watch_remove(struct watched *watched)
{
	struct watch *watch = watched->watch;

	if (watch == NULL)
		return;
	(void)pthread_mutex_lock(&watch->lock);
	if (watched->before != NULL)
		watched->before->behind = watched->behind;
	else
		watch->first = watched->behind;
	if (watched->behind != NULL)
		watched->behind->before = watched->before;
	(void)pthread_mutex_unlock(&watch->lock);
	watched->watch = NULL;
}

void
watch_stop(struct watch **watch)
{
	struct watch *all = *watch;

	if (all == NULL)
		return;
	(void)pthread_mutex_lock(&all->lock);
	all->stopping = true;
	(void)pthread_cond_broadcast(&all->wake);
	(void)pthread_mutex_unlock(&all->lock);
	if (all->running)
		(void)pthread_join(all->thread, NULL);
	vault_client_done(&all->vault);
	(void)pthread_cond_destroy(&all->wake);
	(void)pthread_mutex_destroy(&all->lock);
	free(all);
	*watch = NULL;
}
