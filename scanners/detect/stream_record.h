/*
 * stream_record.h - what else stands in the record of a number.
 *
 * Layer:    scanners/detect; private to stream*.c
 */
#ifndef SCANNERS_DETECT_STREAM_RECORD_H
#define SCANNERS_DETECT_STREAM_RECORD_H

#include "scanners/detect/stream.h"

/* A place with this name begins. */
void stream_record_on_name(struct stream *stream, const char *name);

/* A cell was looked at: is it a header, or a date of birth? */
void stream_record_on_cell(struct stream *stream, const struct cell *cell,
			   struct span text);

/* Forget the headers of the table. */
void stream_record_new_table(struct stream *stream);

/* Forget everything: what follows has nothing to do with it. */
void stream_record_break(struct stream *stream);

/* Bits of enum evidence_person for a number in text. */
unsigned stream_record_person(struct stream *stream, struct span text,
			      const struct candidate *candidate);

#endif
