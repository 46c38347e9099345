#include "quarantine-ui/portal/sent.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { SENT_PAUSE_S = 1 };

struct sent_queue {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool running;
	bool stopping;
	struct sent *first, **last;
	struct vault_client vault;
};

struct vault_link_visit
sent_visit(const struct sent *sent)
{
	struct vault_link_visit visit = {
		.visitor = { sent->address, sent->agent, sent->certificate },
	};

	memcpy(visit.claim, sent->claim, sizeof(visit.claim));
	memcpy(visit.link_id, sent->link_id, sizeof(visit.link_id));
	return visit;
}

static enum status
sent_tell(struct sent_queue *queue, const struct sent *sent, struct err *err)
{
	struct vault_link_sent request = {
		.visit = sent_visit(sent),
		.file = sent->file,
		.sent_bytes = sent->sent_bytes,
		.complete = sent->complete,
		.broken = sent->broken,
	};
	struct vault_empty answer = { 0 };
	const struct vault_call call = VAULT_CALL(LINK_SENT, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	const enum status st =
		vault_client_call(&queue->vault, &call, &arena, err);

	explicit_bzero(&request.visit, sizeof(request.visit));
	return st;
}

static void
sent_forget(struct sent **sent)
{
	explicit_bzero((*sent)->claim, sizeof((*sent)->claim));
	free(*sent);
	*sent = NULL;
}

/* The first one; NULL: the end. */
static struct sent *
sent_take(struct sent_queue *queue)
{
	struct sent *sent = NULL;

	(void)pthread_mutex_lock(&queue->lock);
	while (queue->first == NULL && !queue->stopping)
		(void)pthread_cond_wait(&queue->wake, &queue->lock);
	sent = queue->first;
	if (sent != NULL) {
		queue->first = sent->behind;
		if (queue->first == NULL)
			queue->last = &queue->first;
	}
	(void)pthread_mutex_unlock(&queue->lock);
	return sent;
}

/* True: the queue is ending. */
static bool
sent_pause(struct sent_queue *queue)
{
	struct timespec until;
	bool stopping = false;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SENT_PAUSE_S;
	(void)pthread_mutex_lock(&queue->lock);
	if (!queue->stopping)
		(void)pthread_cond_timedwait(&queue->wake, &queue->lock,
					     &until);
	stopping = queue->stopping;
	(void)pthread_mutex_unlock(&queue->lock);
	return stopping;
}

/* Only a vault that is away is asked again; what it refuses, it refuses. */
static bool
sent_may_come_back(enum status st)
{
	return st == ST_IO || st == ST_LIMIT || st == ST_UNSUPPORTED ||
	       st == ST_NO_MEMORY;
}

static void
sent_deliver(struct sent_queue *queue, struct sent **sent)
{
	struct err err = { .st = ST_OK };
	bool last = false;
	enum status st = sent_tell(queue, *sent, &err);

	while (sent_may_come_back(st) && !last &&
	       clock_mono_ms() - (*sent)->since_mono_ms <
		       SENT_TRY_S * INT64_C(1000)) {
		last = sent_pause(queue);
		st = sent_tell(queue, *sent, &err);
	}
	/* A visit may end while its last file is on its way. */
	if (st != ST_OK && st != ST_NOT_FOUND)
		log_event(LOG_LEVEL_ERROR, "sent-not-told", &err);
	sent_forget(sent);
}

static void *
sent_run(void *context)
{
	struct sent_queue *queue = context;
	struct sent *sent = NULL;

	while ((sent = sent_take(queue)) != NULL)
		sent_deliver(queue, &sent);
	return NULL;
}

enum status
sent_queue_start(const char *vault_socket, struct sent_queue **queue_out,
		 struct err *err)
{
	AUTO(sent_queue_stop)
	struct sent_queue *queue = calloc(1, sizeof(*queue));

	if (queue == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	(void)pthread_mutex_init(&queue->lock, NULL);
	(void)pthread_cond_init(&queue->wake, NULL);
	queue->last = &queue->first;
	vault_client_init(&queue->vault, vault_socket);
	errno = pthread_create(&queue->thread, NULL, sent_run, queue);
	if (errno != 0)
		return err_set_errno(err, "portal: no thread");
	queue->running = true;
	*queue_out = MOVE(queue);
	return ST_OK;
}

void
sent_push(struct sent_queue *queue, struct sent **sent)
{
	struct sent *one = MOVE(*sent);

	one->behind = NULL;
	one->since_mono_ms = clock_mono_ms();
	(void)pthread_mutex_lock(&queue->lock);
	*queue->last = one;
	queue->last = &one->behind;
	(void)pthread_cond_signal(&queue->wake);
	(void)pthread_mutex_unlock(&queue->lock);
}

void
sent_queue_stop(struct sent_queue **queue)
{
	struct sent_queue *all = *queue;

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
	*queue = NULL;
}
