#include "milter/links/scan_pool.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"

struct scan_pool {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	char *socket_path;
	struct scan_client **idle; /* the first idle_count are free */
	size_t idle_count;
	size_t client_count;
};

static enum status
pool_alloc(size_t client_count, struct scan_pool **pool_out, struct err *err)
{
	AUTO(scan_pool_free) struct scan_pool *pool = calloc(1, sizeof(*pool));
	pthread_condattr_t attr;

	if (pool == NULL)
		return err_set(err, ST_NO_MEMORY, "scan pool: no memory");
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&pool->freed, &attr);
	(void)pthread_condattr_destroy(&attr);
	pool->idle = calloc(client_count, sizeof(struct scan_client *));
	if (pool->idle == NULL)
		return err_set(err, ST_NO_MEMORY, "scan pool: no memory");
	*pool_out = MOVE(pool);
	return ST_OK;
}

enum status
scan_pool_new(const char *socket_path, size_t client_count,
	      struct scan_pool **pool_out, struct err *err)
{
	AUTO(scan_pool_free) struct scan_pool *pool = NULL;
	enum status st = pool_alloc(client_count, &pool, err);

	if (st != ST_OK)
		return st;
	assert(pool != NULL);
	pool->socket_path = strdup(socket_path);
	if (pool->socket_path == NULL)
		return err_set(err, ST_NO_MEMORY, "scan pool: no memory");
	while (st == ST_OK && pool->idle_count < client_count) {
		st = scan_client_new(pool->socket_path,
				     &pool->idle[pool->idle_count], err);
		if (st == ST_OK)
			pool->idle_count++;
	}
	pool->client_count = pool->idle_count;
	if (st == ST_OK)
		*pool_out = MOVE(pool);
	return st;
}

enum status
scan_pool_spawn(const char *scanner_path, const char *config_path,
		struct scan_pool **pool_out, struct err *err)
{
	AUTO(scan_pool_free) struct scan_pool *pool = NULL;
	enum status st = pool_alloc(1, &pool, err);

	if (st != ST_OK)
		return st;
	assert(pool != NULL);
	st = scan_client_spawn(scanner_path, config_path, &pool->idle[0], err);
	if (st != ST_OK)
		return st;
	pool->idle_count = 1;
	pool->client_count = 1;
	*pool_out = MOVE(pool);
	return ST_OK;
}

void
scan_pool_free(struct scan_pool **pool)
{
	struct scan_pool *p = *pool;

	if (p == NULL)
		return;
	for (size_t i = 0; i < p->idle_count; i++)
		scan_client_free(&p->idle[i]);
	(void)pthread_cond_destroy(&p->freed);
	(void)pthread_mutex_destroy(&p->lock);
	free(p->idle);
	free(p->socket_path);
	free(p);
	*pool = NULL;
}

/* A free client, or NULL when none came free before the instant. */
static struct scan_client *
pool_take_until(struct scan_pool *pool, int64_t until_mono_ms)
{
	const struct timespec until = { .tv_sec = until_mono_ms / 1000,
					.tv_nsec = until_mono_ms % 1000 *
						   1000000 };
	struct scan_client *client = NULL;
	int failed = 0;

	(void)pthread_mutex_lock(&pool->lock);
	while (pool->idle_count == 0 && failed == 0)
		failed = pthread_cond_timedwait(&pool->freed, &pool->lock,
						&until);
	if (pool->idle_count > 0)
		client = pool->idle[--pool->idle_count];
	(void)pthread_mutex_unlock(&pool->lock);
	return client;
}

static enum status
pool_take(struct scan_pool *pool, const struct scan_wait *wait,
	  int64_t deadline_mono_ms, struct scan_client **client_out,
	  struct err *err)
{
	struct scan_client *client = pool_take_until(pool, clock_mono_ms());

	while (client == NULL) {
		int64_t until_mono_ms = clock_mono_ms() + wait->interval_ms;

		if (until_mono_ms > deadline_mono_ms)
			until_mono_ms = deadline_mono_ms;
		client = pool_take_until(pool, until_mono_ms);
		if (client != NULL)
			break;
		if (clock_left_ms(deadline_mono_ms) == 0)
			return err_set(err, ST_IO,
				       "scan pool: all %zu connections busy",
				       pool->client_count);
		const enum status st = wait->tick(wait->context, err);

		if (st != ST_OK)
			return st;
	}
	*client_out = client;
	return ST_OK;
}

static void
pool_give(struct scan_pool *pool, struct scan_client *client)
{
	(void)pthread_mutex_lock(&pool->lock);
	pool->idle[pool->idle_count++] = client;
	(void)pthread_cond_signal(&pool->freed);
	(void)pthread_mutex_unlock(&pool->lock);
}

enum status
scan_pool_scan(struct scan_pool *pool, const struct scan_pool_mail *mail,
	       const struct scan_wait *wait, struct scan_reply **reply_out,
	       struct err *err)
{
	struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority = SCAN_PRIORITY_MAIL,
		.name = "",
		.profile = mail->profile,
		.words = mail->words,
		.word_count = mail->word_count,
	};
	struct scan_client *client = NULL;
	enum status st =
		pool_take(pool, wait, mail->deadline_mono_ms, &client, err);

	if (st != ST_OK)
		return st;
	/* 0 would mean the scanner's own; the rest of ours may be gone. */
	request.deadline_ms =
		(uint32_t)clock_left_ms(mail->deadline_mono_ms) + 1;
	st = scan_client_scan(client, &request, mail->fd, wait, reply_out, err);
	pool_give(pool, client);
	return st;
}
