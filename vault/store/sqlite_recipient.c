/* sqlite_recipient.c - recipients of cases; contract: store_case.h. */
#include <stdlib.h>

#include "vault/store/sqlite_call.h"
#include "vault/store/store_case.h"

#define RECIPIENT_COLUMNS \
	"case_id, position, address, outcome, reply_code, boxed"

static enum status
recipient_load(struct call *call, struct store_recipient *row, struct err *err)
{
	const int64_t outcome = call_get_int(call, 3);
	bool ok = outcome > CASE_OUTCOME_NONE && outcome < CASE_OUTCOME_END;

	*row = (struct store_recipient){ 0 };
	call_get_bytes(call, 0, row->case_id, sizeof(row->case_id), &ok);
	row->index = (uint32_t)call_get_int(call, 1);
	call_get_bytes(call, 2, row->address, sizeof(row->address), &ok);
	row->outcome = ok ? (enum case_outcome)outcome : CASE_OUTCOME_NONE;
	row->reply_code = (uint32_t)call_get_int(call, 4);
	row->boxed = call_get_span(call, 5);
	return ok ? ST_OK : call_damaged(call, err);
}

void
store_recipient_done(struct store_recipient *row)
{
	free(row->memory);
	*row = (struct store_recipient){ 0 };
}

enum status
store_recipient_insert(struct store *store, const struct store_recipient *row,
		       struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO recipients (" RECIPIENT_COLUMNS
			 ") VALUES (?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	call_int(&call, row->index);
	call_bytes(&call, row->address, sizeof(row->address));
	call_int(&call, row->outcome);
	call_int(&call, row->reply_code);
	call_span(&call, row->boxed);
	return call_run(&call, err);
}

enum status
store_recipient_update(struct store *store, const struct store_recipient *row,
		       struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE recipients SET outcome = ?, reply_code = ?,"
			 " boxed = ? WHERE case_id = ? AND position = ?");
	call_int(&call, row->outcome);
	call_int(&call, row->reply_code);
	call_span(&call, row->boxed);
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	call_int(&call, row->index);
	return call_run_found(&call, err);
}

enum status
store_recipient_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		     const uint8_t address[STORE_HASH_BYTES],
		     struct store_recipient *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_recipient row;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT " RECIPIENT_COLUMNS " FROM recipients"
		   " WHERE case_id = ? AND address = ?");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	call_bytes(&call, address, STORE_HASH_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such recipient");
	if (st == ST_OK)
		st = recipient_load(&call, &row, err);
	if (st != ST_OK)
		return st;
	const struct owned owned = { .spans = { &row.boxed } };

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

static enum status
recipient_visit_all(struct call *call, store_recipient_visit visit,
		    void *context, struct err *err)
{
	for (;;) {
		struct store_recipient row;
		enum status st = call_row(call, err);

		if (st == ST_OK)
			st = recipient_load(call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_recipient_each(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		     enum case_outcome outcome, store_recipient_visit visit,
		     void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " RECIPIENT_COLUMNS " FROM recipients"
		   " WHERE case_id = ?1 AND (?2 = 0 OR outcome = ?2)"
		   " ORDER BY position");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	call_int(&call, outcome);
	return recipient_visit_all(&call, visit, context, err);
}

enum status
store_recipient_each_unlinked(struct store *store,
			      const uint8_t case_id[CASE_ID_BYTES],
			      store_recipient_visit visit, void *context,
			      struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " RECIPIENT_COLUMNS " FROM recipients"
		   " WHERE case_id = ?1 AND outcome = ?2 AND NOT EXISTS"
		   " (SELECT 1 FROM links WHERE links.case_id = ?1"
		   " AND links.kind = ?3"
		   " AND links.recipient = recipients.address)"
		   " ORDER BY position");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	call_int(&call, CASE_OUTCOME_WAITING);
	call_int(&call, LINK_KIND_RECIPIENT);
	return recipient_visit_all(&call, visit, context, err);
}

enum status
store_recipient_settle(struct store *store,
		       const uint8_t case_id[CASE_ID_BYTES],
		       enum case_outcome outcome, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE recipients SET outcome = ?"
			 " WHERE case_id = ? AND outcome = ?");
	call_int(&call, outcome);
	call_bytes(&call, case_id, CASE_ID_BYTES);
	call_int(&call, CASE_OUTCOME_WAITING);
	return call_run(&call, err);
}
