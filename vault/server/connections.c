#include "vault/server/connections.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum {
	CONNECTION_RECEIVE_MS = 60000, /* a whole frame, once it has begun */
	CONNECTION_STACK_BYTES = 512 * 1024
};

struct connection {
	struct connections *all;
	struct channel channel;
	struct account_peer peer;
	size_t slot;
};

struct connections {
	struct service service;
	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t ended;
	struct connection **slots; /* NULL: free */
	size_t slot_count;
	size_t open_count;
	bool draining;
};

enum status
connections_new(const struct service *service, struct connections **out,
		struct err *err)
{
	struct connections *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	all->service = *service;
	all->slot_count =
		(size_t)core_config(service->core)->vault.max_connections;
	all->slots = calloc(all->slot_count, sizeof(struct connection *));
	if (all->slots == NULL || pthread_mutex_init(&all->lock, NULL) != 0 ||
	    pthread_cond_init(&all->ended, NULL) != 0) {
		free(all->slots);
		free(all);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	*out = all;
	return ST_OK;
}

void
connections_free(struct connections **connections)
{
	if (*connections == NULL)
		return;
	(void)pthread_cond_destroy(&(*connections)->ended);
	(void)pthread_mutex_destroy(&(*connections)->lock);
	free((*connections)->slots);
	free(*connections);
	*connections = NULL;
}

/* --- whose connection is it? ------------------------------------------- */

static enum status
uid_has_account(struct connections *all, uid_t uid, bool *has_out,
		struct err *err)
{
	AUTO(store_user_done) struct store_user user = { .memory = NULL };
	struct store *store = NULL;
	enum status st = readers_take(all->service.readers, &store, err);

	if (st != ST_OK)
		return st;
	st = store_user_find_uid(store, (int64_t)uid, &user, err);
	readers_give(all->service.readers, &store,
		     st == ST_IO ? READERS_FAILED : READERS_SOUND);
	*has_out = st == ST_OK;
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Every program whose account this uid is; a person when it has an account.
 * Root may ask how the vault is, and nothing that needs a person. */
static enum status
find_programs(struct connections *all, uid_t uid, unsigned *programs_out,
	      struct err *err)
{
	const struct core *core = all->service.core;
	unsigned programs = VAULT_PEER_NONE;
	bool has_account = uid == 0;
	enum status st = ST_OK;

	if (uid == core->milter_uid)
		programs |= VAULT_PEER_MILTER;
	if (uid == core->courier_uid)
		programs |= VAULT_PEER_COURIER;
	if (uid == core->desk_uid)
		programs |= VAULT_PEER_DESK;
	if (core_is_portal(all->service.core, uid))
		programs |= VAULT_PEER_PORTAL;
	if (programs == VAULT_PEER_NONE && uid != 0)
		st = uid_has_account(all, uid, &has_account, err);
	/* A program's account that is a person's, too: a developer's. */
	if (programs != VAULT_PEER_NONE)
		has_account = true;
	if (has_account)
		programs |= VAULT_PEER_CLI;
	*programs_out = programs;
	return st;
}

/* --- one connection ---------------------------------------------------- */

static void
connection_serve(struct connection *connection)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	while (st == ST_OK) {
		struct frame frame;

		frame_init(&frame);
		st = channel_wait(&connection->channel, INT64_MAX, &err);
		if (st == ST_OK)
			st = channel_receive(
				&connection->channel, &frame,
				clock_mono_ms() + CONNECTION_RECEIVE_MS, &err);
		if (st == ST_OK)
			st = dispatch(&connection->all->service,
				      &connection->peer, &connection->channel,
				      &frame, &err);
		frame_done(&frame);
	}
	if (st != ST_END)
		log_event(LOG_LEVEL_DEBUG, "connection_ended", &err);
}

static void
connection_end(struct connection *connection)
{
	struct connections *all = connection->all;

	(void)pthread_mutex_lock(&all->lock);
	channel_close(&connection->channel);
	all->slots[connection->slot] = NULL;
	all->open_count--;
	(void)pthread_cond_broadcast(&all->ended);
	(void)pthread_mutex_unlock(&all->lock);
	free(connection);
}

static void *
connection_thread(void *context)
{
	struct connection *connection = context;

	connection_serve(connection);
	connection_end(connection);
	return NULL;
}

static enum status
start_thread(struct connection *connection, struct err *err)
{
	pthread_attr_t attr;
	pthread_t thread;
	int failed = 0;

	if (pthread_attr_init(&attr) != 0)
		return err_set(err, ST_NO_MEMORY, "vault: no thread");
	failed = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (failed == 0)
		failed = pthread_attr_setstacksize(&attr,
						   CONNECTION_STACK_BYTES);
	if (failed == 0)
		failed = pthread_create(&thread, &attr, connection_thread,
					connection);
	(void)pthread_attr_destroy(&attr);
	return failed == 0 ? ST_OK
			   : err_set(err, ST_NO_MEMORY, "vault: no thread");
}

/* Give the connection a slot. False: none is free. */
static bool
take_slot(struct connections *all, struct connection *connection)
{
	bool taken = false;

	(void)pthread_mutex_lock(&all->lock);
	for (size_t i = 0; !taken && !all->draining && i < all->slot_count;
	     i++) {
		if (all->slots[i] != NULL)
			continue;
		connection->slot = i;
		all->slots[i] = connection;
		all->open_count++;
		taken = true;
	}
	(void)pthread_mutex_unlock(&all->lock);
	return taken;
}

static enum status
accept_one(struct connections *all, struct connection *connection, int *fd,
	   struct err *err)
{
	enum status st = channel_open(*fd, &connection->channel, err);

	if (st != ST_OK)
		return st;
	*fd = FD_NONE;
	connection->all = all;
	connection->peer.uid = (int64_t)connection->channel.peer.uid;
	st = find_programs(all, connection->channel.peer.uid,
			   &connection->peer.programs, err);
	if (st == ST_OK && connection->peer.programs == VAULT_PEER_NONE)
		st = err_set(err, ST_DENIED, "vault: uid %u has no account",
			     (unsigned)connection->channel.peer.uid);
	if (st == ST_OK && !take_slot(all, connection))
		st = err_set(err, ST_LIMIT, "vault: too many connections");
	return st;
}

void
connections_accept(struct connections *all, int fd)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (connection == NULL) {
		fd_close(&fd);
		return;
	}
	connection->channel.fd = FD_NONE;
	st = accept_one(all, connection, &fd, &err);
	if (st != ST_OK) {
		log_event(LOG_LEVEL_WARNING, "connection_refused", &err);
		fd_close(&fd);
		channel_close(&connection->channel);
		free(connection);
		return;
	}
	if (start_thread(connection, &err) != ST_OK) {
		log_event(LOG_LEVEL_ERROR, "connection_refused", &err);
		connection_end(connection);
	}
}

void
connections_drain(struct connections *all)
{
	(void)pthread_mutex_lock(&all->lock);
	all->draining = true;
	for (size_t i = 0; i < all->slot_count; i++)
		if (all->slots[i] != NULL)
			(void)shutdown(all->slots[i]->channel.fd, SHUT_RD);
	while (all->open_count > 0)
		(void)pthread_cond_wait(&all->ended, &all->lock);
	(void)pthread_mutex_unlock(&all->lock);
}
