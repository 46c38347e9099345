#include "quarantine-ui/portal/portal.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { PORTAL_PASSWORDS_AT_ONCE = 2 };

struct portal {
	struct view_box views;
	struct limiter *limiter;
	struct coverage *coverage;
	struct sent_queue *sent;
	struct watch *watch;
	struct vault_client *vaults; /* one for each worker */
	size_t vault_count;
	_Atomic uint64_t counters[PORTAL_COUNTER_END];
	_Atomic int passwords; /* being stretched */
};

static enum status
portal_make_parts(struct portal *portal, size_t worker_count,
		  const char *vault_socket, struct err *err)
{
	enum status st = limiter_new(&portal->limiter, err);

	if (st == ST_OK)
		st = coverage_new(&portal->coverage, err);
	if (st == ST_OK)
		st = sent_queue_start(vault_socket, &portal->sent, err);
	if (st == ST_OK)
		st = watch_start(vault_socket, &portal->watch, err);
	if (st != ST_OK)
		return st;
	portal->vaults = calloc(worker_count, sizeof(*portal->vaults));
	if (portal->vaults == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	portal->vault_count = worker_count;
	for (size_t i = 0; i < worker_count; i++)
		vault_client_init(&portal->vaults[i], vault_socket);
	return ST_OK;
}

enum status
portal_new(struct view **view, size_t worker_count, const char *vault_socket,
	   struct portal **portal_out, struct err *err)
{
	AUTO(portal_free) struct portal *portal = calloc(1, sizeof(*portal));
	enum status st = ST_OK;

	if (portal == NULL)
		return err_set(err, ST_NO_MEMORY, "portal: no memory");
	st = portal_make_parts(portal, worker_count, vault_socket, err);
	if (st != ST_OK)
		return st;
	view_box_init(&portal->views, view);
	*portal_out = MOVE(portal);
	return ST_OK;
}

void
portal_free(struct portal **portal)
{
	struct portal *all = *portal;

	if (all == NULL)
		return;
	watch_stop(&all->watch);
	sent_queue_stop(&all->sent);
	for (size_t i = 0; i < all->vault_count; i++)
		vault_client_done(&all->vaults[i]);
	free(all->vaults);
	coverage_free(&all->coverage);
	limiter_free(&all->limiter);
	if (all->views.view != NULL)
		view_box_done(&all->views);
	free(all);
	*portal = NULL;
}

void
portal_set_view(struct portal *portal, struct view **view)
{
	view_box_set(&portal->views, view);
}

const struct view *
portal_take_view(struct portal *portal)
{
	return view_box_take(&portal->views);
}

void
portal_release_view(struct portal *portal, const struct view *view)
{
	view_box_release(&portal->views, view);
}

struct limiter *
portal_limiter(struct portal *portal)
{
	return portal->limiter;
}

struct coverage *
portal_coverage(struct portal *portal)
{
	return portal->coverage;
}

struct sent_queue *
portal_sent(struct portal *portal)
{
	return portal->sent;
}

struct watch *
portal_watch(struct portal *portal)
{
	return portal->watch;
}

struct vault_client *
portal_vault(struct portal *portal, size_t worker)
{
	return &portal->vaults[worker];
}

void
portal_count(struct portal *portal, enum portal_counter counter, uint64_t more)
{
	atomic_fetch_add(&portal->counters[counter], more);
}

uint64_t
portal_counted(const struct portal *portal, enum portal_counter counter)
{
	return atomic_load(&portal->counters[counter]);
}

bool
portal_begin_password(struct portal *portal)
{
	if (atomic_fetch_add(&portal->passwords, 1) < PORTAL_PASSWORDS_AT_ONCE)
		return true;
	portal_end_password(portal);
	portal_count(portal, PORTAL_COUNTER_BUSY, 1);
	return false;
}

void
portal_end_password(struct portal *portal)
{
	atomic_fetch_sub(&portal->passwords, 1);
}
