/* Tests of "sekimori run" and "sekimori reload" with programs that only answer
 * their control sockets. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/cli/cli_harness.h"
#include "tests/harness/check.h"

enum { RUN_WAIT_MS = 20000 };

static const char *const names[] = { "sekimori-vault",   "sekimori-scanner",
				     "sekimori-courier", "sekimori-desk",
				     "sekimori-milter",  "sekimori-portal" };

struct site {
	char dir[32];
	char config[64];
	pid_t pid;
};

static void
site_path(const struct site *site, const char *name, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/%s", site->dir, name);
}

static void
site_put(const struct site *site, const char *name, const char *text)
{
	char path[PATH_MAX];
	struct err err = { 0 };

	site_path(site, name, path);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0644, &err),
		     &err);
}

static int
site_init(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	const char *build = getenv("top_builddir");
	char fake[PATH_MAX];
	char path[PATH_MAX];
	char text[2048];

	assert_non_null(site);
	memcpy(site->dir, "/tmp/sk-run-XXXXXX", 19);
	assert_non_null(mkdtemp(site->dir));
	(void)snprintf(path, sizeof(path), "%s/tests/cli/fake_program",
		       build != NULL ? build : ".");
	assert_non_null(realpath(path, fake));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		site_path(site, names[i], path);
		assert_int_equal(symlink(fake, path), 0);
	}
	(void)snprintf(site->config, sizeof(site->config), "%s/c", site->dir);
	(void)snprintf(text, sizeof(text),
		       "general { local_domains = { a.test } postmaster = "
		       "\"p@a.test\"\n"
		       "run_dir = \"%s/run\" state_dir = \"%s/state\" "
		       "program_dir = \"%s\" }\n"
		       "milter { socket = \"unix:%s/mta/milter\" user = 64002 "
		       "socket_group = 64004 drain = 1s }\n"
		       "vault { user = 64001 }\n"
		       "courier { notice_sender = \"s@a.test\" }\n"
		       "desk { url = \"https://a.test\" }\n"
		       "policy { rule last { action = deliver } }\n",
		       site->dir, site->dir, site->dir, site->dir);
	site_put(site, "c", text);
	*state = site;
	return 0;
}

static int
site_done(void **state)
{
	static const char *const left[] = {
		"c",
		"log",
		"run.out",
		"fail-sekimori-courier",
		"run/vault/vault.ctl",
		"run/vault",
		"run/scanner/scanner.ctl",
		"run/scanner",
		"run/courier/courier.ctl",
		"run/courier",
		"run/desk/desk.ctl",
		"run/desk",
		"run/milter/milter.ctl",
		"run/milter",
		"run/portal/portal.ctl",
		"run/portal",
		"run",
		"state",
		"mta",
	};
	struct site *site = *state;
	char path[PATH_MAX];

	if (site->pid > 0) {
		(void)kill(site->pid, SIGKILL);
		(void)waitpid(site->pid, NULL, 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		site_path(site, left[i], path);
		(void)remove(path);
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		site_path(site, names[i], path);
		(void)remove(path);
	}
	assert_int_equal(rmdir(site->dir), 0);
	free(site);
	return 0;
}

static void
site_start(struct site *site)
{
	char out[PATH_MAX];
	char program[PATH_MAX];
	const char *build = getenv("top_builddir");

	site_path(site, "run.out", out);
	(void)snprintf(program, sizeof(program), "%s/sekimori",
		       build != NULL ? build : ".");
	site->pid = fork();
	assert_true(site->pid >= 0);
	if (site->pid == 0) {
		const int fd = open(out, O_WRONLY | O_CREAT | O_APPEND, 0644);

		(void)dup2(fd, STDOUT_FILENO);
		(void)dup2(fd, STDERR_FILENO);
		(void)execl(program, "sekimori", "--config", site->config,
			    "run", (char *)NULL);
		_exit(98);
	}
}

/* Wait until the file holds want. */
static void
site_wait(const struct site *site, const char *name, const char *want)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + RUN_WAIT_MS;
	AUTO(sbuf_done) struct sbuf text;
	char path[PATH_MAX];

	site_path(site, name, path);
	sbuf_init(&text, 1024 * 1024);
	while (clock_left_ms(deadline_mono_ms) > 0) {
		struct err err = { 0 };

		sbuf_clear(&text);
		if (fd_slurp_file(path, &text, &err) == ST_OK &&
		    strstr(sbuf_text(&text), want) != NULL)
			return;
		(void)poll(NULL, 0, 10);
	}
	fail_msg("%s never held:\n%s\nbut:\n%s", name, want, sbuf_text(&text));
}

