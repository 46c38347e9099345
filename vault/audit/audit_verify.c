/* audit_verify.c - is the log as it was written? Contract: audit.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vault/audit/audit_row.h"
#include "vault/audit/audit_seal.h"
#include "vault/keys/key_ring_audit.h"

enum { VERIFY_MAX_HEADS = 50 * 1000 * 1000 };

/* What a head says about the rows; kept for when they come by. */
struct verify_head {
	uint64_t rows;
	uint8_t root[DIGEST_BYTES];
};

struct verify {
	struct audit_finding *finding;
	bool sealed; /* seals can be checked: there is a ring */
	struct audit_tip tip;
	uint8_t key[DIGEST_BYTES];
	struct sbuf heads; /* struct verify_head each */
	uint64_t head_count;
	uint64_t heads_seen; /* by the rows */
	uint64_t head_rows;  /* of the last head */
	struct audit_tree tree;
	uint8_t before[DIGEST_BYTES];
};

/* Note the first thing that is wrong; ST_END stops the walk. */
static enum status
verify_bad(struct verify *verify, uint64_t seq, const char *reason)
{
	struct audit_finding *finding = verify->finding;

	if (finding->intact) {
		finding->intact = false;
		finding->bad_seq = seq;
		(void)snprintf(finding->reason, sizeof(finding->reason),
			       "row %" PRIu64 ": %s", seq, reason);
	}
	return ST_END;
}

/*
 * A head whose number is too high: were the ones before it taken away? Then
 * its seal fits the key of its number.
 */
static enum status
verify_is_gap(const struct verify *verify, const struct audit_head *head,
	      bool *gap_out, struct err *err)
{
	uint8_t key[DIGEST_BYTES];
	enum status st = ST_OK;

	*gap_out = !verify->sealed;
	if (!verify->sealed || head->number < verify->head_count ||
	    head->number >= verify->tip.heads)
		return ST_OK;
	memcpy(key, verify->key, sizeof(key));
	for (uint64_t i = verify->head_count; st == ST_OK && i < head->number;
	     i++)
		st = audit_key_next(key, err);
	if (st == ST_OK)
		st = audit_head_check(head, key, gap_out, err);
	explicit_bzero(key, sizeof(key));
	return st;
}

static enum status
verify_head_seal(struct verify *verify, const struct audit_head *head,
		 struct err *err)
{
	bool fits = head->number == verify->head_count;
	bool gap = false;
	enum status st = ST_OK;

	if (!fits)
		st = verify_is_gap(verify, head, &gap, err);
	else if (verify->sealed)
		st = audit_head_check(head, verify->key, &fits, err);
	if (st != ST_OK)
		return st;
	if (gap)
		return verify_bad(verify, verify->head_rows + 1,
				  "a tree head behind it is missing");
	if (!fits)
		return verify_bad(verify, head->rows,
				  "the seal of its tree head does not fit");
	/* The next head must be sealed with the next key, not with this. */
	return audit_key_next(verify->key, err);
}

static enum status
verify_one_head(void *context, const struct store_audit_head *row,
		struct err *err)
{
	struct verify *verify = context;
	struct audit_head head;
	struct verify_head kept;
	enum status st = ST_OK;

	if (!audit_head_decode(row, &head))
		return verify_bad(verify, row->seq, "its tree head is damaged");
	st = verify_head_seal(verify, &head, err);
	if (st != ST_OK)
		return st;
	kept.rows = head.rows;
	memcpy(kept.root, head.root, DIGEST_BYTES);
	sbuf_add(&verify->heads, &kept, sizeof(kept));
	verify->head_count++;
	verify->head_rows = head.rows;
	return sbuf_status(&verify->heads, "audit", err);
}

static enum status
verify_root(struct verify *verify, uint64_t seq, struct err *err)
{
	struct verify_head head;
	uint8_t root[DIGEST_BYTES];
	enum status st = ST_OK;

	if (verify->heads_seen == verify->head_count)
		return ST_OK;
	memcpy(&head, verify->heads.bytes + verify->heads_seen * sizeof(head),
	       sizeof(head));
	if (head.rows != seq)
		return ST_OK;
	verify->heads_seen++;
	st = audit_tree_head(&verify->tree, root, err);
	if (st == ST_OK && memcmp(root, head.root, sizeof(root)) != 0)
		return verify_bad(verify, seq,
				  "the tree up to here does not fit its head");
	return st;
}

