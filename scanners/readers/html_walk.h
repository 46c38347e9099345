/*
 * html_walk.h - cut HTML into text, tags and what is hidden.
 *
 * Layer:    scanners/readers; includes lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated
 */
#ifndef SCANNERS_READERS_HTML_WALK_H
#define SCANNERS_READERS_HTML_WALK_H

#include "lib/base/span.h"

enum html_piece_kind {
	HTML_PIECE_NONE = 0,
	HTML_PIECE_TEXT,    /* references not yet replaced */
	HTML_PIECE_OPEN,    /* <name attributes> */
	HTML_PIECE_CLOSE,   /* </name> */
	HTML_PIECE_COMMENT, /* also <!…>, <?…> */
	HTML_PIECE_RAW      /* inside of script and style */
};

struct html_piece {
	enum html_piece_kind kind;
	struct span name;  /* of a tag, or the element of a raw text */
	struct span bytes; /* text, comment; attributes of a tag */
};

/* Set text, leave the rest zero. */
struct html_walk {
	struct span text;
	size_t at;
	struct span raw; /* the element whose raw text comes next */
	bool no_comment_end;
	bool no_raw_end;
};

/* False at the end. */
bool html_walk_next(struct html_walk *walk, struct html_piece *piece_out);

struct html_attribute {
	struct span name;
	struct span value; /* without quotes, references not replaced */
};

/* Step through the attributes of a tag; *at starts at 0. */
bool html_attribute_next(struct span attributes, size_t *at,
			 struct html_attribute *attribute_out);

#endif
