#include "vault/server/request.h"

#include "lib/base/clock.h"

/* Who asks, and may they? The only place that answers it. */
static enum status
find_person(struct vault *vault, struct request *request, struct err *err)
{
	const struct request_row *row = request->row;
	const struct vault_actor *who = request->message;
	enum status st = ST_OK;

	if (!row->for_person)
		return ST_OK;
	actor_done(&request->actor);
	request->actor = (struct actor){ .via = "" };
	request->has_actor = false;
	st = account_find_actor(vault, &request->peer, who->token,
				&request->actor, err);
	if (st != ST_OK)
		return st;
	request->has_actor = true;
	if (row->roles != 0 && (request->actor.user.roles & row->roles) == 0)
		return err_set(err, ST_DENIED, "your account may not do this");
	return ST_OK;
}

enum status
request_read(struct request *request, request_work work, struct err *err)
{
	const struct service *service = request->service;
	struct store *store = NULL;
	struct vault vault = { .config = core_config(service->core),
			       .ring = core_ring(service->core),
			       .now_unix_ms = clock_unix_ms(),
			       .index = service->core->index };
	enum status st = readers_take(service->readers, &store, err);

	if (st != ST_OK)
		return st;
	vault.store = store;
	st = store_begin(store, err);
	if (st == ST_OK) {
		st = find_person(&vault, request, err);
		if (st == ST_OK)
			st = work(&vault, request, err);
		store_rollback(store);
	}
	readers_give(service->readers, &store,
		     st == ST_IO ? READERS_FAILED : READERS_SOUND);
	return st;
}

struct written {
	struct request *request;
	request_work work;
};

static enum status
write_work(struct vault *vault, void *context, struct err *err)
{
	struct written *written = context;
	const enum status st = find_person(vault, written->request, err);

	return st == ST_OK ? written->work(vault, written->request, err) : st;
}

enum status
request_write(struct request *request, enum writer_priority priority,
	      request_work work, struct err *err)
{
	struct written written = { request, work };

	return writer_run(request->service->writer, priority, write_work,
			  &written, err);
}
