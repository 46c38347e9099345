/*
 * rewrite.h - how a mail becomes a link mail: what is cut out, what stays.
 *
 * Layer:    lib/report; includes only lib/base and lib/wire
 * Threads:  values
 * Input:    made by a worker, untrusted: it exists only after wire_decode()
 *           with rewrite_table and rewrite_check() have checked every member
 *
 * A plan holds no byte of the mail that stays: the new mail is put together of
 * ranges of the old one, in their order, and a hole, which whoever sends it
 * fills with a part of its own. What a worker could do at worst is leave out
 * too much or too little.
 */
#ifndef LIB_REPORT_REWRITE_H
#define LIB_REPORT_REWRITE_H

#include "lib/wire/table.h"

/* What is cut: as the names "all", "findings". */
enum rewrite_what {
	REWRITE_NONE = 0,
	REWRITE_ALL,      /* every attachment */
	REWRITE_FINDINGS, /* those with numbers, or that could not be read */
	REWRITE_END
};

/* Pictures in the text that nobody could read, small ones aside: as the names
 * "hold", "stay", "cut". */
enum rewrite_pictures {
	REWRITE_PICTURES_NONE = 0,
	REWRITE_PICTURES_HOLD, /* they stay, when a person says so */
	REWRITE_PICTURES_STAY,
	REWRITE_PICTURES_CUT, /* as attachments are */
	REWRITE_PICTURES_END
};

/* What struct rewrite_cut's name_safe is made of. */
enum rewrite_names {
	REWRITE_NAMES_NONE = 0,
	REWRITE_NAMES_MASKED, /* the name, digit runs and passwords masked */
	REWRITE_NAMES_NEUTRAL /* "file-1.xlsx" */
};

/* Why there is no link mail. Names and words: rewrite_refusals.def. */
enum rewrite_refusal {
	REWRITE_REFUSAL_NONE = 0,
#define REWRITE_REFUSAL(symbol, name, english) REWRITE_REFUSAL_##symbol,
#include "lib/report/rewrite_refusals.def"
#undef REWRITE_REFUSAL
	REWRITE_REFUSAL_END
};

/* What the hole is. */
enum rewrite_place {
	REWRITE_PLACE_NONE = 0,
	/* A part of a multipart/mixed: "Content-…" fields, an empty line and
	 * a body go in, without a line end behind it. */
	REWRITE_PLACE_PART,
	/* The body of the mail and the fields that say what it is: the same
	 * goes in, with MIME-Version before it, and a line end behind it. */
	REWRITE_PLACE_BODY
};

enum rewrite_piece_kind {
	REWRITE_PIECE_NONE = 0,
	REWRITE_PIECE_KEEP,  /* bytes of the mail */
	REWRITE_PIECE_HOLE,  /* exactly one */
	REWRITE_PIECE_TYPE,  /* fields of a multipart/mixed, and a line */
	REWRITE_PIECE_FIRST, /* "--boundary" and a line end */
	REWRITE_PIECE_NEXT,  /* the same, on a new line */
	REWRITE_PIECE_LAST,  /* its last line */
	REWRITE_PIECE_END
};
struct rewrite_piece {
	enum rewrite_piece_kind kind;
	uint64_t at; /* of a KEEP; else 0 */
	uint64_t len_bytes;
};

/* One file. */
struct rewrite_cut {
	const char *name;      /* for who may have the file: no path, no control
				* or direction characters; never "" */
	const char *name_safe; /* for mails and pages; never "" */
	const char *type;      /* "application/pdf": as declared */
	const char *part;      /* as struct report_part's path */
	uint64_t at;           /* among the files, one behind another */
	uint64_t size_bytes;
};

struct rewrite_plan {
	enum rewrite_refusal refusal; /* NONE: the rest holds */
	const char *refused_part;     /* where, as report_part's path, or "" */
	enum rewrite_place place;
	bool lf_only;         /* lines of the mail end with LF alone */
	const char *boundary; /* of the multipart around the hole, or "" */
	const struct rewrite_piece *pieces;
	size_t piece_count;
	const struct rewrite_cut *cuts;
	size_t cut_count;
	uint64_t files_bytes;     /* all files together */
	uint32_t inline_pictures; /* shown in the text, unread, not small, that
				   * stay */
};

enum {
	REWRITE_TYPE = 0x0104, /* wire type */
	REWRITE_FORMAT = 1,
	REWRITE_MAX_CUTS = 100,
	REWRITE_MAX_PIECES = 2000,
	REWRITE_NAME_BYTES = 240,
	REWRITE_BOUNDARY_BYTES = 200,
	REWRITE_FRAME_BYTES = 600 /* of what a piece adds */
};
extern const struct wire_table rewrite_table;

/*
 * What the table cannot say: ranges go upwards inside a mail of mail_bytes,
 * files stand one behind another inside files_bytes, there is one hole, and
 * the boundary is made of its letters.
 * Returns: ST_OK, ST_FORMAT
 */
MUST_CHECK enum status rewrite_check(const struct rewrite_plan *plan,
				     uint64_t mail_bytes, struct err *err);

/* May text be a boundary of ours: letters of RFC 2046, not too long? */
bool rewrite_is_boundary(const char *text);

/*
 * The bytes of piece index in the new mail, those of a hole none: in mail, or
 * written to room. plan has been checked against mail.
 */
struct span
rewrite_piece_bytes(const struct rewrite_plan *plan, size_t index,
		    struct span mail, char room[REWRITE_FRAME_BYTES]);

const char *rewrite_refusal_name(enum rewrite_refusal refusal);
/* English, in the catalogue; "" for NONE. */
const char *rewrite_refusal_words(enum rewrite_refusal refusal);
const char *rewrite_what_name(enum rewrite_what what);
/* NONE: there is none of that name. */
enum rewrite_what rewrite_what_find(const char *name);
const char *rewrite_pictures_name(enum rewrite_pictures pictures);
enum rewrite_pictures rewrite_pictures_find(const char *name);

#endif
