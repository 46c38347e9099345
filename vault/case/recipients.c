#include "vault/case/record.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

/* Boxed in store_recipient.boxed. */
struct recipient_box {
	const char *address;
	const char *esmtp_args;
	const char *last_reply;
};

static const struct wire_field box_fields[] = {
	WIRE_TEXT_F(struct recipient_box, address, 1, CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct recipient_box, esmtp_args, 0, CASE_MAX_ARGS_BYTES),
	WIRE_TEXT_F(struct recipient_box, last_reply, 0, 600),
};
static WIRE_TABLE(recipient_box_table, 0x0312, 1, recipient_box, box_fields);

enum {
	RECIPIENT_BOX_BYTES = 8192,
	RECIPIENTS_TEXT_BYTES = VAULT_MAX_COMMENT_BYTES - 200,
	RECIPIENTS_FIRST = 16
};

enum status
record_mac_exactly(const struct vault *vault, const char *address,
		   uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_ADDRESS, "recipient", span_of(address),
			 out, err);
}

enum status
record_mac_recipient(const struct vault *vault, const char *address,
		     uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	char folded[CASE_MAX_ADDRESS_BYTES + 1];
	const char *at = strrchr(address, '@');
	const size_t local = at != NULL ? (size_t)(at - address) : 0;

	/* What stands before the '@' is its own server's. */
	if (at == NULL || strlen(address) >= sizeof(folded))
		return record_mac_exactly(vault, address, out, err);
	memcpy(folded, address, local);
	vault_lower(at, folded + local, sizeof(folded) - local);
	return record_mac_exactly(vault, folded, out, err);
}

void
record_recipients_done(struct record_recipients *list)
{
	wire_arena_free(&list->arena);
	free(list->items);
	*list = (struct record_recipients){ .arena = NULL };
}

struct recipients_load {
	struct vault *vault;
	struct record_recipients *list;
	size_t room;
};

static enum status
load_texts(struct recipients_load *load, struct span boxed,
	   struct record_recipient *to, struct err *err)
{
	struct recipient_box box = { NULL, NULL, NULL };
	struct wire_arena *memory = load->list->arena;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = vault_unbox(load->vault, &recipient_box_table,
					   boxed, &box, &arena, err);

