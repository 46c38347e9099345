/*
 * property_set.h - the properties of a document ([MS-OLEPS]).
 *
 * Layer:    scanners/readers
 * Threads:  no shared state
 * Input:    untrusted
 *
 * Shape (little-endian):
 *
 *	set      0 2 FFFE   24 4 sections   28 each: 16 format, 4 offset
 *	section  0 4 bytes  4 4 properties  8 each: 4 number, 4 offset
 *	value    0 2 type   4 value; strings: 4 bytes or characters, then these
 */
#ifndef SCANNERS_READERS_PROPERTY_SET_H
#define SCANNERS_READERS_PROPERTY_SET_H

#include "scanners/readers/sink.h"

/*
 * Give the texts and numbers of the properties in bytes to sink, each with the
 * name that a user gave it, if any; what else is in them is a gap.
 */
MUST_CHECK enum status
property_set_read(struct sink *sink, struct span bytes, struct err *err);

#endif
