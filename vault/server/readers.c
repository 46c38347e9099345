#include "vault/server/readers.h"

enum status
readers_init(struct readers *readers, struct core *core, struct err *err)
{
	*readers = (struct readers){ .core = core };
	if (pthread_mutex_init(&readers->lock, NULL) != 0 ||
	    pthread_cond_init(&readers->returned, NULL) != 0)
		return err_set(err, ST_NO_MEMORY, "vault: no locks");
	return ST_OK;
}

void
readers_done(struct readers *readers)
{
	for (size_t i = 0; i < readers->idle_count; i++)
		store_close(&readers->idle[i]);
	readers->idle_count = 0;
	(void)pthread_cond_destroy(&readers->returned);
	(void)pthread_mutex_destroy(&readers->lock);
}

enum status
readers_take(struct readers *readers, struct store **store_out, struct err *err)
{
	const struct config *config = core_config(readers->core);
	struct store *store = NULL;
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&readers->lock);
	while (readers->idle_count == 0 && readers->lent_count == READERS_MAX)
		(void)pthread_cond_wait(&readers->returned, &readers->lock);
	if (readers->idle_count > 0)
		store = readers->idle[--readers->idle_count];
	readers->lent_count++;
	(void)pthread_mutex_unlock(&readers->lock);
	if (store == NULL)
		st = store_open(config->vault.store, config->general.state_dir,
				STORE_MODE_READ, &store, err);
	if (st != ST_OK) {
		readers_give(readers, &store, READERS_FAILED);
		return st == ST_NO_MEMORY ? st : ST_IO;
	}
	*store_out = store;
	return ST_OK;
}

void
readers_give(struct readers *readers, struct store **store,
	     enum readers_condition condition)
{
	if (condition != READERS_SOUND)
		store_close(store);
	(void)pthread_mutex_lock(&readers->lock);
	readers->lent_count--;
	if (*store != NULL)
		readers->idle[readers->idle_count++] = MOVE(*store);
	(void)pthread_cond_signal(&readers->returned);
	(void)pthread_mutex_unlock(&readers->lock);
}
