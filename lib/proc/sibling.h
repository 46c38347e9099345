/*
 * sibling.h - a copy of this process that is a child of its parent.
 *
 * Layer:    lib/proc
 * Threads:  call while single-threaded: a lock that another thread holds would
 *           be held in the copy for ever, and the C library is not asked
 *
 * Who started us gets the copy as if it had started it too: it waits for it,
 * kills it, and counts its CPU time.
 */
#ifndef LIB_PROC_SIBLING_H
#define LIB_PROC_SIBLING_H

#include <sys/types.h>

#include "lib/base/status.h"

/* Gives: *pid_out, 0 in the copy. Returns: ST_OK, ST_IO */
MUST_CHECK enum status sibling_make(pid_t *pid_out, struct err *err);

/*
 * In the copy: end when parent ends (process_die_with_parent() does not reach
 * copies).
 * Returns: ST_OK; ST_END it has ended already; ST_IO
 */
MUST_CHECK enum status sibling_follow(pid_t parent, struct err *err);

/* How many threads this process has. Returns: ST_OK, ST_IO */
MUST_CHECK enum status sibling_threads(size_t *count_out, struct err *err);

#endif
