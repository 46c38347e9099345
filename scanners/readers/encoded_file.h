/*
 * encoded_file.h - files that stand in a text in printable letters.
 *
 * Layer:    scanners/readers; includes only lib/ and sink.h
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 *
 * Shape:
 *
 *	uuencode  "begin 644 NAME", lines of a length and four letters for three
 *	          bytes (0x20 to 0x60), a line of length 0, "end"
 *	xxencode  the same with the letters + - 0-9 A-Z a-z
 *	base64    "begin-base64 644 NAME", lines of base64, "===="
 *	yEnc      "=ybegin [part=N total=N] line=N size=N name=NAME",
 *	          ["=ypart begin=N end=N"], bytes + 42, "=" before those + 64,
 *	          "=yend size=N [part=N] [pcrc32=HEX] [crc32=HEX]"
 *	BinHex    "(This file must be converted with BinHex 4.0)", ":", six bits
 *	          a letter, ":"; inside runs as 0x90 count: name, type, creator,
 *	          flags, lengths, CRC; data, CRC; resource fork, CRC
 */
#ifndef SCANNERS_READERS_ENCODED_FILE_H
#define SCANNERS_READERS_ENCODED_FILE_H

#include "scanners/readers/sink.h"

enum encoded_kind {
	ENCODED_NONE = 0,
	ENCODED_UU,
	ENCODED_XX,
	ENCODED_BASE64,
	ENCODED_YENC,
	ENCODED_BINHEX
};

struct encoded_file {
	struct sbuf name; /* as it stands there */
	struct sbuf bytes;
	struct sbuf fork;   /* resource fork of BinHex */
	size_t end_at;      /* behind it in the text */
	const char *damage; /* what is missing or does not fit, or NULL */
	/* A part of a file (yEnc): where it belongs, and how long the file
	 * is. Else zero. */
	bool is_part;
	uint64_t part_at;
	uint64_t whole_bytes;
};

void encoded_file_init(struct encoded_file *file);
void encoded_file_clear(struct encoded_file *file);
void encoded_file_done(struct encoded_file *file);

/* The kind of file that the line at at, below text.len_bytes, may begin.
 * ENCODED_UU stands for XX and BASE64 as well. */
enum encoded_kind encoded_mark_at(struct span text, size_t at);

/* A walk over the lines of a text. Set text, and at to the start of a line;
 * at may be set on to a later one. */
struct encoded_search {
	struct span text;
	size_t at;
	bool begun;
	size_t lf_at; /* the next line ends */
	size_t cr_at;
};

/* Move to the line at or behind at that may begin a file: its kind
 * as encoded_mark_at(). NONE: no more. */
enum encoded_kind encoded_find(struct encoded_search *search);

/* Move to the next line, or the text's end. */
void encoded_skip_line(struct encoded_search *search);

/*
 * Read the file that begins at start_at into file, which is clear. kind: UU,
 * XX or BASE64. False: there is no such file.
 */
bool encoded_uu_read(struct span text, size_t start_at, enum encoded_kind kind,
		     struct encoded_file *file);
bool
encoded_yenc_read(struct span text, size_t start_at, struct encoded_file *file);

/*
 * What comes out can be longer than the text: it is spent.
 * Returns: ST_OK; ST_NOT_FOUND there is no such file; what sink_spend() or a
 *          buffer says
 */
MUST_CHECK enum status
encoded_binhex_read(struct sink *sink, struct span text, size_t start_at,
		    struct encoded_file *file, struct err *err);

#endif
