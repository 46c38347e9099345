/* Tests of the program sekimori-desk: what it refuses to start with, and
 * that it starts, answers and ends. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/proc/process.h"
#include "lib/wire/control.h"
#include "tests/harness/check.h"

enum { PATH_BYTES = 400, WAIT_MS = 10000 };

struct place {
	char directory[64];
	char conf[PATH_BYTES];
	char control[PATH_BYTES];
	char program[PATH_BYTES];
};

static const char *
variable(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	return value != NULL ? value : fallback;
}

/* data_dir with links to what an installation has there. */
static void
link_data(const struct place *place, const char *name, const char *top,
	  const char *target)
{
	char *whole = realpath(top, NULL);
	AUTO(sbuf_done) struct sbuf from;
	AUTO(sbuf_done) struct sbuf to;

	assert_non_null(whole);
	sbuf_init(&from, PATH_BYTES);
	sbuf_init(&to, PATH_BYTES);
	sbuf_addf(&from, "%s/%s", place->directory, name);
	sbuf_addf(&to, "%s/%s", whole, target);
	assert_int_equal(symlink(sbuf_text(&to), sbuf_text(&from)), 0);
	free(whole);
}

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	(void)snprintf(place->directory, sizeof(place->directory),
		       "/tmp/desk_program_XXXXXX");
	assert_non_null(mkdtemp(place->directory));
	assert_int_equal(chmod(place->directory, 0755), 0);
	(void)snprintf(place->conf, PATH_BYTES, "%s/conf", place->directory);
	(void)snprintf(place->control, PATH_BYTES, "%s/desk/desk.ctl",
		       place->directory);
	(void)snprintf(place->program, PATH_BYTES, "%s/sekimori-desk",
		       variable("top_builddir", "."));
	link_data(place, "templates", variable("top_srcdir", "."),
		  "quarantine-ui/templates");
	link_data(place, "static", variable("top_srcdir", "."),
		  "quarantine-ui/static");
	link_data(place, "po", variable("top_builddir", "."), "po");
	*state = place;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "conf",   "desk/desk.ctl",
					     "desk",   "templates",
					     "static", "po" };
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[PATH_BYTES];

		(void)snprintf(path, sizeof(path), "%s/%s", place->directory,
			       names[i]);
		(void)remove(path);
	}
	(void)rmdir(place->directory);
	free(place);
	return 0;
}

static void
configure(const struct place *place, const char *desk)
{
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { .st = ST_OK };

	sbuf_init(&text, 4000);
	sbuf_addf(&text,
		  "general {\n local_domains = {\"example.co.jp\"}\n"
		  " postmaster = \"postmaster@example.co.jp\"\n"
		  " log = stderr\n run_dir = \"%s\"\n data_dir = \"%s\"\n}\n"
		  "courier { notice_sender = \"s@example.co.jp\" }\n"
		  "desk {\n url = \"http://127.0.0.1\"\n user = \"nobody\"\n"
		  "%s}\n"
		  "policy { rule \"rest\" { action = deliver } }\n",
		  place->directory, place->directory, desk);
	check_status(ST_OK,
		     fd_replace_file(place->conf, sbuf_span(&text), 0644, &err),
		     &err);
}

static pid_t
start(const struct place *place)
{
	const char *const argv[] = { "sekimori-desk", "--config", place->conf,
				     NULL };
	char *whole = realpath(place->program, NULL);
	const struct process_spawn spawn = { .path = whole,
					     .argv = argv,
					     .channel_fd = FD_NONE };
	struct err err = { .st = ST_OK };
	pid_t pid = 0;

	check_status(ST_OK, process_spawn(&spawn, &pid, &err), &err);
	free(whole);
	return pid;
}

/* The exit status; 1000 and more: it went on, or a signal ended it. */
static int
end(pid_t pid)
{
	const int64_t deadline = clock_mono_ms() + WAIT_MS;
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_mono_ms() > deadline) {
			(void)kill(pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			return 1000;
		}
		(void)usleep(5000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

static void
without_tls_it_listens_on_this_host_only(void **state)
{
	const struct place *place = *state;

	configure(place, " listen = \"0.0.0.0:0\"\n");
	assert_int_equal(end(start(place)), EX_CONFIG);
}

static void
a_certificate_needs_its_key(void **state)
{
	const struct place *place = *state;

	configure(place, " listen = \"127.0.0.1:0\"\n"
			 " certificate = \"/nonexistent/c.pem\"\n");
	assert_int_equal(end(start(place)), EX_CONFIG);
	configure(place, " listen = \"127.0.0.1:0\"\n"
			 " certificate = \"/nonexistent/c.pem\"\n"
			 " certificate_key = \"/nonexistent/k.pem\"\n");
	assert_int_equal(end(start(place)), EX_CONFIG);
}

static void
a_missing_template_stops_the_start(void **state)
{
	const struct place *place = *state;
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/templates", place->directory);
	assert_int_equal(unlink(path), 0);
	configure(place, " listen = \"127.0.0.1:0\"\n");
	assert_int_equal(end(start(place)), EX_CONFIG);
}

static void
it_starts_answers_reloads_and_ends(void **state)
{
	const struct place *place = *state;
	const int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct err err = { .st = ST_OK };
	pid_t pid = 0;

	configure(place, " listen = \"127.0.0.1:0\"\n");
	pid = start(place);
	while (control_ask(place->control, CONTROL_PING, &err) != ST_OK) {
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(5000);
	}
	check_status(ST_OK, control_ask(place->control, CONTROL_RELOAD, &err),
		     &err);
	configure(place, " listen = \"127.0.0.1:0\"\n nonsense = 1\n");
	check_status(ST_DENIED,
		     control_ask(place->control, CONTROL_RELOAD, &err), &err);
	assert_non_null(strstr(err.text, "nonsense"));
	check_status(ST_OK, control_ask(place->control, CONTROL_PING, &err),
		     &err);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(end(pid), 0);
}

#define PROGRAM_TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROGRAM_TEST(without_tls_it_listens_on_this_host_only),
		PROGRAM_TEST(a_certificate_needs_its_key),
		PROGRAM_TEST(a_missing_template_stops_the_start),
		PROGRAM_TEST(it_starts_answers_reloads_and_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
