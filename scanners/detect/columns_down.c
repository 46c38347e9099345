#include "scanners/detect/columns_down.h"

#include <string.h>

/* Give the number, if it is one, and forget it. */
static enum status
down_finish(struct columns_down *down, struct stream *stream, const char *sheet,
	    struct err *err)
{
	const struct cell cell = { sheet, down->first_row, down->column,
				   CELL_TEXT };
	struct stream_seen seen = { 0 };
	enum status st = ST_OK;

	if (down->count == CHECK_DIGIT_COUNT) {
		char text[2 * CHECK_DIGIT_COUNT];

		for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++) {
			text[2 * i] = (char)('0' + down->digits[i]);
			text[2 * i + 1] = ' ';
		}
		st = stream_cell(stream, &cell, JUDGE_HEADER_DIRECT,
				 (struct span){ (const uint8_t *)text,
						sizeof(text) - 1 },
				 &seen, err);
		explicit_bzero(text, sizeof(text));
	}
	explicit_bzero(down, sizeof(*down));
	return st;
}

static struct columns_down *
down_find(struct columns_down downs[COLUMNS_DOWNS], uint32_t column)
{
	for (size_t i = 0; i < COLUMNS_DOWNS; i++)
		if (downs[i].column == column)
			return &downs[i];
	return NULL;
}

enum status
columns_down_add(struct columns_down downs[COLUMNS_DOWNS],
		 struct stream *stream, const struct cell *cell, uint8_t digit,
		 struct err *err)
{
	struct columns_down *down = down_find(downs, cell->column);
	enum status st = ST_OK;

	if (down != NULL && down->last_row + 1 != cell->row)
		st = down_finish(down, stream, cell->sheet, err);
	if (down == NULL)
		down = down_find(downs, 0);
	if (down == NULL || st != ST_OK)
		return st;
	if (down->count == 0) {
		down->column = cell->column;
		down->first_row = cell->row;
	}
	down->last_row = cell->row;
	if (down->count < CHECK_DIGIT_COUNT)
		down->digits[down->count] = digit;
	down->count++;
	return ST_OK;
}

enum status
columns_down_other(struct columns_down downs[COLUMNS_DOWNS],
		   struct stream *stream, const struct cell *cell,
		   struct err *err)
{
	struct columns_down *down = down_find(downs, cell->column);

	return down != NULL ? down_finish(down, stream, cell->sheet, err)
			    : ST_OK;
}

enum status
columns_down_end(struct columns_down downs[COLUMNS_DOWNS],
		 struct stream *stream, const char *sheet, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < COLUMNS_DOWNS && st == ST_OK; i++)
		if (downs[i].column != 0)
			st = down_finish(&downs[i], stream, sheet, err);
	return st;
}
