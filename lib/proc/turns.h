/*
 * turns.h - how soon and how much a process runs where others want to as well.
 *
 * Layer:    lib/proc
 * Threads:  of the calling thread, or of a process with one thread
 *
 * Processes with work for a fraction of a millisecond should run as soon as
 * there is some, one with work for seconds should not be in their way. A
 * scheduler of deadlines (Linux 6.12) asks how long a turn should be: a short
 * turn comes soon, and ends a longer one that is going on; the share of the
 * time does not change. Earlier ones know the weight (nice) only.
 */
#ifndef LIB_PROC_TURNS_H
#define LIB_PROC_TURNS_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/base/status.h"

/* The calling thread and what it starts: short turns. What the system does not
 * know changes nothing. */
void turns_be_short(void);

/*
 * Another process of ours: long turns, and the weight of nice. It cannot be
 * undone without privileges.
 * Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status turns_make_long(pid_t pid, int nice, struct err *err);

/* CPU time that a process has used; 0 when it has ended. */
int64_t turns_cpu_ms(pid_t pid);

#endif
