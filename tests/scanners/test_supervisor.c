/* Tests of the scanner as a program: real supervisor, real workers. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/wire/control.h"
#include "tests/scanners/scanner_site.h"

static void
mails_are_scanned_by_workers_in_their_sandbox(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 2");
	site_wait_workers(&site, 3, pids);
	for (int i = 0; i < 20; i++)
		site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
workers_are_replaced_after_their_mails(void **state)
{
	pid_t before[SITE_MAX_WORKERS];
	pid_t after[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 1\n worker_mails = 3");
	site_wait_workers(&site, 2, before);
	for (int i = 0; i < 3; i++)
		site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	do {
		site_wait_workers(&site, 2, after);
	} while (before[0] == after[0] && before[1] == after[1]);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
a_killed_worker_costs_nobody_a_mail(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 2");
	for (int i = 0; i < 5; i++) {
		site_wait_workers(&site, 3, pids);
		signal_all(pids, 3, SIGKILL);
		site_scan_ok(&site, REPORT_VERDICT_CLEAN);
		/* A busy machine takes its time even with that. */
		for (size_t k = 0; k < 3; k++)
			while (kill(pids[k], 0) == 0)
				nap(5);
	}
	site_wait_workers(&site, 3, pids);
	site_wait_log(&site, "signal=9");
	site_close(&site);
}

static void
a_worker_killed_at_its_mail_is_tried_on_another(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 1");
	site_wait_workers(&site, 2, pids);
	signal_all(pids, 2, SIGSTOP);
	struct channel channel = site_ask(&site);

	signal_all(pids, 2, SIGKILL);
	assert_int_equal(channel_answer(&channel), REPORT_TYPE);
	assert_int_equal(site_log_count(&site, "scan-failed"), 1);
	assert_true(site_log_has(&site, "why=crashed"));
	site_close(&site);
}

static void
a_hanging_worker_is_killed_and_the_mail_tried_again(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 1\n wall = 100ms\n hard_stop = 300ms");
	site_wait_workers(&site, 2, pids);
	signal_all(pids, 2, SIGSTOP);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	assert_true(site_log_has(&site, "why=timeout"));
	site_close(&site);
}

