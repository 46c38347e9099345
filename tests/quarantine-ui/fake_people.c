/* Sessions, second factor, entries, comments and figures of the fake vault. */
#include <string.h>

#include "lib/base/clock.h"
#include "tests/quarantine-ui/fake_answers.h"

enum { STATS_LINES = 40 };

void
fake_vault_stage(struct fake_vault *vault, enum session_stage stage)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->stage = stage;
	vault->factor = stage == SESSION_STAGE_CODE;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_roles(struct fake_vault *vault, uint32_t roles)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->roles = roles;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_self_test_late(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->self_test_late = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_comment(struct fake_vault *vault, char text[200])
{
	(void)pthread_mutex_lock(&vault->lock);
	memcpy(text, vault->comment, sizeof(vault->comment));
	(void)pthread_mutex_unlock(&vault->lock);
}

static void
answer_whoami(struct answer *answer, const struct vault_whoami *request)
{
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	struct vault_session whole;

	if (session == NULL)
		return;
	fake_show_session(answer, session, &whole);
	whole.token = (struct span){ NULL, 0 };
	fake_send(answer, &vault_table_WHOAMI_answer, &whole);
}

static void
answer_logout(struct answer *answer, const struct vault_whoami *request)
{
	struct fake_session *session =
		fake_find_session(answer->vault, request->actor.token);
	const struct vault_empty empty = { 0 };

	if (session != NULL)
		session->user = FAKE_USERS;
	fake_send(answer, &vault_table_LOGOUT_answer, &empty);
}

static void
answer_factor(struct answer *answer, const struct vault_second_factor *request)
{
	static const char secret[] = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
	struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	struct vault_second_factor_answer out = { .uri = "",
						  .secret = "",
						  .recovery_codes = "" };

	if (session == NULL)
		return;
	if ((request->step != FACTOR_STEP_BEGIN || answer->vault->factor) &&
	    request->login[0] == '\0' &&
	    strcmp(request->code, FAKE_CODE) != 0) {
		fake_fail(answer, VAULT_FAILURE_DENIED, "the code is wrong");
		return;
	}
	if (request->step == FACTOR_STEP_BEGIN) {
		out.secret = secret;
		out.uri = "otpauth://totp/Sekimori:approver1?secret="
			  "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sekimori";
	} else if (request->step != FACTOR_STEP_REMOVE) {
		session->stage = SESSION_STAGE_FULL;
		session->token[0] ^= 0x55; /* another one from now on */
	}
	if (request->step == FACTOR_STEP_CONFIRM ||
	    request->step == FACTOR_STEP_RECOVERY)
		out.recovery_codes = "abcd-efgh-jkmn\nqrst-vwxy-z234\n";
	if (request->step != FACTOR_STEP_BEGIN)
		answer->vault->factor = request->step != FACTOR_STEP_REMOVE;
	out.stage = session->stage;
	out.token = (struct span){ session->token, sizeof(session->token) };
	fake_send(answer, &vault_table_SECOND_FACTOR_answer, &out);
}

static void
answer_sessions(struct answer *answer, const struct vault_session_list *request)
{
	const int64_t now = clock_unix_ms();
	const struct vault_session_line lines[] = {
		{ { 1 },
		  now - 600000,
		  now - 1000,
		  "192.0.2.7",
		  "Firefox, Windows",
		  true },
		{ { 2 },
		  now - 86400000,
		  now - 7200000,
		  "192.0.2.9",
		  "Safari, iPhone",
		  false },
	};
	const struct vault_session_list_answer out = { lines,
						       ARRAY_LEN(lines) };

	if (fake_need_session(answer, request->actor.token) != NULL)
		fake_send(answer, &vault_table_SESSION_LIST_answer, &out);
}

static void
answer_session_end(struct answer *answer,
		   const struct vault_session_end *request)
{
	struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	const struct vault_empty empty = { 0 };

	if (session == NULL)
		return;
	if (request->session_id.len_bytes == 0)
		session->user = FAKE_USERS;
	fake_send(answer, &vault_table_SESSION_END_answer, &empty);
}

static void
answer_enter(struct answer *answer, const struct vault_enter *request)
{
	struct fake_session *fresh = NULL;
	struct vault_session out;

	if (strcmp(request->code, FAKE_ENTRY_CODE) == 0 &&
	    !answer->vault->entry_used)
		fresh = fake_new_session(answer->vault, FAKE_GUEST);
	if (fresh == NULL) {
		fake_fail(answer, VAULT_FAILURE_DENIED, "not good");
		return;
	}
	answer->vault->entry_used = true;
	fresh->stage = SESSION_STAGE_FULL;
	fake_show_session(answer, fresh, &out);
	fake_send(answer, &vault_table_ENTER_answer, &out);
}

static void
answer_again(struct answer *answer, const struct vault_entry_again *request)
{
	const struct vault_empty empty = { 0 };

	(void)request;
	fake_send(answer, &vault_table_ENTRY_AGAIN_answer, &empty);
}

static void
answer_comment(struct answer *answer, const struct vault_comment *request)
{
	const struct vault_empty empty = { 0 };

	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	(void)snprintf(answer->vault->comment, sizeof(answer->vault->comment),
		       "%s", request->text);
	fake_send(answer, &vault_table_COMMENT_answer, &empty);
}

void
fake_vault_password(struct fake_vault *vault, char text[200])
{
	(void)pthread_mutex_lock(&vault->lock);
	(void)snprintf(text, 200, "%s%s", vault->password,
		       vault->keep ? " keep" : "");
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_unlocked(struct fake_vault *vault, enum unlock_state state)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->locks.state = state;
	if (state == UNLOCK_STATE_OPENED) {
		vault->locks.locked = 0;
		vault->locks.opened = 2;
	}
	vault->revision++;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_search(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->locks.tried += vault->locks.rate_per_s * 10;
	vault->locks.spent_ms += 60000;
	vault->locks.left_ms -= 60000;
	vault->revision++;
	(void)pthread_mutex_unlock(&vault->lock);
}

static void
answer_unlock(struct answer *answer, const struct vault_unlock *request)
{
	const struct vault_empty empty = { 0 };
	struct fake_vault *vault = answer->vault;

	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	(void)snprintf(vault->password, sizeof(vault->password), "%s",
		       request->password);
	vault->keep = request->keep;
	vault->locks.state = UNLOCK_STATE_TRYING;
	fake_send(answer, &vault_table_UNLOCK_answer, &empty);
}

static void
answer_search(struct answer *answer, const struct vault_search *request)
{
	const struct vault_empty empty = { 0 };

	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	answer->vault->locks.search = request->step == SEARCH_STEP_PAUSE
					      ? SEARCH_STATE_PAUSED
					      : SEARCH_STATE_ON;
	fake_send(answer, &vault_table_SEARCH_answer, &empty);
}

/* Two rules; the figures follow the day, so that charts have a shape. */
static void
answer_stats(struct answer *answer, const struct vault_stats *request)
{
	struct vault_stats_line lines[STATS_LINES];
	struct vault_stats_answer out = { lines, 0 };

	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	for (uint32_t day = request->from_day;
	     day <= request->to_day && out.line_count < STATS_LINES; day++) {
		const uint64_t held = day % 7 < 2 ? 0 : 2 + day * 7 % 9;
		struct vault_stats_line *line = &lines[out.line_count++];

		*line = (struct vault_stats_line){
			.day = day,
			.rule = day % 3 == 0 ? "=unread mail" : "numbers wait",
			.held = held,
			.approved = held / 2,
			.returned = held / 4,
			.cancelled = held / 6,
			.expired = day % 11 == 0,
		};
		line->waited[day % VAULT_WAIT_BUCKETS] = held / 2 + held / 4;
	}
	fake_send(answer, &vault_table_STATS_answer, &out);
}

bool
fake_answer_people(struct answer *answer, struct wire_arena **arena)
{
	switch (answer->frame->type) {
		ANSWER(WHOAMI, whoami, answer_whoami)
		ANSWER(LOGOUT, whoami, answer_logout)
		ANSWER(SECOND_FACTOR, second_factor, answer_factor)
		ANSWER(SESSION_LIST, session_list, answer_sessions)
		ANSWER(SESSION_END, session_end, answer_session_end)
		ANSWER(ENTER, enter, answer_enter)
		ANSWER(ENTRY_AGAIN, entry_again, answer_again)
		ANSWER(COMMENT, comment, answer_comment)
		ANSWER(UNLOCK, unlock, answer_unlock)
		ANSWER(SEARCH, search, answer_search)
		ANSWER(STATS, stats, answer_stats)
	default:
		return false;
	}
	return true;
}
