/*
 * xml_piece.h - cut XML into text, tags and the rest, whatever its faults.
 *
 * Layer:    scanners/readers; includes lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time, nothing is allocated
 *
 * For XML of any kind, read as text; xml_walk.h is for the parts of office
 * documents, which must be well-formed.
 */
#ifndef SCANNERS_READERS_XML_PIECE_H
#define SCANNERS_READERS_XML_PIECE_H

#include "lib/base/span.h"

enum xml_piece_kind {
	XML_PIECE_NONE = 0,
	XML_PIECE_TEXT,        /* references not yet replaced */
	XML_PIECE_CDATA,       /* text as it stands */
	XML_PIECE_OPEN,        /* <name attributes> */
	XML_PIECE_EMPTY,       /* <name attributes/> */
	XML_PIECE_CLOSE,       /* </name> */
	XML_PIECE_COMMENT,     /* also of other declarations */
	XML_PIECE_INSTRUCTION, /* <?…?> */
	XML_PIECE_DOCTYPE      /* with its internal subset */
};

struct xml_piece {
	enum xml_piece_kind kind;
	struct span name;  /* of a tag, with its prefix */
	struct span bytes; /* text or what else is inside; attributes */
};

/* Set text, leave the rest zero. */
struct xml_pieces {
	struct span text;
	size_t at;
	bool no_comment_end; /* none follows any more: no need to search */
	bool no_cdata_end;
	bool no_instruction_end;
	bool no_subset_end;
};

/* False at the end. */
bool xml_piece_next(struct xml_pieces *pieces, struct xml_piece *piece_out);

/* A name without its prefix. */
struct span xml_piece_local(struct span name);

#endif
