/*
 * mime_header.h - walk the header of a mail or part, and take values apart.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated but by sbufs
 *
 * Lenient: a lone CR ends a line, blanks may stand before the colon, lines
 * that are no field are skipped. What other programs may read otherwise is
 * marked in the walk, and the reader calls the mail ambiguous.
 */
#ifndef SCANNERS_READERS_MIME_HEADER_H
#define SCANNERS_READERS_MIME_HEADER_H

#include "lib/base/sbuf.h"

/* Find the end of the line that starts at at: the offset behind its line end
 * (LF, CR LF, CR or CR CR LF). *text_out is the line without it. */
size_t mime_line(struct span bytes, size_t at, struct span *text_out);

bool mime_is_space(uint8_t c);

/* Without blanks and line ends at both ends. */
struct span mime_trim(struct span text);

/* Behind the comment that starts at at; nested ones and escapes count. */
size_t mime_skip_comment(struct span value, size_t at);

struct mime_field {
	struct span name;  /* without blanks */
	struct span value; /* with its folds, without the last line end */
};

/* Set bytes, leave the rest zero. */
struct mime_header_walk {
	struct span bytes;
	size_t at;      /* after the end: where the body starts */
	size_t fields;  /* how many were found */
	size_t junk_at; /* offset of the first line that is no field */
	bool has_junk;
	bool has_lone_cr;
};

/* Step to the next field. False at the end of the header. */
bool
mime_field_next(struct mime_header_walk *walk, struct mime_field *field_out);

/* Control characters in a field's name do not count: some programs leave them
 * out. */
bool mime_field_is(const struct mime_field *field, const char *name);

/* Are there control characters in text, besides blanks and line ends? */
bool mime_has_control(struct span text);

/*
 * Write the first word of a structured value to word ("text/plain" of
 * "Text/Plain (x); charset=…", "base64" of "base64;"): lower case, comments
 * and quotes taken off, cut when it is longer than any word that means
 * something.
 */
enum { MIME_WORD_BYTES = 128 };
void mime_value_word(struct span value, char word[MIME_WORD_BYTES]);

/* Parameters of a value: name=value, as they stand, in order. */
struct mime_param {
	struct span name;  /* "filename*0*" */
	struct span value; /* raw; quotes still around it */
};
struct mime_param_walk {
	struct span value;
	size_t at;         /* 0: before the first */
	bool plain_parens; /* "(" does not start a comment */
};
bool
mime_param_next(struct mime_param_walk *walk, struct mime_param *param_out);

/* Append a raw parameter value without quotes, escapes and folds. */
void mime_param_text(struct span raw, struct sbuf *out);

/*
 * Append the value of the parameter name to out as UTF-8: RFC 2231 with its
 * continuations and charset first, else the plain one with RFC 2047 words and
 * raw 8-bit bytes decoded. False when there is none.
 */
bool mime_param_find(struct span value, const char *name, struct sbuf *out);

/* As mime_param_find() for every plain occurrence and the RFC 2231 one, in
 * bytes as meant for comparison (boundaries). index counts from 0; false
 * when there are not so many. */
bool mime_param_variant(struct span value, const char *name, size_t index,
			struct sbuf *out);

/* Is the parameter name there more than once, and not with the same value?
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status mime_param_differs(struct span value, const char *name,
					  bool *differs_out);

#endif
