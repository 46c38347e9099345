#include "vault/case/record.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/client/identity.h"

enum {
	RECORD_MAX_SENDERS = 64,
	RECORD_MAX_COMPANIONS = 50,
	RECORD_TYPE_BYTES = 64,
	RECORD_MAX_PARTS = 100, /* more would not be read in a notice */
	RECORD_MAX_BOX_BYTES = 4 * 1024 * 1024
};

static const struct wire_field part_fields[] = {
	WIRE_UTF8_F(struct vault_part_line, path, 0, 2000),
	WIRE_UTF8_F(struct vault_part_line, type, 0, RECORD_TYPE_BYTES),
	WIRE_U64_F(struct vault_part_line, number_count, 0, UINT64_MAX),
	WIRE_ENUM_F(struct vault_part_line, reason, 0, REPORT_REASON_END - 1),
};
static WIRE_TABLE(record_part_items, 0, 1, vault_part_line, part_fields);

static const struct wire_field summary_fields[] = {
	WIRE_TEXT_F(struct case_summary, queue_id, 0, 128),
	WIRE_TEXT_F(struct case_summary, client_name, 0, 300),
	WIRE_TEXT_F(struct case_summary, client_address, 0, 128),
	WIRE_BOOL_F(struct case_summary, authenticated),
	WIRE_LIST_F(struct case_summary, senders, sender_count, 0,
		    RECORD_MAX_SENDERS, case_sender_table),
	WIRE_TEXT_F(struct case_summary, envelope_sender, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct case_summary, sender_esmtp_args, 0,
		    CASE_MAX_ARGS_BYTES),
	WIRE_UTF8_F(struct case_summary, subject, 0, 1000),
	WIRE_UTF8_F(struct case_summary, recipients_text, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_U64_F(struct case_summary, size_bytes, 0, UINT64_MAX),
	WIRE_I64_F(struct case_summary, received_unix_ms),
	CASE_TERMS_WIRE(struct case_summary, 0),
	WIRE_ENUM_F(struct case_summary, verdict, REPORT_VERDICT_CLEAN,
		    REPORT_VERDICT_UNSCANNABLE),
	WIRE_ENUM_F(struct case_summary, level, 0, REPORT_LEVEL_SURE),
	WIRE_I64_F(struct case_summary, score_db),
	WIRE_U64_F(struct case_summary, number_count, 0, UINT64_MAX),
	WIRE_LIST_F(struct case_summary, parts, part_count, 0, RECORD_MAX_PARTS,
		    record_part_items),
};
WIRE_TABLE(case_summary_table, 0x0310, 1, case_summary, summary_fields);

static const struct wire_field unlock_fields[] = {
	WIRE_U32_F(struct case_unlock, locked, 0, UINT32_MAX),
	WIRE_U32_F(struct case_unlock, opened, 0, UINT32_MAX),
	WIRE_ENUM_F(struct case_unlock, state, 0, UNLOCK_STATE_END - 1),
	WIRE_ENUM_F(struct case_unlock, source, 0, REPORT_WORD_SOURCE_END - 1),
	WIRE_I64_F(struct case_unlock, at_unix_ms),
	WIRE_U32_F(struct case_unlock, tries, 0, UINT32_MAX),
	WIRE_I64_F(struct case_unlock, tries_since_unix_ms),
	WIRE_ENUM_F(struct case_unlock, search, 0, SEARCH_STATE_END - 1),
	WIRE_U64_F(struct case_unlock, tried, 0, UINT64_MAX),
	WIRE_U64_F(struct case_unlock, total, 0, UINT64_MAX),
	WIRE_U64_F(struct case_unlock, rate_per_s, 0, UINT64_MAX),
	WIRE_U64_F(struct case_unlock, spent_ms, 0, UINT64_MAX),
};
WIRE_TABLE(case_unlock_table, 0x0315, 1, case_unlock, unlock_fields);

static const struct wire_field ruling_fields[] = {
	WIRE_U64_F(struct case_ruling, user_id, 0, UINT64_MAX),
	WIRE_UTF8_F(struct case_ruling, login, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct case_ruling, name, 0, VAULT_MAX_NAME_BYTES),
	WIRE_ENUM_F(struct case_ruling, decision, 1, CASE_DECISION_END - 1),
	WIRE_UTF8_F(struct case_ruling, purpose, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct case_ruling, comment, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_I64_F(struct case_ruling, at_unix_ms),
};
WIRE_TABLE(case_ruling_table, 0x0311, 1, case_ruling, ruling_fields);

void
record_init(struct record *record)
{
	*record = (struct record){ .arena = NULL };
	sbuf_init(&record->boxed_summary, RECORD_MAX_BOX_BYTES);
	sbuf_init(&record->boxed_decision, RECORD_MAX_BOX_BYTES);
	sbuf_init(&record->boxed_unlock, RECORD_MAX_BOX_BYTES);
}

void
record_done(struct record *record)
{
	store_case_done(&record->row);
	wire_arena_free(&record->arena);
	sbuf_done(&record->boxed_summary);
	sbuf_done(&record->boxed_decision);
	sbuf_done(&record->boxed_unlock);
}

enum status
record_open_unlock(const struct vault *vault, const struct store_case *row,
		   struct case_unlock *unlock, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	if (row->unlock.len_bytes == 0)
		return ST_OK;
	return vault_unbox(vault, &case_unlock_table, row->unlock, unlock,
			   &arena, err);
}

enum status
record_open(struct vault *vault, struct record *record, struct err *err)
{
	enum status st =
		record_open_unlock(vault, &record->row, &record->unlock, err);

	if (st != ST_OK || record->row.summary.len_bytes == 0)
		return st;
	return vault_unbox(vault, &case_summary_table, record->row.summary,
			   &record->summary, &record->arena, err);
}

enum status
record_read(struct vault *vault, const uint8_t id[CASE_ID_BYTES],
	    struct record *record, struct err *err)
{
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = store_case_find(vault->store, id, &record->row, err);
	if (st == ST_NOT_FOUND)
		return err_set(err, st, "no such case");
	return st == ST_OK ? record_open(vault, record, err) : st;
}

enum status
record_box(struct vault *vault, struct record *record, struct err *err)
{
	sbuf_clear(&record->boxed_summary);

	const enum status st =
		vault_box(vault, &case_summary_table, &record->summary,
			  &record->boxed_summary, err);

	if (st != ST_OK)
		return st;
	record->row.summary = sbuf_span(&record->boxed_summary);
	return record_box_unlock(vault, record, err);
}

enum status
record_box_unlock(struct vault *vault, struct record *record, struct err *err)
{
	const struct case_unlock *unlock = &record->unlock;
	enum status st = ST_OK;

	/* Most mails have nothing that is locked. */
	if (record->row.unlock.len_bytes == 0 && unlock->locked == 0 &&
	    unlock->opened == 0)
		return ST_OK;
	sbuf_clear(&record->boxed_unlock);
	st = vault_box(vault, &case_unlock_table, unlock, &record->boxed_unlock,
		       err);
	if (st == ST_OK)
		record->row.unlock = sbuf_span(&record->boxed_unlock);
	return st;
}

void
record_set_times(const struct vault *vault, struct record *record)
{
	const struct case_terms *terms = &record->summary.terms;
	const int64_t most_s = vault->config->vault.max_expiry_s;
	int64_t wait_s = (int64_t)terms->expires_after_s;

	if (wait_s > most_s)
		wait_s = most_s;
	record->row.deadline_unix_ms = vault->now_unix_ms + wait_s * 1000;
	record->row.remind_unix_ms =
		terms->remind_after_s > 0
			? vault->now_unix_ms +
				  (int64_t)terms->remind_after_s * 1000
			: 0;
}

/* Copies into the arena; false when one of them had no memory. */
static bool
copy_text(struct record *record, const char **place, const char *text)
{
	*place = wire_arena_text(record->arena, span_of(text));
	return *place != NULL;
}

static bool
copy_terms(struct record *record, const struct case_terms *terms)
{
	struct case_terms *to = &record->summary.terms;

	*to = *terms;
	return copy_text(record, &to->rule, terms->rule) &&
	       copy_text(record, &to->approvers, terms->approvers) &&
	       copy_text(record, &to->tag, terms->tag) &&
	       copy_text(record, &to->link.networks, terms->link.networks);
}

static enum status
record_need_arena(struct record *record, struct err *err)
{
	if (record->arena == NULL)
		record->arena = wire_arena_new();
	if (record->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

enum status
record_summarize(struct record *record, const struct case_detail *detail,
		 struct err *err)
{
	struct case_summary *to = &record->summary;
	const enum status st = record_need_arena(record, err);

	if (st != ST_OK)
		return st;
	to->authenticated = detail->authenticated;
	to->size_bytes = detail->size_bytes;
	to->received_unix_ms = detail->received_unix_ms;
	to->recipients_text = "";
	to->verdict = REPORT_VERDICT_UNSCANNABLE;
	if (!copy_text(record, &to->queue_id, detail->queue_id) ||
	    !copy_text(record, &to->client_name, detail->client_name) ||
	    !copy_text(record, &to->client_address, detail->client_address) ||
	    !copy_text(record, &to->envelope_sender, detail->envelope_sender) ||
	    !copy_text(record, &to->sender_esmtp_args,
		       detail->sender_esmtp_args) ||
	    !copy_text(record, &to->subject, detail->subject) ||
	    !copy_terms(record, &detail->terms))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

/* "2/list.xlsx" -> "2": where it is, without its name. */
static struct span
part_position(const char *path)
{
	const struct span whole = span_of(path);
	struct span position = whole;
	size_t len_bytes = 0;

	while (len_bytes < whole.len_bytes &&
	       ((whole.ptr[len_bytes] >= '0' && whole.ptr[len_bytes] <= '9') ||
		whole.ptr[len_bytes] == '/'))
		len_bytes++;
	/* Back to the end of the last whole component. */
	if (len_bytes < whole.len_bytes)
		while (len_bytes > 0 && whole.ptr[len_bytes - 1] != '/')
			len_bytes--;
	while (len_bytes > 0 && whole.ptr[len_bytes - 1] == '/')
		len_bytes--;
	/* Longer than any position: digits of something else. */
	if (len_bytes > 24)
		len_bytes = 0;
	(void)span_cut(whole, 0, len_bytes, &position);
	return position;
}

static uint64_t
part_numbers(const struct scan_report *report, const char *path)
{
	uint64_t count = 0;

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *finding = &report->findings[i];

		if (finding->level >= REPORT_LEVEL_SUSPECT &&
		    strcmp(finding->part, path) == 0)
			count += finding->count;
	}
	return count;
}

static const struct report_opaque *
part_opaque(const struct scan_report *report, const char *path)
{
	for (size_t i = 0; i < report->opaque_count; i++)
		if (strcmp(report->opaques[i].part, path) == 0)
			return &report->opaques[i];
	return NULL;
}

/* What it is, or how it is locked: "zip: AES-256". */
static const char *
part_type(const struct report_part *part, const struct report_opaque *opaque)
{
	return opaque != NULL && opaque->reason == REPORT_REASON_LOCKED &&
			       opaque->detail[0] != '\0' &&
			       strlen(opaque->detail) <= RECORD_TYPE_BYTES
		       ? opaque->detail
		       : part->type;
}

enum status
record_take_report(struct record *record, const struct scan_report *report,
		   struct err *err)
{
	struct case_summary *to = &record->summary;
	struct vault_part_line *lines = NULL;
	size_t count = 0;
	enum status st = record_need_arena(record, err);

	if (st != ST_OK)
		return st;
	lines = wire_arena_alloc(record->arena,
				 RECORD_MAX_PARTS * sizeof(*lines));
	if (lines == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < report->part_count && count < RECORD_MAX_PARTS;
	     i++) {
		const struct report_part *part = &report->parts[i];
		struct vault_part_line *line = &lines[count];

		const struct report_opaque *opaque =
			part_opaque(report, part->path);

		line->number_count = part_numbers(report, part->path);
		line->reason =
			opaque != NULL ? opaque->reason : REPORT_REASON_NONE;
		if (line->number_count == 0 &&
		    line->reason == REPORT_REASON_NONE)
			continue;
		line->path = wire_arena_text(record->arena,
					     part_position(part->path));
		line->type = wire_arena_text(record->arena,
					     span_of(part_type(part, opaque)));
		if (line->path == NULL || line->type == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		count++;
	}
	/* A later report knows more passwords that stand in it. */
	if (report->subject[0] != '\0' &&
	    !copy_text(record, &to->subject, report->subject))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	to->parts = lines;
	to->part_count = count;
	to->verdict = report->verdict;
	to->level = report->level;
	to->score_db = report->score_db;
	to->number_count = report->number_count;
	record->unlock.locked = 0;
	record->unlock.opened = 0;
	for (size_t i = 0; i < report->lock_count; i++) {
		record->unlock.locked += !report->locks[i].opened;
		record->unlock.opened += report->locks[i].opened;
	}
	return ST_OK;
}

static bool
has_sender(const struct case_summary *summary, const struct case_sender *one)
{
	for (size_t i = 0; i < summary->sender_count; i++)
		if (summary->senders[i].kind == one->kind &&
		    strcmp(summary->senders[i].address, one->address) == 0)
			return true;
	return false;
}

/* to->senders has room for one more. */
static enum status
add_sender(struct vault *vault, struct record *record,
	   const struct case_sender *one, struct case_sender *place,
	   struct err *err)
{
	uint8_t mac[STORE_HASH_BYTES];
	enum status st = ST_OK;

	place->kind = one->kind;
	if (!copy_text(record, &place->address, one->address))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	record->summary.sender_count++;
	st = vault_mac_person(vault, KEY_USE_ADDRESS, one->address, mac, err);
	if (st == ST_OK)
		st = store_case_add_sender(vault->store, record->row.id, mac,
					   err);
	return st == ST_DENIED ? ST_OK : st; /* known in another role */
}

enum status
record_add_senders(struct vault *vault, struct record *record,
		   const struct case_detail *detail, struct err *err)
{
	struct case_summary *to = &record->summary;
	struct case_sender *all = NULL;
	enum status st = record_need_arena(record, err);

	if (st != ST_OK)
		return st;
	all = wire_arena_alloc(record->arena,
			       RECORD_MAX_SENDERS * sizeof(*all));
	if (all == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	if (to->sender_count > 0)
		memcpy(all, to->senders, to->sender_count * sizeof(*all));
	to->senders = all;
	for (size_t i = 0; st == ST_OK && i < detail->sender_count; i++) {
		const struct case_sender *one = &detail->senders[i];

		if (one->address[0] == '\0' || has_sender(to, one))
			continue;
		/* Dropping one would let that person decide. */
		if (to->sender_count == RECORD_MAX_SENDERS)
			return err_set(err, ST_FORMAT, "more than %d senders",
				       RECORD_MAX_SENDERS);
		st = add_sender(vault, record, one, &all[to->sender_count],
				err);
	}
	return st;
}

/* --- what a decision is bound to --------------------------------------- */

static enum status
bind_recipient(void *context, const struct store_recipient *row,
	       struct err *err)
{
	struct sbuf *bound = context;

	(void)err;
	sbuf_add(bound, row->address, sizeof(row->address));
	return ST_OK;
}

/* What waits with it and goes where it goes (companion.h). */
static enum status
bind_companions(struct vault *vault, const uint8_t id[CASE_ID_BYTES],
		struct sbuf *bound, struct err *err)
{
	uint8_t ids[RECORD_MAX_COMPANIONS][CASE_ID_BYTES];
	size_t count = 0;
	enum status st = store_case_companions(
		vault->store, id, ids, RECORD_MAX_COMPANIONS, &count, err);

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		AUTO(store_case_done)
		struct store_case row = { .memory = NULL };

		st = store_case_find(vault->store, ids[i], &row, err);
		if (st == ST_OK)
			sbuf_add(bound, row.version, sizeof(row.version));
	}
	return st;
}

/* The scan report as the ciphertext that holds it. */
static enum status
bind_report(struct vault *vault, const uint8_t id[CASE_ID_BYTES],
	    struct sbuf *bound, struct err *err)
{
	AUTO(store_case_detail_done)
	struct store_case_detail detail = { .memory = NULL };
	uint8_t hash[DIGEST_BYTES];
	enum status st = store_case_find_detail(vault->store, id, &detail, err);

	if (st != ST_OK)
		return st;
	st = digest_once(detail.report.len_bytes > 0 ? detail.report
						     : detail.detail,
			 hash, err);
	if (st == ST_OK)
		sbuf_add(bound, hash, sizeof(hash));
	return st;
}

enum status
record_bind(struct vault *vault, struct record *record, struct err *err)
{
	struct sbuf bound;
	enum status st = ST_OK;

	sbuf_init(&bound, (CASE_MAX_RECIPIENTS + RECORD_MAX_COMPANIONS + 8UL) *
				  STORE_HASH_BYTES);
	sbuf_add(&bound, record->row.id, sizeof(record->row.id));
	sbuf_add(&bound, record->row.blob_hash, sizeof(record->row.blob_hash));
	st = bind_report(vault, record->row.id, &bound, err);
	if (st == ST_OK)
		st = store_recipient_each(vault->store, record->row.id,
					  CASE_OUTCOME_NONE, bind_recipient,
					  &bound, err);
	if (st == ST_OK)
		st = bind_companions(vault, record->row.id, &bound, err);
	if (st == ST_OK)
		st = sbuf_status(&bound, "vault: version", err);
	if (st == ST_OK)
		st = vault_mac(vault, KEY_USE_VERSION, "case",
			       sbuf_span(&bound), record->row.version, err);
	sbuf_done(&bound);
	return st;
}
