/*
 * sandbox_calls.h - every system call that a worker may make, and why.
 *
 * Our own copy of the lists in lib/proc/sandbox_seccomp.c, on purpose: a call
 * that slips in there must be justified here as well.
 */
#ifndef TESTS_LIB_SANDBOX_CALLS_H
#define TESTS_LIB_SANDBOX_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>

enum {
	/* Beyond every number that a kernel of today knows. */
	SANDBOX_LAST_CALL = 520,
	SANDBOX_X32_BIT = 0x40000000,
	/* x86_64 kernels of 2024 and later pass these two by every filter;
	 * they work only from a trampoline that the kernel made. */
	SANDBOX_URETPROBE = 335,
	SANDBOX_UPROBE = 336
};

struct sandbox_call {
	long number;
	const char *why;
};

/* Of every worker. */
static const struct sandbox_call sandbox_allowed[] = {
	{ SYS_brk, "malloc" },
	{ SYS_clock_gettime, "budgets, where there is no vDSO" },
	{ SYS_close, "descriptors that came with a mail" },
	{ SYS_exit, "the end of a thread, which is the process" },
	{ SYS_exit_group, "the end of the process" },
	{ SYS_fstat, "size of a descriptor it has" },
	{ SYS_futex, "locks inside libraries" },
	{ SYS_getpid, "worker_ready; malloc of some libraries" },
	{ SYS_getrandom, "keys of tables, stack guards" },
	{ SYS_getrusage, "its own CPU time" },
	{ SYS_gettid, "libraries that name themselves" },
	{ SYS_gettimeofday, "dates, where there is no vDSO" },
	{ SYS_lseek, "stdio on a descriptor it has" },
	{ SYS_madvise, "malloc gives pages back" },
	{ SYS_mremap, "realloc of large blocks" },
	{ SYS_munmap, "free of large blocks" },
	{ SYS_poll, "waits at its channel" },
	{ SYS_ppoll, "the same, by newer C libraries" },
	{ SYS_pread64, "reads a descriptor it has" },
	{ SYS_read, "its channel" },
	{ SYS_recvmsg, "its channel, with the mail's descriptor" },
	{ SYS_rseq, "the C library's start of a thread" },
	{ SYS_restart_syscall, "the kernel's own, behind poll" },
	{ SYS_rt_sigprocmask, "holds the alarm off while sending" },
	{ SYS_rt_sigreturn, "behind the alarm's handler" },
	{ SYS_sched_getaffinity, "libraries that count processors" },
	{ SYS_sched_yield, "locks inside libraries" },
	{ SYS_sendmsg, "its channel" },
	{ SYS_set_robust_list, "the C library's start of a thread" },
	{ SYS_setitimer, "its own alarms" },
	{ SYS_sysinfo, "qsort asks how much memory there is" },
	{ SYS_write, "its channel; /dev/null" },
	{ SYS_writev, "stdio, to /dev/null" },
#ifdef SEKIMORI_SANITIZED
	{ SYS_rt_sigaction, "the sanitizer's report" },
	{ SYS_sigaltstack, "the sanitizer's report" },
	{ SYS_tgkill, "the sanitizer's report" },
#endif
};

/* Fail with EACCES or EPERM: libraries try them and go on. */
static const struct sandbox_call sandbox_refused[] = {
	{ SYS_access, "" },
	{ SYS_faccessat, "" },
	{ SYS_faccessat2, "" },
	{ SYS_lstat, "" },
	{ SYS_open, "" },
	{ SYS_openat, "" },
	{ SYS_readlink, "" },
	{ SYS_readlinkat, "" },
	{ SYS_stat, "" },
	{ SYS_newfstatat, "but with AT_EMPTY_PATH, which is fstat()" },
#ifdef SEKIMORI_SANITIZED
	{ SYS_clone, "" },
	{ SYS_ioctl, "" },
	{ SYS_pipe, "" },
	{ SYS_pipe2, "" },
	{ SYS_prctl, "" },
	{ SYS_socket, "" },
#endif
};

/* Of a worker with readable paths, in place of sandbox_refused. */
static const struct sandbox_call sandbox_files[] = {
	{ SYS_access, "GLib asks for fonts" },
	{ SYS_getdents64, "poppler lists its maps, fontconfig the fonts" },
	{ SYS_newfstatat, "sizes of maps and fonts" },
	{ SYS_openat, "maps and fonts; Landlock says which" },
	{ SYS_statfs, "fontconfig asks what its cache lies on" },
};

/* And what that worker is refused without harm. */
static const struct sandbox_call sandbox_files_refused[] = {
	{ SYS_fadvise64, "fontconfig, of its cache" },
	{ SYS_faccessat, "" },
	{ SYS_faccessat2, "" },
	{ SYS_fstatfs, "fontconfig, of its cache" },
	{ SYS_lstat, "" },
	{ SYS_readlink, "fontconfig, of the files of fonts" },
	{ SYS_readlinkat, "" },
	{ SYS_stat, "" },
};

/* What a template makes copies with, beside what its workers may call; those
 * that are let in with some arguments only are not among them. */
static const struct sandbox_call sandbox_copying[] = {
	{ SYS_close_range, "a copy keeps nothing of the template's" },
	{ SYS_dup3, "the copy's channel, to its place" },
	{ SYS_getppid, "is the supervisor still there?" },
	{ SYS_landlock_create_ruleset, "the copy is a stranger to others" },
	{ SYS_landlock_restrict_self, "the same" },
	{ SYS_seccomp, "the copy takes all of these back" },
	{ SYS_setsid, "the copy's share of the processors is its own" },
};

static inline bool
sandbox_call_is_among(const struct sandbox_call *calls, size_t count,
		      long number)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i].number == number)
			return true;
	return false;
}

/* May a worker make the call, whatever its arguments? */
static inline bool
sandbox_lets_in(bool has_files, long number)
{
	return sandbox_call_is_among(sandbox_allowed,
				     sizeof(sandbox_allowed) /
					     sizeof(sandbox_allowed[0]),
				     number) ||
	       (has_files &&
		sandbox_call_is_among(sandbox_files,
				      sizeof(sandbox_files) /
					      sizeof(sandbox_files[0]),
				      number)) ||
	       number == SANDBOX_URETPROBE || number == SANDBOX_UPROBE;
}

/* May a template make it as well? */
static inline bool
sandbox_lets_template_in(long number)
{
	return sandbox_call_is_among(
		sandbox_copying,
		sizeof(sandbox_copying) / sizeof(sandbox_copying[0]), number);
}

/* Does it fail without harm? */
static inline bool
sandbox_refuses(bool has_files, long number)
{
	return has_files ? sandbox_call_is_among(
				   sandbox_files_refused,
				   sizeof(sandbox_files_refused) /
					   sizeof(sandbox_files_refused[0]),
				   number)
			 : sandbox_call_is_among(
				   sandbox_refused,
				   sizeof(sandbox_refused) /
					   sizeof(sandbox_refused[0]),
				   number);
}

#endif
