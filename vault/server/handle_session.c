#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "vault/case/entry.h"
#include "vault/case/factor.h"
#include "vault/case/session.h"
#include "vault/server/handle.h"

enum { LOGIN_WAIT_S = 10 };

static const char login_refused[] =
	"the sign-in failed, or there were too many tries";
static const char entry_refused[] =
	"the code is not right, or was used already, or has expired: ask for "
	"a new one";
static const char factor_refused[] =
	"the code is not right, or was used already, or there were too many "
	"tries";

/* The session goes on while somebody uses it. */
static enum status
do_seen(struct vault *vault, struct request *request, struct err *err)
{
	return account_seen(vault, &request->actor, err);
}

/* The writer looks up who asks once more; the answer keeps pointing into the
 * one that was found before. */
static enum status
note_seen(struct request *request, struct err *err)
{
	struct actor answered = request->actor;
	enum status st = ST_OK;

	request->actor = (struct actor){ .via = "" };
	st = request_write(request, WRITER_PRIORITY_NORMAL, do_seen, err);
	actor_done(&request->actor);
	request->actor = answered;
	return st;
}

enum status
handle_person_read(struct request *request, request_work work, struct err *err)
{
	const enum status st = request_read(request, work, err);
	const struct vault now = { .now_unix_ms = clock_unix_ms() };

	if (st == ST_OK && account_needs_seen(&now, &request->actor))
		return note_seen(request, err);
	return st;
}

/* --- sessions ---------------------------------------------------------- */

/* A guest is called by the mailbox, as far as a name is long. */
static void
show_guest(struct request *request)
{
	struct vault_session *answer = &request->answer.session;
	AUTO(sbuf_done) struct sbuf name;

	sbuf_init(&name, sizeof(request->text) - 1);
	vault_readable(&name, request->actor.user.addresses,
		       VAULT_MAX_NAME_BYTES);
	(void)snprintf(request->text, sizeof(request->text), "%s",
		       sbuf_text(&name));
	answer->user.login = request->text;
	answer->guest_case_id =
		(struct span){ request->actor.session.case_id, CASE_ID_BYTES };
}

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
	answer->stage = request->actor.stage;
	if (request->actor.is_guest)
		show_guest(request);
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
	request->actor.stage =
		account_stage(vault, &request->actor.user, false);
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
	return handle_person_read(request, do_whoami, err);
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

/* --- one-time sign-in of senders --------------------------------------- */

static enum status
do_enter(struct vault *vault, struct request *request, struct err *err)
{
	struct entry_result *result = request->scratch;
	const struct account_peer desk = { VAULT_PEER_DESK, -1 };
	const struct span token = { request->token, sizeof(request->token) };
	enum status st = entry_enter(vault, request->message, result, err);

	if (st != ST_OK || !result->entered)
		return st;
	memcpy(request->token, result->token, sizeof(request->token));
	st = account_find_actor(vault, &desk, token, &request->actor, err);
	if (st == ST_OK)
		st = answer_session(vault, request, token, err);
	request->answer.session.token = token;
	return st;
}

enum status
handle_ENTER(struct request *request, struct err *err)
{
	struct entry_result result = { .entered = false };
	enum status st = ST_OK;

	request->scratch = &result;
	st = request_write(request, WRITER_PRIORITY_NORMAL, do_enter, err);
	request->scratch = NULL;
	if (st == ST_OK && !result.entered)
		st = err_set(err, ST_DENIED, "%s", entry_refused);
	explicit_bzero(&result, sizeof(result));
	return st;
}

static enum status
do_entry_again(struct vault *vault, struct request *request, struct err *err)
{
	return entry_again(vault, request->message, err);
}

enum status
handle_ENTRY_AGAIN(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_entry_again,
			     err);
}

/* --- second factor ------------------------------------------------------ */

static enum status
do_factor(struct vault *vault, struct request *request, struct err *err)
{
	return factor_do(vault, &request->actor, request->message,
			 &request->factor, err);
}

enum status
handle_SECOND_FACTOR(struct request *request, struct err *err)
{
	const struct factor_result *result = &request->factor;
	struct vault_second_factor_answer *answer =
		&request->answer.second_factor;
	const enum status st =
		request_write(request, WRITER_PRIORITY_NORMAL, do_factor, err);

	if (st != ST_OK)
		return st;
	if (result->refused) {
		/* It is on record already. */
		request->has_actor = false;
		return err_set(err, ST_DENIED, "%s", factor_refused);
	}
	*answer = (struct vault_second_factor_answer){
		.stage = result->stage,
		.uri = result->uri,
		.secret = result->secret,
		.recovery_codes = result->recovery_codes,
	};
	if (result->has_token)
		answer->token =
			(struct span){ result->token, sizeof(result->token) };
	return ST_OK;
}

/* --- sessions, listed and ended ---------------------------------------- */

static enum status
do_session_list(struct vault *vault, struct request *request, struct err *err)
{
	return session_list(vault, &request->actor, request->message,
			    &request->answer.session_list, &request->arena,
			    err);
}

enum status
handle_SESSION_LIST(struct request *request, struct err *err)
{
	return handle_person_read(request, do_session_list, err);
}

static enum status
do_session_end(struct vault *vault, struct request *request, struct err *err)
{
	return session_end(vault, &request->actor, request->message, err);
}

enum status
handle_SESSION_END(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_session_end,
			     err);
}
