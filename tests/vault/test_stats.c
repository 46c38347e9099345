/* Tests of vault/case/stats.h and self_test.h. */
#include <string.h>

#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/self_test.h"
#include "vault/case/stats.h"
#include "vault/case/view.h"

enum { MINUTE_MS = 60 * 1000 };

static const int64_t day_ms = 86400LL * 1000;

static void
run_timers(struct scene *scene)
{
	struct vault_timers_answer answer = { .fired = 0 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
}

/* --- counters ---------------------------------------------------------- */

static void
read_stats(struct scene *scene, struct vault_stats_line *sum)
{
	const uint32_t today = stats_day(scene->vault.now_unix_ms);
	const struct vault_stats request = { .from_day = today - 30,
					     .to_day = today };
	struct vault_stats_answer answer = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     stats_read(&scene->vault, &request, &answer, &arena, &err),
		     &err);
	*sum = (struct vault_stats_line){ .day = 0 };
	for (size_t i = 0; i < answer.line_count; i++) {
		sum->held += answer.lines[i].held;
		sum->approved += answer.lines[i].approved;
		sum->returned += answer.lines[i].returned;
		sum->expired += answer.lines[i].expired;
		sum->cancelled += answer.lines[i].cancelled;
		for (size_t j = 0; j < VAULT_WAIT_BUCKETS; j++)
			sum->waited[j] += answer.lines[i].waited[j];
	}
	sum->day = (uint32_t)answer.line_count;
}

static void
what_happens_is_counted_and_outlives_its_case(void **state)
{
	struct scene *scene = *state;
	struct vault_stats_line sum;
	uint8_t ids[4][CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < 4; i++) {
		const struct mail mail = { .content = (uint8_t)(i + 1),
					   .rule = i == 3 ? "other" : NULL };

		scene_hold(scene, &mail, ids[i]);
		scene_hold(scene, &mail, ids[i]); /* a retry is no hold */
	}
	scene->vault.now_unix_ms += 2 * MINUTE_MS;
	check_status(ST_OK,
		     scene_decide(scene, "bob", ids[0], CASE_DECISION_APPROVE,
				  "", &err),
		     &err);
	check_status(ST_OK,
		     scene_decide(scene, "bob", ids[1], CASE_DECISION_RETURN,
				  "no", &err),
		     &err);
	check_status(ST_OK,
		     scene_decide(scene, "alice", ids[2], CASE_DECISION_CANCEL,
				  "", &err),
		     &err);
	scene->vault.now_unix_ms += 8 * day_ms;
	run_timers(scene);
	read_stats(scene, &sum);
	assert_int_equal(sum.held, 4);
	assert_int_equal(sum.approved, 1);
	assert_int_equal(sum.returned, 1);
	assert_int_equal(sum.cancelled, 1);
	assert_int_equal(sum.expired, 1);
	assert_int_equal(sum.waited[1], 2);
	assert_int_equal(sum.day, 3); /* two rules on one day, one later */
	/* Forgotten cases stay counted. */
	scene->config.vault.keep_ended_s = 1;
	scene->vault.now_unix_ms += day_ms;
	run_timers(scene);
	check_status(ST_NOT_FOUND,
		     store_case_find(scene->vault.store, ids[2],
				     &(struct store_case){ .memory = NULL },
				     &err),
		     &err);
	read_stats(scene, &sum);
	assert_int_equal(sum.held, 4);
	assert_int_equal(sum.cancelled, 1);
}

static void
waiting_times_fall_into_the_buckets_of_the_contract(void **state)
{
	static const struct {
		int64_t waited_ms;
		size_t bucket;
	} cases[] = {
		{ 0, 0 },
		{ 60 * 1000, 0 },
		{ 60 * 1000 + 1, 1 },
		{ 300 * 1000, 1 },
		{ 900 * 1000, 2 },
		{ 3600 * 1000, 3 },
		{ 4 * 3600 * 1000, 4 },
		{ 86400 * 1000, 5 },
		{ 3 * 86400 * 1000, 6 },
		{ 3 * 86400 * 1000 + 1, 7 },
	};
	struct scene *scene = *state;
	struct vault_stats_line sum;
	uint64_t want[VAULT_WAIT_BUCKETS] = { 0 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		scene_hold(scene, &(struct mail){ .content = (uint8_t)(i + 1) },
			   id);
		scene->vault.now_unix_ms += cases[i].waited_ms;
		check_status(ST_OK,
			     scene_decide(scene, "bob", id,
					  CASE_DECISION_APPROVE, "", &err),
			     &err);
		want[cases[i].bucket]++;
	}
	read_stats(scene, &sum);
	assert_memory_equal(sum.waited, want, sizeof(want));
}

