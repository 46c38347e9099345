/*
 * charset.h - decode the character sets of mail to UTF-8, without files.
 *
 * Layer:    scanners/text; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; whatever is no character becomes U+FFFD and is counted
 *
 * Notes on single sets:
 *	ISO-2022-JP  every 94x94 set is read by the CP932 table (NEC and IBM
 *		rows included), since digits stand in row 3 of all of them;
 *		ESC ( I and SO half-width kana; bytes over 0x7f read as CP932
 *	CP932        also "Shift_JIS"; user-defined rows are U+E000 and up
 *	EUC-JP       eucJP-ms; JIS X 0212 reads as U+3013 (no digits there)
 *	GB, Big5     only digits and ASCII are meant to be right
 *	Latin-1      also every other one-byte set: their digits are ASCII
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
	CHARSET_CP932,
	CHARSET_EUCJP,
	CHARSET_GB, /* GB 2312, GBK, GB 18030, EUC-KR */
	CHARSET_BIG5,
	CHARSET_LATIN1,
	CHARSET_END
};

/* What decoding saw; ASCII is not counted. */
struct charset_stats {
	uint64_t errors; /* bytes that are no character, and controls */
	uint64_t kana;   /* full-width kana and Japanese punctuation */
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

/* Append bytes to out as UTF-8. *stats_out may be NULL. A byte order mark is
 * left out. Failure of out is sticky in out. */
void charset_decode(enum charset charset, struct span bytes, struct sbuf *out,
		    struct charset_stats *stats_out);

#endif
