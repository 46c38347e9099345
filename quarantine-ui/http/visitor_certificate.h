/*
 * visitor_certificate.h - did the other end show a certificate that holds?
 *
 * Layer:    quarantine-ui/http; the only place that includes GnuTLS
 * Threads:  the thread that serves the connection
 */
#ifndef QUARANTINE_UI_HTTP_VISITOR_CERTIFICATE_H
#define QUARANTINE_UI_HTTP_VISITOR_CERTIFICATE_H

#include <microhttpd.h>
#include <stdbool.h>

/* True when the TLS connection came with a client certificate, in time, from
 * one of the issuers that the server was started with, for that use. */
bool visitor_certificate_holds(struct MHD_Connection *connection);

#endif
