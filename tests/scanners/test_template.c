/* Tests of the processes that workers are copies of. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/wire/control.h"
#include "tests/scanners/scanner_site.h"

/* The scanner's only template, once it is ready. */
static pid_t
template_of(const struct site *site)
{
	const int64_t until_mono_ms = clock_mono_ms() + PATIENCE_MS;
	pid_t pids[SITE_MAX_WORKERS];

	for (;;) {
		const size_t count = site_templates(site, pids);

		if (count == 1 && worker_is_ready(pids[0]))
			return pids[0];
		assert_true(clock_left_ms(until_mono_ms) > 0);
		nap(5);
	}
}

static pid_t
template_after(const struct site *site, pid_t before)
{
	const int64_t until_mono_ms = clock_mono_ms() + PATIENCE_MS;
	pid_t now = 0;

	do {
		assert_true(clock_left_ms(until_mono_ms) > 0);
		now = template_of(site);
	} while (now == before);
	return now;
}

static void
scan_some(struct site *site, int count)
{
	for (int i = 0; i < count; i++)
		site_scan_ok(site, REPORT_VERDICT_CLEAN);
}

static void
all_workers_of_mails_are_copies_of_one_process(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 2\n worker_mails = 1");
	site_wait_workers(&site, 3, pids);
	const pid_t template = template_of(&site);

	scan_some(&site, 20);
	assert_int_equal(template_of(&site), template);
	assert_false(site_log_has(&site, "template-failed"));
	site_close(&site);
}

static void
a_killed_template_is_replaced_and_mails_go_on(void **state)
{
	struct site site;

	(void)state;
	site_open(&site, "workers = 1\n worker_mails = 1");
	scan_some(&site, 1);
	for (int i = 0; i < 3; i++) {
		const pid_t before = template_of(&site);

		assert_int_equal(kill(before, SIGKILL), 0);
		scan_some(&site, 3);
		(void)template_after(&site, before);
		/* One that made no copy yet would be tried later. */
		scan_some(&site, 3);
	}
	assert_int_equal(site_log_count(&site, "scan-failed"), 0);
	site_wait_log(&site, "template-ended");
	site_close(&site);
}

static void
without_a_template_that_answers_workers_start_as_programs(void **state)
{
	struct site site;

	(void)state;
	site_open(&site, "workers = 1\n worker_mails = 1");
	scan_some(&site, 1);
	assert_int_equal(kill(template_of(&site), SIGSTOP), 0);
	scan_some(&site, 5);
	assert_int_equal(site_log_count(&site, "scan-failed"), 0);
	assert_int_equal(site_log_count(&site, "template-failed"), 1);
	site_close(&site);
}

static void
no_template_outlives_a_killed_supervisor(void **state)
{
	const int64_t until_mono_ms = clock_mono_ms() + PATIENCE_MS;
	struct site site;

	(void)state;
	site_open(&site, "workers = 1");
	const pid_t template = template_of(&site);

	assert_int_equal(kill(site.pid, SIGKILL), 0);
	(void)site_wait_end(&site);
	while (worker_is_ready(template)) {
		assert_true(clock_left_ms(until_mono_ms) > 0);
		nap(5);
	}
	site_close(&site);
}

/* Workers that other mails, or other people, end. */
static void
what_ends_a_worker_without_a_crash_leaves_the_template(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	struct site site;

	(void)state;
	site_open(&site, "workers = 1\n background_workers = 1");
	site_wait_workers(&site, 2, pids);
	const pid_t template = template_of(&site);

	signal_all(pids, 2, SIGKILL);
	site_wait_workers(&site, 2, pids);
	scan_some(&site, 2);
	assert_int_equal(template_of(&site), template);
	site_close(&site);
}

/* The first lines of its map: program and libraries. */
static bool
read_layout(pid_t pid, char layout[4096])
{
	char path[64];
	FILE *file = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%ld/maps", (long)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	layout[fread(layout, 1, 4095, file)] = '\0';
	(void)fclose(file);
	return layout[0] != '\0';
}

