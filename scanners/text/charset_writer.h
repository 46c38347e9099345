/*
 * charset_writer.h - where the decoders of charset_*.c put characters.
 *
 * Layer:    scanners/text; private to charset_*.c
 *
 * A decoder reads a block of its input, writes UTF-8 at writer->place without
 * looking how much room is left, and flushes: a block has room for the worst
 * that may come of it, and for a few bytes that are written before it is known
 * that they do not count.
 */
#ifndef SCANNERS_TEXT_CHARSET_WRITER_H
#define SCANNERS_TEXT_CHARSET_WRITER_H

#include <string.h>

#include "scanners/text/charset.h"
#include "scanners/text/utf8.h"

enum {
	CHARSET_BLOCK_BYTES = 4096,
	CHARSET_SLACK_BYTES = 1024,
	CHARSET_ROOM_BYTES =
		CHARSET_BLOCK_BYTES * CHARSET_GROWTH + CHARSET_SLACK_BYTES
};

struct charset_writer {
	uint8_t *place;   /* in room */
	struct sbuf *out; /* NULL: nothing is kept */
	bool counts;      /* what was written is counted by kind */
	struct charset_stats stats;
	uint8_t room[CHARSET_ROOM_BYTES];
};

void charset_flush(struct charset_writer *writer);

/* Where the block ends that starts at at. */
static inline size_t
charset_block_end(struct span bytes, size_t at)
{
	return bytes.len_bytes - at > CHARSET_BLOCK_BYTES
		       ? at + CHARSET_BLOCK_BYTES
		       : bytes.len_bytes;
}

/* Write a code point of the basic plane from U+0800 on. */
static inline uint8_t *
charset_three(uint8_t *place, uint32_t cp)
{
	place[0] = (uint8_t)(0xE0 | cp >> 12);
	place[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
	place[2] = (uint8_t)(0x80 | (cp & 0x3F));
	return place + 3;
}

static inline uint8_t *
charset_put(uint8_t *place, uint32_t cp)
{
	return place + utf8_encode(cp, place);
}

/* The byte at at is no character. */
static inline uint8_t *
charset_put_error(struct charset_writer *writer, uint8_t *place, size_t at)
{
	if (writer->stats.errors++ == 0)
		writer->stats.first_error_at = at;
	return charset_three(place, UTF8_REPLACEMENT);
}

/*
 * The character of row and column (from 0, below JIS_ROWS) in a set that is
 * no part of CP932. Returns place when there is none.
 */
uint8_t *charset_put_x0212(uint8_t *place, unsigned row, unsigned column);
uint8_t *charset_put_x0213(uint8_t *place, unsigned plane, unsigned row,
			   unsigned column);

/* As above for GB 2312; U+FFFD when there is none. */
uint8_t *charset_put_gb(uint8_t *place, unsigned row, unsigned column);

/* One character of CP932 over 0x7f that starts at *at. */
uint8_t *charset_put_cp932(struct charset_writer *writer, struct span bytes,
			   size_t *at, uint8_t *place);

/* The decoders. */
void charset_decode_utf16(struct charset_writer *writer, struct span bytes,
			  bool big_endian);
void charset_decode_utf32(struct charset_writer *writer, struct span bytes,
			  bool big_endian);
void charset_decode_utf7(struct charset_writer *writer, struct span bytes);
void charset_decode_utf8(struct charset_writer *writer, struct span bytes);
void charset_decode_latin1(struct charset_writer *writer, struct span bytes);
void charset_decode_iso2022jp(struct charset_writer *writer, struct span bytes,
			      enum charset charset);
void charset_decode_cp932(struct charset_writer *writer, struct span bytes);
void charset_decode_eucjp(struct charset_writer *writer, struct span bytes);
void charset_decode_gb(struct charset_writer *writer, struct span bytes);
void charset_decode_big5(struct charset_writer *writer, struct span bytes);

#endif
