/*
 * file.h - a file as an answer: where its bytes come from, which are wanted.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  belongs to one thread at a time
 */
#ifndef QUARANTINE_UI_HTTP_FILE_H
#define QUARANTINE_UI_HTTP_FILE_H

#include "lib/base/sbuf.h"

/* What went out of a file. */
struct http_sent {
	uint64_t first;
	uint64_t len_bytes;
	bool complete; /* all that was asked for */
};

/* At most so many bytes at a time are asked for: 64 KiB and the tag of a
 * sealed chunk, so that it can be opened in place. */
enum { HTTP_FILE_BLOCK_BYTES = 64 * 1024 + 16 };

/* Where the bytes of a file come from while it is sent. Both are called from
 * the thread that does input and output, and must not wait for anybody. */
struct http_source {
	void *context;
	uint64_t total_bytes;
	/* Up to room bytes from offset on, at least one; all of out is the
	 * source's to use. */
	enum status (*read)(void *context, uint64_t offset, void *out,
			    size_t room, size_t *len_out);
	/* The last call, in any case; context may be released. */
	void (*end)(void *context, const struct http_sent *sent);
};

enum { HTTP_MAX_ETAG_BYTES = 100, HTTP_MAX_DISPOSITION_BYTES = 4000 };

/* A file instead of a body; none when source.read is NULL. */
struct http_file {
	struct http_source source;
	uint64_t owner; /* whose: bounds how many at once */
	uint64_t first, len_bytes;
	struct sbuf etag;
	struct sbuf range;       /* Content-Range, or "" */
	struct sbuf disposition; /* Content-Disposition */
};

#endif
