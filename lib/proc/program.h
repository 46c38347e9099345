/*
 * program.h - what stands around a daemon that takes --config and nothing
 * else.
 *
 * Layer:    lib/proc; only programs call it
 * Threads:  the main one
 */
#ifndef LIB_PROC_PROGRAM_H
#define LIB_PROC_PROGRAM_H

#include <stdbool.h>

#include "lib/base/status.h"

enum { PROGRAM_GOES_ON = -1 };

/* Read --config FILE (left alone when missing), --help, --version.
 * Returns: PROGRAM_GOES_ON, or the exit status to end with */
int program_options(const char *program, int argc, char **argv,
		    const char **config_path);

/* Take the signals that have come; SIGHUP calls reload, which says itself
 * what goes wrong. True: one asks us to end. */
typedef enum status (*program_reload_fn)(void *context, struct err *err);
bool
program_take_signals(int signal_fd, program_reload_fn reload, void *context);

/* The exit status for how it ended; a failure is logged. */
int program_exit_status(enum status st, const struct err *err);

#endif
