/*
 * mime_split.h - cut the body of a multipart at its boundary lines.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated
 *
 * A boundary line is "--" boundary, optional "--", optional blanks. The line
 * end before it belongs to it. All bytes are yielded once, as parts or gaps.
 */
#ifndef SCANNERS_READERS_MIME_SPLIT_H
#define SCANNERS_READERS_MIME_SPLIT_H

#include "lib/base/span.h"

enum mime_piece_kind {
	MIME_PIECE_NONE = 0,
	MIME_PIECE_PREAMBLE,
	MIME_PIECE_PART,
	MIME_PIECE_EPILOGUE
};

struct mime_piece {
	enum mime_piece_kind kind;
	struct span bytes;
	size_t at;   /* offset in the body */
	bool closed; /* a boundary line follows it */
};

/* Set body and boundary, leave the rest zero. */
struct mime_split {
	struct span body;
	struct span boundary; /* without the dashes */
	/* A line that goes on behind the boundary is one, too (RFC 2046,
	 * 5.1.1), if a "Content-" field stands below it. */
	bool loose;
	size_t at;
	enum mime_piece_kind next;
	bool has_nul; /* a boundary line had a NUL behind the boundary */
	bool lone_cr; /* a boundary line came after, or ended with, a lone CR */
};

/* False when there is nothing more. */
bool mime_split_next(struct mime_split *split, struct mime_piece *piece_out);

/* True when some boundary line is in body. */
bool mime_split_is_used(struct span body, struct span boundary, bool loose);

/*
 * A boundary for a multipart that names none: the first line that starts
 * with "--" and is followed by what looks like a field or a blank line.
 */
bool mime_split_guess(struct span body, struct span *boundary_out);

#endif