static void
days_are_those_of_japan_and_few(void **state)
{
	struct scene *scene = *state;
	struct vault_stats request = { .from_day = 10, .to_day = 9 };
	struct vault_stats_answer answer = { .line_count = 0 };
	struct wire_arena *arena = NULL;
	struct err err = { .st = ST_OK };

	assert_int_equal(stats_day(0), 0);
	assert_int_equal(stats_day(15 * 3600 * 1000 - 1), 0);
	assert_int_equal(stats_day(15 * 3600 * 1000), 1);
	check_status(ST_FORMAT,
		     stats_read(&scene->vault, &request, &answer, &arena, &err),
		     &err);
	request.to_day = request.from_day + STATS_MAX_DAYS;
	check_status(ST_FORMAT,
		     stats_read(&scene->vault, &request, &answer, &arena, &err),
		     &err);
}

/* --- self-test mails --------------------------------------------------- */

static void
begin_self_test(struct scene *scene, uint32_t late_after_s,
		char ticket[VAULT_SELF_TEST_BYTES])
{
	const struct vault_self_test request = { late_after_s };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 self_test_begin(&scene->vault, &request, ticket, &err), &err);
}

static void
hold_with(struct scene *scene, uint8_t content, const char *ticket,
	  uint8_t id[CASE_ID_BYTES])
{
	const struct mail mail = { .content = content, .self_test = ticket };

	scene_hold(scene, &mail, id);
}

static bool
is_self_test(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_case_find(scene->vault.store, id, &row, &err),
		     &err);
	if (row.self_test) {
		assert_int_equal(row.state, CASE_STATE_CANCELLED);
		assert_int_equal(row.blob_key.len_bytes, 0);
		assert_int_equal(row.waiting_count, 0);
	}
	return row.self_test;
}

