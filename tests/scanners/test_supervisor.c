/* Tests of the scanner as a program: real supervisor, real workers. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "lib/wire/control.h"
#include "scanners/client/scan_client.h"
#include "tests/harness/check.h"

enum {
	SITE_PATH_BYTES = 200,
	SITE_MAX_WORKERS = 16,
	PATIENCE_MS = 10000,
	SCAN_MS = 8000
};

struct site {
	char dir[32];
	char build[PATH_MAX];
	char socket[SITE_PATH_BYTES];
	char config[SITE_PATH_BYTES];
	char log[SITE_PATH_BYTES];
	char programs[SITE_PATH_BYTES]; /* directory of the worker */
	pid_t pid;
	int mail_fd;
	struct scan_client *client;
};

/* The site of the running test, for when it fails half-way. */
static struct site *open_site;

static void
nap(int ms)
{
	(void)usleep((useconds_t)ms * 1000);
}

static void
site_write(const char *path, const char *text)
{
	const int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct err err;

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, 0644), 0);
	check_status(ST_OK, fd_write_all(fd, span_of(text), &err), &err);
	(void)close(fd);
}

static void
site_write_config(const struct site *site, const char *scanner_settings)
{
	char text[6000];

	(void)snprintf(text, sizeof(text),
		       "general {\n local_domains = {\"example.co.jp\"}\n"
		       " run_dir = \"%s\"\n program_dir = \"%s\"\n"
		       " postmaster = \"postmaster@example.co.jp\"\n"
		       " log = \"stderr\"\n debug = yes\n}\n"
		       "milter { user = \"64103\" }\n"
		       "courier { user = \"64104\"\n"
		       " notice_sender = \"s@example.co.jp\" }\n"
		       "vault { key = \"file:/nonexistent/key\" }\n"
		       "desk { url = \"https://example.co.jp\" }\n"
		       "scanner {\n user = \"64102\"\n%s\n}\n"
		       "policy { rule \"all\" { action = deliver } }\n",
		       site->dir, site->programs, scanner_settings);
	site_write(site->config, text);
}

static void
site_make(struct site *site)
{
	static const char mail[] = "From: a@example.co.jp\r\n"
				   "Subject: x\r\n\r\nhello\r\n";
	const char *build = getenv("top_builddir");
	struct err err;

	*site = (struct site){ .mail_fd = FD_NONE };
	assert_non_null(realpath(build != NULL ? build : ".", site->build));
	memcpy(site->dir, "/tmp/sk-scanner-XXXXXX", 23);
	assert_non_null(mkdtemp(site->dir));
	assert_int_equal(chmod(site->dir, 0755), 0);
	(void)snprintf(site->socket, sizeof(site->socket), "%s/scanner.sock",
		       site->dir);
	(void)snprintf(site->config, sizeof(site->config), "%s/conf",
		       site->dir);
	(void)snprintf(site->log, sizeof(site->log), "%s/log", site->dir);
	assert_true(strlen(site->build) < sizeof(site->programs));
	memcpy(site->programs, site->build, strlen(site->build) + 1);
	check_status(ST_OK, fd_memory("test", &site->mail_fd, &err), &err);
	check_status(ST_OK, fd_write_all(site->mail_fd, span_of(mail), &err),
		     &err);
	check_status(ST_OK, fd_seal(site->mail_fd, &err), &err);
}

static void
site_exec_scanner(const struct site *site)
{
	const int log = open(site->log,
			     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char path[PATH_MAX + 32];

	(void)snprintf(path, sizeof(path), "%s/sekimori-scanner", site->build);
	(void)dup2(log, STDERR_FILENO);
	(void)execl(path, path, "--config", site->config, (char *)NULL);
	_exit(126);
}

static void
site_run(struct site *site, const char *scanner_settings)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + PATIENCE_MS;
	struct err err;

	site_write_config(site, scanner_settings);
	open_site = site;
	site->pid = fork();
	if (site->pid == 0)
		site_exec_scanner(site);
	for (;;) {
		struct channel channel;

		if (channel_connect(site->socket, &channel, &err) == ST_OK) {
			channel_close(&channel);
			break;
		}
		assert_int_equal(waitpid(site->pid, NULL, WNOHANG), 0);
		assert_true(clock_left_ms(deadline_mono_ms) > 0);
		nap(5);
	}
	check_status(ST_OK, scan_client_new(site->socket, &site->client, &err),
		     &err);
}

