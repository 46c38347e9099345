/*
 * case_index.h - which cases stand in which list, found without opening rows.
 *
 * Layer:    vault/case
 * Threads:  any; it has a lock of its own
 *
 * What lists sort and search by is boxed in the rows. The index holds it
 * opened: of each case a small fixed part, and the words to search in while
 * they are together under INDEX_MAX_TEXT_BYTES; the words of further cases
 * are opened when somebody searches. It is a sieve only: it says which cases
 * to show, and what is shown of them, and whether, is read and judged afresh
 * from their rows.
 *
 * No case changes without a row in the audit log, so the log tells what has
 * changed: before each use the cases named by the rows since the last one are
 * read again, on the caller's own snapshot. Whatever was committed counts,
 * whatever was rolled back never did.
 */
#ifndef VAULT_CASE_CASE_INDEX_H
#define VAULT_CASE_CASE_INDEX_H

#include "vault/case/vault.h"

enum {
	INDEX_MAX_CASES = 1000000,
	INDEX_MAX_TEXT_BYTES = 64 * 1024 * 1024,
	INDEX_MAX_WORDS = 8
};

struct case_index;
/* max_text_bytes: INDEX_MAX_TEXT_BYTES, or less. */
MUST_CHECK enum status
case_index_new(size_t max_text_bytes, struct case_index **index_out,
	       struct err *err);
/* Wipes what it held. Fits AUTO(). */
void case_index_free(struct case_index **index);

/* Bring it up to the snapshot of vault->store. Needs the ring; with another
 * ring, or other domain aliases, than before, everything is forgotten. */
MUST_CHECK enum status
case_index_sync(struct case_index *index, struct vault *vault, struct err *err);

/*
 * A case is found when its state is in the mask, and (everything, or its
 * group is one of groups, or one of its senders one of senders), and every
 * word of search is part of what it says. Of cases that are found because of
 * everything alone, only rule and id are searched.
 */
struct case_index_query {
	uint32_t state_mask; /* 1 << enum case_state */
	bool everything;
	const char *const *groups;
	size_t group_count;
	const uint8_t (*senders)[STORE_HASH_BYTES]; /* KEY_USE_ADDRESS */
	size_t sender_count;
	enum case_sort sort;
	const char *search;
	uint32_t offset, limit;
};
/* Gives: *count_out, ids_out (room for limit), *total_out without offset and
 * limit. Syncs first. */
struct case_index_found {
	uint8_t (*ids)[CASE_ID_BYTES];
	size_t count;
	uint32_t total;
};
MUST_CHECK enum status
case_index_find(struct case_index *index, struct vault *vault,
		const struct case_index_query *query,
		struct case_index_found *found, struct err *err);

/* Memory that it holds. */
size_t case_index_bytes(struct case_index *index);

#endif
