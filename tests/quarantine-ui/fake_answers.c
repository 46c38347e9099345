#include "tests/quarantine-ui/fake_answers.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "lib/base/clock.h"

static void
fake_random(uint8_t *place, size_t len_bytes)
{
	if (getrandom(place, len_bytes, 0) != (ssize_t)len_bytes)
		abort();
}

static const struct vault_user users[FAKE_USERS] = {
	{ 1, "approver1", "鈴木 花子",
	  VAULT_ROLE_SENDER | VAULT_ROLE_APPROVER | VAULT_ROLE_HANDLER, "ja",
	  true, -1, "hanako@example.co.jp", "hr", 1760000000000, 0, false },
	{ 2, "taro", "山田 太郎", VAULT_ROLE_SENDER, "ja", true, -1,
	  "taro@example.co.jp", "", 1760000000000, 0, false },
	{ 3, "auditor1", "監査 三郎", VAULT_ROLE_AUDITOR, "ja", true, -1, "",
	  "", 1760000000000, 0, false },
	{ 4, "admin1", "管理 四郎", VAULT_ROLE_ADMIN, "en", true, 1000, "", "",
	  1760000000000, 0, false },
};

void
fake_send(struct answer *answer, const struct wire_table *table,
	  const void *message)
{
	const enum status st =
		channel_send(answer->channel, table, message, NULL, 0,
			     clock_mono_ms() + 5000, &answer->err);

	if (st != ST_OK)
		(void)fprintf(stderr, "fake vault: %s\n", answer->err.text);
}

void
fake_fail(struct answer *answer, enum vault_failure_kind kind,
	  const char *reason)
{
	const struct vault_failure failure = { kind, reason };

	fake_send(answer, &vault_table_failure, &failure);
}

struct fake_session *
fake_find_session(struct fake_vault *vault, struct span token)
{
	for (size_t i = 0; i < FAKE_SESSIONS; i++) {
		struct fake_session *one = &vault->sessions[i];

		if (one->user != FAKE_USERS &&
		    token.len_bytes == sizeof(one->token) &&
		    memcmp(one->token, token.ptr, sizeof(one->token)) == 0)
			return one;
	}
	return NULL;
}

struct fake_session *
fake_need_session(struct answer *answer, struct span token)
{
	struct fake_session *session = fake_find_session(answer->vault, token);

	if (session == NULL)
		fake_fail(answer, VAULT_FAILURE_DENIED, "no such session");
	return session;
}

struct fake_session *
fake_new_session(struct fake_vault *vault, size_t user)
{
	for (size_t i = 0; i < FAKE_SESSIONS; i++) {
		struct fake_session *one = &vault->sessions[i];

		if (one->user != FAKE_USERS)
			continue;
		one->user = user;
		one->stage = vault->stage;
		fake_random(one->token, sizeof(one->token));
		fake_random(one->form_token, sizeof(one->form_token));
		return one;
	}
	return NULL;
}

void
fake_show_session(const struct answer *answer,
		  const struct fake_session *session, struct vault_session *out)
{
	*out = (struct vault_session){
		.token = { session->token, sizeof(session->token) },
		.form_token = { session->form_token,
				sizeof(session->form_token) },
		.stage = session->stage,
	};
	if (session->user == FAKE_GUEST) {
		out->user = users[1];
		out->user.user_id = 0;
		out->user.login = "taro@example.co.jp";
		out->user.name = "";
		out->user.roles = VAULT_ROLE_SENDER;
		out->guest_case_id = (struct span){ answer->vault->cases[0].id,
						    CASE_ID_BYTES };
		return;
	}
	out->user = users[session->user];
	if (session->user == 1 && answer->vault->roles != 0)
		out->user.roles = answer->vault->roles;
	out->user.second_factor = session->user == 0 && answer->vault->factor;
}

static void
answer_login(struct answer *answer, const struct vault_login *request)
{
	struct fake_vault *vault = answer->vault;
	struct vault_session session;

	for (size_t i = 0; i < FAKE_USERS; i++) {
		const struct fake_session *fresh = NULL;

		if (strcmp(users[i].login, request->login) != 0 ||
		    strcmp(vault->passwords[i], request->password) != 0)
			continue;
		fresh = fake_new_session(vault, i);
		if (fresh == NULL)
			break;
		fake_show_session(answer, fresh, &session);
		fake_send(answer, &vault_table_LOGIN_answer, &session);
		return;
	}
	fake_fail(answer, VAULT_FAILURE_DENIED, "sign-in refused");
}