static void
site_open(struct site *site, const char *scanner_settings)
{
	site_make(site);
	site_run(site, scanner_settings);
}

/* Children of the scanner that have dropped into their sandbox or are about
 * to; oldest first. */
static size_t
site_workers(const struct site *site, pid_t pids[SITE_MAX_WORKERS])
{
	char path[64];
	FILE *file = NULL;
	size_t count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children",
		       (long)site->pid, (long)site->pid);
	file = fopen(path, "r");
	assert_non_null(file);
	for (long pid = 0;
	     count < SITE_MAX_WORKERS && fscanf(file, "%ld", &pid) == 1;)
		pids[count++] = (pid_t)pid;
	(void)fclose(file);
	return count;
}

/* A worker that waits for its first mail sleeps in poll(). */
static bool
worker_is_ready(pid_t pid)
{
	char path[64];
	char line[200] = "";
	FILE *file = NULL;
	bool locked = false;

	(void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (strcmp(line, "Seccomp:\t2\n") == 0)
			locked = true;
	}
	if (file != NULL)
		(void)fclose(file);
	return locked;
}

static void
site_wait_workers(const struct site *site, size_t want,
		  pid_t pids[SITE_MAX_WORKERS])
{
	const int64_t deadline_mono_ms = clock_mono_ms() + PATIENCE_MS;

	for (;;) {
		const size_t count = site_workers(site, pids);
		size_t ready = 0;

		for (size_t i = 0; i < count; i++)
			ready += worker_is_ready(pids[i]) ? 1 : 0;
		if (ready == want && count == want)
			break;
		assert_true(clock_left_ms(deadline_mono_ms) > 0);
		nap(5);
	}
	nap(20); /* its "ready" may still be on its way */
}

static void
signal_all(const pid_t *pids, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(kill(pids[i], number), 0);
}

/* Wait for the scanner to end by itself; its exit status. */
static int
site_wait_end(struct site *site)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + PATIENCE_MS;
	int status = 0;

	while (waitpid(site->pid, &status, WNOHANG) == 0) {
		assert_true(clock_left_ms(deadline_mono_ms) > 0);
		nap(5);
	}
	site->pid = 0;
	return status;
}

static void
remove_in(const char *dir, const char *name)
{
	char path[SITE_PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
}

static void
site_close(struct site *site)
{
	static const char *const names[] = {
		"scanner.sock", "scanner.ctl", "conf",
		"log",          "play",        "sekimori-worker-mail"
	};

	scan_client_free(&site->client);
	if (site->pid != 0) {
		(void)kill(site->pid, SIGTERM);
		assert_int_equal(site_wait_end(site), 0);
	}
	open_site = NULL;
	fd_close(&site->mail_fd);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		remove_in(site->dir, names[i]);
	assert_int_equal(rmdir(site->dir), 0);
}

static struct scan_request
request_for(enum scan_priority priority)
{
	return (struct scan_request){
		.input = SCAN_INPUT_MAIL,
		.priority = priority,
		.name = "",
		.profile = "standard",
		.deadline_ms = SCAN_MS,
	};
}

static void
site_scan_ok(struct site *site, enum report_verdict verdict)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct err err;

	check_status(ST_OK,
		     scan_client_scan(site->client, &request, site->mail_fd,
				      NULL, &reply, &err),
		     &err);
	assert_int_equal(reply->report.verdict, verdict);
	scan_reply_free(&reply);
}

static void
site_scan_unscannable(struct site *site, enum report_reason reason)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct scan_reply *reply = NULL;
	struct err err;

	check_status(ST_OK,
		     scan_client_scan(site->client, &request, site->mail_fd,
				      NULL, &reply, &err),
		     &err);
	assert_int_equal(reply->report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_int_equal(reply->report.opaques[0].reason, reason);
	scan_reply_free(&reply);
}

