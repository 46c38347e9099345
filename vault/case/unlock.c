#include "vault/case/unlock.h"

#include <inttypes.h>
#include <string.h>

#include "vault/case/case_change.h"
#include "vault/case/four_eyes.h"
#include "vault/case/passwords.h"
#include "vault/case/related.h"
#include "vault/case/rescan.h"

static const char *const reason_names[UNLOCK_REASON_END] = {
	[UNLOCK_REASON_NONE] = "none",
	[UNLOCK_REASON_TYPED] = "typed",
	[UNLOCK_REASON_RELATED] = "related",
};

/* A new scan would change something. */
static bool
is_open(const struct store_case *row)
{
	return case_table_next(row->state, CASE_EVENT_UNLOCKED) !=
	       CASE_STATE_NONE;
}

static enum status
store_unlock(struct vault *vault, struct record *record, struct err *err)
{
	const enum status st = record_box_unlock(vault, record, err);

	vault->after->cases_changed = true;
	return st == ST_OK ? store_case_update(vault->store, &record->row, err)
			   : st;
}

/* --- orders ------------------------------------------------------------ */

static enum status
check_locked(const struct record *record, struct err *err)
{
	if (!is_open(&record->row))
		return err_set(err, ST_END, "the case is %s already",
			       case_state_name(record->row.state));
	if (record->unlock.locked == 0)
		return err_set(err, ST_END,
			       "nothing in this mail is locked any more");
	return ST_OK;
}

static enum status
add_try(struct vault *vault, struct record *record, enum unlock_reason reason,
	struct err *err)
{
	const struct job_order order = {
		.case_id = record->row.id,
		.kind = JOB_KIND_UNLOCK,
		.payload = { .reason = reason_names[reason] },
		.serial = (uint64_t)vault->now_unix_ms,
	};
	const enum status st = job_add(vault, &order, err);

	if (st != ST_OK)
		return st;
	record->unlock.state = UNLOCK_STATE_TRYING;
	record->unlock.at_unix_ms = vault->now_unix_ms;
	return store_unlock(vault, record, err);
}

enum status
unlock_order(struct vault *vault, struct record *record,
	     enum unlock_reason reason, struct err *err)
{
	const struct vault_deed deed = { .actor = "vault",
					 .via = "vault",
					 .event = "unlock-ordered",
					 .case_id = record->row.id,
					 .detail = reason_names[reason] };
	enum status st = check_locked(record, err);

