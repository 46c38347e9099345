/*
 * path.h - which of a program's addresses is meant?
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  values
 * Input:    untrusted path, as it was sent; nothing is decoded
 */
#ifndef QUARANTINE_UI_HTTP_PATH_H
#define QUARANTINE_UI_HTTP_PATH_H

#include "quarantine-ui/http/message.h"

enum { PATH_MAX_PIECES = 2 };

/* What stands in path where pattern has "{name}", in this order. */
struct path_pieces {
	struct span names[PATH_MAX_PIECES]; /* with the braces */
	struct span values[PATH_MAX_PIECES];
	size_t count;
};

/* pattern: "/cases/{id}/approve". Whether a value fits its name is the
 * caller's to say. */
bool path_matches(const char *pattern, const char *path,
		  struct path_pieces *pieces_out);

/* For 405: which methods an address has, as a set and as the field Allow. */
unsigned path_method_bit(enum http_method method);
const char *path_allow(unsigned method_bits);

#endif