/* A request whose answer nobody waits for yet. */
static struct channel
site_ask(const struct site *site)
{
	const struct scan_request request = request_for(SCAN_PRIORITY_MAIL);
	struct channel channel;
	struct err err;

	check_status(ST_OK, channel_connect(site->socket, &channel, &err),
		     &err);
	check_status(ST_OK,
		     channel_send(&channel, &scan_request_table, &request,
				  &site->mail_fd, 1, clock_mono_ms() + 1000,
				  &err),
		     &err);
	nap(30);
	return channel;
}

/* The answer to it: a report's type, or that of a failure. */
static uint16_t
channel_answer(struct channel *channel)
{
	struct frame frame;
	uint16_t type = 0;
	struct err err;

	frame_init(&frame);
	if (channel_receive(channel, &frame, clock_mono_ms() + PATIENCE_MS,
			    &err) == ST_OK)
		type = frame.type;
	frame_done(&frame);
	channel_close(channel);
	return type;
}

static bool
site_log_has(const struct site *site, const char *words)
{
	struct sbuf text;
	struct err err;

	sbuf_init(&text, 4 << 20);
	check_status(ST_OK, fd_slurp_file(site->log, &text, &err), &err);
	const bool has = strstr(sbuf_text(&text), words) != NULL;

	sbuf_done(&text);
	return has;
}

static size_t
site_log_count(const struct site *site, const char *words)
{
	struct sbuf text;
	struct err err;
	size_t count = 0;

	sbuf_init(&text, 4 << 20);
	check_status(ST_OK, fd_slurp_file(site->log, &text, &err), &err);
	for (const char *at = sbuf_text(&text);
	     (at = strstr(at, words)) != NULL; at++)
		count++;
	sbuf_done(&text);
	return count;
}

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
	}
	site_wait_workers(&site, 3, pids);
	assert_true(site_log_has(&site, "signal=9"));
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
	site_scan_unscannable(&site, REPORT_REASON_TIMEOUT);
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

/* A scanner whose worker is bad_worker, playing play. */
static void
site_open_bad(struct site *site, const char *play, const char *settings)
{
	char path[SITE_PATH_BYTES];
	char bad[PATH_MAX + 64];

	site_make(site);
	(void)snprintf(bad, sizeof(bad), "%s/tests/scanners/bad_worker",
		       site->build);
	(void)snprintf(path, sizeof(path), "%s/sekimori-worker-mail",
		       site->dir);
	assert_int_equal(symlink(bad, path), 0);
	(void)snprintf(path, sizeof(path), "%s/play", site->dir);
	site_write(path, play);
	(void)snprintf(site->programs, sizeof(site->programs), "%s", site->dir);
	site_run(site, settings);
}

static void
workers_that_break_the_protocol_are_crashes(void **state)
{
	static const char *const plays[] = { "huge", "version", "type", "exit",
					     "taints" };
	struct site site;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plays); i++) {
		site_open_bad(&site, plays[i], "workers = 1");
		site_scan_unscannable(&site, REPORT_REASON_CRASHED);
		assert_int_equal(site_log_count(&site, "scan-failed"), 2);
		site_close(&site);
	}
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

static int
stop_left_over(void **state)
{
	(void)state;
	if (open_site != NULL && open_site->pid != 0) {
		(void)kill(open_site->pid, SIGKILL);
		(void)waitpid(open_site->pid, NULL, 0);
	}
	open_site = NULL;
	return 0;
}

#define SITE_TEST(name) cmocka_unit_test_teardown(name, stop_left_over)

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
		SITE_TEST(half_a_report_holds_up_nobody),
		SITE_TEST(
			a_report_that_does_not_decode_reaches_the_client_as_format),
		SITE_TEST(a_broken_installation_does_not_spin),
		SITE_TEST(a_channel_makes_a_scanner_for_one_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
