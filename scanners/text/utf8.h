/*
 * utf8.h - step through UTF-8 and write it, one code point at a time.
 *
 * Layer:    scanners/text; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; what is no UTF-8 reads as U+FFFD, one byte at a time
 */
#ifndef SCANNERS_TEXT_UTF8_H
#define SCANNERS_TEXT_UTF8_H

#include "lib/base/sbuf.h"

enum { UTF8_REPLACEMENT = 0xFFFD, UTF8_MAX_BYTES = 4 };

/* The code point of a sequence of more than one byte at *at; moves *at on. */
uint32_t utf8_next_long(struct span text, size_t *at);

/* The code point at *at, which must be below text.len_bytes; moves *at on. */
static inline uint32_t
utf8_next(struct span text, size_t *at)
{
	const uint8_t first = text.ptr[*at];

	if (first >= 0x80)
		return utf8_next_long(text, at);
	(*at)++;
	return first;
}

/* Move at back to the start of the code point before it (0 stays 0). */
static inline size_t
utf8_back(struct span text, size_t at)
{
	size_t back = at;

	while (back > 0 && at - back < UTF8_MAX_BYTES) {
		back--;
		if ((text.ptr[back] & 0xC0) != 0x80)
			return back;
	}
	return at > 0 ? at - 1 : 0;
}

/* Write cp to room; returns the bytes used, 1 to 4. */
size_t utf8_encode(uint32_t cp, uint8_t room[UTF8_MAX_BYTES]);

/* Append cp to out. */
void utf8_put(struct sbuf *out, uint32_t cp);

/* Are there two kana or kanji in a row somewhere? In bytes of another set that
 * is hardly an accident. Of long texts pieces all over them are looked at. */
bool utf8_has_japanese(struct span bytes);

#endif
