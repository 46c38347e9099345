/*
 * pdf_token.h - cut the objects of a PDF file into pieces.
 *
 * Layer:    scanners/locks; private to pdf_*.c here
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated
 */
#ifndef SCANNERS_LOCKS_PDF_TOKEN_H
#define SCANNERS_LOCKS_PDF_TOKEN_H

#include "lib/base/span.h"

enum pdf_token_kind {
	PDF_TOKEN_NONE = 0,
	PDF_TOKEN_NAME,   /* behind the slash */
	PDF_TOKEN_WORD,   /* a number, R, true, … */
	PDF_TOKEN_STRING, /* what is between ( and ) */
	PDF_TOKEN_HEX,    /* what is between < and > */
	PDF_TOKEN_OPEN,   /* << or [ */
	PDF_TOKEN_CLOSE
};

struct pdf_token {
	enum pdf_token_kind kind;
	struct span text;
};

/* The next one at or after *at. False: there is none. */
bool pdf_token_next(struct span bytes, size_t *at, struct pdf_token *token_out);

/* The value of key in the dictionary whose inside starts at at: its first
 * token, and where it starts. False: it is not there. */
bool pdf_dictionary_find(struct span bytes, size_t at, const char *key,
			 size_t *value_at_out, struct pdf_token *token_out);

/* The bytes of a string, at most room_bytes. False: it is none, or longer. */
bool pdf_string_bytes(const struct pdf_token *token, uint8_t *out,
		      size_t room_bytes, size_t *len_out);

#endif
