#include "vault/case/rescan.h"

#include <string.h>

#include "vault/case/case_change.h"
#include "vault/case/job.h"

enum status
rescan_order(struct vault *vault, struct record *record, const char *actor,
	     const char *via, struct err *err)
{
	const struct job_order order = {
		.case_id = record->row.id,
		.kind = JOB_KIND_RESCAN,
		.serial = (uint64_t)vault->now_unix_ms,
	};
	const struct vault_deed deed = { .actor = actor,
					 .via = via,
					 .event = "rescan-ordered",
					 .case_id = record->row.id };
	enum status st = ST_OK;

	if (case_table_next(record->row.state, CASE_EVENT_RESCANNED) ==
	    CASE_STATE_NONE)
		return err_set(err, ST_END, "the case is %s",
			       case_state_name(record->row.state));
	st = job_add(vault, &order, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

enum status
rescan_read(struct span payload, struct scan_report *report,
	    struct wire_arena **arena_out, struct err *err)
{
	enum status st = report_decode(payload, report, arena_out, err);

	if (st == ST_OK)
		st = report_check(report, err);
	if (st == ST_OK) {
		report_forget_numbers(report);
		report_forget_words(report);
	}
	return st;
}

/* Put the sealed report into the row. */
static enum status
store_report(struct vault *vault, const struct record *record,
	     const struct scan_report *report, struct err *err)
{
	AUTO(store_case_detail_done)
	struct store_case_detail detail = { .memory = NULL };
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	struct sbuf plain;
	struct sbuf sealed;
	enum status st = store_case_find_detail(vault->store, record->row.id,
						&detail, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	sbuf_init(&sealed, 2 * (size_t)VAULT_MAX_DETAIL_BYTES);
	st = wire_encode(&report_table, report, &plain, err);
	if (st == ST_OK)
		st = seal_bytes(key_ring_public(vault->ring),
				RESCAN_SEAL_REPORT, sbuf_span(&plain), &sealed,
				wrapped, err);
	if (st == ST_OK) {
		detail.report = sbuf_span(&sealed);
		detail.report_key = (struct span){ wrapped, sizeof(wrapped) };
		st = store_case_update_detail(vault->store, record->row.id,
					      &detail, err);
	}
	sbuf_done(&plain);
	sbuf_done(&sealed);
	return st;
}

/* What opened a lock first did it: later scans are given its password, among
 * those that worked before. Gives: *locks_out in arena */
static enum status
keep_sources(const struct scan_report *before, const struct scan_report *report,
	     struct wire_arena *arena, const struct report_lock **locks_out,
	     struct err *err)
{
	struct report_lock *locks = wire_arena_alloc(
		arena, (report->lock_count + 1) * sizeof(*locks));

	if (locks == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < report->lock_count; i++) {
		locks[i] = report->locks[i];
		for (size_t j = 0; locks[i].opened && j < before->lock_count;
		     j++)
			if (before->locks[j].opened &&
			    strcmp(before->locks[j].part, locks[i].part) == 0)
				locks[i].source = before->locks[j].source;
	}
	*locks_out = locks;
	return ST_OK;
}

/* The new report is in the profile of the one that it replaces, or the case
 * would be judged by another measure than the rule's that made it. */
static enum status
check_profile(const struct scan_report *before,
	      const struct scan_report *report, struct err *err)
{
	return before->profile == report->profile
		       ? ST_OK
		       : err_set(err, ST_FORMAT,
				 "vault: a report in the profile %s for a case "
				 "in %s",
				 report_profile_name(report->profile),
				 report_profile_name(before->profile));
}

enum status
rescan_store(struct vault *vault, struct record *record,
	     const struct scan_report *report, const struct case_change *change,
	     struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report before = { .verdict = REPORT_VERDICT_NONE };
	struct scan_report kept = *report;
	struct err why = { .st = ST_OK };
	enum status st =
		rescan_find(vault, record->row.id, &before, &arena, &why);

	if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	/* A damaged one is replaced. */
	if (st == ST_OK)
		st = check_profile(&before, report, err);
	else
		st = ST_OK;
	if (st == ST_OK && arena != NULL)
		st = keep_sources(&before, report, arena, &kept.locks, err);
	if (st == ST_OK)
		st = store_report(vault, record, &kept, err);
	if (st == ST_OK)
		st = record_take_report(record, &kept, err);
	if (st == ST_OK)
		st = record_bind(vault, record, err);
	if (st == ST_OK)
		st = record_box(vault, record, err);
	return st == ST_OK ? case_change(vault, record, change, err) : st;
}

enum status
rescan_take(struct vault *vault, struct record *record, struct span payload,
	    struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	const struct case_change change = { .event = CASE_EVENT_RESCANNED,
					    .actor = "courier",
					    .via = "courier" };
	const enum status st = rescan_read(payload, &report, &arena, err);

	return st == ST_OK ? rescan_store(vault, record, &report, &change, err)
			   : st;
}

enum status
rescan_find(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	    struct scan_report *report, struct wire_arena **arena_out,
	    struct err *err)
{
	AUTO(store_case_detail_done)
	struct store_case_detail row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *detail_arena = NULL;
	struct case_detail detail = { .queue_id = NULL };
	struct sbuf plain;
	enum status st =
		store_case_find_detail(vault->store, case_id, &row, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	if (row.report.len_bytes > 0) {
		st = key_ring_unseal(vault->ring, RESCAN_SEAL_REPORT,
				     row.report_key, row.report, &plain, err);
	} else {
		st = key_ring_unseal(vault->ring, CASE_SEAL_DETAIL,
				     row.detail_key, row.detail, &plain, err);
		if (st == ST_OK)
			st = wire_decode(&case_detail_table, sbuf_span(&plain),
					 &detail, &detail_arena, err);
	}
	if (st == ST_OK)
		st = rescan_read(row.report.len_bytes > 0 ? sbuf_span(&plain)
							  : detail.report,
				 report, arena_out, err);
	sbuf_done(&plain);
	if (st != ST_OK && st != ST_NO_MEMORY)
		return err_set(err, ST_IO, "store: a report is damaged");
	return st;
}
