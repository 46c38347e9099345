#include "scanners/detect/column_cells.h"

#include <stdlib.h>
#include <string.h>

/* A key: the column, how the number was written, the number. */
enum { CELLS_FIRST_ROOM = 64, CELLS_VALUE_BITS = 40, CELLS_KIND_BITS = 2 };

static void
cells_wipe(struct column_cell *entries, size_t room)
{
	if (entries != NULL)
		explicit_bzero(entries, room * sizeof(*entries));
	free(entries);
}

void
column_cells_done(struct column_cells *cells)
{
	cells_wipe(cells->entries, cells->room);
	*cells = (struct column_cells){ 0 };
}

uint32_t
column_cell_column(const struct column_cell *cell)
{
	return (uint32_t)(cell->key >> (CELLS_VALUE_BITS + CELLS_KIND_BITS));
}

uint64_t
column_cell_value(const struct column_cell *cell)
{
	return cell->key & (((uint64_t)1 << CELLS_VALUE_BITS) - 1);
}

enum column_cell_kind
column_cell_kind(const struct column_cell *cell)
{
	return (enum column_cell_kind)(cell->key >> CELLS_VALUE_BITS &
				       ((1U << CELLS_KIND_BITS) - 1));
}

/* The entry of key, or the free one where it would go. */
static struct column_cell *
cells_find(const struct column_cells *cells, struct column_cell *entries,
	   size_t room, uint64_t key)
{
	size_t at = (size_t)numbers_hash(cells->numbers, key, 1) & (room - 1);

	while (entries[at].key != 0 && entries[at].key != key)
		at = (at + 1) & (room - 1);
	return &entries[at];
}

static bool
cells_grow(struct column_cells *cells)
{
	const size_t room =
		cells->room == 0 ? CELLS_FIRST_ROOM : cells->room * 2;
	struct column_cell *entries = calloc(room, sizeof(*entries));

	if (entries == NULL)
		return false;
	for (size_t i = 0; i < cells->room; i++)
		if (cells->entries[i].key != 0)
			*cells_find(cells, entries, room,
				    cells->entries[i].key) = cells->entries[i];
	cells_wipe(cells->entries, cells->room);
	cells->entries = entries;
	cells->room = room;
	return true;
}

static uint64_t
cells_key(const struct column_number *number)
{
	return (uint64_t)number->column
		       << (CELLS_VALUE_BITS + CELLS_KIND_BITS) |
	       (uint64_t)number->kind << CELLS_VALUE_BITS | number->value;
}

bool
column_cells_has(const struct column_cells *cells,
		 const struct column_number *number)
{
	return cells->room > 0 &&
	       cells_find(cells, cells->entries, cells->room, cells_key(number))
			       ->key != 0;
}

enum status
column_cells_get(struct column_cells *cells, const struct column_number *number,
		 struct column_cell **cell_out, bool *is_new_out,
		 struct err *err)
{
	const uint64_t key = cells_key(number);
	struct column_cell *entry = NULL;

	*cell_out = NULL;
	*is_new_out = false;
	if (cells->count * 2 >= cells->room && !cells_grow(cells))
		return err_set(err, ST_NO_MEMORY, "columns: no memory");
	entry = cells_find(cells, cells->entries, cells->room, key);
	if (entry->key == 0) {
		if (cells->count >= COLUMN_CELLS_MAX)
			return ST_OK;
		cells->count++;
		*is_new_out = true;
		*entry = (struct column_cell){ key, NUMBERS_NO_SCORE,
					       NUMBERS_NO_SCORE };
	}
	*cell_out = entry;
	return ST_OK;
}

const struct column_cell *
column_cells_next(const struct column_cells *cells, size_t *index)
{
	while (*index < cells->room) {
		const struct column_cell *entry = &cells->entries[(*index)++];

		if (entry->key != 0)
			return entry;
	}
	return NULL;
}
