/* Tests of vault/case/link_again.h: a client sends a mail once more that its
 * rule has sent as links. */
#include "vault/case/link_again.h"

#include <string.h>

#include "tests/vault/link_harness.h"
#include "vault/case/link_end.h"

static const int64_t hour_ms = 3600LL * 1000;

/* A rule sends links to whom it may be. */
static const struct mail by_rule = {
	.content = 7,
	.to = { "kato@example.co.jp", "a@example.com", "b@example.org" },
	.link = { .at_once = true },
};

/* Everybody has it: links, and the mail itself for who is inside. */
static void
send_all(struct scene *scene, uint8_t id_out[CASE_ID_BYTES])
{
	struct link_test_job job;

	link_test_make(scene, &by_rule, id_out, NULL);
	assert_true(link_test_take(scene, JOB_KIND_RELEASE, &job));
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	link_test_send_all(scene);
	assert_int_equal(scene_state(scene, id_out), CASE_STATE_RELEASED);
}

/* The mail comes again: does it belong to the case? */
static bool
joins(struct scene *scene, const struct mail *mail,
      const uint8_t id[CASE_ID_BYTES])
{
	struct vault_hold_answer answer = { .joined = false };
	struct err err = { .st = ST_OK };
	const size_t before = link_test_blobs(scene);

	check_status(ST_OK, scene_try_hold(scene, mail, &answer, &err), &err);
	assert_true(answer.joined ==
		    (memcmp(answer.case_id, id, CASE_ID_BYTES) == 0));
	/* Of a retry nothing is kept. */
	assert_int_equal(link_test_blobs(scene), before + !answer.joined);
	return answer.joined;
}

static void
a_retry_sends_no_second_link(void **state)
{
	struct scene *scene = *state;
	struct store_link_counts counts = { .recipients = 0 };
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	send_all(scene, id);
	assert_true(joins(scene, &by_rule, id));
	assert_int_equal(scene_audit_count(scene, "seen-again", id), 1);
	assert_false(link_test_take(scene, JOB_KIND_REWRITE, &job));
	check_status(ST_OK,
		     store_link_count(scene->vault.store, id, &counts, &err),
		     &err);
	assert_int_equal(counts.recipients, 2);
	assert_int_equal(counts.living, 2);
}

static void
a_retry_joins_while_the_links_are_made(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &by_rule, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_true(joins(scene, &by_rule, id));
}

static void
a_mail_to_somebody_else_too_is_another_one(void **state)
{
	struct scene *scene = *state;
	struct mail more = by_rule;
	uint8_t id[CASE_ID_BYTES];

	send_all(scene, id);
	more.to[3] = "c@example.net";
	assert_false(joins(scene, &more, id));
}

static enum status
keep_first(void *context, const struct store_link *row, struct err *err)
{
	(void)err;
	memcpy(context, row->id, LINK_ID_BYTES);
	return ST_END;
}

static void
who_has_no_link_any_more_gets_a_new_one(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	const struct link_deed deed = { .event = "revoked",
					.actor = "alice",
					.via = "test" };
	uint8_t first[LINK_ID_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	send_all(scene, id);
	check_status(ST_OK,
		     store_link_each(scene->vault.store, id, keep_first, first,
				     &err),
		     &err);
	check_status(ST_OK,
		     store_link_find(scene->vault.store, first, &row, &err),
		     &err);
	scene_do(scene, ST_OK,
		 link_end(&scene->vault, &row, LINK_STATE_REVOKED, &deed, &err),
		 &err);
	assert_false(joins(scene, &by_rule, id));
}

static void
the_same_mail_on_another_day_is_meant_to_be_sent(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	send_all(scene, id);
	scene->vault.now_unix_ms += 11 * hour_ms;
	assert_true(joins(scene, &by_rule, id));
	scene->vault.now_unix_ms += 2 * hour_ms;
	assert_false(joins(scene, &by_rule, id));
}

/* As with a mail that is released: people see that it came again. */
static void
after_a_persons_decision_it_is_a_new_case(void **state)
{
	struct scene *scene = *state;
	struct mail mail = by_rule;
	uint8_t id[CASE_ID_BYTES];

	mail.link.at_once = false;
	mail.to[0] = "c@example.net";
	link_test_make(scene, &mail, id, NULL);
	link_test_send_all(scene);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_false(joins(scene, &mail, id));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LINKED(a_retry_sends_no_second_link),
		LINKED(a_retry_joins_while_the_links_are_made),
		LINKED(a_mail_to_somebody_else_too_is_another_one),
		LINKED(who_has_no_link_any_more_gets_a_new_one),
		LINKED(the_same_mail_on_another_day_is_meant_to_be_sent),
		LINKED(after_a_persons_decision_it_is_a_new_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
