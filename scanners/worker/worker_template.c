#include "scanners/worker/worker_template.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/proc/sandbox.h"
#include "lib/proc/sibling.h"
#include "scanners/worker/worker_life.h"

enum { TEMPLATE_NAME_BYTES = 16 };

/* In lists of processes. */
static const char template_name[TEMPLATE_NAME_BYTES] = "sekimori-templ";

struct template
{
	struct channel channel;
	pid_t parent;
	char copy_name[TEMPLATE_NAME_BYTES];
};

/* One that had threads would copy one of them, and the locks of all. */
static enum status
template_check_threads(struct err *err)
{
	size_t count = 0;
	const enum status st = sibling_threads(&count, err);

	if (st == ST_OK && count != 1)
		return err_set(err, ST_UNSUPPORTED,
			       "worker: %zu threads in a template", count);
	return st;
}

static enum status
template_begin(struct template *template, struct err *err)
{
	if (prctl(PR_GET_NAME, template->copy_name) != 0 ||
	    prctl(PR_SET_NAME, template_name) != 0)
		return err_set_errno(err, "worker: no name");
	template->parent = getppid();
	return ST_OK;
}

/* In a copy: nothing of the template's is left open. */
static enum status
template_become_worker(struct template *template, struct frame *frame,
		       const struct worker_copy *order,
		       struct worker_note **note_out, struct err *err)
{
	enum status st = sibling_follow(template->parent, err);

	if (st != ST_OK)
		_exit(EXIT_SUCCESS);
	worker_life_part();
	st = worker_note_map(frame->fds[1], note_out, err);
	channel_close(&template->channel);
	if (dup3(frame->fds[0], WORKER_CHANNEL_FD, O_CLOEXEC) < 0)
		_exit(WORKER_EXIT_REFUSED);
	channel_adopt(WORKER_CHANNEL_FD, &template->channel);
	frame_done(frame);
	if (st == ST_OK && close_range(WORKER_CHANNEL_FD + 1, ~0U, 0) != 0)
		st = err_set_errno(err, "worker: cannot close");
	if (st == ST_OK && prctl(PR_SET_NAME, template->copy_name) != 0)
		st = err_set_errno(err, "worker: no name");
	return st == ST_OK ? sandbox_close_copy(order->cpu_s, err) : st;
}

static enum status
template_answer(struct template *template, pid_t pid, struct err *err)
{
	const struct worker_copied copied = { (uint32_t)pid };

	return worker_life_send(&template->channel, &worker_copied_table,
				&copied, err);
}

static enum status
template_answer_failure(struct template *template, const struct err *why,
			struct err *err)
{
	const struct scan_failure failure = { why->text };

	return worker_life_send(&template->channel, &scan_failure_table,
				&failure, err);
}

static enum status
template_receive(struct template *template, struct frame *frame,
		 struct worker_copy *order, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st =
		channel_receive(&template->channel, frame, INT64_MAX, err);

	if (st == ST_OK)
		st = frame_decode(frame, &worker_copy_table, order, &arena,
				  err);
	if (st == ST_OK && frame->fd_count != WORKER_COPY_FDS)
		st = err_set(err, ST_FORMAT, "worker: no socket or no page");
	return st;
}

/*
 * Make one worker.
 * Returns: ST_OK, *note_out is set in the copy only; others: the end of the
 *          template, or of the copy
 */
static enum status
template_serve_one(struct template *template, struct worker_note **note_out,
		   struct err *err)
{
	AUTO(frame_done) struct frame frame;
	struct worker_copy order;
	struct err why = { .st = ST_OK };
	pid_t pid = 0;

	frame_init(&frame);
	const enum status st = template_receive(template, &frame, &order, err);

	/* There is nobody to tell: it is the supervisor that is gone. */
	if (st != ST_OK)
		_exit(st == ST_END ? EXIT_SUCCESS : EXIT_FAILURE);
	if (sibling_make(&pid, &why) != ST_OK)
		return template_answer_failure(template, &why, err);
	if (pid == 0)
		return template_become_worker(template, &frame, &order,
					      note_out, err);
	return template_answer(template, pid, err);
}

static enum status
template_serve(struct template *template, struct worker_note **note,
	       struct err *err)
{
	const struct worker_ready ready = { (uint32_t)getpid() };
	enum status st = worker_life_send(&template->channel,
					  &worker_ready_table, &ready, err);

	while (st == ST_OK && *note == NULL)
		st = template_serve_one(template, note, err);
	return st;
}

enum status
worker_template_lock_in(struct channel *channel,
			const struct worker_setup *setup,
			const char *const *readable, struct worker_note **note,
			struct err *err)
{
	struct template template = { .channel = *channel };
	enum status st = ST_OK;

	if (*note != NULL)
		return worker_life_lock_in(setup, readable, err);
	st = template_check_threads(err);
	if (st == ST_OK)
		st = template_begin(&template, err);
	if (st == ST_OK)
		st = worker_life_lock_in_template(setup, readable, err);
	if (st == ST_OK)
		st = template_serve(&template, note, err);
	*channel = template.channel;
	return st;
}
