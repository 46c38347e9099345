#include "vault/server/request.h"

#include <string.h>

#include "lib/base/clock.h"

/* A guest sees one case as its sender: which requests are about it, and
 * nothing else, are these. */
static bool
guest_may(const struct request *request, const uint8_t **case_id_out)
{
	const struct vault_show *show = request->message;
	const struct vault_decide *decide = request->message;
	const struct vault_comment *comment = request->message;
	const struct vault_unlock *unlock = request->message;
	const struct vault_link_case *link_case = request->message;
	const struct vault_link_ask *link_ask = request->message;

	switch (request->row->request_table->type) {
	case VAULT_TYPE_WHOAMI:
	case VAULT_TYPE_LOGOUT:
	case VAULT_TYPE_LIST: /* view_list() shows the one */
		return true;
	case VAULT_TYPE_LINK_CHANGE: /* link_right() knows whose it is */
	case VAULT_TYPE_LINK_RECORD:
		return true;
	case VAULT_TYPE_LINK_LIST:
		*case_id_out = link_case->case_id;
		return true;
	case VAULT_TYPE_SHOW:
		*case_id_out = show->case_id;
		return true;
	case VAULT_TYPE_COMMENT:
		*case_id_out = comment->case_id;
		return true;
	case VAULT_TYPE_UNLOCK:
		*case_id_out = unlock->case_id;
		return true;
	case VAULT_TYPE_LINK_ASK:
		*case_id_out = link_ask->case_id;
		return true;
	case VAULT_TYPE_DECIDE:
		*case_id_out = decide->case_id;
		return decide->decision == CASE_DECISION_CANCEL;
	default:
		return false;
	}
}

static enum status
check_guest(const struct request *request, struct err *err)
{
	const uint8_t *case_id = request->actor.session.case_id;

	if (!guest_may(request, &case_id))
		return err_set(err, ST_DENIED,
			       "this sign-in is for one mail only");
	if (memcmp(case_id, request->actor.session.case_id, CASE_ID_BYTES) != 0)
		return err_set(err, ST_NOT_FOUND, "no such case");
	return ST_OK;
}

/* What somebody may ask before the second factor. */
static enum status
check_stage(const struct request *request, struct err *err)
{
	switch (request->row->request_table->type) {
	case VAULT_TYPE_WHOAMI:
	case VAULT_TYPE_SECOND_FACTOR:
	case VAULT_TYPE_LOGOUT:
		return ST_OK;
	default:
		break;
	}
	if (request->actor.stage == SESSION_STAGE_FULL)
		return ST_OK;
	return err_set(err, ST_DENIED,
		       request->actor.stage == SESSION_STAGE_ENROL
			       ? "your account needs a second factor first"
			       : "the code of your second factor is missing");
}

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
	st = check_stage(request, err);
	if (st == ST_OK && request->actor.is_guest)
		st = check_guest(request, err);
	return st;
}

enum status
request_read(struct request *request, request_work work, struct err *err)
{
	const struct service *service = request->service;
	struct store *store = NULL;
	struct vault vault = { .config = core_config(service->core),
			       .ring = core_ring(service->core),
			       .memory = &service->core->memory };
	enum status st = readers_take(service->readers, &store, err);

	vault.now_unix_ms = core_now(service->core, &vault.clock);

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