static void
a_self_test_ends_at_once_and_nobody_hears_of_it(void **state)
{
	struct scene *scene = *state;
	const struct vault_list all = { .filter = CASE_FILTER_ALL,
					.search = "",
					.limit = 10 };
	struct vault_list_answer answer = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct self_test_facts facts = { .late = true };
	struct store_counts counts = { 0 };
	struct vault_stats_line sum;
	struct job_taken taken = { .present = false };
	char ticket[VAULT_SELF_TEST_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct actor actor;
	struct err err = { .st = ST_OK };

	begin_self_test(scene, 60, ticket);
	hold_with(scene, 1, ticket, id);
	assert_true(is_self_test(scene, id));
	assert_int_equal(scene_audit_count(scene, "cancel", id), 1);
	assert_int_equal(scene_audit_count(scene, "shred", id), 1);
	assert_false(scene_take(scene, JOB_KIND_NOTICE, &taken));
	scene_actor(scene, "root", &actor);
	check_status(
		ST_OK,
		view_list(&scene->vault, &actor, &all, &answer, &arena, &err),
		&err);
	actor_done(&actor);
	assert_int_equal(answer.total, 0);
	check_status(ST_OK, store_count(scene->vault.store, &counts, &err),
		     &err);
	assert_int_equal(counts.cases_open + counts.cases_total, 0);
	read_stats(scene, &sum);
	assert_int_equal(sum.held + sum.cancelled, 0);
	check_status(ST_OK, self_test_find(&scene->vault, &facts, &err), &err);
	assert_int_equal(facts.held_unix_ms, scene->vault.now_unix_ms);
	assert_false(facts.late);
	/* Its record goes soon. */
	scene->vault.now_unix_ms += SELF_TEST_KEEP_MS;
	run_timers(scene);
	check_status(ST_NOT_FOUND,
		     store_case_find(scene->vault.store, id,
				     &(struct store_case){ .memory = NULL },
				     &err),
		     &err);
}

static void
a_ticket_is_good_for_one_mail_and_ten_minutes(void **state)
{
	struct scene *scene = *state;
	char first[VAULT_SELF_TEST_BYTES];
	char second[VAULT_SELF_TEST_BYTES];
	uint8_t id[CASE_ID_BYTES];

	hold_with(scene, 1, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", id);
	assert_false(is_self_test(scene, id));
	begin_self_test(scene, 60, first);
	begin_self_test(scene, 60, second);
	assert_string_not_equal(first, second);
	hold_with(scene, 2, first, id);
	assert_false(is_self_test(scene, id));
	hold_with(scene, 3, second, id);
	assert_true(is_self_test(scene, id));
	/* The MTA did not hear us: the same mail again. */
	hold_with(scene, 3, second, id);
	assert_true(is_self_test(scene, id));
	/* Another mail with it is a mail. */
	hold_with(scene, 4, second, id);
	assert_false(is_self_test(scene, id));
	begin_self_test(scene, 60, first);
	scene->vault.now_unix_ms += SELF_TEST_LIFE_MS + 1;
	hold_with(scene, 5, first, id);
	assert_false(is_self_test(scene, id));
}

static void
a_self_test_that_is_not_held_is_an_alarm_once(void **state)
{
	struct scene *scene = *state;
	struct self_test_facts facts = { .late = true };
	char ticket[VAULT_SELF_TEST_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	check_status(ST_OK, self_test_find(&scene->vault, &facts, &err), &err);
	assert_false(facts.late);
	begin_self_test(scene, 60, ticket);
	scene->vault.now_unix_ms += 60 * 1000;
	run_timers(scene);
	assert_int_equal(scene_audit_count(scene, "self-test-late", NULL), 0);
	scene->vault.now_unix_ms += 1;
	run_timers(scene);
	run_timers(scene);
	assert_int_equal(scene_audit_count(scene, "self-test-late", NULL), 1);
	check_status(ST_OK, self_test_find(&scene->vault, &facts, &err), &err);
	assert_true(facts.late);
	hold_with(scene, 1, ticket, id);
	check_status(ST_OK, self_test_find(&scene->vault, &facts, &err), &err);
	assert_false(facts.late);
}

static void
an_alarm_ends_with_a_hold_and_not_with_another_try(void **state)
{
	struct scene *scene = *state;
	struct self_test_facts facts = { .late = false };
	char ticket[VAULT_SELF_TEST_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	/* Each late, whether the timer had its turn before the next or not. */
	for (int i = 0; i < 3; i++) {
		begin_self_test(scene, 60, ticket);
		scene->vault.now_unix_ms += 61 * 1000;
		if (i == 1)
			run_timers(scene);
	}
	begin_self_test(scene, 60, ticket);
	assert_int_equal(scene_audit_count(scene, "self-test-late", NULL), 1);
	check_status(ST_OK, self_test_find(&scene->vault, &facts, &err), &err);
	assert_true(facts.late);
	hold_with(scene, 1, ticket, id);
	begin_self_test(scene, 60, ticket);
	check_status(ST_OK, self_test_find(&scene->vault, &facts, &err), &err);
	assert_false(facts.late);
}

/* Whatever stands there: mail is held. */
static void
a_damaged_row_of_it_holds_up_no_mail(void **state)
{
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 store_meta_put(scene->vault.store, "self_test",
				span_of("junk"), &err),
		 &err);
	hold_with(scene, 1, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", id);
	assert_false(is_self_test(scene, id));
	run_timers(scene);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(what_happens_is_counted_and_outlives_its_case),
		test(waiting_times_fall_into_the_buckets_of_the_contract),
		test(days_are_those_of_japan_and_few),
		test(a_self_test_ends_at_once_and_nobody_hears_of_it),
		test(a_ticket_is_good_for_one_mail_and_ten_minutes),
		test(a_self_test_that_is_not_held_is_an_alarm_once),
		test(a_damaged_row_of_it_holds_up_no_mail),
		test(an_alarm_ends_with_a_hold_and_not_with_another_try),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