static enum status
verify_one_row(void *context, const struct store_audit_row *row,
	       struct err *err)
{
	struct verify *verify = context;
	const uint64_t seq = verify->finding->rows + 1;
	uint8_t hash[DIGEST_BYTES];
	enum status st = ST_OK;

	if (row->seq != seq)
		return verify_bad(verify, seq, "it is missing");
	st = audit_row_hash(row, verify->before, hash, err);
	if (st == ST_OK && memcmp(hash, row->hash, sizeof(hash)) != 0)
		return verify_bad(verify, seq,
				  "its hash does not fit its content and the "
				  "row before");
	if (st == ST_OK)
		st = audit_tree_add(&verify->tree, row->hash, err);
	if (st == ST_OK)
		st = verify_root(verify, seq, err);
	if (st == ST_OK && verify->sealed && seq == verify->tip.rows &&
	    memcmp(hash, verify->tip.hash, sizeof(hash)) != 0)
		return verify_bad(verify, seq, "it is not what the tip says");
	if (st != ST_OK)
		return st;
	memcpy(verify->before, hash, sizeof(hash));
	verify->finding->rows = seq;
	return ST_OK;
}

static enum status
verify_below(void *context, const struct store_audit_row *row, struct err *err)
{
	struct verify *verify = context;

	(void)row;
	(void)err;
	return verify_bad(verify, 0, "nothing has this number or a lower one");
}

/* What is too little or too much at the end. */
static void
verify_end(struct verify *verify)
{
	const uint64_t rows = verify->finding->rows;

	if (!verify->finding->intact)
		return;
	if (rows < verify->head_rows ||
	    (verify->sealed && rows < verify->tip.rows))
		(void)verify_bad(verify, rows + 1,
				 "it is missing: the log was cut off");
	else if (verify->sealed && rows > verify->tip.rows)
		(void)verify_bad(verify, verify->tip.rows + 1,
				 "it was not written by the vault");
	else if (verify->sealed && verify->head_count != verify->tip.heads)
		(void)verify_bad(verify, verify->head_rows + 1,
				 "a tree head behind it is missing");
}

static enum status
verify_prepare(struct verify *verify, struct store *store,
	       const struct key_ring *ring, struct err *err)
{
	enum status st = ST_OK;

	if (ring == NULL) {
		(void)snprintf(verify->finding->reason,
			       sizeof(verify->finding->reason),
			       "the vault is locked: seals were not checked");
		return ST_OK;
	}
	verify->sealed = true;
	st = audit_tip_find(store, ring, &verify->tip, err);
	if (st == ST_FORMAT) {
		verify->finding->intact = false;
		(void)snprintf(verify->finding->reason,
			       sizeof(verify->finding->reason),
			       "the tip of the log was changed");
		return ST_OK;
	}
	if (st == ST_OK || st == ST_NOT_FOUND)
		st = key_ring_audit_key(ring, store, verify->key, err);
	return st;
}

enum status
audit_verify(struct store *store, const struct key_ring *ring,
	     struct audit_finding *finding_out, struct err *err)
{
	static const struct store_audit_query all = { .from_seq = 1,
						      .limit = UINT64_MAX };
	static const struct store_audit_query below = { .from_seq = 1,
							.newest_first = true,
							.limit = 1 };
	struct audit_finding finding = { .intact = true };
	struct verify verify = { .finding = &finding };
	enum status st = ST_OK;

	sbuf_init(&verify.heads, VERIFY_MAX_HEADS * sizeof(struct verify_head));
	st = verify_prepare(&verify, store, ring, err);
	/* Rows first to be named: a head is looked at again with its row. */
	if (st == ST_OK && finding.intact)
		st = store_head_each(store, verify_one_head, &verify, err);
	const struct audit_finding heads = finding;

	finding.intact = true;
	if (st == ST_OK)
		st = store_audit_each(store, &all, verify_one_row, &verify,
				      err);
	if (st == ST_OK && heads.intact)
		verify_end(&verify);
	else if (st == ST_OK && finding.intact) {
		const uint64_t rows = finding.rows;

		finding = heads;
		finding.rows = rows;
	}
	if (st == ST_OK && finding.intact)
		st = store_audit_each(store, &below, verify_below, &verify,
				      err);
	sbuf_done(&verify.heads);
	explicit_bzero(verify.key, sizeof(verify.key));
	if (st == ST_OK)
		*finding_out = finding;
	return st;
}
