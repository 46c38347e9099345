#include "milter/links/pairs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

struct pairs {
	struct vault_link *link;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* Both texts of a pair are one block that starts at sender. */
	struct vault_pair queue[PAIRS_MAX_QUEUE];
	size_t count;
	uint64_t lost;
	bool stopping;
};

/* A queued pair is ours although the message type says const. */
static void
pairs_forget(struct vault_pair *batch, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)batch[i].sender);
}

static void
pairs_log_loss(uint64_t lost, const struct err *err)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "pairs-lost");
	log_number(&line, "lost", (int64_t)lost);
	log_error(&line, err);
	log_send(&line);
}

static void
pairs_send(struct pairs *pairs, struct vault_pair *batch, size_t count)
{
	const struct vault_pairs request = { batch, count };
	struct vault_empty answer = { 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_call call = VAULT_CALL(PAIRS, &request, &answer);
	struct err err = { .st = ST_OK };
	uint64_t lost = 0;

	if (vault_link_call(pairs->link, &call, &arena, &err) == ST_OK)
		return;
	(void)pthread_mutex_lock(&pairs->lock);
	pairs->lost += count;
	lost = pairs->lost;
	(void)pthread_mutex_unlock(&pairs->lock);
	pairs_log_loss(lost, &err);
}

/* The oldest of the queue; how many. The lock is held. */
static size_t
pairs_cut(struct pairs *pairs, struct vault_pair batch[PAIRS_MAX_BATCH])
{
	size_t count = pairs->count;

	if (count > PAIRS_MAX_BATCH)
		count = PAIRS_MAX_BATCH;
	memcpy(batch, pairs->queue, count * sizeof(*batch));
	pairs->count -= count;
	memmove(pairs->queue, pairs->queue + count,
		pairs->count * sizeof(*batch));
	return count;
}

/* Wait for a batch; false when the queue is empty and we are stopping. */
static bool
pairs_take(struct pairs *pairs, struct vault_pair batch[PAIRS_MAX_BATCH],
	   size_t *count_out)
{
	const int64_t until_mono_ms = clock_mono_ms() + PAIRS_WAIT_MS;
	const struct timespec until = { .tv_sec = until_mono_ms / 1000,
					.tv_nsec = until_mono_ms % 1000 *
						   1000000 };
	bool stopping = false;
	int failed = 0;

	(void)pthread_mutex_lock(&pairs->lock);
	while (failed == 0 && !pairs->stopping &&
	       pairs->count < PAIRS_MAX_BATCH)
		failed = pthread_cond_timedwait(&pairs->wake, &pairs->lock,
						&until);
	*count_out = pairs_cut(pairs, batch);
	stopping = pairs->stopping;
	(void)pthread_mutex_unlock(&pairs->lock);
	return *count_out > 0 || !stopping;
}

static void *
pairs_run(void *context)
{
	struct pairs *pairs = context;
	struct vault_pair *batch = calloc(PAIRS_MAX_BATCH, sizeof(*batch));
	size_t count = 0;

	while (batch != NULL && pairs_take(pairs, batch, &count)) {
		if (count > 0)
			pairs_send(pairs, batch, count);
		pairs_forget(batch, count);
	}
	free(batch);
	return NULL;
}

enum status
pairs_new(struct vault_link *link, struct pairs **pairs_out, struct err *err)
{
	struct pairs *pairs = calloc(1, sizeof(*pairs));
	pthread_condattr_t attr;

	if (pairs == NULL)
		return err_set(err, ST_NO_MEMORY, "pairs: no memory");
	pairs->link = link;
	(void)pthread_mutex_init(&pairs->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&pairs->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&pairs->thread, NULL, pairs_run, pairs) != 0) {
		free(pairs);
		return err_set(err, ST_IO, "pairs: no thread");
	}
	*pairs_out = pairs;
	return ST_OK;
}

void
pairs_free(struct pairs **pairs)
{
	struct pairs *p = *pairs;

	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->stopping = true;
	(void)pthread_cond_signal(&p->wake);
	(void)pthread_mutex_unlock(&p->lock);
	(void)pthread_join(p->thread, NULL);
	pairs_forget(p->queue, p->count);
	(void)pthread_cond_destroy(&p->wake);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
	*pairs = NULL;
}

static bool
pairs_make(const char *sender, const char *recipient, int64_t at_unix_ms,
	   struct vault_pair *pair_out)
{
	const size_t sender_bytes = strlen(sender) + 1;
	const size_t recipient_bytes = strlen(recipient) + 1;
	char *block = malloc(sender_bytes + recipient_bytes);

	if (block == NULL)
		return false;
	memcpy(block, sender, sender_bytes);
	memcpy(block + sender_bytes, recipient, recipient_bytes);
	*pair_out =
		(struct vault_pair){ block, block + sender_bytes, at_unix_ms };
	return true;
}

/* GCC 12's analyzer does not see that the queue keeps the block. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
void
pairs_add(struct pairs *pairs, const char *sender, const char *recipient,
	  int64_t at_unix_ms)
{
	struct vault_pair pair = { NULL, NULL, 0 };
	const bool made = pairs_make(sender, recipient, at_unix_ms, &pair);

	(void)pthread_mutex_lock(&pairs->lock);
	const bool queued = made && pairs->count < PAIRS_MAX_QUEUE;

	if (queued)
		pairs->queue[pairs->count++] = pair;
	else
		pairs->lost++;
	if (pairs->count == PAIRS_MAX_BATCH)
		(void)pthread_cond_signal(&pairs->wake);
	(void)pthread_mutex_unlock(&pairs->lock);
	if (!queued)
		pairs_forget(&pair, 1);
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

uint64_t
pairs_lost(struct pairs *pairs)
{
	uint64_t lost = 0;

	(void)pthread_mutex_lock(&pairs->lock);
	lost = pairs->lost;
	(void)pthread_mutex_unlock(&pairs->lock);
	return lost;
}
