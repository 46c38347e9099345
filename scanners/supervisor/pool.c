#include "scanners/supervisor/pool.h"

#include <errno.h>
#include <sys/wait.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/turns.h"
#include "scanners/supervisor/lender.h"
#include "scanners/supervisor/loss.h"
#include "scanners/supervisor/seat.h"
#include "scanners/supervisor/template.h"

enum {
	POOL_MAX_ATTEMPTS = 2,
	POOL_MAX_UNREAD = 8,
	POOL_TICK_MS = 50,
	/* A mail that takes so much CPU time makes way for others: its worker
	 * gets long turns and a third of the weight, as far as processors are
	 * scarce, and later a tenth. Not by the time that passes: on a busy
	 * machine an everyday mail waits as well. */
	POOL_SLOW_CPU_MS = 50,
	POOL_SLOW_NICE = 5,
	POOL_SLOWER_MS = 1000,
	POOL_SLOWER_NICE = 10,
	POOL_SEARCH_NICE = 19, /* what nobody else wants */
	/* One that takes long, or ran a foreign parser, has its successor ready
	 * beside it: so many more than the settings say, and no mail makes
	 * more. */
	POOL_MOST_FACTOR = 2,
	/* Less than this before its deadline a mail is not started any more:
	 * the answer must be on its way by then. */
	POOL_LEAST_MS = 100,
	POOL_ANSWER_MS = 50,
	POOL_FIRST_BACKOFF_MS = 200,
	POOL_MOST_BACKOFF_MS = 30 * 1000
};

void
pool_init(struct pool *pool, struct loop *loop,
	  const struct pool_settings *settings)
{
	*pool = (struct pool){ .loop = loop, .settings = *settings };
}

static void
pool_unlink_seat(struct pool *pool, struct worker_seat *seat)
{
	struct worker_seat **at = &pool->seats;

	while (*at != NULL && *at != seat)
		at = &(*at)->next;
	if (*at != NULL)
		*at = seat->next;
	loop_bury(pool->loop, &seat->watch);
}

static void
pool_push_front(struct pool *pool, struct job *job)
{
	job->next = pool->first;
	pool->first = job;
	if (pool->last == NULL)
		pool->last = job;
	pool->waiting++;
}

static void
pool_push_back(struct pool *pool, struct job *job)
{
	job->next = NULL;
	if (pool->last != NULL)
		pool->last->next = job;
	else
		pool->first = job;
	pool->last = job;
	pool->waiting++;
}

static void
pool_unlink_job(struct pool *pool, struct job *job)
{
	struct job *before = NULL;
	struct job *at = pool->first;

	while (at != NULL && at != job) {
		before = at;
		at = at->next;
	}
	if (at == NULL)
		return;
	if (before != NULL)
		before->next = job->next;
	else
		pool->first = job->next;
	if (pool->last == job)
		pool->last = before;
	job->next = NULL;
	pool->waiting--;
}

/* Its time is up while it waits for a worker. */
static void
pool_give_up(struct pool *pool, struct job *job)
{
	pool_unlink_job(pool, job);
	if (job->attempts == 0)
		job->fail(job, "no worker was free in time");
	else
		job_answer_unscannable(job, REPORT_REASON_CRASHED,
				       "no second try in time");
}

static void
pool_log_failed(const struct worker_seat *seat, const struct job *job,
		const struct loss *loss, const struct err *err)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "scan-failed");
	log_text(&line, "pool", seat->pool->settings.name);
	log_number(&line, "pid", seat->pid);
	log_text(&line, "why", report_reason_name(loss->reason));
	/* The part is named by the mail: it stands in the report only. */
	if (loss->note.reader[0] != '\0')
		log_text(&line, "reader", loss->note.reader);
	log_number(&line, "attempt", job->attempts);
	log_error(&line, err);
	log_send(&line);
}

/* The worker of a mail is lost: try once more, or say so. */
static void
pool_fail_job(struct worker_seat *seat, enum report_reason reason,
	      const struct err *err)
{
	struct job *job = seat->job;
	struct loss loss;

	if (job == NULL)
		return;
	seat->job = NULL;
	job->seat = NULL;
	loss_judge(seat, reason, &loss);
	pool_log_failed(seat, job, &loss, err);
	/* A reset says that the order still lay in the worker's socket: it
	 * was killed while idle, and the mail had nothing to do with it. */
	if (err->sys_errno == ECONNRESET && job->unread < POOL_MAX_UNREAD) {
		job->unread++;
		job->attempts--;
	}
	if (job->hand_over)
		job->fail(job, err->text);
	else if (!loss.final && job->attempts < POOL_MAX_ATTEMPTS &&
		 clock_left_ms(job->deadline_mono_ms) > POOL_LEAST_MS)
		pool_push_front(seat->pool, job);
	else
		job_answer_part(job, loss.note.part, loss.reason, loss.detail);
}

