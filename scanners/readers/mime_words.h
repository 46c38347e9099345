/*
 * mime_words.h - encoded words (RFC 2047) in header fields.
 *
 * Layer:    scanners/readers; includes lib/base and scanners/text
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_READERS_MIME_WORDS_H
#define SCANNERS_READERS_MIME_WORDS_H

#include "scanners/text/charset.h"

/*
 * Append value, unfolded and decoded, to out as UTF-8. Words of one charset
 * that follow each other are joined before decoding, since mailers split
 * characters between them. What stands outside of words is read as raw.
 *
 * A word may be meant in several sets, however it is labelled: index chooses
 * among its readings (text/readings.h) from 0, the best.
 * Returns how many readings the word has that has most, at least 1.
 */
size_t mime_words_decode(struct span value, enum charset raw, size_t index,
			 struct sbuf *out);

#endif
