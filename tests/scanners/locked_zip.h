/* locked_zip.h - zip archives with ZipCrypto, made in a test. */
#ifndef TESTS_SCANNERS_LOCKED_ZIP_H
#define TESTS_SCANNERS_LOCKED_ZIP_H

#include "lib/base/sbuf.h"

/* An archive that grows; both buffers are the caller's. */
struct locked_zip {
	struct sbuf archive;
	struct sbuf directory;
	unsigned count;
};

void locked_zip_begin(struct locked_zip *zip);
/* A stored member. password NULL: it is not encrypted. */
void locked_zip_add(struct locked_zip *zip, const char *name,
		    const char *password, struct span content);
/* The archive is whole then. */
void locked_zip_end(struct locked_zip *zip);
void locked_zip_done(struct locked_zip *zip);

#endif