#define MAIL(text) "From: a@example.co.jp\r\nSubject: x\r\n\r\n" text "\r\n"

/* Copies have one layout of memory: nobody gets to try it twice. */
static void
after_a_crash_workers_have_another_layout(void **state)
{
	pid_t pids[SITE_MAX_WORKERS];
	char before[4096];
	char after[4096];
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker",
			 "workers = 1\n background_workers = 1");
	site_wait_workers(&site, 2, pids);
	const pid_t template = template_of(&site);
	const bool readable = read_layout(pids[0], before);

	site_set_mail(&site, MAIL("FAIL-FAULT"));
	site_scan_unscannable(&site, REPORT_REASON_CRASHED);
	(void)template_after(&site, template);
	/* And other mail goes on. */
	site_set_mail(&site, MAIL("nothing"));
	scan_some(&site, 3);
	site_wait_workers(&site, 2, pids);
	if (readable) {
		assert_true(read_layout(pids[1], after));
		assert_string_not_equal(before, after);
	}
	site_close(&site);
}

static void
many_copies_make_a_new_template(void **state)
{
	struct site site;

	(void)state;
	site_open(&site, "workers = 1\n worker_mails = 1");
	const pid_t before = template_of(&site);

	scan_some(&site, 260);
	assert_int_not_equal(template_of(&site), before);
	assert_int_equal(site_log_count(&site, "template-failed"), 0);
	site_close(&site);
}

static void
a_reload_makes_a_new_template(void **state)
{
	char path[SITE_PATH_BYTES];
	struct site site;
	struct err err;

	(void)state;
	site_open(&site, "workers = 1");
	const pid_t before = template_of(&site);

	check_status(ST_OK,
		     control_path(site.dir, "sekimori-scanner", path,
				  sizeof(path), &err),
		     &err);
	check_status(ST_OK, control_ask(path, CONTROL_RELOAD, &err), &err);
	(void)template_after(&site, before);
	scan_some(&site, 3);
	site_close(&site);
}

static void
tell_random(struct site *site, char text[100])
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct err err;

	check_status(ST_OK,
		     scan_client_scan(site->client, &request, site->mail_fd,
				      NULL, &reply, &err),
		     &err);
	assert_int_equal(reply->report.opaque_count, 1);
	(void)snprintf(text, 100, "%s", reply->report.opaques[0].detail);
	scan_reply_free(&reply);
}

/* The key of the table of numbers, in three copies of one process. */
static void
each_copy_has_keys_of_its_own(void **state)
{
	char keys[3][100];
	struct site site;

	(void)state;
	site_open_worker(&site, "failing_worker",
			 "workers = 1\n worker_mails = 1");
	site_set_mail(&site, MAIL("TELL-RANDOM"));
	const pid_t template = template_of(&site);

	for (size_t i = 0; i < 3; i++)
		tell_random(&site, keys[i]);
	assert_int_equal(template_of(&site), template);
	assert_memory_equal(keys[0], "key ", 4);
	assert_string_not_equal(keys[0], keys[1]);
	assert_string_not_equal(keys[0], keys[2]);
	assert_string_not_equal(keys[1], keys[2]);
	site_close(&site);
}

int
main(void)
{
#ifdef SEKIMORI_SANITIZED /* see sandbox_enter() */
	return 77;
#endif
	static const struct CMUnitTest tests[] = {
		SITE_TEST(all_workers_of_mails_are_copies_of_one_process),
		SITE_TEST(a_killed_template_is_replaced_and_mails_go_on),
		SITE_TEST(
			without_a_template_that_answers_workers_start_as_programs),
		SITE_TEST(no_template_outlives_a_killed_supervisor),
		SITE_TEST(
			what_ends_a_worker_without_a_crash_leaves_the_template),
		SITE_TEST(after_a_crash_workers_have_another_layout),
		SITE_TEST(many_copies_make_a_new_template),
		SITE_TEST(a_reload_makes_a_new_template),
		SITE_TEST(each_copy_has_keys_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
