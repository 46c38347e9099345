#include "scanners/supervisor/template.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/process.h"
#include "lib/wire/step.h"

enum {
	TEMPLATE_START_MS = 10000,
	TEMPLATE_COPY_MS = 2000,
	TEMPLATE_TICK_MS = 100,
	TEMPLATE_WAIT_MS = 1000,
	/* A new layout of memory after so many copies, for about a hundredth
	 * of what the copies save. */
	TEMPLATE_MAX_COPIES = 256,
	TEMPLATE_FIRST_BACKOFF_MS = 1000,
	TEMPLATE_MOST_BACKOFF_MS = 300 * 1000,
	TEMPLATE_FRAME_BYTES = 4096
};

struct template_seat {
	struct watch watch; /* first */
	struct template *of;
	struct template_seat *next; /* among those that ended */
	struct channel channel;
	struct step step;
	struct frame frame;
	pid_t pid;
	uint64_t copies;
	bool lost; /* its end is not our doing */
	int64_t until_mono_ms;
};

void
template_init(struct template *template, struct loop *loop,
	      const struct template_settings *settings)
{
	*template = (struct template){ .loop = loop, .settings = *settings };
}

static void
template_free_seat(struct watch *watch)
{
	struct template_seat *seat = (struct template_seat *)watch;

	frame_done(&seat->frame);
	channel_close(&seat->channel);
	free(seat);
}

/* Kill the process; it stays on a list until it is waited for. */
static void
template_end(struct template *template)
{
	struct template_seat *seat = template->seat;

	template->state = TEMPLATE_NONE;
	if (seat == NULL)
		return;
	template->seat = NULL;
	loop_remove(template->loop, seat->channel.fd);
	channel_close(&seat->channel);
	(void)kill(seat->pid, SIGKILL);
	seat->next = template->ended;
	template->ended = seat;
}

/* It is of no use; a new one is tried later. */
static void
template_fail(struct template *template, const struct err *err)
{
	struct log_line line;

	template->backoff_ms = template->backoff_ms == 0
				       ? TEMPLATE_FIRST_BACKOFF_MS
				       : template->backoff_ms * 2;
	if (template->backoff_ms > TEMPLATE_MOST_BACKOFF_MS)
		template->backoff_ms = TEMPLATE_MOST_BACKOFF_MS;
	template->again_mono_ms = clock_mono_ms() + template->backoff_ms;
	log_begin(&line, LOG_LEVEL_WARNING, "template-failed");
	log_text(&line, "program", template->settings.program);
	log_number(&line, "next_try_ms", template->backoff_ms);
	log_error(&line, err);
	log_send(&line);
	template_end(template);
}

/* ---- its start ---- */

/* The reason that it gave for not starting. */
static void
template_take_reason(const struct frame *frame, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_failure failure = { NULL };

	if (frame_decode(frame, &scan_failure_table, &failure, &arena, err) ==
	    ST_OK)
		(void)!err_set(err, ST_IO, "%s", failure.reason);
}

/* It ended by itself, or was killed. */
static void
template_lose(struct template *template, const struct err *err)
{
	template->seat->lost = true;
	/* One that never made a copy would end so again and again. */
	if (template->seat->copies > 0)
		template_end(template);
	else
		template_fail(template, err);
}

static void
template_judge(struct template *template, struct frame *frame)
{
	struct err err = { .st = ST_OK };

	if (template->state == TEMPLATE_STARTING && frame->fd_count == 0 &&
	    frame->type == WORKER_READY_TYPE) {
		template->state = TEMPLATE_READY;
		template->backoff_ms = 0;
		return;
	}
	if (frame->type == SCAN_FAILURE_TYPE)
		template_take_reason(frame, &err);
	else
		(void)!err_set(&err, ST_FORMAT,
			       "template: message %u is out of place",
			       frame->type);
	template_fail(template, &err);
}

static void
template_on_seat(struct watch *watch, uint32_t events)
{
	struct template_seat *seat = (struct template_seat *)watch;
	struct template *template = seat->of;
	bool whole = false;
	struct err err = { .st = ST_OK };

	(void)events;
	if (template->seat != seat)
		return;
	const enum status st =
		step_receive(&seat->channel, &seat->step, &seat->frame,
			     TEMPLATE_FRAME_BYTES, &whole, &err);

	if (st == ST_END)
		(void)!err_set(&err, ST_IO, "template: ended");
	if (st != ST_OK)
		template_lose(template, &err);
	else if (whole)
		template_judge(template, &seat->frame);
	if (whole)
		frame_done(&seat->frame);
}

static enum status
template_spawn(const struct template *template, struct template_seat *seat,
	       struct err *err)
{
	const char *const argv[] = { template->settings.program, NULL };
	int pair[2] = { FD_NONE, FD_NONE };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set_errno(err, "template: no socket pair");
	AUTO(fd_close) int ours = pair[0];
	AUTO(fd_close) int theirs = pair[1];
	const struct process_spawn spawn = {
		.path = argv[0],
		.argv = argv,
		.envp = NULL,
		.channel_fd = theirs,
	};
	const enum status st = channel_open(ours, &seat->channel, err);

	if (st != ST_OK)
		return st;
	(void)FD_MOVE(ours);
	return process_spawn(&spawn, &seat->pid, err);
}

static enum status
template_send_setup(struct template *template, struct err *err)
{
	struct template_seat *seat = template->seat;
	const struct template_settings *settings = &template->settings;
	const enum status st = loop_add(template->loop, seat->channel.fd,
					EPOLLIN, &seat->watch, err);

	if (st != ST_OK)
		return st;
	return channel_send(&seat->channel, &worker_template_table,
			    &settings->setup, &settings->words_fd,
			    WORKER_TEMPLATE_FDS, clock_mono_ms(), err);
}

