/*
 * store_preview.h - rows of sealed previews. Rules: store.h.
 */
#ifndef VAULT_STORE_STORE_PREVIEW_H
#define VAULT_STORE_STORE_PREVIEW_H

#include "vault/store/store_case.h"

struct store_preview {
	void *memory;
	struct span preview_key; /* wrapped */
	struct span preview;     /* sealed preview_table payload */
};
void store_preview_done(struct store_preview *row);

/* Insert, or replace the one that is there. */
MUST_CHECK enum status
store_preview_put(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		  const struct store_preview *row, struct err *err);
MUST_CHECK enum status
store_preview_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		   struct store_preview *row_out, struct err *err);
/* None is no error. */
MUST_CHECK enum status
store_preview_delete(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		     struct err *err);

#endif
