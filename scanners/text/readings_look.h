/*
 * readings_look.h - what the readings of some bytes are found by.
 *
 * Layer:    scanners/text; private to readings*.c
 * Threads:  values
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_TEXT_READINGS_LOOK_H
#define SCANNERS_TEXT_READINGS_LOOK_H

#include "scanners/text/readings.h"

/* What a look at all bytes says. */
struct readings_traits {
	bool high;    /* bytes over 0x7f */
	bool escapes; /* ESC $ or ESC ( or SO */
	bool nuls;
	bool utf8; /* nothing in them is wrong as UTF-8 */
	size_t first_high_at;
};

struct readings_traits readings_look(struct span bytes);

/* A byte order mark, which decides nearly alone; NONE: there is none. */
enum charset readings_mark(struct span bytes);

/* The bytes that are judged. A set that was tried on all of them is not tried
 * again. */
struct readings_work {
	struct span bytes;
	struct readings_traits traits;
	enum charset tried; /* or NONE */
	struct charset_stats stats;
	struct text_kept *kept; /* what trying it gave, or NULL */
};

/* What is wrong with all of the bytes in charset; nothing is counted by
 * kind. */
const struct charset_stats *
readings_errors(struct readings_work *work, enum charset charset);

#endif
