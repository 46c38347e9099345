/*
 * reader_mime.h - what the files of the mail reader share.
 *
 * Layer:    scanners/readers; private to mime_*.c and reader_mime.c, and to
 *           scanners/rewrite, which looks at the same headers
 */
#ifndef SCANNERS_READERS_READER_MIME_H
#define SCANNERS_READERS_READER_MIME_H

#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/sink.h"

enum { MIME_MAX_VALUES = 4, MIME_MAX_VARIANTS = 8 };

/* The fields of one header that say what the body is. */
struct mime_values {
	struct span values[MIME_MAX_VALUES]; /* different ones, as they stand */
	size_t count;
};

struct mime_entity {
	struct span bytes; /* header and body */
	struct span lead;  /* set by who knows it, as struct child's */
	struct span body;
	size_t fields;
	struct mime_values type;        /* Content-Type */
	struct mime_values encoding;    /* Content-Transfer-Encoding */
	struct mime_values disposition; /* Content-Disposition */
	const char *odd; /* why others may read the header otherwise, or NULL */
};

/* Take the header apart. */
void mime_entity_parse(struct span bytes, struct mime_entity *entity_out);

/* Give the header fields of entity to sink as text. */
MUST_CHECK enum status
mime_emit_fields(struct sink *sink, const struct mime_entity *entity,
		 struct err *err);

/* Read a delivery status (RFC 3464) and give it to sink. */
void mime_emit_dsn(struct sink *sink, struct span body);

/* Give entity, which is no multipart, to sink, in all its readings. */
MUST_CHECK enum status
mime_emit_leaf(struct sink *sink, const struct mime_entity *entity,
	       struct span type_value, struct err *err);

#endif
