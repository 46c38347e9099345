#include "scanners/supervisor/seat.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/process.h"
#include "lib/report/preview.h"
#include "lib/report/rewrite.h"
#include "scanners/supervisor/template.h"
#include "scanners/worker/worker_alarm.h"
#include "scanners/worker/worker_note.h"

enum { SEAT_START_MS = 15000 };

static void
seat_free(struct watch *watch)
{
	struct worker_seat *seat = (struct worker_seat *)watch;

	frame_done(&seat->frame);
	channel_close(&seat->channel);
	fd_close(&seat->note_fd);
	free(seat);
}

/* The seat's channel, and the worker's end of it. */
static enum status
seat_open_channel(struct worker_seat *seat, int *theirs_out, struct err *err)
{
	int pair[2] = { FD_NONE, FD_NONE };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set_errno(err, "worker: no socket pair");
	AUTO(fd_close) int ours = pair[0];
	AUTO(fd_close) int theirs = pair[1];
	const enum status st = channel_open(ours, &seat->channel, err);

	if (st != ST_OK)
		return st;
	(void)FD_MOVE(ours);
	*theirs_out = FD_MOVE(theirs);
	return ST_OK;
}

/* A worker that needs its setup. */
static enum status
seat_spawn(struct worker_seat *seat, struct err *err)
{
	const char *const argv[] = { seat->pool->settings.worker_path, NULL };
	AUTO(fd_close) int theirs = FD_NONE;
	const enum status st = seat_open_channel(seat, &theirs, err);

	if (st != ST_OK)
		return st;
	const struct process_spawn spawn = {
		.path = argv[0],
		.argv = argv,
		.envp = NULL,
		.channel_fd = theirs,
	};

	return process_spawn(&spawn, &seat->pid, err);
}

/* A worker that has it. */
static enum status
seat_copy(struct worker_seat *seat, struct err *err)
{
	const struct pool_settings *settings = &seat->pool->settings;
	AUTO(fd_close) int theirs = FD_NONE;
	enum status st = seat_open_channel(seat, &theirs, err);

	if (st != ST_OK)
		return st;
	st = template_copy(settings->template, theirs, seat->note_fd,
			   settings->setup.cpu_s, &seat->pid);
	/* It may have been made all the same: it shall see its channel end. */
	if (st != ST_OK)
		channel_close(&seat->channel);
	return st;
}

static enum status
seat_send_setup(struct worker_seat *seat, struct err *err)
{
	const struct pool_settings *settings = &seat->pool->settings;
	const int fds[WORKER_SETUP_FDS] = { settings->words_fd, seat->note_fd };

	return channel_send(&seat->channel, &worker_setup_table,
			    &settings->setup, fds, WORKER_SETUP_FDS,
			    clock_mono_ms(), err);
}

enum status
seat_start(struct pool *pool, struct worker_seat **seat_out, struct err *err)
{
	struct worker_seat *seat = calloc(1, sizeof(*seat));
	bool copied = false;
	enum status st = ST_OK;

	if (seat == NULL)
		return err_set(err, ST_NO_MEMORY, "worker: no memory");
	seat->watch.ready = pool_on_seat;
	seat->watch.free = seat_free;
	seat->pool = pool;
	seat->state = SEAT_STARTING;
	seat->channel.fd = FD_NONE;
	seat->note_fd = FD_NONE;
	seat->until_mono_ms = clock_mono_ms() + SEAT_START_MS;
	frame_init(&seat->frame);
	st = worker_note_make(&seat->note_fd, err);
	if (st == ST_OK && pool->settings.template != NULL)
		copied = seat_copy(seat, err) == ST_OK;
	if (st == ST_OK && !copied)
		st = seat_spawn(seat, err);
	if (st != ST_OK) {
		seat_free(&seat->watch);
		return st;
	}
	*seat_out = seat;
	/* From here on the process exists: a failure is its end, not ours. */
	st = loop_add(pool->loop, seat->channel.fd, EPOLLIN, &seat->watch, err);
	if (st == ST_OK && !copied)
		st = seat_send_setup(seat, err);
	if (st != ST_OK)
		seat_leave(seat);
	return ST_OK;
}

enum status
seat_give(struct worker_seat *seat, struct job *job,
	  const struct worker_job *order, struct err *err)
{
	const int fds[SCAN_REWRITE_FDS] = { job->fd, job->files_fd };
	enum status st = worker_note_clear(seat->note_fd, err);

	/* Its socket is empty: the frame fits, or the worker is of no use. */
	if (st == ST_OK)
		st = channel_send(&seat->channel, &worker_job_table, order, fds,
				  order->rewrite != REWRITE_NONE
					  ? SCAN_REWRITE_FDS
					  : SCAN_MAIL_FDS,
				  clock_mono_ms(), err);
	if (st != ST_OK)
		return st;
	seat->state = SEAT_BUSY;
	seat->job = job;
	seat->wall_ms = order->wall_ms;
	seat->cpu_ms = order->cpu_ms;
	job->seat = seat;
	return ST_OK;
}

