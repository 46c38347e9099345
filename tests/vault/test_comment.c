/* Tests of vault/case/comment.h, and of notice.h over the whole life of
 * cases. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/comment.h"
#include "vault/case/saying.h"
#include "vault/case/view.h"

enum { MINUTE_MS = 60 * 1000, MAX_TOLD = 400 };

static const int64_t day_ms = 86400LL * 1000;

static void
a_number_in_what_people_write_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum status want;
	} cases[] = {
		{ "123456789018", ST_FORMAT },
		{ "番号は1234-5678-9018です", ST_FORMAT },
		{ "1 2 3 4 5 6 7 8 9 0 1 8", ST_FORMAT },
		{ "１２３４　５６７８　９０１８", ST_FORMAT },
		{ "1234－5678\n9018", ST_FORMAT },
		{ "99 123456789018 1", ST_FORMAT },
		{ "123456789017", ST_OK },
		{ "1234 5678 まで、9018", ST_OK },
		{ "電話 03-1234-5678、11/22 10:00 まで", ST_OK },
		{ "", ST_OK },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { .st = ST_OK };

		check_status(cases[i].want, saying_check(cases[i].text, &err),
			     &err);
	}
}

/* --- what people are told ---------------------------------------------- */

struct told {
	uint8_t case_id[CASE_ID_BYTES];
	enum notice_event event;
	char address[100];
	int64_t at_unix_ms;
};
struct post {
	struct told items[MAX_TOLD];
	size_t count;
};

/* Take the notices that are due; other jobs are done, or released. */
static void
collect(struct scene *scene, struct post *post)
{
	const struct vault_take_job request = { .lease_s = 60 };
	static const struct vault_delivery ok = { "", 250, "", "ok" };
	struct err err = { .st = ST_OK };

	for (;;) {
		struct job_taken taken = { .present = false };
		struct vault_job job = { .present = false };
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		AUTO(fd_close) int fd = FD_NONE;
		struct vault_delivery delivery = ok;
		struct vault_job_done done = { .result = JOB_RESULT_DONE,
					       .deliveries = &delivery,
					       .delivery_count = 1,
					       .reason = "" };

		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &request, &taken, &err), &err);
		if (!taken.present)
			return;
		check_status(ST_OK,
			     job_compose(&scene->vault, &taken, &job, &arena,
					 &fd, &err),
			     &err);
		if (job.recipient_count > 0)
			delivery.recipient = job.recipients[0].address;
		if (job.kind == JOB_KIND_NOTICE) {
			struct told *told = &post->items[post->count++];

			assert_true(post->count < MAX_TOLD);
			memcpy(told->case_id, job.case_id, CASE_ID_BYTES);
			told->event = job.event;
			told->at_unix_ms = scene->vault.now_unix_ms;
			(void)snprintf(told->address, sizeof(told->address),
				       "%s", delivery.recipient);
		}
		done.job_id = taken.row.id;
		memcpy(done.lease, taken.row.lease, sizeof(done.lease));
		scene_do(scene, ST_OK, job_finish(&scene->vault, &done, &err),
			 &err);
		job_taken_done(&taken);
	}
}

static size_t
count_told(const struct post *post, const uint8_t *case_id,
	   enum notice_event event, const char *address)
{
	size_t count = 0;

	for (size_t i = 0; i < post->count; i++) {
		const struct told *told = &post->items[i];

		if (told->event == event &&
		    (case_id == NULL ||
		     memcmp(told->case_id, case_id, CASE_ID_BYTES) == 0) &&
		    (address == NULL || strcmp(told->address, address) == 0))
			count++;
	}
	return count;
}