bool
fake_is_undecided(const struct fake_case *one)
{
	return one->state == CASE_STATE_HELD;
}

static bool
is_in_filter(const struct fake_case *one, size_t i, size_t user,
	     enum case_filter filter)
{
	const bool own = i == 4 ? user == 0 : user == 1;

	if (user == 1 && !own)
		return false;
	if (filter == CASE_FILTER_TODO)
		return fake_is_undecided(one) && !own && user == 0;
	if (filter == CASE_FILTER_MINE)
		return own;
	return filter == CASE_FILTER_ALL || fake_is_undecided(one);
}

void
fake_fill_line(struct fake_vault *vault, size_t i, size_t user,
	       struct vault_case_line *line)
{
	fake_case_line(&vault->cases[i], i, user, line);
	if (i == 0 && vault->subject[0] != '\0')
		line->subject = vault->subject;
	if (i == 3)
		line->locks = vault->locks;
	if (vault->hidden)
		line->subject = line->envelope_sender = line->recipients_text =
			"";
}

static void
answer_list(struct answer *answer, const struct vault_list *request)
{
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	struct vault_case_line lines[FAKE_CASES];
	struct vault_case_line line;
	struct vault_list_answer list = { lines, 0, 0 };

	if (session == NULL)
		return;
	for (size_t i = 0; i < FAKE_CASES; i++) {
		if (!is_in_filter(&answer->vault->cases[i], i, session->user,
				  request->filter))
			continue;
		fake_fill_line(answer->vault, i, session->user, &line);
		if (strstr(line.subject, request->search) == NULL)
			continue;
		if (list.total++ >= request->offset &&
		    list.line_count < request->limit)
			lines[list.line_count++] = line;
	}
	fake_send(answer, &vault_table_LIST_answer, &list);
}

static const char *
why_refused(const struct fake_case *one, size_t i, size_t user,
	    const struct vault_decide *request,
	    enum vault_failure_kind *kind_out)
{
	const bool own = i == 4 ? user == 0 : user == 1;

	*kind_out = VAULT_FAILURE_DENIED;
	if (request->decision == CASE_DECISION_CANCEL)
		return own ? NULL : "only the sender may cancel";
	if (own)
		return "this mail is from you or was sent on your "
		       "behalf";
	if (user != 0)
		return "you are not an approver of the group that "
		       "decides on this mail";
	*kind_out = VAULT_FAILURE_CONFLICT;
	if (!fake_is_undecided(one) ||
	    memcmp(one->version, request->version, sizeof(one->version)) != 0)
		return "the case changed meanwhile";
	*kind_out = VAULT_FAILURE_INVALID;
	return request->decision == CASE_DECISION_RETURN &&
			       request->comment[0] == '\0'
		       ? "a return needs a reason"
		       : NULL;
}

static void
answer_decide(struct answer *answer, const struct vault_decide *request)
{
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	enum vault_failure_kind kind = VAULT_FAILURE_NONE;
	struct vault_decide_answer decided = { CASE_STATE_RELEASED };
	struct fake_case *one = NULL;
	const char *why = NULL;
	size_t i = 0;

	if (session == NULL)
		return;
	one = fake_find_case(answer, request->case_id, &i);
	if (one == NULL)
		return;
	why = why_refused(one, i, session->user, request, &kind);
	if (why != NULL) {
		fake_fail(answer, kind, why);
		return;
	}
	if (request->decision == CASE_DECISION_RETURN)
		decided.state = CASE_STATE_RETURNED;
	else if (request->decision == CASE_DECISION_CANCEL)
		decided.state = CASE_STATE_CANCELLED;
	one->state = decided.state;
	answer->vault->revision++;
	one->version[0] ^= 1;
	(void)snprintf(one->comment, sizeof(one->comment), "%s%s",
		       request->purpose, request->comment);
	(void)snprintf(
		one->actor, sizeof(one->actor), "%s",
		users[session->user == FAKE_GUEST ? 1 : session->user].login);
	fake_send(answer, &vault_table_DECIDE_answer, &decided);
}

static void
answer_user_change(struct answer *answer,
		   const struct vault_user_change *request)
{
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	const struct vault_empty empty = { 0 };

	if (session == NULL)
		return;
	if (request->change != USER_CHANGE_PASSWORD && session->user != 3) {
		fake_fail(answer, VAULT_FAILURE_DENIED, "only an admin");
		return;
	}
	for (size_t i = 0; i < FAKE_USERS; i++) {
		if (request->change == USER_CHANGE_PASSWORD &&
		    strcmp(users[i].login, request->user.login) == 0)
			(void)snprintf(answer->vault->passwords[i],
				       sizeof(answer->vault->passwords[i]),
				       "%s", request->password);
	}
	fake_send(answer, &vault_table_USER_CHANGE_answer, &empty);
}

