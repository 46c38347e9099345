#include "scanners/supervisor/lender.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/base/clock.h"
#include "scanners/supervisor/seat.h"

/* One reader at work for somebody. */
struct loan {
	struct job job; /* first */
};

static void
loan_end(struct job *job)
{
	fd_close(&job->fd);
	free(job);
}

static void
loan_on_answer(struct job *job, struct frame *report)
{
	(void)report;
	loan_end(job);
}

/* Who asked sees the socket close. */
static void
loan_on_failure(struct job *job, const char *reason)
{
	(void)reason;
	loan_end(job);
}

/* A job for the lender's pool that has one end of *pair; it owns that end. */
static enum status
/* cppcheck-suppress constParameter ; FD_MOVE() writes to it */
lender_start(struct lender *lender, int *pair_end, int64_t deadline_mono_ms,
	     struct err *err)
{
	struct loan *loan = calloc(1, sizeof(*loan));
	enum status st = ST_OK;

	if (loan == NULL)
		return err_set(err, ST_NO_MEMORY, "lender: no memory");
	loan->job = (struct job){
		.request = { .input = SCAN_INPUT_ATTACHMENT,
			     .priority = SCAN_PRIORITY_MAIL,
			     .name = "",
			     .profile = REPORT_PROFILE_STANDARD },
		.fd = FD_MOVE(*pair_end),
		.accepted_mono_ms = clock_mono_ms(),
		.deadline_mono_ms = deadline_mono_ms,
		.answer = loan_on_answer,
		.fail = loan_on_failure,
		.hand_over = true,
	};
	st = pool_submit(lender->pool, &loan->job, err);
	if (st != ST_OK)
		loan_end(&loan->job);
	return st;
}

static enum status
lender_refuse(struct channel *asker, const char *why, bool never,
	      struct err *err)
{
	const struct worker_lent lent = { .refused = why, .never = never };

	return channel_send(asker, &worker_lent_table, &lent, NULL, 0,
			    clock_mono_ms(), err);
}

static enum status
lender_lend(struct lender *lender, struct channel *asker,
	    int64_t deadline_mono_ms, struct err *err)
{
	static const struct worker_lent lent = { .refused = "" };
	int pair[2] = { FD_NONE, FD_NONE };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return lender_refuse(asker, "no socket", false, err);
	AUTO(fd_close) int ours = pair[0];
	AUTO(fd_close) int theirs = pair[1];

	st = lender_start(lender, &ours, deadline_mono_ms, &why);
	if (st != ST_OK)
		return lender_refuse(asker, why.text, false, err);
	return channel_send(asker, &worker_lent_table, &lent, &theirs, 1,
			    clock_mono_ms(), err);
}

enum status
lender_answer(struct lender *lender, struct channel *asker,
	      const struct frame *frame, int64_t deadline_mono_ms,
	      struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct worker_ask ask;
	const enum status st =
		frame_decode(frame, &worker_ask_table, &ask, &arena, err);

	if (st != ST_OK)
		return st;
	if (lender == NULL || !lender->there ||
	    strcmp(lender->kind, ask.kind) != 0)
		return lender_refuse(asker, ask.kind, true, err);
	return lender_lend(lender, asker, deadline_mono_ms, err);
}

void
lender_close(struct lender *lender)
{
	struct pool *pool = lender->pool;

	while (pool->first != NULL) {
		struct job *job = pool->first;

		pool_cancel(pool, job);
		loan_end(job);
	}
	for (struct worker_seat *seat = pool->seats; seat != NULL;
	     seat = seat->next) {
		if (seat->job != NULL)
			loan_end(seat->job);
		seat->job = NULL;
	}
}
