/*
 * check.h - is this header of a request one that we take?
 *
 * Layer:    quarantine-ui/http
 * Threads:  no shared state
 * Input:    untrusted
 */
#ifndef QUARANTINE_UI_HTTP_CHECK_H
#define QUARANTINE_UI_HTTP_CHECK_H

#include <microhttpd.h>

#include "quarantine-ui/http/message.h"

enum {
	CHECK_MAX_URI_BYTES = 2000,
	CHECK_MAX_FIELDS = 64,
	CHECK_MAX_HEADER_BYTES = 16 * 1024
};

struct check {
	struct http_fields fields; /* borrowed from the connection */
	const char *forwarded;     /* X-Forwarded-For, "" when absent */
	const char *client_verify; /* X-Client-Verify, "" when absent */
	bool proxied;              /* a field that only proxies write */
	uint64_t body_bytes;       /* by Content-Length */
	bool has_body;
	const char *why; /* when it is refused: for the log and the answer */
};

/*
 * Look at method, version and every field.
 * Returns: 0, or the status to answer with; check_out->why then says why.
 */
unsigned check_request(struct MHD_Connection *connection, const char *uri,
		       const char *method, const char *version,
		       uint64_t max_body_bytes, struct check *check_out);

#endif
