/* Tests of lib/proc/program.h. */
#include <getopt.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/proc/process.h"
#include "lib/proc/program.h"
#include "tests/harness/check.h"

static int
options_of(const char *first, const char *second, const char **path)
{
	const char *argv[] = { "sekimori-x", first, second, NULL };
	const int argc = first == NULL ? 1 : second == NULL ? 2 : 3;

	optind = 0; /* from the start again */
	opterr = 0;
	return program_options("sekimori-x", argc, (char **)(uintptr_t)argv,
			       path);
}

static void
only_config_help_and_version_are_taken(void **state)
{
	const char *path = "preset";

	(void)state;
	assert_int_equal(options_of(NULL, NULL, &path), PROGRAM_GOES_ON);
	assert_string_equal(path, "preset");
	assert_int_equal(options_of("--config", "x.conf", &path),
			 PROGRAM_GOES_ON);
	assert_string_equal(path, "x.conf");
	assert_int_equal(options_of("--help", NULL, &path), EX_OK);
	assert_int_equal(options_of("--version", NULL, &path), EX_OK);
	assert_int_equal(options_of("--bogus", NULL, &path), EX_USAGE);
	assert_int_equal(options_of("--config", NULL, &path), EX_USAGE);
	assert_int_equal(options_of("more", NULL, &path), EX_USAGE);
}

static enum status
count_reload(void *context, struct err *err)
{
	(*(int *)context)++;
	return err_set(err, ST_FORMAT, "a bad file");
}

static void
a_refused_reload_is_no_reason_to_end(void **state)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { .st = ST_OK };
	int reloads = 0;

	(void)state;
	check_status(ST_OK, process_signal_fd(&fd, &err), &err);
	assert_false(program_take_signals(fd, count_reload, &reloads));
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	assert_false(program_take_signals(fd, count_reload, &reloads));
	assert_int_equal(reloads, 1);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_true(program_take_signals(fd, count_reload, &reloads));
	assert_int_equal(kill(getpid(), SIGINT), 0);
	assert_true(program_take_signals(fd, count_reload, &reloads));
	assert_int_equal(reloads, 1);
}

static void
a_wrong_file_and_a_wrong_system_end_differently(void **state)
{
	struct err err = { .st = ST_OK };

	(void)state;
	log_open("test", LOG_TARGET_STDERR, false);
	assert_int_equal(program_exit_status(ST_OK, &err), EX_OK);
	assert_int_equal(program_exit_status(ST_FORMAT, &err), EX_CONFIG);
	assert_int_equal(program_exit_status(ST_NOT_FOUND, &err), EX_CONFIG);
	assert_int_equal(program_exit_status(ST_IO, &err), EX_OSERR);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_config_help_and_version_are_taken),
		cmocka_unit_test(a_refused_reload_is_no_reason_to_end),
		cmocka_unit_test(
			a_wrong_file_and_a_wrong_system_end_differently),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
