/* Tests of clock_guard.h, and of what is not destroyed while it doubts. */
#include "vault/case/clock_guard.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_epochs.h"
#include "vault/case/timers.h"

static const int64_t hour_ms = 3600 * 1000;
static const int64_t day_ms = 24 * 3600 * 1000;
static const int64_t year_ms = 365LL * 24 * 3600 * 1000;
static const struct sent_terms often = { .often = true };

/* The clocks of a machine. */
struct machine {
	struct clock_guard guard;
	int64_t unix_ms;
	int64_t boot_ms;
};

static enum clock_news
start(struct machine *machine, const struct clock_guard *saved)
{
	machine->unix_ms = machine->unix_ms != 0 ? machine->unix_ms : year_ms;
	machine->boot_ms = 5000;
	return clock_guard_start(&machine->guard, saved, machine->unix_ms,
				 machine->boot_ms);
}

/* So long passes; the clock goes jump_ms further than that. */
static enum clock_news
pass(struct machine *machine, int64_t ms, int64_t jump_ms)
{
	machine->boot_ms += ms;
	machine->unix_ms += ms + jump_ms;
	return clock_guard_look(&machine->guard, machine->unix_ms,
				machine->boot_ms);
}

static int64_t
sure(const struct machine *machine)
{
	return machine->guard.sure_unix_ms;
}

static void
small_steps_are_followed(void **state)
{
	struct machine m = { .unix_ms = 0 };

	(void)state;
	assert_int_equal(start(&m, &(struct clock_guard){ .off_ms = 0 }),
			 CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, day_ms, hour_ms), CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, day_ms, -hour_ms), CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, 400 * day_ms, 0), CLOCK_NEWS_NONE);
	assert_int_equal(sure(&m), m.unix_ms);
	assert_int_equal(m.guard.off_ms, 0);
}

