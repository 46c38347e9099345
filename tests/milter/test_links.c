/* Tests of milter/links: scan_pool.h, settings.h, pairs.h. */
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "milter/links/pairs.h"
#include "milter/links/settings.h"
#include "tests/harness/check.h"
#include "tests/milter/fixture.h"
#include "tests/milter/peers.h"

struct rig {
	char dir[FIXTURE_DIR_BYTES];
	struct fake_scanner scanner;
	struct scan_pool *pool;
	int mail_fd;
	unsigned ticks;
	bool tick_fails;
};

static void
rig_start(struct rig *rig)
{
	struct err err;

	memset(rig, 0, sizeof(*rig));
	fixture_make_dir(rig->dir);
	fake_scanner_start(&rig->scanner, rig->dir);
	check_status(ST_OK,
		     scan_pool_new(rig->scanner.peer.path, 1, &rig->pool, &err),
		     &err);
	check_status(ST_OK, fd_memory("mail", &rig->mail_fd, &err), &err);
	check_status(ST_OK, fd_seal(rig->mail_fd, &err), &err);
}

static void
rig_stop(struct rig *rig)
{
	scan_pool_free(&rig->pool);
	fake_scanner_stop(&rig->scanner);
	fd_close(&rig->mail_fd);
	fixture_remove_dir(rig->dir);
}

static enum status
count_tick(void *context, struct err *err)
{
	struct rig *rig = context;

	rig->ticks++;
	return rig->tick_fails ? err_set(err, ST_DENIED, "no more") : ST_OK;
}

static enum status
scan(struct rig *rig, int64_t wait_ms, struct err *err)
{
	const struct scan_wait wait = { count_tick, rig, 20 };
	const struct scan_pool_mail mail = {
		.fd = rig->mail_fd,
		.profile = REPORT_PROFILE_STANDARD,
		.deadline_mono_ms = clock_mono_ms() + wait_ms,
	};
	struct scan_reply *reply = NULL;
	const enum status st =
		scan_pool_scan(rig->pool, &mail, &wait, &reply, err);

	scan_reply_free(&reply);
	return st;
}

/* Takes the only connection for as long as the scanner's delay. */
static void *
scan_slowly(void *context)
{
	struct rig copy = *(struct rig *)context;
	struct err err;

	(void)!scan(&copy, 5000, &err);
	return NULL;
}

static void
occupy(struct rig *rig, pthread_t *thread)
{
	rig->scanner.delay_ms = 400;
	assert_int_equal(pthread_create(thread, NULL, scan_slowly, rig), 0);
	(void)usleep(100 * 1000);
}

static void
a_mail_waits_for_a_free_connection_and_ticks_meanwhile(void **state)
{
	struct rig rig;
	pthread_t thread;
	struct err err;

	(void)state;
	rig_start(&rig);
	occupy(&rig, &thread);
	check_status(ST_OK, scan(&rig, 5000, &err), &err);
	assert_true(rig.ticks >= 5);
	(void)pthread_join(thread, NULL);
	assert_int_equal(rig.scanner.scans, 2);
	rig_stop(&rig);
}

static void
no_free_connection_in_time_means_that_the_scanner_cannot_serve(void **state)
{
	struct rig rig;
	pthread_t thread;
	struct err err;

	(void)state;
	rig_start(&rig);
	occupy(&rig, &thread);
	check_status(ST_IO, scan(&rig, 60, &err), &err);
	(void)pthread_join(thread, NULL);
	rig_stop(&rig);
}

static void
a_tick_that_fails_ends_the_wait_with_its_status(void **state)
{
	struct rig rig;
	pthread_t thread;
	struct err err;

	(void)state;
	rig_start(&rig);
	occupy(&rig, &thread);
	rig.tick_fails = true;
	check_status(ST_DENIED, scan(&rig, 5000, &err), &err);
	assert_int_equal(rig.ticks, 1);
	(void)pthread_join(thread, NULL);
	rig_stop(&rig);
}

static void
a_snapshot_lives_until_its_last_holder_lets_go(void **state)
{
	char dir[FIXTURE_DIR_BYTES];
	struct settings *settings = NULL;
	struct settings_snapshot *old = NULL;
	struct settings_snapshot *now = NULL;
	struct config *config = NULL;
	struct err err;

	(void)state;
	fixture_make_dir(dir);
	config = fixture_config(dir, "", "scan_clients = 3", NULL);
	check_status(ST_OK, settings_new(&config, &settings, &err), &err);
	old = settings_hold(settings);
	config = fixture_config(dir, "", "scan_clients = 4", NULL);
	check_status(ST_OK, settings_replace(settings, &config, &err), &err);
	now = settings_hold(settings);
	assert_int_equal(old->config->milter.scan_clients, 3);
	assert_int_equal(now->config->milter.scan_clients, 4);
	settings_release(settings, &old);
	assert_null(old);
	settings_release(settings, &old);
	settings_release(settings, &now);
	settings_free(&settings);
	fixture_remove_dir(dir);
}

static void
pairs_that_cannot_be_sent_are_counted_not_kept(void **state)
{
	struct vault_link *link = NULL;
	struct pairs *pairs = NULL;
	struct err err;

	(void)state;
	check_status(ST_OK,
		     vault_link_new("/nonexistent/vault.sock", &link, &err),
		     &err);
	check_status(ST_OK, pairs_new(link, &pairs, &err), &err);
	for (int i = 0; i < PAIRS_MAX_QUEUE * 3; i++)
		pairs_add(pairs, "a@x.test", "b@y.test", i);
	for (int i = 0; i < 500 && pairs_lost(pairs) + PAIRS_MAX_BATCH <
					   PAIRS_MAX_QUEUE * 3;
	     i++)
		(void)usleep(10 * 1000);
	assert_true(pairs_lost(pairs) + PAIRS_MAX_BATCH >= PAIRS_MAX_QUEUE * 3);
	pairs_free(&pairs);
	vault_link_free(&link);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_mail_waits_for_a_free_connection_and_ticks_meanwhile),
		cmocka_unit_test(
			no_free_connection_in_time_means_that_the_scanner_cannot_serve),
		cmocka_unit_test(
			a_tick_that_fails_ends_the_wait_with_its_status),
		cmocka_unit_test(
			a_snapshot_lives_until_its_last_holder_lets_go),
		cmocka_unit_test(
			pairs_that_cannot_be_sent_are_counted_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
