#include "vault/case/memory.h"

#include "vault/case/case_index.h"
#include "vault/case/domains.h"
#include "vault/case/looks.h"
#include "vault/case/passwords.h"
#include "vault/case/reveal.h"
#include "vault/case/words_pool.h"

enum status
vault_memory_init(struct vault_memory *memory, struct err *err)
{
	enum status st = ST_OK;

	*memory = (struct vault_memory){ .index = NULL };
	st = case_index_new(INDEX_MAX_TEXT_BYTES, &memory->index, err);
	if (st == ST_OK)
		st = looks_new(&memory->looks, err);
	if (st == ST_OK)
		st = reveals_new(REVEAL_LAST_MS, &memory->reveals, err);
	if (st == ST_OK)
		st = domains_new(&memory->domains, err);
	if (st == ST_OK)
		st = words_pool_new(&memory->words, err);
	if (st == ST_OK)
		st = passwords_new(&memory->passwords, err);
	if (st != ST_OK)
		vault_memory_done(memory);
	return st;
}

void
vault_memory_done(struct vault_memory *memory)
{
	case_index_free(&memory->index);
	looks_free(&memory->looks);
	reveals_free(&memory->reveals);
	domains_free(&memory->domains);
	words_pool_free(&memory->words);
	passwords_free(&memory->passwords);
}
