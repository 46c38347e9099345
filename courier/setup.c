#include "courier/setup.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "courier/notices/compose.h"
#include "courier/notices/letter.h"
#include "courier/smtp/smtp_stream.h"

struct setup_holder {
	pthread_mutex_t lock;
	struct setup *current;
};

static void
setup_free(struct setup **setup)
{
	if (*setup == NULL)
		return;
	notices_free(&(*setup)->notices);
	i18n_free(&(*setup)->i18n);
	config_free(&(*setup)->config);
	free(*setup);
	*setup = NULL;
}

static bool
setup_is_host_name(const char *name)
{
	return *name != '\0' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")] ==
		       '\0';
}

/* What goes into commands and header fields must be fit for them. */
static enum status
setup_check(const struct config *config, struct err *err)
{
	char host[SMTP_HOST_BYTES];
	char port[SMTP_PORT_BYTES];

	if (!compose_address_is_safe(config->courier.notice_sender))
		return err_set(err, ST_FORMAT,
			       "%s: courier.notice_sender is not an address",
			       config->path);
	if (!setup_is_host_name(config->general.host_name))
		return err_set(err, ST_FORMAT,
			       "%s: general.host_name \"%s\" is not a host "
			       "name",
			       config->path, config->general.host_name);
	if (config->courier.self_test_recipient[0] != '\0' &&
	    !compose_address_is_safe(config->courier.self_test_recipient))
		return err_set(err, ST_FORMAT,
			       "%s: courier.self_test_recipient is not an "
			       "address",
			       config->path);
	return smtp_split_next_hop(config->courier.next_hop, host, port, err);
}

static enum status
setup_load(const char *path, struct setup **setup_out, struct err *err)
{
	AUTO(setup_free) struct setup *setup = calloc(1, sizeof(*setup));
	enum status st = ST_OK;

	if (setup == NULL)
		return err_set(err, ST_NO_MEMORY, "courier: no memory");
	st = config_load(path, &setup->config, err);
	if (st == ST_OK)
		st = setup_check(setup->config, err);
	if (st == ST_OK)
		st = letter_open(setup->config, &setup->i18n, &setup->notices,
				 err);
	if (st != ST_OK)
		return st;
	setup->self = setup;
	setup->users = 1; /* the holder */
	*setup_out = MOVE(setup);
	return ST_OK;
}

enum status
setup_holder_new(const char *path, struct setup_holder **holder_out,
		 struct err *err)
{
	AUTO(setup_holder_free)
	struct setup_holder *holder = calloc(1, sizeof(*holder));
	enum status st = ST_OK;

	if (holder == NULL)
		return err_set(err, ST_NO_MEMORY, "courier: no memory");
	(void)pthread_mutex_init(&holder->lock, NULL);
	st = setup_load(path, &holder->current, err);
	if (st != ST_OK)
		return st;
	*holder_out = MOVE(holder);
	return ST_OK;
}

void
setup_holder_free(struct setup_holder **holder)
{
	if (*holder == NULL)
		return;
	setup_free(&(*holder)->current);
	(void)pthread_mutex_destroy(&(*holder)->lock);
	free(*holder);
	*holder = NULL;
}

/* Count one user less; the last one frees. */
static void
setup_drop(struct setup_holder *holder, struct setup *setup)
{
	bool last = false;

	(void)pthread_mutex_lock(&holder->lock);
	setup->users--;
	last = setup->users == 0;
	(void)pthread_mutex_unlock(&holder->lock);
	if (last)
		setup_free(&setup);
}

enum status
setup_reload(struct setup_holder *holder, const char *path, struct err *err)
{
	struct setup *fresh = NULL;
	struct setup *old = NULL;
	const enum status st = setup_load(path, &fresh, err);

	if (st != ST_OK)
		return st;
	(void)pthread_mutex_lock(&holder->lock);
	old = holder->current;
	holder->current = fresh;
	(void)pthread_mutex_unlock(&holder->lock);
	setup_drop(holder, old);
	return ST_OK;
}

const struct setup *
setup_current(struct setup_holder *holder)
{
	struct setup *setup = NULL;

	(void)pthread_mutex_lock(&holder->lock);
	setup = holder->current;
	setup->users++;
	(void)pthread_mutex_unlock(&holder->lock);
	return setup;
}

void
setup_release(struct setup_holder *holder, const struct setup **setup)
{
	if (*setup == NULL)
		return;
	setup_drop(holder, (*setup)->self);
	*setup = NULL;
}
