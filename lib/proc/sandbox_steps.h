/*
 * sandbox_steps.h - the steps of sandbox_enter(), one file each.
 *
 * Layer:    lib/proc; only sandbox.c includes it, and the steps themselves
 * Threads:  as sandbox.h
 */
#ifndef LIB_PROC_SANDBOX_STEPS_H
#define LIB_PROC_SANDBOX_STEPS_H

#include "lib/proc/sandbox.h"

/* No file may be opened but below readable (NULL: none at all), no TCP port
 * bound or reached, as far as the kernel's Landlock knows these rights. */
MUST_CHECK enum status
sandbox_landlock(const char *const *readable, struct err *err);

/* System calls outside the list kill the process. The last step. */
MUST_CHECK enum status
sandbox_seccomp(const struct sandbox *sandbox, struct err *err);

/* A copy is a stranger to its template and the other copies, as far as the
 * kernel's Landlock knows such rights. */
MUST_CHECK enum status sandbox_landlock_copy(struct err *err);

/* What the template could call beyond the list. */
MUST_CHECK enum status sandbox_seccomp_copy(struct err *err);

#endif
