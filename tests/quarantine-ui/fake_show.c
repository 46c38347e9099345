#include "tests/quarantine-ui/fake_answers.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"

struct fake_case *
fake_find_case(struct answer *answer, const uint8_t id[CASE_ID_BYTES],
	       size_t *index_out)
{
	for (size_t i = 0; i < FAKE_CASES; i++) {
		*index_out = i;
		if (memcmp(answer->vault->cases[i].id, id, CASE_ID_BYTES) == 0)
			return &answer->vault->cases[i];
	}
	fake_fail(answer, VAULT_FAILURE_NOT_FOUND, "no such case");
	return NULL;
}

static void
fill_permissions(const struct fake_case *one, size_t user,
		 struct vault_case *held)
{
	held->may_decide =
		fake_is_undecided(one) && user == 0 && !held->line.own;
	held->may_cancel = fake_is_undecided(one) && held->line.own;
	held->may_link = held->may_decide;
	held->may_ask_link = held->may_cancel;
	held->link_asked = !held->line.own;
	held->link_password = held->link_asked;
	held->link_pictures_stay = true;
	held->link_logo_bytes = 10240;
	held->link_count = fake_is_undecided(one) ? 0 : 3;
	if (held->may_decide)
		held->why_not = "";
	else if (held->line.own)
		held->why_not = "this mail is from you or was sent on your "
				"behalf";
	else
		held->why_not = "you are not an approver of the group that "
				"decides on this mail";
}

static void
fill_people(const struct fake_case *one, size_t i, struct vault_case *held)
{
	static const struct case_sender senders[] = {
		{ CASE_SENDER_LOGIN, "taro" },
		{ CASE_SENDER_ENVELOPE, "taro@example.co.jp" },
		{ CASE_SENDER_HEADER, "山田太郎 <taro@example.co.jp>" },
	};
	static const struct vault_recipient_line recipients[] = {
		{ "tanaka@sharoushi.example.com", CASE_OUTCOME_WAITING, "",
		  true, "" },
		{ "very.long.mailbox.name.of.the.social.insurance.department"
		  "@subdomain.of.a.partner.example.com",
		  CASE_OUTCOME_WAITING, "", false, "" },
		{ "office@zeirlshi.example.com", CASE_OUTCOME_WAITING, "",
		  false, "zeirishi.example.com" },
	};
	static const struct vault_recipient_line delivered = {
		"tanaka@sharoushi.example.com", CASE_OUTCOME_DELIVERED,
		"250 2.0.0 Ok: queued as 4Xyz", true, ""
	};

	held->senders = senders;
	held->sender_count = ARRAY_LEN(senders);
	held->recipients = recipients;
	held->recipient_count = i == 1 ? ARRAY_LEN(recipients) : 1;
	if (one->state == CASE_STATE_RELEASED) {
		held->recipients = &delivered;
		held->recipient_count = 1;
	}
}

enum { FAKE_EVENTS = 5 };

static void
fill_events(const struct fake_case *one, size_t i,
	    struct vault_case_event events[FAKE_EVENTS],
	    struct vault_case *held)
{
	const int64_t now = clock_unix_ms();

	events[held->event_count++] =
		(struct vault_case_event){ now - 240000, "milter", "hold",
					   "recipients=1 bytes=804" };
	events[held->event_count++] =
		(struct vault_case_event){ now - 230000, "milter", "ticket",
					   "passed" };
	if (i == 1) {
		events[held->event_count++] = (struct vault_case_event){
			now - 180000, "taro", "comment",
			"田中先生に電話で確認済みです。\n今日中に届ける必要があります。"
		};
		events[held->event_count++] =
			(struct vault_case_event){ now - 120000, "approver2",
						   "view", "" };
	}
	if (one->actor[0] != '\0')
		events[held->event_count++] =
			(struct vault_case_event){ now, one->actor,
						   case_state_name(one->state),
						   one->comment };
	held->events = events;
}

