/*
 * answer.h - a page's response as libmicrohttpd's.
 *
 * Layer:    quarantine-ui/http
 * Threads:  no shared state
 */
#ifndef QUARANTINE_UI_HTTP_ANSWER_H
#define QUARANTINE_UI_HTTP_ANSWER_H

#include <microhttpd.h>

#include "quarantine-ui/http/message.h"

void
answer_add(struct MHD_Response *answer, const char *name, const char *value);

/* The header fields of every answer, and those of response. */
void answer_add_headers(const struct http_response *response, bool secure,
			struct MHD_Response *answer);

/* The body. NULL: no memory. */
struct MHD_Response *answer_of_body(const struct http_response *response);

/* A half-made answer is none: what failed (memory, size) becomes a 500. */
void answer_check(struct http_response *response);

#endif
