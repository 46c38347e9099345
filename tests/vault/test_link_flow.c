/* Tests of vault/case/link_send.h: from the decision to an outcome for each
 * recipient, and what is destroyed on the way. */
#include "vault/case/link_send.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/vault/link_harness.h"
#include "vault/case/link_end.h"

static const struct mail one_in_two_out = {
	.to = { "kato@example.co.jp", "a@example.com", "b@example.org" }
};
static const struct mail two_out = { .to = { "a@example.com",
					     "b@example.org" } };

static const int64_t hour_ms = 3600LL * 1000;
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

static bool
has_link_mail(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(store_link_batch_done)
	struct store_link_batch row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     store_link_batch_find(scene->vault.store, id, &row, &err),
		     &err);
	return row.mail_key.len_bytes > 0;
}

static bool
has_files(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(store_link_batch_done)
	struct store_link_batch row = { .memory = NULL };
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	check_status(ST_OK,
		     store_link_batch_find(scene->vault.store, id, &row, &err),
		     &err);
	st = blob_open(scene->fixture->dir, row.files.id, &fd, &err);
	assert_true((row.ended_unix_ms == 0) == (st == ST_OK));
	return st == ST_OK;
}

static void
release_inside(struct scene *scene)
{
	struct link_test_job job;

	assert_true(link_test_take(scene, JOB_KIND_RELEASE, &job));
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
}

static void
reply(struct scene *scene, uint32_t code)
{
	struct link_test_job job;

	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	link_test_reply(scene, &job, code);
	link_test_job_done(&job);
}

/* --- from the decision on ---------------------------------------------- */

static void
nothing_is_sent_before_the_files_are_sealed(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	char text[100] = "";
	struct err err = { .st = ST_OK };

	scene_hold(scene, &one_in_two_out, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_true(link_test_take(scene, JOB_KIND_REWRITE, &job));
	/* With the mail as it was held, to nobody. */
	assert_int_equal(pread(job.fd, text, sizeof(text) - 1, 0),
			 sizeof(MAIL_TEXT) - 1);
	assert_string_equal(text, MAIL_TEXT);
	assert_int_equal(job.job.recipient_count, 0);
	assert_int_equal(job.job.profile, REPORT_PROFILE_STANDARD);
	check_status(ST_OK, link_test_seal(scene, &job.taken, NULL, NULL, &err),
		     &err);
	link_test_job_done(&job);
	assert_int_equal(scene_audit_count(scene, "link", id), 1);
	assert_int_equal(scene_audit_count(scene, "link-sealed", id), 1);
}

static void
who_is_inside_gets_the_mail_itself_and_alone(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &one_in_two_out, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_RELEASE, &job));
	assert_int_equal(job.job.recipient_count, 1);
	assert_string_equal(job.job.recipients[0].address,
			    "kato@example.co.jp");
	assert_true(has_original(scene, id));
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	/* Nobody waits for it any more: it goes before the links do. */
	assert_false(has_original(scene, id));
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 2);
	assert_true(has_files(scene, id));
}

static void
the_original_goes_at_once_when_all_are_outside(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &two_out, id, NULL);
	assert_false(has_original(scene, id));
	assert_int_equal(scene_audit_count(scene, "shred", id), 1);
	assert_false(link_test_take(scene, JOB_KIND_RELEASE, &job));
}

static void
one_mailbox_gets_one_link_mail(void **state)
{
	static const struct mail mail = { .to = { "a@example.com",
						  "a@EXAMPLE.com" } };
	struct scene *scene = *state;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &mail, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	assert_false(link_test_take(scene, JOB_KIND_LINK, &job));
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 1);
}

