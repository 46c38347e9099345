#include "vault/client/vault_init.h"

enum { INIT_BYTE_BITS = 8 };

static void
init_add_number(struct sbuf *buf, uint64_t value, unsigned len_bytes)
{
	for (unsigned i = len_bytes; i > 0; i--)
		sbuf_add_byte(buf,
			      (uint8_t)(value >> ((i - 1) * INIT_BYTE_BITS)));
}

static uint32_t
init_number(struct span bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes.len_bytes; i++)
		value = value << INIT_BYTE_BITS | bytes.ptr[i];
	return value;
}

enum status
vault_init_add(struct sbuf *buf, const struct vault_user_change *account,
	       struct err *err)
{
	AUTO(sbuf_done) struct sbuf payload;
	enum status st = ST_OK;

	sbuf_init_secret(&payload, VAULT_INIT_MAX_BYTES);
	st = wire_encode(&vault_table_USER_CHANGE, account, &payload, err);
	if (st != ST_OK)
		return st;
	init_add_number(buf, payload.len_bytes, 4);
	init_add_number(buf, vault_table_USER_CHANGE.type, 2);
	init_add_number(buf, vault_table_USER_CHANGE.version, 2);
	sbuf_add_span(buf, sbuf_span(&payload));
	return sbuf_status(buf, "accounts", err);
}

enum status
vault_init_next(struct span *rest, struct vault_user_change *account_out,
		struct wire_arena **arena_out, struct err *err)
{
	struct span bytes = { NULL, 0 };
	struct span type = { NULL, 0 };
	struct span version = { NULL, 0 };
	struct span payload = { NULL, 0 };
	enum status st = ST_OK;

	if (rest->len_bytes == 0)
		return ST_END;
	if (!span_cut(*rest, 0, 4, &bytes) || !span_cut(*rest, 4, 2, &type) ||
	    !span_cut(*rest, 6, 2, &version) ||
	    !span_cut(*rest, WIRE_HEADER_BYTES, init_number(bytes), &payload))
		return err_set(err, ST_FORMAT, "accounts: cut off");
	if (init_number(type) != vault_table_USER_CHANGE.type ||
	    init_number(version) != vault_table_USER_CHANGE.version)
		return err_set(err, ST_FORMAT,
			       "accounts: not an account of this version");
	st = wire_decode(&vault_table_USER_CHANGE, payload, account_out,
			 arena_out, err);
	if (st == ST_OK && account_out->change != USER_CHANGE_CREATE)
		st = err_set(err, ST_FORMAT, "accounts: not a new account");
	if (st != ST_OK)
		return st;
	const size_t taken = WIRE_HEADER_BYTES + payload.len_bytes;

	return span_cut(*rest, taken, rest->len_bytes - taken, rest)
		       ? ST_OK
		       : err_set(err, ST_FORMAT, "accounts: cut off");
}
