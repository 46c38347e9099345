/* Tests of vault/case/job.h, ticket.h, timers.h, bounce.h: from the decision
 * to exactly one outcome for each recipient. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/bounce.h"
#include "vault/case/rescan.h"

static const int64_t day_ms = 86400LL * 1000;

static void
approved(struct scene *scene, const struct mail *mail,
	 uint8_t id[CASE_ID_BYTES])
{
	struct err err = { .st = ST_OK };

	scene_hold(scene, mail, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
}

static bool
has_blob(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_case_find(scene->vault.store, id, &row, &err),
		     &err);
	return row.blob_key.len_bytes > 0;
}

/* --- release ----------------------------------------------------------- */

static void
each_recipient_gets_exactly_one_outcome(void **state)
{
	static const struct mail mail = {
		.to = { "a@example.com", "b@example.com", "c@example.com" }
	};
	static const struct reply first[] = { { "a@example.com", 250 },
					      { "b@example.com", 550 },
					      { "c@example.com", 451 } };
	static const struct reply second[] = { { "c@example.com", 250 },
					       { "a@example.com", 550 } };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, first, 3, &err), &err);
	job_taken_done(&taken);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_DELIVERED), 1);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_RETURNED), 1);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 1);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	/* Not before the backoff; then only to who still waits. What is said
	 * of the others changes nothing. */
	assert_false(scene_take(scene, JOB_KIND_RELEASE, &taken));
	scene->vault.now_unix_ms += day_ms;
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, second, 2, &err), &err);
	job_taken_done(&taken);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_DELIVERED), 2);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_RETURNED), 1);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
}

static void
the_mail_goes_when_nobody_needs_it_any_more(void **state)
{
	static const struct mail mail = { .to = { "a@example.com",
						  "b@example.com" } };
	static const struct reply replies[] = { { "a@example.com", 250 },
						{ "b@example.com", 554 } };
	static const struct reply back[] = { { "alice@example.co.jp", 250 } };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, replies, 2, &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	/* The sender still has to get back what was refused. */
	assert_true(has_blob(scene, id));
	assert_true(scene_take(scene, JOB_KIND_GIVE_BACK, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, back, 1, &err), &err);
	job_taken_done(&taken);
	assert_false(has_blob(scene, id));
	assert_int_equal(scene_audit_count(scene, "shred", id), 1);
}

static void
a_lease_is_proof_and_ends(void **state)
{
	static const struct mail mail = { .content = 1 };
	static const struct reply replies[] = { { "yamada@example.com", 250 } };
	struct scene *scene = *state;
	struct job_taken first = { .present = false };
	struct job_taken second = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &first));
	assert_false(scene_take(scene, JOB_KIND_RELEASE, &second));
	scene->vault.now_unix_ms += 61 * 1000;
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &second));
	check_status(ST_END, scene_finish(scene, &first, replies, 1, &err),
		     &err);
	check_status(ST_OK, scene_finish(scene, &second, replies, 1, &err),
		     &err);
	check_status(ST_END, scene_finish(scene, &second, replies, 1, &err),
		     &err);
	job_taken_done(&first);
	job_taken_done(&second);
}

static void
a_fresh_courier_gets_the_leases_of_the_dead_one(void **state)
{
	static const struct mail mail = { .content = 1 };
	const struct vault_take_job fresh = { .lease_s = 60, .fresh = true };
	struct scene *scene = *state;
	struct job_taken first = { .present = false };
	struct job_taken second = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &first));
	scene_do(scene, ST_OK, job_take(&scene->vault, &fresh, &second, &err),
		 &err);
	assert_true(second.present);
	assert_int_equal(second.row.id, first.row.id);
	job_taken_done(&first);
	job_taken_done(&second);
}

static void
the_wait_doubles_up_to_the_most(void **state)
{
	static const struct mail mail = { .content = 1 };
	static const struct reply later[] = { { "yamada@example.com", 451 } };
	struct scene *scene = *state;
	const int64_t most_ms = scene->config.courier.retry_most_s * 1000;
	int64_t want_ms = scene->config.courier.retry_first_s * 1000;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	for (int i = 0; i < 12; i++) {
		struct job_taken taken = { .present = false };

		assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
		check_status(ST_OK, scene_finish(scene, &taken, later, 1, &err),
			     &err);
		job_taken_done(&taken);
		scene->vault.now_unix_ms += want_ms - 1;
		assert_false(scene_take(scene, JOB_KIND_RELEASE, &taken));
		scene->vault.now_unix_ms++;
		want_ms = want_ms * 2 < most_ms ? want_ms * 2 : most_ms;
	}
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
}

