/* Tests of vault/case/bounce.h: link mails that come back, also before the
 * courier says that they were sent. */
#include "vault/case/bounce.h"

#include <stdio.h>
#include <string.h>

#include "tests/vault/link_harness.h"
#include "vault/case/link_send.h"

static const struct mail two_out = { .to = { "a@example.com",
					     "b@example.org" } };

/* Links of recipients that may be fetched. */
static uint32_t
living(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	struct store_link_counts counts = { .recipients = 0 };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     store_link_count(scene->vault.store, id, &counts, &err),
		     &err);
	return (uint32_t)counts.living;
}

/* A bounce of a link mail: what its sender is told. Its ENVID is the
 * case's, also when it is over and the links live on. */
static enum notice_event
bounce_for(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
	   const char *envid, const char *whose)
{
	static const struct case_recipient sender = { "alice@example.co.jp",
						      "" };
	const struct vault_bounce bounce = {
		.dsn = { envid, whose, "failed", "5.1.1" },
		.recipients = &sender,
		.recipient_count = 1,
	};
	struct vault_bounce_answer answer = { .known = false };
	struct link_test_job job;
	enum notice_event event = NOTICE_NONE;
	const size_t before = scene_audit_count(scene, "bounce", id);
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 bounce_take(&scene->vault, &bounce, &answer, &err), &err);
	assert_true(answer.known);
	assert_int_equal(scene_audit_count(scene, "bounce", id), before + 1);
	if (!link_test_take(scene, JOB_KIND_NOTICE, &job))
		return NOTICE_NONE;
	event = job.job.event;
	if (event == NOTICE_LINK_FAILED) {
		assert_string_equal(job.job.recipients_text, whose);
		assert_string_equal(job.job.reason, "failed 5.1.1");
	}
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	assert_false(link_test_take(scene, JOB_KIND_NOTICE, &job));
	return event;
}

/* All of them are with the next hop. */
static void
send_links(struct scene *scene, uint8_t id_out[CASE_ID_BYTES],
	   char envid_out[BOUNCE_ENVID_BYTES])
{
	struct link_test_job job;

	link_test_make(scene, &two_out, id_out, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	(void)snprintf(envid_out, BOUNCE_ENVID_BYTES, "%s", job.job.envid);
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	link_test_send_all(scene);
	assert_int_equal(scene_state(scene, id_out), CASE_STATE_RELEASED);
}

static void
a_link_mail_that_comes_back_ends_its_link_alone(void **state)
{
	struct scene *scene = *state;
	char envid[BOUNCE_ENVID_BYTES];
	uint8_t id[CASE_ID_BYTES];

	send_links(scene, id, envid);
	/* A bounce of what somebody forwarded. */
	assert_int_equal(bounce_for(scene, id, envid, "b@elsewhere.example"),
			 NOTICE_BOUNCED);
	assert_int_equal(scene_audit_count(scene, "link-bounced", id), 0);
	assert_int_equal(bounce_for(scene, id, envid, "a@example.com"),
			 NOTICE_LINK_FAILED);
	assert_int_equal(scene_audit_count(scene, "link-bounced", id), 1);
	assert_int_equal(living(scene, id), 1);
	/* Said again, it is no news. */
	assert_int_equal(bounce_for(scene, id, envid, "a@example.com"),
			 NOTICE_NONE);
	assert_int_equal(bounce_for(scene, id, envid, "b@example.org"),
			 NOTICE_LINK_FAILED);
	assert_int_equal(living(scene, id), 0);
}

static enum status
keep_last(void *context, const struct store_link *row, struct err *err)
{
	(void)err;
	if (row->kind == LINK_KIND_RECIPIENT)
		memcpy(context, row->id, LINK_ID_BYTES);
	return ST_OK;
}

static void
a_link_that_was_opened_is_not_ended_by_a_bounce(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	char envid[BOUNCE_ENVID_BYTES];
	uint8_t id[CASE_ID_BYTES];
	uint8_t last[LINK_ID_BYTES];
	struct err err = { .st = ST_OK };

	send_links(scene, id, envid);
	check_status(
		ST_OK,
		store_link_each(scene->vault.store, id, keep_last, last, &err),
		&err);
	check_status(ST_OK,
		     store_link_find(scene->vault.store, last, &row, &err),
		     &err);
	row.opened = 1;
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &row, &err), &err);
	assert_int_equal(bounce_for(scene, id, envid, "b@example.org"),
			 NOTICE_BOUNCED);
	assert_int_equal(scene_audit_count(scene, "link-bounced", id), 0);
}

/* The next mail server is quick, or the courier was killed after its 250. */
static void
a_bounce_before_the_courier_is_done_ends_the_link_then(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient row = { .index = 0 };
	struct link_test_job job;
	char envid[BOUNCE_ENVID_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_out, id, NULL);
	check_status(ST_OK, bounce_envid(&scene->vault, id, envid, &err), &err);
	while (link_test_take(scene, JOB_KIND_NOTICE, &job)) {
		link_test_reply(scene, &job, 250);
		link_test_job_done(&job);
	}
	/* Its sender hears of it once, when it is known what became of it. */
	assert_int_equal(bounce_for(scene, id, envid, "a@example.com"),
			 NOTICE_NONE);
	assert_int_equal(living(scene, id), 2);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	assert_string_equal(job.job.recipients[0].address, "a@example.com");
	assert_int_equal(scene_audit_count(scene, "link-bounced", id), 0);
	link_test_reply(scene, &job, 250);
	/* And the sender's own. */
	assert_int_equal(scene_audit_count(scene, "link-sent", id), 2);
	assert_int_equal(scene_audit_count(scene, "link-bounced", id), 1);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 1);
	link_test_job_done(&job);
	check_status(ST_OK,
		     record_find_recipient(&scene->vault, id, "a@example.com",
					   &row, &arena, &err),
		     &err);
	assert_string_equal(row.last_reply, "bounced: failed 5.1.1");
	assert_true(link_test_take(scene, JOB_KIND_NOTICE, &job));
	assert_int_equal(job.job.event, NOTICE_LINK_FAILED);
	assert_string_equal(job.job.reason, "failed 5.1.1");
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	/* The other one lives. */
	link_test_send_all(scene);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(living(scene, id), 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LINKED(a_link_mail_that_comes_back_ends_its_link_alone),
		LINKED(a_link_that_was_opened_is_not_ended_by_a_bounce),
		LINKED(a_bounce_before_the_courier_is_done_ends_the_link_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
