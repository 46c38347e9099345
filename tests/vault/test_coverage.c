/* Tests of vault/case/coverage.h: can somebody decide on everybody's mail? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/case_harness.h"
#include "vault/case/coverage.h"

/* The rules of a file; the configuration must outlive their use. */
static struct config *
load_rules(struct scene *scene, const char *rules)
{
	struct config *config = NULL;
	char path[256];
	char text[2048];
	struct err err = { .st = ST_OK };

	(void)snprintf(path, sizeof(path), "%s/rules.conf",
		       scene->fixture->dir);
	(void)snprintf(text, sizeof(text),
		       "general { local_domains = { example.co.jp } "
		       "postmaster = \"p@example.co.jp\" }\n"
		       "courier { notice_sender = \"s@example.co.jp\" }\n"
		       "desk { url = \"https://a.example.co.jp\" }\n"
		       "policy { %s rule last { action = deliver } }\n",
		       rules);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0600, &err),
		     &err);
	check_status(ST_OK, config_load(path, &config, &err), &err);
	assert_int_equal(unlink(path), 0);
	scene->config.policy = config->policy;
	return config;
}

static void
look(struct scene *scene, struct wire_arena *arena,
     struct vault_groups_answer *groups)
{
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK,
		 coverage_read(&scene->vault, arena, groups, &err), &err);
}

static void
disable(struct scene *scene, const char *login)
{
	const struct vault_user_change change = {
		.change = USER_CHANGE_DISABLE,
		.user = { .login = login, .uid = -1 },
	};
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
}

static void
each_group_of_a_hold_rule_is_told_once(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	AUTO(config_free)
	struct config *config = load_rules(
		scene, "rule a { verdict = {found} action = hold approvers = "
		       "\"hr\" }\n"
		       "rule b { verdict = {unscannable} action = hold "
		       "approvers = \"hr\" }\n"
		       "rule c { direction = {foreign} action = hold approvers "
		       "= \"nobody\" }\n");
	struct vault_groups_answer groups = { .group_count = 0 };

	assert_non_null(arena);
	assert_non_null(config);
	look(scene, arena, &groups);
	assert_int_equal(groups.group_count, 2);
	assert_string_equal(groups.groups[0].group, "hr");
	assert_int_equal(groups.groups[0].approvers, 2);
	assert_int_equal(groups.groups[0].left_alone, 0);
	assert_string_equal(groups.groups[1].group, "nobody");
	assert_int_equal(groups.groups[1].approvers, 0);
	scene->config.policy = NULL;
}

static void
the_only_approver_is_left_alone_and_so_is_their_other_self(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	AUTO(config_free)
	struct config *config = load_rules(
		scene, "rule a { verdict = {found} action = hold approvers = "
		       "\"hr\" }\n");
	const struct vault_user_change twin = {
		.change = USER_CHANGE_UPDATE,
		.user = { .login = "alice",
			  .name = "Alice",
			  .roles = VAULT_ROLE_SENDER,
			  .language = "en",
			  .groups = "",
			  .uid = -1,
			  /* A login might be the local part of any address. */
			  .addresses = "alice@example.co.jp, "
				       "Bob+list@example.org" },
	};
	struct vault_groups_answer groups = { .group_count = 0 };
	struct err err = { .st = ST_OK };

	assert_non_null(arena);
	assert_non_null(config);
	disable(scene, "carol");
	look(scene, arena, &groups);
	assert_int_equal(groups.groups[0].approvers, 1);
	assert_int_equal(groups.groups[0].left_alone, 1); /* bob */
	check_status(ST_OK, scene_change(scene, "root", &twin, &err), &err);
	look(scene, arena, &groups);
	assert_int_equal(groups.groups[0].left_alone, 2); /* bob, alice */
	scene->config.policy = NULL;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			each_group_of_a_hold_rule_is_told_once, scene_setup,
			scene_teardown),
		cmocka_unit_test_setup_teardown(
			the_only_approver_is_left_alone_and_so_is_their_other_self,
			scene_setup, scene_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
