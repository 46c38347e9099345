/*
 * memory.h - what the vault knows and no store keeps.
 *
 * Layer:    vault/case
 * Threads:  any; each thing has a lock of its own
 *
 * All of it may be lost at any time. NULL members are allowed: then nothing
 * is known, and nothing is kept.
 */
#ifndef VAULT_CASE_MEMORY_H
#define VAULT_CASE_MEMORY_H

#include <stdbool.h>

#include "lib/base/status.h"

struct vault_memory {
	struct case_index *index;    /* case_index.h */
	struct looks *looks;         /* looks.h */
	struct reveals *reveals;     /* reveal.h */
	struct domains *domains;     /* domains.h */
	struct words_pool *words;    /* words_pool.h */
	struct passwords *passwords; /* passwords.h */
	bool links_looked;           /* link_lost.h; the writer's */
};

MUST_CHECK enum status
vault_memory_init(struct vault_memory *memory, struct err *err);
/* Wipes what was in it. */
void vault_memory_done(struct vault_memory *memory);

#endif
