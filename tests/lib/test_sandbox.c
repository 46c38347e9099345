/* Tests of lib/proc/sandbox.h: every system call is tried from inside. */
#include "lib/proc/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness/check.h"
#include "tests/lib/sandbox_calls.h"

enum {
	CHILD_NOT_LOCKED = 97,
	CHILD_PATIENCE_S = 60 /* a busy machine gives little */
};

/* ThreadSanitizer has a thread of its own in every process; a child whose own
 * thread ends by SYS_exit would live for ever. */
#if defined(__SANITIZE_THREAD__)
#	define THREADS_ARE_WATCHED true
#elif defined(__has_feature)
#	define THREADS_ARE_WATCHED __has_feature(thread_sanitizer)
#else
#	define THREADS_ARE_WATCHED false
#endif

static const struct sandbox usual = { .memory_bytes = 64 << 20,
				      .cpu_s = 10,
				      .readable = NULL };

/* Fork, enter the sandbox, run act; the wait status. */
static int
status_inside(const struct sandbox *sandbox, int (*act)(long number),
	      long number)
{
	int status = 0;
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		static const int faults[] = { SIGSEGV, SIGILL, SIGBUS, SIGFPE };
		struct err err;

		/* cmocka's handlers would go on with the next test. */
		for (size_t i = 0; i < ARRAY_LEN(faults); i++)
			(void)signal(faults[i], SIG_DFL);
		(void)alarm(CHILD_PATIENCE_S);
		if (sandbox_enter(sandbox, &err) != ST_OK)
			_exit(CHILD_NOT_LOCKED);
		_exit(act(number));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		assert_int_not_equal(WEXITSTATUS(status), CHILD_NOT_LOCKED);
	return status;
}

static bool
is_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

/* -1 everywhere: whatever is let in fails by itself and does nothing. */
static int
act_call(long number)
{
	return syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) < 0 ? errno : 0;
}

static void
check_call(const struct sandbox *sandbox, long number)
{
	const bool files = sandbox->readable != NULL;
	const int status = status_inside(sandbox, act_call, number);

	if (sandbox_lets_in(files, number)) {
		if (is_killed(status))
			fail_msg("call %ld kills", number);
	} else if (sandbox_refuses(files, number)) {
		if (!WIFEXITED(status) || (WEXITSTATUS(status) != EACCES &&
					   WEXITSTATUS(status) != EPERM))
			fail_msg("call %ld is not refused", number);
	} else if (!is_killed(status)) {
		fail_msg("call %ld is let in: status %x", number,
			 (unsigned)status);
	}
}

static void
check_every_call(const struct sandbox *sandbox)
{
	for (long number = 0; number <= SANDBOX_LAST_CALL; number++)
		if (!THREADS_ARE_WATCHED || number != SYS_exit)
			check_call(sandbox, number);
}

static void
every_call_outside_the_list_kills(void **state)
{
	(void)state;
	check_every_call(&usual);
}

/* As the reader of PDF has them. */
static void
files_that_are_readable_add_no_other_call(void **state)
{
	static const char *const readable[] = { "/usr/share", NULL };
	struct sandbox sandbox = usual;

	(void)state;
	sandbox.readable = readable;
#ifndef SEKIMORI_SANITIZED
	check_every_call(&sandbox);
#endif
}

static void
calls_of_the_x32_abi_kill(void **state)
{
	(void)state;
	for (long number = 0; number <= SANDBOX_LAST_CALL + 40; number++)
		if (!is_killed(status_inside(&usual, act_call,
					     SANDBOX_X32_BIT + number)))
			fail_msg("call %ld of x32 is let in", number);
}

#ifdef __x86_64__
/* The old way in, where the numbers mean other calls. */
static int
act_call_i386(long number)
{
	long result = number;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(-1L), "c"(-1L), "d"(-1L), "S"(-1L), "D"(-1L)
			 : "memory", "cc");
	return result < 0 ? (int)-result : 0;
}

