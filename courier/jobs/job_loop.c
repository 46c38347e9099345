#include "courier/jobs/job_loop.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum {
	LOOP_MS_PER_S = 1000,
	/* Steps of a dialogue that may each last a whole timeout. */
	LOOP_LEASE_STEPS = 4,
	LOOP_LEASE_MARGIN_S = 60,
	LOOP_IDLE_MS = 200,
	LOOP_QUICK_MS = 100,
	/* After SIGTERM a result that cannot be reported is given up. */
	LOOP_REPORT_MS = 10000
};

/* What a worker keeps from job to job. */
struct worker {
	const struct job_loop *loop;
	struct vault_client vault;
	struct scan_client *scanner;
	int64_t wait_ms; /* of the last failure; 0: none */
	char vault_socket[4200];
	char scanner_socket[4200];
};

static uint32_t
worker_lease_s(const struct setup *setup)
{
	const struct config_courier *courier = &setup->config->courier;

	return (uint32_t)(courier->timeout_s * LOOP_LEASE_STEPS +
			  courier->connect_timeout_s + LOOP_LEASE_MARGIN_S);
}

static void
worker_log(const struct vault_job *order, const struct vault_job_done *done,
	   int64_t started_mono_ms)
{
	struct log_line line;
	char id[CASE_ID_TEXT_BYTES];
	int64_t accepted = 0;

	for (size_t i = 0; i < done->delivery_count; i++)
		accepted += done->deliveries[i].reply_code / 100 == 2;
	case_id_format(order->case_id, id);
	log_begin(&line, LOG_LEVEL_INFO, "job");
	log_text(&line, "kind", job_kind_name(order->kind));
	log_text(&line, "case", id);
	log_number(&line, "job", (int64_t)order->job_id);
	log_number(&line, "attempt", order->attempt);
	log_text(&line, "result",
		 done->result == JOB_RESULT_DONE ? "done" : "retry");
	log_number(&line, "recipients", (int64_t)order->recipient_count);
	log_number(&line, "accepted", accepted);
	if (done->reason[0] != '\0')
		log_text(&line, "reason", done->reason);
	log_number(&line, "ms", clock_mono_ms() - started_mono_ms);
	log_send(&line);
}

/* The first try arrived and its answer did not, or the vault has settled the
 * job otherwise: it wants to hear no more of it. */
static bool
worker_is_settled(enum status st)
{
	return st == ST_NOT_FOUND || st == ST_END || st == ST_DENIED ||
	       st == ST_FORMAT;
}

/* That nothing came of a job is no news: who starts next frees it. */
static int64_t
worker_patience_ms(const struct vault_job_done *done)
{
	return done->result == JOB_RESULT_RETRY ? 0 : LOOP_REPORT_MS;
}

/* The result must reach the vault: the mail may be delivered already. */
static void
worker_report(struct worker *worker, const struct vault_job_done *done,
	      int64_t deadline_mono_ms)
{
	struct job_desk *desk = worker->loop->desk;
	int64_t wait_ms = 0;
	int64_t give_up_ms = INT64_MAX;

	for (;;) {
		struct err err = { 0 };
		const enum status st =
			job_desk_report(&worker->vault, done, &err);

		if (worker_is_settled(st))
			log_event(LOG_LEVEL_WARNING, "job-not-wanted", &err);
		if (st == ST_OK || worker_is_settled(st))
			return;
		job_desk_note(desk, JOB_NEIGHBOUR_VAULT, st, &err);
		if (give_up_ms == INT64_MAX &&
		    gate_is_stopped(worker->loop->gate))
			give_up_ms = clock_mono_ms() + worker_patience_ms(done);
		if (clock_left_ms(give_up_ms) == 0 ||
		    clock_left_ms(deadline_mono_ms) == 0) {
			log_event(LOG_LEVEL_ERROR, "job-not-reported", &err);
			return;
		}
		pause_ms(pause_double(&wait_ms));
	}
}

static bool
worker_asked_scanner(enum job_kind kind)
{
	return kind == JOB_KIND_RESCAN || kind == JOB_KIND_PREVIEW ||
	       kind == JOB_KIND_REVEAL || kind == JOB_KIND_UNLOCK ||
	       kind == JOB_KIND_SEARCH || kind == JOB_KIND_REWRITE;
}

