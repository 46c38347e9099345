/*
 * listen.h - addresses: where to listen, who is at the other end.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  no shared state
 */
#ifndef QUARANTINE_UI_HTTP_LISTEN_H
#define QUARANTINE_UI_HTTP_LISTEN_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "lib/base/sbuf.h"

enum { LISTEN_ADDRESS_BYTES = INET6_ADDRSTRLEN };

/*
 * Listen on "127.0.0.1:8443", "[::1]:8443" or "0.0.0.0:443".
 * Gives:    *fd_out is the caller's; *loopback_out: only this host can reach
 *           it
 * Returns:  ST_OK; ST_FORMAT no such address; ST_IO
 */
MUST_CHECK enum status listen_open(const char *where, int *fd_out,
				   bool *loopback_out, struct err *err);

/* "192.0.2.1" or "2001:db8::1"; an IPv4 address within IPv6 as IPv4. "" when
 * it is neither. */
void
listen_format(const struct sockaddr *address, char text[LISTEN_ADDRESS_BYTES]);

bool listen_is_loopback(const char *address);

/*
 * The last address of X-Forwarded-For, the one that the proxy nearest to us
 * wrote. False when it is none.
 */
bool listen_forwarded(const char *field, char text[LISTEN_ADDRESS_BYTES]);

#endif