static void
the_courier_gets_the_mail_and_its_envelope(void **state)
{
	static const struct mail mail = { .content = 1,
					  .to = { "a@example.com" } };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	struct vault_job job = { .present = false };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	struct span text = { NULL, 0 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(
		ST_OK,
		job_compose(&scene->vault, &taken, &job, &arena, &fd, &err),
		&err);
	check_status(ST_OK, fd_map_sealed(fd, 1000, &text, &err), &err);
	assert_true(span_equal(text, span_of(MAIL_TEXT)));
	assert_string_equal(job.envelope_sender, "alice@example.co.jp");
	assert_string_equal(job.sender_esmtp_args, "BODY=8BITMIME");
	assert_int_equal(job.recipient_count, 1);
	assert_string_equal(job.recipients[0].address, "a@example.com");
	assert_int_equal(job.part_count, 1);
	assert_string_equal(job.parts[0].path, "2");
	assert_int_equal(job.parts[0].number_count, 3);
	fd_unmap(&text);
	job_taken_done(&taken);
}

/* --- tickets ----------------------------------------------------------- */

static bool
redeem(struct scene *scene, const uint8_t ticket[VAULT_TOKEN_BYTES],
       uint8_t content, const char *sender, const char *recipient)
{
	const struct case_recipient to = { recipient, "" };
	struct vault_redeem request = { .ticket = { ticket, VAULT_TOKEN_BYTES },
					.envelope_sender = sender,
					.recipients = &to,
					.recipient_count = 1 };
	struct vault_redeem_answer answer = { .valid = false };
	struct err err = { .st = ST_OK };

	memset(request.content_digest, content, sizeof(request.content_digest));
	scene_do(scene, ST_OK,
		 ticket_redeem(&scene->vault, &request, &answer, &err), &err);
	return answer.valid;
}

static void
a_ticket_fits_one_mail_until_it_is_delivered(void **state)
{
	static const struct mail mail = {
		.content = 7, .to = { "a@example.com", "b@example.com" }
	};
	static const struct reply replies[] = { { "a@example.com", 250 },
						{ "b@example.com", 250 } };
	static const char alice[] = "alice@example.co.jp";
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t wrong[VAULT_TOKEN_BYTES] = { 1 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	assert_true(redeem(scene, taken.ticket, 7, alice, "a@example.com"));
	assert_true(redeem(scene, taken.ticket, 7, alice, "b@example.com"));
	assert_true(redeem(scene, taken.ticket, 7, alice, "a@example.com"));
	assert_false(redeem(scene, wrong, 7, alice, "a@example.com"));
	assert_false(redeem(scene, taken.ticket, 8, alice, "a@example.com"));
	assert_false(redeem(scene, taken.ticket, 7, "", "a@example.com"));
	assert_false(redeem(scene, taken.ticket, 7, alice, "c@example.com"));
	check_status(ST_OK, scene_finish(scene, &taken, replies, 2, &err),
		     &err);
	assert_false(redeem(scene, taken.ticket, 7, alice, "a@example.com"));
	job_taken_done(&taken);
}

static void
a_notice_gets_a_ticket_of_its_own(void **state)
{
	static const struct mail mail = { .content = 7 };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	struct vault_bind_ticket request = { .job_id = 0 };
	uint8_t ticket[VAULT_TOKEN_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_NOTICE, &taken));
	request.job_id = taken.row.id;
	memset(request.content_digest, 3, sizeof(request.content_digest));
	scene_do(scene, ST_END,
		 ticket_bind(&scene->vault, &request, ticket, &err), &err);
	memcpy(request.lease, taken.row.lease, sizeof(request.lease));
	scene_do(scene, ST_OK,
		 ticket_bind(&scene->vault, &request, ticket, &err), &err);
	assert_true(redeem(scene, ticket, 3, "", "alice@example.co.jp"));
	assert_false(redeem(scene, ticket, 3, "", "bob@example.co.jp"));
	job_taken_done(&taken);
}

/* --- giving back ------------------------------------------------------- */

static void
an_undecided_mail_goes_back_at_its_deadline(void **state)
{
	static const struct mail mail = { .content = 1 };
	static const struct reply back[] = { { "alice@example.co.jp", 250 } };
	struct scene *scene = *state;
	struct vault_timers_answer fired = { .fired = 0 };
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	scene->vault.now_unix_ms += 7 * day_ms - 1;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &fired, &err), &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	scene->vault.now_unix_ms += 1;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &fired, &err), &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_EXPIRING);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 1);
	assert_true(scene_take(scene, JOB_KIND_GIVE_BACK, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, back, 1, &err), &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_EXPIRED);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_EXPIRED), 1);
	assert_false(has_blob(scene, id));
	/* Its record goes in the end. */
	scene->vault.now_unix_ms += 91 * day_ms;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &fired, &err), &err);
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	check_status(ST_NOT_FOUND,
		     store_case_find(scene->vault.store, id, &row, &err), &err);
	assert_int_equal(scene_audit_count(scene, "forget", id), 1);
}

