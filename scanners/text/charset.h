/*
 * charset.h - decode the character sets of mail to UTF-8, without files.
 *
 * Layer:    scanners/text; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; whatever is no character becomes U+FFFD and is counted
 *
 * Memory:   UTF-8 is at most CHARSET_GROWTH times the bytes (a half-width kana
 *	or a wrong byte is three), Japanese text 1.5 times; besides it a room
 *	of fixed size on the stack
 *
 * Notes on single sets:
 *	CP932        also "Shift_JIS"; rows of NEC and IBM; user-defined rows
 *		are U+E000 and up; 0x5C and 0x7E are ASCII; 0x817C is U+FF0D
 *	ISO-2022-JP  JIS X 0208 is read by the table of CP932; also JIS X 0212,
 *		0213, ESC ( I and SO half-width kana, ESC N of ISO-2022-JP-2;
 *		bytes over 0x7f read as CP932
 *	EUC-JP       the same table, so also CP51932; rows of eucJP-ms where
 *		CP51932 has none; JIS X 0212, and 0213 where nothing else is
 *	GB           GB 18030, in which a firm in China writes Japanese; EUC-KR
 *		has its digits at the same place
 *	Big5         only digits and ASCII are meant to be right
 *	Latin-1      read as Windows-1252; also every other one-byte set: their
 *		digits are ASCII
 */
#ifndef SCANNERS_TEXT_CHARSET_H
#define SCANNERS_TEXT_CHARSET_H

#include "lib/base/sbuf.h"

enum charset {
	CHARSET_NONE = 0, /* not known */
	CHARSET_ASCII,
	CHARSET_UTF8,
	CHARSET_UTF7,
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_UTF16, /* by its mark, else big-endian */
	CHARSET_UTF32LE,
	CHARSET_UTF32BE,
	CHARSET_ISO2022JP,
	CHARSET_ISO2022JP_KEEP, /* a line end does not switch to ASCII */
	CHARSET_ISO2022JP_LOST, /* something on the way took away every ESC */
	CHARSET_CP932,
	CHARSET_EUCJP,
	CHARSET_GB, /* GB 2312, GBK, GB 18030, EUC-KR */
	CHARSET_BIG5,
	CHARSET_LATIN1,
	CHARSET_END
};

enum { CHARSET_GROWTH = 3 };

/* What decoding saw; ASCII is not counted. */
struct charset_stats {
	uint64_t errors;       /* bytes that are no character, and controls */
	size_t first_error_at; /* when there are errors */
	uint64_t kana;         /* full-width kana and Japanese punctuation */
	uint64_t kanji;
	uint64_t common;    /* those of the kanji that are frequent (level 1) */
	uint64_t half_kana; /* half-width kana */
	uint64_t wide;      /* full-width ASCII */
	uint64_t other;
	bool line_switch; /* ISO-2022-JP: a line end ended two-byte text */
};

/* The set that name means, in any case and with any of the usual spellings.
 * CHARSET_NONE when the name is not known. */
enum charset charset_find(struct span name);

/* Append bytes to out as UTF-8. A byte order mark is left out. Failure of out
 * is sticky in out. */
void charset_decode(enum charset charset, struct span bytes, struct sbuf *out);

/* As charset_decode(), but nothing is kept. By kind costs more; without it,
 * *stats_out says of errors and line_switch only. */
enum charset_look {
	CHARSET_LOOK_NONE = 0,
	CHARSET_LOOK_ERRORS,
	CHARSET_LOOK_KINDS
};
void charset_look_at(enum charset charset, struct span bytes,
		     enum charset_look look, struct charset_stats *stats_out);

/* Both at once: decode, and say what is wrong. */
void charset_decode_stats(enum charset charset, struct span bytes,
			  struct sbuf *out, struct charset_stats *stats_out);

/* UTF-8 and ASCII without the mark that may stand before them. */
struct span charset_skip_mark(enum charset charset, struct span bytes);

/* True when bytes are UTF-8 as they stand, where charset is that or ASCII or
 * not known: *text_out is then the text, without a mark, borrowed. */
bool charset_is_plain(enum charset charset, struct span bytes,
		      struct span *text_out);

#endif
