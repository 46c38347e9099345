#include "vault/case/timers.h"

#include "lib/base/log.h"
#include "vault/case/case_change.h"
#include "vault/case/companion.h"
#include "vault/case/link_timers.h"
#include "vault/case/notice.h"
#include "vault/case/related.h"
#include "vault/case/self_test.h"
#include "vault/store/store_job.h"
#include "vault/store/store_session.h"

enum {
	TIMERS_BATCH = 50,
	TIMERS_CLOCK_MS = 600000,
	TIMERS_JOB_MS = 2 * 86400 * 1000 /* courier.retry_most: a day at most */
};

/* A companion whose main case waits longer now. ST_END: it does not. */
static enum status
wait_longer(struct vault *vault, struct record *record, struct err *err)
{
	struct err why = { .st = ST_OK };
	const enum status st =
		companion_is(&record->row)
			? companion_set_times(vault, record, &why)
			: ST_END;

	if (st == ST_OK && record->row.deadline_unix_ms <= vault_passed(vault))
		return ST_END;
	return st == ST_OK ? store_case_update(vault->store, &record->row, err)
			   : st;
}

static enum status
expire(struct vault *vault, struct record *record, struct err *err)
{
	const struct notice_give_back order = { .event = NOTICE_EXPIRED,
						.reason = "",
						.recipients_text = "" };
	const struct case_change change = { .event = CASE_EVENT_EXPIRE,
					    .actor = "timer",
					    .via = "vault",
					    .detail =
						    "nobody decided in time" };
	enum status st = wait_longer(vault, record, err);

	if (st != ST_END)
		return st;
	st = case_change(vault, record, &change, err);
	if (st == ST_OK)
		st = notice_give_back(vault, record, &order, err);
	return st == ST_OK ? companions_follow(vault, record, &change, "", err)
			   : st;
}

static enum status
remind(struct vault *vault, struct record *record, struct err *err)
{
	const struct case_change change = { .event = CASE_EVENT_REMIND,
					    .actor = "timer",
					    .via = "vault" };
	const int64_t every_ms =
		(int64_t)record->summary.terms.remind_after_s * 1000;
	int64_t next_unix_ms = vault->now_unix_ms + every_ms;
	enum status st = ST_OK;

	/* The deadline speaks for itself. */
	if (every_ms == 0 || next_unix_ms >= record->row.deadline_unix_ms)
		next_unix_ms = 0;
	record->row.remind_unix_ms = next_unix_ms;
	st = case_change(vault, record, &change, err);
	if (st == ST_OK)
		st = notice_approvers(vault, record, NOTICE_REMINDER, err);
	return st == ST_OK
		       ? notice_sender(vault, record, NOTICE_WAITING, "", err)
		       : st;
}

