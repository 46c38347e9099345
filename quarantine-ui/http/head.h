/*
 * head.h - is the head of a request nothing but what we saw of it?
 *
 * Layer:    quarantine-ui/http
 * Threads:  the thread that serves the connection
 * Input:    untrusted
 *
 * libmicrohttpd hands out a request as texts that end at a NUL. What a client
 * put behind a NUL of its own nobody would look at, and another reader of the
 * same bytes (a proxy) might. Before version 1 the library cuts the texts out
 * of the bytes where they came to lie, and so each must begin where the one
 * before it ends:
 *
 *	method NUL path NUL version NUL NUL     (spaces, CR LF were there)
 *	name NUL blanks value NUL NUL           (colon, CR LF)
 *	...
 *	NUL NUL
 *
 * That refuses a NUL of the client's anywhere in it, and also a line that ends
 * with a bare LF, goes on in the next one, or has more than one space between
 * its words. One form looks like CR LF then: a NUL and a bare LF at the end of
 * a line. It hides nothing, whoever takes a bare LF ends the line there, too.
 * Lines in front of the request line that are empty or begin with a NUL the
 * library skips; we do not see them.
 */
#ifndef QUARANTINE_UI_HTTP_HEAD_H
#define QUARANTINE_UI_HTTP_HEAD_H

#include <microhttpd.h>
#include <stdbool.h>

/* method, version: as the library gives them to its handler, once the header
 * is there; path: with its query, as it was sent. */
bool head_is_whole(struct MHD_Connection *connection, const char *method,
		   const char *path, const char *version);

#endif