static int
site_stop(struct site *site)
{
	int status = 0;

	assert_int_equal(kill(site->pid, SIGTERM), 0);
	assert_int_equal(waitpid(site->pid, &status, 0), site->pid);
	site->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static void
programs_start_in_order_and_stop_the_other_way(void **state)
{
	struct site *site = *state;

	site_start(site);
	site_wait(site, "run.out",
		  "sekimori-vault: ready\nsekimori-scanner: ready\n"
		  "sekimori-courier: ready\nsekimori-desk: ready\n"
		  "sekimori-milter: ready\n"
		  "sekimori: all programs are ready\n");
	assert_int_equal(site_stop(site), 0);
	site_wait(site, "log",
		  "start sekimori-vault\nstart sekimori-scanner\n"
		  "start sekimori-courier\nstart sekimori-desk\n"
		  "start sekimori-milter\n"
		  "stop sekimori-milter\nstop sekimori-desk\n"
		  "stop sekimori-courier\nstop sekimori-scanner\n"
		  "stop sekimori-vault\n");
}

static void
the_portal_is_started_where_it_is_to_listen(void **state)
{
	struct site *site = *state;
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	sbuf_init(&text, 4096);
	check_status(ST_OK, fd_slurp_file(site->config, &text, &err), &err);
	sbuf_add_text(&text, "portal {\n listen = \"127.0.0.1:8444\"\n"
			     " trusted_proxy = \"127.0.0.1\"\n"
			     " url = \"https://files.test\"\n}\n");
	check_status(
		ST_OK,
		fd_replace_file(site->config, sbuf_span(&text), 0644, &err),
		&err);
	site_start(site);
	site_wait(site, "run.out",
		  "sekimori-milter: ready\nsekimori-portal: ready\n"
		  "sekimori: all programs are ready\n");
	assert_int_equal(site_stop(site), 0);
	site_wait(site, "log", "stop sekimori-portal\nstop sekimori-milter\n");
}

static void
what_ends_is_started_again(void **state)
{
	struct site *site = *state;
	char path[PATH_MAX];

	site_put(site, "fail-sekimori-courier", "");
	site_start(site);
	site_wait(site, "run.out",
		  "sekimori-courier: ended with status 7; it is started again "
		  "in 1 s\n");
	/* The others do not wait for it. */
	site_wait(site, "run.out", "sekimori-milter: ready\n");
	site_path(site, "fail-sekimori-courier", path);
	assert_int_equal(unlink(path), 0);
	site_wait(site, "run.out", "sekimori-courier: ready\n");
	site_wait(site, "run.out", "sekimori: all programs are ready\n");
	assert_int_equal(site_stop(site), 0);
}

static void
reload_asks_every_program_and_shows_each_answer(void **state)
{
	struct site *site = *state;
	char words[128];

	site_start(site);
	site_wait(site, "run.out", "sekimori: all programs are ready\n");
	(void)snprintf(words, sizeof(words), "--config %s reload",
		       site->config);
	cli_check(words, 78,
		  "sekimori-vault: reloaded\nsekimori-scanner: reloaded\n"
		  "sekimori-courier: reloaded\n"
		  "sekimori-desk: kept the old configuration: x.conf:1: no\n"
		  "sekimori-milter: reloaded\n",
		  NULL);
	/* Or those that are named. */
	(void)snprintf(words, sizeof(words),
		       "--config %s reload milter sekimori-vault",
		       site->config);
	cli_check(words, 0,
		  "sekimori-milter: reloaded\nsekimori-vault: reloaded\n",
		  NULL);
	/* So does SIGHUP. */
	assert_int_equal(kill(site->pid, SIGHUP), 0);
	site_wait(site, "run.out", "sekimori-desk: x.conf:1: no\n");
	assert_int_equal(site_stop(site), 0);
}

static void
a_second_run_is_refused(void **state)
{
	struct site *site = *state;
	char words[128];

	site_start(site);
	site_wait(site, "run.out", "sekimori-vault: ready\n");
	(void)snprintf(words, sizeof(words), "--config %s run", site->config);
	cli_check(words, 77, NULL, "sekimori-vault runs already");
	assert_int_equal(site_stop(site), 0);
}

static void
a_program_that_is_not_there_is_an_error(void **state)
{
	struct site *site = *state;
	char path[PATH_MAX];
	char words[128];

	site_path(site, "sekimori-scanner", path);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(words, sizeof(words), "--config %s run", site->config);
	cli_check(words, 74, "sekimori-vault: stopped\n", "sekimori-scanner");
}

static void
directories_are_made_with_their_modes(void **state)
{
	static const struct {
		const char *name;
		unsigned mode;
		uid_t uid;
	} wants[] = { { "run", 0755, 0 },
		      { "state", 0700, 64001 },
		      { "mta", 0750, 64002 } };
	struct site *site = *state;

	site_start(site);
	site_wait(site, "run.out", "sekimori-vault: ready\n");
	for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
		char path[PATH_MAX];
		struct stat info;

		site_path(site, wants[i].name, path);
		assert_int_equal(stat(path, &info), 0);
		assert_int_equal(info.st_mode & 0777, wants[i].mode);
		if (geteuid() == 0)
			assert_int_equal(info.st_uid, wants[i].uid);
	}
	assert_int_equal(site_stop(site), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			programs_start_in_order_and_stop_the_other_way,
			site_init, site_done),
		cmocka_unit_test_setup_teardown(
			the_portal_is_started_where_it_is_to_listen, site_init,
			site_done),
		cmocka_unit_test_setup_teardown(what_ends_is_started_again,
						site_init, site_done),
		cmocka_unit_test_setup_teardown(
			reload_asks_every_program_and_shows_each_answer,
			site_init, site_done),
		cmocka_unit_test_setup_teardown(a_second_run_is_refused,
						site_init, site_done),
		cmocka_unit_test_setup_teardown(
			a_program_that_is_not_there_is_an_error, site_init,
			site_done),
		cmocka_unit_test_setup_teardown(
			directories_are_made_with_their_modes, site_init,
			site_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
