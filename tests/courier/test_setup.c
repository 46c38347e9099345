/* Tests of courier/setup.h and courier/timers/timers.h. */
#include "courier/setup.h"

#include <signal.h>

#include "courier/timers/timers.h"
#include "lib/base/clock.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

/* The usual configuration with one text in it replaced. */
static void
write_changed(const struct world *world, const char *old, const char *new)
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf changed;
	const char *at = NULL;
	struct err err = { 0 };

	sbuf_init(&text, 10000);
	sbuf_init(&changed, 10000);
	world_write_config(world, NULL);
	check_status(ST_OK,
		     fd_slurp_file(world_config_path(world), &text, &err),
		     &err);
	at = strstr(sbuf_text(&text), old);
	assert_non_null(at);
	sbuf_add(&changed, sbuf_text(&text), (size_t)(at - sbuf_text(&text)));
	sbuf_add_text(&changed, new);
	sbuf_add_text(&changed, at + strlen(old));
	world_write_config(world, sbuf_text(&changed));
}

static void
a_reload_replaces_the_setup_for_those_who_ask_anew(void **state)
{
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct setup *before = NULL;
	const struct setup *after = NULL;
	struct err err = { 0 };

	(void)state;
	world_stop(world);
	before = setup_current(world->setups);
	write_changed(world, "gate.corp.test", "other.corp.test");
	check_status(
		ST_OK,
		setup_reload(world->setups, world_config_path(world), &err),
		&err);
	after = setup_current(world->setups);
	assert_string_equal(before->config->general.host_name,
			    "gate.corp.test");
	assert_string_equal(after->config->general.host_name,
			    "other.corp.test");
	setup_release(world->setups, &before);
	setup_release(world->setups, &after);
	assert_null(after);
}

static void
a_bad_file_leaves_the_setup_in_force(void **state)
{
	static const struct {
		const char *old;
		const char *new;
		const char *want_text;
	} cases[] = {
		{ "desk {", "desk ", "c.conf:" },
		{ "127.0.0.1:1\"", "127.0.0.1\"", "write address:port" },
		{ "gate.corp.test", "gate corp", "is not a host name" },
		{ "sekimori@corp.test", "\\\"a b\\\"@corp.test",
		  "is not an address" },
		{ "/data", "/nodata", "no such file" },
		{ "notice_name", "notices = \"/nowhere\"\n\tnotice_name",
		  "courier.notices: /nowhere: cannot be read" },
	};
	AUTO(world_free) struct world *world = world_start(NULL);

	(void)state;
	world_stop(world);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct setup *setup = NULL;
		struct err err = { 0 };

		write_changed(world, cases[i].old, cases[i].new);
		assert_int_not_equal(setup_reload(world->setups,
						  world_config_path(world),
						  &err),
				     ST_OK);
		if (strstr(err.text, cases[i].want_text) == NULL)
			fail_msg("case %zu: %s", i, err.text);
		setup = setup_current(world->setups);
		assert_string_equal(setup->config->general.host_name,
				    "gate.corp.test");
		setup_release(world->setups, &setup);
	}
}

static void *
run_timers(void *argument)
{
	timers_run(argument);
	return NULL;
}

static void
the_vault_is_asked_about_its_timers_at_intervals(void **state)
{
	AUTO(world_free) struct world *world = world_start(NULL);
	const int64_t started_ms = clock_mono_ms();
	pthread_t thread;
	struct err err = { 0 };

	(void)state;
	write_changed(world, "\ttls = never", "\ttls = never\n\ttimer = 100ms");
	check_status(
		ST_OK,
		setup_reload(world->setups, world_config_path(world), &err),
		&err);
	assert_int_equal(
		pthread_create(&thread, NULL, run_timers, &world->loop), 0);
	while (fake_vault_timers(world->vault) < 3)
		pause_ms(5);
	assert_true(clock_mono_ms() - started_ms >= 200);
	gate_stop(&world->gate);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_reload_replaces_the_setup_for_those_who_ask_anew),
		cmocka_unit_test(a_bad_file_leaves_the_setup_in_force),
		cmocka_unit_test(
			the_vault_is_asked_about_its_timers_at_intervals),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
