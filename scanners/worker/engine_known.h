/*
 * engine_known.h - archives of which a member is known in clear.
 *
 * Layer:    scanners/worker; includes lib/ and scanners/locks
 * Threads:  as engine.h
 * Input:    untrusted; keys are secrets
 *
 * What is known in clear and is a member of an archive with ZipCrypto, by its
 * size and checksum, gives the keys of the archive: in seconds, whatever the
 * password is. Such files stand in the mail itself, in those of its case
 * (request.beside), and in a directory of the admin (lib/words/known_files.h).
 * Those of mails are kept for that until the mail is read.
 */
#ifndef SCANNERS_WORKER_ENGINE_KNOWN_H
#define SCANNERS_WORKER_ENGINE_KNOWN_H

#include "scanners/worker/engine_list.h"

struct engine_lock;
struct sink;

/* Files in clear, the first ones of a mail. */
struct engine_known {
	struct engine_list files;
	size_t count;
	uint64_t bytes;
};

void engine_known_done(struct engine_known *known);

/* The current object was read: keep it if it may be such a file, else let it
 * go. */
void engine_known_leave(struct sink *sink);

/*
 * Go on with locks that are closed, as far as the time goes. What is found is
 * a word from then on. Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
engine_known_find(struct sink *sink, bool *found_out, struct err *err);

#endif
