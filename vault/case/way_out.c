#include "vault/case/way_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "vault/case/case_table.h"
#include "vault/client/export_file.h"
#include "vault/store/store_job.h"

enum { WAY_OUT_VALID_MS = 24 * 3600 * 1000, WAY_OUT_BOX_BYTES = 16 * 1024 };

static const uint32_t undecided_and_moving =
	1U << CASE_STATE_UNCONFIRMED | 1U << CASE_STATE_HELD |
	1U << CASE_STATE_RELEASING | 1U << CASE_STATE_RETURNING |
	1U << CASE_STATE_EXPIRING;

struct export_reason {
	const char *text;
};
static const struct wire_field reason_fields[] = {
	WIRE_UTF8_F(struct export_reason, text, 1, VAULT_MAX_COMMENT_BYTES),
};
static WIRE_TABLE(export_reason_table, 0x0315, 1, export_reason, reason_fields);

static enum status
audit_way_out(struct vault *vault, const struct actor *actor,
	      const struct store_export *row, const char *event,
	      struct err *err)
{
	char detail[64];
	const struct vault_deed deed = { .actor = actor->user.login,
					 .via = actor->via,
					 .event = event,
					 .case_id = row->one_case ? row->case_id
								  : NULL,
					 .detail = detail };

	(void)snprintf(detail, sizeof(detail), "export=%" PRIu64, row->id);
	return vault_audit(vault, &deed, err);
}

/* How many mails it is about. */
static enum status
count_cases(struct vault *vault, const struct store_export *row,
	    uint32_t *count_out, struct err *err)
{
	AUTO(store_case_done) struct store_case found = { .memory = NULL };
	struct store_counts counts = { .cases_open = 0 };
	enum status st = ST_OK;

	if (row->one_case) {
		st = store_case_find(vault->store, row->case_id, &found, err);
		if (st == ST_NOT_FOUND)
			return err_set(err, st, "no such case");
		*count_out = 1;
		return st;
	}
	st = store_count(vault->store, &counts, err);
	*count_out = (uint32_t)counts.cases_open;
	return st;
}

enum status
way_out_ask(struct vault *vault, const struct actor *actor,
	    const struct vault_export_ask *request,
	    struct vault_export_answer *answer_out, struct err *err)
{
	const struct export_reason reason = { request->reason };
	struct store_export row = { .asked_by = actor->user.id,
				    .asked_unix_ms = vault->now_unix_ms,
				    .one_case =
					    request->case_id.len_bytes > 0 };
	struct sbuf boxed;
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK && reason.text[0] == '\0')
		st = err_set(err, ST_FORMAT, "an export needs a reason");
	if (st == ST_OK && row.one_case &&
	    request->case_id.len_bytes != CASE_ID_BYTES)
		st = err_set(err, ST_FORMAT, "not a case id");
	if (st != ST_OK)
		return st;
	memcpy(row.public_key, request->public_key, sizeof(row.public_key));
	if (row.one_case)
		memcpy(row.case_id, request->case_id.ptr, CASE_ID_BYTES);
	sbuf_init(&boxed, WAY_OUT_BOX_BYTES);
	st = count_cases(vault, &row, &answer_out->cases, err);
	if (st == ST_OK)
		st = vault_box(vault, &export_reason_table, &reason, &boxed,
			       err);
	if (st == ST_OK) {
		row.reason = sbuf_span(&boxed);
		st = store_export_insert(vault->store, &row, &row.id, err);
	}
	sbuf_done(&boxed);
	answer_out->export_id = row.id;
	return st == ST_OK
		       ? audit_way_out(vault, actor, &row, "export-asked", err)
		       : st;
}

static enum status
find_export(struct vault *vault, uint64_t export_id, struct store_export *row,
	    struct err *err)
{
	const enum status st =
		store_export_find(vault->store, export_id, row, err);

	return st == ST_NOT_FOUND ? err_set(err, st, "no such export") : st;
}

struct made_search {
	uint64_t by_user_id;
	bool found;
};

static enum status
look_at_grant(void *context, const struct store_grant *row, struct err *err)
{
	struct made_search *search = context;

	(void)err;
	search->found = row->by_user_id == search->by_user_id;
	return search->found ? ST_END : ST_OK;
}

static enum status
check_consent(struct vault *vault, const struct actor *actor,
	      const struct store_export *row, struct err *err)
{
	struct made_search search = { row->asked_by, false };
	const int64_t wait_ms = vault->config->vault.new_approver_wait_s * 1000;
	enum status st = ST_OK;

	if (row->asked_by == actor->user.id)
		return err_set(err, ST_DENIED, "somebody else has to consent");
	if (row->consented_by != 0)
		return err_set(err, ST_END, "somebody has consented already");
	st = store_grant_each(vault->store, actor->user.id,
			      row->asked_unix_ms - wait_ms, look_at_grant,
			      &search, err);
	if (st == ST_OK && search.found)
		st = err_set(err, ST_DENIED,
			     "your account was made or changed a short time "
			     "ago by the one who asks");
	return st;
}

