#include "vault/audit/audit_seal.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "vault/audit/audit_row.h"
#include "vault/keys/key_ring_audit.h"

enum {
	HEAD_VERSION = 1,
	HEAD_ROOTS_OFFSET = 57,
	HEAD_MAX_BYTES =
		HEAD_ROOTS_OFFSET + (AUDIT_TREE_MAX_ROOTS + 1) * DIGEST_BYTES,
	TIP_SEALED_BYTES = 48,
	TIP_BYTES = TIP_SEALED_BYTES + DIGEST_BYTES,
	KEY_ROW_BYTES = 8 + DIGEST_BYTES
};

static const char tip_row[] = "audit_tip";
static const char key_row[] = "audit_key";
static const char key_context[] = "audit key";

/* --- tip ------------------------------------------------------------- */

enum status
audit_tip_find(struct store *store, const struct key_ring *ring,
	       struct audit_tip *tip_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf row;
	struct span sealed = { 0 };
	struct span mac = { 0 };
	struct span hash = { 0 };
	struct audit_tip tip = { 0 };
	uint8_t want[DIGEST_BYTES];
	size_t at = 0;
	enum status st = ST_OK;

	sbuf_init(&row, TIP_BYTES);
	st = store_meta_find(store, tip_row, &row, err);
	if (st == ST_LIMIT || (st == ST_OK && row.len_bytes != TIP_BYTES))
		return err_set(err, ST_FORMAT, "audit: the tip is damaged");
	if (st != ST_OK)
		return st;
	if (!audit_take_number(sbuf_span(&row), &at, 8, &tip.rows) ||
	    !audit_take_number(sbuf_span(&row), &at, 8, &tip.heads) ||
	    !audit_take(sbuf_span(&row), &at, DIGEST_BYTES, &hash) ||
	    !audit_take(sbuf_span(&row), &at, DIGEST_BYTES, &mac) ||
	    !span_cut(sbuf_span(&row), 0, TIP_SEALED_BYTES, &sealed))
		return err_set(err, ST_FORMAT, "audit: the tip is damaged");
	st = key_ring_mac(ring, KEY_USE_AUDIT_TIP, sealed, want, err);
	if (st != ST_OK)
		return st;
	if (!secret_equal(mac, (struct span){ want, sizeof(want) }))
		return err_set(err, ST_FORMAT, "audit: the tip was changed");
	memcpy(tip.hash, hash.ptr, DIGEST_BYTES);
	*tip_out = tip;
	return ST_OK;
}

enum status
audit_tip_put(struct store *store, const struct key_ring *ring,
	      const struct audit_tip *tip, struct err *err)
{
	AUTO(sbuf_done) struct sbuf row;
	uint8_t mac[DIGEST_BYTES];
	enum status st = ST_OK;

	sbuf_init(&row, TIP_BYTES);
	audit_add_number(&row, tip->rows, 8);
	audit_add_number(&row, tip->heads, 8);
	sbuf_add(&row, tip->hash, sizeof(tip->hash));
	st = sbuf_status(&row, "audit", err);
	if (st == ST_OK)
		st = key_ring_mac(ring, KEY_USE_AUDIT_TIP, sbuf_span(&row), mac,
				  err);
	if (st != ST_OK)
		return st;
	sbuf_add(&row, mac, sizeof(mac));
	st = sbuf_status(&row, "audit", err);
	return st == ST_OK
		       ? store_meta_put(store, tip_row, sbuf_span(&row), err)
		       : st;
}

/* --- heads ----------------------------------------------------------- */

bool
audit_head_decode(const struct store_audit_head *row,
		  struct audit_head *head_out)
{
	struct audit_head head = { 0 };
	struct span part;
	uint64_t version = 0;
	uint64_t at_unix_ms = 0;
	size_t at = 0;

