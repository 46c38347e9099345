/*
 * known_plain.h - what is known in clear of the members of a zip archive.
 *
 * Layer:    scanners/locks
 * Threads:  no shared state
 * Input:    untrusted archive
 *
 * Two sources: a file that is known in clear and that the archive names by
 * size and CRC-32; and the first bytes of files that are not compressed, or in
 * blocks that are not, where the program that wrote them always writes the
 * same. Of compressed members nothing is known but by a whole file.
 */
#ifndef SCANNERS_LOCKS_KNOWN_PLAIN_H
#define SCANNERS_LOCKS_KNOWN_PLAIN_H

#include "lib/base/status.h"
#include "scanners/locks/known_run.h"

enum {
	/* More of a file makes no search shorter. */
	KNOWN_PLAIN_BYTES = 16 * 1024
};

struct known_plain {
	struct known_run run; /* plain is room's */
	uint8_t *room;
};
void known_plain_done(struct known_plain *plain);

/*
 * Guess number *index of what the member that is file, which is known in
 * clear, is in the archive: as it is, or compressed as zlib does with one of
 * its settings, when that has the right size. *index starts at 0.
 *
 * Takes:    archive is borrowed until known_plain_done()
 * Returns:  ST_OK, and *index is the next one; ST_NOT_FOUND there are no
 *           more: no member is the file, or another program packed it;
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
known_plain_of_file(struct span archive, struct span file, size_t *index,
		    struct known_plain *plain, struct err *err);

/*
 * Guess number *index by the first bytes; the likeliest to be quick first.
 * Returns:  ST_OK, and *index is the next one; ST_NOT_FOUND there are no
 *           more; ST_NO_MEMORY
 */
MUST_CHECK enum status
known_plain_guess(struct span archive, size_t *index, struct known_plain *plain,
		  struct err *err);

#endif
