/*
 * pdf_tokens.h - what objects and the operators of pages are made of.
 *
 * Layer:    scanners/pdf; no poppler
 * Threads:  no shared state
 * Input:    untrusted; linear time
 *
 * Shape:    "/Name", "(literal \( \051 text)", "<hexadecimal>", "<<" and ">>",
 *           "12", and words: obj, R, Tj (ISO 32000-1, 7.2 to 7.3). There are
 *           no errors: what is none of these is stepped over.
 */
#ifndef SCANNERS_PDF_PDF_TOKENS_H
#define SCANNERS_PDF_PDF_TOKENS_H

#include "lib/base/sbuf.h"

enum { TOKEN_NAME_BYTES = 64 };

enum token {
	TOKEN_NONE = 0, /* a byte of no meaning here */
	TOKEN_NAME,
	TOKEN_STRING,
	TOKEN_NUMBER, /* an integer of at most nine digits */
	TOKEN_WORD,
	TOKEN_OPEN, /* << */
	TOKEN_CLOSE
};

struct tokens {
	struct span bytes;
	size_t at;
	char name[TOKEN_NAME_BYTES]; /* the last one, its escapes undone */
	char word[TOKEN_NAME_BYTES];
	uint32_t number;
	size_t endless;   /* strings without an end */
	struct sbuf text; /* of a string; empty for all else */
};

void tokens_init(struct tokens *tokens, struct span bytes);
void tokens_done(struct tokens *tokens);

/* Move over one token; false at the end. */
bool tokens_next(struct tokens *tokens, enum token *token_out);

#endif
