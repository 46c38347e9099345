#include "vault/case/link_again.h"

#include <string.h>

#include "vault/store/store_link.h"

enum {
	/* What is sent again later, byte for byte, is meant to be: such as the
	 * mail of a nightly job that gives it neither Date nor Message-Id. */
	AGAIN_MOST_MS = 12 * 3600 * 1000
};

bool
link_again_is(const struct store_case *row)
{
	return row->state == CASE_STATE_RELEASING ||
	       row->state == CASE_STATE_RELEASED;
}

/* --- does everybody have it? ------------------------------------------- */

struct again_link {
	const uint8_t *recipient;
	bool lives;
};

static enum status
again_lives(void *context, const struct store_link *row, struct err *err)
{
	struct again_link *link = context;

	(void)err;
	link->lives |= row->kind == LINK_KIND_RECIPIENT &&
		       row->ended_unix_ms == 0 &&
		       memcmp(row->recipient, link->recipient,
			      sizeof(row->recipient)) == 0;
	return link->lives ? ST_END : ST_OK;
}

/* ST_NOT_FOUND: the first mail gives this one nothing (any more). */
static enum status
again_gets(struct vault *vault, const struct store_case *row,
	   const char *address, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient recipient = { .index = 0 };
	struct again_link link = { .recipient = recipient.address_mac };
	enum status st = record_find_recipient(vault, row->id, address,
					       &recipient, &arena, err);

	if (st != ST_OK)
		return st;
	if (recipient.outcome == CASE_OUTCOME_WAITING ||
	    recipient.outcome == CASE_OUTCOME_DELIVERED)
		return ST_OK;
	if (recipient.outcome == CASE_OUTCOME_LINK)
		st = store_link_each(vault->store, row->id, again_lives, &link,
				     err);
	return st == ST_OK && !link.lives ? err_set(err, ST_NOT_FOUND, "again")
					  : st;
}

static enum status
again_all(struct vault *vault, const struct store_case *row,
	  const struct case_detail *detail, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < detail->recipient_count; i++)
		st = again_gets(vault, row, detail->recipients[i].address, err);
	return st;
}

/* --- which case -------------------------------------------------------- */

/* ST_NOT_FOUND: people decided, or it is no case of links. */
static enum status
again_by_rule(struct vault *vault, const struct store_case *row,
	      struct err *err)
{
	AUTO(record_done) struct record record;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, row->id, &record, err);
	if (st == ST_OK && (record.row.decision.len_bytes > 0 ||
			    !record.summary.terms.link.at_once))
		return err_set(err, ST_NOT_FOUND, "again");
	return st;
}

enum status
link_again_find(struct vault *vault, const uint8_t content[STORE_HASH_BYTES],
		const struct case_detail *detail, struct store_case *row_out,
		struct err *err)
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	const int64_t join_ms = vault->config->vault.retry_join_s * 1000;
	const int64_t since_unix_ms =
		vault->now_unix_ms -
		(join_ms < AGAIN_MOST_MS ? join_ms : AGAIN_MOST_MS);
	enum status st = store_case_find_released(vault->store, content,
						  since_unix_ms, &row, err);

	if (st == ST_OK)
		st = again_by_rule(vault, &row, err);
	if (st == ST_OK)
		st = again_all(vault, &row, detail, err);
	if (st != ST_OK)
		return st;
	*row_out = row;
	row.memory = NULL; /* it is the caller's now */
	return ST_OK;
}

enum status
link_again_note(struct vault *vault, const struct store_case *row,
		struct err *err)
{
	const struct vault_deed deed = { .actor = "milter",
					 .via = "milter",
					 .event = "seen-again",
					 .case_id = row->id };

	return vault_audit(vault, &deed, err);
}
