#include "quarantine-ui/desk/desk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct desk {
	pthread_mutex_t lock;
	struct view_box views;
	struct limiter *limiter;
	struct vault_client *vaults; /* one for each worker */
	size_t vault_count;
	size_t waiting; /* workers that wait for the vault to make something */
	_Atomic uint64_t revision;
};

enum status
desk_new(struct view **view, size_t worker_count, const char *vault_socket,
	 struct desk **desk_out, struct err *err)
{
	AUTO(desk_free) struct desk *desk = calloc(1, sizeof(*desk));
	enum status st = ST_OK;

	if (desk == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	(void)pthread_mutex_init(&desk->lock, NULL);
	st = limiter_new(&desk->limiter, err);
	if (st != ST_OK)
		return st;
	desk->vaults = calloc(worker_count, sizeof(*desk->vaults));
	if (desk->vaults == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	desk->vault_count = worker_count;
	for (size_t i = 0; i < worker_count; i++)
		vault_client_init(&desk->vaults[i], vault_socket);
	view_box_init(&desk->views, view);
	*desk_out = MOVE(desk);
	return ST_OK;
}

void
desk_free(struct desk **desk)
{
	struct desk *all = *desk;

	if (all == NULL)
		return;
	for (size_t i = 0; i < all->vault_count; i++)
		vault_client_done(&all->vaults[i]);
	free(all->vaults);
	limiter_free(&all->limiter);
	if (all->views.view != NULL)
		view_box_done(&all->views);
	(void)pthread_mutex_destroy(&all->lock);
	free(all);
	*desk = NULL;
}

void
desk_set_view(struct desk *desk, struct view **view)
{
	view_box_set(&desk->views, view);
}

const struct view *
desk_take_view(struct desk *desk)
{
	return view_box_take(&desk->views);
}

void
desk_release_view(struct desk *desk, const struct view *view)
{
	view_box_release(&desk->views, view);
}

struct limiter *
desk_limiter(struct desk *desk)
{
	return desk->limiter;
}

struct vault_client *
desk_vault(struct desk *desk, size_t worker)
{
	return &desk->vaults[worker];
}

void
desk_set_revision(struct desk *desk, uint64_t revision)
{
	atomic_store(&desk->revision, revision);
}

uint64_t
desk_revision(const struct desk *desk)
{
	return atomic_load(&desk->revision);
}

bool
desk_may_wait(struct desk *desk)
{
	bool may = false;

	(void)pthread_mutex_lock(&desk->lock);
	may = desk->waiting == 0 || desk->waiting < desk->vault_count / 2;
	desk->waiting += may;
	(void)pthread_mutex_unlock(&desk->lock);
	return may;
}

void
desk_end_wait(struct desk *desk)
{
	(void)pthread_mutex_lock(&desk->lock);
	desk->waiting--;
	(void)pthread_mutex_unlock(&desk->lock);
}
