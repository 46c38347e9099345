#include "scanners/detect/columns.h"

#include <string.h>

#include "lib/base/parse.h"

#include "scanners/detect/cell_number.h"
#include "scanners/detect/columns_layout.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/isolation.h"
#include "scanners/detect/name_words.h"
#include "scanners/detect/shape.h"
#include "scanners/detect/stream_record.h"
#include "scanners/text/utf8.h"

enum {
	COLUMNS_HEADER_MAX_BYTES = 300,
	COLUMNS_NUMBER_DIGITS = 6, /* so many are a number, below any label */
	COLUMNS_GROUP = 4,
	COLUMNS_MAX_STEP = 4,       /* columns that one box of a digit covers */
	COLUMNS_RECORD_BYTES = 4096 /* of a record that are looked at */
};

void
columns_done(struct columns *columns)
{
	columns_headers_done(&columns->headers);
	explicit_bzero(columns, sizeof(*columns));
}

/* What governs a number in a cell, unless the cell itself says it. */
struct columns_governor {
	enum judge_header header;
	bool row; /* it stands in the row: the column has no part in it */
};

static struct columns_governor
columns_govern(const struct columns *columns, enum judge_header header)
{
	const bool row_free = columns->row_leads || !columns->row_used;

	if (row_free && columns->row_label == JUDGE_HEADER_DIRECT)
		return (struct columns_governor){ JUDGE_HEADER_DIRECT, true };
	if (header != JUDGE_HEADER_NONE)
		return (struct columns_governor){ header, false };
	if (!columns->row_used && columns->row_label != JUDGE_HEADER_NONE)
		return (struct columns_governor){ columns->row_label, true };
	return (struct columns_governor){ JUDGE_HEADER_NONE, false };
}

/* The words that show what a number in this cell is. */
static void
columns_name(const struct columns *columns, const struct cell *cell,
	     struct stream *stream)
{
	const struct columns_title *title =
		&columns->titles[cell->column % COLUMNS_TITLES];

	stream->table.title =
		title->column == cell->column ? title->words : NULL;
	stream->table.row_words = columns->row_words;
}

/* The text of one cell that is whole, or of a number made from several; after
 * columns_name(). */
static enum status
columns_give(struct stream *stream, const struct cell *cell,
	     struct columns_governor governor, struct span text,
	     struct stream_seen *seen, struct err *err)
{
	enum status st = ST_OK;

	stream->table.pooled = !governor.row;
	st = stream_cell(stream, cell, governor.header, text, seen, err);
	stream->table.pooled = false;
	stream->table.repaired = false;
	stream->table.last_column = 0;
	stream->table.title = NULL;
	stream->table.row_words = NULL;
	return st;
}

/*
 * Numbers of four digits side by side are years and prices, those of one digit
 * in columns with headings of their own are answers, or with a total behind
 * them points: but for those below a label.
 */
static bool
columns_run_is_number(const struct columns *columns, enum judge_header header)
{
	const struct columns_run *run = &columns->run;

	if (run->count != CHECK_DIGIT_COUNT)
		return false;
	return header == JUDGE_HEADER_DIRECT ||
	       (run->size == 1 && run->step == 1 && !run->figures &&
		!columns_headers_are_many(&columns->headers, run->first,
					  run->last));
}

/* What governs the run, whose digits are all that a table below a label may
 * hold. */
static struct columns_governor
columns_govern_run(const struct columns *columns)
{
	const struct columns_run *run = &columns->run;
	const struct columns_governor governor = columns_govern(
		columns,
		columns_headers_over(&columns->headers, run->first, run->last));

	return governor.header == JUDGE_HEADER_NONE && columns->captioned
		       ? (struct columns_governor){ JUDGE_HEADER_DIRECT, true }
		       : governor;
}

/* The run ends: one number, if it is as long as one. */
static enum status
columns_end_run(struct columns *columns, struct stream *stream, struct err *err)
{
	struct columns_run *run = &columns->run;
	const struct columns_governor governor = columns_govern_run(columns);
	const struct cell cell = { columns->sheet, columns->row, run->first,
				   CELL_TEXT };
	char text[2 * CHECK_DIGIT_COUNT];
	size_t len = 0;
	struct stream_seen seen = { 0 };
	enum status st = ST_OK;

	if (!columns_run_is_number(columns, governor.header)) {
		run->count = 0;
		return ST_OK;
	}
	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++) {
		if (i > 0 && i % run->size == 0)
			text[len++] = ' ';
		text[len++] = (char)('0' + run->digits[i]);
	}
	stream->table.last_column = run->last;
	columns_name(columns, &cell, stream);
	st = columns_give(stream, &cell, governor,
			  (struct span){ (const uint8_t *)text, len }, &seen,
			  err);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(run, sizeof(*run));
	columns->row_used = true;
	if (st == ST_OK)
		st = columns_headers_cell(&columns->headers, cell.column,
					  COLUMNS_CELL_NUMBER, false, err);
	return st;
}