static void
two_hanging_workers_make_it_unscannable(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 2\n wall = 100ms\n hard_stop = 300ms");
	site_wait_workers(&site, 3, pids);
	signal_all(pids, 3, SIGSTOP);
	struct channel channel = site_ask(&site);

	/* The successor of one that takes long, too. */
	nap(200);
	signal_all(pids, site_workers(&site, pids), SIGSTOP);
	assert_int_equal(channel_answer(&channel), REPORT_TYPE);
	assert_int_equal(site_log_count(&site, "why=timeout"), 2);
	/* And the pool is whole again. */
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
a_deadline_is_kept_whatever_the_workers_do(void **state)
{
	struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1");
	site_wait_workers(&site, 2, pids);
	signal_all(pids, 2, SIGSTOP);
	const int64_t start_mono_ms = clock_mono_ms();

	request.deadline_ms = 400;
	check_status(ST_OK,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_true(clock_mono_ms() - start_mono_ms < 1500);
	assert_int_equal(reply->report.opaques[0].reason,
			 REPORT_REASON_TIMEOUT);
	scan_reply_free(&reply);
	site_close(&site);
}

static void
clients_that_leave_free_their_places(void **state)
{
	struct channel channels[100];
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 2\n queue = 200");
	site_wait_workers(&site, 3, pids);
	signal_all(pids, 3, SIGSTOP);
	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		const struct scan_request request =
			request_for(SCAN_PRIORITY_MAIL);
		struct err err;

		check_status(ST_OK,
			     channel_connect(site.socket, &channels[i], &err),
			     &err);
		check_status(ST_OK,
			     channel_send(&channels[i], &scan_request_table,
					  &request, &site.mail_fd, 1,
					  clock_mono_ms() + 1000, &err),
			     &err);
	}
	for (size_t i = 0; i < ARRAY_LEN(channels); i++)
		channel_close(&channels[i]);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
a_full_queue_says_so_and_empties_again(void **state)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct channel asked[3];
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1\n queue = 2");
	site_wait_workers(&site, 2, pids);
	signal_all(pids, 2, SIGSTOP);
	for (size_t i = 0; i < ARRAY_LEN(asked); i++)
		asked[i] = site_ask(&site);
	check_status(ST_IO,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_string_equal(err.text,
			    "scanner: 2 mails wait for a worker already");
	signal_all(pids, 2, SIGCONT);
	for (size_t i = 0; i < ARRAY_LEN(asked); i++)
		assert_int_equal(channel_answer(&asked[i]), REPORT_TYPE);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
background_mails_have_workers_of_their_own(void **state)
{
	const struct scan_request request =
		request_for(SCAN_PRIORITY_BACKGROUND);
	struct scan_reply *reply = NULL;
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1\n queue = 1");
	site_wait_workers(&site, 2, pids);
	/* Pools start in order: the first child serves mail. */
	signal_all(pids, 1, SIGSTOP);
	struct channel asked = site_ask(&site);

	check_status(ST_OK,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	scan_reply_free(&reply);
	signal_all(pids, 1, SIGCONT);
	assert_int_equal(channel_answer(&asked), REPORT_TYPE);
	site_close(&site);
}

/* As another account. ST_IO is what a refused client sees. */
static void
other_accounts_are_refused(void **state)
{
	static const struct {
		uid_t uid;
		int want;
	} cases[] = { { 64103, ST_OK }, { 64104, ST_OK }, { 64199, ST_IO } };
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct site site;

	(void)state;
	if (geteuid() != 0)
		skip();
	site_open(&site, "workers = 1");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int status = 0;
		const pid_t pid = fork();

		if (pid == 0) {
			struct scan_client *client = NULL;
			struct scan_reply *reply = NULL;
			struct err err;

			if (setuid(cases[i].uid) != 0 ||
			    scan_client_new(site.socket, &client, &err) !=
				    ST_OK)
				_exit(99);
			const enum status st =
				scan_client_scan(client, &request, site.mail_fd,
						 NULL, &reply, &err);

			_exit((int)st);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].want);
	}
	assert_true(site_log_has(&site, "uid 64199 may not ask"));
	site_close(&site);
}

static void
what_is_not_sealed_is_refused_and_too_large_unscannable(void **state)
{
	struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	int fd = FD_NONE;
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1");
	check_status(ST_OK, fd_memory("test", &fd, &err), &err);
	check_status(
		ST_IO,
		scan_client_scan(site.client, &request, fd, NULL, &reply, &err),
		&err);
	assert_non_null(strstr(err.text, "sealed"));
	assert_int_equal(ftruncate(fd, (off_t)200 << 20), 0);
	check_status(ST_OK, fd_seal(fd, &err), &err);
	check_status(
		ST_OK,
		scan_client_scan(site.client, &request, fd, NULL, &reply, &err),
		&err);
	assert_int_equal(reply->report.opaques[0].reason, REPORT_REASON_LIMIT);
	assert_string_equal(reply->report.opaques[0].detail,
			    "limit milter.max_message");
	scan_reply_free(&reply);
	fd_close(&fd);
	site_close(&site);
}

static void
sigterm_lets_mails_in_progress_end(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 1");
	site_wait_workers(&site, 2, pids);
	signal_all(pids, 2, SIGSTOP);
	struct channel channel = site_ask(&site);

	assert_int_equal(kill(site.pid, SIGTERM), 0);
	nap(100);
	assert_int_equal(waitpid(site.pid, NULL, WNOHANG), 0);
	signal_all(pids, 2, SIGCONT);
	assert_int_equal(channel_answer(&channel), REPORT_TYPE);
	assert_int_equal(site_wait_end(&site), 0);
	site_close(&site);
}

static void
no_worker_outlives_a_killed_supervisor(void **state)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + PATIENCE_MS;
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 2");
	site_wait_workers(&site, 3, pids);
	assert_int_equal(kill(site.pid, SIGKILL), 0);
	assert_true(WIFSIGNALED(site_wait_end(&site)));
	for (size_t i = 0; i < 3; i++) {
		while (worker_is_ready(pids[i])) {
			assert_true(clock_left_ms(deadline_mono_ms) > 0);
			nap(5);
		}
	}
	site_close(&site);
}

static void
reload_takes_good_files_and_refuses_bad_ones(void **state)
{
	char path[SITE_PATH_BYTES];
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1");
	site_wait_workers(&site, 2, pids);
	check_status(ST_OK,
		     control_path(site.dir, "sekimori-scanner", path,
				  sizeof(path), &err),
		     &err);
	site_write_config(&site, "workers = 3");
	check_status(ST_OK, control_ask(path, CONTROL_RELOAD, &err), &err);
	site_wait_workers(&site, 4, pids);
	site_write_config(&site, "workers = many");
	check_status(ST_DENIED, control_ask(path, CONTROL_RELOAD, &err), &err);
	assert_non_null(strstr(err.text, "workers"));
	site_write_config(&site, "workers = 1");
	check_status(ST_OK, control_ask(path, CONTROL_RELOAD, &err), &err);
	site_wait_workers(&site, 2, pids);
	site_scan_ok(&site, REPORT_VERDICT_CLEAN);
	site_close(&site);
}

static void
workers_that_break_the_protocol_are_crashes(void **state)
{
	/* A preview is one only where it was asked for. */
	static const char *const plays[] = { "huge", "version", "type",
					     "exit", "taints",  "preview" };
	struct site site;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plays); i++) {
		site_open_bad(&site, plays[i], "workers = 1");
		site_scan_unscannable(&site, REPORT_REASON_CRASHED);
		assert_int_equal(site_log_count(&site, "scan-failed"), 2);
		site_close(&site);
	}
}

