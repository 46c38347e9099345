#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vault/case/case_change.h"
#include "vault/case/notice.h"
#include "vault/case/passwords.h"
#include "vault/case/preview.h"
#include "vault/case/related.h"
#include "vault/case/rescan.h"
#include "vault/case/unlock.h"

enum { UNLOCK_DETAIL_BYTES = 120 };

struct outcome {
	struct vault *vault;
	struct record *record;
	const struct store_job *job;
	const struct vault_job_done *request;
	const struct scan_report *before; /* the report in force */
	const struct scan_report *report;
	enum report_word_source source; /* of what it opened newly */
	struct password_result words;
};

static bool
was_open(const struct scan_report *report, const char *part)
{
	for (size_t i = 0; i < report->lock_count; i++)
		if (report->locks[i].opened &&
		    strcmp(report->locks[i].part, part) == 0)
			return true;
	return false;
}

/* The first lock that is open now and was not in the report before. NONE: part
 * of one is. */
static enum report_word_source
new_source(const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->report->lock_count; i++) {
		const struct report_lock *lock = &outcome->report->locks[i];

		if (lock->opened && !was_open(outcome->before, lock->part))
			return lock->source;
	}
	return REPORT_WORD_SOURCE_NONE;
}

/* The report in force. One that cannot be read is as none: whatever was
 * opened counts. */
static enum status
read_before(struct outcome *outcome, struct scan_report *before,
	    struct wire_arena **arena, struct err *err)
{
	struct err why = { .st = ST_OK };
	const enum status st = rescan_find(
		outcome->vault, outcome->record->row.id, before, arena, &why);

	if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	if (st != ST_OK)
		*before =
			(struct scan_report){ .verdict = REPORT_VERDICT_NONE };
	return ST_OK;
}

/* What fits stays in memory, the rest of what was typed is gone. */
static void
settle_words(struct outcome *outcome)
{
	struct vault_memory *memory = outcome->vault->memory;

	outcome->words = (struct password_result){
		.case_id = outcome->record->row.id,
		.job_id = outcome->job->id,
		.worked = outcome->request->words,
		.worked_count = outcome->request->word_count,
		.source = outcome->source,
	};
	if (memory == NULL || memory->passwords == NULL)
		return;
	passwords_finish(memory->passwords, &outcome->words);
	for (size_t i = 0; i < outcome->words.worked_count; i++)
		if (passwords_may_keep(memory->passwords,
				       outcome->words.case_id,
				       outcome->words.worked[i].text))
			related_keep_for_case(outcome->vault, outcome->record,
					      &outcome->words.worked[i], 1);
}

static uint32_t
count_locks(const struct scan_report *report, bool opened)
{
	uint32_t count = 0;

	for (size_t i = 0; i < report->lock_count; i++)
		count += report->locks[i].opened == opened;
	return count;
}

/* --- opened ------------------------------------------------------------ */

/* Its preview shows what nobody could see until now. */
static enum status
tell_opened(struct outcome *outcome, struct err *err)
{
	enum status st = ST_OK;

	if (outcome->record->row.state != CASE_STATE_HELD)
		return ST_OK;
	st = preview_renew(outcome->vault, outcome->record, err);
	return st == ST_OK ? notice_sender(outcome->vault, outcome->record,
					   NOTICE_UNLOCKED, "", err)
			   : st;
}

static enum status
take_opened(struct outcome *outcome, struct err *err)
{
	struct record *record = outcome->record;
	struct case_unlock *unlock = &record->unlock;
	const uint32_t locked = count_locks(outcome->report, false);
	char detail[UNLOCK_DETAIL_BYTES];
	const struct case_change change = { .event = CASE_EVENT_UNLOCKED,
					    .actor = "courier",
					    .via = "courier",
					    .detail = detail };
	bool passed = false;
	enum status st = ST_OK;

	(void)snprintf(detail, sizeof(detail),
		       "opened=%" PRIu32 " locked=%" PRIu32 " with=%s",
		       count_locks(outcome->report, true), locked,
		       report_word_source_name(outcome->source));
	unlock->state = UNLOCK_STATE_OPENED;
	unlock->source = outcome->source;
	unlock->at_unix_ms = outcome->vault->now_unix_ms;
	/* Where a search stood would tell the password that it found. */
	unlock->tried = 0;
	unlock->total = 0;
	unlock->rate_per_s = 0;
	if (locked == 0 && unlock->search != SEARCH_STATE_NONE)
		unlock->search = SEARCH_STATE_ENDED;
	st = rescan_store(outcome->vault, record, outcome->report, &change,
			  err);
	if (st == ST_OK)
		st = unlock_pass(outcome->vault, record, outcome->report,
				 &passed, err);
	return st == ST_OK && !passed ? tell_opened(outcome, err) : st;
}

/* --- not opened -------------------------------------------------------- */

static enum status
store_unlock(struct outcome *outcome, struct err *err)
{
	const enum status st =
		record_box_unlock(outcome->vault, outcome->record, err);

	outcome->vault->after->cases_changed = true;
	return st == ST_OK ? store_case_update(outcome->vault->store,
					       &outcome->record->row, err)
			   : st;
}

