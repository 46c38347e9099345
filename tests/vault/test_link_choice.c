/* Tests of vault/case/link_choice.h: who decides that files go as links. */
#include "vault/case/link_choice.h"

#include <stdlib.h>
#include <string.h>

#include "tests/vault/link_harness.h"
#include "vault/case/pairs.h"
#include "vault/case/stats.h"
#include "vault/case/view.h"

static const struct mail one_in_two_out = {
	.to = { "kato@example.co.jp", "a@example.com", "b@example.org" }
};
static const struct mail two_out = { .to = { "a@example.com",
					     "b@example.org" } };
static const struct mail inside_only = { .to = { "kato@example.co.jp" } };

static const int64_t day_ms = 86400LL * 1000;

static bool
has_original(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_case_find(scene->vault.store, id, &row, &err),
		     &err);
	return row.blob_key.len_bytes > 0;
}

/* --- the mail cannot be rewritten -------------------------------------- */

static void
a_refused_rewriting_puts_the_case_back(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &one_in_two_out, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK,
		     link_test_seal(scene, &taken, "numbers in the text", NULL,
				    &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 3);
	assert_int_equal(scene_audit_count(scene, "link-refused", id), 1);
	assert_true(has_original(scene, id));
	/* Tried again, and then released as it is. */
	scene->vault.now_unix_ms++;
	check_status(
		ST_OK,
		scene_decide(scene, "carol", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, "no", NULL, &err),
		     &err);
	job_taken_done(&taken);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	job_taken_done(&taken);
}

static void
approvers_are_told_why_it_is_held_again(void **state)
{
	static const struct reply taken_by = { "", 250 };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	size_t told = 0;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_out, id);
	scene->vault.now_unix_ms += 10;
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK,
		     link_test_seal(scene, &taken, "it is signed", NULL, &err),
		     &err);
	job_taken_done(&taken);
	while (link_test_take(scene, JOB_KIND_NOTICE, &job)) {
		told += job.job.event == NOTICE_HELD &&
			strcmp(job.job.reason, "it is signed") == 0;
		check_status(
			ST_OK,
			scene_finish(scene, &job.taken, &taken_by, 1, &err),
			&err);
		link_test_job_done(&job);
	}
	assert_int_equal(told, 3); /* alice, bob, carol */
}

/* --- who may ----------------------------------------------------------- */

static void
a_link_needs_a_second_person(void **state)
{
	struct scene *scene = *state;
	static const struct mail from_bob = { .sender = "bob@example.co.jp" };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &from_bob, id);
	check_status(
		ST_DENIED,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	check_status(
		ST_DENIED,
		scene_decide(scene, "root", id, CASE_DECISION_LINK, "", &err),
		&err);
	check_status(
		ST_OK,
		scene_decide(scene, "carol", id, CASE_DECISION_LINK, "", &err),
		&err);
}

static void
without_a_portal_or_outsiders_there_are_no_links(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &inside_only, id);
	check_status(
		ST_DENIED,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	const struct mail other = { .content = 1, .to = { "a@example.com" } };

	scene_hold(scene, &other, id);
	scene->config.portal.listen = "";
	check_status(
		ST_DENIED,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
}

static void
show(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
     struct vault_case *out)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_show request = { .actor = { { NULL, 0 } } };
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	check_status(
		ST_OK,
		view_case(&scene->vault, &actor, &request, out, &arena, &err),
		&err);
	actor_done(&actor);
}

static void
the_page_says_what_may_be_done(void **state)
{
	struct scene *scene = *state;
	struct vault_case page;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &two_out, id);
	show(scene, "bob", id, &page);
	assert_true(page.may_link);
	assert_false(page.may_ask_link);
	assert_false(page.link_asked);
	show(scene, "alice", id, &page);
	assert_false(page.may_link);
	assert_true(page.may_ask_link);
	scene->config.portal.url = "";
	show(scene, "bob", id, &page);
	assert_false(page.may_link);
	assert_true(page.may_decide);
	show(scene, "alice", id, &page);
	assert_false(page.may_ask_link);
	scene->config.portal.url = "https://files.example.co.jp";
	const struct mail other = { .content = 1, .to = { "a@example.com" } };

	link_test_make(scene, &other, id, NULL);
	show(scene, "bob", id, &page);
	assert_int_equal(page.link_count, 1);
	assert_false(page.may_link);
}

/* --- by the rule ------------------------------------------------------- */

