#include "courier/jobs/job_desk.h"

#include <pthread.h>
#include <stdlib.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { JOB_DESK_WAIT_MS = 1000 };

struct job_desk {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned workers; /* all of them */
	unsigned asking;  /* workers in a TAKE_JOB */
	unsigned running; /* workers with a job in hand */
	unsigned slow;    /* with one for the scanner in hand, or asking so */
	bool lease_lost;  /* the vault may hold leases that nobody has */
	bool lost[JOB_NEIGHBOUR_END];
};

enum status
job_desk_new(unsigned workers, struct job_desk **desk_out, struct err *err)
{
	struct job_desk *desk = calloc(1, sizeof(*desk));

	if (desk == NULL)
		return err_set(err, ST_NO_MEMORY, "courier: no memory");
	(void)pthread_mutex_init(&desk->lock, NULL);
	(void)pthread_cond_init(&desk->changed, NULL);
	desk->workers = workers;
	desk->lease_lost = true;
	*desk_out = desk;
	return ST_OK;
}

void
job_desk_free(struct job_desk **desk)
{
	if (*desk == NULL)
		return;
	(void)pthread_cond_destroy(&(*desk)->changed);
	(void)pthread_mutex_destroy(&(*desk)->lock);
	free(*desk);
	*desk = NULL;
}

void
job_taken_init(struct job_taken *taken)
{
	*taken = (struct job_taken){ .fd = FD_NONE };
}

void
job_taken_done(struct job_taken *taken)
{
	fd_close(&taken->fd);
	wire_arena_free(&taken->arena);
}

static bool
job_is_slow(const struct vault_job *order)
{
	return order->present && (order->kind == JOB_KIND_PREVIEW ||
				  order->kind == JOB_KIND_RESCAN ||
				  order->kind == JOB_KIND_UNLOCK);
}

static enum status
job_desk_ask(struct vault_client *vault, const struct vault_take_job *request,
	     struct job_taken *taken, struct err *err)
{
	struct vault_call call = VAULT_CALL(TAKE_JOB, request, &taken->order);

	call.fd_out = &taken->fd;
	return vault_client_call(vault, &call, &taken->arena, err);
}

enum status
job_desk_take(struct job_desk *desk, struct vault_client *vault,
	      enum job_lane lane, uint32_t lease_s, struct job_taken *taken,
	      struct err *err)
{
	struct vault_take_job request = { .lease_s = lease_s,
					  .idle = lane == JOB_LANE_SEARCH };
	const bool work = lane != JOB_LANE_SEARCH;
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&desk->lock);
	/* Others are about to hear that there is nothing, or to get a job. */
	while (desk->lease_lost && desk->running == 0 && desk->asking > 0)
		(void)pthread_cond_wait(&desk->changed, &desk->lock);
	request.fresh = desk->lease_lost && desk->running == 0;
	request.wait_ms = request.fresh ? 0 : JOB_DESK_WAIT_MS;
	request.quick =
		work && desk->workers > 1 && desk->slow + 1 >= desk->workers;
	desk->asking++;
	desk->slow += work && !request.quick;
	/* A fresh request keeps the others out: they could get a job that it
	 * then takes away from them. */
	if (!request.fresh)
		(void)pthread_mutex_unlock(&desk->lock);
	st = job_desk_ask(vault, &request, taken, err);
	if (!request.fresh)
		(void)pthread_mutex_lock(&desk->lock);
	desk->asking--;
	if (st != ST_OK || !job_is_slow(&taken->order))
		desk->slow -= work && !request.quick;
	if (st == ST_OK && taken->order.present)
		desk->running++;
	if (st != ST_OK)
		desk->lease_lost = true;
	else if (request.fresh)
		desk->lease_lost = false;
	(void)pthread_cond_broadcast(&desk->changed);
	(void)pthread_mutex_unlock(&desk->lock);
	return st;
}

enum status
job_desk_report(struct vault_client *vault, const struct vault_job_done *done,
		struct err *err)
{
	struct vault_empty answer = { 0 };
	const struct vault_call call = VAULT_CALL(JOB_DONE, done, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return vault_client_call(vault, &call, &arena, err);
}

void
job_desk_finish(struct job_desk *desk, const struct vault_job *order)
{
	(void)pthread_mutex_lock(&desk->lock);
	desk->running--;
	desk->slow -= job_is_slow(order);
	(void)pthread_cond_broadcast(&desk->changed);
	(void)pthread_mutex_unlock(&desk->lock);
}

void
job_desk_note(struct job_desk *desk, enum job_neighbour neighbour,
	      enum status st, const struct err *err)
{
	static const struct {
		const char *lost;
		const char *back;
	} events[JOB_NEIGHBOUR_END] = {
		[JOB_NEIGHBOUR_VAULT] = { "vault-lost", "vault-back" },
		[JOB_NEIGHBOUR_NEXT_HOP] = { "next-hop-lost", "next-hop-back" },
		[JOB_NEIGHBOUR_SCANNER] = { "scanner-lost", "scanner-back" },
		[JOB_NEIGHBOUR_TIMERS] = { "timers-fail", "timers-back" },
	};
	bool changed = false;

	(void)pthread_mutex_lock(&desk->lock);
	changed = desk->lost[neighbour] != (st != ST_OK);
	desk->lost[neighbour] = st != ST_OK;
	(void)pthread_mutex_unlock(&desk->lock);
	if (changed && st != ST_OK)
		log_event(LOG_LEVEL_WARNING, events[neighbour].lost, err);
	else if (changed)
		log_event(LOG_LEVEL_INFO, events[neighbour].back, NULL);
}