static void
calls_of_the_i386_abi_kill(void **state)
{
	(void)state;
	for (long number = 0; number <= SANDBOX_LAST_CALL; number++) {
		const int status = status_inside(&usual, act_call_i386, number);

		/* A kernel without this ABI answers with a fault. */
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV)
			continue;
		if (!is_killed(status))
			fail_msg("call %ld of i386 is let in", number);
	}
}
#endif

static int
act_harmless(long which)
{
	struct rlimit limit;
	struct stat info;
	void *room = NULL;

	switch (which) {
	case 0:
		return fcntl(0, F_GETFL) < 0;
	case 1:
		return fstat(0, &info) != 0;
	case 2:
		room = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		return room == MAP_FAILED || mprotect(room, 4096, PROT_READ);
	case 3:
		return getrlimit(RLIMIT_CPU, &limit) != 0 ||
		       limit.rlim_cur != 10;
	case 4:
		return getrlimit(RLIMIT_CORE, &limit) != 0 ||
		       limit.rlim_max != 0;
	default:
		return getrlimit(RLIMIT_NPROC, &limit) != 0 ||
		       limit.rlim_max != 0;
	}
}

static void
computing_is_left(void **state)
{
	(void)state;
	for (long which = 0; which <= 5; which++) {
		const int status = status_inside(&usual, act_harmless, which);

		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("%ld: status %x", which, (unsigned)status);
	}
}

/* What an intruder would try, by the C library as it would. */
static int
act_hostile(long which)
{
	static char *const argv[] = { (char *)(uintptr_t) "/bin/true", NULL };
	const struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };
	void *room = MAP_FAILED;

	switch (which) {
	case 0:
		(void)!execve(argv[0], argv, NULL);
		break;
	case 1:
		(void)!ptrace(PTRACE_ATTACH, getppid(), 0, 0);
		break;
	case 2:
		(void)kill(1, SIGTERM);
		break;
	case 3:
		return fork() < 0 ? errno : 0;
	case 4:
		(void)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		break;
	case 5:
		room = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
		(void)mprotect(room, 4096, PROT_READ | PROT_EXEC);
		break;
	case 6:
		(void)setrlimit(RLIMIT_AS, &more);
		break;
	case 7:
		(void)fcntl(0, F_SETOWN, 1);
		break;
	default:
		(void)fcntl(0, F_DUPFD, 0);
		break;
	}
	return 0;
}

static void
exec_ptrace_kill_fork_and_new_code_kill(void **state)
{
	(void)state;
	for (long which = 0; which <= 8; which++) {
		const int status = status_inside(&usual, act_hostile, which);

#ifdef SEKIMORI_SANITIZED
		if (which == 3) /* fork() is refused, not fatal */
			continue;
#endif
		if (!is_killed(status))
			fail_msg("%ld: status %x", which, (unsigned)status);
	}
}

