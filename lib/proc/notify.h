/*
 * notify.h - tell the service manager how far we are (sd_notify protocol).
 *
 * Layer:    lib/proc
 * Threads:  no shared state
 *
 * A datagram to $NOTIFY_SOCKET, a path or an abstract name ("@…"). Where the
 * variable is not set nobody wants to know, and nothing happens. Children
 * get their environment from process_spawn(), so they cannot speak for us.
 */
#ifndef LIB_PROC_NOTIFY_H
#define LIB_PROC_NOTIFY_H

#include "lib/base/status.h"

enum notify_state {
	NOTIFY_NONE = 0,
	NOTIFY_READY,     /* serving; also after a reload, good or refused */
	NOTIFY_RELOADING, /* until the next NOTIFY_READY */
	NOTIFY_STOPPING   /* mails in progress may still take a while */
};

/* Returns: ST_OK also without a manager; ST_FORMAT the variable names no
 * socket; ST_IO */
MUST_CHECK enum status notify_tell(enum notify_state state, struct err *err);

#endif