static void
pool_note_start(struct pool *pool, bool ok)
{
	if (ok) {
		pool->backoff_ms = 0;
		return;
	}
	pool->backoff_ms = pool->backoff_ms == 0 ? POOL_FIRST_BACKOFF_MS
						 : pool->backoff_ms * 2;
	if (pool->backoff_ms > POOL_MOST_BACKOFF_MS)
		pool->backoff_ms = POOL_MOST_BACKOFF_MS;
	pool->respawn_mono_ms = clock_mono_ms() + pool->backoff_ms;
}

static void
pool_log_start_failed(const struct pool *pool, const struct err *err)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_ERROR, "worker-start-failed");
	log_text(&line, "pool", pool->settings.name);
	log_number(&line, "next_try_ms", pool->backoff_ms);
	log_error(&line, err);
	log_send(&line);
}

/* The worker is of no more use, whatever it is doing. */
static void
pool_lose_seat(struct worker_seat *seat, enum report_reason reason,
	       const struct err *err)
{
	struct pool *pool = seat->pool;

	if (seat->state == SEAT_LEAVING)
		return;
	if (!seat->started) {
		pool_note_start(pool, false);
		pool_log_start_failed(pool, err);
	}
	seat_leave(seat);
	pool_fail_job(seat, reason, err);
	if (seat->exited)
		pool_unlink_seat(pool, seat);
}

static void
pool_retire_seat(struct worker_seat *seat)
{
	seat->wanted = true;
	seat_leave(seat);
	if (seat->exited)
		pool_unlink_seat(seat->pool, seat);
}

/* Workers that will take another mail; *all_out: and the others. */
static size_t
pool_count_lasting(const struct pool *pool, size_t *all_out)
{
	size_t count = 0;

	*all_out = 0;
	for (const struct worker_seat *seat = pool->seats; seat != NULL;
	     seat = seat->next) {
		if (seat->state == SEAT_LEAVING)
			continue;
		*all_out += 1;
		count += !seat->tainted && !seat->outdated && !seat->slow;
	}
	return count;
}

void
pool_change(struct pool *pool, const struct pool_settings *settings)
{
	struct worker_seat *next = NULL;

	pool->settings = *settings;
	for (struct worker_seat *seat = pool->seats; seat != NULL;
	     seat = next) {
		next = seat->next;
		seat->outdated = true;
		if (seat->state == SEAT_IDLE)
			pool_retire_seat(seat);
	}
}

/* How many workers that last there should be. */
static size_t
pool_wanted(const struct pool *pool)
{
	size_t wanted = pool->waiting;

	if (!pool->settings.lazy)
		return pool->settings.workers;
	for (const struct worker_seat *seat = pool->seats; seat != NULL;
	     seat = seat->next)
		wanted += seat->state == SEAT_BUSY;
	return wanted < pool->settings.workers ? wanted
					       : pool->settings.workers;
}

static void
pool_fill(struct pool *pool, int64_t now_mono_ms)
{
	const size_t wanted = pool_wanted(pool);
	const size_t most = pool->settings.workers * POOL_MOST_FACTOR;
	size_t all = 0;
	size_t lasting = pool_count_lasting(pool, &all);

	if (all >= most)
		return;
	if (lasting < wanted && pool->settings.template != NULL &&
	    template_is_coming(pool->settings.template, now_mono_ms))
		return;
	while (lasting < wanted && all < most &&
	       (pool->backoff_ms == 0 ||
		now_mono_ms >= pool->respawn_mono_ms)) {
		struct worker_seat *seat = NULL;
		struct err err = { .st = ST_OK };

		if (seat_start(pool, &seat, &err) != ST_OK) {
			pool_note_start(pool, false);
			pool_log_start_failed(pool, &err);
			return;
		}
		seat->next = pool->seats;
		pool->seats = seat;
		lasting++;
		all++;
		/* After a failure one at a time, until one starts well. */
		if (pool->backoff_ms > 0)
			pool->respawn_mono_ms = now_mono_ms + pool->backoff_ms;
	}
}

/* An idle worker; a second attempt gets one that has seen no mail before, if
 * there is one. */
static struct worker_seat *
pool_find_idle(const struct pool *pool, const struct job *job)
{
	struct worker_seat *found = NULL;

	for (struct worker_seat *seat = pool->seats; seat != NULL;
	     seat = seat->next) {
		if (seat->state != SEAT_IDLE)
			continue;
		if (job->attempts == 0 || seat->mails == 0)
			return seat;
		found = seat;
	}
	return found;
}

