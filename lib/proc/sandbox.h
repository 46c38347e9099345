/*
 * sandbox.h - after this call a worker can compute and answer, nothing else.
 *
 * Layer:    lib/proc; sandbox_seccomp.c is the only file with libseccomp,
 *           sandbox_landlock.c the only one with the landlock system calls
 * Threads:  call while single-threaded
 *
 * no_new_privs; rlimits (address space, CPU, no files, no processes, no
 * cores); Landlock with no rights at all (or the read-only paths named);
 * seccomp allow-list whose default kills the process. What the kernel lacks
 * (an old Landlock ABI) is masked; no Landlock or no seccomp at all is an
 * error: there is no unsandboxed way.
 *
 * A template is a process that is ready to work and never does: it makes
 * copies of itself (sibling.h), in which the sandbox then closes. It may open
 * no more files than they, and make no calls but theirs and what copying takes.
 */
#ifndef LIB_PROC_SANDBOX_H
#define LIB_PROC_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/status.h"

struct sandbox {
	uint64_t memory_bytes;       /* RLIMIT_AS: present size plus this */
	uint64_t cpu_s;              /* RLIMIT_CPU for the whole life */
	const char *const *readable; /* NULL-terminated paths, or NULL */
	bool is_template;            /* cpu_s: of each copy, at most */
};

/* Returns: ST_OK locked in; ST_UNSUPPORTED the kernel cannot; ST_IO */
MUST_CHECK enum status
sandbox_enter(const struct sandbox *sandbox, struct err *err);

/*
 * In a copy of a template: from here on it is as locked in as one that entered
 * by itself, with cpu_s of CPU time.
 * Returns: ST_OK, ST_UNSUPPORTED, ST_IO
 */
MUST_CHECK enum status sandbox_close_copy(uint64_t cpu_s, struct err *err);

#endif
