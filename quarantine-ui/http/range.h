/*
 * range.h - which bytes of a file are asked for (RFC 9110 section 14).
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted fields
 */
#ifndef QUARANTINE_UI_HTTP_RANGE_H
#define QUARANTINE_UI_HTTP_RANGE_H

#include <stdint.h>

struct range {
	unsigned status; /* 200 all of it; 206 a part; 416 there is no such */
	uint64_t first;
	uint64_t len_bytes;
};

/*
 * range, if_range: the fields, "" when absent. One range is served as such;
 * several, and whatever is malformed, get the whole, as the RFC allows.
 * If-Range counts when it is etag (a strong one), byte for byte.
 */
struct range range_choose(const char *range, const char *if_range,
			  const char *etag, uint64_t total_bytes);

#endif