/* Does a cell with size digits at column go on with the run? Two boxes, empty
 * or a hyphen, may stand behind each group of four. */
static bool
columns_run_continues(const struct columns_run *run, uint32_t column,
		      size_t size)
{
	if (run->count == 0 || run->size != size || column <= run->last)
		return false;
	const uint32_t step = column - run->last;

	if (run->count == 1 && size == 1)
		return step <= COLUMNS_MAX_STEP;
	return step == run->step ||
	       (step > run->step && step <= 3 * run->step &&
		run->count % COLUMNS_GROUP == 0 &&
		run->count < CHECK_DIGIT_COUNT);
}

/* Boxes were wider before column than there: a number may start with the last
 * of them, "No. 1" and the digits of a number side by side. */
static bool
columns_run_narrows(const struct columns_run *run, uint32_t column, size_t size)
{
	return size == 1 && run->size == 1 && run->count > 1 &&
	       run->count < CHECK_DIGIT_COUNT && run->step > 1 &&
	       column > run->last && column - run->last <= COLUMNS_MAX_STEP;
}

/* A cell with one digit or four. */
static enum status
columns_add_digits(struct columns *columns, struct stream *stream,
		   uint32_t column, const uint8_t *digits, size_t size,
		   struct err *err)
{
	struct columns_run *run = &columns->run;
	enum status st = ST_OK;

	if (columns_run_continues(run, column, size)) {
		if (run->count == 1)
			run->step = column - run->last;
	} else if (columns_run_narrows(run, column, size)) {
		run->digits[0] = run->digits[run->count - 1];
		run->count = 1;
		run->first = run->last;
		run->step = column - run->last;
	} else {
		st = columns_end_run(columns, stream, err);
		run->count = 0;
		run->figures = false;
		run->size = size;
		run->first = column;
		run->step = 1;
	}
	run->last = column;
	for (size_t i = 0; i < size; i++, run->count++)
		if (run->count < CHECK_DIGIT_COUNT)
			run->digits[run->count] = digits[i];
	return st;
}

/* The digits that text is nothing but, one or four; 0 when it is not so. */
static size_t
columns_short_digits(struct span text, uint8_t digits[COLUMNS_GROUP])
{
	size_t at = 0;
	size_t count = 0;

	if (text.len_bytes > COLUMNS_GROUP * UTF8_MAX_BYTES)
		return 0;
	while (at < text.len_bytes) {
		const enum fold_digit_kind kind =
			count < COLUMNS_GROUP ? fold_digit(utf8_next(text, &at),
							   &digits[count])
					      : FOLD_DIGIT_NONE;

		if (kind != FOLD_DIGIT_ASCII && kind != FOLD_DIGIT_WIDE)
			return 0;
		count++;
	}
	return count == 1 || count == COLUMNS_GROUP ? count : 0;
}

/* A mark between groups of one digit in each cell. */
static bool
columns_is_gap(const struct columns *columns, const struct cell *cell,
	       struct span text)
{
	const struct columns_run *run = &columns->run;
	size_t at = 0;

	return run->count > 0 && run->count < CHECK_DIGIT_COUNT &&
	       run->count % COLUMNS_GROUP == 0 && cell->column > run->last &&
	       cell->column <= run->last + run->step && text.len_bytes > 0 &&
	       text.len_bytes <= UTF8_MAX_BYTES &&
	       fold_mark(utf8_next(text, &at)) == FOLD_MARK_HYPHEN &&
	       at == text.len_bytes;
}

/* Does the text before end in a direct label? */
static bool
columns_has_caption(const struct stream *stream)
{
	const struct stream_mark *direct = &stream->direct;

	return direct->seen && direct->numbers == stream->numbers &&
	       stream->position - direct->position <= JUDGE_ADJACENT;
}

/* Another sheet, another row. */
static enum status
columns_move(struct columns *columns, struct stream *stream,
	     const struct cell *cell, struct err *err)
{
	/* Text before the table. */
	enum status st = stream->open ? stream_flush(stream, err) : ST_OK;

	if (st != ST_OK)
		return st;
	if (!columns->open || strncmp(columns->sheet, cell->sheet,
				      sizeof(columns->sheet) - 1) != 0) {
		st = columns_break(columns, stream, err);
		stream_record_new_table(stream);
		columns->open = true;
		columns->captioned = columns_has_caption(stream);
		stream->table.named =
			name_words_of(stream->labels, cell->sheet).header ==
			JUDGE_HEADER_DIRECT;
		/* Text with marks between has no sheet and a line for each
		 * row. */
		columns->headers.sparse = cell->sheet[0] != '\0';
		(void)snprintf(columns->sheet, sizeof(columns->sheet), "%s",
			       cell->sheet);
	}
	if (st != ST_OK || columns->row == cell->row)
		return st;
	st = columns_end_run(columns, stream, err);
	if (st == ST_OK)
		st = columns_headers_row(&columns->headers, cell->row, err);
	columns->row = cell->row;
	columns->row_label = JUDGE_HEADER_NONE;
	columns->row_used = false;
	columns->row_words[0] = '\0';
	stream->line++;
	return st;
}

