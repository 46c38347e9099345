/*
 * wait.h - wait for a socket, up to a deadline.
 *
 * Layer:    courier/smtp; includes only lib/
 * Threads:  no shared state
 */
#ifndef COURIER_SMTP_WAIT_H
#define COURIER_SMTP_WAIT_H

#include <stdint.h>

#include "lib/base/status.h"

/*
 * Wait until fd is ready for events (POLLIN, POLLOUT), or has failed, which
 * the next read or write then tells.
 * Returns: ST_OK; ST_LIMIT the deadline has passed; ST_IO
 */
MUST_CHECK enum status
wait_for_socket(int fd, short events, int64_t deadline_mono_ms,
		struct err *err);

#endif
