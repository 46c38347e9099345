/* Answers about secure links: one fetched, frozen, used up, the sender's. */
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "tests/quarantine-ui/fake_answers.h"

enum { FAKE_HOUR_MS = 3600 * 1000 };

void
fake_vault_link_step(struct fake_vault *vault, char text[40])
{
	(void)pthread_mutex_lock(&vault->lock);
	(void)snprintf(text, 40, "%s", vault->link_step);
	(void)pthread_mutex_unlock(&vault->lock);
}

static const struct vault_link_file files[] = {
	{ .name = "",
	  .shown = "名簿 ****.xlsx",
	  .type = "application/octet-stream",
	  .size_bytes = 482113 },
	{ .name = "",
	  .shown = "説明書.pdf",
	  .type = "application/pdf",
	  .size_bytes = 90211 },
};

static void
answer_list(struct answer *answer, const struct vault_link_case *request)
{
	const int64_t now = clock_unix_ms();
	const struct vault_link_event events[] = {
		{ now - (int64_t)5 * FAKE_HOUR_MS, "opened", "recipient",
		  "198.51.100.7", "Firefox, Windows", "" },
		{ now - (int64_t)4 * FAKE_HOUR_MS, "fetched", "recipient",
		  "198.51.100.7", "Firefox, Windows", "名簿 ****.xlsx" },
	};
	const struct vault_link_event begun = { now - (int64_t)3 * FAKE_HOUR_MS,
						"taken",
						"recipient",
						"198.51.100.8",
						"",
						"説明書.pdf" };
	struct vault_link_line links[4] = {
		{ .link_id = { 1 },
		  .kind = LINK_KIND_RECIPIENT,
		  .state = LINK_STATE_LIVE,
		  .recipient = "tanaka@sharoushi.example.com",
		  .needs_code = true,
		  .needs_password = true,
		  .opened = 1,
		  .fetched = 1,
		  .events = events,
		  .event_count = ARRAY_LEN(events) },
		{ .link_id = { 2 },
		  .kind = LINK_KIND_RECIPIENT,
		  .state = LINK_STATE_FROZEN,
		  .recipient = "office@zeirishi.example.com",
		  .downloads = 1,
		  .needs_code = true },
		{ .link_id = { 3 },
		  .kind = LINK_KIND_SENDER,
		  .state = LINK_STATE_REVOKED,
		  .recipient = "taro@example.co.jp",
		  .ended_unix_ms = now - FAKE_HOUR_MS },
		/* Taken, and not one file of it went out. */
		{ .link_id = { 4 },
		  .kind = LINK_KIND_RECIPIENT,
		  .state = LINK_STATE_SPENT,
		  .recipient = "sato@zeirishi.example.com",
		  .downloads = 1,
		  .opened = 1,
		  .events = &begun,
		  .event_count = 1,
		  .ended_unix_ms = now - FAKE_HOUR_MS },
	};
	struct vault_link_list_answer out = { links, ARRAY_LEN(links), files,
					      ARRAY_LEN(files), true };
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);

	if (session == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		links[i].sent_unix_ms = now - (int64_t)26 * FAKE_HOUR_MS;
		links[i].expires_unix_ms = now + (int64_t)200 * FAKE_HOUR_MS;
	}
	fake_send(answer, &vault_table_LINK_LIST_answer, &out);
}

/* All of them are of the first case. */
static bool
need_first_case(struct answer *answer, const uint8_t case_id[CASE_ID_BYTES])
{
	if (memcmp(case_id, answer->vault->cases[0].id, CASE_ID_BYTES) == 0)
		return true;
	fake_fail(answer, VAULT_FAILURE_NOT_FOUND, "no such link");
	return false;
}

static void
answer_change(struct answer *answer, const struct vault_link_change *request)
{
	static const char *const names[] = { "", "revoke", "extend", "thaw",
					     "wrong" };
	const struct vault_empty empty = { 0 };
	struct fake_vault *vault = answer->vault;
	const int64_t left_ms = request->until_unix_ms - clock_unix_ms();

	if (fake_need_session(answer, request->actor.token) == NULL ||
	    !need_first_case(answer, request->case_id))
		return;
	if (request->step == LINK_STEP_EXTEND)
		(void)snprintf(
			vault->link_step, sizeof(vault->link_step), "extend %d",
			(int)((left_ms + FAKE_HOUR_MS) / (24 * FAKE_HOUR_MS)));
	else
		(void)snprintf(vault->link_step, sizeof(vault->link_step), "%s",
			       names[request->step]);
	fake_send(answer, &vault_table_LINK_CHANGE_answer, &empty);
}

static void
answer_record(struct answer *answer, const struct vault_link_of *request)
{
	const struct vault_link_record out = {
		.text = "link: 0400000000000000000000000\n"
			"fetched: nobody\n",
		.signature = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
	};

	if (fake_need_session(answer, request->actor.token) == NULL ||
	    !need_first_case(answer, request->case_id))
		return;
	fake_send(answer, &vault_table_LINK_RECORD_answer, &out);
}

static void
answer_ask(struct answer *answer, const struct vault_link_ask *request)
{
	const struct vault_empty empty = { 0 };
	struct fake_vault *vault = answer->vault;

	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	(void)snprintf(vault->password, sizeof(vault->password), "%s",
		       request->password);
	fake_send(answer, &vault_table_LINK_ASK_answer, &empty);
}

bool
fake_answer_links(struct answer *answer, struct wire_arena **arena)
{
	switch (answer->frame->type) {
		ANSWER(LINK_LIST, link_case, answer_list)
		ANSWER(LINK_CHANGE, link_change, answer_change)
		ANSWER(LINK_RECORD, link_of, answer_record)
		ANSWER(LINK_ASK, link_ask, answer_ask)
	default:
		return false;
	}
	return true;
}
