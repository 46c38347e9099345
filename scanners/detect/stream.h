/*
 * stream.h - follow the text of one part: labels, numbers, what is between.
 *
 * Layer:    scanners/detect
 * Threads:  a stream belongs to one scan
 * Input:    untrusted text; linear time, memory bounded by STREAM_ROOM_BYTES
 *
 * Text comes in pieces of any size. A number is handed on when it is known
 * what follows it within a page's distance. Labels and other numbers matter
 * near numbers of twelve digits only: in all other text nothing is looked for
 * but words that count at any distance. Cells are looked at whole, since a
 * label in them is a header.
 */
#ifndef SCANNERS_DETECT_STREAM_H
#define SCANNERS_DETECT_STREAM_H

#include "scanners/detect/candidate.h"
#include "scanners/detect/findings.h"
#include "scanners/detect/judge.h"
#include "scanners/detect/labels.h"
#include "scanners/detect/own_words.h"
#include "scanners/detect/reply.h"
#include "scanners/detect/stream_source.h"

enum {
	STREAM_ROOM_BYTES = 256 * 1024, /* looked at in one go */
	STREAM_TAIL_BYTES = 4096,       /* kept back: more may belong to it */
	STREAM_HEAD_BYTES = 512,        /* kept: what stood before */
	STREAM_MAX_PENDING = 32,
	STREAM_CONTEXT_BYTES = 400,
	STREAM_LABEL_BYTES = 64,
	STREAM_PERSON_KINDS = 4,  /* bits of enum evidence_person */
	STREAM_RECORD_LINES = 30, /* fields of a record of XML or JSON */
	STREAM_HEADER_BYTES = 60, /* of a cell that is a header */
	STREAM_BIRTHDAY_ROWS = 64 /* in which columns show what they hold */
};

/* Where the last label of a kind, or number, was. */
struct stream_mark {
	bool seen;
	uint64_t position; /* behind it */
	uint64_t line;
	uint64_t numbers; /* how many numbers had been seen */
	uint64_t others;  /* of these, what is no My Number */
	uint64_t foreign; /* of these, what has no twelve digits */
	uint64_t scope;
};

/* A number whose surroundings are not all known yet. */
struct stream_pending {
	struct sighting sighting;
	struct judge_view view;
	uint64_t position;
	uint64_t line; /* of the whole scan: no two lines or rows share one */
	uint64_t numbers;
	uint64_t scope;
	/* The label behind belongs to the next number. */
	bool direct_taken;
	bool rival_taken;
	bool sheet_named; /* see struct stream_table */
	bool lone;        /* little else is in its line, near the top */
	char label[STREAM_LABEL_BYTES];
	struct sbuf context;
	struct sbuf sheet;
};

/* A paragraph that was looked at: bytes of the place, and what they hold. */
struct stream_record {
	uint64_t from;
	uint64_t to;
	unsigned person;
};

/* What one run over a cell showed. */
struct stream_seen {
	unsigned person;
	bool direct;
	bool rival;
	bool whole; /* a label is all there is */
	bool numbers;
};

/* What numbers are weighed together with. */
struct stream_table {
	bool named; /* the sheet's name is a word for My Number */
	/* Of the cell that is read: */
	bool pooled;          /* it belongs to its column */
	bool repaired;        /* zeros that may have been lost are back */
	uint32_t last_column; /* of several cells in one; else 0 */
	const char *title;    /* words above it, and first in its row; NULL */
	const char *row_words;
	/* The last list in text: */
	uint64_t list;
	uint64_t list_line;
	uint32_t list_place; /* of numbers before in the line */
	uint32_t list_part;
};

struct stream {
	struct findings *findings;   /* borrowed */
	const struct labels *labels; /* ditto */
	struct own_words *own;       /* ditto */
	const struct digit_filter *filter;
	uint32_t part;
	bool has_direct; /* anywhere in the mail */
	bool has_form;
	bool subject_direct; /* the subject of the mail has a direct label */
	struct reply reply;
	/* The text that is not done yet, and where it stands. */
	struct sbuf room;
	size_t done_at; /* everything before is judged */
	size_t near_at; /* up to here a number before is near */
	bool open;      /* a place is set */
	enum place_kind place;
	char label[STREAM_LABEL_BYTES];
	uint64_t place_line; /* line, page or byte at its start */
	struct stream_source source;
	uint64_t line_base;     /* line there, by our count */
	uint64_t dropped_bytes; /* of its text, no longer in room */
	/* Counters at counted_at of room. */
	size_t counted_at;
	uint64_t position;
	uint64_t line;
	uint64_t numbers;
	uint64_t others;
	uint64_t foreign;
	uint64_t scope; /* labels of another scope are on the page at best */
	struct stream_mark direct;
	struct stream_mark rival;
	struct stream_mark touching;
	/* The cell that is read, when it is one. */
	const struct cell *cell;
	enum judge_header header;
	enum judge_header field; /* what the name of the place says */
	/* Words of a person's record: in the paragraph, in the header of the
	 * table, in names of fields and the lines where these were. */
	struct stream_record record;
	unsigned table_person;
	unsigned field_person;
	uint64_t field_lines[STREAM_PERSON_KINDS];
	struct stream_seen seen;
	struct stream_table table;
	struct candidate_walk walk;
	struct stream_pending pending[STREAM_MAX_PENDING];
	size_t pending_at; /* the oldest; a ring */
	size_t pending_count;
};

void stream_init(struct stream *stream, struct findings *findings,
		 const struct labels *labels, struct own_words *own);
void stream_done(struct stream *stream);

/* Text of the part; see sink_text(). */
MUST_CHECK enum status
stream_text(struct stream *stream, const struct place *place, struct span utf8,
	    struct err *err);

/* The text of one cell, whole. *seen_out says what is in it. */
MUST_CHECK enum status
stream_cell(struct stream *stream, const struct cell *cell,
	    enum judge_header header, struct span utf8,
	    struct stream_seen *seen_out, struct err *err);

/* What is left out before what comes next has no number near: nothing reaches
 * across it. */
MUST_CHECK enum status stream_leave_out(struct stream *stream, struct err *err);

/* Judge what is left; what follows is another scope. */
MUST_CHECK enum status stream_flush(struct stream *stream, struct err *err);

/* As stream_flush(), and what follows has nothing to do with it. */
MUST_CHECK enum status stream_break(struct stream *stream, struct err *err);

#endif