/* Alice wrote to them long ago. */
static void
know(struct scene *scene, const char *address)
{
	const struct vault_pair pair = { "alice@example.co.jp", address,
					 scene->vault.now_unix_ms -
						 30 * day_ms };
	const struct vault_pairs pairs = { &pair, 1 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, pairs_take(&scene->vault, &pairs, &err), &err);
}

static void
a_rule_sends_links_to_people_known_before(void **state)
{
	struct mail mail = two_out;
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	mail.link = (struct case_link_terms){ .at_once = true,
					      .unknown_held = true,
					      .needs_code = true,
					      .expires_after_s = 3600 };
	know(scene, "a@example.com");
	scene_hold(scene, &mail, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	know(scene, "b@example.org");
	mail.content = 1;
	scene_hold(scene, &mail, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "link", id), 1);
	mail.content = 2;
	mail.to[0] = "new@example.net";
	mail.link.unknown_held = false;
	scene_hold(scene, &mail, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
}

static enum status
ask(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
    const char *password)
{
	struct vault_link_ask request = { .password = password };
	struct link_ask_key key;
	struct actor actor;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	st = link_ask_prepare(&scene->vault, &actor, &request, &key, &err);
	if (st == ST_OK)
		scene_do(scene, ST_OK,
			 link_ask(&scene->vault, &actor, &request, &key, &err),
			 &err);
	actor_done(&actor);
	return st;
}

static void
a_password_stands_for_the_second_person_where_the_rule_says_so(void **state)
{
	struct mail mail = two_out;
	struct scene *scene = *state;
	struct vault_case page;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &mail, id);
	assert_int_equal(ask(scene, "alice", id, "2026-secret"), ST_OK);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	show(scene, "bob", id, &page);
	assert_true(page.link_asked);
	assert_true(page.link_password);
	mail.content = 1;
	mail.link = (struct case_link_terms){ .at_once = true,
					      .unknown_held = true,
					      .expires_after_s = 3600 };
	scene_hold(scene, &mail, id);
	assert_int_equal(ask(scene, "alice", id, ""), ST_OK);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(ask(scene, "alice", id, "2026-secret"), ST_OK);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
}

static void
only_the_sender_can_ask(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &two_out, id);
	assert_int_equal(ask(scene, "bob", id, ""), ST_DENIED);
	assert_int_equal(ask(scene, "dave", id, ""), ST_NOT_FOUND);
	assert_int_equal(scene_audit_count(scene, "link-asked", id), 0);
}

