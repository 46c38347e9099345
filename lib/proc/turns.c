#include "lib/proc/turns.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TURNS_US = 1000, TURNS_SHORT_US = 250, TURNS_LONG_US = 100 * 1000 };

/* struct sched_attr as Linux 3.14 had it; its header clashes with <sched.h>. */
struct turns_attr {
	uint32_t size;
	uint32_t policy; /* 0: SCHED_OTHER */
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns; /* of a turn, where the policy is SCHED_OTHER */
	uint64_t deadline_ns;
	uint64_t period_ns;
};

static long
turns_set(pid_t pid, int nice, uint64_t turn_us)
{
	const struct turns_attr attr = {
		.size = sizeof(attr),
		.nice = nice,
		.runtime_ns = turn_us * TURNS_US,
	};

	return syscall(SYS_sched_setattr, pid, &attr, 0);
}

void
turns_be_short(void)
{
	(void)turns_set(0, getpriority(PRIO_PROCESS, 0), TURNS_SHORT_US);
}

enum status
turns_make_long(pid_t pid, int nice, struct err *err)
{
	const int before = getpriority(PRIO_PROCESS, (id_t)pid);

	/* Somebody outside may have given all of us less. */
	if (turns_set(pid, before > nice ? before : nice, TURNS_LONG_US) != 0)
		return err_set_errno(err, "process: cannot make way");
	return ST_OK;
}

int64_t
turns_cpu_ms(pid_t pid)
{
	enum { MS_PER_S = 1000, NS_PER_MS = 1000 * 1000 };
	struct timespec used = { 0, 0 };
	clockid_t clock = 0;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * MS_PER_S + used.tv_nsec / NS_PER_MS;
}
