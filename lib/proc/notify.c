#include "lib/proc/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"

enum { NOTIFY_TEXT_BYTES = 64 };

static enum status
notify_address(const char *name, struct sockaddr_un *address_out,
	       socklen_t *len_bytes_out, struct err *err)
{
	const size_t len_bytes = strlen(name);
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if ((name[0] != '/' && name[0] != '@') || len_bytes < 2 ||
	    len_bytes >= sizeof(address.sun_path))
		return err_set(err, ST_FORMAT,
			       "notify: NOTIFY_SOCKET names no socket");
	memcpy(address.sun_path, name, len_bytes);
	/* An abstract name begins with a zero byte and has none at its end. */
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	*address_out = address;
	*len_bytes_out = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				     len_bytes + (name[0] == '/' ? 1 : 0));
	return ST_OK;
}

static const char *
notify_text(enum notify_state state, char text[NOTIFY_TEXT_BYTES])
{
	switch (state) {
	case NOTIFY_READY:
		return "READY=1";
	case NOTIFY_RELOADING:
		/* The time tells which READY=1 belongs to it. */
		(void)snprintf(text, NOTIFY_TEXT_BYTES,
			       "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
			       clock_mono_ms() * 1000);
		return text;
	case NOTIFY_STOPPING:
		return "STOPPING=1";
	case NOTIFY_NONE:
	default:
		return "";
	}
}

enum status
notify_tell(enum notify_state state, struct err *err)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets it */
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	socklen_t len_bytes = 0;
	char room[NOTIFY_TEXT_BYTES];
	const char *text = notify_text(state, room);

	if (name == NULL)
		return ST_OK;
	const enum status st = notify_address(name, &address, &len_bytes, err);

	if (st != ST_OK)
		return st;
	AUTO(fd_close)
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set_errno(err, "notify: no socket");
	if (sendto(fd, text, strlen(text), MSG_NOSIGNAL,
		   (const struct sockaddr *)&address, len_bytes) < 0)
		return err_set_errno(err, "notify: cannot tell %s", name);
	return ST_OK;
}
