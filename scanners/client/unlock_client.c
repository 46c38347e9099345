#include "scanners/client/unlock_client.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "lib/base/attr.h"
#include "lib/base/clock.h"
#include "lib/proc/process.h"

enum { UNLOCK_SEND_MS = 10000 };

/* One process, and how far it is. */
struct searcher {
	struct channel channel;
	pid_t pid;
	uint64_t tried;
	bool ended;
};

struct unlock_run {
	const struct unlock_search *search;
	struct searcher searchers[UNLOCK_MAX_SLICES];
	uint32_t count;
	uint32_t running;
	uint64_t total;
	struct unlock_answer *answer; /* the best one so far */
};

void
unlock_answer_free(struct unlock_answer **answer)
{
	if (*answer == NULL)
		return;
	wire_arena_free(&(*answer)->arena);
	free(*answer);
	*answer = NULL;
}

static void
searcher_end(struct searcher *searcher)
{
	channel_close(&searcher->channel);
	if (searcher->pid != 0) {
		(void)kill(searcher->pid, SIGKILL);
		(void)waitpid(searcher->pid, NULL, 0);
	}
	searcher->pid = 0;
}

static enum status
searcher_spawn(struct searcher *searcher, const char *path, struct err *err)
{
	const char *const argv[] = { path, NULL };
	int pair[2] = { FD_NONE, FD_NONE };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set_errno(err, "unlock: no socket pair");
	AUTO(fd_close) int ours = pair[0];
	AUTO(fd_close) int theirs = pair[1];
	const struct process_spawn spawn = {
		.path = path, .argv = argv, .envp = NULL, .channel_fd = theirs
	};
	enum status st = channel_open(ours, &searcher->channel, err);

	if (st != ST_OK)
		return st;
	(void)FD_MOVE(ours);
	return process_spawn(&spawn, &searcher->pid, err);
}

static enum status
searcher_start(struct unlock_run *run, uint32_t slice, struct err *err)
{
	const struct unlock_search *search = run->search;
	struct searcher *searcher = &run->searchers[slice];
	struct unlock_order order = search->order;
	int fds[UNLOCK_FDS] = { search->archive_fd };
	size_t fd_count = 1;
	enum status st = ST_OK;

	order.slice = slice;
	order.slices = search->processes;
	order.has_words = search->words_fd != FD_NONE;
	order.has_known = search->known_fd != FD_NONE;
	if (order.has_words)
		fds[fd_count++] = search->words_fd;
	if (order.has_known)
		fds[fd_count++] = search->known_fd;
	searcher->channel.fd = FD_NONE;
	run->count++;
	st = searcher_spawn(searcher, search->program_path, err);
	if (st == ST_OK)
		st = channel_send(&searcher->channel, &unlock_order_table,
				  &order, fds, fd_count,
				  clock_mono_ms() + UNLOCK_SEND_MS, err);
	if (st == ST_OK)
		run->running++;
	return st;
}

/* Of several answers the most telling one stays. */
static bool
unlock_is_better(enum unlock_outcome one, const struct unlock_answer *than)
{
	return than == NULL || one == UNLOCK_OPENED ||
	       (one == UNLOCK_BUDGET &&
		than->result.outcome == UNLOCK_NOT_FOUND);
}

static enum status
searcher_result(struct unlock_run *run, struct searcher *searcher,
		const struct frame *frame, struct err *err)
{
	AUTO(unlock_answer_free) struct unlock_answer *answer = NULL;
	enum status st = ST_OK;

	answer = calloc(1, sizeof(*answer));
	if (answer == NULL)
		return err_set(err, ST_NO_MEMORY, "unlock: no memory");
	st = frame_decode(frame, &unlock_result_table, &answer->result,
			  &answer->arena, err);
	if (st != ST_OK)
		return st;
	searcher->tried = answer->result.tried;
	searcher->ended = true;
	run->running--;
	run->total = answer->result.total;
	if (unlock_is_better(answer->result.outcome, run->answer)) {
		unlock_answer_free(&run->answer);
		run->answer = MOVE(answer);
	}
	return ST_OK;
}

