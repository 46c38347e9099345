#include "cli/doctor_connect.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"

/* Zero, or the number of the failure. */
static int
connect_one(const struct addrinfo *to, int64_t deadline_mono_ms, int *fd_out)
{
	AUTO(fd_close)
	int fd = socket(to->ai_family,
			to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			to->ai_protocol);
	struct pollfd entry = { .fd = fd, .events = POLLOUT };
	int failure = 0;
	socklen_t len_bytes = sizeof(failure);

	if (fd < 0)
		return errno;
	if (connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
		if (errno != EINPROGRESS)
			return errno;
		if (poll(&entry, 1, (int)clock_left_ms(deadline_mono_ms)) != 1)
			return ETIMEDOUT;
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure,
			       &len_bytes) != 0)
			return errno;
	}
	if (failure == 0)
		*fd_out = FD_MOVE(fd);
	return failure;
}

enum status
doctor_connect(const char *host, const char *port, int64_t deadline_mono_ms,
	       int *fd_out, struct err *err)
{
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int failure = getaddrinfo(host, port, &want, &found);

	if (failure != 0)
		return err_set(err, ST_NOT_FOUND, "%s: %s", host,
			       gai_strerror(failure));
	failure = ECONNREFUSED;
	for (const struct addrinfo *at = found; at != NULL && failure != 0;
	     at = at->ai_next)
		failure = connect_one(at, deadline_mono_ms, fd_out);
	freeaddrinfo(found);
	return failure == 0 ? ST_OK
			    : err_set(err, ST_IO, "%s:%s: %s", host, port,
				      strerrordesc_np(failure));
}