static int
act_open(long unused)
{
	(void)unused;
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int
act_stat(long unused)
{
	struct stat info;

	(void)unused;
	return stat("/etc/passwd", &info) != 0 ? errno : 0;
}

static int
act_socket(long unused)
{
	(void)unused;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static void
no_file_opens_and_no_socket(void **state)
{
	(void)state;
	const int opened = status_inside(&usual, act_open, 0);
	const int seen = status_inside(&usual, act_stat, 0);
	const int net = status_inside(&usual, act_socket, 0);

	assert_true(WIFEXITED(opened) && WEXITSTATUS(opened) == EACCES);
	assert_true(WIFEXITED(seen) && WEXITSTATUS(seen) == EACCES);
#ifdef SEKIMORI_SANITIZED
	assert_true(WIFEXITED(net) && WEXITSTATUS(net) == EPERM);
#else
	assert_true(is_killed(net));
#endif
}

/* A directory with one file that says "x". */
struct shelf {
	char dir[32];
	char path[48];
};

static void
shelf_open(struct shelf *shelf)
{
	int fd = -1;

	memcpy(shelf->dir, "/tmp/sk-sandbox-XXXXXX", 23);
	assert_non_null(mkdtemp(shelf->dir));
	(void)snprintf(shelf->path, sizeof(shelf->path), "%s/f", shelf->dir);
	fd = open(shelf->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	(void)close(fd);
}

static void
shelf_close(struct shelf *shelf)
{
	assert_int_equal(unlink(shelf->path), 0);
	assert_int_equal(rmdir(shelf->dir), 0);
}

/* For act_shelf(), which runs in a child of its own. */
static const char *shelf_path;

static int
act_shelf(long flags)
{
	return open(shelf_path, (int)flags | O_CLOEXEC) < 0 ? errno : 0;
}

static void
named_paths_are_readable_and_nothing_else_is(void **state)
{
	struct shelf shelf;
	struct sandbox sandbox = usual;
	const char *readable[] = { shelf.dir, "/nonexistent", NULL };

	(void)state;
	shelf_open(&shelf);
	shelf_path = shelf.path;
	sandbox.readable = readable;
	const int inside = status_inside(&sandbox, act_shelf, O_RDONLY);
	const int written = status_inside(&sandbox, act_shelf, O_WRONLY);
	const int outside = status_inside(&sandbox, act_open, 0);

	shelf_close(&shelf);
	assert_true(WIFEXITED(inside) && WEXITSTATUS(inside) == 0);
	assert_true(WIFEXITED(written) && WEXITSTATUS(written) == EACCES);
	assert_true(WIFEXITED(outside) && WEXITSTATUS(outside) == EACCES);
}

#ifndef SEKIMORI_SANITIZED
static int
act_allocate(long mega)
{
	volatile char *room = malloc((size_t)mega << 20);

	if (room == NULL)
		return 1;
	room[0] = 1;
	return 0;
}

static void
memory_ends_at_the_limit(void **state)
{
	(void)state;
	const int below = status_inside(&usual, act_allocate, 48);
	const int above = status_inside(&usual, act_allocate, 80);

	assert_true(WIFEXITED(below) && WEXITSTATUS(below) == 0);
	assert_true(WIFEXITED(above) && WEXITSTATUS(above) == 1);
}

static int
act_write_file(long fd)
{
	return write((int)fd, "x", 1) == 1 ? 0 : errno;
}

static void
files_that_are_open_do_not_grow(void **state)
{
	struct shelf shelf;

	(void)state;
	shelf_open(&shelf);
	const int fd = open(shelf.path, O_WRONLY | O_APPEND | O_CLOEXEC);
	const int status = status_inside(&usual, act_write_file, fd);

	(void)close(fd);
	shelf_close(&shelf);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
}
#endif

static int
act_spin(long unused)
{
	volatile long turns = unused;

	while (turns >= 0)
		turns++;
	return 0;
}

static void
cpu_time_ends_at_the_limit(void **state)
{
	struct sandbox sandbox = usual;

	(void)state;
	sandbox.cpu_s = 1;
	const int status = status_inside(&sandbox, act_spin, 0);

	assert_true(WIFSIGNALED(status));
	assert_true(WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_outside_the_list_kills),
		cmocka_unit_test(files_that_are_readable_add_no_other_call),
		cmocka_unit_test(calls_of_the_x32_abi_kill),
#ifdef __x86_64__
		cmocka_unit_test(calls_of_the_i386_abi_kill),
#endif
		cmocka_unit_test(computing_is_left),
		cmocka_unit_test(exec_ptrace_kill_fork_and_new_code_kill),
		cmocka_unit_test(no_file_opens_and_no_socket),
		cmocka_unit_test(named_paths_are_readable_and_nothing_else_is),
#ifndef SEKIMORI_SANITIZED
		cmocka_unit_test(memory_ends_at_the_limit),
		cmocka_unit_test(files_that_are_open_do_not_grow),
#endif
		cmocka_unit_test(cpu_time_ends_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
