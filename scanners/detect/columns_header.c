#include "scanners/detect/columns_header.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADERS_MERGED = 16, /* columns that one header may span */
	HEADERS_BLOCK = 3,   /* rows that headers may take */
	HEADERS_MANY = 10    /* that are no heading of one number in common */
};

void
columns_headers_done(struct columns_headers *headers)
{
	free(headers->entries);
	*headers = (struct columns_headers){ 0 };
}

void
columns_headers_reset(struct columns_headers *headers)
{
	struct columns_header *entries = headers->entries;
	const size_t room = headers->room;

	if (headers->used > 0)
		memset(entries, 0, headers->used * sizeof(*entries));
	*headers = (struct columns_headers){ .entries = entries, .room = room };
}

/* The entry of column; NULL when it has none. */
static struct columns_header *
headers_find(const struct columns_headers *headers, uint32_t column)
{
	return column < headers->used ? &headers->entries[column] : NULL;
}

/* Likewise, made when there is none; *entry_out stays NULL beyond
 * COLUMNS_MAX. */
static enum status
headers_make(struct columns_headers *headers, uint32_t column,
	     struct columns_header **entry_out, struct err *err)
{
	*entry_out = NULL;
	if (column >= COLUMNS_MAX)
		return ST_OK;
	if (column >= headers->room) {
		const size_t room = column * 2U + 16;
		struct columns_header *entries =
			reallocarray(headers->entries, room, sizeof(*entries));

		if (entries == NULL)
			return err_set(err, ST_NO_MEMORY, "columns: no memory");
		memset(entries + headers->room, 0,
		       (room - headers->room) * sizeof(*entries));
		headers->entries = entries;
		headers->room = room;
	}
	if (column >= headers->used)
		headers->used = column + 1U;
	*entry_out = &headers->entries[column];
	return ST_OK;
}

/* The label at from may be merged over the columns up to before to. */
static enum status
headers_merge(struct columns_headers *headers, uint32_t to, struct err *err)
{
	const uint32_t from = headers->label_column;
	enum status st = ST_OK;

	headers->label_column = 0;
	if (from == 0 || !headers->label_whole || !headers->label_direct)
		return ST_OK;
	for (uint32_t column = from + 1;
	     st == ST_OK && column < to && column - from < HEADERS_MERGED;
	     column++) {
		struct columns_header *entry = NULL;

		st = headers_make(headers, column, &entry, err);
		if (entry != NULL)
			*entry = (struct columns_header){
				.row = headers->row,
				.kind = JUDGE_HEADER_DIRECT,
				.merged = true,
			};
	}
	return st;
}

/* A row of other headers: what is no label in it ends the header above. */
static void
headers_replace(struct columns_headers *headers)
{
	for (size_t i = 0; i < headers->text_count; i++) {
		struct columns_header *entry =
			headers_find(headers, headers->texts[i]);

		if (entry != NULL &&
		    (entry->data || headers->row - entry->row > HEADERS_BLOCK))
			*entry = (struct columns_header){ 0 };
	}
}

static void
headers_drop_title(struct columns_headers *headers)
{
	struct columns_header *entry =
		headers_find(headers, headers->title_column);

	if (headers->title_column != 0 && entry != NULL && !entry->data)
		*entry = (struct columns_header){ 0 };
	headers->title_column = 0;
}

/* Nothing for so many rows: what had no data below will get none. */
static void
headers_expire(struct columns_headers *headers)
{
	for (size_t i = 0; i < headers->used; i++)
		if (!headers->entries[i].data)
			headers->entries[i] = (struct columns_header){ 0 };
}

enum status
columns_headers_row(struct columns_headers *headers, uint32_t row,
		    struct err *err)
{
	const uint32_t lone = headers->cells == 1 && !headers->label_whole
				      ? headers->label_column
				      : 0;
	const enum status st =
		headers->numbers ? ST_OK
				 : headers_merge(headers, UINT32_MAX, err);

	if (headers->whole && !headers->numbers)
		headers_replace(headers);
	if (headers->cells > 1)
		headers_drop_title(headers);
	if (lone != 0 && !headers->numbers)
		headers->title_column = lone;
	if (headers->sparse && row > headers->row &&
	    row - headers->row > COLUMNS_HEADER_ROWS)
		headers_expire(headers);
	if (headers->text_count >= HEADERS_MANY) {
		memcpy(headers->heads, headers->texts, sizeof(headers->heads));
		headers->head_count = headers->text_count;
	}
	headers->count_column = 0;
	headers->row = row;
	headers->cells = 0;
	headers->whole = false;
	headers->numbers = false;
	headers->label_column = 0;
	headers->text_count = 0;
	return st;
}

