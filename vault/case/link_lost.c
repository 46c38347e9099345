#include "vault/case/link_lost.h"

#include <string.h>

#include "vault/case/link_end.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_own.h"

enum { LOST_BATCH = 100 };

struct lost_search {
	const struct vault *vault;
	uint8_t ids[LOST_BATCH][LINK_ID_BYTES];
	size_t count;
};

static enum status
look_at(void *context, const struct store_link *row, struct err *err)
{
	struct lost_search *search = context;

	(void)err;
	if (!link_own_is_lost(search->vault, row))
		return ST_OK;
	memcpy(search->ids[search->count], row->id, LINK_ID_BYTES);
	search->count++;
	return search->count < LOST_BATCH ? ST_OK : ST_END;
}

/* Words that are damaged keep no link from ending. */
static enum status
end_lost(struct vault *vault, const uint8_t id[LINK_ID_BYTES], struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct link_deed deed = { .event = "key-lost",
				  .actor = "vault",
				  .via = "vault" };
	struct err why = { .st = ST_OK };
	const enum status st = store_link_find(vault->store, id, &row, err);

	if (st != ST_OK)
		return st;
	if (link_open_words(vault, &row, &words, &arena, &why) == ST_OK)
		deed.address = words.address;
	return link_end(vault, &row, LINK_STATE_FAILED, &deed, err);
}

enum status
link_lost_run(struct vault *vault, uint32_t *ended_out, struct err *err)
{
	struct lost_search search = { .vault = vault };
	enum status st = ST_OK;

	if (vault->memory == NULL || vault->memory->links_looked ||
	    !link_own_is_there(vault))
		return ST_OK;
	st = store_link_each_living(vault->store, look_at, &search, err);
	for (size_t i = 0; st == ST_OK && i < search.count; i++)
		st = end_lost(vault, search.ids[i], err);
	if (st != ST_OK)
		return st;
	*ended_out += (uint32_t)search.count;
	vault->memory->links_looked = search.count < LOST_BATCH;
	return ST_OK;
}
