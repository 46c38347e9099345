/*
 * encoded_block.h - base64 that stands in a text without saying so.
 *
 * Layer:    scanners/readers; includes only lib/
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 *
 * Shape:    32 and more letters of base64 in a row, anywhere in a line, and
 *           the lines of the same length behind them, the last of which may
 *           be shorter. A quote's "> " and blanks may stand before a line.
 *
 * A mail's part that came under the wrong name, or was copied into a text,
 * looks like that; so do keys and check sums. So it is a block only when what
 * it holds begins as a file of a known kind, or as text in UTF-8 does.
 */
#ifndef SCANNERS_READERS_ENCODED_BLOCK_H
#define SCANNERS_READERS_ENCODED_BLOCK_H

#include "lib/base/sbuf.h"

struct encoded_block {
	struct span letters;
	size_t at;
	bool file; /* by its signature; else it is text so far */
};

/* The next block that begins at or behind at. */
bool encoded_block_find(struct span text, size_t at,
			struct encoded_block *block_out);

/*
 * Append what block holds. False, and nothing is appended, when it is no text
 * after all.
 */
bool encoded_block_read(const struct encoded_block *block, struct sbuf *out);

#endif
