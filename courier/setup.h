/*
 * setup.h - configuration, templates and catalogue in force.
 *
 * Layer:    courier; includes lib/
 * Threads:  a setup is immutable and counted; setup_current() hands out the
 *           one in force to any thread, a reload puts a new one in its place
 */
#ifndef COURIER_SETUP_H
#define COURIER_SETUP_H

#include "courier/notices/notices.h"
#include "lib/config/config.h"
#include "lib/i18n/i18n.h"

struct setup {
	struct config *config;
	struct i18n *i18n;
	struct notices *notices;
	/* private */
	struct setup *self; /* to give a const one back */
	unsigned users;
};

struct setup_holder;

/*
 * Load everything that path names.
 * Returns: ST_OK; whatever config_load(), i18n_open(), notices_load() say;
 *          ST_FORMAT a setting of the courier cannot be used
 */
MUST_CHECK enum status
setup_holder_new(const char *path, struct setup_holder **holder_out,
		 struct err *err);
void setup_holder_free(struct setup_holder **holder);

/* Load path again. When that fails the setup in force stays. */
MUST_CHECK enum status
setup_reload(struct setup_holder *holder, const char *path, struct err *err);

/* The setup in force, to be given back with setup_release(). */
const struct setup *setup_current(struct setup_holder *holder);
void setup_release(struct setup_holder *holder, const struct setup **setup);

#endif