static void
a_link_mail_names_its_link_and_no_file(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	char text[100] = "";

	link_test_make(scene, &two_out, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	assert_int_equal(pread(job.fd, text, sizeof(text) - 1, 0),
			 sizeof(LINK_TEST_MAIL) - 1);
	assert_string_equal(text, LINK_TEST_MAIL);
	assert_int_equal(job.job.recipient_count, 1);
	assert_string_equal(job.job.recipients[0].address, "a@example.com");
	assert_string_equal(job.job.envelope_sender, "alice@example.co.jp");
	assert_int_equal(job.job.audience, NOTICE_AUDIENCE_RECIPIENT);
	assert_int_equal(strlen(job.job.link.code), LINK_CODE_TEXT_BYTES - 1);
	assert_int_equal(job.job.link.hole_offset, 10);
	assert_string_equal(job.job.link.boundary, "b1");
	assert_int_equal(job.job.link.file_count, 2);
	assert_string_equal(job.job.link.files[0].shown, "番号 ****.csv");
	assert_string_equal(job.job.link.files[0].name, "");
	assert_true(job.job.link.needs_code);
	assert_false(job.job.link.needs_password);
	assert_true(job.job.link.expires_unix_ms ==
		    scene->vault.now_unix_ms + 14 * day_ms);
	link_test_job_done(&job);
}

static void
the_sender_gets_a_link_of_his_own(void **state)
{
	static const struct reply taken_by = { "alice@example.co.jp", 250 };
	struct scene *scene = *state;
	struct link_test_job job;
	struct store_link row = { .memory = NULL };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_out, id, NULL);
	do {
		assert_true(link_test_take(scene, JOB_KIND_NOTICE, &job));
		if (job.job.event == NOTICE_LINKED)
			break;
		check_status(
			ST_OK,
			scene_finish(scene, &job.taken, &taken_by, 1, &err),
			&err);
		link_test_job_done(&job);
	} while (true);
	assert_int_equal(job.job.audience, NOTICE_AUDIENCE_SENDER);
	assert_int_equal(strlen(job.job.link.code), LINK_CODE_TEXT_BYTES - 1);
	check_status(ST_OK,
		     store_link_find(scene->vault.store,
				     job.job.link.link_id.ptr, &row, &err),
		     &err);
	assert_int_equal(row.kind, LINK_KIND_SENDER);
	assert_int_equal(row.state, LINK_STATE_PENDING);
	store_link_done(&row);
	check_status(ST_OK, scene_finish(scene, &job.taken, &taken_by, 1, &err),
		     &err);
	check_status(ST_OK,
		     store_link_find(scene->vault.store,
				     job.job.link.link_id.ptr, &row, &err),
		     &err);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	assert_int_equal(row.secret.len_bytes, 0);
	store_link_done(&row);
	link_test_job_done(&job);
}

static void
all_have_an_outcome_and_the_link_mail_goes(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &one_in_two_out, id, NULL);
	release_inside(scene);
	reply(scene, 250);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 1);
	assert_true(has_link_mail(scene, id));
	reply(scene, 250);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 2);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_DELIVERED), 1);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_false(has_link_mail(scene, id));
	/* The links live on. */
	assert_true(has_files(scene, id));
	assert_int_equal(scene_audit_count(scene, "link-sent", id), 3);
	assert_int_equal(scene_audit_count(scene, "link-shredded", id), 1);
}

static void
a_link_waits_with_its_secret_until_it_is_taken(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	struct link_test_job again;
	uint8_t id[CASE_ID_BYTES];
	static const struct mail one = { .to = { "a@example.com" } };

	link_test_make(scene, &one, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	link_test_reply(scene, &job, 451);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 1);
	assert_false(link_test_take(scene, JOB_KIND_LINK, &again));
	/* Its time begins when it goes out, and the code is the same. */
	scene->vault.now_unix_ms += 3 * day_ms;
	assert_true(link_test_take(scene, JOB_KIND_LINK, &again));
	assert_string_equal(job.job.link.code, again.job.link.code);
	assert_true(again.job.link.expires_unix_ms ==
		    scene->vault.now_unix_ms + 14 * day_ms);
	link_test_job_done(&job);
	link_test_reply(scene, &again, 250);
	link_test_job_done(&again);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_false(link_test_take(scene, JOB_KIND_LINK, &again));
}

static void
a_courier_that_dies_sends_the_same_secret_again(void **state)
{
	static const struct mail one = { .to = { "a@example.com" } };
	struct scene *scene = *state;
	struct link_test_job job;
	struct link_test_job again;
	struct reply late = { "a@example.com", 250 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &one, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	scene->vault.now_unix_ms += hour_ms / 2;
	assert_true(link_test_take(scene, JOB_KIND_LINK, &again));
	assert_string_equal(job.job.link.code, again.job.link.code);
	assert_true(job.job.link.expires_unix_ms ==
		    again.job.link.expires_unix_ms);
	/* The first one's result comes too late. */
	check_status(ST_END, scene_finish(scene, &job.taken, &late, 1, &err),
		     &err);
	link_test_reply(scene, &again, 250);
	check_status(ST_END, scene_finish(scene, &again.taken, &late, 1, &err),
		     &err);
	link_test_job_done(&job);
	link_test_job_done(&again);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 1);
	assert_int_equal(scene_audit_count(scene, "link-sent", id), 1);
}

static void
a_refused_link_mail_ends_its_link_alone(void **state)
{
	struct scene *scene = *state;
	struct store_link_counts counts = { .recipients = 0 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_out, id, NULL);
	reply(scene, 550);
	check_status(ST_OK,
		     store_link_count(scene->vault.store, id, &counts, &err),
		     &err);
	assert_int_equal(counts.living, 1);
	assert_int_equal(counts.all_living, 2);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_RETURNED), 1);
	assert_int_equal(scene_audit_count(scene, "link-failed", id), 1);
	assert_true(has_files(scene, id));
	/* With the last one go the sender's and the files. */
	reply(scene, 550);
	check_status(ST_OK,
		     store_link_count(scene->vault.store, id, &counts, &err),
		     &err);
	assert_int_equal(counts.all_living, 0);
	assert_false(has_files(scene, id));
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(scene_audit_count(scene, "link-shredded", id), 2);
}

