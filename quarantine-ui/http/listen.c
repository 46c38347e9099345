#include "quarantine-ui/http/listen.h"

#include <arpa/inet.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum { LISTEN_BACKLOG = 128, LISTEN_MAX_BYTES = 300 };

/* "[host]:port" or "host:port" as host and port. */
static bool
listen_split(const char *where, char host[LISTEN_ADDRESS_BYTES],
	     uint16_t *port_out)
{
	const struct span whole = span_of(where);
	const char *colon = strrchr(where, ':');
	struct span name;
	struct span digits;
	uint64_t port = 0;

	if (colon == NULL)
		return false;
	const size_t at = (size_t)(colon - where);

	if (!span_cut(whole, 0, at, &name) ||
	    !span_cut(whole, at + 1, whole.len_bytes - at - 1, &digits) ||
	    !parse_u64(digits, UINT16_MAX, &port))
		return false;
	if (name.len_bytes >= 2 && name.ptr[0] == '[' &&
	    name.ptr[name.len_bytes - 1] == ']')
		(void)span_cut(name, 1, name.len_bytes - 2, &name);
	if (name.len_bytes == 0 || name.len_bytes >= LISTEN_ADDRESS_BYTES)
		return false;
	memcpy(host, name.ptr, name.len_bytes);
	host[name.len_bytes] = '\0';
	*port_out = (uint16_t)port;
	return true;
}

static enum status
listen_parse(const char *where, struct sockaddr_storage *address,
	     socklen_t *address_bytes_out, struct err *err)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	char host[LISTEN_ADDRESS_BYTES];
	uint16_t port = 0;

	if (!listen_split(where, host, &port))
		return err_set(err, ST_FORMAT, "desk: %.*s is not address:port",
			       LISTEN_MAX_BYTES, where);
	four.sin_port = six.sin6_port = htons(port);
	if (inet_pton(AF_INET, host, &four.sin_addr) == 1) {
		memcpy(address, &four, sizeof(four));
		*address_bytes_out = sizeof(four);
		return ST_OK;
	}
	if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		memcpy(address, &six, sizeof(six));
		*address_bytes_out = sizeof(six);
		return ST_OK;
	}
	return err_set(err, ST_FORMAT, "desk: %s is no IP address", host);
}

enum status
listen_open(const char *where, int *fd_out, bool *loopback_out, struct err *err)
{
	struct sockaddr_storage address = { 0 };
	socklen_t address_bytes = 0;
	char text[LISTEN_ADDRESS_BYTES];
	const int on = 1;
	AUTO(fd_close) int fd = FD_NONE;
	const enum status st =
		listen_parse(where, &address, &address_bytes, err);

	if (st != ST_OK)
		return st;
	fd = socket(address.ss_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set_errno(err, "desk: no socket for %s", where);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (const struct sockaddr *)&address, address_bytes) != 0 ||
	    listen(fd, LISTEN_BACKLOG) != 0)
		return err_set_errno(err, "desk: cannot listen on %s", where);
	listen_format((const struct sockaddr *)&address, text);
	*loopback_out = listen_is_loopback(text);
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}

void
listen_format(const struct sockaddr *address, char text[LISTEN_ADDRESS_BYTES])
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	const char *done = NULL;

	text[0] = '\0';
	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof(four));
		done = inet_ntop(AF_INET, &four.sin_addr, text,
				 LISTEN_ADDRESS_BYTES);
	} else if (address->sa_family == AF_INET6) {
		memcpy(&six, address, sizeof(six));
		done = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)
			       ? inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12],
					   text, LISTEN_ADDRESS_BYTES)
			       : inet_ntop(AF_INET6, &six.sin6_addr, text,
					   LISTEN_ADDRESS_BYTES);
	}
	if (done == NULL)
		text[0] = '\0';
}

bool
listen_is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

bool
listen_forwarded(const char *field, char text[LISTEN_ADDRESS_BYTES])
{
	const char *comma = strrchr(field, ',');
	const char *last = comma != NULL ? comma + 1 : field;
	struct in6_addr any;
	size_t len = 0;

	while (*last == ' ')
		last++;
	len = strcspn(last, " ");
	if (len == 0 || len >= LISTEN_ADDRESS_BYTES || last[len] != '\0')
		return false;
	memcpy(text, last, len + 1);
	return inet_pton(AF_INET, text, &any) == 1 ||
	       inet_pton(AF_INET6, text, &any) == 1;
}
