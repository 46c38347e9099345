#include "tests/scanners/scanner_site.h"

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

/* The scanner of the running test, for when it fails half-way: what the site
 * said is gone by then. */
static pid_t open_pid;

void
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

void
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
		       "scanner {\n user = \"64102\"\n%s%s\n}\n"
		       "policy { rule \"all\" { action = deliver } }\n",
		       site->dir, site->programs,
		       strstr(scanner_settings, "pdf_workers") == NULL
			       ? " pdf_workers = 0\n"
			       : "",
		       scanner_settings);
	site_write(site->config, text);
}

void
site_set_mail(struct site *site, const char *mail)
{
	struct err err;

	fd_close(&site->mail_fd);
	check_status(ST_OK, fd_memory("test", &site->mail_fd, &err), &err);
	check_status(ST_OK, fd_write_all(site->mail_fd, span_of(mail), &err),
		     &err);
	check_status(ST_OK, fd_seal(site->mail_fd, &err), &err);
}

void
site_make(struct site *site)
{
	static const char mail[] = "From: a@example.co.jp\r\n"
				   "Subject: x\r\n\r\nhello\r\n";
	const char *build = getenv("top_builddir");

	*site = (struct site){ .mail_fd = FD_NONE };
	assert_non_null(realpath(build != NULL ? build : ".", site->build));
	memcpy(site->dir, "/tmp/sk-scanner-XXXXXX", 23);
	assert_non_null(mkdtemp(site->dir));
	assert_int_equal(chmod(site->dir, 0755), 0);
	(void)snprintf(site->socket, sizeof(site->socket),
		       "%s/scanner/scanner.sock", site->dir);
	(void)snprintf(site->config, sizeof(site->config), "%s/conf",
		       site->dir);
	(void)snprintf(site->log, sizeof(site->log), "%s/log", site->dir);
	assert_true(strlen(site->build) < sizeof(site->programs));
	memcpy(site->programs, site->build, strlen(site->build) + 1);
	site_set_mail(site, mail);
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
	site->pid = fork();
	open_pid = site->pid;
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

void
site_open(struct site *site, const char *scanner_settings)
{
	site_make(site);
	site_run(site, scanner_settings);
}

/* What ps shows of a process that has not ended. */
static bool
process_has_name(pid_t pid, const char *name)
{
	char path[64];
	char line[128] = "";
	FILE *file = NULL;
	const char *at = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fgets(line, sizeof(line), file) != NULL)
		at = strchr(line, '(');
	(void)fclose(file);
	if (at == NULL || strncmp(at + 1, name, strlen(name)) != 0)
		return false;
	at += 1 + strlen(name);
	return at[0] == ')' && at[2] != 'Z';
}

/* Children of the scanner by the name that ps shows; oldest first. */
static size_t
site_children(const struct site *site, const char *name,
	      pid_t pids[SITE_MAX_WORKERS])
{
	char path[64];
	char line[4096];
	FILE *file = NULL;
	size_t count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children",
		       (long)site->pid, (long)site->pid);
	file = fopen(path, "r");
	assert_non_null(file);
	if (fgets(line, sizeof(line), file) != NULL) {
		const char *at = line;
		char *behind = NULL;

		for (long pid = strtol(at, &behind, 10);
		     behind != at && count < SITE_MAX_WORKERS;
		     pid = strtol(at, &behind, 10)) {
			if (process_has_name((pid_t)pid, name))
				pids[count++] = (pid_t)pid;
			at = behind;
		}
	}
	(void)fclose(file);
	return count;
}

/* Those that have dropped into their sandbox or are about to. */
size_t
site_workers(const struct site *site, pid_t pids[SITE_MAX_WORKERS])
{
	return site_children(site, "sekimori-worker", pids);
}

size_t
site_templates(const struct site *site, pid_t pids[SITE_MAX_WORKERS])
{
	return site_children(site, "sekimori-templ", pids);
}

/* A worker that waits for its first mail sleeps in poll(). */
bool
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

void
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

void
signal_all(const pid_t *pids, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(kill(pids[i], number), 0);
}

/* Wait for the scanner to end by itself; its exit status. */
int
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
	(void)remove(path);
}

void
site_close(struct site *site)
{
	static const char *const names[] = { "scanner/scanner.sock",
					     "scanner/scanner.ctl",
					     "scanner",
					     "conf",
					     "log",
					     "play",
					     "sekimori-worker-mail" };

	scan_client_free(&site->client);
	if (site->pid != 0) {
		(void)kill(site->pid, SIGTERM);
		assert_int_equal(site_wait_end(site), 0);
	}
	open_pid = 0;
	fd_close(&site->mail_fd);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		remove_in(site->dir, names[i]);
	assert_int_equal(rmdir(site->dir), 0);
}

struct scan_request
request_for(enum scan_priority priority)
{
	return (struct scan_request){
		.input = SCAN_INPUT_MAIL,
		.priority = priority,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.deadline_ms = SCAN_MS,
	};
}

void
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

void
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
struct channel
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
uint16_t
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

bool
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

void
site_wait_log(const struct site *site, const char *words)
{
	const int64_t until_mono_ms = clock_mono_ms() + PATIENCE_MS;

	while (!site_log_has(site, words)) {
		assert_true(clock_left_ms(until_mono_ms) > 0);
		nap(5);
	}
}

size_t
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

/* A program of the tests in the worker's place. */
static void
site_use_worker(struct site *site, const char *program)
{
	char path[SITE_PATH_BYTES];
	char bad[PATH_MAX + 64];

	(void)snprintf(bad, sizeof(bad), "%s/tests/scanners/%s", site->build,
		       program);
	(void)snprintf(path, sizeof(path), "%s/sekimori-worker-mail",
		       site->dir);
	assert_int_equal(symlink(bad, path), 0);
}

void
site_open_worker(struct site *site, const char *program, const char *settings)
{
	site_make(site);
	site_use_worker(site, program);
	(void)snprintf(site->programs, sizeof(site->programs), "%s", site->dir);
	site_run(site, settings);
}

/* A scanner whose worker is bad_worker, playing play. */
void
site_open_bad(struct site *site, const char *play, const char *settings)
{
	char path[SITE_PATH_BYTES];

	site_make(site);
	site_use_worker(site, "bad_worker");
	(void)snprintf(path, sizeof(path), "%s/play", site->dir);
	site_write(path, play);
	(void)snprintf(site->programs, sizeof(site->programs), "%s", site->dir);
	site_run(site, settings);
}

int
stop_left_over(void **state)
{
	(void)state;
	if (open_pid > 0) {
		(void)kill(open_pid, SIGKILL);
		(void)waitpid(open_pid, NULL, 0);
	}
	open_pid = 0;
	return 0;
}