static void
an_approver_is_reminded(void **state)
{
	static const struct mail mail = { .content = 1 };
	struct scene *scene = *state;
	struct vault_timers_answer fired = { .fired = 0 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	for (int i = 0; i < 10 * 24; i++) {
		scene->vault.now_unix_ms += 3600 * 1000;
		scene_do(scene, ST_OK, timers_run(&scene->vault, &fired, &err),
			 &err);
		assert_true(fired.next_unix_ms > scene->vault.now_unix_ms);
	}
	assert_int_equal(scene_audit_count(scene, "remind", id), 6);
	assert_int_equal(scene_audit_count(scene, "expire", id), 1);
}

/* Nobody to give it back to: the postmaster keeps it. */
static void
the_postmaster_gets_what_has_no_sender(void **state)
{
	static const struct mail bounce = { .sender = "",
					    .from = "daemon@example.co.jp" };
	static const struct mail mail = { .content = 2 };
	static const struct reply refused[] = { { "alice@example.co.jp",
						  550 } };
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct job_taken taken = { .present = false };
	struct vault_job job = { .present = false };
	int fd = FD_NONE;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &bounce, id);
	check_status(ST_OK,
		     scene_decide(scene, "bob", id, CASE_DECISION_RETURN, "no",
				  &err),
		     &err);
	assert_true(scene_take(scene, JOB_KIND_GIVE_BACK, &taken));
	check_status(
		ST_OK,
		job_compose(&scene->vault, &taken, &job, &arena, &fd, &err),
		&err);
	fd_close(&fd);
	assert_string_equal(job.recipients[0].address,
			    "postmaster@example.co.jp");
	assert_string_equal(job.envelope_sender, "");
	job_taken_done(&taken);

	scene_hold(scene, &mail, id);
	check_status(ST_OK,
		     scene_decide(scene, "bob", id, CASE_DECISION_RETURN, "no",
				  &err),
		     &err);
	assert_true(scene_take(scene, JOB_KIND_GIVE_BACK, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, refused, 1, &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RETURNING);
	assert_true(scene_take(scene, JOB_KIND_GIVE_BACK, &taken));
	wire_arena_free(&arena);
	check_status(
		ST_OK,
		job_compose(&scene->vault, &taken, &job, &arena, &fd, &err),
		&err);
	fd_close(&fd);
	assert_string_equal(job.recipients[0].address,
			    "postmaster@example.co.jp");
	job_taken_done(&taken);
}

/* --- notices, bounces, scanning again ---------------------------------- */

static void
each_person_is_told_once(void **state)
{
	static const struct mail mail = { .content = 1 };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	size_t notices = 0;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &mail, id);
	scene_hold(scene, &mail, id);
	while (scene_take(scene, JOB_KIND_NOTICE, &taken)) {
		const struct reply ok = { "", 250 };
		struct err err = { .st = ST_OK };

		notices++;
		check_status(ST_OK, scene_finish(scene, &taken, &ok, 1, &err),
			     &err);
		job_taken_done(&taken);
	}
	/* alice; bob and carol of group hr; not dave. */
	assert_int_equal(notices, 3);
}

static bool
bounces(struct scene *scene, const char *envid, const char *to)
{
	const struct case_recipient recipient = { to, "" };
	const struct vault_bounce request = {
		.dsn = { envid, "a@example.com", "failed", "5.1.1" },
		.recipients = &recipient,
		.recipient_count = 1,
	};
	struct vault_bounce_answer answer = { .known = false };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 bounce_take(&scene->vault, &request, &answer, &err), &err);
	return answer.known;
}