static enum status
ask_preview(struct site *site, struct scan_preview **preview, struct err *err)
{
	const struct scan_request request =
		request_for(SCAN_PRIORITY_BACKGROUND);

	return scan_client_preview(site->client, &request, site->mail_fd, NULL,
				   preview, err);
}

static void
a_preview_comes_masked_and_checked(void **state)
{
	AUTO(scan_preview_free) struct scan_preview *preview = NULL;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct preview again;
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1");
	check_status(ST_OK, ask_preview(&site, &preview, &err), &err);
	assert_false(preview->preview.revealed);
	assert_true(preview->preview.part_count > 0);
	/* Its payload is what was checked. */
	check_status(ST_OK,
		     wire_decode(&preview_table, sbuf_span(&preview->payload),
				 &again, &arena, &err),
		     &err);
	assert_int_equal(again.part_count, preview->preview.part_count);
	site_close(&site);
}

static void
without_a_worker_that_lives_there_is_no_preview(void **state)
{
	struct scan_preview *preview = NULL;
	struct site site;
	struct err err;

	(void)state;
	site_open_bad(&site, "exit", "workers = 1");
	check_status(ST_UNSUPPORTED, ask_preview(&site, &preview, &err), &err);
	assert_non_null(strstr(err.text, "crashed"));
	assert_null(preview);
	site_close(&site);
}

