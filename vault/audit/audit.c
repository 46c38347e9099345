#include "vault/audit/audit.h"

#include <string.h>

#include "vault/audit/audit_row.h"
#include "vault/audit/audit_seal.h"

/* The number and hash of the newest row; zeros when there is none. */
static enum status
audit_find_last(struct store *store, uint64_t *seq_out,
		uint8_t hash_out[DIGEST_BYTES], struct err *err)
{
	AUTO(store_audit_row_done) struct store_audit_row last = { 0 };
	const enum status st = store_audit_last(store, &last, err);

	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	*seq_out = st == ST_OK ? last.seq : 0;
	memset(hash_out, 0, DIGEST_BYTES);
	if (st == ST_OK)
		memcpy(hash_out, last.hash, DIGEST_BYTES);
	return ST_OK;
}

/*
 * Move the tip to the row that was just written, if it stood on the row
 * before. If not, rows were added behind our back (or while the vault was
 * locked): the tip stays, and verification tells from where on.
 */
static enum status
audit_move_tip(struct store *store, const struct key_ring *ring,
	       const struct store_audit_row *row,
	       const uint8_t before[DIGEST_BYTES], struct err *err)
{
	struct audit_tip tip = { 0 };
	enum status st = audit_tip_find(store, ring, &tip, err);

	if (st == ST_FORMAT)
		return ST_OK;
	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	if (tip.rows + 1 != row->seq ||
	    memcmp(tip.hash, before, DIGEST_BYTES) != 0)
		return ST_OK;
	tip.rows = row->seq;
	memcpy(tip.hash, row->hash, DIGEST_BYTES);
	return audit_tip_put(store, ring, &tip, err);
}

enum status
audit_append(struct store *store, const struct key_ring *ring,
	     const struct audit_event *event, struct err *err)
{
	AUTO(sbuf_done) struct sbuf body;
	struct store_audit_row row = { .at_unix_ms = event->at_unix_ms,
				       .has_case = event->case_id != NULL };
	uint8_t before[DIGEST_BYTES];
	enum status st = ST_OK;

	sbuf_init(&body, AUDIT_MAX_BODY_BYTES);
	st = audit_row_encode(ring, event, &body, err);
	if (st == ST_OK)
		st = audit_find_last(store, &row.seq, before, err);
	if (st != ST_OK)
		return st;
	row.seq++;
	row.body = sbuf_span(&body);
	if (event->case_id != NULL)
		memcpy(row.case_id, event->case_id, sizeof(row.case_id));
	st = audit_row_hash(&row, before, row.hash, err);
	if (st == ST_OK)
		st = store_audit_insert(store, &row, err);
	if (st == ST_OK && ring != NULL)
		st = audit_move_tip(store, ring, &row, before, err);
	return st;
}

enum status
audit_adopt(struct store *store, const struct key_ring *ring,
	    uint64_t *adopted_out, struct err *err)
{
	struct audit_tip tip = { 0 };
	uint64_t rows = 0;
	uint8_t hash[DIGEST_BYTES];
	enum status st = audit_tip_find(store, ring, &tip, err);

	if (st == ST_OK || st == ST_NOT_FOUND)
		st = audit_find_last(store, &rows, hash, err);
	if (st != ST_OK)
		return st;
	*adopted_out = rows > tip.rows ? rows - tip.rows : 0;
	if (*adopted_out == 0)
		return ST_OK;
	tip.rows = rows;
	memcpy(tip.hash, hash, sizeof(hash));
	return audit_tip_put(store, ring, &tip, err);
}

struct audit_walk {
	const struct key_ring *ring;
	audit_visit visit;
	void *context;
	struct sbuf texts;
};

static enum status
audit_visit_row(void *context, const struct store_audit_row *row,
		struct err *err)
{
	struct audit_walk *walk = context;
	struct audit_line line = { .seq = row->seq };
	enum status st = ST_OK;

	sbuf_clear(&walk->texts);
	st = audit_row_decode(walk->ring, row, &walk->texts, &line.event, err);
	/* A damaged row is shown as one; verification says what is wrong. */
	if (st == ST_FORMAT)
		line.event = (struct audit_event){
			.at_unix_ms = row->at_unix_ms,
			.actor = "?",
			.via = "?",
			.event = "damaged",
			.detail = "",
			.secret = "",
		};
	else if (st != ST_OK)
		return st;
	return walk->visit(walk->context, &line, err);
}

enum status
audit_each(struct store *store, const struct key_ring *ring,
	   const struct store_audit_query *query, audit_visit visit,
	   void *context, struct err *err)
{
	struct audit_walk walk = { .ring = ring,
				   .visit = visit,
				   .context = context };
	enum status st = ST_OK;

	sbuf_init_secret(&walk.texts, (size_t)2 * AUDIT_MAX_BODY_BYTES);
	st = store_audit_each(store, query, audit_visit_row, &walk, err);
	sbuf_done(&walk.texts);
	return st;
}

enum status
audit_count(struct store *store, uint64_t *rows_out, struct err *err)
{
	uint8_t hash[DIGEST_BYTES];

	return audit_find_last(store, rows_out, hash, err);
}

struct case_walk {
	audit_case_visit visit;
	void *context;
};

static enum status
visit_case(void *context, const struct store_audit_row *row, struct err *err)
{
	const struct case_walk *walk = context;

	return row->has_case ? walk->visit(walk->context, row->case_id, err)
			     : ST_OK;
}

enum status
audit_each_case(struct store *store, uint64_t behind_seq,
		audit_case_visit visit, void *context, struct err *err)
{
	const struct store_audit_query query = { .from_seq = behind_seq + 1,
						 .limit = INT64_MAX };
	struct case_walk walk = { visit, context };

	return store_audit_each(store, &query, visit_case, &walk, err);
}