static void
the_sender_hears_of_a_refused_link_without_the_mail(void **state)
{
	static const struct mail one = { .to = { "a@example.com" } };
	static const struct reply taken_by = { "", 250 };
	struct scene *scene = *state;
	struct link_test_job job;
	struct job_taken back = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	bool told = false;
	struct err err = { .st = ST_OK };

	link_test_make(scene, &one, id, NULL);
	reply(scene, 550);
	while (link_test_take(scene, JOB_KIND_NOTICE, &job)) {
		if (job.job.event == NOTICE_LINK_FAILED) {
			told = true;
			assert_string_equal(job.job.recipients_text,
					    "a@example.com");
			assert_non_null(strstr(job.job.reason, "550"));
		}
		check_status(
			ST_OK,
			scene_finish(scene, &job.taken, &taken_by, 1, &err),
			&err);
		link_test_job_done(&job);
	}
	assert_true(told);
	assert_false(scene_take(scene, JOB_KIND_GIVE_BACK, &back));
}

static void
a_link_that_ends_before_it_is_sent_gives_an_outcome(void **state)
{
	static const struct link_deed deed = { .event = "revoked",
					       .actor = "alice",
					       .via = "desk" };
	struct scene *scene = *state;
	struct link_test_job job;
	struct store_link row = { .memory = NULL };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_out, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	check_status(ST_OK,
		     store_link_find(scene->vault.store,
				     job.job.link.link_id.ptr, &row, &err),
		     &err);
	scene_do(scene, ST_OK,
		 link_end(&scene->vault, &row, LINK_STATE_REVOKED, &deed, &err),
		 &err);
	scene_do(
		scene, ST_OK,
		link_give_up(&scene->vault, &row, CASE_OUTCOME_CANCELLED, &err),
		&err);
	/* It did not get there either (test_link_whole.c: when it did). */
	link_test_reply(scene, &job, 550);
	link_test_job_done(&job);
	store_link_done(&row);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_CANCELLED), 1);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 1);
	reply(scene, 250);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_false(has_link_mail(scene, id));
}

static void
a_link_whose_key_was_lost_is_not_sent(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];
	char path[200];

	link_test_make(scene, &two_out, id, NULL);
	(void)snprintf(path, sizeof(path), "%s/link-epochs",
		       scene->fixture->dir);
	assert_int_equal(unlink(path), 0);
	assert_false(link_test_take(scene, JOB_KIND_LINK, &job));
	scene->vault.now_unix_ms += day_ms;
	assert_false(link_test_take(scene, JOB_KIND_LINK, &job));
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_RETURNED), 2);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(scene_audit_count(scene, "link-failed", id), 3);
	assert_false(has_files(scene, id));
}

static void
a_ticket_of_a_link_mail_is_for_its_recipient(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	struct vault_bind_ticket bind = { .content_digest = { 7 } };
	struct vault_redeem redeem = { .content_digest = { 7 } };
	struct case_recipient to = { "a@example.com", "" };
	struct vault_redeem_answer answer = { .valid = false };
	uint8_t ticket[VAULT_TOKEN_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	link_test_make(scene, &two_out, id, NULL);
	assert_true(link_test_take(scene, JOB_KIND_LINK, &job));
	bind.job_id = job.taken.row.id;
	memcpy(bind.lease, job.taken.row.lease, sizeof(bind.lease));
	scene_do(scene, ST_OK, ticket_bind(&scene->vault, &bind, ticket, &err),
		 &err);
	redeem.ticket = (struct span){ ticket, sizeof(ticket) };
	redeem.envelope_sender = "alice@example.co.jp";
	redeem.recipients = &to;
	redeem.recipient_count = 1;
	scene_do(scene, ST_OK,
		 ticket_redeem(&scene->vault, &redeem, &answer, &err), &err);
	assert_true(answer.valid);
	to.address = "b@example.org";
	scene_do(scene, ST_OK,
		 ticket_redeem(&scene->vault, &redeem, &answer, &err), &err);
	assert_false(answer.valid);
	link_test_job_done(&job);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LINKED(nothing_is_sent_before_the_files_are_sealed),
		LINKED(who_is_inside_gets_the_mail_itself_and_alone),
		LINKED(the_original_goes_at_once_when_all_are_outside),
		LINKED(one_mailbox_gets_one_link_mail),
		LINKED(a_link_mail_names_its_link_and_no_file),
		LINKED(the_sender_gets_a_link_of_his_own),
		LINKED(all_have_an_outcome_and_the_link_mail_goes),
		LINKED(a_link_waits_with_its_secret_until_it_is_taken),
		LINKED(a_courier_that_dies_sends_the_same_secret_again),
		LINKED(a_refused_link_mail_ends_its_link_alone),
		LINKED(the_sender_hears_of_a_refused_link_without_the_mail),
		LINKED(a_link_that_ends_before_it_is_sent_gives_an_outcome),
		LINKED(a_link_whose_key_was_lost_is_not_sent),
		LINKED(a_ticket_of_a_link_mail_is_for_its_recipient),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
