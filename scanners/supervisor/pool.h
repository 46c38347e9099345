/*
 * pool.h - workers in reserve, and the mails that wait for them.
 *
 * Layer:    scanners/supervisor; includes lib/, scanners/{client,worker}
 * Threads:  one
 * Input:    what a worker sends is untrusted: type, order and size of its
 *           frames are checked here, what a report says by who asked for it
 *
 * A worker: starting -> idle <-> busy -> leaving. One that told that it is
 * tainted gets its replacement while it still works, and leaves after its
 * mail. One that is silent past hard_stop is killed.
 */
#ifndef SCANNERS_SUPERVISOR_POOL_H
#define SCANNERS_SUPERVISOR_POOL_H

#include "scanners/supervisor/loop.h"
#include "scanners/worker/worker_messages.h"

enum { POOL_REPORT_BYTES = CHANNEL_MAX_FRAME_BYTES };

struct worker_seat; /* one worker process, as the pool sees it */

/* A mail to be scanned; lives with who asked. */
struct job {
	struct scan_request request; /* texts borrowed from who asked */
	int fd;                      /* sealed memory file; ditto */
	int files_fd;                /* where to write its files; ditto; with
				      * request.rewrite only */
	int64_t accepted_mono_ms;
	int64_t deadline_mono_ms; /* an answer is due by then */
	void *owner;              /* who asked */
	/* One of the two is called, once; the frame's payload may be taken. */
	void (*answer)(struct job *job, struct frame *report);
	void (*fail)(struct job *job, const char *reason);
	/* The pool's: */
	struct job *next;
	struct worker_seat *seat; /* NULL while it waits */
	unsigned attempts;
	bool hand_over; /* fd is the worker's alone once it has it: closed here,
			 * and there is no second attempt */
	unsigned unread; /* workers that ended without having looked at it */
};

struct lender;
struct template;

/* What a pool's workers answer with. */
enum pool_answer {
	POOL_ANSWER_NONE = 0,
	POOL_ANSWER_REPORT, /* or the preview or plan asked for */
	POOL_ANSWER_DONE    /* remote readers: the asker got it all */
};

struct pool_settings {
	const char *name;        /* for the log */
	const char *worker_path; /* program */
	size_t workers;
	size_t queue;
	struct worker_setup setup;
	int words_fd; /* what an admin adds, for the setup; borrowed likewise */
	struct worker_job limits; /* what every job gets */
	int64_t hard_stop_ms;
	uint64_t worker_mails;
	enum pool_answer answer;
	bool lazy;             /* workers start when a job waits */
	struct lender *lender; /* whom workers may ask; or NULL */
	/* What workers are copies of; or NULL. */
	struct template *template;
};

struct pool {
	struct loop *loop;
	struct pool_settings settings;
	struct worker_seat *seats;
	struct job *first;
	struct job *last;
	size_t waiting;
	int64_t respawn_mono_ms; /* not before, after failed starts */
	int64_t backoff_ms;      /* 0: the last start went well */
};

void pool_init(struct pool *pool, struct loop *loop,
	       const struct pool_settings *settings);

/* Take new settings; texts are borrowed until the next call. Each worker is
 * replaced, after its mail if it has one: setup is for a worker's life. */
void pool_change(struct pool *pool, const struct pool_settings *settings);

/* Kill and forget every worker. Jobs must be gone. */
void pool_close(struct pool *pool);

/* Give job to a worker, or let it wait. Returns: ST_OK; ST_LIMIT the queue is
 * full, nothing will be called */
MUST_CHECK enum status
pool_submit(struct pool *pool, struct job *job, struct err *err);

/* Answers of our own, where no worker can give one: of a part ("": all). */
void job_answer_part(struct job *job, const char *part,
		     enum report_reason reason, const char *detail);
void job_answer_unscannable(struct job *job, enum report_reason reason,
			    const char *detail);

/* Nobody waits for job any more: its worker is killed. Nothing is called. */
void pool_cancel(struct pool *pool, struct job *job);

/* Look at deadlines, start what is missing. Returns: milliseconds until it
 * should be called again, -1 when only events matter. */
int pool_tick(struct pool *pool, int64_t now_mono_ms);

/* A child has ended. False when it is not of this pool. */
bool pool_reaped(struct pool *pool, pid_t pid, int status);

#endif
