/*
 * sink.h - where a reader gives what it found in its bytes.
 *
 * Layer:    scanners/readers; implemented by scanners/worker/engine.c, and by
 *           tests/scanners/recording_sink.c for the readers' own tests
 * Threads:  one scan is one thread
 *
 * A reader never decides what a finding means, never recurses and never
 * counts limits: children go on the engine's work list, budgets are spent by
 * the sink. When a call returns anything but ST_OK the reader stops and
 * returns that status: the engine has recorded the reason already.
 */
#ifndef SCANNERS_READERS_SINK_H
#define SCANNERS_READERS_SINK_H

#include "lib/report/report.h"

struct glance;
struct sink;

/* Where a text stands inside its part; words for people are made from it. */
enum place_kind {
	PLACE_NONE = 0,
	PLACE_BODY,    /* number: line of the first byte, from 1 */
	PLACE_HEADER,  /* label: field name */
	PLACE_NAME,    /* a file name */
	PLACE_ELEMENT, /* label: element or attribute name; number: line */
	PLACE_PAGE,    /* number: page, from 1 */
	PLACE_CODE,    /* payload of a QR or bar code, whole in one call, a code
			* each; number: page, or 0 */
	PLACE_RAW      /* number: byte offset (raw sweep) */
};
struct place {
	enum place_kind kind;
	uint64_t number;
	const char *label; /* or NULL; borrowed for the call */
};

enum cell_kind {
	CELL_NONE = 0,
	CELL_TEXT,
	CELL_NUMBER, /* a numeric cell: "1.23456789018E11" may be meant */
	CELL_DIGITS  /* a stretch of a record of fixed length: ASCII digits
		      * only, those of several fields without a mark between,
		      * so that twelve digits may start at any offset; the
		      * column is the offset in the record, from 1. The reader
		      * of text gives the whole lines as well */
};
struct cell {
	const char *sheet; /* "" when the format has none */
	uint32_t row;      /* from 1 */
	uint32_t column;   /* from 1 */
	enum cell_kind kind;
};

/* How the lines of a text were made (RFC 3676). */
enum text_flow {
	TEXT_FLOW_NONE = 0,
	TEXT_FLOW_SPACE, /* format=flowed: a blank at a line's end goes on */
	TEXT_FLOW_DELSP  /* and that blank is not part of the text */
};

/* What the parent knew about a child. All texts UTF-8, "" when unknown. */
struct child {
	const char *name;         /* file name; the sink gives it to the
				   * detector, readers only further ones */
	const char *content_type; /* "text/csv", lower case */
	const char *charset;      /* as declared */
	bool attachment;          /* Content-Disposition, or archive member */
	bool shown;               /* a picture that a text of the mail may
				   * show: Content-ID, no attachment */
	bool mail;                /* message/rfc822: read as mail */
	bool locked;              /* could not be opened: bytes are empty */
	const char *lock;         /* static: how it is locked, or NULL */
	/* Set by the sink alone: the object was read before, except what was
	 * locked, and these passwords fit it. A reader then gives only what
	 * they open, and says locked what they do not. */
	const struct span *passwords;
	size_t password_count;
	enum text_flow flow;
	struct glance *glance; /* what was seen of the bytes (glance.h), set
				* by the engine, or NULL */
	/* Of a part of a mail, for who cuts it out: its header and body, and
	 * the boundary line before it with the line ends that belong to that,
	 * in the bytes that are read. Borrowed for the call. */
	struct span entity;
	struct span lead;
};

/*
 * Text in UTF-8 (invalid bytes replaced by U+FFFD). Calls with the same kind
 * of place and the same label continue each other: the detector sees
 * neighbouring lines. Body text that goes on at another line of the source
 * has that line's number; with the number of the first call lines are counted
 * on.
 *
 * Fields of records (XML, JSON) are PLACE_ELEMENT: one line, ended by "\n",
 * for each value (line ends in a value are its own), with the local name of
 * the element, attribute or key as label, or the text that names the value
 * where its own name is a word like "value" (<key>個人番号</key><string>…).
 * So values of one name in a part are a column, and a label says what its
 * value is; in the text of a field of another name it is on the page at best.
 * Numbers are given whole where the format knows exponents (1.2E11 of JSON).
 * Of HTML come so attributes, comments ("comment") and scripts ("script").
 */
MUST_CHECK enum status sink_text(struct sink *sink, const struct place *place,
				 struct span utf8, struct err *err);

/* A boundary that no number and no label may cross (end of a table cell in
 * HTML is a sink_cell(); end of a paragraph is just "\n" in the text). */
MUST_CHECK enum status sink_break(struct sink *sink, struct err *err);

/* One cell of a table; rows in order, columns in order within a row. */
MUST_CHECK enum status sink_cell(struct sink *sink, const struct cell *cell,
				 struct span utf8, struct err *err);

/*
 * Bytes that are an object of their own, to be sniffed and read later. They
 * are copied when owned is NULL (then borrowed only for the call); otherwise
 * the sink takes *owned (a malloc block that starts at bytes.ptr) over.
 */
MUST_CHECK enum status
sink_child(struct sink *sink, const struct child *child, struct span bytes,
	   uint8_t **owned, struct err *err);

/* What was given as a locked child of that name is open and was read by the
 * reader itself (child.passwords). */
void sink_opened(struct sink *sink, const char *name);

/* Bytes of this part that lie between what was read (preamble, gaps, junk):
 * swept as raw text in the usual charsets. Borrowed for the call. */
MUST_CHECK enum status
sink_gap(struct sink *sink, struct span bytes, struct err *err);

/* Something in this part could not be read. The scan goes on. */
MUST_CHECK enum status sink_opaque(struct sink *sink, enum report_reason reason,
				   const char *detail, struct err *err);

/* This part can be read in several ways; what and how, in a few words. */
MUST_CHECK enum status
sink_ambiguous(struct sink *sink, const char *detail, struct err *err);

/*
 * True: nothing that matters can be in record, a row of a table (cells without
 * a sheet's name) with delimiter (',', ';', '|') between its cells, and the
 * caller need not cut it. Time is spent for it, cells are not.
 */
MUST_CHECK enum status
sink_may_skip(struct sink *sink, struct span record, uint8_t delimiter,
	      bool *skip_out, struct err *err);

/*
 * Have the program that reads kind ("pdf") in a sandbox of its own read body;
 * what it finds comes to this sink as if the caller had given it.
 * Returns: ST_OK; ST_FORMAT damaged; ST_UNSUPPORTED there is no such program;
 *          else the reason is recorded already
 */
MUST_CHECK enum status sink_remote(struct sink *sink, const char *kind,
				   struct span body, struct err *err);

/* The mail is a delivery status notification (first one counts). */
void sink_dsn(struct sink *sink, const struct report_dsn *dsn);

/*
 * About to inflate, decode or generate len_bytes more (from packed_bytes, 0
 * when that is not known). ST_LIMIT when a budget is used up: stop.
 * Also checks time; call it at least every 64 KiB.
 */
MUST_CHECK enum status sink_spend(struct sink *sink, uint64_t len_bytes,
				  uint64_t packed_bytes, struct err *err);

#endif