static void
a_bounce_is_an_event_only_for_the_sender_and_with_our_tag(void **state)
{
	static const struct mail mail = { .content = 1,
					  .to = { "a@example.com" } };
	struct scene *scene = *state;
	char envid[BOUNCE_ENVID_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	approved(scene, &mail, id);
	check_status(ST_OK, bounce_envid(&scene->vault, id, envid, &err), &err);
	assert_false(bounces(scene, envid, "mallory@example.com"));
	assert_false(bounces(scene, "sk.x.y", "alice@example.co.jp"));
	assert_true(bounces(scene, envid, "alice@example.co.jp"));
	assert_int_equal(scene_audit_count(scene, "bounce", id), 1);
	envid[strlen(envid) - 1] ^= 1;
	assert_false(bounces(scene, envid, "alice@example.co.jp"));
}

static void
a_new_report_changes_what_a_decision_is_bound_to(void **state)
{
	static const struct mail mail = { .content = 1 };
	struct scene *scene = *state;
	AUTO(record_done) struct record record;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	uint8_t version[STORE_HASH_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct sbuf payload;
	struct err err = { .st = ST_OK };

	record_init(&record);
	scene_hold(scene, &mail, id);
	check_status(ST_OK, record_read(&scene->vault, id, &record, &err),
		     &err);
	memcpy(version, record.row.version, sizeof(version));
	sbuf_init(&payload, 1 << 20);
	mail_report(&payload);
	scene_do(scene, ST_OK,
		 rescan_take(&scene->vault, &record, sbuf_span(&payload), &err),
		 &err);
	sbuf_truncate(&payload, payload.len_bytes - 1);
	scene_do(scene, ST_FORMAT,
		 rescan_take(&scene->vault, &record, sbuf_span(&payload), &err),
		 &err);
	sbuf_done(&payload);
	assert_memory_not_equal(version, record.row.version, sizeof(version));
	check_status(ST_OK,
		     rescan_find(&scene->vault, id, &report, &arena, &err),
		     &err);
	assert_int_equal(report.finding_count, 1);
}

/* Take all that is due, without finishing it. Gives how many there were. */
static size_t
take_all(struct scene *scene, bool quick, enum job_kind kinds[], size_t most)
{
	const struct vault_take_job request = { .lease_s = 60, .quick = quick };
	struct err err = { .st = ST_OK };
	size_t count = 0;

	for (;;) {
		struct job_taken taken = { .present = false };

		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &request, &taken, &err), &err);
		if (!taken.present)
			return count;
		assert_true(count < most);
		kinds[count++] = taken.row.kind;
		job_taken_done(&taken);
	}
}

static void
mail_comes_before_what_waits_for_the_scanner(void **state)
{
	static const struct mail first = { .content = 1 };
	static const struct mail second = { .content = 2 };
	struct scene *scene = *state;
	enum job_kind kinds[20] = { JOB_KIND_NONE };
	uint8_t id[CASE_ID_BYTES];
	size_t count = 0;

	/* The first mail's preview is due before the second mail's release. */
	scene_hold(scene, &first, id);
	scene->vault.now_unix_ms += 1000;
	approved(scene, &second, id);
	count = take_all(scene, true, kinds, ARRAY_LEN(kinds));
	assert_true(count > 1);
	for (size_t i = 0; i < count; i++)
		assert_int_not_equal(kinds[i], JOB_KIND_PREVIEW);
	count = take_all(scene, false, kinds, ARRAY_LEN(kinds));
	assert_int_equal(count, 1);
	assert_int_equal(kinds[0], JOB_KIND_PREVIEW);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(each_recipient_gets_exactly_one_outcome),
		test(the_mail_goes_when_nobody_needs_it_any_more),
		test(a_lease_is_proof_and_ends),
		test(a_fresh_courier_gets_the_leases_of_the_dead_one),
		test(the_wait_doubles_up_to_the_most),
		test(the_courier_gets_the_mail_and_its_envelope),
		test(a_ticket_fits_one_mail_until_it_is_delivered),
		test(a_notice_gets_a_ticket_of_its_own),
		test(an_undecided_mail_goes_back_at_its_deadline),
		test(an_approver_is_reminded),
		test(the_postmaster_gets_what_has_no_sender),
		test(each_person_is_told_once),
		test(a_bounce_is_an_event_only_for_the_sender_and_with_our_tag),
		test(mail_comes_before_what_waits_for_the_scanner),
		test(a_new_report_changes_what_a_decision_is_bound_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