void
fake_answer_show(struct answer *answer, const struct vault_show *request)
{
	struct fake_vault *vault = answer->vault;
	const struct fake_session *session =
		fake_need_session(answer, request->actor.token);
	struct vault_case held = { .client = "pc7.example.co.jp [192.0.2.7]" };
	const struct fake_case *one = NULL;
	AUTO(sbuf_done) struct sbuf report;
	AUTO(sbuf_done) struct sbuf preview;
	struct vault_case_event events[FAKE_EVENTS];
	size_t i = 0;

	sbuf_init(&report, FAKE_MAX_REPORT_BYTES);
	sbuf_init(&preview, FAKE_MAX_REPORT_BYTES);
	if (session == NULL)
		return;
	one = fake_find_case(answer, request->case_id, &i);
	if (one == NULL)
		return;
	if (session->user == 1 && i == 4) {
		fake_fail(answer, VAULT_FAILURE_NOT_FOUND, "no such case");
		return;
	}
	fake_fill_line(vault, i, session->user, &held.line);
	fill_permissions(one, session->user, &held);
	fill_people(one, i, &held);
	fill_events(one, i, events, &held);
	held.queue_id = "4ABCdef0123";
	held.size_bytes = 98304;
	held.approvers = "鈴木 花子, 佐藤 次郎";
	held.line.looking = i == 1 ? "佐藤 次郎" : "";
	held.may_reveal = session->user == 0 && !held.line.own;
	held.may_comment = session->user == 1;
	memcpy(held.version, one->version, sizeof(held.version));
	held.may_unlock =
		i == 3 && vault->locks.locked > 0 && session->user < 2;
	held.may_search =
		i == 3 && vault->locks.locked > 0 && session->user == 0;
	if (i == 3 && !vault->spoiled)
		fake_case_locks(vault->locks.locked == 0, &report);
	else
		fake_case_report(i, vault->spoiled, &report);
	if (i != 2 || vault->previews)
		fake_case_preview(i, false, &preview);
	held.report = sbuf_span(&report);
	held.preview = sbuf_span(&preview);
	if (vault->hidden) {
		held.report = held.preview = (struct span){ NULL, 0 };
		held.sender_count = 0;
	}
	fake_send(answer, &vault_table_SHOW_answer, &held);
}

/* Wait as the vault does, but let others in. */
void
fake_answer_watch(struct answer *answer, const struct vault_watch *request)
{
	struct fake_vault *vault = answer->vault;
	struct vault_watch_answer watched = { 0 };

	for (uint32_t ms = 0; ms < request->wait_ms && !vault->stopping &&
			      vault->revision == request->revision;
	     ms += 10) {
		(void)pthread_mutex_unlock(&vault->lock);
		(void)usleep(10000);
		(void)pthread_mutex_lock(&vault->lock);
	}
	watched.revision = vault->revision;
	fake_send(answer, &vault_table_WATCH_answer, &watched);
}

void
fake_answer_reveal(struct answer *answer, const struct vault_reveal *request)
{
	struct vault_reveal_answer revealed = { { 7 } };

	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	if (request->reason[0] == '\0') {
		fake_fail(answer, VAULT_FAILURE_INVALID,
			  "looking needs a reason");
		return;
	}
	answer->vault->reveal = 2;
	fake_send(answer, &vault_table_REVEAL_answer, &revealed);
}

void
fake_answer_reveal_fetch(struct answer *answer,
			 const struct vault_reveal_fetch *request)
{
	struct vault_reveal_fetch_answer fetched = { .ready = false };
	AUTO(sbuf_done) struct sbuf preview;

	sbuf_init(&preview, FAKE_MAX_REPORT_BYTES);
	if (fake_need_session(answer, request->actor.token) == NULL)
		return;
	if (request->reveal_id[0] != 7) {
		fake_fail(answer, VAULT_FAILURE_NOT_FOUND, "no such text");
		return;
	}
	fetched.ready = --answer->vault->reveal == 0;
	if (fetched.ready)
		fake_case_preview(1, true, &preview);
	fetched.preview = sbuf_span(&preview);
	fake_send(answer, &vault_table_REVEAL_FETCH_answer, &fetched);
}