static void
worker_note(const struct worker *worker, const struct job *job, enum status st,
	    const struct err *err)
{
	struct job_desk *desk = worker->loop->desk;

	if (job->asked_next_hop) {
		job_desk_note(desk, JOB_NEIGHBOUR_NEXT_HOP, st, err);
	} else if (job->asked_vault) {
		job_desk_note(desk, JOB_NEIGHBOUR_SCANNER, ST_OK, NULL);
		if (!job->reported)
			job_desk_note(desk, JOB_NEIGHBOUR_VAULT, st, err);
	} else if (worker_asked_scanner(job->order->kind) &&
		   st != ST_UNSUPPORTED && st != ST_END) {
		/* A mail that cannot be read is no scanner that is lost. */
		job_desk_note(desk, JOB_NEIGHBOUR_SCANNER, st, err);
	}
}

static void
worker_do(struct worker *worker, struct job *job)
{
	const struct vault_job *order = job->order;
	const struct job_kind_row *row = job_find_kind(order->kind);
	const int64_t started_mono_ms = clock_mono_ms();
	struct vault_delivery *deliveries = NULL;
	struct vault_job_done done = { 0 };
	struct err err = { 0 };
	enum status st = ST_OK;

	deliveries = calloc(order->recipient_count + 1, sizeof(*deliveries));
	if (deliveries == NULL)
		st = err_set(&err, ST_NO_MEMORY, "job: no memory");
	else if (row == NULL)
		st = err_set(&err, ST_UNSUPPORTED, "job: unknown kind %d",
			     (int)order->kind);
	else
		st = row->run(job, &err);
	worker_note(worker, job, st, &err);
	job_report(job, st, &err, deliveries, &done);
	worker_log(order, &done, started_mono_ms);
	if (!job->reported)
		worker_report(worker, &done, job->deadline_mono_ms);
	free(deliveries);
}

/* Take one job, if there is one, and do it. */
static enum status
worker_step(struct worker *worker, const struct setup *setup, struct err *err)
{
	const uint32_t lease_s = worker_lease_s(setup);
	const int64_t asked_mono_ms = clock_mono_ms();
	AUTO(job_taken_done) struct job_taken taken;
	AUTO(job_done) struct job job;
	enum status st = ST_OK;

	job_init(&job);
	job_taken_init(&taken);
	st = job_desk_take(worker->loop->desk, &worker->vault,
			   worker->loop->lane, lease_s, &taken, err);
	job_desk_note(worker->loop->desk, JOB_NEIGHBOUR_VAULT, st, err);
	if (st != ST_OK)
		return st;
	if (!taken.order.present) {
		/* A vault that does not wait must not be asked all the time. */
		if (clock_mono_ms() - asked_mono_ms < LOOP_QUICK_MS)
			gate_wait(worker->loop->gate, LOOP_IDLE_MS);
		return ST_OK;
	}
	job.setup = setup;
	job.vault = &worker->vault;
	job.scanner = worker->scanner;
	job.order = &taken.order;
	job.fd = taken.fd;
	job.gate = worker->loop->gate;
	job.deadline_mono_ms =
		asked_mono_ms +
		(int64_t)(lease_s - LOOP_LEASE_MARGIN_S) * LOOP_MS_PER_S;
	worker_do(worker, &job);
	job_desk_finish(worker->loop->desk, &taken.order);
	return ST_OK;
}

/* Follow a reload: the sockets may be elsewhere now. */
static enum status
worker_connect(struct worker *worker, const struct setup *setup,
	       struct err *err)
{
	const struct config *config = setup->config;
	const bool same =
		strcmp(worker->vault_socket, config->vault_socket) == 0 &&
		strcmp(worker->scanner_socket, config->scanner_socket) == 0;

	if (same && worker->scanner != NULL)
		return ST_OK;
	vault_client_done(&worker->vault);
	scan_client_free(&worker->scanner);
	(void)snprintf(worker->vault_socket, sizeof(worker->vault_socket), "%s",
		       config->vault_socket);
	(void)snprintf(worker->scanner_socket, sizeof(worker->scanner_socket),
		       "%s", config->scanner_socket);
	vault_client_init(&worker->vault, worker->vault_socket);
	return scan_client_new(worker->scanner_socket, &worker->scanner, err);
}

void
job_loop_run(const struct job_loop *loop)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	if (worker == NULL) {
		log_event(LOG_LEVEL_ERROR, "no-memory", NULL);
		return;
	}
	worker->loop = loop;
	vault_client_init(&worker->vault, worker->vault_socket);
	while (!gate_is_stopped(loop->gate)) {
		const struct setup *setup = setup_current(loop->setups);
		struct err err = { 0 };
		enum status st = worker_connect(worker, setup, &err);

		if (st == ST_OK)
			st = worker_step(worker, setup, &err);
		setup_release(loop->setups, &setup);
		if (st != ST_OK)
			gate_wait(loop->gate, pause_double(&worker->wait_ms));
		else
			worker->wait_ms = 0;
	}
	scan_client_free(&worker->scanner);
	vault_client_done(&worker->vault);
	free(worker);
}