static enum status
template_start(struct template *template, struct err *err)
{
	struct template_seat *seat = calloc(1, sizeof(*seat));

	if (seat == NULL)
		return err_set(err, ST_NO_MEMORY, "template: no memory");
	seat->watch.ready = template_on_seat;
	seat->watch.free = template_free_seat;
	seat->of = template;
	seat->channel.fd = FD_NONE;
	seat->until_mono_ms = clock_mono_ms() + TEMPLATE_START_MS;
	frame_init(&seat->frame);
	const enum status st = template_spawn(template, seat, err);

	if (st != ST_OK) {
		template_free_seat(&seat->watch);
		return st;
	}
	template->seat = seat;
	template->state = TEMPLATE_STARTING;
	return template_send_setup(template, err);
}

bool
template_is_coming(struct template *template, int64_t now_mono_ms)
{
	struct err err = { .st = ST_OK };

	if (template->settings.program == NULL ||
	    template->state == TEMPLATE_READY)
		return false;
	if (template->state == TEMPLATE_STARTING)
		return true;
	if (template->backoff_ms > 0 && now_mono_ms < template->again_mono_ms)
		return false;
	if (template_start(template, &err) == ST_OK)
		return true;
	template_fail(template, &err);
	return false;
}

int
template_tick(struct template *template, int64_t now_mono_ms)
{
	struct err err = { .st = ST_OK };

	if (template->state == TEMPLATE_STARTING &&
	    now_mono_ms >= template->seat->until_mono_ms) {
		(void)!err_set(&err, ST_LIMIT, "template: silent, killed");
		template_fail(template, &err);
	}
	if (template->settings.lazy)
		return template->state == TEMPLATE_STARTING ? TEMPLATE_TICK_MS
							    : -1;
	if (template_is_coming(template, now_mono_ms))
		return TEMPLATE_TICK_MS;
	return template->backoff_ms > 0 ? TEMPLATE_WAIT_MS : -1;
}

void
template_change(struct template *template,
		const struct template_settings *settings)
{
	template_end(template);
	template->settings = *settings;
	template->backoff_ms = 0;
}

/* ---- copies ---- */

/* The answer comes at once: the template does nothing else. */
static enum status
template_take_copy(struct template_seat *seat, pid_t *pid_out, struct err *err)
{
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct worker_copied copied = { 0 };
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(&seat->channel, &frame,
			     clock_mono_ms() + TEMPLATE_COPY_MS, err);
	if (st == ST_OK && frame.type == SCAN_FAILURE_TYPE) {
		template_take_reason(&frame, err);
		return ST_IO;
	}
	if (st == ST_OK)
		st = frame_decode(&frame, &worker_copied_table, &copied, &arena,
				  err);
	if (st == ST_OK)
		*pid_out = (pid_t)copied.pid;
	return st == ST_END ? err_set(err, ST_IO, "template: ended") : st;
}

enum status
template_copy(struct template *template, int channel_fd, int note_fd,
	      uint64_t cpu_s, pid_t *pid_out)
{
	const int fds[WORKER_COPY_FDS] = { channel_fd, note_fd };
	const struct worker_copy order = { cpu_s };
	struct template_seat *seat = template->seat;
	struct err err = { .st = ST_OK };

	if (template->state != TEMPLATE_READY)
		return ST_NOT_FOUND;
	enum status st =
		channel_send(&seat->channel, &worker_copy_table, &order, fds,
			     WORKER_COPY_FDS, clock_mono_ms(), &err);

	if (st == ST_OK)
		st = template_take_copy(seat, pid_out, &err);
	if (st != ST_OK) {
		template_fail(template, &err);
		return st;
	}
	if (++seat->copies >= TEMPLATE_MAX_COPIES)
		template_end(template);
	return ST_OK;
}

void
template_spoil(struct template *template)
{
	if (template->state == TEMPLATE_READY)
		template_end(template);
}

/* ---- its end ---- */

static void
template_log_end(const struct template_seat *seat, int status)
{
	struct log_line line;

	log_begin(&line, seat->lost ? LOG_LEVEL_WARNING : LOG_LEVEL_DEBUG,
		  "template-ended");
	log_text(&line, "program", seat->of->settings.program);
	log_number(&line, "pid", seat->pid);
	if (WIFSIGNALED(status))
		log_number(&line, "signal", WTERMSIG(status));
	else
		log_number(&line, "exit", WEXITSTATUS(status));
	log_number(&line, "copies", (int64_t)seat->copies);
	log_send(&line);
}

bool
template_reaped(struct template *template, pid_t pid, int status)
{
	struct template_seat **at = &template->ended;

	if (template->seat != NULL && template->seat->pid == pid) {
		struct err err = { .st = ST_OK };

		(void)!err_set(&err, ST_IO, "template: ended");
		template_lose(template, &err);
	}
	while (*at != NULL && (*at)->pid != pid)
		at = &(*at)->next;
	if (*at == NULL)
		return false;
	struct template_seat *seat = *at;

	*at = seat->next;
	template_log_end(seat, status);
	loop_bury(template->loop, &seat->watch);
	return true;
}

void
template_close(struct template *template)
{
	template_end(template);
	while (template->ended != NULL) {
		struct template_seat *seat = template->ended;

		template->ended = seat->next;
		(void)waitpid(seat->pid, NULL, 0);
		loop_bury(template->loop, &seat->watch);
	}
}
