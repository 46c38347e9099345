/* Tests of what pages wait for: core_watch(), and which commits it tells of. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "tests/vault/case_harness.h"
#include "vault/case/comment.h"
#include "vault/case/preview.h"
#include "vault/case/view.h"
#include "vault/server/writer.h"

/* A writer over the scene's store. */
struct desk {
	struct scene *scene;
	struct core core;
	struct writer *writer;
	uint8_t case_id[CASE_ID_BYTES];
};

static int
desk_setup(void **state)
{
	static const struct mail mail = { .login = "alice" };
	struct desk *desk = calloc(1, sizeof(*desk));
	pthread_condattr_t monotonic;
	struct err err = { .st = ST_OK };

	assert_non_null(desk);
	(void)scene_setup(state);
	desk->scene = *state;
	scene_hold(desk->scene, &mail, desk->case_id);
	store_close(&desk->scene->fixture->store);
	desk->core.configs[0] = &desk->scene->config;
	desk->core.config_count = 1;
	desk->core.ring = desk->scene->ring;
	desk->core.memory = desk->scene->memory;
	desk->core.revision = 1;
	assert_int_equal(pthread_condattr_init(&monotonic), 0);
	assert_int_equal(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC),
			 0);
	assert_int_equal(pthread_mutex_init(&desk->core.lock, NULL), 0);
	assert_int_equal(pthread_cond_init(&desk->core.jobs_changed, NULL), 0);
	assert_int_equal(
		pthread_cond_init(&desk->core.cases_changed, &monotonic), 0);
	check_status(ST_OK, writer_start(&desk->core, &desk->writer, &err),
		     &err);
	*state = desk;
	return 0;
}

static int
desk_teardown(void **state)
{
	struct desk *desk = *state;
	struct scene *scene = desk->scene;
	struct err err = { .st = ST_OK };

	writer_stop(&desk->writer);
	(void)pthread_cond_destroy(&desk->core.cases_changed);
	(void)pthread_cond_destroy(&desk->core.jobs_changed);
	(void)pthread_mutex_destroy(&desk->core.lock);
	check_status(ST_OK,
		     store_open(scene->config.vault.store, scene->fixture->dir,
				STORE_MODE_WRITE, &scene->fixture->store, &err),
		     &err);
	*state = scene;
	free(desk);
	return scene_teardown(state);
}

static uint64_t
watch(struct desk *desk, uint64_t seen, int64_t wait_ms, enum status want)
{
	uint64_t revision = 0;
	struct err err = { .st = ST_OK };

	check_status(want,
		     core_watch(&desk->core, seen, clock_mono_ms() + wait_ms,
				&revision, &err),
		     &err);
	return revision;
}

/* --- what happens ------------------------------------------------------ */

static void
who(const struct vault *vault, const char *login, struct actor *actor)
{
	struct err err = { .st = ST_OK };

	*actor = (struct actor){ .via = "desk" };
	check_status(
		ST_OK,
		store_user_find_login(vault->store, login, &actor->user, &err),
		&err);
}

static enum status
do_comment(struct vault *vault, void *context, struct err *err)
{
	struct vault_comment request = { .text = "words" };
	struct actor actor;
	enum status st = ST_OK;

	memcpy(request.case_id, context, CASE_ID_BYTES);
	who(vault, "alice", &actor);
	st = comment_add(vault, &actor, &request, err);
	actor_done(&actor);
	return st;
}

static enum status
do_view(struct vault *vault, void *context, struct err *err)
{
	struct actor actor;
	enum status st = ST_OK;

	who(vault, "bob", &actor);
	st = view_audit(vault, &actor, context, err);
	actor_done(&actor);
	return st;
}

static enum status
do_cancel(struct vault *vault, void *context, struct err *err)
{
	struct vault_decide request = { .decision = CASE_DECISION_CANCEL,
					.purpose = "",
					.comment = "",
					.client_address = "" };
	struct vault_decide_answer answer = { CASE_STATE_NONE };
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	struct actor actor;
	enum status st = store_case_find(vault->store, context, &row, err);

	if (st != ST_OK)
		return st;
	memcpy(request.case_id, context, CASE_ID_BYTES);
	memcpy(request.version, row.version, sizeof(request.version));
	who(vault, "alice", &actor);
	st = decide(vault, &actor, &request, &answer, err);
	actor_done(&actor);
	return st;
}

