/* Tests of lib/proc/turns.h. */
#include "lib/proc/turns.h"

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness/check.h"

enum { ATTR_BYTES = 48, NS_PER_MS = 1000 * 1000 };

/* How long a turn of pid is; 0 where this kernel does not say. */
static uint64_t
turn_ns(pid_t pid)
{
	uint64_t attr[ATTR_BYTES / 8] = { 0 };

	assert_int_equal(syscall(SYS_sched_getattr, pid, attr, sizeof(attr), 0),
			 0);
	return attr[3];
}

static pid_t
start_child(void)
{
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)pause();
		_exit(0);
	}
	return pid;
}

static void
end_child(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static void
long_turns_come_with_less_weight(void **state)
{
	const pid_t pid = start_child();
	struct err err;

	(void)state;
	check_status(ST_OK, turns_make_long(pid, 15, &err), &err);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)pid), 15);
	/* Not back up again. */
	check_status(ST_OK, turns_make_long(pid, 3, &err), &err);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)pid), 15);
	if (turn_ns(pid) != 0)
		assert_true(turn_ns(pid) > (uint64_t)10 * NS_PER_MS);
	end_child(pid);
	check_status(ST_IO, turns_make_long(pid, 15, &err), &err);
}

static void
short_turns_leave_the_weight_and_are_inherited(void **state)
{
	const int before = getpriority(PRIO_PROCESS, 0);

	(void)state;
	turns_be_short();
	assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
	const pid_t pid = start_child();

	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)pid), before);
	assert_true(turn_ns(pid) < NS_PER_MS);
	end_child(pid);
}

static void
cpu_time_of_another_process_is_known(void **state)
{
	const pid_t idle = start_child();
	const pid_t busy = fork();

	(void)state;
	if (busy == 0)
		for (;;)
			(void)getppid();
	while (turns_cpu_ms(busy) < 30)
		(void)usleep(1000);
	assert_true(turns_cpu_ms(idle) < 30);
	end_child(busy);
	end_child(idle);
	assert_int_equal(turns_cpu_ms(busy), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_turns_come_with_less_weight),
		cmocka_unit_test(
			short_turns_leave_the_weight_and_are_inherited),
		cmocka_unit_test(cpu_time_of_another_process_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
