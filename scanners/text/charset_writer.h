/*
 * charset_writer.h - where the decoders of charset_*.c put code points.
 *
 * Layer:    scanners/text; private to charset_*.c
 *
 * Collects in a small room first: one call to sbuf_add() for each character
 * would cost more than decoding it.
 */
#ifndef SCANNERS_TEXT_CHARSET_WRITER_H
#define SCANNERS_TEXT_CHARSET_WRITER_H

#include "scanners/text/charset.h"
#include "scanners/text/utf8.h"

enum { CHARSET_ROOM_BYTES = 4096, CHARSET_GETA = 0x3013 };

struct charset_writer {
	uint8_t room[CHARSET_ROOM_BYTES + UTF8_MAX_BYTES];
	size_t used_bytes;
	struct sbuf *out;
	struct charset_stats stats;
};

void charset_flush(struct charset_writer *writer);

/* Count and write a code point over U+007F. */
void charset_put_wide(struct charset_writer *writer, uint32_t cp);

static inline void
charset_put(struct charset_writer *writer, uint32_t cp)
{
	if (cp >= 0x80) {
		charset_put_wide(writer, cp);
		return;
	}
	writer->room[writer->used_bytes++] = (uint8_t)cp;
	if (writer->used_bytes >= CHARSET_ROOM_BYTES)
		charset_flush(writer);
}

static inline void
charset_put_error(struct charset_writer *writer)
{
	writer->stats.errors++;
	charset_put_wide(writer, UTF8_REPLACEMENT);
}

/* Two bytes of CP932; false (and nothing written) when they are none. */
bool
charset_put_cp932(struct charset_writer *writer, uint8_t lead, uint8_t trail);

/* Row and column (0x21 to 0x7e) of JIS X 0208 with the rows of NEC and IBM.
 * False when there is no such character. */
bool
charset_put_jis(struct charset_writer *writer, uint8_t row, uint8_t column);

/* The decoders. */
void charset_decode_utf16(struct charset_writer *writer, struct span bytes,
			  bool big_endian);
void charset_decode_utf32(struct charset_writer *writer, struct span bytes,
			  bool big_endian);
void charset_decode_utf7(struct charset_writer *writer, struct span bytes);
void charset_decode_iso2022jp(struct charset_writer *writer, struct span bytes,
			      bool keep);
void charset_decode_cp932(struct charset_writer *writer, struct span bytes);
void charset_decode_eucjp(struct charset_writer *writer, struct span bytes);
void charset_decode_gb(struct charset_writer *writer, struct span bytes);
void charset_decode_big5(struct charset_writer *writer, struct span bytes);

#endif
