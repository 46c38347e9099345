/*
 * settings.h - the configuration in force, replaced by a reload while
 * sessions still use the one they began with.
 *
 * Layer:    milter/links; includes only lib/
 * Threads:  any
 */
#ifndef MILTER_LINKS_SETTINGS_H
#define MILTER_LINKS_SETTINGS_H

#include "lib/config/config.h"

struct settings;

/* A configuration that is kept alive by its holders. */
struct settings_snapshot {
	const struct config *config;
	unsigned holders; /* guarded by the settings */
};

/* Takes: *config_in (set to NULL). Gives: *settings_out, settings_free().
 * Returns: ST_OK, ST_NO_MEMORY (*config_in is kept) */
MUST_CHECK enum status
settings_new(struct config **config_in, struct settings **settings_out,
	     struct err *err);
/* When nobody holds a snapshot any more. */
void settings_free(struct settings **settings);

/* The configuration in force now; give it back with settings_release(). */
struct settings_snapshot *settings_hold(struct settings *settings);
void settings_release(struct settings *settings,
		      struct settings_snapshot **snapshot);

/* Put *config_in (set to NULL) in force for mails that begin from now on. */
MUST_CHECK enum status
settings_replace(struct settings *settings, struct config **config_in,
		 struct err *err);

#endif