/* Changed in the transaction, and then undone. */
static enum status
do_fail(struct vault *vault, void *context, struct err *err)
{
	const enum status st = do_comment(vault, context, err);

	return st == ST_OK ? err_set(err, ST_DENIED, "no") : st;
}

static enum status
do_account(struct vault *vault, void *context, struct err *err)
{
	const struct vault_user_change change = {
		.change = USER_CHANGE_DISABLE,
		.user = { .login = "carol",
			  .name = "",
			  .language = "",
			  .addresses = "",
			  .groups = "" },
		.password = "",
	};
	struct actor actor;
	enum status st = ST_OK;

	(void)context;
	who(vault, "root", &actor);
	st = account_change(vault, &actor, &change, "", err);
	actor_done(&actor);
	return st;
}

static void
what_pages_show_raises_the_revision(void **state)
{
	static const struct {
		writer_work work;
		enum status want;
		bool raises;
	} cases[] = {
		{ do_view, ST_OK, false },     { do_comment, ST_OK, true },
		{ do_fail, ST_DENIED, false }, { do_account, ST_OK, true },
		{ do_cancel, ST_OK, true },
	};
	struct desk *desk = *state;
	uint64_t before = watch(desk, 0, 0, ST_OK);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { .st = ST_OK };

		check_status(cases[i].want,
			     writer_run(desk->writer, WRITER_PRIORITY_NORMAL,
					cases[i].work, desk->case_id, &err),
			     &err);
		/* It is told after the answer. */
		const uint64_t after =
			watch(desk, before, cases[i].raises ? 5000 : 50, ST_OK);
		assert_int_equal(after > before, cases[i].raises);
		before = after;
	}
}

static void
who_is_behind_is_answered_at_once(void **state)
{
	struct desk *desk = *state;
	const int64_t start = clock_mono_ms();

	assert_int_equal(watch(desk, 0, 20000, ST_OK), 1);
	assert_true(clock_mono_ms() - start < 5000);
}

static void *
wait_for_change(void *context)
{
	struct desk *desk = context;

	(void)watch(desk, 1, 20000, ST_OK);
	return NULL;
}

static unsigned
watchers(struct desk *desk)
{
	unsigned count = 0;

	(void)pthread_mutex_lock(&desk->core.lock);
	count = desk->core.watchers;
	(void)pthread_mutex_unlock(&desk->core.lock);
	return count;
}

static void
few_may_wait_and_all_are_woken(void **state)
{
	struct desk *desk = *state;
	pthread_t threads[CORE_MAX_WATCHERS];
	const int64_t deadline = clock_mono_ms() + 10000;
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < CORE_MAX_WATCHERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						wait_for_change, desk),
				 0);
	while (watchers(desk) < CORE_MAX_WATCHERS &&
	       clock_left_ms(deadline) > 0)
		(void)clock_left_ms(deadline);
	(void)watch(desk, 1, 20000, ST_LIMIT);
	/* The writer is as free as ever. */
	check_status(ST_OK,
		     writer_run(desk->writer, WRITER_PRIORITY_NORMAL,
				do_comment, desk->case_id, &err),
		     &err);
	for (size_t i = 0; i < CORE_MAX_WATCHERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(clock_left_ms(deadline) > 0);
	assert_int_equal(watchers(desk), 0);
}

static void
at_the_end_nobody_waits(void **state)
{
	struct desk *desk = *state;
	pthread_t thread;
	const int64_t deadline = clock_mono_ms() + 10000;

	assert_int_equal(pthread_create(&thread, NULL, wait_for_change, desk),
			 0);
	core_stop(&desk->core);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(clock_left_ms(deadline) > 0);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(what_pages_show_raises_the_revision),
		test(who_is_behind_is_answered_at_once),
		test(few_may_wait_and_all_are_woken),
		test(at_the_end_nobody_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
