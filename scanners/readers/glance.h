/*
 * glance.h - what all readers want to know of an object, found in one pass.
 *
 * Layer:    scanners/readers; includes lib/base and scanners/text
 * Threads:  one scan is one thread
 * Input:    untrusted; linear time, nothing is allocated
 *
 * Several readers look for a mark that may stand anywhere. Each pass of its own
 * costs as much as all that is done with a dull text later, so that one pass
 * looks for all of them, when the first reader asks, and the engine keeps the
 * answer beside the object (struct child).
 */
#ifndef SCANNERS_READERS_GLANCE_H
#define SCANNERS_READERS_GLANCE_H

#include "lib/base/cpu.h"
#include "scanners/readers/sink.h"

enum { GLANCE_LETTERS = 32 };

/* The first of each; the end of the bytes when there is none. */
struct glance_marks {
	size_t file_at;    /* a line that may begin a file (encoded_file.h) */
	size_t letters_at; /* GLANCE_LETTERS letters of base64 in a row */
	size_t armor_at;   /* "-----BEGIN " */
	size_t end_at;     /* "startxref", near the end of PDF */
};

enum glance_answer {
	GLANCE_ANSWER_NONE = 0,
	GLANCE_ANSWER_NO,
	GLANCE_ANSWER_YES
};

/* Of these bytes; the rest is 0 until asked for. */
struct glance {
	struct span bytes;
	enum glance_answer text;
	bool searched;
	struct glance_marks marks;
};

/* Of body. Asked again they cost nothing where hint is about the same bytes
 * and has room for the answer. */
struct glance_marks glance_marks(struct span body, const struct child *hint);

/* text_is_plausible() */
bool glance_is_text(struct span body, const struct child *hint);

/* The pass, in a way that cpu_can() be gone. */
struct glance_marks glance_search(enum cpu_way way, struct span bytes);

#endif