	if (st != ST_OK)
		return st;
	to->address = wire_arena_text(memory, span_of(box.address));
	to->esmtp_args = wire_arena_text(memory, span_of(box.esmtp_args));
	to->last_reply = wire_arena_text(memory, span_of(box.last_reply));
	if (to->address == NULL || to->esmtp_args == NULL ||
	    to->last_reply == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

static enum status
load_recipient(void *context, const struct store_recipient *row,
	       struct err *err)
{
	struct recipients_load *load = context;
	struct record_recipients *list = load->list;
	struct record_recipient *to = NULL;

	if (list->count == load->room) {
		const size_t room =
			load->room > 0 ? load->room * 2 : RECIPIENTS_FIRST;
		struct record_recipient *items =
			reallocarray(list->items, room, sizeof(*items));

		if (items == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		list->items = items;
		load->room = room;
	}
	to = &list->items[list->count];
	*to = (struct record_recipient){ .index = row->index,
					 .outcome = row->outcome,
					 .reply_code = row->reply_code };
	memcpy(to->address_mac, row->address, sizeof(to->address_mac));

	const enum status st = load_texts(load, row->boxed, to, err);

	if (st == ST_OK)
		list->count++;
	return st;
}

enum status
record_recipients(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
		  enum case_outcome outcome, struct record_recipients *list,
		  struct err *err)
{
	struct recipients_load load = { vault, list, 0 };

	list->arena = wire_arena_new();
	if (list->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return store_recipient_each(vault->store, case_id, outcome,
				    load_recipient, &load, err);
}

enum status
record_owed(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	    struct record_recipients *list, struct err *err)
{
	struct recipients_load load = { vault, list, 0 };

	list->arena = wire_arena_new();
	if (list->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return store_recipient_each_unlinked(vault->store, case_id,
					     load_recipient, &load, err);
}

/* mac_out: as new rows have it. */
static enum status
find_row(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	 const char *address, uint8_t mac_out[STORE_HASH_BYTES],
	 struct store_recipient *row, struct err *err)
{
	uint8_t exact[STORE_HASH_BYTES];
	enum status st = record_mac_recipient(vault, address, mac_out, err);

	if (st == ST_OK)
		st = record_mac_exactly(vault, address, exact, err);
	if (st == ST_OK)
		st = store_recipient_find(vault->store, case_id, mac_out, row,
					  err);
	return st == ST_NOT_FOUND ? store_recipient_find(vault->store, case_id,
							 exact, row, err)
				  : st;
}

enum status
record_find_recipient(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
		      const char *address, struct record_recipient *out,
		      struct wire_arena **arena_out, struct err *err)
{
	AUTO(store_recipient_done)
	struct store_recipient row = { .memory = NULL };
	struct recipient_box box = { NULL, NULL, NULL };
	uint8_t mac[STORE_HASH_BYTES];
	enum status st = find_row(vault, case_id, address, mac, &row, err);

	if (st == ST_OK)
		st = vault_unbox(vault, &recipient_box_table, row.boxed, &box,
				 arena_out, err);
	if (st != ST_OK)
		return st;
	*out = (struct record_recipient){ .index = row.index,
					  .outcome = row.outcome,
					  .reply_code = row.reply_code,
					  .address = box.address,
					  .esmtp_args = box.esmtp_args,
					  .last_reply = box.last_reply };
	memcpy(out->address_mac, row.address, sizeof(out->address_mac));
	return ST_OK;
}

static enum status
box_recipient(struct vault *vault, const struct recipient_box *box,
	      struct store_recipient *row, struct sbuf *boxed, struct err *err)
{
	const enum status st =
		vault_box(vault, &recipient_box_table, box, boxed, err);

	row->boxed = sbuf_span(boxed);
	return st;
}

enum status
record_update_recipient(struct vault *vault,
			const uint8_t case_id[CASE_ID_BYTES],
			const struct record_recipient *recipient,
			struct err *err)
{
	struct store_recipient row = { .index = recipient->index,
				       .outcome = recipient->outcome,
				       .reply_code = recipient->reply_code };
	const struct recipient_box box = { recipient->address,
					   recipient->esmtp_args,
					   recipient->last_reply };
	struct sbuf boxed;
	enum status st = ST_OK;

	memcpy(row.case_id, case_id, sizeof(row.case_id));
	memcpy(row.address, recipient->address_mac, sizeof(row.address));
	sbuf_init(&boxed, RECIPIENT_BOX_BYTES);
	st = box_recipient(vault, &box, &row, &boxed, err);
	if (st == ST_OK)
		st = store_recipient_update(vault->store, &row, err);
	sbuf_done(&boxed);
	return st;
}

/* Insert one that may be there already. */
static enum status
insert_recipient(struct vault *vault, struct record *record,
		 const struct case_recipient *recipient, bool *added_out,
		 struct err *err)
{
	struct store_recipient row = { .index = record->row.recipient_count,
				       .outcome = CASE_OUTCOME_WAITING };
	AUTO(store_recipient_done)
	struct store_recipient found = { .memory = NULL };
	const struct recipient_box box = { recipient->address,
					   recipient->esmtp_args, "" };
	struct sbuf boxed;
	enum status st = ST_OK;

	memcpy(row.case_id, record->row.id, sizeof(row.case_id));
	st = find_row(vault, row.case_id, recipient->address, row.address,
		      &found, err);
	*added_out = st == ST_NOT_FOUND;
	if (st != ST_NOT_FOUND)
		return st;
	if (record->row.recipient_count >= CASE_MAX_RECIPIENTS)
		return err_set(err, ST_FORMAT, "too many recipients");
	sbuf_init(&boxed, RECIPIENT_BOX_BYTES);
	st = box_recipient(vault, &box, &row, &boxed, err);
	if (st == ST_OK)
		st = store_recipient_insert(vault->store, &row, err);
	sbuf_done(&boxed);
	return st;
}

/* One more address for people to read. */
static void
add_readable(struct sbuf *text, const char *address)
{
	const struct span whole = span_of(address);

	if (text->len_bytes + whole.len_bytes > RECIPIENTS_TEXT_BYTES) {
		/* The dots stand once, at the end. */
		const char *have = sbuf_text(text);
		const size_t n = text->len_bytes;

		if (n < 3 || strcmp(have + n - 3, "...") != 0)
			sbuf_add_text(text, ", ...");
		return;
	}
	if (text->len_bytes > 0)
		sbuf_add_text(text, ", ");
	vault_readable(text, address, CASE_MAX_ADDRESS_BYTES + 1);
}

enum status
record_add_recipients(struct vault *vault, struct record *record,
		      const struct case_recipient *recipients,
		      size_t recipient_count, uint32_t *added_out,
		      struct err *err)
{
	struct sbuf text;
	uint32_t added = 0;
	enum status st = ST_OK;

	sbuf_init(&text, VAULT_MAX_COMMENT_BYTES);
	sbuf_add_text(&text, record->summary.recipients_text);
	for (size_t i = 0; i < recipient_count && st == ST_OK; i++) {
		bool is_new = false;

		st = insert_recipient(vault, record, &recipients[i], &is_new,
				      err);
		if (st != ST_OK || !is_new)
			continue;
		add_readable(&text, recipients[i].address);
		record->row.recipient_count++;
		record->row.waiting_count++;
		added++;
	}
	record->summary.recipients_text =
		wire_arena_text(record->arena, sbuf_span(&text));
	if (st == ST_OK &&
	    (record->summary.recipients_text == NULL || text.st != ST_OK))
		st = err_set(err, ST_NO_MEMORY, "vault: no memory");
	sbuf_done(&text);
	if (st == ST_OK && added_out != NULL)
		*added_out = added;
	return st;
}
