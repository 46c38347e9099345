/*
 * seat.h - one worker process: start it, talk to it, end it.
 *
 * Layer:    scanners/supervisor; private to pool.c and seat.c
 * Threads:  one
 */
#ifndef SCANNERS_SUPERVISOR_SEAT_H
#define SCANNERS_SUPERVISOR_SEAT_H

#include "lib/wire/step.h"
#include "scanners/supervisor/pool.h"

enum seat_state {
	SEAT_NONE = 0,
	SEAT_STARTING,
	SEAT_IDLE,
	SEAT_BUSY,
	SEAT_LEAVING /* killed or gone; waits for its exit status */
};

/* What a worker has just done. */
enum seat_event {
	SEAT_EVENT_NONE = 0,
	SEAT_EVENT_READY,
	SEAT_EVENT_TAINTED,
	SEAT_EVENT_ASK,    /* seat->frame is a worker_ask */
	SEAT_EVENT_REPORT, /* seat->frame is a report frame */
	SEAT_EVENT_GONE    /* closed, or broke the protocol; why is in err */
};

struct worker_seat {
	struct watch watch; /* first */
	struct pool *pool;
	struct worker_seat *next;
	enum seat_state state;
	struct channel channel;
	struct step step;
	struct frame frame;
	pid_t pid;
	int note_fd;  /* what it says it is at; worker_note.h */
	bool exited;  /* waited for; the pid is no longer ours */
	bool started; /* it has been ready */
	bool wanted;  /* its end is our doing, or allowed */
	bool tainted;
	bool slow;     /* its mail takes long, and it makes way */
	int nice;      /* then: how much */
	bool outdated; /* started with settings that are no longer in force */
	uint64_t mails;
	struct job *job;
	uint32_t wall_ms; /* limits of its mail, as it knows them */
	uint32_t cpu_ms;
	int64_t since_mono_ms; /* at its mail */
	int64_t since_cpu_ms;  /* the CPU time that it had used then */
	int64_t until_mono_ms; /* killed then: start or job takes too long */
};

/* Start a worker and send its setup. Returns: ST_OK, ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status
seat_start(struct pool *pool, struct worker_seat **seat_out, struct err *err);

/* Send job. Returns: ST_OK; anything else: the worker is of no use */
MUST_CHECK enum status
seat_give(struct worker_seat *seat, struct job *job,
	  const struct worker_job *order, struct err *err);

/* Called by the loop; in pool.c. */
void pool_on_seat(struct watch *watch, uint32_t events);

/* Receive what is there, one event at most. */
enum seat_event seat_next_event(struct worker_seat *seat, struct err *err);

/* Kill the process and stop listening to it. */
void seat_leave(struct worker_seat *seat);

/* Is status that of a process that did what it could not or must not do? A
 * kill from outside is no crash. */
bool seat_has_crashed(int status);

/* Its end, for the log. */
void seat_log_end(const struct worker_seat *seat, int status);

#endif