static void
answer_audit_list(struct answer *answer, const struct vault_audit_list *request)
{
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	struct vault_audit_line lines[100];
	struct vault_audit_list_answer list = { lines, 0,
						answer->vault->audit_rows };
	uint64_t seq = request->from_seq == 0 ? answer->vault->audit_rows
					      : request->from_seq - 1;

	if (session == NULL)
		return;
	for (; seq > 0 && list.line_count < request->limit &&
	       list.line_count < ARRAY_LEN(lines);
	     seq--) {
		const struct fake_case *one =
			&answer->vault->cases[seq % FAKE_CASES];

		lines[list.line_count++] = (struct vault_audit_line){
			seq,
			clock_unix_ms() - (int64_t)(200 - seq) * 60000,
			seq % 3 == 0 ? "milter" : "approver1",
			seq % 3 == 0 ? "milter" : "desk",
			seq % 3 == 0 ? "hold" : "sign-in",
			seq % 3 == 0 ? (struct span){ one->id, CASE_ID_BYTES }
				     : (struct span){ NULL, 0 },
			seq % 3 == 0 ? "38 numbers" : ""
		};
	}
	fake_send(answer, &vault_table_AUDIT_LIST_answer, &list);
}

static void
answer_audit_verify(struct answer *answer,
		    const struct vault_audit_verify *request)
{
	const struct vault_audit_verify_answer verified = {
		!answer->vault->spoiled, answer->vault->audit_rows,
		answer->vault->spoiled ? 17 : 0,
		answer->vault->spoiled ? "hash does not fit its content" : ""
	};

	if (fake_need_session(answer, request->actor.token) != NULL)
		fake_send(answer, &vault_table_AUDIT_VERIFY_answer, &verified);
}

static void
answer_user_list(struct answer *answer, const struct vault_user_list *request)
{
	const struct vault_user_list_answer list = { users, FAKE_USERS };

	if (fake_need_session(answer, request->actor.token) != NULL)
		fake_send(answer, &vault_table_USER_LIST_answer, &list);
}

static void
answer_rescan(struct answer *answer, const struct vault_rescan *request)
{
	const struct vault_empty empty = { 0 };

	if (fake_need_session(answer, request->actor.token) != NULL)
		fake_send(answer, &vault_table_RESCAN_answer, &empty);
}

static void
answer_status(struct answer *answer, const struct vault_empty *request)
{
	const struct vault_status status = {
		.locked = answer->vault->locked,
		.lock_reason = "",
		.cases_open = 5,
		.cases_total = FAKE_CASES,
		.audit_rows = answer->vault->audit_rows,
		.oldest_open_unix_ms = (uint64_t)clock_unix_ms() - 60000,
		.free_bytes = 1ULL << 40,
		.escrowed = true,
		.self_test_late = answer->vault->self_test_late,
		.self_test_held_unix_ms = clock_unix_ms() - 90000,
		.store_error = "",
	};

	(void)request;
	fake_send(answer, &vault_table_STATUS_answer, &status);
}

void
fake_answer(struct answer *answer)
{
	struct wire_arena *own = NULL;
	struct wire_arena **arena = &own;

	if (fake_answer_people(answer, arena) ||
	    fake_answer_links(answer, arena) ||
	    fake_answer_visits(answer, arena)) {
		wire_arena_free(arena);
		return;
	}
	switch (answer->frame->type) {
		ANSWER(LOGIN, login, answer_login)
		ANSWER(LIST, list, answer_list)
		ANSWER(SHOW, show, fake_answer_show)
		ANSWER(WATCH, watch, fake_answer_watch)
		ANSWER(REVEAL, reveal, fake_answer_reveal)
		ANSWER(REVEAL_FETCH, reveal_fetch, fake_answer_reveal_fetch)
		ANSWER(DECIDE, decide, answer_decide)
		ANSWER(RESCAN, rescan, answer_rescan)
		ANSWER(USER_LIST, user_list, answer_user_list)
		ANSWER(USER_CHANGE, user_change, answer_user_change)
		ANSWER(AUDIT_LIST, audit_list, answer_audit_list)
		ANSWER(AUDIT_VERIFY, audit_verify, answer_audit_verify)
		ANSWER(STATUS, empty, answer_status)
	default:
		fake_fail(answer, VAULT_FAILURE_INVALID, "not known here");
		break;
	}
	wire_arena_free(arena);
}
