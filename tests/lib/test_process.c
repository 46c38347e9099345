/* Tests of lib/proc/process.h, in the order of its promises. */
#include "lib/proc/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

/* Run check in a child; the exit status is what it returns. */
static int
in_child(int (*check)(void))
{
	int status = 0;
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(check());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 1000 + WTERMSIG(status);
}

static int
hardened(void)
{
	struct err err = { 0 };
	struct rlimit core = { 1, 1 };
	const int keep = dup(STDERR_FILENO);
	const int lose = dup(STDERR_FILENO);
	const int late = fcntl(STDERR_FILENO, F_DUPFD, 200);
	char byte = 0;

	if (process_harden(keep, &err) != ST_OK)
		return 1;
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
		return 2;
	if (prctl(PR_GET_DUMPABLE) != 0)
		return 3;
	if (fcntl(keep, F_GETFD) < 0)
		return 4;
	if (fcntl(lose, F_GETFD) >= 0 || fcntl(late, F_GETFD) >= 0)
		return 5;
	if (read(STDIN_FILENO, &byte, 1) != 0)
		return 6;
	if (raise(SIGPIPE) != 0)
		return 7;
	return umask(0) == 077 ? 0 : 8;
}

static void
hardening_leaves_only_what_is_kept(void **state)
{
	(void)state;
	assert_int_equal(in_child(hardened), 0);
}

static int
hardened_without_stdio(void)
{
	struct err err = { 0 };

	(void)close(STDIN_FILENO);
	(void)close(STDOUT_FILENO);
	(void)close(STDERR_FILENO);
	if (process_harden(FD_NONE, &err) != ST_OK)
		return 1;
	return fcntl(STDOUT_FILENO, F_GETFD) >= 0 &&
			       fcntl(STDERR_FILENO, F_GETFD) >= 0 &&
			       fcntl(STDIN_FILENO, F_GETFD) >= 0
		       ? 0
		       : 2;
}

static void
standard_descriptors_exist_after_hardening(void **state)
{
	(void)state;
	assert_int_equal(in_child(hardened_without_stdio), 0);
}

static void
accounts_are_found_by_name_and_by_number(void **state)
{
	struct err err = { 0 };
	uid_t uid = 1;
	gid_t gid = 1;

	(void)state;
	check_status(ST_OK, process_find_user("root", &uid, &gid, &err), &err);
	assert_int_equal(uid, 0);
	assert_int_equal(gid, 0);
	check_status(ST_OK, process_find_user("64001", &uid, &gid, &err), &err);
	assert_int_equal(uid, 64001);
	assert_int_equal(gid, 64001);
	check_status(ST_OK, process_find_group("root", &gid, &err), &err);
	assert_int_equal(gid, 0);
	check_status(ST_OK, process_find_group("64002", &gid, &err), &err);
	assert_int_equal(gid, 64002);
}

static void
unknown_accounts_are_named(void **state)
{
	struct err err = { 0 };
	uid_t uid = 77;
	gid_t gid = 78;

	(void)state;
	check_status(ST_NOT_FOUND,
		     process_find_user("no-such-user", &uid, &gid, &err), &err);
	assert_string_equal(err.text, "process: no account \"no-such-user\"");
	check_status(ST_NOT_FOUND,
		     process_find_group("no-such-group", &gid, &err), &err);
	check_status(ST_NOT_FOUND,
		     process_find_user("4294967295", &uid, &gid, &err), &err);
	assert_int_equal(uid, 77);
	assert_int_equal(gid, 78);
}

static int
dropped(void)
{
	struct err err = { 0 };

	if (process_drop_privileges("64001", &err) != ST_OK)
		return 1;
	if (getuid() != 64001 || getgid() != 64001 || getgroups(0, NULL) != 0)
		return 2;
	return setuid(0) != 0 && setgid(0) != 0 ? 0 : 3;
}

static int
dropped_to_root(void)
{
	struct err err = { 0 };

	return process_drop_privileges("root", &err) == ST_DENIED ? 0 : 1;
}

static void
dropping_leaves_no_way_back(void **state)
{
	struct err err = { 0 };

	(void)state;
	if (geteuid() != 0) {
		check_status(ST_OK, process_drop_privileges("64001", &err),
			     &err);
		return;
	}
	assert_int_equal(in_child(dropped), 0);
	assert_int_equal(in_child(dropped_to_root), 0);
}

/* Start a shell with script and fd 3 being one end of a socket pair; what it
 * writes there goes to text. */