static enum status
was_typed(struct outcome *outcome, bool *typed_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct job_payload payload = { .event = NOTICE_NONE };
	const enum status st =
		vault_unbox(outcome->vault, &job_payload_table,
			    outcome->job->payload, &payload, &arena, err);

	if (st == ST_OK)
		*typed_out = strcmp(payload.reason, "typed") == 0;
	return st;
}

static enum status
note_closed(struct outcome *outcome, struct err *err)
{
	struct case_unlock *unlock = &outcome->record->unlock;
	char detail[UNLOCK_DETAIL_BYTES];
	const struct vault_deed deed = { .actor = "courier",
					 .via = "courier",
					 .event = "unlock-failed",
					 .case_id = outcome->record->row.id,
					 .detail = detail };
	bool typed = false;
	enum status st = was_typed(outcome, &typed, err);

	if (st != ST_OK)
		return st;
	(void)snprintf(detail, sizeof(detail), "locked=%" PRIu32,
		       unlock->locked);
	/* Others that were typed meanwhile are on their way still. */
	if (outcome->words.left_out == 0)
		unlock->state = typed && outcome->words.tried_out == 0
					? UNLOCK_STATE_LOST
					: UNLOCK_STATE_CLOSED;
	unlock->at_unix_ms = outcome->vault->now_unix_ms;
	st = store_unlock(outcome, err);
	return st == ST_OK ? vault_audit(outcome->vault, &deed, err) : st;
}

/* --- the search -------------------------------------------------------- */

static uint64_t
budget_ms(const struct outcome *outcome)
{
	return (uint64_t)outcome->vault->config->vault.unlock_search_s * 1000;
}

static enum status
end_search(struct outcome *outcome, struct err *err)
{
	struct case_unlock *unlock = &outcome->record->unlock;
	char detail[UNLOCK_DETAIL_BYTES];
	const struct vault_deed deed = { .actor = "courier",
					 .via = "courier",
					 .event = "search-ended",
					 .case_id = outcome->record->row.id,
					 .detail = detail };

	(void)snprintf(detail, sizeof(detail), "locked=%" PRIu32 " seconds=%u",
		       unlock->locked, (unsigned)(unlock->spent_ms / 1000));
	unlock->search = SEARCH_STATE_ENDED;

	const enum status st = store_unlock(outcome, err);

	return st == ST_OK ? vault_audit(outcome->vault, &deed, err) : st;
}

/* What nobody can search is at its end at once. A slice in which the machine
 * was too busy to come on is one of a few only. */
static enum status
note_slice(struct outcome *outcome, bool *again_out, struct err *err)
{
	struct case_unlock *unlock = &outcome->record->unlock;
	const struct report_search *search = &outcome->report->search;
	const bool moved = search->tried > unlock->tried;
	const uint32_t slice_ms = unlock_slice_ms(outcome->vault, unlock);

	if (moved) {
		unlock->tried = search->tried;
		unlock->total = search->total;
		unlock->rate_per_s = search->rate_per_s;
	}
	unlock->spent_ms += moved ? slice_ms : UNLOCK_STILL_SLICES * slice_ms;
	if (search->tried == 0 || search->finished ||
	    unlock->spent_ms >= budget_ms(outcome))
		return unlock->search == SEARCH_STATE_ENDED
			       ? ST_OK
			       : end_search(outcome, err);
	*again_out = unlock->search == SEARCH_STATE_ON;
	return store_unlock(outcome, err);
}

/* Something that was read before is closed now, be more open or not: only given
 * words were tried, and others are needed for that. What was typed waits on. */
static bool
needs_all_words(const struct outcome *outcome)
{
	return outcome->job->kind == JOB_KIND_UNLOCK &&
	       outcome->job->attempts == 0 &&
	       (report_reads_more(outcome->report, outcome->before) ||
		report_reads_other(outcome->report, outcome->before));
}

enum status
unlock_finish(struct vault *vault, struct record *record,
	      const struct store_job *job, const struct vault_job_done *request,
	      bool *again_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(wire_arena_free) struct wire_arena *arena_before = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct scan_report before = { .verdict = REPORT_VERDICT_NONE };
	struct outcome outcome = { .vault = vault,
				   .record = record,
				   .job = job,
				   .request = request,
				   .before = &before,
				   .report = &report };
	const bool search = job->kind == JOB_KIND_SEARCH;
	enum status st = rescan_read(request->report, &report, &arena, err);

	*again_out = false;
	if (st == ST_OK)
		st = read_before(&outcome, &before, &arena_before, err);
	if (st != ST_OK)
		return st;
	if (needs_all_words(&outcome)) {
		*again_out = true;
		return ST_OK;
	}
	if (report_reads_more(&before, &report)) {
		outcome.source = new_source(&outcome);
		settle_words(&outcome);
		st = take_opened(&outcome, err);
		*again_out = search &&
			     record->unlock.search == SEARCH_STATE_ON &&
			     record->row.state == CASE_STATE_HELD;
		return st;
	}
	settle_words(&outcome);
	return search ? note_slice(&outcome, again_out, err)
		      : note_closed(&outcome, err);
}
