/*
 * data_uri.h - documents that stand in an address: "data:text/html,…".
 *
 * Layer:    scanners/readers; includes lib/base and sink.h
 * Threads:  values
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_READERS_DATA_URI_H
#define SCANNERS_READERS_DATA_URI_H

#include "scanners/readers/sink.h"

/*
 * Give the text that uri has as it stands or with "%20" (RFC 2397) as a child
 * of the type it says. Nothing when uri is none of these: base64 is what
 * field_give_file() gives.
 */
MUST_CHECK enum status
data_uri_give_text(struct sink *sink, struct span uri, struct err *err);

#endif