/* One message of a searcher that has one. */
static enum status
searcher_hear(struct unlock_run *run, struct searcher *searcher,
	      struct err *err)
{
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct unlock_progress progress;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(&searcher->channel, &frame,
			     clock_mono_ms() + UNLOCK_SEND_MS, err);
	if (st == ST_END)
		return err_set(err, ST_IO, "unlock: the searcher died");
	if (st == ST_OK && frame.type == UNLOCK_RESULT_TYPE)
		return searcher_result(run, searcher, &frame, err);
	if (st == ST_OK)
		st = frame_decode(&frame, &unlock_progress_table, &progress,
				  &arena, err);
	if (st == ST_OK) {
		searcher->tried = progress.tried;
		run->total = progress.total;
	}
	return st;
}

static uint64_t
unlock_tried(const struct unlock_run *run)
{
	uint64_t tried = 0;

	for (uint32_t i = 0; i < run->count; i++)
		tried += run->searchers[i].tried;
	return tried;
}

/* Wait until somebody says something, at most until the next tick. */
static enum status
unlock_wait(struct unlock_run *run, int64_t until_mono_ms, struct err *err)
{
	struct pollfd ready[UNLOCK_MAX_SLICES];
	enum status st = ST_OK;

	for (uint32_t i = 0; i < run->count; i++)
		ready[i] =
			(struct pollfd){ run->searchers[i].ended
						 ? FD_NONE
						 : run->searchers[i].channel.fd,
					 POLLIN, 0 };
	if (poll(ready, run->count, (int)clock_left_ms(until_mono_ms)) < 0)
		return ST_OK; /* a signal: the caller goes round */
	for (uint32_t i = 0; i < run->count && st == ST_OK; i++)
		if (ready[i].revents != 0)
			st = searcher_hear(run, &run->searchers[i], err);
	return st;
}

static bool
unlock_is_over(const struct unlock_run *run)
{
	return run->running == 0 ||
	       (run->answer != NULL &&
		run->answer->result.outcome == UNLOCK_OPENED);
}

static enum status
unlock_follow(struct unlock_run *run, struct err *err)
{
	const struct unlock_search *search = run->search;
	int64_t tick_mono_ms = clock_mono_ms() + search->interval_ms;
	enum status st = ST_OK;

	while (st == ST_OK && !unlock_is_over(run)) {
		st = unlock_wait(run, tick_mono_ms, err);
		if (st != ST_OK || clock_left_ms(tick_mono_ms) > 0)
			continue;
		const struct unlock_progress progress = { unlock_tried(run),
							  run->total };

		if (search->tick != NULL)
			st = search->tick(search->context, &progress, err);
		tick_mono_ms = clock_mono_ms() + search->interval_ms;
	}
	return st;
}

enum status
unlock_client_search(const struct unlock_search *search,
		     struct unlock_answer **answer_out, struct err *err)
{
	struct unlock_run *run = calloc(1, sizeof(*run));
	enum status st = ST_OK;

	if (run == NULL)
		return err_set(err, ST_NO_MEMORY, "unlock: no memory");
	run->search = search;
	for (uint32_t i = 0; i < search->processes && st == ST_OK; i++)
		st = searcher_start(run, i, err);
	if (st == ST_OK)
		st = unlock_follow(run, err);
	if (st == ST_OK && run->answer == NULL)
		st = err_set(err, ST_IO, "unlock: no searcher answered");
	if (st == ST_OK && run->answer != NULL) {
		run->answer->result.tried = unlock_tried(run);
		run->answer->result.total = run->total;
		*answer_out = MOVE(run->answer);
	}
	for (uint32_t i = 0; i < run->count; i++)
		searcher_end(&run->searchers[i]);
	unlock_answer_free(&run->answer);
	free(run);
	return st;
}
