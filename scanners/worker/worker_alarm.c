#include "scanners/worker/worker_alarm.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	ALARM_FRAME_BYTES = 1024,
	/* What the engine gets to notice by itself and finish. */
	ALARM_GRACE_MS = 700,
	MS_PER_S = 1000,
	US_PER_MS = 1000
};

/* One frame, complete, ready to be written from a signal handler. */
struct alarm_frame {
	size_t len_bytes;
	uint8_t bytes[ALARM_FRAME_BYTES];
};

static struct {
	struct alarm_frame wall;
	struct alarm_frame cpu;
	uint32_t wall_ms; /* what the frames say */
	uint32_t cpu_ms;
	enum report_profile profile;
} alarm_state;

static void
alarm_send(const struct alarm_frame *frame)
{
	size_t at = 0;

	while (at < frame->len_bytes) {
		const ssize_t n = write(WORKER_CHANNEL_FD, frame->bytes + at,
					frame->len_bytes - at);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	_exit(WORKER_EXIT_ALARM);
}

static void
alarm_on_signal(int number)
{
	alarm_send(number == SIGALRM ? &alarm_state.wall : &alarm_state.cpu);
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

static enum status
alarm_make_frame(struct alarm_frame *frame, const char *name, uint32_t limit_ms,
		 enum report_profile profile, struct err *err)
{
	AUTO(sbuf_done) struct sbuf payload;
	struct report_opaque room;
	struct scan_report report;
	char detail[64];

	(void)snprintf(detail, sizeof(detail), "limit %s %" PRIu32 " ms", name,
		       limit_ms);
	report_set_unscannable(&report, &room, profile, REPORT_REASON_TIMEOUT,
			       detail);
	report.elapsed_ms = limit_ms;
	sbuf_init(&payload, ALARM_FRAME_BYTES - WIRE_HEADER_BYTES);
	const enum status st =
		wire_encode(&report_table, &report, &payload, err);

	if (st != ST_OK)
		return st;
	const size_t n = payload.len_bytes;
	const uint8_t head[WIRE_HEADER_BYTES] = {
		(uint8_t)(n >> 24),
		(uint8_t)(n >> 16),
		(uint8_t)(n >> 8),
		(uint8_t)n,
		(uint8_t)(report_table.type >> 8),
		(uint8_t)report_table.type,
		(uint8_t)(report_table.version >> 8),
		(uint8_t)report_table.version,
	};

	memcpy(frame->bytes, head, sizeof(head));
	memcpy(frame->bytes + sizeof(head), payload.bytes, n);
	frame->len_bytes = sizeof(head) + n;
	return ST_OK;
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
	enum status st = ST_OK;

	/* Nearly every job has the limits of the one before. */
	if (alarm_state.wall.len_bytes == 0 ||
	    alarm_state.wall_ms != job->wall_ms ||
	    alarm_state.cpu_ms != job->cpu_ms ||
	    alarm_state.profile != job->profile) {
		st = alarm_make_frame(&alarm_state.wall, "wall", job->wall_ms,
				      job->profile, err);
		if (st == ST_OK)
			st = alarm_make_frame(&alarm_state.cpu, "cpu",
					      job->cpu_ms, job->profile, err);
		alarm_state.profile = job->profile;
		alarm_state.wall_ms = job->wall_ms;
		alarm_state.cpu_ms = job->cpu_ms;
	}
	if (st == ST_OK)
		st = alarm_set(ITIMER_REAL,
			       (uint64_t)job->wall_ms + ALARM_GRACE_MS, err);
	if (st == ST_OK)
		st = alarm_set(ITIMER_PROF,
			       (uint64_t)job->cpu_ms + ALARM_GRACE_MS, err);
	return st;
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
