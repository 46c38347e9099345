/*
 * readers.h - a few READ connections, lent out one request at a time.
 *
 * Layer:    vault/server
 * Threads:  any, but for readers_done()
 */
#ifndef VAULT_SERVER_READERS_H
#define VAULT_SERVER_READERS_H

#include "vault/server/core.h"

enum { READERS_MAX = 8 };

struct readers {
	struct core *core;
	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t returned;
	struct store *idle[READERS_MAX];
	size_t idle_count;
	size_t lent_count;
};

MUST_CHECK enum status
readers_init(struct readers *readers, struct core *core, struct err *err);
void readers_done(struct readers *readers);

/* Waits for one. Gives: *store_out, to be handed back. */
MUST_CHECK enum status readers_take(struct readers *readers,
				    struct store **store_out, struct err *err);
/* failed: the connection is not to be used again. */
enum readers_condition { READERS_NONE = 0, READERS_SOUND, READERS_FAILED };
void readers_give(struct readers *readers, struct store **store,
		  enum readers_condition condition);

#endif
