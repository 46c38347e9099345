#include "milter/links/settings.h"

#include <pthread.h>
#include <stdlib.h>

struct settings {
	pthread_mutex_t lock;
	struct settings_snapshot *now; /* the settings are one holder */
};

static enum status
snapshot_new(struct config **config_in, struct settings_snapshot **snapshot_out,
	     struct err *err)
{
	struct settings_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (snapshot == NULL)
		return err_set(err, ST_NO_MEMORY, "settings: no memory");
	snapshot->config = MOVE(*config_in);
	snapshot->holders = 1;
	*snapshot_out = snapshot;
	return ST_OK;
}

static void
snapshot_free(struct settings_snapshot *snapshot)
{
	/* Constant for its holders; ours to release. */
	struct config *config = (struct config *)(uintptr_t)snapshot->config;

	config_free(&config);
	free(snapshot);
}

enum status
settings_new(struct config **config_in, struct settings **settings_out,
	     struct err *err)
{
	AUTO(settings_free) struct settings *settings = NULL;
	enum status st = ST_OK;

	settings = calloc(1, sizeof(*settings));
	if (settings == NULL)
		return err_set(err, ST_NO_MEMORY, "settings: no memory");
	(void)pthread_mutex_init(&settings->lock, NULL);
	st = snapshot_new(config_in, &settings->now, err);
	if (st == ST_OK)
		*settings_out = MOVE(settings);
	return st;
}

void
settings_free(struct settings **settings)
{
	if (*settings == NULL)
		return;
	if ((*settings)->now != NULL)
		settings_release(*settings, &(*settings)->now);
	(void)pthread_mutex_destroy(&(*settings)->lock);
	free(*settings);
	*settings = NULL;
}

struct settings_snapshot *
settings_hold(struct settings *settings)
{
	struct settings_snapshot *snapshot = NULL;

	(void)pthread_mutex_lock(&settings->lock);
	snapshot = settings->now;
	snapshot->holders++;
	(void)pthread_mutex_unlock(&settings->lock);
	return snapshot;
}

void
settings_release(struct settings *settings, struct settings_snapshot **snapshot)
{
	struct settings_snapshot *given = *snapshot;
	bool last = false;

	if (given == NULL)
		return;
	*snapshot = NULL;
	(void)pthread_mutex_lock(&settings->lock);
	last = --given->holders == 0;
	(void)pthread_mutex_unlock(&settings->lock);
	if (last)
		snapshot_free(given);
}

enum status
settings_replace(struct settings *settings, struct config **config_in,
		 struct err *err)
{
	struct settings_snapshot *fresh = NULL;
	struct settings_snapshot *old = NULL;
	const enum status st = snapshot_new(config_in, &fresh, err);

	if (st != ST_OK)
		return st;
	(void)pthread_mutex_lock(&settings->lock);
	old = settings->now;
	settings->now = fresh;
	(void)pthread_mutex_unlock(&settings->lock);
	settings_release(settings, &old);
	return ST_OK;
}
