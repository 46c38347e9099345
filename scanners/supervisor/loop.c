#include "scanners/supervisor/loop.h"

#include <errno.h>
#include <sys/epoll.h>

enum { LOOP_BATCH = 64 };

enum status
loop_open(struct loop *loop, struct err *err)
{
	*loop = (struct loop){ .epoll_fd = epoll_create1(EPOLL_CLOEXEC) };
	if (loop->epoll_fd < 0)
		return err_set_errno(err, "loop: no epoll");
	return ST_OK;
}

static void
loop_free_buried(struct loop *loop)
{
	while (loop->buried != NULL) {
		struct watch *watch = loop->buried;

		loop->buried = watch->next_buried;
		if (watch->free != NULL)
			watch->free(watch);
	}
}

void
loop_close(struct loop *loop)
{
	loop_free_buried(loop);
	fd_close(&loop->epoll_fd);
}

enum status
loop_add(struct loop *loop, int fd, uint32_t events, struct watch *watch,
	 struct err *err)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		return err_set_errno(err, "loop: cannot watch");
	return ST_OK;
}

enum status
loop_change(struct loop *loop, int fd, uint32_t events, struct watch *watch,
	    struct err *err)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0)
		return err_set_errno(err, "loop: cannot watch");
	return ST_OK;
}

void
loop_remove(struct loop *loop, int fd)
{
	if (fd != FD_NONE)
		(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

void
loop_bury(struct loop *loop, struct watch *watch)
{
	if (watch->buried)
		return;
	watch->buried = true;
	watch->next_buried = loop->buried;
	loop->buried = watch;
}

enum status
loop_turn(struct loop *loop, int timeout_ms, struct err *err)
{
	struct epoll_event events[LOOP_BATCH];
	const int count =
		epoll_wait(loop->epoll_fd, events, LOOP_BATCH, timeout_ms);

	if (count < 0 && errno != EINTR)
		return err_set_errno(err, "loop: cannot wait");
	for (int i = 0; i < count; i++) {
		struct watch *watch = events[i].data.ptr;

		/* An earlier event of this batch may have ended it. */
		if (!watch->buried)
			watch->ready(watch, events[i].events);
	}
	loop_free_buried(loop);
	return ST_OK;
}
