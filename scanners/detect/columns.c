#include "scanners/detect/columns.h"

#include <stdlib.h>
#include <string.h>

#include "scanners/detect/cell_number.h"
#include "scanners/detect/stream_record.h"

enum { COLUMNS_HEADER_MAX_BYTES = 300 };

void
columns_done(struct columns *columns)
{
	free(columns->headers);
	*columns = (struct columns){ 0 };
}

void
columns_reset(struct columns *columns)
{
	if (columns->headers != NULL)
		memset(columns->headers, 0, columns->room);
	columns->open = false;
	columns->row = 0;
	columns->row_label = JUDGE_HEADER_NONE;
}

static enum judge_header
columns_header(const struct columns *columns, uint32_t column)
{
	return column < columns->room
		       ? (enum judge_header)columns->headers[column]
		       : JUDGE_HEADER_NONE;
}

static enum status
columns_set_header(struct columns *columns, uint32_t column,
		   enum judge_header header, struct err *err)
{
	if (column >= COLUMNS_MAX)
		return ST_OK;
	if (column >= columns->room) {
		const size_t room = column * 2U + 16;
		uint8_t *headers = realloc(columns->headers, room);

		if (headers == NULL)
			return err_set(err, ST_NO_MEMORY, "columns: no memory");
		memset(headers + columns->room, 0, room - columns->room);
		columns->headers = headers;
		columns->room = room;
	}
	columns->headers[column] = (uint8_t)header;
	return ST_OK;
}

/* Another sheet, another row. */
static void
columns_move(struct columns *columns, struct stream *stream,
	     const struct cell *cell)
{
	if (!columns->open || strncmp(columns->sheet, cell->sheet,
				      sizeof(columns->sheet) - 1) != 0) {
		columns_reset(columns);
		stream_record_new_table(stream);
		columns->open = true;
		(void)snprintf(columns->sheet, sizeof(columns->sheet), "%s",
			       cell->sheet);
	}
	if (columns->row == cell->row)
		return;
	columns->row = cell->row;
	columns->row_label = JUDGE_HEADER_NONE;
	stream->line++;
}

/* What governs a number in this cell, unless the cell itself says it. */
static enum judge_header
columns_governing(const struct columns *columns, const struct stream *stream,
		  const struct cell *cell)
{
	const enum judge_header header = columns_header(columns, cell->column);
	const bool row_free = columns->row_label_numbers == stream->numbers;

	if (row_free && columns->row_label == JUDGE_HEADER_DIRECT)
		return JUDGE_HEADER_DIRECT;
	if (header != JUDGE_HEADER_NONE)
		return header;
	return row_free ? columns->row_label : JUDGE_HEADER_NONE;
}

/* A cell with a label and no number is a header. */
static enum status
columns_learn(struct columns *columns, const struct stream *stream,
	      const struct cell *cell, const struct stream_seen *seen,
	      struct err *err)
{
	const enum judge_header old = columns_header(columns, cell->column);
	const enum judge_header header =
		seen->direct ? JUDGE_HEADER_DIRECT : JUDGE_HEADER_RIVAL;

	if (seen->numbers || !(seen->direct || seen->rival))
		return ST_OK;
	columns->row_label = header;
	columns->row_label_numbers = stream->numbers;
	/* A remark that mentions an order is no new header. */
	if (old == JUDGE_HEADER_DIRECT && header == JUDGE_HEADER_RIVAL &&
	    !seen->whole)
		return ST_OK;
	return columns_set_header(columns, cell->column, header, err);
}

enum status
columns_cell(struct columns *columns, struct stream *stream,
	     const struct cell *cell, struct span utf8, struct err *err)
{
	char digits[CELL_NUMBER_BYTES];
	struct stream_seen seen = { 0 };
	struct span text = utf8;
	enum judge_header header = JUDGE_HEADER_NONE;
	enum status st = ST_OK;

	columns_move(columns, stream, cell);
	header = columns_governing(columns, stream, cell);
	const size_t len = cell_number_digits(
		utf8, cell->kind, header == JUDGE_HEADER_DIRECT, digits);

	if (len > 0)
		text = (struct span){ (const uint8_t *)digits, len };
	st = stream_cell(stream, cell, header, text, &seen, err);
	explicit_bzero(digits, sizeof(digits));
	if (st == ST_OK && utf8.len_bytes <= COLUMNS_HEADER_MAX_BYTES)
		st = columns_learn(columns, stream, cell, &seen, err);
	return st;
}