	if (!audit_take_number(row->body, &at, 1, &version) ||
	    version != HEAD_VERSION ||
	    !audit_take_number(row->body, &at, 8, &head.number) ||
	    !audit_take_number(row->body, &at, 8, &head.rows) ||
	    !audit_take_number(row->body, &at, 8, &at_unix_ms) ||
	    !audit_take(row->body, &at, DIGEST_BYTES, &part))
		return false;
	head.at_unix_ms = (int64_t)at_unix_ms;
	memcpy(head.root, part.ptr, DIGEST_BYTES);
	head.tree.count = head.rows;
	for (size_t i = 0; i < audit_tree_root_count(&head.tree); i++) {
		if (!audit_take(row->body, &at, DIGEST_BYTES, &part))
			return false;
		memcpy(head.tree.roots[i], part.ptr, DIGEST_BYTES);
	}
	if (!span_cut(row->body, 0, at, &head.sealed) ||
	    !audit_take(row->body, &at, DIGEST_BYTES, &part) ||
	    at != row->body.len_bytes || head.rows != row->seq)
		return false;
	memcpy(head.mac, part.ptr, DIGEST_BYTES);
	*head_out = head;
	return true;
}

enum status
audit_head_check(const struct audit_head *head, const uint8_t key[DIGEST_BYTES],
		 bool *fits_out, struct err *err)
{
	uint8_t want[DIGEST_BYTES];
	const enum status st = hmac_once((struct span){ key, DIGEST_BYTES },
					 head->sealed, want, err);

	if (st == ST_OK)
		*fits_out = secret_equal(
			(struct span){ want, sizeof(want) },
			(struct span){ head->mac, sizeof(head->mac) });
	return st;
}

enum status
audit_key_next(uint8_t key[DIGEST_BYTES], struct err *err)
{
	uint8_t next[DIGEST_BYTES];
	const enum status st = hmac_once((struct span){ key, DIGEST_BYTES },
					 span_of("next"), next, err);

	if (st == ST_OK)
		memcpy(key, next, DIGEST_BYTES);
	explicit_bzero(next, sizeof(next));
	return st;
}

