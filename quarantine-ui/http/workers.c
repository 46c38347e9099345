#include "quarantine-ui/http/workers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct worker {
	struct workers *workers;
	size_t number;
	pthread_t thread;
};

struct workers {
	struct workers_options options;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	void **queue; /* a ring */
	size_t first, waiting, working;
	bool stopping;
	struct worker *threads;
	size_t thread_count;
};

/* Wait for a job; NULL: the end. */
static void *
workers_take(struct workers *workers)
{
	void *job = NULL;

	(void)pthread_mutex_lock(&workers->lock);
	while (workers->waiting == 0 && !workers->stopping)
		(void)pthread_cond_wait(&workers->wake, &workers->lock);
	if (workers->waiting > 0) {
		job = workers->queue[workers->first];
		workers->first =
			(workers->first + 1) % workers->options.queue_count;
		workers->waiting--;
		workers->working++;
	}
	(void)pthread_mutex_unlock(&workers->lock);
	return job;
}

static void *
workers_run(void *context)
{
	const struct worker *worker = context;
	struct workers *workers = worker->workers;
	void *job = NULL;

	while ((job = workers_take(workers)) != NULL) {
		workers->options.work(workers->options.context, worker->number,
				      job);
		(void)pthread_mutex_lock(&workers->lock);
		workers->working--;
		(void)pthread_mutex_unlock(&workers->lock);
	}
	return NULL;
}

static enum status
workers_start_thread(struct workers *workers, struct err *err)
{
	struct worker *worker = &workers->threads[workers->thread_count];

	worker->workers = workers;
	worker->number = workers->thread_count;
	errno = pthread_create(&worker->thread, NULL, workers_run, worker);
	if (errno != 0)
		return err_set_errno(err, "workers: cannot start thread %zu",
				     worker->number);
	workers->thread_count++;
	return ST_OK;
}

enum status
workers_start(const struct workers_options *options,
	      struct workers **workers_out, struct err *err)
{
	AUTO(workers_free) struct workers *workers = NULL;

	workers = calloc(1, sizeof(*workers));
	if (workers == NULL)
		return err_set(err, ST_NO_MEMORY, "workers: no memory");
	workers->options = *options;
	(void)pthread_mutex_init(&workers->lock, NULL);
	(void)pthread_cond_init(&workers->wake, NULL);
	workers->queue = calloc(options->queue_count, sizeof(void *));
	workers->threads =
		calloc(options->thread_count, sizeof(*workers->threads));
	if (workers->queue == NULL || workers->threads == NULL)
		return err_set(err, ST_NO_MEMORY, "workers: no memory");
	for (size_t i = 0; i < options->thread_count; i++) {
		const enum status st = workers_start_thread(workers, err);

		if (st != ST_OK)
			return st;
	}
	*workers_out = MOVE(workers);
	return ST_OK;
}

bool
workers_push(struct workers *workers, void *job)
{
	bool taken = false;

	(void)pthread_mutex_lock(&workers->lock);
	if (!workers->stopping &&
	    workers->waiting < workers->options.queue_count) {
		workers->queue[(workers->first + workers->waiting) %
			       workers->options.queue_count] = job;
		workers->waiting++;
		taken = true;
		(void)pthread_cond_signal(&workers->wake);
	}
	(void)pthread_mutex_unlock(&workers->lock);
	return taken;
}

size_t
workers_busy(struct workers *workers)
{
	size_t busy = 0;

	(void)pthread_mutex_lock(&workers->lock);
	busy = workers->waiting + workers->working;
	(void)pthread_mutex_unlock(&workers->lock);
	return busy;
}

void
workers_stop(struct workers *workers)
{
	(void)pthread_mutex_lock(&workers->lock);
	workers->stopping = true;
	(void)pthread_cond_broadcast(&workers->wake);
	(void)pthread_mutex_unlock(&workers->lock);
	for (size_t i = 0; i < workers->thread_count; i++)
		(void)pthread_join(workers->threads[i].thread, NULL);
	workers->thread_count = 0;
}

void
workers_free(struct workers **workers)
{
	struct workers *all = *workers;

	if (all == NULL)
		return;
	workers_stop(all);
	(void)pthread_cond_destroy(&all->wake);
	(void)pthread_mutex_destroy(&all->lock);
	free(all->queue);
	free(all->threads);
	free(all);
	*workers = NULL;
}
