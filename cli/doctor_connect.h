/*
 * doctor_connect.h - a TCP connection to whoever has a name and port.
 *
 * Layer:    cli
 * Threads:  no shared state
 */
#ifndef CLI_DOCTOR_CONNECT_H
#define CLI_DOCTOR_CONNECT_H

#include <stdint.h>

#include "lib/base/status.h"

/*
 * Gives:    *fd_out, non-blocking, the caller's
 * Returns:  ST_OK; ST_NOT_FOUND the name is unknown; ST_IO nobody answers
 *           before the deadline
 */
MUST_CHECK enum status
doctor_connect(const char *host, const char *port, int64_t deadline_mono_ms,
	       int *fd_out, struct err *err);

#endif
