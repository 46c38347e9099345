/*
 * loop.h - wait for descriptors, and free what was watched safely.
 *
 * Layer:    scanners/supervisor; includes only lib/base
 * Threads:  one
 */
#ifndef SCANNERS_SUPERVISOR_LOOP_H
#define SCANNERS_SUPERVISOR_LOOP_H

#include "lib/base/fd.h"

/* First member of everything that has a descriptor in the loop. */
struct watch {
	/* events: EPOLLIN and so on. */
	void (*ready)(struct watch *watch, uint32_t events);
	void (*free)(struct watch *watch); /* NULL: not on the heap */
	void *owner; /* of a watch that is no first member */
	struct watch *next_buried;
	bool buried;
};

struct loop {
	int epoll_fd;
	struct watch *buried;
};

/* Returns: ST_OK, ST_IO */
MUST_CHECK enum status loop_open(struct loop *loop, struct err *err);
void loop_close(struct loop *loop);

/* Call watch->ready while fd has events. Returns: ST_OK, ST_IO */
MUST_CHECK enum status loop_add(struct loop *loop, int fd, uint32_t events,
				struct watch *watch, struct err *err);
MUST_CHECK enum status loop_change(struct loop *loop, int fd, uint32_t events,
				   struct watch *watch, struct err *err);
void loop_remove(struct loop *loop, int fd);

/* No more calls of ready; free it when the events at hand are through. */
void loop_bury(struct loop *loop, struct watch *watch);

/* Wait up to timeout_ms (-1: for ever) and call who is ready.
 * Returns: ST_OK, ST_IO */
MUST_CHECK enum status
loop_turn(struct loop *loop, int timeout_ms, struct err *err);

#endif
