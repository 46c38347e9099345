#include "vault/server/request.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "vault/case/job.h"
#include "vault/case/self_test.h"
#include "vault/case/ticket.h"
#include "vault/case/timers.h"

enum { COURIER_LOOK_MS = 500 };

/* Is there anything to take? Spares the writer when there is not. */
static enum status
do_look(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(store_job_done) struct store_job row = { .memory = NULL };
	const struct vault_take_job *take = request->message;
	bool *found = request->scratch;
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = job_find_next(vault, take, &row, err);
	*found = st == ST_OK;
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status
do_take(struct vault *vault, struct request *request, struct err *err)
{
	return job_take(vault, request->message, request->scratch, err);
}

static enum status
do_compose(struct vault *vault, struct request *request, struct err *err)
{
	return job_compose(vault, request->scratch, &request->answer.job,
			   &request->arena, &request->fd_out, err);
}

/* The mail could not be opened: the job waits, the next one is not stopped. */
static enum status
do_put_back(struct vault *vault, struct request *request, struct err *err)
{
	struct job_taken *taken = request->scratch;

	return job_put_back(vault, &taken->row,
			    "the vault could not open the mail", err);
}

static void
answer_nothing(struct request *request)
{
	request->answer.job = (struct vault_job){
		.present = false,
		.kind = JOB_KIND_RELEASE,
		.event = NOTICE_HELD,
		.audience = NOTICE_AUDIENCE_SENDER,
	};
}

static enum status
do_give_back(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_job *job = &request->answer.job;

	return job_give_back(vault, job->job_id, job->lease, err);
}

/* A courier that died while it waited here: nobody else would know of the
 * lease, and the next courier has freed the older ones already. */
static void
give_back(struct request *request)
{
	struct err err = { .st = ST_OK };
	const enum status st = request_write(request, WRITER_PRIORITY_NORMAL,
					     do_give_back, &err);

	/* ST_END: the next courier was faster. */
	if (st != ST_OK && st != ST_END)
		log_event(LOG_LEVEL_ERROR, "job_not_put_back", &err);
}

static enum status
take_one(struct request *request, struct err *err)
{
	struct job_taken taken = { .present = false };
	enum status st = ST_OK;

	request->scratch = &taken;
	st = request_write(request, WRITER_PRIORITY_NORMAL, do_take, err);
	if (st == ST_OK && taken.present) {
		st = request_read(request, do_compose, err);
		if (st != ST_OK) {
			struct err why = { .st = ST_OK };

			log_event(LOG_LEVEL_ERROR, "job_not_composed", err);
			if (request_write(request, WRITER_PRIORITY_NORMAL,
					  do_put_back, &why) != ST_OK)
				log_event(LOG_LEVEL_ERROR, "job_not_put_back",
					  &why);
		} else {
			request->unsent = give_back;
		}
	} else if (st == ST_OK) {
		answer_nothing(request);
	}
	request->scratch = NULL;
	job_taken_done(&taken);
	return st;
}

enum status
handle_TAKE_JOB(struct request *request, struct err *err)
{
	const struct vault_take_job *take = request->message;
	const int64_t deadline = clock_mono_ms() + take->wait_ms;
	struct core *core = request->service->core;

	for (;;) {
		int64_t look_again = clock_mono_ms() + COURIER_LOOK_MS;
		bool found = false;
		enum status st = ST_OK;

		request->scratch = &found;
		st = request_read(request, do_look, err);
		request->scratch = NULL;
		if (st != ST_OK)
			return st;
		if (found || take->fresh)
			return take_one(request, err);
		if (clock_left_ms(deadline) == 0 || core_is_stopping(core))
			break;
		if (look_again > deadline)
			look_again = deadline;
		core_wait_jobs(core, look_again);
	}
	answer_nothing(request);
	return ST_OK;
}

static enum status
do_bind(struct vault *vault, struct request *request, struct err *err)
{
	const enum status st =
		ticket_bind(vault, request->message, request->token, err);

	request->answer.bind_ticket.ticket =
		(struct span){ request->token, sizeof(request->token) };
	return st;
}

enum status
handle_BIND_TICKET(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_bind, err);
}

static enum status
do_job_done(struct vault *vault, struct request *request, struct err *err)
{
	return job_finish(vault, request->message, err);
}

enum status
handle_JOB_DONE(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_job_done, err);
}

static enum status
do_self_test(struct vault *vault, struct request *request, struct err *err)
{
	const enum status st =
		self_test_begin(vault, request->message, request->text, err);

	request->answer.self_test.ticket = span_of(request->text);
	return st;
}

enum status
handle_SELF_TEST(struct request *request, struct err *err)
{
	_Static_assert(sizeof(request->text) >= VAULT_SELF_TEST_BYTES,
		       "room for a ticket");
	return request_write(request, WRITER_PRIORITY_NORMAL, do_self_test,
			     err);
}

static enum status
do_timers(struct vault *vault, struct request *request, struct err *err)
{
	return timers_run(vault, &request->answer.timers, err);
}

enum status
handle_TIMERS(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_LOW, do_timers, err);
}
