/*
 * pdf_decode.h - the filters of streams that poppler gives nobody.
 *
 * Layer:    scanners/pdf; no poppler
 * Threads:  no shared state
 * Input:    untrusted; linear time, memory only for what comes out
 *
 * Shape:    /Filter/FlateDecode or /Filter[/ASCII85Decode/LZWDecode], with
 *           /DecodeParms for the differences between rows (ISO 32000-1, 7.4)
 */
#ifndef SCANNERS_PDF_PDF_DECODE_H
#define SCANNERS_PDF_PDF_DECODE_H

#include "lib/base/sbuf.h"

enum decode_result {
	DECODE_NONE = 0,
	DECODE_WHOLE,
	DECODE_BROKEN,  /* out has what came before that */
	DECODE_LIMIT,   /* out has max_bytes at least */
	DECODE_FOREIGN, /* a filter of pictures, which is not undone */
	DECODE_UNKNOWN
};

/* Append data of a stream, all filters undone, to out. A failure of out is
 * sticky in it. */
enum decode_result pdf_decode(struct span dictionary, struct span data,
			      size_t max_bytes, struct sbuf *out);

/* The number that entry name ("/N") of a dictionary is, or fallback. */
uint32_t
pdf_decode_number(struct span dictionary, const char *name, uint32_t fallback);

/* pdf_decode_flate.c */
enum decode_result
pdf_decode_flate(struct span data, size_t max_bytes, struct sbuf *out);

/* pdf_decode_lzw.c; early: codes grow one entry before they must. */
enum decode_result pdf_decode_lzw(struct span data, bool early,
				  size_t max_bytes, struct sbuf *out);

/* pdf_decode_rows.c: rows are differences to the one above (PNG), or bytes to
 * those before them (TIFF). */
struct decode_rows {
	uint32_t predictor;
	uint32_t colors;
	uint32_t bits;
	uint32_t columns;
};
enum decode_result pdf_decode_rows(const struct decode_rows *rows,
				   struct span data, struct sbuf *out);

#endif
