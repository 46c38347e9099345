/*
 * field_value.h - a value of a record (XML, JSON): its name, number, bytes.
 *
 * Layer:    scanners/readers; includes lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_READERS_FIELD_VALUE_H
#define SCANNERS_READERS_FIELD_VALUE_H

#include "scanners/readers/sink.h"

enum {
	FIELD_LABEL_BYTES = 64, /* of a label as the sink gets it, with NUL */
	FIELD_TITLE_BYTES = 120 /* a longer text names nothing */
};

/* Names of fields that hold the name of another field ("key", "title"), and
 * of those that hold what such a one names ("value", "string"). */
bool field_is_title(struct span name);
bool field_is_value(struct span name);

struct field {
	struct span label; /* as it stands */
	uint64_t line;     /* of its first byte, from 1 */
};

/*
 * Give value (references and escapes replaced) as the text of field, with a
 * line end. A number with an exponent or ".0" is given whole. A long base64,
 * or a "data:" URI, is a child as well.
 */
MUST_CHECK enum status field_give(struct sink *sink, const struct field *field,
				  struct span value, struct err *err);

/* As field_give(), in a table. */
MUST_CHECK enum status
field_give_cell(struct sink *sink, const struct cell *cell, struct span value,
		struct err *err);

/* Give the file that value is in base64 (or as "data:" URI) as a child; when
 * it is none, or too short for one, nothing. */
MUST_CHECK enum status
field_give_file(struct sink *sink, struct span value, struct err *err);

/* As field_give_file(), of any length: value is known to be base64. */
MUST_CHECK enum status
field_give_base64(struct sink *sink, struct span value, struct err *err);

/* Does text hold nothing but blanks? */
bool field_is_blank(struct span text);

#endif