/* What the rule wanted cannot be: from then on people decide. */
static void
a_rule_does_not_try_what_was_refused_again(void **state)
{
	struct mail mail = two_out;
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	mail.link = (struct case_link_terms){ .at_once = true,
					      .expires_after_s = 3600 };
	scene_hold(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, "no", NULL, &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(ask(scene, "alice", id, "2026-secret"), ST_OK);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
}

/* --- how many an hour -------------------------------------------------- */

static void
above_the_rate_of_a_sender_people_decide(void **state)
{
	struct mail mail = two_out;
	struct mail other = two_out;
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	scene->config.portal.sender_rate = 3;
	mail.link = (struct case_link_terms){ .at_once = true,
					      .expires_after_s = 86400 };
	other.link = mail.link;
	other.sender = "eve@example.co.jp";
	link_test_make(scene, &mail, id, NULL);
	mail.content = 1;
	scene_hold(scene, &mail, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(scene_audit_count(scene, "link-rate", id), 1);
	/* Nor by the sender's wish, but by a person. */
	assert_int_equal(ask(scene, "alice", id, ""), ST_DENIED);
	other.content = 2;
	scene_hold(scene, &other, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	scene->vault.now_unix_ms += 3600 * 1000 + 1;
	mail.content = 3;
	scene_hold(scene, &mail, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
}

/* Many that were let through before the first of them had links. */
static void
the_rate_is_looked_at_again_when_links_are_made(void **state)
{
	struct mail mail = two_out;
	struct scene *scene = *state;
	struct link_test_job job;
	struct link_test_seal seal = { .pictures = 0 };
	uint8_t ids[2][CASE_ID_BYTES];
	size_t held = 0;
	struct err err = { .st = ST_OK };

	scene->config.portal.sender_rate = 2;
	mail.link = (struct case_link_terms){ .at_once = true,
					      .expires_after_s = 86400 };
	for (size_t i = 0; i < 2; i++) {
		mail.content = (uint8_t)i;
		scene_hold(scene, &mail, ids[i]);
		assert_int_equal(scene_state(scene, ids[i]),
				 CASE_STATE_RELEASING);
	}
	for (size_t i = 0; i < 2; i++) {
		assert_true(link_test_take(scene, JOB_KIND_REWRITE, &job));
		check_status(
			ST_OK,
			link_test_seal(scene, &job.taken, NULL, &seal, &err),
			&err);
		link_test_job_done(&job);
	}
	for (size_t i = 0; i < 2; i++)
		held += scene_state(scene, ids[i]) == CASE_STATE_HELD;
	assert_int_equal(held, 1);
	assert_int_equal(scene_audit_count(scene, "link-refused", NULL), 1);
	scene->vault.now_unix_ms++;
	for (size_t i = 0; i < 2; i++)
		if (scene_state(scene, ids[i]) == CASE_STATE_HELD)
			check_status(ST_OK,
				     scene_decide(scene, "bob", ids[i],
						  CASE_DECISION_LINK, "", &err),
				     &err);
	assert_true(link_test_take(scene, JOB_KIND_REWRITE, &job));
	check_status(ST_OK,
		     link_test_seal(scene, &job.taken, NULL, &seal, &err),
		     &err);
	link_test_job_done(&job);
	assert_int_equal(scene_audit_count(scene, "link-sealed", NULL), 2);
}

/* What nobody needs any more does not lie there until the case is forgotten. */
static void
the_password_goes_when_the_mail_goes_otherwise(void **state)
{
	struct scene *scene = *state;
	struct link_ask_state asked = { .asked = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_out, id);
	assert_int_equal(ask(scene, "alice", id, "2026-secret"), ST_OK);
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	check_status(ST_OK, link_ask_find(&scene->vault, id, &asked, &err),
		     &err);
	assert_true(asked.asked);
	assert_false(asked.has_password);
}

static struct vault_stats_line
counters(struct scene *scene)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const uint32_t day = stats_day(scene->vault.now_unix_ms);
	const struct vault_stats request = { .from_day = day, .to_day = day };
	struct vault_stats_answer answer = { .line_count = 0 };
	struct vault_stats_line line;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     stats_read(&scene->vault, &request, &answer, &arena, &err),
		     &err);
	assert_int_equal(answer.line_count, 1);
	line = answer.lines[0];
	line.rule = "";
	return line;
}

static void
links_are_counted_once_they_are_made(void **state)
{
	struct mail mail = two_out;
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, "no", NULL, &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(counters(scene).approved, 0);
	mail.content = 1;
	link_test_make(scene, &mail, id, NULL);
	assert_int_equal(counters(scene).approved, 1);
	assert_int_equal(counters(scene).passed, 0);
}

static void
a_sender_outside_hears_of_it_and_gets_no_link(void **state)
{
	static const struct mail mail = { .sender = "boss@foreign.example",
					  .from = "alice@example.co.jp",
					  .to = { "a@example.com" } };
	static const struct reply taken_by = { "boss@foreign.example", 250 };
	struct scene *scene = *state;
	struct store_link_counts links = { .recipients = 0 };
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	bool told = false;
	struct err err = { .st = ST_OK };

	link_test_make(scene, &mail, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(scene_audit_count(scene, "link-sent", id), 1);
	check_status(ST_OK,
		     store_link_count(scene->vault.store, id, &links, &err),
		     &err);
	assert_int_equal(links.recipients, 1);
	while (link_test_take(scene, JOB_KIND_NOTICE, &job)) {
		assert_int_not_equal(job.job.event, NOTICE_LINKED);
		told |= job.job.event == NOTICE_DELIVERED;
		check_status(
			ST_OK,
			scene_finish(scene, &job.taken, &taken_by, 1, &err),
			&err);
		link_test_job_done(&job);
	}
	assert_true(told);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LINKED(a_refused_rewriting_puts_the_case_back),
		LINKED(approvers_are_told_why_it_is_held_again),
		LINKED(a_link_needs_a_second_person),
		LINKED(without_a_portal_or_outsiders_there_are_no_links),
		LINKED(the_page_says_what_may_be_done),
		LINKED(a_rule_sends_links_to_people_known_before),
		LINKED(a_password_stands_for_the_second_person_where_the_rule_says_so),
		LINKED(only_the_sender_can_ask),
		LINKED(above_the_rate_of_a_sender_people_decide),
		LINKED(the_rate_is_looked_at_again_when_links_are_made),
		LINKED(the_password_goes_when_the_mail_goes_otherwise),
		LINKED(links_are_counted_once_they_are_made),
		LINKED(a_rule_does_not_try_what_was_refused_again),
		LINKED(a_sender_outside_hears_of_it_and_gets_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
