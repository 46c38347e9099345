/*
 * zip_read.h - read a zip archive in both ways and give the union.
 *
 * Layer:    scanners/readers
 * Threads:  no shared state
 * Input:    untrusted
 *
 * By the central directory, and by a walk of the local headers; what only one
 * of them shows, or both show differently, is read as well and makes the
 * archive ambiguous. Then whatever looks like a local header is read, too,
 * also inside of other entries.
 */
#ifndef SCANNERS_READERS_ZIP_READ_H
#define SCANNERS_READERS_ZIP_READ_H

#include "scanners/readers/sink.h"

/* One member. */
struct zip_member {
	const char *name; /* UTF-8 */
	struct span bytes;
	uint8_t **owned;  /* malloc block of bytes; set to NULL by a taker */
	bool locked;      /* encrypted: no bytes */
	const char *lock; /* static: how ("zip: AES-256"), or NULL */
};

struct zip_taker {
	enum status (*take)(void *context, const struct zip_member *member,
			    struct err *err);
	void *context;
	/* As in struct child: then only what is encrypted is given. */
	const struct span *passwords;
	size_t password_count;
	/* The entries of the directory, and no word about what is odd. */
	bool listed_only;
};

/*
 * Returns:  ST_OK      everything that could be read was given to taker; the
 *                      rest was reported to sink as opaque
 *           ST_FORMAT  nothing in it is an archive
 *           what taker or sink returned
 */
MUST_CHECK enum status
zip_read_all(struct sink *sink, struct span archive,
	     const struct zip_taker *taker, struct err *err);

#endif