static void
run_timers(struct scene *scene)
{
	struct vault_timers_answer answer = { .fired = 0 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
}

static void
a_life_tells_each_event_once(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	struct post *post = calloc(1, sizeof(*post));
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	assert_non_null(post);
	scene_hold(scene, &mail, id);
	collect(scene, post);
	scene->vault.now_unix_ms += day_ms + 1000;
	run_timers(scene);
	run_timers(scene);
	collect(scene, post);
	assert_int_equal(
		count_told(post, id, NOTICE_WAITING, "alice@example.co.jp"), 1);
	assert_int_equal(
		count_told(post, id, NOTICE_REMINDER, "bob@example.co.jp"), 1);
	scene->vault.now_unix_ms += day_ms;
	run_timers(scene);
	collect(scene, post);
	assert_int_equal(count_told(post, id, NOTICE_WAITING, NULL), 2);
	assert_int_equal(count_told(post, id, NOTICE_DELIVERED, NULL), 0);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	collect(scene, post);
	assert_int_equal(count_told(post, id, NOTICE_APPROVED, NULL), 1);
	assert_int_equal(
		count_told(post, id, NOTICE_DELIVERED, "alice@example.co.jp"),
		1);
	assert_int_equal(count_told(post, id, NOTICE_HELD, NULL), 3);
	free(post);
}

static void
who_gets_it_back_for_one_is_not_told_that_all_have_it(void **state)
{
	static const struct mail mail = { .to = { "a@example.com",
						  "b@example.com" } };
	static const struct reply replies[] = { { "a@example.com", 250 },
						{ "b@example.com", 550 } };
	struct scene *scene = *state;
	struct post *post = calloc(1, sizeof(*post));
	struct job_taken taken;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	assert_non_null(post);
	scene_hold(scene, &mail, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_RELEASE, &taken));
	check_status(ST_OK, scene_finish(scene, &taken, replies, 2, &err),
		     &err);
	job_taken_done(&taken);
	collect(scene, post);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(count_told(post, id, NOTICE_DELIVERED, NULL), 0);
	free(post);
}

/* --- comments ---------------------------------------------------------- */

static enum status
comment(struct scene *scene, const char *login, const uint8_t id[CASE_ID_BYTES],
	const char *text)
{
	struct vault_comment request = { .text = text };
	struct actor actor;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, login, &actor);
	scene_begin(scene);
	st = comment_add(&scene->vault, &actor, &request, &err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

static void
the_sender_may_add_words_until_it_is_decided(void **state)
{
	static const struct mail mail = { .login = "alice" };
	static char long_text[COMMENT_MAX_BYTES + 2];
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	memset(long_text, 'x', sizeof(long_text) - 1);
	scene_hold(scene, &mail, id);
	assert_int_equal(comment(scene, "alice", id, ""), ST_FORMAT);
	assert_int_equal(comment(scene, "alice", id, " \n\t"), ST_FORMAT);
	assert_int_equal(comment(scene, "alice", id, long_text), ST_FORMAT);
	assert_int_equal(comment(scene, "bob", id, "words"), ST_DENIED);
	assert_int_equal(comment(scene, "root", id, "words"), ST_DENIED);
	assert_int_equal(comment(scene, "dave", id, "words"), ST_NOT_FOUND);
	assert_int_equal(scene_audit_count(scene, "comment", id), 0);
	for (int i = 0; i < COMMENT_MAX; i++)
		assert_int_equal(comment(scene, "alice", id, "words"), ST_OK);
	assert_int_equal(comment(scene, "alice", id, "words"), ST_DENIED);
	assert_int_equal(scene_audit_count(scene, "comment", id), COMMENT_MAX);
	scene_hold(scene, &(struct mail){ .content = 9 }, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	assert_int_equal(comment(scene, "alice", id, "words"), ST_END);
}

static void
words_are_shown_to_those_who_work_on_it_and_boxed_for_all_else(void **state)
{
	static const struct mail mail = { .login = "alice" };
	static const struct {
		const char *login;
		bool sees, may;
	} cases[] = { { "bob", true, false },
		      { "alice", true, true },
		      { "root", false, false } };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct vault_show request = { .actor = { { NULL, 0 } } };

	scene_hold(scene, &mail, id);
	assert_int_equal(
		comment(scene, "alice", id, "it is for the tax office"), ST_OK);
	memcpy(request.case_id, id, CASE_ID_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vault_case answer = { .may_decide = false };
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct actor actor;
		struct err err = { .st = ST_OK };
		bool sees = false;

		scene_actor(scene, cases[i].login, &actor);
		check_status(ST_OK,
			     view_case(&scene->vault, &actor, &request, &answer,
				       &arena, &err),
			     &err);
		actor_done(&actor);
		for (size_t j = 0; j < answer.event_count; j++)
			sees |= strstr(answer.events[j].detail, "tax office") !=
				NULL;
		assert_int_equal(sees, cases[i].sees);
		assert_int_equal(answer.may_comment, cases[i].may);
		assert_true(answer.line.commented);
	}
}

static void
approvers_hear_of_comments_every_ten_minutes_at_most(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct scene *scene = *state;
	struct post *post = calloc(1, sizeof(*post));
	uint8_t id[CASE_ID_BYTES];

	assert_non_null(post);
	scene_hold(scene, &mail, id);
	/* A comment every 3 minutes for an hour; 20 at most. */
	for (int minute = 0; minute < 80; minute++) {
		if (minute % 3 == 0 && minute < 60)
			assert_int_equal(comment(scene, "alice", id, "words"),
					 ST_OK);
		collect(scene, post);
		scene->vault.now_unix_ms += MINUTE_MS;
	}
	/* 0, 10, 20, 30, 40, 50 and the one after the last comment. */
	assert_int_equal(
		count_told(post, id, NOTICE_COMMENTED, "bob@example.co.jp"), 7);
	for (size_t i = 0; i < post->count; i++)
		for (size_t j = i + 1; j < post->count; j++)
			if (post->items[i].event == NOTICE_COMMENTED &&
			    post->items[j].event == NOTICE_COMMENTED &&
			    strcmp(post->items[i].address,
				   post->items[j].address) == 0)
				assert_true(post->items[j].at_unix_ms -
						    post->items[i].at_unix_ms >=
					    COMMENT_NOTICE_MS);
	assert_int_equal(
		count_told(post, id, NOTICE_COMMENTED, "alice@example.co.jp"),
		0);
	free(post);
}

/* --- whatever happens, nobody is told twice ---------------------------- */

static void
something_happens(struct scene *scene, unsigned what,
		  const uint8_t id[CASE_ID_BYTES])
{
	struct err err = { .st = ST_OK };

	switch (what % 8) {
	case 0:
		(void)scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "",
				   &err);
		break;
	case 1:
		(void)scene_decide(scene, "carol", id, CASE_DECISION_RETURN,
				   "no", &err);
		break;
	case 2:
		(void)scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				   &err);
		break;
	case 3:
		(void)scene_decide(scene, "root", id, CASE_DECISION_CONFIRM, "",
				   &err);
		break;
	case 4:
	case 5:
		(void)comment(scene, "alice", id, "words");
		break;
	default:
		scene->vault.now_unix_ms += day_ms / 2;
		run_timers(scene);
		break;
	}
}

