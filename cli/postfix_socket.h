/*
 * postfix_socket.h - is a milter of a list ours, as Postfix sees it?
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_POSTFIX_SOCKET_H
#define CLI_POSTFIX_SOCKET_H

#include "cli/postconf.h"
#include "lib/config/config.h"

enum { POSTFIX_SOCKET_BYTES = 4300 };

struct postfix_socket {
	const struct config *config;
	const char *queue_dir;
	bool chrooted; /* the service that looks at it */
};

enum postfix_socket_found {
	POSTFIX_SOCKET_NONE = 0,
	POSTFIX_SOCKET_ABSENT,    /* no milter of the list is ours */
	POSTFIX_SOCKET_ELSEWHERE, /* ours is meant, and another path is seen */
	POSTFIX_SOCKET_OURS
};

/* Look through a list of milters. seen: the path that the service looks at,
 * when it is ELSEWHERE. *milter_out is set when it is OURS. */
enum postfix_socket_found
postfix_socket_find(const struct postfix_socket *socket, struct span list,
		    struct postconf_milter *milter_out,
		    char seen[POSTFIX_SOCKET_BYTES]);

/* Our socket as Postfix should name it: relative to its queue directory when
 * it lies below, so that chrooted services and others find it.
 * False: no such name, because a chrooted service could not find it. */
bool
postfix_socket_name(const struct postfix_socket *socket, struct sbuf *name_out);

#endif
