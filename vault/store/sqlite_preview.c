/* sqlite_preview.c - previews; contract: store_preview.h. */
#include "vault/store/store_preview.h"

#include <stdlib.h>

#include "vault/store/sqlite_call.h"

void
store_preview_done(struct store_preview *row)
{
	free(row->memory);
	*row = (struct store_preview){ 0 };
}

enum status
store_preview_put(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		  const struct store_preview *row, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO previews (case_id, preview_key, preview)"
			 " VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
			 " preview_key = excluded.preview_key,"
			 " preview = excluded.preview");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	call_span(&call, row->preview_key);
	call_span(&call, row->preview);
	return call_run(&call, err);
}

enum status
store_preview_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		   struct store_preview *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_preview row = { 0 };
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT preview_key, preview FROM previews"
		   " WHERE case_id = ?");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no preview");
	if (st != ST_OK)
		return st;
	row.preview_key = call_get_span(&call, 0);
	row.preview = call_get_span(&call, 1);
	const struct owned owned = {
		.spans = { &row.preview_key, &row.preview },
	};

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_preview_delete(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		     struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "DELETE FROM previews WHERE case_id = ?");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	return call_run(&call, err);
}
