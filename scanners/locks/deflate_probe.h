/*
 * deflate_probe.h - can these bytes be the start of a deflated stream?
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 * Input:    untrusted; a few dozen bytes are looked at
 *
 * RFC 1951. Wrong passwords give random bytes. Most are told by the block's
 * header or by the first few of its symbols, long before an inflater would
 * have been set up.
 */
#ifndef SCANNERS_LOCKS_DEFLATE_PROBE_H
#define SCANNERS_LOCKS_DEFLATE_PROBE_H

#include <stdbool.h>

#include "lib/base/span.h"

/* False: no stream begins so. Fewer bytes than there are tell less. */
bool deflate_may_begin(struct span start);

#endif
