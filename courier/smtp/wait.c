#include "courier/smtp/wait.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

#include "lib/base/clock.h"

enum status
wait_for_socket(int fd, short events, int64_t deadline_mono_ms, struct err *err)
{
	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = events };
		const int64_t left_ms = clock_left_ms(deadline_mono_ms);
		int ready = 0;

		/* Tested first: a peer that always has one more byte must
		 * not keep us. */
		if (left_ms == 0)
			return err_set(err, ST_LIMIT,
				       "smtp: the next hop is too slow");
		ready = poll(&poll_fd, 1,
			     left_ms > INT_MAX ? INT_MAX : (int)left_ms);
		if (ready > 0)
			return ST_OK;
		if (ready < 0 && errno != EINTR)
			return err_set_errno(err, "smtp: cannot wait");
	}
}