enum status
way_out_consent(struct vault *vault, const struct actor *actor,
		uint64_t export_id, struct vault_export_answer *answer_out,
		struct err *err)
{
	AUTO(store_export_done) struct store_export row = { .memory = NULL };
	enum status st = find_export(vault, export_id, &row, err);

	if (st == ST_OK)
		st = check_consent(vault, actor, &row, err);
	if (st == ST_OK)
		st = count_cases(vault, &row, &answer_out->cases, err);
	if (st != ST_OK)
		return st;
	answer_out->export_id = export_id;
	row.consented_by = actor->user.id;
	row.consented_unix_ms = vault->now_unix_ms;
	st = store_export_update(vault->store, &row, err);
	return st == ST_OK ? audit_way_out(vault, actor, &row,
					   "export-consented", err)
			   : st;
}

enum status
way_out_begin(struct vault *vault, const struct actor *actor,
	      uint64_t export_id, struct err *err)
{
	AUTO(store_export_done) struct store_export row = { .memory = NULL };
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = find_export(vault, export_id, &row, err);
	if (st != ST_OK)
		return st;
	if (row.asked_by != actor->user.id)
		return err_set(err, ST_DENIED,
			       "only the one who asked can fetch it");
	if (row.consented_by == 0)
		return err_set(err, ST_DENIED, "nobody has consented yet");
	if (row.fetched_unix_ms != 0)
		return err_set(err, ST_END, "it was fetched already");
	if (vault->now_unix_ms - row.consented_unix_ms > WAY_OUT_VALID_MS ||
	    vault->now_unix_ms < row.consented_unix_ms)
		return err_set(err, ST_END, "the consent was too long ago");
	row.fetched_unix_ms = vault->now_unix_ms;
	st = store_export_update(vault->store, &row, err);
	return st == ST_OK ? audit_way_out(vault, actor, &row, "export-fetched",
					   err)
			   : st;
}

/* --- writing ----------------------------------------------------------- */

struct way_out {
	struct vault *vault;
	struct seal_public to;
	int fd;
	uint32_t cases;
};

static enum status
write_mail(void *context, const struct store_case *row, struct err *err)
{
	struct way_out *out = context;
	AUTO(fd_close) int blob_fd = FD_NONE;
	struct export_entry entry = { .key_bytes = SEAL_WRAPPED_BYTES };
	enum status st = ST_OK;

	if (row->blob_key.len_bytes == 0)
		return ST_OK;
	memcpy(entry.case_id, row->id, sizeof(entry.case_id));
	st = key_ring_rewrap(out->vault->ring, &out->to, CASE_SEAL_MAIL,
			     row->blob_key, entry.key, err);
	if (st == ST_OK)
		st = blob_open(out->vault->config->general.state_dir,
			       row->blob_id, &blob_fd, err);
	if (st == ST_OK)
		st = fd_size(blob_fd, &entry.sealed_bytes, err);
	if (st == ST_OK)
		st = export_write(out->fd, &entry, err);
	if (st == ST_OK)
		st = fd_copy(blob_fd, out->fd, NULL, err);
	if (st == ST_OK)
		out->cases++;
	return st == ST_OK || st == ST_NO_MEMORY
		       ? st
		       : err_set(err, ST_IO, "export: a mail was not written");
}

enum status
way_out_write(struct vault *vault, uint64_t export_id, int fd,
	      struct vault_export_answer *answer_out, struct err *err)
{
	AUTO(store_export_done) struct store_export row = { .memory = NULL };
	AUTO(store_case_done) struct store_case one = { .memory = NULL };
	struct way_out out = { .vault = vault, .fd = fd };
	const struct store_case_query query = {
		.state_mask = undecided_and_moving,
		.everything = true,
		.limit = UINT32_MAX,
	};
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = find_export(vault, export_id, &row, err);
	if (st != ST_OK)
		return st;
	memcpy(out.to.key, row.public_key, sizeof(out.to.key));
	if (row.one_case) {
		st = store_case_find(vault->store, row.case_id, &one, err);
		if (st == ST_OK)
			st = write_mail(&out, &one, err);
	} else {
		st = store_case_each(vault->store, &query, write_mail, &out,
				     NULL, err);
	}
	*answer_out = (struct vault_export_answer){ export_id, out.cases };
	return st;
}
