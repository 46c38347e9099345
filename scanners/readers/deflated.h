/*
 * deflated.h - unpack what was deflated (RFC 1950, 1951, 1952).
 *
 * Layer:    scanners/readers; of zlib, the checksums only
 * Threads:  no shared state
 * Input:    untrusted; every byte that comes out is spent
 */
#ifndef SCANNERS_READERS_DEFLATED_H
#define SCANNERS_READERS_DEFLATED_H

#include "lib/base/sbuf.h"
#include "scanners/readers/sink.h"

enum deflated_form {
	DEFLATED_NONE = 0,
	DEFLATED_RAW,  /* RFC 1951: without any check */
	DEFLATED_ZLIB, /* RFC 1950 */
	DEFLATED_GZIP  /* RFC 1952: one member */
};

struct deflated {
	bool whole;        /* read to its own end, with the right checksum */
	size_t used_bytes; /* of the packed ones */
};

/* Content types of children, by which readers that have no parser of others
 * in them leave the unpacking to the reader of archives. */
extern const char deflated_raw_type[];
extern const char deflated_zlib_type[];

/* What a child of that type is; DEFLATED_NONE when it is something else, or
 * has not the header of zlib. */
enum deflated_form deflated_form_of(struct span body, const char *content_type);

/*
 * Append what bytes start with to out; when it is damaged, what came.
 * Returns:  ST_OK with *deflated_out; ST_NO_MEMORY; what the sink says
 */
MUST_CHECK enum status
deflated_unpack(struct sink *sink, enum deflated_form form, struct span bytes,
		struct sbuf *out, struct deflated *deflated_out,
		struct err *err);

/*
 * Give what body holds as a child of this name: all members of gzip together,
 * as gunzip does. *end_out: where they end.
 * Returns:  ST_OK, also when it is damaged, which the sink is told;
 *           ST_NO_MEMORY; what the sink says
 */
MUST_CHECK enum status
deflated_give(struct sink *sink, enum deflated_form form, struct span body,
	      const char *name, size_t *end_out, struct err *err);

#endif
