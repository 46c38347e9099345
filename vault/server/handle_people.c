#include "vault/server/request.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "vault/case/decide.h"
#include "vault/case/rescan.h"
#include "vault/case/view.h"

enum { LOGIN_WAIT_S = 10 };

static const char login_refused[] =
	"the sign-in failed, or there were too many tries";

/* The session goes on while somebody uses it. */
static enum status
do_seen(struct vault *vault, struct request *request, struct err *err)
{
	return account_seen(vault, &request->actor, err);
}

/* A reading request of a person. */
static enum status
person_read(struct request *request, request_work work, struct err *err)
{
	const enum status st = request_read(request, work, err);
	const struct vault now = { .now_unix_ms = clock_unix_ms() };

	if (st == ST_OK && account_needs_seen(&now, &request->actor))
		return request_write(request, WRITER_PRIORITY_NORMAL, do_seen,
				     err);
	return st;
}

/* --- sessions ---------------------------------------------------------- */

/* A person and their form token as the answer; texts live in the actor. */
static enum status
answer_session(struct vault *vault, struct request *request, struct span token,
	       struct err *err)
{
	struct vault_session *answer = &request->answer.session;
	enum status st = ST_OK;

	if (token.len_bytes > 0)
		st = account_form_token(vault, token, request->form_token, err);
	if (st != ST_OK)
		return st;
	if (token.len_bytes > 0)
		answer->form_token =
			(struct span){ request->form_token,
				       sizeof(request->form_token) };
	account_show(&request->actor.user, &answer->user);
	answer->stage = SESSION_STAGE_FULL;
	return ST_OK;
}

static enum status
do_prepare_login(struct vault *vault, struct request *request, struct err *err)
{
	return account_prepare_login(vault, request->message, request->scratch,
				     err);
}

struct login_work {
	struct login_attempt attempt;
	struct login_result result;
};

static enum status
do_login(struct vault *vault, struct request *request, struct err *err)
{
	struct login_work *work = request->scratch;
	enum status st = account_login(vault, request->message, &work->attempt,
				       &work->result, err);

	if (st != ST_OK || !work->result.signed_in)
		return st;
	memcpy(request->token, work->result.token, sizeof(request->token));
	st = store_user_find(vault->store, work->attempt.user_id,
			     &request->actor.user, err);
	if (st == ST_OK)
		st = answer_session(
			vault, request,
			(struct span){ request->token, sizeof(request->token) },
			err);
	request->answer.session.token =
		(struct span){ request->token, sizeof(request->token) };
	return st;
}

/* Password checks take memory and time: a few at once, not hundreds. */
static enum status
login_turn(struct request *request, struct err *err)
{
	struct timespec until = { .tv_sec = clock_unix_ms() / 1000 +
					    LOGIN_WAIT_S };
	enum status st = ST_OK;

	if (sem_timedwait(request->service->logins, &until) != 0)
		return err_set(err, ST_LIMIT, "too many sign in at once");
	st = request_read(request, do_prepare_login, err);
	(void)sem_post(request->service->logins);
	return st;
}

enum status
handle_LOGIN(struct request *request, struct err *err)
{
	struct login_work work = { .attempt = { .user_id = 0 } };
	enum status st = ST_OK;

	request->scratch = &work.attempt;
	st = login_turn(request, err);
	request->scratch = &work;
	if (st == ST_OK)
		st = request_write(request, WRITER_PRIORITY_NORMAL, do_login,
				   err);
	request->scratch = NULL;
	if (st == ST_OK && !work.result.signed_in)
		st = err_set(err, ST_DENIED, "%s", login_refused);
	explicit_bzero(&work, sizeof(work));
	return st;
}

static enum status
do_whoami(struct vault *vault, struct request *request, struct err *err)
{
	const struct vault_whoami *message = request->message;

	return answer_session(vault, request, message->actor.token, err);
}

enum status
handle_WHOAMI(struct request *request, struct err *err)
{
	return person_read(request, do_whoami, err);
}

static enum status
do_logout(struct vault *vault, struct request *request, struct err *err)
{
	return account_logout(vault, &request->actor, err);
}

enum status
handle_LOGOUT(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_logout, err);
}

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
	return person_read(request, do_list, err);
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
	const enum status st = person_read(request, do_show, err);

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
	st = person_read(request, do_user_list, err);
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
