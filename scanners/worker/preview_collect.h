/*
 * preview_collect.h - the text of a mail, as readers give it, for a preview.
 *
 * Layer:    scanners/worker; includes lib/ and scanners/{readers,text,detect}
 * Threads:  as engine.h
 * Input:    untrusted; memory is bounded by PREVIEW_KEEP_BYTES; where that is
 *           little, what is near numbers stays
 *
 * Lines are kept as they come; what they may show is decided at the end, when
 * it is known where numbers stand (preview_build.h). Shown are the lines that
 * a person sees: text, table rows, the usual header fields. Of hidden places
 * (attributes, comments, other fields, raw bytes) and of further readings of
 * the same bytes only the lines are shown in which something was found.
 */
#ifndef SCANNERS_WORKER_PREVIEW_COLLECT_H
#define SCANNERS_WORKER_PREVIEW_COLLECT_H

#include "lib/report/preview.h"
#include "scanners/detect/detect.h"

enum {
	PREVIEW_KEEP_BYTES = 16 * 1024 * 1024, /* lines and their texts */
	/* When that is nearly full, lines go that are not near numbers nor at
	 * the head of their part; when still more than this is used, no more
	 * are taken. */
	PREVIEW_THIN_BYTES = PREVIEW_KEEP_BYTES / 4 * 3,
	PREVIEW_HEAD_LINES = 200,
	PREVIEW_NEAR_LINES = 3, /* before and behind a number */
	/* A longer line becomes several, so that even all digits hidden fit
	 * into PREVIEW_MAX_LINE_BYTES. */
	PREVIEW_PIECE_BYTES = 1300
};

enum preview_want {
	PREVIEW_WANT_NONE = 0,
	PREVIEW_WANT_REST,
	PREVIEW_WANT_HEAD, /* of its part */
	PREVIEW_WANT_NEAR  /* a number */
};

/* A line, a row, or a piece of a long one. */
struct preview_kept {
	size_t at; /* of its stream's text */
	size_t len_bytes;
	uint64_t first_id; /* as detector_line() counts; the last is a row's */
	uint64_t last_id;
	uint64_t number;      /* line, page, byte or row */
	size_t label_at;      /* of its part's labels */
	enum place_kind kind; /* NONE: a row of a table */
	bool joined;          /* continues the one before */
	bool extra;           /* a further reading */
	bool gap;             /* lines before it were left out */
	/* preview_build.h: */
	bool found;
	bool hidden; /* a digit of it is masked */
	bool keep;
	enum preview_want want;
};

enum { PREVIEW_SEEN, PREVIEW_UNSEEN, PREVIEW_STREAMS };

/* What people see of a part, and what they do not. */
struct preview_stream {
	struct sbuf text;
	struct preview_kept *lines;
	size_t count;
	size_t room;
	/* The line that is not ended: its first piece, and where it is. */
	bool open;
	size_t first_piece;
	bool blank;
	enum place_kind kind;
	uint64_t number;
	uint64_t run_number; /* with which its run began */
	uint64_t line_id;
	size_t label_at;
	uint32_t column; /* of a row's last cell */
	bool extra;
};

struct preview_source {
	struct preview_source *next;
	char *path;
	char *name; /* as the mail has it */
	char *type;
	struct sbuf labels; /* each with a NUL behind it */
	struct preview_stream streams[PREVIEW_STREAMS];
	bool cut;
	size_t kept; /* lines, by preview_build.h */
};

struct preview_collect {
	struct preview_source *first;
	struct preview_source *last;
	size_t parts;
	size_t used_bytes;
	bool full;       /* no more lines are taken */
	bool cut;        /* parts were left out */
	uint64_t run_id; /* of the run of text that continues */
	bool reread;     /* a break came: it may begin again */
	bool reader_new; /* another reader of the same bytes */
};

void preview_collect_init(struct preview_collect *collect);
/* Wipes the texts. */
void preview_collect_done(struct preview_collect *collect);

/* What follows belongs to the part at path; copies. */
MUST_CHECK enum status
preview_collect_part(struct preview_collect *collect, const char *path,
		     const char *name, struct err *err);
/* Nothing follows. */
void preview_collect_end(struct preview_collect *collect);
/* Its type is known. */
MUST_CHECK enum status preview_collect_type(struct preview_collect *collect,
					    const char *type, struct err *err);

/* What follows may be the same once more. */
void preview_collect_reader(struct preview_collect *collect);
void preview_collect_break(struct preview_collect *collect);

/* As sink_text() and sink_cell(), after the detector had it; line_id is
 * detector_line(). */
MUST_CHECK enum status
preview_collect_text(struct preview_collect *collect, const struct place *place,
		     uint64_t line_id, struct span utf8, struct err *err);
MUST_CHECK enum status
preview_collect_cell(struct preview_collect *collect, const struct cell *cell,
		     uint64_t line_id, struct span utf8, struct err *err);

/* It is time for preview_collect_thin(). */
bool preview_collect_is_heavy(const struct preview_collect *collect);

/* Make room: possible and undone as detector_possible_lines() says. */
void preview_collect_thin(struct preview_collect *collect,
			  const struct detect_lines *possible, uint64_t undone);

/* The first of lines that stands in line, or NULL. */
const struct detect_line *preview_first_in(const struct detect_lines *lines,
					   const struct preview_kept *line);

#endif