static enum status
headers_learn(struct columns_headers *headers, uint32_t column,
	      enum judge_header kind, bool whole, struct err *err)
{
	struct columns_header *entry = NULL;
	const enum status st = headers_make(headers, column, &entry, err);

	headers->whole |= whole;
	headers->label_column = column;
	headers->label_whole = whole;
	headers->label_direct = kind == JUDGE_HEADER_DIRECT;
	/* A remark that mentions an order is no new header. */
	if (entry == NULL ||
	    (entry->kind == JUDGE_HEADER_DIRECT && !entry->merged &&
	     kind == JUDGE_HEADER_RIVAL && !whole))
		return st;
	*entry = (struct columns_header){ .row = headers->row,
					  .kind = (uint8_t)kind };
	return st;
}

static void
headers_add_text(struct columns_headers *headers, uint32_t column)
{
	if (headers->text_count < COLUMNS_ROW_TEXTS)
		headers->texts[headers->text_count++] = column;
}

void
columns_headers_count(struct columns_headers *headers, uint32_t column,
		      uint32_t value)
{
	const bool goes_on = headers->count_column != 0 &&
			     column == headers->count_column + 1 &&
			     value == headers->count_value + 1;

	if (!goes_on)
		headers->count_first = column;
	headers->count_column = column;
	headers->count_value = value;
	if (column - headers->count_first + 1 < HEADERS_MANY)
		return;
	headers->head_count = 0;
	for (uint32_t at = headers->count_first;
	     at <= column && headers->head_count < COLUMNS_ROW_TEXTS; at++)
		headers->heads[headers->head_count++] = at;
}

bool
columns_headers_are_many(const struct columns_headers *headers, uint32_t first,
			 uint32_t last)
{
	size_t count = 0;

	for (size_t i = 0; i < headers->head_count; i++)
		count +=
			headers->heads[i] >= first && headers->heads[i] <= last;
	return count >= HEADERS_MANY;
}

enum status
columns_headers_cell(struct columns_headers *headers, uint32_t column,
		     enum columns_cell_is is, bool whole, struct err *err)
{
	struct columns_header *entry = headers_find(headers, column);
	enum status st = ST_OK;

	headers->cells++;
	if (headers->label_column != 0 && column > headers->label_column + 1)
		st = headers_merge(headers, column, err);
	headers->label_column = 0;
	if (st != ST_OK)
		return st;
	switch (is) {
	case COLUMNS_CELL_DIRECT:
		return headers_learn(headers, column, JUDGE_HEADER_DIRECT,
				     whole, err);
	case COLUMNS_CELL_RIVAL:
		return headers_learn(headers, column, JUDGE_HEADER_RIVAL, whole,
				     err);
	case COLUMNS_CELL_TEXT:
		headers_add_text(headers, column);
		if (entry != NULL && entry->merged && !entry->data)
			entry->underlaid = true;
		return ST_OK;
	case COLUMNS_CELL_NUMBER:
		headers->numbers = true;
		if (entry != NULL)
			entry->data = true;
		return ST_OK;
	case COLUMNS_CELL_NONE:
	default:
		return ST_OK;
	}
}

enum judge_header
columns_headers_get(const struct columns_headers *headers, uint32_t column)
{
	const struct columns_header *entry = headers_find(headers, column);

	if (entry == NULL || (entry->merged && !entry->underlaid))
		return JUDGE_HEADER_NONE;
	return (enum judge_header)entry->kind;
}

enum judge_header
columns_headers_over(const struct columns_headers *headers, uint32_t first,
		     uint32_t last)
{
	const struct columns_header *entry = headers_find(headers, first);

	for (uint32_t column = first; column <= last; column++) {
		const struct columns_header *one =
			headers_find(headers, column);

		if (one != NULL && one->kind == JUDGE_HEADER_DIRECT)
			return JUDGE_HEADER_DIRECT;
	}
	return entry != NULL ? (enum judge_header)entry->kind
			     : JUDGE_HEADER_NONE;
}
