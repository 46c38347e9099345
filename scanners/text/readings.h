/*
 * readings.h - in which character sets some bytes may be meant.
 *
 * Layer:    scanners/text; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; linear time, at most a few passes over the bytes
 *
 * A declared set is often wrong or absent. When it decodes without an error
 * and nothing speaks against it, it is the only reading; else the plausible
 * ones are listed, best first, and all of them are scanned.
 */
#ifndef SCANNERS_TEXT_READINGS_H
#define SCANNERS_TEXT_READINGS_H

#include "scanners/text/charset.h"

enum { TEXT_MAX_READINGS = 8 };

struct text_readings {
	enum charset charsets[TEXT_MAX_READINGS];
	size_t count; /* at least 1 */
	bool unknown; /* a set was declared that we do not have, and the bytes
		       * are not plain ASCII */
	bool utf8;    /* nothing in the bytes is wrong as UTF-8 */
};

/* What bytes are in a set that had to be tried on all of them. */
struct text_kept {
	enum charset charset; /* NONE: nothing was kept */
	struct sbuf text;     /* the caller's, empty */
};

/* declared is a name as found in the mail, or empty. */
void text_find_readings(struct span bytes, struct span declared,
			struct text_readings *readings_out);

/*
 * The same, and the text in the first reading is kept where it had to be made
 * on the way; else kept->text is released and kept->charset NONE.
 */
void
text_keep_readings(struct span bytes, struct span declared,
		   struct text_kept *kept, struct text_readings *readings_out);

/* True when bytes look like text at all: hardly any control bytes in some
 * reading. Looks at the first few KB only. */
bool text_is_plausible(struct span bytes);

/*
 * Append the one most plausible reading of bytes to out, for names and header
 * fields. Raw 8-bit and raw ISO-2022-JP are understood.
 */
void
text_decode_best(struct span bytes, struct span declared, struct sbuf *out);

#endif
