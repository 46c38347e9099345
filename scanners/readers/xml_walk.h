/*
 * xml_walk.h - walk XML with expat, without document type declarations.
 *
 * Layer:    scanners/readers; the file of expat
 * Threads:  no shared state
 * Input:    untrusted
 */
#ifndef SCANNERS_READERS_XML_WALK_H
#define SCANNERS_READERS_XML_WALK_H

#include "scanners/readers/sink.h"

/*
 * What a walk calls; names with their name space, for the functions below. A
 * status other than ST_OK ends the walk. attributes: name, value, name, value,
 * …, NULL; without declarations of name spaces.
 */
struct xml_handler {
	enum status (*open)(void *context, const char *name,
			    const char *const *attributes, struct err *err);
	enum status (*close)(void *context, const char *name, struct err *err);
	enum status (*text)(void *context, struct span utf8, struct err *err);
	void *context;
};

enum { XML_WALK_DEPTH = 4096 }; /* elements in each other */

/*
 * Walk document to its end. Comments and instructions are given to sink
 * behind it.
 *
 * Returns:  ST_OK
 *           ST_FORMAT  not well-formed, too deep, or it has a DOCTYPE; err
 *                      says which
 *           ST_NO_MEMORY, what handler or sink returned
 */
MUST_CHECK enum status
xml_walk(struct sink *sink, struct span document,
	 const struct xml_handler *handler, struct err *err);

/* The value of the attribute with this local name, or NULL. */
const char *xml_attribute(const char *const *attributes, const char *local);

/* name without its name space. */
const char *xml_local(const char *name);

/* Is it of the name spaces in which offices write text (or in none)? Programs
 * pass over what is in one that they do not know. */
bool xml_is_office(const char *name);

/* Is it in a name space? */
bool xml_is_qualified(const char *name);

/* The local name of the first element; "" when there is none. */
MUST_CHECK enum status
xml_root(struct span document, char *room, size_t room_bytes, struct err *err);

#endif
