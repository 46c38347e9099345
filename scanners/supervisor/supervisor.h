/*
 * supervisor.h - the process that hands mails to workers.
 *
 * Layer:    scanners/supervisor; includes lib/, scanners/{client,worker}
 * Threads:  one: everything is one event loop
 *
 * It never looks into a mail: a descriptor comes in, goes to a worker, and
 * the worker's report goes back after a check of its type and size.
 */
#ifndef SCANNERS_SUPERVISOR_SUPERVISOR_H
#define SCANNERS_SUPERVISOR_SUPERVISOR_H

#include "lib/config/config.h"

struct supervisor_options {
	const char *config_path; /* NULL: defaults */
	const char *program_dir; /* where the programs are by default */
	int channel_fd; /* serve this one client; FD_NONE: the socket */
};

/*
 * Serve until told to stop (or, with channel_fd, until that client leaves).
 * Privileges are dropped once the sockets exist.
 * Returns: ST_OK, or why it cannot start or go on
 */
MUST_CHECK enum status
supervisor_run(const struct supervisor_options *options, struct err *err);

#endif