static void
a_jump_ahead_is_believed_after_a_day_of_running(void **state)
{
	struct machine m = { .unix_ms = 0 };

	(void)state;
	(void)start(&m, &(struct clock_guard){ .off_ms = 0 });
	assert_int_equal(pass(&m, 1000, 8 * day_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(m.guard.off_ms, 8 * day_ms);
	assert_int_equal(sure(&m), year_ms + 1000);
	for (int i = 0; i < 23; i++)
		assert_int_equal(pass(&m, hour_ms, 10), CLOCK_NEWS_NONE);
	assert_int_equal(sure(&m), year_ms + 1000 + 23 * hour_ms);
	assert_int_equal(pass(&m, hour_ms, 0), CLOCK_NEWS_BELIEVED);
	assert_int_equal(sure(&m), m.unix_ms);
	assert_int_equal(m.guard.off_ms, 0);
}

static void
a_clock_that_comes_back_was_never_believed(void **state)
{
	struct machine m = { .unix_ms = 0 };

	(void)state;
	(void)start(&m, &(struct clock_guard){ .off_ms = 0 });
	assert_int_equal(pass(&m, 0, 10 * year_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(pass(&m, 20 * hour_ms, 0), CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, hour_ms, -10 * year_ms), CLOCK_NEWS_RIGHT);
	assert_int_equal(sure(&m), year_ms + 21 * hour_ms);
	assert_int_equal(m.guard.off_ms, 0);
}

/* Each other jump begins its own day. */
static void
a_clock_that_goes_on_jumping_is_doubted_further(void **state)
{
	struct machine m = { .unix_ms = 0 };

	(void)state;
	(void)start(&m, &(struct clock_guard){ .off_ms = 0 });
	assert_int_equal(pass(&m, 0, 9 * day_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(pass(&m, 23 * hour_ms, 0), CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, hour_ms, 2 * hour_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(pass(&m, 23 * hour_ms, 0), CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, 0, -20 * day_ms), CLOCK_NEWS_BACK);
	assert_true(m.guard.off_ms < 0);
	assert_int_equal(sure(&m), year_ms + 47 * hour_ms);
	assert_int_equal(pass(&m, day_ms, 0), CLOCK_NEWS_BELIEVED);
	assert_int_equal(sure(&m), m.unix_ms);
}

/* --- over a restart ---------------------------------------------------- */

static enum clock_news
restart(struct machine *machine, int64_t gap_ms)
{
	const struct clock_guard saved = machine->guard;

	machine->unix_ms += gap_ms;
	return start(machine, &saved);
}

static void
some_days_without_running_are_no_jump(void **state)
{
	struct machine m = { .unix_ms = 0 };

	(void)state;
	(void)start(&m, &(struct clock_guard){ .off_ms = 0 });
	assert_int_equal(restart(&m, 4 * day_ms), CLOCK_NEWS_NONE);
	assert_int_equal(restart(&m, -hour_ms), CLOCK_NEWS_NONE);
	assert_int_equal(sure(&m), m.unix_ms);
	assert_int_equal(restart(&m, 4 * day_ms + 1), CLOCK_NEWS_AHEAD);
	assert_int_equal(sure(&m), m.unix_ms - 4 * day_ms - 1);
	assert_int_equal(pass(&m, day_ms, 0), CLOCK_NEWS_BELIEVED);
	assert_int_equal(restart(&m, -hour_ms - 1), CLOCK_NEWS_BACK);
	assert_int_equal(sure(&m), m.unix_ms + hour_ms + 1);
}

/* Who restarts the vault each night has his clock believed, too. */
static void
a_doubt_goes_on_over_restarts(void **state)
{
	struct machine m = { .unix_ms = 0 };

	(void)state;
	(void)start(&m, &(struct clock_guard){ .off_ms = 0 });
	assert_int_equal(pass(&m, 0, year_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(pass(&m, 20 * hour_ms, 0), CLOCK_NEWS_NONE);
	assert_int_equal(restart(&m, 2 * hour_ms), CLOCK_NEWS_AHEAD);
	/* Nothing ran for two hours: that is no belief, but time. */
	assert_int_equal(sure(&m), year_ms + 22 * hour_ms);
	assert_int_equal(pass(&m, 3 * hour_ms, 0), CLOCK_NEWS_NONE);
	assert_int_equal(pass(&m, hour_ms, 0), CLOCK_NEWS_BELIEVED);
	assert_int_equal(pass(&m, 0, year_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(restart(&m, -year_ms), CLOCK_NEWS_RIGHT);
	assert_int_equal(pass(&m, 0, year_ms), CLOCK_NEWS_AHEAD);
	assert_int_equal(restart(&m, -3 * year_ms), CLOCK_NEWS_BACK);
}

static void
what_is_known_is_kept_in_the_store(void **state)
{
	struct scene *scene = *state;
	const struct clock_guard guard = { 12345, 777, -9 * day_ms, 42 };
	struct clock_guard found = { .off_ms = 1 };
	struct store *store = scene->vault.store;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.sure_unix_ms, 0);
	assert_int_equal(found.off_ms, 0);
	scene_do(scene, ST_OK, clock_guard_put(store, &guard, &err), &err);
	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.sure_unix_ms, guard.sure_unix_ms);
	assert_int_equal(found.off_ms, guard.off_ms);
	assert_int_equal(found.stood_ms, guard.stood_ms);
	scene_do(scene, ST_OK,
		 store_meta_put(store, "clock", span_of("damaged"), &err),
		 &err);
	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.sure_unix_ms, 0);
	scene_do(scene, ST_OK,
		 clock_guard_put(
			 store,
			 &(struct clock_guard){ .sure_unix_ms = INT64_MIN },
			 &err),
		 &err);
	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.sure_unix_ms, 0);
}

/* --- what follows from it ---------------------------------------------- */

static void
run(struct scene *scene)
{
	struct vault_timers_answer answer = { .fired = 0 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
}

static void
jump(struct scene *scene, int64_t ms)
{
	scene->vault.now_unix_ms += ms;
	scene->vault.clock.off_ms += ms;
	scene->vault.clock.sure_unix_ms = vault_passed(&scene->vault);
}

static bool
opens(struct scene *scene, const struct sent *sent)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	struct err err = { .st = ST_OK };

	return visit_open(scene, sent, 0, &visitor_usual, &visit, &err) ==
	       ST_OK;
}

static bool
has_week_key(struct scene *scene, const struct sent *sent)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t key[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };

	sent_link(scene, sent, 0, &row);
	return link_epochs_find(&scene->vault, row.week, key, &err) == ST_OK;
}

/* Neither opened nor destroyed while it is in doubt. */
static void
a_clock_years_ahead_destroys_nothing(void **state)
{
	static const struct mail mail = { .to = { "x@example.com" } };
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct sent sent;
	uint8_t held[CASE_ID_BYTES];

	sent_make(scene, &often, &sent);
	scene_hold(scene, &mail, held);
	jump(scene, 3 * year_ms);
	run(scene);
	assert_false(opens(scene, &sent));
	assert_true(has_week_key(scene, &sent));
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_LIVE);
	assert_int_equal(scene_state(scene, held), CASE_STATE_HELD);
	jump(scene, -3 * year_ms);
	run(scene);
	assert_true(opens(scene, &sent));
	assert_int_equal(scene_state(scene, held), CASE_STATE_HELD);
}

static void
a_jump_that_is_believed_ends_what_is_due(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct sent sent;

	sent_make(scene, &often, &sent);
	jump(scene, 30 * day_ms);
	run(scene);
	scene->vault.clock.off_ms = 0;
	run(scene);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_EXPIRED);
	assert_false(has_week_key(scene, &sent));
}

/* A link whose time was over stays shut when the clock goes back. */
static void
a_clock_set_back_opens_nothing_that_is_over(void **state)
{
	struct scene *scene = *state;
	struct sent sent;
	struct sent late;

	sent_make(scene, &often, &sent);
	scene->vault.now_unix_ms += 14 * day_ms;
	run(scene);
	jump(scene, -7 * day_ms);
	assert_false(opens(scene, &sent));
	sent_make(scene, &often, &late);
	assert_true(opens(scene, &late));
	/* By the clock it has a week, by the time that ran none. */
	scene->vault.now_unix_ms += 7 * day_ms;
	assert_false(opens(scene, &late));
	run(scene);
	scene->vault.clock.off_ms = 0;
	assert_true(opens(scene, &late));
}

/* What was put off by a wrong clock comes when it is right again. */
static void
jobs_of_a_wrong_clock_are_not_put_off_for_years(void **state)
{
	static const struct mail mail = { .to = { "x@example.com" } };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];

	jump(scene, 2 * year_ms);
	scene_hold(scene, &mail, id);
	jump(scene, -2 * year_ms);
	assert_false(scene_take(scene, JOB_KIND_NOTICE, &taken));
	run(scene);
	assert_true(scene_take(scene, JOB_KIND_NOTICE, &taken));
	job_taken_done(&taken);
}

static void
the_clock_is_noted_now_and_then(void **state)
{
	struct scene *scene = *state;
	struct clock_guard found = { .off_ms = 0 };
	struct store *store = scene->vault.store;
	const int64_t first_unix_ms = scene->vault.now_unix_ms;
	struct err err = { .st = ST_OK };

	jump(scene, 0);
	run(scene);
	scene->vault.now_unix_ms += 60000;
	jump(scene, 0);
	run(scene);
	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.sure_unix_ms, first_unix_ms);
	scene->vault.now_unix_ms += 600000;
	jump(scene, 0);
	run(scene);
	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.sure_unix_ms, scene->vault.now_unix_ms);
	jump(scene, year_ms);
	run(scene);
	check_status(ST_OK, clock_guard_find(store, &found, &err), &err);
	assert_int_equal(found.off_ms, year_ms);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		cmocka_unit_test(small_steps_are_followed),
		cmocka_unit_test(
			a_jump_ahead_is_believed_after_a_day_of_running),
		cmocka_unit_test(a_clock_that_comes_back_was_never_believed),
		cmocka_unit_test(
			a_clock_that_goes_on_jumping_is_doubted_further),
		cmocka_unit_test(some_days_without_running_are_no_jump),
		cmocka_unit_test(a_doubt_goes_on_over_restarts),
		SCENE(what_is_known_is_kept_in_the_store),
		SCENE(a_clock_years_ahead_destroys_nothing),
		SCENE(a_jump_that_is_believed_ends_what_is_due),
		SCENE(a_clock_set_back_opens_nothing_that_is_over),
		SCENE(jobs_of_a_wrong_clock_are_not_put_off_for_years),
		SCENE(the_clock_is_noted_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