static void
nobody_is_told_of_an_event_twice(void **state)
{
	enum { CASES = 12, STEPS = 60 };
	struct scene *scene = *state;
	struct post *post = calloc(1, sizeof(*post));
	uint8_t ids[CASES][CASE_ID_BYTES];
	unsigned chance = 20261122;

	assert_non_null(post);
	for (size_t i = 0; i < CASES; i++) {
		const struct mail mail = { .content = (uint8_t)(i + 1),
					   .unconfirmed = i % 4 == 3 };

		scene_hold(scene, &mail, ids[i]);
		if (i % 2 == 0) /* a retry */
			scene_hold(scene, &mail, ids[i]);
	}
	for (int step = 0; step < STEPS; step++) {
		chance = chance * 1103515245 + 12345;
		something_happens(scene, chance >> 16,
				  ids[(chance >> 8) % CASES]);
		if (step % 3 == 0)
			collect(scene, post);
	}
	collect(scene, post);
	for (size_t i = 0; i < post->count; i++) {
		const struct told *told = &post->items[i];
		const size_t count = count_told(post, told->case_id,
						told->event, told->address);
		size_t most = 1;

		if (told->event == NOTICE_REMINDER ||
		    told->event == NOTICE_WAITING)
			most = scene_audit_count(scene, "remind",
						 told->case_id);
		else if (told->event == NOTICE_COMMENTED)
			most = scene_audit_count(scene, "comment",
						 told->case_id);
		assert_in_range(count, 1, most);
	}
	assert_true(post->count > CASES);
	free(post);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_in_what_people_write_is_refused),
		test(a_life_tells_each_event_once),
		test(who_gets_it_back_for_one_is_not_told_that_all_have_it),
		test(the_sender_may_add_words_until_it_is_decided),
		test(words_are_shown_to_those_who_work_on_it_and_boxed_for_all_else),
		test(approvers_hear_of_comments_every_ten_minutes_at_most),
		test(nobody_is_told_of_an_event_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
