/*
 * preview_mask.h - hide numbers in the lines of a preview.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted UTF-8; linear time
 *
 * The rule stands in lib/report/preview.h. Everything that is no letter counts
 * as a separator, so that no odd mark lets a number through; what cannot be
 * seen does not even end a run. Digits are those of every script, and what
 * people write for digits: kanji, circled, raised.
 */
#ifndef SCANNERS_DETECT_PREVIEW_MASK_H
#define SCANNERS_DETECT_PREVIEW_MASK_H

#include "lib/base/sbuf.h"

enum {
	PREVIEW_MASK_RUN = 5,  /* digits in a row that are hidden */
	PREVIEW_MASK_CHAIN = 9 /* digits with only separators between */
};

/* The bytes of a hidden digit, in a line that has been through. */
enum { PREVIEW_HIDDEN = 0x01, PREVIEW_HIDDEN_REST = 0x02 };

struct preview_mask_digit {
	uint8_t *at;
	size_t len_bytes;
	bool *hidden;
};

/* Over the lines of one part, in order. */
struct preview_mask {
	bool reveal; /* say where numbers are, and leave them */
	/* The digits that may still have to be hidden. */
	struct preview_mask_digit waiting[PREVIEW_MASK_CHAIN - 1];
	size_t chain; /* digits since the last letter */
	size_t run;
};

/*
 * The next line, or (joined) more of the last one. Its digits may be hidden by
 * a later call: bytes and *hidden_out, set when a digit of the line belongs to
 * a number, must stay until the last line is through.
 */
void preview_mask_line(struct preview_mask *mask, uint8_t *bytes,
		       size_t len_bytes, bool joined, bool *hidden_out);

/* Lines were left out here: whatever digits stand beside the gap may belong to
 * theirs, and are hidden up to the next letters. */
void preview_mask_gap(struct preview_mask *mask);

/* How long preview_mask_write() makes it. */
size_t preview_mask_bytes(struct span line);

/* Append a line that has been through, what is hidden as U+25CF. */
void preview_mask_write(struct span line, struct sbuf *out);

#endif
