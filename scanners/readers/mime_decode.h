/*
 * mime_decode.h - content transfer encodings, tolerantly.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Input:    untrusted; linear time; what is decoded is never longer than the
 * text
 */
#ifndef SCANNERS_READERS_MIME_DECODE_H
#define SCANNERS_READERS_MIME_DECODE_H

#include "lib/base/cpu.h"
#include "lib/base/sbuf.h"

enum mime_encoding {
	MIME_ENCODING_NONE = 0, /* not known */
	MIME_ENCODING_PLAIN,    /* 7bit, 8bit, binary; uuencode and the like */
	MIME_ENCODING_BASE64,
	MIME_ENCODING_QUOTED
};

/* What word (lower case) names. */
enum mime_encoding mime_encoding_find(struct span word);

struct mime_decoded {
	size_t junk; /* bytes that do not belong to the encoding */
	bool is_cut; /* text ends within a group (a single base64 digit, half
		      * an escape): the rest of it is missing */
};

/*
 * Append the base64 in text. "=" ends a group, not the text; other bytes are
 * skipped; those that are no white space are junk.
 */
struct mime_decoded mime_decode_base64(struct span text, struct sbuf *out);
struct mime_decoded
mime_decode_base64_by(enum cpu_way way, struct span text, struct sbuf *out);

/* Append quoted-printable text. What is no sequence stays as it is. */
struct mime_decoded mime_decode_quoted(struct span text, struct sbuf *out);
struct mime_decoded
mime_decode_quoted_by(enum cpu_way way, struct span text, struct sbuf *out);

/* As it stands in header fields, where "_" is a blank (RFC 2047, 4.2). */
void mime_decode_word_q(struct span text, struct sbuf *out);

/* Append what "%41" stands for. */
void mime_decode_percent(struct span text, struct sbuf *out);

#endif