/* The reason that a worker gave for not starting. */
static void
seat_take_reason(const struct frame *frame, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_failure failure = { NULL };

	if (frame_decode(frame, &scan_failure_table, &failure, &arena, err) ==
	    ST_OK)
		(void)!err_set(err, ST_IO, "%s", failure.reason);
}

/* What was asked for; a report also when there is no preview or plan to
 * send. */
static bool
seat_is_answer(const struct worker_seat *seat, const struct frame *frame)
{
	if (seat->pool->settings.answer == POOL_ANSWER_DONE)
		return frame->type == WORKER_DONE_TYPE;
	if (frame->type == report_table.type &&
	    frame->version == report_table.version)
		return true;
	if (seat->job == NULL)
		return false;
	if (seat->job->request.rewrite != REWRITE_NONE)
		return frame->type == rewrite_table.type &&
		       frame->version == rewrite_table.version;
	return seat->job->request.preview &&
	       frame->type == preview_table.type &&
	       frame->version == preview_table.version;
}

/* A frame is whole: is it one that may come now? */
static enum seat_event
seat_judge(struct worker_seat *seat, struct err *err)
{
	const struct frame *frame = &seat->frame;

	if (seat->state == SEAT_STARTING && frame->type == SCAN_FAILURE_TYPE) {
		seat_take_reason(frame, err);
		return SEAT_EVENT_GONE;
	}
	if (frame->fd_count == 0 && seat->state == SEAT_STARTING &&
	    frame->type == WORKER_READY_TYPE)
		return SEAT_EVENT_READY;
	if (frame->fd_count == 0 && seat->state == SEAT_BUSY &&
	    frame->type == WORKER_TAINTED_TYPE && !seat->tainted)
		return SEAT_EVENT_TAINTED;
	if (frame->fd_count == 0 && seat->state == SEAT_BUSY &&
	    frame->type == WORKER_ASK_TYPE)
		return SEAT_EVENT_ASK;
	if (frame->fd_count == 0 && seat->state == SEAT_BUSY &&
	    seat_is_answer(seat, frame))
		return SEAT_EVENT_REPORT;
	(void)!err_set(err, ST_FORMAT, "worker: message %u is out of place",
		       frame->type);
	return SEAT_EVENT_GONE;
}

enum seat_event
seat_next_event(struct worker_seat *seat, struct err *err)
{
	bool whole = false;
	enum status st = ST_OK;

	if (seat->step.at == 0)
		frame_done(&seat->frame);
	st = step_receive(&seat->channel, &seat->step, &seat->frame,
			  POOL_REPORT_BYTES, &whole, err);
	if (st == ST_END)
		(void)!err_set(err, ST_IO, "worker: ended");
	if (st != ST_OK)
		return SEAT_EVENT_GONE;
	return whole ? seat_judge(seat, err) : SEAT_EVENT_NONE;
}

void
seat_leave(struct worker_seat *seat)
{
	if (seat->state == SEAT_LEAVING)
		return;
	seat->state = SEAT_LEAVING;
	loop_remove(seat->pool->loop, seat->channel.fd);
	channel_close(&seat->channel);
	frame_done(&seat->frame);
	if (!seat->exited)
		(void)kill(seat->pid, SIGKILL);
}

bool
seat_has_crashed(int status)
{
	static const int faults[] = { SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
				      SIGABRT, SIGTRAP, SIGSYS };

	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == faults[i])
			return true;
	return false;
}

void
seat_log_end(const struct worker_seat *seat, int status)
{
	const bool by_itself =
		WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
				      WEXITSTATUS(status) == WORKER_EXIT_ALARM);
	struct log_line line;

	log_begin(&line,
		  seat->wanted || by_itself ? LOG_LEVEL_DEBUG
					    : LOG_LEVEL_WARNING,
		  "worker-ended");
	log_text(&line, "pool", seat->pool->settings.name);
	log_number(&line, "pid", seat->pid);
	if (WIFSIGNALED(status))
		log_number(&line, "signal", WTERMSIG(status));
	else
		log_number(&line, "exit", WEXITSTATUS(status));
	log_number(&line, "mails", (int64_t)seat->mails);
	log_send(&line);
}
