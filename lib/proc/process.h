/*
 * process.h - start children, drop privileges, set limits, handle signals.
 *
 * Layer:    lib/proc
 * Threads:  process-wide; call before threads start unless noted
 */
#ifndef LIB_PROC_PROCESS_H
#define LIB_PROC_PROCESS_H

#include <sys/types.h>

#include "lib/base/fd.h"

/*
 * What every daemon does first: no core dumps, not dumpable, SIGPIPE ignored,
 * umask 077, stdin from /dev/null, descriptors from 3 on closed unless kept
 * (keep_fd, FD_NONE: none).
 */
MUST_CHECK enum status process_harden(int keep_fd, struct err *err);

/*
 * No core dump of a program that people start, whose memory may hold mail and
 * passwords: not to a file, and not to a program that core_pattern names, which
 * no other limit than one byte stops (core(5)). Unlike what a daemon does it
 * leaves debuggers alone.
 */
MUST_CHECK enum status process_forbid_core(struct err *err);

/* uid and gid of an account by name or number ("64001": uid and gid). */
MUST_CHECK enum status process_find_user(const char *user, uid_t *uid_out,
					 gid_t *gid_out, struct err *err);
MUST_CHECK enum status
process_find_group(const char *group, gid_t *gid_out, struct err *err);

/*
 * When root: become user for good (groups, gid, uid, verified, no way back).
 * When not root: ST_OK, nothing to do.
 */
MUST_CHECK enum status
process_drop_privileges(const char *user, struct err *err);

struct process_spawn {
	const char *path;        /* absolute */
	const char *const *argv; /* NULL-terminated */
	const char *const *envp; /* NULL-terminated; NULL: a minimal one */
	int channel_fd;          /* becomes fd 3 of the child; FD_NONE: none */
};
/* fork and exec; the child has stdin from /dev/null, our stderr, fd 3 and
 * nothing else. Returns: ST_OK; ST_IO also when exec fails. */
MUST_CHECK enum status process_spawn(const struct process_spawn *spawn,
				     pid_t *pid_out, struct err *err);

/*
 * A descriptor that becomes readable on SIGTERM, SIGINT, SIGHUP and SIGCHLD
 * (signalfd; the signals are blocked from then on, also in later threads).
 */
MUST_CHECK enum status process_signal_fd(int *fd_out, struct err *err);
/* Next signal number, 0 when there is none now. */
int process_signal_next(int fd);

/*
 * Be the only one: lock the directory or file at path (made when there is
 * none) for as long as *fd_out is open, which the system ends with the
 * process.
 * Returns: ST_OK; ST_DENIED "another process holds …"; ST_IO
 */
MUST_CHECK enum status
process_lock(const char *path, int *fd_out, struct err *err);

/* SIGTERM when the parent dies. */
MUST_CHECK enum status process_die_with_parent(struct err *err);

#endif
