#include "vault/case/domains.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/store/store_stats.h"

struct known {
	char *domain;
	struct lookalike shape;
};

struct domains {
	pthread_mutex_t lock; /* guards the rest */
	struct known *known;
	size_t count, room;
	const struct config *config; /* borrowed; whose domains are in it */
	int64_t read_unix_ms;        /* 0: never */
};

enum status
domains_new(struct domains **domains_out, struct err *err)
{
	struct domains *domains = calloc(1, sizeof(*domains));

	if (domains == NULL || pthread_mutex_init(&domains->lock, NULL) != 0) {
		free(domains);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	*domains_out = domains;
	return ST_OK;
}

static void
forget(struct domains *domains)
{
	for (size_t i = 0; i < domains->count; i++)
		free(domains->known[i].domain);
	free(domains->known);
	domains->known = NULL;
	domains->count = domains->room = 0;
	domains->read_unix_ms = 0;
}

void
domains_free(struct domains **domains)
{
	if (*domains == NULL)
		return;
	forget(*domains);
	(void)pthread_mutex_destroy(&(*domains)->lock);
	free(*domains);
	*domains = NULL;
}

/* --- what is known ----------------------------------------------------- */

/* GCC 12's analyzer does not see that domains keeps the text. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
static enum status
add_known(struct domains *domains, const char *domain, struct err *err)
{
	char lower[LOOKALIKE_DOMAIN_BYTES];
	struct known *place = NULL;

	if (domains->count == domains->room) {
		const size_t room = domains->room > 0 ? domains->room * 2 : 64;
		struct known *known =
			reallocarray(domains->known, room, sizeof(*known));

		if (known == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		domains->known = known;
		domains->room = room;
	}
	vault_lower(domain, lower, sizeof(lower));
	place = &domains->known[domains->count];
	if (!lookalike_take(lower, &place->shape))
		return ST_OK;
	place->domain = strdup(lower);
	if (place->domain == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	domains->count++;
	return ST_OK;
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

static enum status
load_domain(void *context, const struct store_domain *row, struct err *err)
{
	if (row->pairs < DOMAINS_MIN_PAIRS &&
	    row->last_day - row->first_day < DOMAINS_MIN_DAYS)
		return ST_OK;
	return add_known(context, row->domain, err);
}

/* The lock is held. */
static enum status
read_again(struct domains *domains, struct vault *vault, struct err *err)
{
	const struct config_list *own = &vault->config->general.local_domains;
	enum status st = ST_OK;

	if (domains->read_unix_ms != 0 && domains->config == vault->config &&
	    vault->now_unix_ms - domains->read_unix_ms < DOMAINS_LAST_MS)
		return ST_OK;
	forget(domains);
	for (size_t i = 0; st == ST_OK && i < own->count; i++)
		st = add_known(domains, own->items[i], err);
	if (st == ST_OK)
		st = store_domain_each(vault->store, DOMAINS_MAX, load_domain,
				       domains, err);
	domains->config = vault->config;
	domains->read_unix_ms = st == ST_OK ? vault->now_unix_ms : 0;
	return st;
}

/* --- who looks like it ------------------------------------------------- */

static void
find_resembled(const struct domains *domains, const char *domain,
	       char text_out[LOOKALIKE_DOMAIN_BYTES])
{
	struct lookalike shape;
	const char *found = "";

	text_out[0] = '\0';
	if (!lookalike_take(domain, &shape))
		return;
	for (size_t i = 0; i < domains->count; i++) {
		const struct known *known = &domains->known[i];

		/* The same organisation: known itself. */
		if (strcmp(known->shape.name, shape.name) == 0 &&
		    strcmp(known->shape.suffix, shape.suffix) == 0)
			return;
		if (found[0] == '\0' && lookalike_is(&known->shape, &shape))
			found = known->domain;
	}
	(void)snprintf(text_out, LOOKALIKE_DOMAIN_BYTES, "%s", found);
}

enum status
domains_resembling(struct domains *domains, struct vault *vault,
		   const char *address, char text_out[LOOKALIKE_DOMAIN_BYTES],
		   struct err *err)
{
	const char *at = strrchr(address, '@');
	char domain[LOOKALIKE_DOMAIN_BYTES];
	size_t len_bytes = 0;
	enum status st = ST_OK;

	vault_lower(at != NULL ? at + 1 : "", domain, sizeof(domain));
	len_bytes = strlen(domain);
	if (len_bytes > 0 && domain[len_bytes - 1] == '.')
		domain[len_bytes - 1] = '\0';
	(void)pthread_mutex_lock(&domains->lock);
	st = read_again(domains, vault, err);
	if (st == ST_OK)
		find_resembled(domains, domain, text_out);
	(void)pthread_mutex_unlock(&domains->lock);
	return st;
}
