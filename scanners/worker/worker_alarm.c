#include "scanners/worker/worker_alarm.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	/* What the engine gets to notice by itself and finish. */
	ALARM_GRACE_MS = 700,
	MS_PER_S = 1000,
	US_PER_MS = 1000
};

static struct worker_note *alarm_note;

static void
alarm_on_signal(int number)
{
	worker_note_end(alarm_note,
			number == SIGALRM ? WORKER_END_WALL : WORKER_END_CPU);
	_exit(WORKER_EXIT_ALARM);
}

enum status
worker_alarm_prepare(struct err *err)
{
	struct sigaction action = { .sa_handler = alarm_on_signal };

	(void)sigfillset(&action.sa_mask);
	if (sigaction(SIGALRM, &action, NULL) != 0 ||
	    sigaction(SIGPROF, &action, NULL) != 0)
		return err_set_errno(err, "worker: no alarm");
	return ST_OK;
}

void
worker_alarm_write_on(struct worker_note *note)
{
	alarm_note = note;
}

static enum status
alarm_set(__itimer_which_t which, uint64_t delay_ms, struct err *err)
{
	const struct itimerval timer = {
		.it_value = { (time_t)(delay_ms / MS_PER_S),
			      (suseconds_t)(delay_ms % MS_PER_S) * US_PER_MS },
	};

	if (setitimer(which, &timer, NULL) != 0)
		return err_set_errno(err, "worker: no timer");
	return ST_OK;
}

enum status
worker_alarm_arm(const struct worker_job *job, struct err *err)
{
	const enum status st = alarm_set(
		ITIMER_REAL, (uint64_t)job->wall_ms + ALARM_GRACE_MS, err);

	if (st != ST_OK)
		return st;
	return alarm_set(ITIMER_PROF, (uint64_t)job->cpu_ms + ALARM_GRACE_MS,
			 err);
}

void
worker_alarm_disarm(void)
{
	static const struct itimerval never;

	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)setitimer(ITIMER_PROF, &never, NULL);
}

static void
alarm_mask(int how)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGALRM);
	(void)sigaddset(&set, SIGPROF);
	(void)pthread_sigmask(how, &set, NULL);
}

void
worker_alarm_hold(void)
{
	alarm_mask(SIG_BLOCK);
}

void
worker_alarm_resume(void)
{
	alarm_mask(SIG_UNBLOCK);
}