static void
a_tainted_worker_gets_its_replacement_while_it_works(void **state)
{
	pid_t before[SITE_MAX_WORKERS];
	pid_t during[SITE_MAX_WORKERS];
	pid_t after[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open_bad(&site, "tainted", "workers = 1");
	while (site_workers(&site, before) != 2)
		nap(5);
	nap(50);
	struct channel channel = site_ask(&site);

	while (site_workers(&site, during) != 3)
		nap(5);
	assert_int_equal(channel_answer(&channel), REPORT_TYPE);
	while (site_workers(&site, after) != 2)
		nap(5);
	assert_int_equal(after[1], during[2]);
	assert_int_equal(site_log_count(&site, "scan-failed"), 0);
	site_close(&site);
}

static void
half_a_report_holds_up_nobody(void **state)
{
	struct site site;

	(void)state;
	site_open_bad(&site, "half",
		      "workers = 2\n wall = 100ms\n hard_stop = 200ms");
	struct channel channel = site_ask(&site);
	const int64_t start_mono_ms = clock_mono_ms();

	/* The loop still turns: a second one gets its own answer. */
	site_scan_unscannable(&site, REPORT_REASON_TIMEOUT);
	assert_true(clock_mono_ms() - start_mono_ms < 3000);
	assert_int_equal(channel_answer(&channel), REPORT_TYPE);
	site_close(&site);
}

static void
a_report_that_does_not_decode_reaches_the_client_as_format(void **state)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct site site;
	struct err err;

	(void)state;
	site_open_bad(&site, "garbage", "workers = 1");
	check_status(ST_FORMAT,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	site_close(&site);
}

static void
a_broken_installation_does_not_spin(void **state)
{
	struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct site site;
	struct err err;

	(void)state;
	request.deadline_ms = 1200;
	site_open_bad(&site, "start", "workers = 1");
	check_status(ST_IO,
		     scan_client_scan(site.client, &request, site.mail_fd, NULL,
				      &reply, &err),
		     &err);
	assert_non_null(strstr(err.text, "no worker was free in time"));
	const size_t tries = site_log_count(&site, "worker-start-failed");

	assert_true(tries >= 2 && tries <= 10);
	site_close(&site);
}

static void
a_channel_makes_a_scanner_for_one_client(void **state)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	char path[PATH_MAX + 32];
	struct scan_reply *reply = NULL;
	struct scan_client *client = NULL;
	struct site site;
	struct err err;

	(void)state;
	site_make(&site);
	(void)snprintf(path, sizeof(path), "%s/sekimori-scanner", site.build);
	check_status(ST_OK, scan_client_spawn(path, NULL, &client, &err), &err);
	for (int i = 0; i < 3; i++) {
		check_status(ST_OK,
			     scan_client_scan(client, &request, site.mail_fd,
					      NULL, &reply, &err),
			     &err);
		scan_reply_free(&reply);
	}
	scan_client_free(&client);
	/* It ended with its client, and we have waited for it. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	site_close(&site);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SITE_TEST(mails_are_scanned_by_workers_in_their_sandbox),
		SITE_TEST(workers_are_replaced_after_their_mails),
		SITE_TEST(a_killed_worker_costs_nobody_a_mail),
		SITE_TEST(a_worker_killed_at_its_mail_is_tried_on_another),
		SITE_TEST(a_hanging_worker_is_killed_and_the_mail_tried_again),
		SITE_TEST(two_hanging_workers_make_it_unscannable),
		SITE_TEST(a_deadline_is_kept_whatever_the_workers_do),
		SITE_TEST(clients_that_leave_free_their_places),
		SITE_TEST(a_full_queue_says_so_and_empties_again),
		SITE_TEST(background_mails_have_workers_of_their_own),
		SITE_TEST(other_accounts_are_refused),
		SITE_TEST(
			what_is_not_sealed_is_refused_and_too_large_unscannable),
		SITE_TEST(sigterm_lets_mails_in_progress_end),
		SITE_TEST(no_worker_outlives_a_killed_supervisor),
		SITE_TEST(reload_takes_good_files_and_refuses_bad_ones),
		SITE_TEST(workers_that_break_the_protocol_are_crashes),
		SITE_TEST(a_preview_comes_masked_and_checked),
		SITE_TEST(without_a_worker_that_lives_there_is_no_preview),
		SITE_TEST(a_tainted_worker_gets_its_replacement_while_it_works),
		SITE_TEST(half_a_report_holds_up_nobody),
		SITE_TEST(
			a_report_that_does_not_decode_reaches_the_client_as_format),
		SITE_TEST(a_broken_installation_does_not_spin),
		SITE_TEST(a_channel_makes_a_scanner_for_one_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
