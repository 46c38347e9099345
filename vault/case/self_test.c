#include "vault/case/self_test.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/base32.h"
#include "lib/base/log.h"
#include "lib/base/parse.h"

enum { SELF_TEST_RANDOM_BYTES = 20, SELF_TEST_ROW_BYTES = 1024 };

static const char row_name[] = "self_test";

/* In clear: times, HMACs. */
struct self_test_row {
	uint8_t ticket[STORE_HASH_BYTES];
	uint8_t content[STORE_HASH_BYTES]; /* of its hold; zeros: not held */
	int64_t sent_unix_ms;
	int64_t held_unix_ms;
	uint64_t late_after_ms;
	bool open;    /* waits for its hold */
	bool alarmed; /* that it is late is on record */
};
static const struct wire_field row_fields[] = {
	WIRE_FIXED_F(struct self_test_row, ticket),
	WIRE_FIXED_F(struct self_test_row, content),
	WIRE_I64_F(struct self_test_row, sent_unix_ms),
	WIRE_I64_F(struct self_test_row, held_unix_ms),
	WIRE_U64_F(struct self_test_row, late_after_ms, 0, UINT32_MAX),
	WIRE_BOOL_F(struct self_test_row, open),
	WIRE_BOOL_F(struct self_test_row, alarmed),
};
static WIRE_TABLE(self_test_row_table, 0x0315, 1, self_test_row, row_fields);

static enum status
read_row(struct vault *vault, struct self_test_row *row, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct sbuf bytes;
	enum status st = ST_OK;

	*row = (struct self_test_row){ .open = false };
	sbuf_init(&bytes, SELF_TEST_ROW_BYTES);
	st = store_meta_find(vault->store, row_name, &bytes, err);
	if (st == ST_OK)
		st = wire_decode(&self_test_row_table, sbuf_span(&bytes), row,
				 &arena, err);
	sbuf_done(&bytes);
	/* No mail waits for a damaged one: it is none. */
	if (st == ST_FORMAT || st == ST_LIMIT || st == ST_NOT_FOUND) {
		*row = (struct self_test_row){ .open = false };
		return ST_OK;
	}
	return st;
}

static enum status
write_row(struct vault *vault, const struct self_test_row *row, struct err *err)
{
	struct sbuf bytes;
	enum status st = ST_OK;

	sbuf_init(&bytes, SELF_TEST_ROW_BYTES);
	st = wire_encode(&self_test_row_table, row, &bytes, err);
	if (st == ST_OK)
		st = store_meta_put(vault->store, row_name, sbuf_span(&bytes),
				    err);
	sbuf_done(&bytes);
	return st;
}

static enum status
mac_ticket(const struct vault *vault, struct span ticket,
	   uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_DEDUPE, "self-test", ticket, out, err);
}

static enum status
mac_content(const struct vault *vault, const struct vault_hold *request,
	    uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_CONTENT, "self-test",
			 (struct span){ request->content_digest,
					sizeof(request->content_digest) },
			 out, err);
}

/* Once late, so is the next one from its start on: an alarm ends with a hold
 * and not with another try. */
static bool
is_late(const struct self_test_row *row, int64_t now_unix_ms)
{
	return row->open &&
	       (row->alarmed ||
		now_unix_ms - row->sent_unix_ms > (int64_t)row->late_after_ms);
}

enum status
self_test_watch(struct vault *vault, struct err *err)
{
	const struct vault_deed deed = { .actor = "timer",
					 .via = "vault",
					 .event = "self-test-late" };
	struct self_test_row row;
	enum status st = read_row(vault, &row, err);

	if (st != ST_OK || row.alarmed || !is_late(&row, vault->now_unix_ms))
		return st;
	log_event(LOG_LEVEL_ERROR, "self_test_late", NULL);
	row.alarmed = true;
	st = write_row(vault, &row, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

enum status
self_test_begin(struct vault *vault, const struct vault_self_test *request,
		char ticket_out[VAULT_SELF_TEST_BYTES], struct err *err)
{
	struct self_test_row row;
	uint8_t bytes[SELF_TEST_RANDOM_BYTES];
	struct sbuf text;
	enum status st = vault_need_ring(vault, err);

	sbuf_init_secret(&text, VAULT_SELF_TEST_BYTES - 1);
	/* The timer may not have come by since the last one was late. */
	if (st == ST_OK)
		st = self_test_watch(vault, err);
	if (st == ST_OK)
		st = read_row(vault, &row, err);
	if (st == ST_OK)
		st = random_fill(bytes, sizeof(bytes), err);
	if (st == ST_OK) {
		format_base32(&text, (struct span){ bytes, sizeof(bytes) });
		st = sbuf_status(&text, "vault: ticket", err);
	}
	if (st == ST_OK)
		st = mac_ticket(vault, sbuf_span(&text), row.ticket, err);
	if (st == ST_OK) {
		memset(row.content, 0, sizeof(row.content));
		row.sent_unix_ms = vault->now_unix_ms;
		row.late_after_ms = (uint64_t)request->late_after_s * 1000;
		row.alarmed = row.open && row.alarmed;
		row.open = true;
		st = write_row(vault, &row, err);
	}
	if (st == ST_OK)
		(void)snprintf(ticket_out, VAULT_SELF_TEST_BYTES, "%s",
			       sbuf_text(&text));
	sbuf_done(&text);
	return st;
}

enum status
self_test_redeem(struct vault *vault, const struct vault_hold *request,
		 bool *ours_out, struct err *err)
{
	static const uint8_t none[STORE_HASH_BYTES];
	struct self_test_row row;
	uint8_t ticket[STORE_HASH_BYTES];
	uint8_t content[STORE_HASH_BYTES];
	enum status st = ST_OK;

	*ours_out = false;
	if (request->self_test.len_bytes == 0)
		return ST_OK;
	st = read_row(vault, &row, err);
	if (st == ST_OK)
		st = mac_ticket(vault, request->self_test, ticket, err);
	if (st == ST_OK)
		st = mac_content(vault, request, content, err);
	if (st != ST_OK)
		return st;
	if (row.sent_unix_ms == 0 ||
	    vault->now_unix_ms - row.sent_unix_ms > SELF_TEST_LIFE_MS ||
	    !secret_equal((struct span){ row.ticket, sizeof(row.ticket) },
			  (struct span){ ticket, sizeof(ticket) }))
		return ST_OK;
	/* Once; but the MTA may not have heard our answer. */
	if (!row.open && memcmp(row.content, content, sizeof(content)) != 0)
		return ST_OK;
	if (memcmp(row.content, none, sizeof(none)) == 0)
		memcpy(row.content, content, sizeof(content));
	row.open = false;
	row.held_unix_ms = vault->now_unix_ms;
	*ours_out = true;
	return write_row(vault, &row, err);
}

enum status
self_test_find(struct vault *vault, struct self_test_facts *facts_out,
	       struct err *err)
{
	struct self_test_row row;
	const enum status st = read_row(vault, &row, err);

	if (st != ST_OK)
		return st;
	facts_out->sent_unix_ms = row.sent_unix_ms;
	facts_out->held_unix_ms = row.held_unix_ms;
	facts_out->late = is_late(&row, vault->now_unix_ms);
	return ST_OK;
}