/* Records without content are forgotten in the end; the audit log stays. */
static enum status
forget(struct vault *vault, struct record *record, struct err *err)
{
	const struct vault_deed deed = { .actor = "timer",
					 .via = "vault",
					 .event = "forget",
					 .case_id = record->row.id,
					 .detail = case_state_name(
						 record->row.state) };
	enum status st = ST_OK;

	/* Something of its mail is still owed to somebody. */
	if (record->row.blob_key.len_bytes > 0) {
		st = case_shred(vault, record, err);
		if (st != ST_OK || record->row.blob_key.len_bytes > 0)
			return st;
	}
	st = store_case_delete(vault->store, record->row.id, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

static void
log_damaged(const uint8_t case_id[CASE_ID_BYTES], const struct err *err)
{
	char id[CASE_ID_TEXT_BYTES];
	struct log_line line;

	case_id_format(case_id, id);
	log_begin(&line, LOG_LEVEL_ERROR, "case_not_readable");
	log_text(&line, "case", id);
	log_error(&line, err);
	log_send(&line);
}

struct timer {
	enum store_due due;
	enum status (*fire)(struct vault *vault, struct record *record,
			    struct err *err);
};

static enum status
run_one(struct vault *vault, const struct timer *timer, int64_t until_unix_ms,
	uint32_t *fired, struct err *err)
{
	uint8_t ids[TIMERS_BATCH][CASE_ID_BYTES];
	const struct store_due_query query = { .due = timer->due,
					       .until_unix_ms = until_unix_ms,
					       .limit = TIMERS_BATCH };
	size_t count = 0;
	enum status st = store_case_due(vault->store, &query, ids, &count, err);

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		AUTO(record_done) struct record record;

		record_init(&record);
		/* One damaged case must not stop the clock for all. */
		if (record_read(vault, ids[i], &record, err) != ST_OK) {
			log_damaged(ids[i], err);
			continue;
		}
		st = timer->fire(vault, &record, err);
		(*fired)++;
	}
	return st;
}

/* Somebody changed the log: verification names the row, mail and its
 * deadlines do not stop for it. */
static enum status
seal_log(struct vault *vault, struct err *err)
{
	const enum status st = audit_seal(vault->store, vault->ring, err);

	if (st != ST_FORMAT)
		return st;
	log_event(LOG_LEVEL_ERROR, "audit_not_sealed", err);
	return ST_OK;
}

/* What is known of the clock, now and then: a write is a sync. */
static enum status
keep_clock(struct vault *vault, struct err *err)
{
	const struct clock_guard *clock = &vault->clock;
	struct clock_guard saved = { .off_ms = 0 };
	enum status st = clock_guard_find(vault->store, &saved, err);
	const int64_t age_ms = clock->sure_unix_ms - saved.sure_unix_ms;

	if (st != ST_OK || clock->sure_unix_ms == 0)
		return st;
	if (age_ms >= 0 && age_ms < TIMERS_CLOCK_MS &&
	    (clock->off_ms == 0) == (saved.off_ms == 0))
		return ST_OK;
	return clock_guard_put(vault->store, clock, err);
}

/* Jobs of while it was ahead would never come: nothing waits so long. */
static enum status
mind_clock(struct vault *vault, struct err *err)
{
	const int64_t now = vault->now_unix_ms;
	const enum status st =
		store_job_recall(vault->store, now, now + TIMERS_JOB_MS, err);

	return st == ST_OK ? keep_clock(vault, err) : st;
}

enum status
timers_run(struct vault *vault, struct vault_timers_answer *answer_out,
	   struct err *err)
{
	static const struct timer deadline = { STORE_DUE_DEADLINE, expire };
	static const struct timer reminder = { STORE_DUE_REMINDER, remind };
	static const struct timer retention = { STORE_DUE_RETENTION, forget };
	static const struct timer self_test = { STORE_DUE_SELF_TEST, forget };
	const struct config_vault *config = &vault->config->vault;
	/* Mail goes back for good: not because a clock has jumped. */
	const int64_t passed = vault_passed(vault);
	enum status st = vault_need_ring(vault, err);

	*answer_out = (struct vault_timers_answer){ .fired = 0 };
	if (st == ST_OK)
		st = run_one(vault, &deadline, passed, &answer_out->fired, err);
	if (st == ST_OK)
		st = run_one(vault, &reminder, passed, &answer_out->fired, err);
	if (st == ST_OK)
		st = run_one(vault, &retention,
			     passed - config->keep_ended_s * 1000,
			     &answer_out->fired, err);
	if (st == ST_OK)
		st = run_one(vault, &self_test, passed - SELF_TEST_KEEP_MS,
			     &answer_out->fired, err);
	if (st == ST_OK)
		st = link_timers_run(vault, &answer_out->fired, err);
	if (st == ST_OK)
		st = self_test_watch(vault, err);
	if (st == ST_OK)
		st = related_note_dropped(vault, false, err);
	if (st == ST_OK)
		st = store_session_expire(
			vault->store,
			vault->now_unix_ms - config->session_life_s * 1000,
			vault->now_unix_ms - config->session_idle_s * 1000,
			err);
	if (st == ST_OK)
		st = mind_clock(vault, err);
	if (st == ST_OK)
		st = seal_log(vault, err);
	if (st == ST_OK)
		st = store_case_next_due(vault->store,
					 &answer_out->next_unix_ms, err);
	if (st == ST_OK)
		st = link_timers_next(vault, &answer_out->next_unix_ms, err);
	return st;
}
