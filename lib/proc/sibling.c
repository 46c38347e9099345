#include "lib/proc/sibling.h"

#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/proc/process.h"

enum status
sibling_make(pid_t *pid_out, struct err *err)
{
	/* fork() has no such flag. */
	const long pid =
		syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, 0);

	if (pid < 0)
		return err_set_errno(err, "process: cannot copy itself");
	*pid_out = (pid_t)pid;
	return ST_OK;
}

enum status
sibling_follow(pid_t parent, struct err *err)
{
	const enum status st = process_die_with_parent(err);

	/* It may have ended before the kernel knew. */
	return st == ST_OK && getppid() != parent ? ST_END : st;
}

enum status
sibling_threads(size_t *count_out, struct err *err)
{
	enum { OWN_LINKS = 2 }; /* of a directory without others in it */
	struct stat tasks;

	if (stat("/proc/self/task", &tasks) != 0)
		return err_set_errno(err, "/proc/self/task: not there");
	*count_out = (size_t)tasks.st_nlink - OWN_LINKS;
	return ST_OK;
}
