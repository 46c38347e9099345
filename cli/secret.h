/*
 * secret.h - passwords and passphrases, never from the command line.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "lib/base/sbuf.h"

enum secret_source {
	SECRET_SOURCE_NONE = 0,
	SECRET_SOURCE_TERMINAL, /* without echo */
	SECRET_SOURCE_STDIN     /* one line */
};

enum { SECRET_MAX_BYTES = 1024 };

/*
 * Read a secret; prompt is shown on a terminal. secret is empty and was made
 * by sbuf_init_secret().
 * Returns: ST_OK; ST_NOT_FOUND there is no terminal, or no line; ST_END it was
 *          stopped (Ctrl-C); ST_LIMIT too long; ST_IO
 */
MUST_CHECK enum status
secret_read(enum secret_source source, const char *prompt, struct sbuf *secret,
	    struct err *err);

/* As secret_read(); on a terminal it is asked for twice.
 * ST_FORMAT: the two differ. */
MUST_CHECK enum status
secret_read_new(enum secret_source source, const char *prompt,
		struct sbuf *secret, struct err *err);

#endif
