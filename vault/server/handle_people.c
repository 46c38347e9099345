#include "vault/server/handle.h"

#include <stdlib.h>
#include <string.h>

#include "vault/case/decide.h"
#include "vault/case/rescan.h"
#include "vault/case/view.h"

/* --- cases ------------------------------------------------------------- */

static enum status
do_list(struct vault *vault, struct request *request, struct err *err)
{
	return view_list(vault, &request->actor, request->message,
			 &request->answer.list, &request->arena, err);
}

enum status
handle_LIST(struct request *request, struct err *err)
{
	return handle_person_read(request, do_list, err);
}

static enum status
do_show(struct vault *vault, struct request *request, struct err *err)
{
	return view_case(vault, &request->actor, request->message,
			 &request->answer.show, &request->arena, err);
}

static enum status
do_viewed(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_show *show = request->message;

	return view_audit(vault, &request->actor, show->case_id, err);
}

enum status
handle_SHOW(struct request *request, struct err *err)
{
	const enum status st = handle_person_read(request, do_show, err);

	if (st != ST_OK)
		return st;
	return request_write(request, WRITER_PRIORITY_NORMAL, do_viewed, err);
}

static enum status
do_decide(struct vault *vault, struct request *request, struct err *err)
{
	return decide(vault, &request->actor, request->message,
		      &request->answer.decide, err);
}

enum status
handle_DECIDE(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_decide, err);
}

static enum status
do_rescan(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_rescan *message = request->message;
	const struct actor *actor = &request->actor;
	AUTO(record_done) struct record record;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, message->case_id, &record, err);
	if (st == ST_OK &&
	    decide_standing(vault, &actor->user, &record) == CASE_STANDING_NONE)
		st = err_set(err, ST_NOT_FOUND, "no such case");
	if (st != ST_OK)
		return st;
	return rescan_order(vault, &record, actor->user.login, actor->via, err);
}

enum status
handle_RESCAN(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_rescan, err);
}

/* --- accounts ---------------------------------------------------------- */

static enum status
do_user_list(struct vault *vault, struct request *request, struct err *err)
{
	struct people *people = request->scratch;
	struct vault_user *list = NULL;
	enum status st = people_read(vault, people, err);

	if (st != ST_OK)
		return st;
	list = wire_arena_alloc(people->arena,
				(people->count + 1) * sizeof(*list));
	if (list == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < people->count; i++)
		account_show(&people->items[i], &list[i]);
	request->answer.users.users = list;
	request->answer.users.user_count = people->count;
	return ST_OK;
}

enum status
handle_USER_LIST(struct request *request, struct err *err)
{
	struct people people = { .arena = NULL };
	enum status st = ST_OK;

	request->scratch = &people;
	st = handle_person_read(request, do_user_list, err);
	request->scratch = NULL;
	/* The texts are in its arena; the array of rows is not needed. */
	request->arena = MOVE(people.arena);
	people_done(&people);
	return st;
}

static enum status
do_nothing(struct vault *vault, struct request *request, struct err *err)
{
	(void)vault;
	(void)request;
	(void)err;
	return ST_OK;
}

static enum status
do_user_change(struct vault *vault, struct request *request, struct err *err)
{
	return account_change(vault, &request->actor, request->message,
			      request->scratch, err);
}

enum status
handle_USER_CHANGE(struct request *request, struct err *err)
{
	const struct vault_user_change *message = request->message;
	char hash[PASSWORD_HASH_BYTES] = "";
	enum status st = ST_OK;

	/* Before an expensive hash is made for somebody. */
	st = request_read(request, do_nothing, err);
	if (st == ST_OK && message->password[0] != '\0') {
		st = password_hash(message->password, hash, err);
		if (st == ST_LIMIT)
			st = err_set(err, ST_FORMAT,
				     "a password has %d to %d bytes",
				     PASSWORD_MIN_BYTES, PASSWORD_MAX_BYTES);
	}
	request->scratch = hash;
	if (st == ST_OK)
		st = request_write(request, WRITER_PRIORITY_NORMAL,
				   do_user_change, err);
	request->scratch = NULL;
	explicit_bzero(hash, sizeof(hash));
	return st;
}
