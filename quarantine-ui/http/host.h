/*
 * host.h - does a request mean us?
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted
 *
 * A name that somebody else lets point here (DNS rebinding, a wrong entry in a
 * proxy) gets none of our pages, and no page of ours runs under it.
 */
#ifndef QUARANTINE_UI_HTTP_HOST_H
#define QUARANTINE_UI_HTTP_HOST_H

#include "quarantine-ui/http/message.h"

/*
 * Is Host the one of url ("https://host" or with a port; "": any)? The trusted
 * proxy knows what it passes on, so its requests are ours; and so are those
 * from this host itself for 127.0.0.1, [::1] or localhost. A load balancer
 * asks for /healthz by whatever name, and learns nothing.
 */
bool host_is_ours(const struct http_request *request, const char *url);

/* Answer 421 and close; one line in the log. */
void
host_refuse(const struct http_request *request, struct http_response *response);

#endif
