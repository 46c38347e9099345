/*
 * mime_decode.h - content transfer encodings, tolerantly.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_READERS_MIME_DECODE_H
#define SCANNERS_READERS_MIME_DECODE_H

#include "lib/base/sbuf.h"

enum mime_encoding {
	MIME_ENCODING_NONE = 0, /* not known */
	MIME_ENCODING_PLAIN,    /* 7bit, 8bit, binary */
	MIME_ENCODING_BASE64,
	MIME_ENCODING_QUOTED,
	MIME_ENCODING_UU
};

/* What word (lower case) names. */
enum mime_encoding mime_encoding_find(struct span word);

/*
 * Append the base64 in text. "=" ends a group, not the text; other bytes are
 * skipped. Returns how many bytes were skipped that are no white space.
 */
size_t mime_decode_base64(struct span text, struct sbuf *out);

/* True when text ends in the middle of a group (a single base64 digit, half a
 * quoted-printable escape): the rest of it is missing. */
bool mime_encoding_is_cut(enum mime_encoding encoding, struct span text);

/* Append quoted-printable text; header_q: "_" is a blank. What is no
 * sequence stays as it is. */
enum mime_quoted { MIME_QUOTED_NONE = 0, MIME_QUOTED_BODY, MIME_QUOTED_WORD };
void
mime_decode_quoted(struct span text, enum mime_quoted kind, struct sbuf *out);

/* Append what "%41" stands for. */
void mime_decode_percent(struct span text, struct sbuf *out);

/* A file in uuencode (or "begin-base64") within a text. */
struct mime_uu {
	struct span name; /* borrowed from the text */
	size_t start_at;  /* of its "begin" line */
	size_t end_at;    /* behind its "end" line */
};

/*
 * Find the next one at or after at and append its bytes to out.
 * False when there is none.
 */
bool mime_uu_next(struct span text, size_t at, struct mime_uu *uu_out,
		  struct sbuf *out);

#endif