static uint32_t
pool_clip_ms(uint32_t limit_ms, int64_t left_ms)
{
	return left_ms < (int64_t)limit_ms ? (uint32_t)left_ms : limit_ms;
}

static uint32_t
pool_sum_ms(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* Start job on seat, so that its own time limit comes before our kill. */
static enum status
pool_give(struct worker_seat *seat, struct job *job, int64_t now_mono_ms,
	  struct err *err)
{
	const struct pool *pool = seat->pool;
	const int64_t left_ms = job->deadline_mono_ms - now_mono_ms;
	struct worker_job order = pool->settings.limits;

	order.input = job->request.input;
	order.reveal = job->request.reveal;
	order.preview = job->request.preview;
	order.rewrite = job->request.rewrite;
	order.rewrite_names = job->request.rewrite_names;
	order.rewrite_pictures = job->request.rewrite_pictures;
	order.rewrite_logo_bytes = job->request.rewrite_logo_bytes;
	order.name = job->request.name;
	order.profile = job->request.profile;
	order.words = job->request.words;
	order.word_count = job->request.word_count;
	order.search_from = job->request.search_from;
	order.mail_bytes = job->request.mail_bytes;
	if (job->request.search_ms > 0) {
		order.search_ms = job->request.search_ms;
		order.mask_ms = 0;
	}
	/* What is tried does not take from the time for reading. */
	order.cpu_ms = pool_sum_ms(order.cpu_ms, order.search_ms);
	order.wall_ms = pool_sum_ms(order.wall_ms, order.search_ms);
	order.wall_ms = pool_clip_ms(order.wall_ms, left_ms - POOL_ANSWER_MS);
	job->attempts++;
	seat->since_mono_ms = now_mono_ms;
	seat->since_cpu_ms = turns_cpu_ms(seat->pid);
	seat->until_mono_ms = now_mono_ms + pool->settings.hard_stop_ms;
	if (seat->until_mono_ms > job->deadline_mono_ms)
		seat->until_mono_ms = job->deadline_mono_ms;
	const enum status st = seat_give(seat, job, &order, err);

	if (st == ST_OK && job->hand_over)
		fd_close(&job->fd);
	return st;
}

/* Waiting mails to idle workers, as many as go. */
static void
pool_assign(struct pool *pool)
{
	const int64_t now_mono_ms = clock_mono_ms();

	while (pool->first != NULL) {
		struct job *job = pool->first;
		struct worker_seat *seat = pool_find_idle(pool, job);
		struct err err = { .st = ST_OK };

		if (seat == NULL)
			return;
		if (job->deadline_mono_ms - now_mono_ms < POOL_LEAST_MS) {
			pool_give_up(pool, job);
			continue;
		}
		pool_unlink_job(pool, job);
		if (pool_give(seat, job, now_mono_ms, &err) == ST_OK)
			continue;
		/* It never saw the mail: that was no attempt. */
		job->attempts--;
		pool_push_front(pool, job);
		pool_lose_seat(seat, REPORT_REASON_CRASHED, &err);
	}
}

enum status
pool_submit(struct pool *pool, struct job *job, struct err *err)
{
	if (pool->waiting >= pool->settings.queue)
		return err_set(err, ST_LIMIT,
			       "%zu mails wait for a worker already",
			       pool->waiting);
	job->seat = NULL;
	job->attempts = 0;
	job->unread = 0;
	pool_push_back(pool, job);
	pool_assign(pool);
	return ST_OK;
}

void
pool_cancel(struct pool *pool, struct job *job)
{
	struct worker_seat *seat = job->seat;

	pool_unlink_job(pool, job);
	if (seat == NULL)
		return;
	job->seat = NULL;
	seat->job = NULL;
	pool_retire_seat(seat);
	pool_fill(pool, clock_mono_ms());
}

static void
pool_take_report(struct worker_seat *seat)
{
	struct pool *pool = seat->pool;
	struct job *job = seat->job;
	size_t all = 0;

	seat->job = NULL;
	job->seat = NULL;
	seat->mails++;
	seat->state = SEAT_IDLE;
	job->answer(job, &seat->frame);
	frame_done(&seat->frame);
	if (seat->tainted || seat->outdated || seat->slow ||
	    seat->mails >= pool->settings.worker_mails ||
	    pool_count_lasting(pool, &all) > pool->settings.workers)
		pool_retire_seat(seat);
}

/* It wants a reader in another program; it waits for the answer. */
static void
pool_ask(struct worker_seat *seat)
{
	struct err err = { .st = ST_OK };

	if (lender_answer(seat->pool->settings.lender, &seat->channel,
			  &seat->frame, seat->until_mono_ms, &err) != ST_OK)
		pool_lose_seat(seat, REPORT_REASON_CRASHED, &err);
}

void
pool_on_seat(struct watch *watch, uint32_t events)
{
	struct worker_seat *seat = (struct worker_seat *)watch;
	struct pool *pool = seat->pool;
	struct err err = { .st = ST_OK };

	(void)events;
	switch (seat_next_event(seat, &err)) {
	case SEAT_EVENT_READY:
		seat->started = true;
		seat->state = SEAT_IDLE;
		pool_note_start(pool, true);
		if (seat->outdated)
			pool_retire_seat(seat);
		break;
	case SEAT_EVENT_TAINTED:
		seat->tainted = true;
		break;
	case SEAT_EVENT_ASK:
		pool_ask(seat);
		break;
	case SEAT_EVENT_REPORT:
		pool_take_report(seat);
		break;
	case SEAT_EVENT_GONE:
		pool_lose_seat(seat, REPORT_REASON_CRASHED, &err);
		break;
	case SEAT_EVENT_NONE:
	default:
		return;
	}
	pool_assign(pool);
	pool_fill(pool, clock_mono_ms());
}

/* A bomb, most likely; other mail shall not notice. What was lowered cannot be
 * raised again: that worker takes no other mail. */
static void
pool_slow_down(struct worker_seat *seat, int64_t now_mono_ms)
{
	const int64_t at_it_ms = now_mono_ms - seat->since_mono_ms;
	int nice = 0;

	if (seat->state != SEAT_BUSY ||
	    (at_it_ms < POOL_SLOWER_MS &&
	     turns_cpu_ms(seat->pid) - seat->since_cpu_ms < POOL_SLOW_CPU_MS))
		return;
	nice = at_it_ms < POOL_SLOWER_MS ? POOL_SLOW_NICE : POOL_SLOWER_NICE;
	if (seat->job != NULL && seat->job->request.search_ms > 0)
		nice = POOL_SEARCH_NICE;
	if (seat->nice == nice)
		return;
	seat->slow = true;
	seat->nice = nice;
	/* It has ended, or somebody else's rules forbid it: no matter. */
	NEGLECT(turns_make_long(seat->pid, nice, NULL));
}

/* Kill what has been silent for too long. */
static bool
pool_check_seats(struct pool *pool, int64_t now_mono_ms)
{
	struct worker_seat *next = NULL;
	bool waits = false;

	for (struct worker_seat *seat = pool->seats; seat != NULL;
	     seat = next) {
		struct err err = { .st = ST_OK };

		next = seat->next;
		if (seat->state != SEAT_STARTING && seat->state != SEAT_BUSY)
			continue;
		pool_slow_down(seat, now_mono_ms);
		if (now_mono_ms < seat->until_mono_ms) {
			waits = true;
			continue;
		}
		(void)!err_set(&err, ST_LIMIT, "worker: silent, killed");
		seat->wanted = true;
		pool_lose_seat(seat, REPORT_REASON_TIMEOUT, &err);
	}
	return waits;
}

static void
pool_check_queue(struct pool *pool, int64_t now_mono_ms)
{
	struct job *next = NULL;

	for (struct job *job = pool->first; job != NULL; job = next) {
		next = job->next;
		if (job->deadline_mono_ms - now_mono_ms < POOL_LEAST_MS)
			pool_give_up(pool, job);
	}
}

int
pool_tick(struct pool *pool, int64_t now_mono_ms)
{
	const bool waits = pool_check_seats(pool, now_mono_ms);

	pool_check_queue(pool, now_mono_ms);
	pool_fill(pool, now_mono_ms);
	pool_assign(pool);
	if (waits || pool->first != NULL || pool->backoff_ms > 0)
		return POOL_TICK_MS;
	return -1;
}

bool
pool_reaped(struct pool *pool, pid_t pid, int status)
{
	struct worker_seat *seat = pool->seats;

	while (seat != NULL && (seat->exited || seat->pid != pid))
		seat = seat->next;
	if (seat == NULL)
		return false;
	seat->exited = true;
	seat_log_end(seat, status);
	/* Whoever made it crash knows something of its memory. */
	if (pool->settings.template != NULL && seat_has_crashed(status))
		template_spoil(pool->settings.template);
	/* A last report may still be in its socket: the loop will read it,
	 * and the end behind it. */
	if (seat->state == SEAT_LEAVING)
		pool_unlink_seat(pool, seat);
	return true;
}

void
pool_close(struct pool *pool)
{
	while (pool->seats != NULL) {
		struct worker_seat *seat = pool->seats;

		seat->wanted = true;
		seat_leave(seat);
		if (!seat->exited)
			(void)waitpid(seat->pid, NULL, 0);
		pool_unlink_seat(pool, seat);
	}
}