static void
run_shell(const char *script, char *text, size_t text_bytes)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	int ends[2] = { FD_NONE, FD_NONE };
	struct process_spawn spawn = { "/bin/sh", argv, NULL, FD_NONE };
	struct err err = { 0 };
	pid_t pid = 0;
	int status = 0;
	size_t len = 0;
	ssize_t n = 0;

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	spawn.channel_fd = ends[1];
	check_status(ST_OK, process_spawn(&spawn, &pid, &err), &err);
	(void)close(ends[1]);
	do {
		n = read(ends[0], text + len, text_bytes - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	text[len] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
child_has_fd_3_and_nothing_more(void **state)
{
	char text[256];
	const int stray = dup(STDERR_FILENO); /* not close-on-exec */

	(void)state;
	/* ls needs one more to read the directory: the first free one. */
	run_shell("cat >&3; exec ls /proc/self/fd >&3", text, sizeof(text));
	(void)close(stray);
	assert_string_equal(text, "0\n1\n2\n3\n4\n");
}

static void
child_gets_a_minimal_environment(void **state)
{
	char text[512];

	(void)state;
	assert_int_equal(setenv("SEKIMORI_TEST_SECRET", "x", 1), 0);
	run_shell("env >&3", text, sizeof(text));
	assert_null(strstr(text, "SEKIMORI_TEST_SECRET"));
	assert_non_null(strstr(text, "PATH="));
}

static void
child_has_no_blocked_signals(void **state)
{
	char text[512];
	sigset_t set;
	sigset_t old;

	(void)state;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, &old);
	run_shell("exec grep SigBlk /proc/self/status >&3", text, sizeof(text));
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	assert_string_equal(text, "SigBlk:\t0000000000000000\n");
}

static void
failing_exec_is_a_failure_of_spawn(void **state)
{
	const char *const argv[] = { "none", NULL };
	const struct process_spawn spawn = { "/nonexistent/none", argv, NULL,
					     FD_NONE };
	struct err err = { 0 };
	pid_t pid = -7;

	(void)state;
	check_status(ST_IO, process_spawn(&spawn, &pid, &err), &err);
	assert_int_equal(err.sys_errno, 2);
	assert_int_equal(pid, -7);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static int
signals_arrive(void)
{
	struct err err = { 0 };
	int fd = FD_NONE;

	if (process_signal_fd(&fd, &err) != ST_OK)
		return 1;
	if (process_signal_next(fd) != 0)
		return 2;
	(void)raise(SIGTERM);
	/* cppcheck-suppress unreachableCode ; the signal is blocked */
	(void)raise(SIGHUP);
	const int first = process_signal_next(fd);
	const int second = process_signal_next(fd);

	if (first + second != SIGTERM + SIGHUP)
		return 3;
	return process_signal_next(fd) == 0 ? 0 : 4;
}

static void
signals_are_read_from_a_descriptor(void **state)
{
	(void)state;
	assert_int_equal(in_child(signals_arrive), 0);
}

/* The middle process starts one that follows it, and ends. The pipe closes
 * when the last one is gone. */
static void
child_ends_with_its_parent(void **state)
{
	int ends[2];
	char byte = 0;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	const pid_t middle = fork();

	assert_true(middle >= 0);
	if (middle == 0) {
		struct err err = { 0 };

		if (fork() == 0) {
			const enum status st = process_die_with_parent(&err);

			(void)!write(ends[1], st == ST_OK ? "+" : "-", 1);
			(void)sleep(20);
			_exit(0);
		}
		_exit(read(ends[0], &byte, 1) == 1 && byte == '+' ? 0 : 1);
	}
	int status = 0;

	(void)close(ends[1]);
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	(void)close(ends[0]);
}

static void
a_lock_has_one_holder_at_a_time(void **state)
{
	char dir[] = "/tmp/sekimori-lock-XXXXXX";
	int first = FD_NONE;
	int second = FD_NONE;
	struct err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	check_status(ST_OK, process_lock(dir, &first, &err), &err);
	check_status(ST_DENIED, process_lock(dir, &second, &err), &err);
	assert_int_equal(second, FD_NONE);
	fd_close(&first);
	check_status(ST_OK, process_lock(dir, &second, &err), &err);
	fd_close(&second);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lock_has_one_holder_at_a_time),
		cmocka_unit_test(hardening_leaves_only_what_is_kept),
		cmocka_unit_test(standard_descriptors_exist_after_hardening),
		cmocka_unit_test(accounts_are_found_by_name_and_by_number),
		cmocka_unit_test(unknown_accounts_are_named),
		cmocka_unit_test(dropping_leaves_no_way_back),
		cmocka_unit_test(child_has_fd_3_and_nothing_more),
		cmocka_unit_test(child_gets_a_minimal_environment),
		cmocka_unit_test(child_has_no_blocked_signals),
		cmocka_unit_test(failing_exec_is_a_failure_of_spawn),
		cmocka_unit_test(signals_are_read_from_a_descriptor),
		cmocka_unit_test(child_ends_with_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
