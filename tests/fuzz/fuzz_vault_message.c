/*
 * libFuzzer target for the messages of vault/client: the first byte names a
 * request (or the detail of a case, or an address), the rest is its payload.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "vault/client/identity.h"
#include "vault/client/vault_messages.h"

enum { FUZZ_ROOM_BYTES = 1 << 20, FUZZ_MESSAGE_BYTES = 8192 };

static const struct wire_table *const tables[] = {
	&case_detail_table,
#define REQUEST(symbol, number, request, answer, peers, roles) \
	&vault_table_##symbol, &vault_table_##symbol##_answer,
#include "vault/client/vault_requests.def"
#undef REQUEST
	&vault_table_failure,
};

/* What was let in can be sent on, and is then the same bytes. */
static void
fuzz_message(const struct wire_table *table, struct span payload)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	_Alignas(16) uint8_t message[FUZZ_MESSAGE_BYTES] = { 0 };
	struct sbuf again;

	FUZZ_PROMISE(table->struct_bytes <= sizeof(message));
	if (wire_decode(table, payload, message, &arena, NULL) != ST_OK)
		return;
	sbuf_init(&again, FUZZ_ROOM_BYTES);
	FUZZ_PROMISE(wire_encode(table, message, &again, NULL) == ST_OK);
	FUZZ_PROMISE(again.len_bytes == payload.len_bytes &&
		     memcmp(again.bytes, payload.ptr, payload.len_bytes) == 0);
	sbuf_done(&again);
}

/* Whoever has a name is themselves. */
static void
fuzz_identity(struct span value)
{
	char text[2000];
	struct sbuf once;

	if (value.len_bytes >= sizeof(text) ||
	    memchr(value.ptr, 0, value.len_bytes) != NULL)
		return;
	memcpy(text, value.ptr, value.len_bytes);
	text[value.len_bytes] = '\0';
	sbuf_init(&once, FUZZ_ROOM_BYTES);
	identity_canonical(NULL, text, &once);
	if (identity_local_part(sbuf_span(&once)).len_bytes > 0)
		FUZZ_PROMISE(identity_same(NULL, text, text));
	sbuf_done(&once);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span whole = { data, size };
	struct span rest = { NULL, 0 };

	if (size < 2 || size > FUZZ_ROOM_BYTES)
		return 0;
	(void)span_cut(whole, 1, size - 1, &rest);
	if (data[0] < sizeof(tables) / sizeof(tables[0]))
		fuzz_message(tables[data[0]], rest);
	else
		fuzz_identity(rest);
	return 0;
}