enum status
columns_break(struct columns *columns, struct stream *stream, struct err *err)
{
	enum status st =
		columns->open ? columns_end_run(columns, stream, err) : ST_OK;

	if (st == ST_OK)
		st = columns_down_end(columns->downs, stream, columns->sheet,
				      err);
	columns_headers_reset(&columns->headers);
	columns->run.count = 0;
	columns->open = false;
	explicit_bzero(columns->titles, sizeof(columns->titles));
	explicit_bzero(columns->row_words, sizeof(columns->row_words));
	columns->row = 0;
	columns->row_label = JUDGE_HEADER_NONE;
	columns->row_used = false;
	return st;
}

/* As much of text as there is room for, cut between characters. */
static void
columns_keep_words(struct span text, char words[COLUMNS_WORDS_BYTES])
{
	size_t len = text.len_bytes;

	if (len >= COLUMNS_WORDS_BYTES) {
		len = COLUMNS_WORDS_BYTES - 1;
		while (len > 0 && (text.ptr[len] & 0xC0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(words, text.ptr, len);
	words[len] = '\0';
}

/* Words that a number in this column or row is shown with. */
static void
columns_note_words(struct columns *columns, const struct cell *cell,
		   struct span text, enum columns_cell_is is)
{
	struct columns_title *title =
		&columns->titles[cell->column % COLUMNS_TITLES];

	if (is == COLUMNS_CELL_DIRECT) {
		title->column = cell->column;
		columns_keep_words(text, title->words);
	} else if (is == COLUMNS_CELL_TEXT && columns->row_words[0] == '\0') {
		columns_keep_words(text, columns->row_words);
	}
}

/* What the cell says about others of its row. */
static void
columns_label_row(struct columns *columns, enum columns_cell_is is)
{
	switch (is) {
	case COLUMNS_CELL_DIRECT:
	case COLUMNS_CELL_RIVAL:
		columns->row_label = is == COLUMNS_CELL_DIRECT
					     ? JUDGE_HEADER_DIRECT
					     : JUDGE_HEADER_RIVAL;
		columns->row_leads = columns->headers.cells == 0;
		columns->row_used = false;
		break;
	case COLUMNS_CELL_NUMBER:
		columns->row_used = true;
		break;
	case COLUMNS_CELL_TEXT:
		if (columns->row_used)
			columns->row_label = JUDGE_HEADER_NONE;
		break;
	case COLUMNS_CELL_NONE:
	default:
		break;
	}
}

static enum columns_cell_is
columns_cell_is(struct span utf8, const struct stream_seen *seen)
{
	if (seen->numbers)
		return COLUMNS_CELL_NUMBER;
	if (utf8.len_bytes > COLUMNS_HEADER_MAX_BYTES)
		return COLUMNS_CELL_TEXT;
	if (seen->direct)
		return COLUMNS_CELL_DIRECT;
	/* As a header it says enough; in a text it does not. */
	return seen->rival || span_equal(utf8, span_of("コード"))
		       ? COLUMNS_CELL_RIVAL
		       : COLUMNS_CELL_TEXT;
}

/* What stands above column, or is known of such files. */
static enum judge_header
columns_header_of(const struct columns *columns, uint32_t column)
{
	const enum judge_header header =
		columns_headers_get(&columns->headers, column);

	return header == JUDGE_HEADER_NONE &&
			       columns_layout_is_ours(columns->sheet, column)
		       ? JUDGE_HEADER_DIRECT
		       : header;
}

/* A cell of text, or a number that may be twelve digits. */
static enum status
columns_read(struct columns *columns, struct stream *stream,
	     const struct cell *cell, struct span utf8, struct err *err)
{
	const struct columns_governor governor = columns_govern(
		columns, columns_header_of(columns, cell->column));
	char digits[CELL_NUMBER_BYTES];
	struct stream_seen seen = { 0 };
	struct span text = cell_number_trim(utf8);
	size_t len = cell_number_digits(text, cell->kind, digits);
	enum status st = ST_OK;

	if (governor.header != JUDGE_HEADER_RIVAL &&
	    (!governor.row || governor.header == JUDGE_HEADER_DIRECT))
		stream->table.repaired = cell_number_pad(digits, &len);
	if (len > 0)
		text = (struct span){ (const uint8_t *)digits, len };
	columns_name(columns, cell, stream);
	st = columns_give(stream, cell, governor, text, &seen, err);
	explicit_bzero(digits, sizeof(digits));
	if (st != ST_OK)
		return st;
	const enum columns_cell_is is = columns_cell_is(text, &seen);

	columns_label_row(columns, is);
	columns_note_words(columns, cell, text, is);
	return columns_headers_cell(&columns->headers, cell->column, is,
				    seen.whole, err);
}

/* Each twelve bytes of a record are a column of their own. */
static enum status
columns_record(struct stream *stream, const struct cell *cell, struct span utf8,
	       struct err *err)
{
	struct sighting sighting = {
		.part = stream->part,
		.sheet = cell->sheet,
		.row = cell->row,
		.table = SIGHTING_RECORD,
		.line_id = stream->line,
		.evidence = { .profile = findings_profile(stream->findings),
			      .rival = EVIDENCE_RIVAL_ABSENT,
			      .grouping = EVIDENCE_GROUPING_BARE },
	};
	struct span window = { 0 };
	enum status st = ST_OK;

	for (size_t at = 0;
	     st == ST_OK && cell->column + at <= COLUMNS_RECORD_BYTES &&
	     span_cut(utf8, at, CHECK_DIGIT_COUNT, &window);
	     at++) {
		for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
			sighting.digits[i] =
				(uint8_t)((window.ptr[i] - '0') % 10);
		if (isolation_is_repeated(sighting.digits))
			continue;
		sighting.column = cell->column + (uint32_t)at;
		sighting.edge =
			at == 0 || at + CHECK_DIGIT_COUNT == utf8.len_bytes;
		const bool valid = check_digit_is_valid(sighting.digits);

		sighting.evidence.check =
			valid ? EVIDENCE_CHECK_VALID : EVIDENCE_CHECK_INVALID;
		sighting.evidence.shape =
			valid ? shape_of(sighting.digits, window)
			      : EVIDENCE_SHAPE_NONE;
		st = findings_add(stream->findings, &sighting, err);
	}
	explicit_bzero(&sighting, sizeof(sighting));
	return st;
}

/* A cell of a few digits: a figure, or one of headings that count. */
static void
columns_note_figure(struct columns *columns, uint32_t column, struct span text)
{
	uint32_t value = 0;

	for (size_t i = 0; i < text.len_bytes; i++)
		value = value * 10 + (uint32_t)(text.ptr[i] - '0');
	columns_headers_count(&columns->headers, column, value);
	/* A total behind the points. */
	columns->run.figures |=
		text.len_bytes > 1 && column == columns->run.last + 1;
}

/* Is it of so many ASCII digits that it is a number, but none of ours? */
static bool
columns_is_small(struct span text)
{
	enum { LEAST_BYTES = 7 }; /* a date of birth may have as many */

	if (text.len_bytes == 0 || text.len_bytes >= LEAST_BYTES)
		return false;
	for (size_t i = 0; i < text.len_bytes; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return true;
}

enum status
columns_cell(struct columns *columns, struct stream *stream,
	     const struct cell *cell, struct span utf8, struct err *err)
{
	const struct span text = cell_number_trim(utf8);
	uint8_t digits[COLUMNS_GROUP];
	enum status st = columns_move(columns, stream, cell, err);
	size_t count = 0;

	if (st != ST_OK)
		return st;
	if (cell->kind == CELL_DIGITS)
		return columns_record(stream, cell, text, err);
	count = columns_short_digits(text, digits);
	if (count == 1 &&
	    columns_header_of(columns, cell->column) == JUDGE_HEADER_DIRECT)
		st = columns_down_add(columns->downs, stream, cell, digits[0],
				      err);
	else
		st = columns_down_other(columns->downs, stream, cell, err);
	if (st != ST_OK)
		return st;
	const bool small = columns_is_small(text);

	if (small)
		columns_note_figure(columns, cell->column, text);
	if (count > 0)
		return columns_add_digits(columns, stream, cell->column, digits,
					  count, err);
	if (columns_is_gap(columns, cell, text))
		return ST_OK;
	st = columns_end_run(columns, stream, err);
	if (st != ST_OK)
		return st;
	if (!small)
		return columns_read(columns, stream, cell, utf8, err);
	if (text.len_bytes < COLUMNS_NUMBER_DIGITS)
		return ST_OK;
	stream->numbers++;
	stream->others++;
	columns_label_row(columns, COLUMNS_CELL_NUMBER);
	return columns_headers_cell(&columns->headers, cell->column,
				    COLUMNS_CELL_NUMBER, false, err);
}
