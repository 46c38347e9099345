#include "courier/pause.h"

#include <errno.h>
#include <time.h>

enum {
	GATE_NS_PER_MS = 1000000,
	GATE_MS_PER_S = 1000,
	PAUSE_FIRST_MS = 100,
	PAUSE_MOST_MS = 5000
};

void
gate_init(struct gate *gate)
{
	pthread_condattr_t monotonic;

	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&gate->lock, NULL);
	(void)pthread_cond_init(&gate->stopped, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	gate->stop = false;
}

void
gate_done(struct gate *gate)
{
	(void)pthread_cond_destroy(&gate->stopped);
	(void)pthread_mutex_destroy(&gate->lock);
}

void
gate_stop(struct gate *gate)
{
	(void)pthread_mutex_lock(&gate->lock);
	gate->stop = true;
	(void)pthread_cond_broadcast(&gate->stopped);
	(void)pthread_mutex_unlock(&gate->lock);
}

bool
gate_is_stopped(struct gate *gate)
{
	bool stop = false;

	(void)pthread_mutex_lock(&gate->lock);
	stop = gate->stop;
	(void)pthread_mutex_unlock(&gate->lock);
	return stop;
}

void
gate_wait(struct gate *gate, int64_t wait_ms)
{
	struct timespec until;
	int failure = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / GATE_MS_PER_S;
	until.tv_nsec += (long)(wait_ms % GATE_MS_PER_S) * GATE_NS_PER_MS;
	if (until.tv_nsec >= (long)GATE_MS_PER_S * GATE_NS_PER_MS) {
		until.tv_sec++;
		until.tv_nsec -= (long)GATE_MS_PER_S * GATE_NS_PER_MS;
	}
	(void)pthread_mutex_lock(&gate->lock);
	while (!gate->stop && failure != ETIMEDOUT)
		failure = pthread_cond_timedwait(&gate->stopped, &gate->lock,
						 &until);
	(void)pthread_mutex_unlock(&gate->lock);
}

void
pause_ms(int64_t wait_ms)
{
	struct timespec left = {
		.tv_sec = wait_ms / GATE_MS_PER_S,
		.tv_nsec = (long)(wait_ms % GATE_MS_PER_S) * GATE_NS_PER_MS,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}

int64_t
pause_double(int64_t *wait_ms)
{
	*wait_ms = *wait_ms == 0 ? PAUSE_FIRST_MS : *wait_ms * 2;
	if (*wait_ms > PAUSE_MOST_MS)
		*wait_ms = PAUSE_MOST_MS;
	return *wait_ms;
}