/* The stored key, when it is that of head number. ST_NOT_FOUND: it is not. */
static enum status
seal_key_kept(struct store *store, const struct key_ring *ring, uint64_t number,
	      uint8_t key[DIGEST_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf row;
	struct span part = { 0 };
	uint64_t kept = 0;
	size_t at = 0;
	enum status st = ST_OK;

	sbuf_init(&boxed, 256);
	sbuf_init_secret(&row, KEY_ROW_BYTES);
	st = store_meta_find(store, key_row, &boxed, err);
	if (st == ST_OK)
		st = key_ring_unbox(ring, key_context, sbuf_span(&boxed), &row,
				    err);
	if (st == ST_FORMAT || st == ST_LIMIT)
		return ST_NOT_FOUND;
	if (st != ST_OK)
		return st;
	if (!audit_take_number(sbuf_span(&row), &at, 8, &kept) ||
	    !audit_take(sbuf_span(&row), &at, DIGEST_BYTES, &part) ||
	    kept != number)
		return ST_NOT_FOUND;
	memcpy(key, part.ptr, DIGEST_BYTES);
	return ST_OK;
}

/* The key of head number, from the kept one or from the beginning. */
static enum status
seal_key_of(struct store *store, const struct key_ring *ring, uint64_t number,
	    uint8_t key[DIGEST_BYTES], struct err *err)
{
	enum status st = seal_key_kept(store, ring, number, key, err);

	if (st != ST_NOT_FOUND)
		return st;
	st = key_ring_audit_key(ring, store, key, err);
	for (uint64_t i = 0; st == ST_OK && i < number; i++)
		st = audit_key_next(key, err);
	return st;
}

static enum status
seal_key_put(struct store *store, const struct key_ring *ring, uint64_t number,
	     const uint8_t key[DIGEST_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf row;
	enum status st = ST_OK;

	sbuf_init(&boxed, 256);
	sbuf_init_secret(&row, KEY_ROW_BYTES);
	audit_add_number(&row, number, 8);
	sbuf_add(&row, key, DIGEST_BYTES);
	st = sbuf_status(&row, "audit", err);
	if (st == ST_OK)
		st = key_ring_box(ring, key_context, sbuf_span(&row), &boxed,
				  err);
	return st == ST_OK
		       ? store_meta_put(store, key_row, sbuf_span(&boxed), err)
		       : st;
}

static enum status
seal_write_head(struct store *store, const struct audit_tree *tree,
		uint64_t number, const uint8_t key[DIGEST_BYTES],
		struct err *err)
{
	AUTO(sbuf_done) struct sbuf body;
	uint8_t hash[DIGEST_BYTES];
	enum status st = audit_tree_head(tree, hash, err);

	sbuf_init(&body, HEAD_MAX_BYTES);
	sbuf_add_byte(&body, HEAD_VERSION);
	audit_add_number(&body, number, 8);
	audit_add_number(&body, tree->count, 8);
	audit_add_number(&body, (uint64_t)clock_unix_ms(), 8);
	sbuf_add(&body, hash, sizeof(hash));
	sbuf_add(&body, tree->roots,
		 audit_tree_root_count(tree) * DIGEST_BYTES);
	if (st == ST_OK)
		st = sbuf_status(&body, "audit", err);
	if (st == ST_OK)
		st = hmac_once((struct span){ key, DIGEST_BYTES },
			       sbuf_span(&body), hash, err);
	if (st != ST_OK)
		return st;
	sbuf_add(&body, hash, sizeof(hash));
	st = sbuf_status(&body, "audit", err);
	const struct store_audit_head row = { .seq = tree->count,
					      .body = sbuf_span(&body) };

	return st == ST_OK ? store_head_insert(store, &row, err) : st;
}

static enum status
seal_last_head(void *context, const struct store_audit_head *row,
	       struct err *err)
{
	struct audit_tree *tree = context;
	struct audit_head head;

	if (!audit_head_decode(row, &head))
		return err_set(err, ST_FORMAT,
			       "audit: the tree head at row %" PRIu64
			       " is damaged",
			       row->seq);
	*tree = head.tree;
	return ST_OK;
}

static enum status
seal_add_row(void *context, const struct store_audit_row *row, struct err *err)
{
	struct audit_tree *tree = context;

	if (row->seq != tree->count + 1)
		return err_set(err, ST_FORMAT,
			       "audit: row %" PRIu64 " is missing",
			       tree->count + 1);
	return audit_tree_add(tree, row->hash, err);
}

enum status
audit_seal(struct store *store, const struct key_ring *ring, struct err *err)
{
	struct audit_tree tree = { 0 };
	struct audit_tip tip = { 0 };
	uint8_t key[DIGEST_BYTES];
	enum status st = audit_tip_find(store, ring, &tip, err);

	if (st == ST_NOT_FOUND)
		return ST_OK; /* no rows of ours yet */
	if (st == ST_OK)
		st = store_head_last(store, seal_last_head, &tree, err);
	if (st != ST_OK || tree.count >= tip.rows)
		return st;
	const struct store_audit_query query = {
		.from_seq = tree.count + 1,
		.limit = tip.rows - tree.count,
	};

	st = store_audit_each(store, &query, seal_add_row, &tree, err);
	if (st == ST_OK && tree.count != tip.rows)
		st = err_set(err, ST_FORMAT,
			     "audit: row %" PRIu64 " is missing",
			     tree.count + 1);
	if (st == ST_OK)
		st = seal_key_of(store, ring, tip.heads, key, err);
	if (st == ST_OK)
		st = seal_write_head(store, &tree, tip.heads, key, err);
	if (st == ST_OK)
		st = audit_key_next(key, err);
	if (st == ST_OK)
		st = seal_key_put(store, ring, tip.heads + 1, key, err);
	explicit_bzero(key, sizeof(key));
	tip.heads++;
	return st == ST_OK ? audit_tip_put(store, ring, &tip, err) : st;
}
