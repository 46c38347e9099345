/*
 * words_cursor.h - a walk over the text behind an anchor.
 *
 * Layer:    scanners/locks; for words_value.c
 * Threads:  no shared state
 * Input:    untrusted text, a secret
 *
 * Offsets are those of the folded text; behind its end stands a line end.
 */
#ifndef SCANNERS_LOCKS_WORDS_CURSOR_H
#define SCANNERS_LOCKS_WORDS_CURSOR_H

#include "scanners/locks/words_value.h"

/* Where we are behind an anchor. */
struct words_cursor {
	const struct words_anchored *in;
	const struct words_taker *taker;
	struct span text; /* folded */
	size_t at;
	bool beyond;    /* there was something between it and the anchor */
	bool separated; /* by a colon or the like: what follows is it */
	bool topic;     /* by nothing but は or が */
	bool stated;    /* by "is", which may also begin a sentence */
	bool pointed;   /* "as follows" */
	bool refused;   /* "by another mail" */
	bool took;
};

/* Does part stand here? */
bool words_cursor_has(const struct words_cursor *cursor, const char *part);
/* The length of the first of parts that does, or 0. */
size_t words_cursor_has_one(const struct words_cursor *cursor,
			    const char *const *parts, size_t count);

uint8_t words_cursor_byte(const struct words_cursor *cursor, size_t at);
struct span
words_cursor_piece(const struct words_cursor *cursor, size_t from, size_t to);

/* Give a piece in all its forms. sure: unless it cannot be a password.
 * Returns: ST_OK, what the taker said */
MUST_CHECK enum status
words_cursor_give(struct words_cursor *cursor, size_t from, size_t to,
		  bool sure, struct err *err);

/* Where the bracket that opens here ends, in this line: *from, *to of what is
 * in it, *behind of the rest. False: there is none. */
bool words_cursor_bracket(const struct words_cursor *cursor, size_t *from,
			  size_t *to, size_t *behind);

/* Without blanks around it. */
void
words_cursor_trim(const struct words_cursor *cursor, size_t *from, size_t *to);

/* Does a sentence go on at at as it does behind a password, or end? */
bool words_cursor_tail(const struct words_cursor *cursor, size_t at);

/* A quote mark, a bullet, a rule: *len bytes of it. */
bool words_cursor_ornament(const struct words_cursor *cursor, size_t *len);
/* Where the rest of the line ends without what a sentence ends with. */
size_t words_cursor_line_end(const struct words_cursor *cursor);

/* Words of a remark, not of a password. */
bool words_cursor_is_remark(struct span inner);

/* "As follows"; "by another mail": do such words stand here? */
bool words_cursor_points(const struct words_cursor *cursor);
bool words_cursor_refuses(const struct words_cursor *cursor);

/* Did the anchor say that several words follow, behind a colon? */
bool words_cursor_is_phrase(const struct words_cursor *cursor);

/* Words between "password" and the password. */
bool words_cursor_is_filler(struct span word);
bool words_cursor_is_one_of(struct span word, const char *const *words,
			    size_t count);

/* A word without what ends a part of a sentence. */
struct span words_cursor_bare(struct span word);

#endif