	if (st == ST_OK)
		st = add_try(vault, record, reason, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

static enum status
add_search(struct vault *vault, struct record *record, struct err *err)
{
	const struct job_order order = { .case_id = record->row.id,
					 .kind = JOB_KIND_SEARCH,
					 .serial =
						 (uint64_t)vault->now_unix_ms };
	const enum status st = job_add(vault, &order, err);

	record->unlock.search = SEARCH_STATE_ON;
	return st == ST_OK ? store_unlock(vault, record, err) : st;
}

enum status
unlock_search(struct vault *vault, struct record *record, struct err *err)
{
	const struct vault_deed deed = { .actor = "vault",
					 .via = "vault",
					 .event = "search-begun",
					 .case_id = record->row.id };
	enum status st = ST_OK;

	if (vault->config->vault.unlock_search_s == 0 ||
	    record->unlock.locked == 0 ||
	    record->unlock.search != SEARCH_STATE_NONE ||
	    record->row.self_test || !is_open(&record->row))
		return ST_OK;
	st = add_search(vault, record, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

/* --- people ------------------------------------------------------------ */

static bool
is_approver_of(const struct store_user *user, const struct record *record)
{
	return four_eyes_in_group(user, record->summary.terms.approvers);
}

static bool
may_try(const struct vault *vault, const struct store_user *user,
	const struct record *record)
{
	return decide_may_cancel(vault, user, record) ||
	       is_approver_of(user, record);
}

/* Not an approver about mail of their own. */
static bool
may_steer(const struct vault *vault, const struct store_user *user,
	  const struct record *record)
{
	return (user->roles & VAULT_ROLE_ADMIN) != 0 ||
	       (is_approver_of(user, record) &&
		!person_may_have_sent(vault, user, &record->summary));
}

bool
unlock_may_type(const struct vault *vault, const struct store_user *user,
		const struct record *record)
{
	return is_open(&record->row) && record->unlock.locked > 0 &&
	       may_try(vault, user, record);
}

bool
unlock_may_pause(const struct vault *vault, const struct store_user *user,
		 const struct record *record)
{
	return is_open(&record->row) && record->unlock.locked > 0 &&
	       (record->unlock.search == SEARCH_STATE_ON ||
		record->unlock.search == SEARCH_STATE_PAUSED) &&
	       may_steer(vault, user, record);
}

/* So many in a time; then people are told to wait. */
static enum status
count_try(const struct vault *vault, struct case_unlock *unlock,
	  struct err *err)
{
	if (unlock->tries_since_unix_ms + UNLOCK_TRIES_MS <=
	    vault->now_unix_ms) {
		unlock->tries_since_unix_ms = vault->now_unix_ms;
		unlock->tries = 0;
	}
	if (unlock->tries >= UNLOCK_TRIES_MAX)
		return err_set(err, ST_LIMIT,
			       "too many passwords were tried; try again in "
			       "ten minutes");
	unlock->tries++;
	return ST_OK;
}

static enum status
check_typed(const struct vault *vault, const struct actor *actor,
	    const struct record *record, const struct vault_unlock *request,
	    struct err *err)
{
	if (decide_standing(vault, &actor->user, record) == CASE_STANDING_NONE)
		return err_set(err, ST_NOT_FOUND, "no such case");
	if (!may_try(vault, &actor->user, record))
		return err_set(err, ST_DENIED,
			       "only the sender and the approvers can give the "
			       "password of a file");
	if (request->password[0] == '\0')
		return err_set(err, ST_FORMAT, "the password is empty");
	return check_locked(record, err);
}

enum status
unlock_type(struct vault *vault, const struct actor *actor,
	    const struct vault_unlock *request, struct err *err)
{
	AUTO(record_done) struct record record;
	struct vault_word word = { request->password,
				   REPORT_WORD_SOURCE_SENDER };
	struct vault_deed deed = { .actor = actor->user.login,
				   .via = actor->via,
				   .event = "unlock-typed",
				   .case_id = request->case_id };
	bool own = false;
	enum status st = ST_OK;

	record_init(&record);
	if (vault->memory == NULL || vault->memory->passwords == NULL)
		return err_set(err, ST_UNSUPPORTED, "there is no place for it");
	st = record_read(vault, request->case_id, &record, err);
	if (st == ST_OK)
		st = check_typed(vault, actor, &record, request, err);
	if (st == ST_OK)
		st = count_try(vault, &record.unlock, err);
	/* For other mails only the sender can give it. */
	own = decide_may_cancel(vault, &actor->user, &record);
	if (!own)
		word.source = REPORT_WORD_SOURCE_GIVEN;
	deed.detail = own && request->keep ? "keep=yes" : "keep=no";
	if (st == ST_OK)
		st = vault_audit(vault, &deed, err);
	if (st == ST_OK)
		st = add_try(vault, &record, UNLOCK_REASON_TYPED, err);
	if (st != ST_OK)
		return st;
	return passwords_add(vault->memory->passwords, request->case_id, &word,
			     own && request->keep ? PASSWORD_CONSENT_KEEP
						  : PASSWORD_CONSENT_ONCE,
			     err);
}

/* --- steering ---------------------------------------------------------- */

static enum status
check_steer(const struct vault *vault, const struct actor *actor,
	    const struct record *record, struct err *err)
{
	if (decide_standing(vault, &actor->user, record) == CASE_STANDING_NONE)
		return err_set(err, ST_NOT_FOUND, "no such case");
	if (!may_steer(vault, &actor->user, record))
		return err_set(err, ST_DENIED,
			       "only approvers and administrators can pause "
			       "the search");
	if (!unlock_may_pause(vault, &actor->user, record))
		return err_set(err, ST_END, "there is no search any more");
	return ST_OK;
}

enum status
unlock_steer(struct vault *vault, const struct actor *actor,
	     const struct vault_search *request, struct err *err)
{
	AUTO(record_done) struct record record;
	const bool pause = request->step == SEARCH_STEP_PAUSE;
	const struct vault_deed deed = { .actor = actor->user.login,
					 .via = actor->via,
					 .event = pause ? "search-paused"
							: "search-resumed",
					 .case_id = request->case_id };
	const enum search_state want =
		pause ? SEARCH_STATE_PAUSED : SEARCH_STATE_ON;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, request->case_id, &record, err);
	if (st == ST_OK)
		st = check_steer(vault, actor, &record, err);
	if (st != ST_OK || record.unlock.search == want)
		return st;
	record.unlock.search = want;
	/* The job of a paused search ends by itself; a slice that runs is
	 * still counted. */
	st = pause ? store_unlock(vault, &record, err)
		   : add_search(vault, &record, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

/* --- jobs -------------------------------------------------------------- */

bool
unlock_makes_sense(const struct vault *vault, const struct store_job *job,
		   const struct store_case *row)
{
	struct case_unlock unlock = { .locked = 0 };
	struct err why = { .st = ST_OK };

	if (!is_open(row) || row->blob_key.len_bytes == 0 ||
	    record_open_unlock(vault, row, &unlock, &why) != ST_OK ||
	    unlock.locked == 0)
		return false;
	return job->kind != JOB_KIND_SEARCH ||
	       (unlock.search == SEARCH_STATE_ON &&
		vault->config->vault.unlock_search_s > 0);
}

uint32_t
unlock_slice_ms(const struct vault *vault, const struct case_unlock *unlock)
{
	const uint64_t most_ms =
		(uint64_t)vault->config->vault.unlock_search_s * 1000;
	const uint64_t left_ms =
		most_ms > unlock->spent_ms ? most_ms - unlock->spent_ms : 1;

	const uint32_t slice_ms = unlock->spent_ms < UNLOCK_SLICE_MS
					  ? UNLOCK_FIRST_SLICE_MS
					  : UNLOCK_SLICE_MS;

	return left_ms < slice_ms ? (uint32_t)left_ms : slice_ms;
}

/* What people typed and what fitted before, then what other mails told. */
static enum status
join_words(const struct password_list *list, const struct vault_word *related,
	   size_t related_count, struct wire_arena *arena,
	   struct vault_job *job)
{
	const size_t count = list->count + related_count;
	struct vault_word *words = NULL;

	if (count == 0)
		return ST_OK;
	words = wire_arena_alloc(arena, count * sizeof(*words));
	if (words == NULL)
		return ST_NO_MEMORY;
	memcpy(words, list->words, list->count * sizeof(*words));
	if (related_count > 0)
		memcpy(words + list->count, related,
		       related_count * sizeof(*words));
	job->words = words;
	job->word_count = count;
	return ST_OK;
}

/* Is a part of what is locked read, since some of its members opened? */
static bool
is_read_in_part(const struct scan_report *report,
		const struct report_lock *lock)
{
	const size_t len = strlen(lock->part);

	for (size_t i = 0; i < report->part_count; i++) {
		const struct report_part *part = &report->parts[i];

		if (!part->locked &&
		    strncmp(part->path, lock->part, len) == 0 &&
		    part->path[len] == '/')
			return true;
	}
	return false;
}

/* Has a password opened something of it, all or in part? */
static bool
has_opened_any(struct vault *vault, const struct record *record)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct err why = { .st = ST_OK };

	if (record->unlock.opened > 0 || record->unlock.locked == 0 ||
	    rescan_find(vault, record->row.id, &report, &arena, &why) != ST_OK)
		return true;
	for (size_t i = 0; i < report.lock_count; i++)
		if (is_read_in_part(&report, &report.locks[i]))
			return true;
	return false;
}

/* What the mail says, and what nobody names, was tried when it came, and goes
 * on in a job of its own; who has typed a password waits for this one. What
 * else was open already opens with words that are given, mostly: a try in which
 * it did not is done again with all (unlock_finish()). A preview that shows
 * nothing that was locked need not look for it. */
static bool
needs_given_only(struct vault *vault, const struct vault_job *job,
		 const struct record *record, const struct password_list *list)
{
	if (job->kind == JOB_KIND_UNLOCK)
		return job->attempt == 1 &&
		       (list->typed > 0 || job->mail_bytes == 0);
	return (job->kind == JOB_KIND_PREVIEW || job->kind == JOB_KIND_REVEAL ||
		job->kind == JOB_KIND_REWRITE) &&
	       !has_opened_any(vault, record);
}

enum status
unlock_words(struct vault *vault, const struct record *record,
	     struct wire_arena *arena, struct vault_job *job, struct err *err)
{
	const bool try = job->kind == JOB_KIND_UNLOCK;
	struct password_list list = { .count = 0 };
	const struct vault_word *related = NULL;
	size_t related_count = 0;
	enum status st = ST_OK;

	if (job->kind == JOB_KIND_SEARCH) {
		job->search_from = record->unlock.tried;
		job->search_ms = unlock_slice_ms(vault, &record->unlock);
	} else if (try && job->mail_bytes > 0) {
		/* What is known in clear takes longer than words. */
		job->search_ms = UNLOCK_SLICE_MS;
	}
	if (vault->memory == NULL || vault->memory->passwords == NULL)
		return ST_OK;
	st = passwords_give(vault->memory->passwords, record->row.id,
			    try ? job->job_id : 0, arena, &list, err);
	/* Words that are tried once need not be in each slice. */
	if (st == ST_OK && job->kind != JOB_KIND_SEARCH)
		st = related_for_case(vault, record, arena, &related,
				      &related_count, err);
	if (st == ST_OK && needs_given_only(vault, job, record, &list)) {
		job->search_from = REPORT_SEARCH_OVER;
		job->search_ms = 0;
	}
	if (st == ST_OK)
		st = join_words(&list, related, related_count, arena, job);
	return st;
}
