/*
 * words_table.h - passwords in a table whose heading names them.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted text, a secret; a bounded look at a few rows
 */
#ifndef SCANNERS_LOCKS_WORDS_TABLE_H
#define SCANNERS_LOCKS_WORDS_TABLE_H

#include "scanners/locks/words_anchor.h"
#include "scanners/locks/words_mail.h"

/* Lines of cells parted by tabs or bars: an anchor stands from at to behind.
 * Is it the heading of a column, those below it are given. *found_out: they
 * are. Returns: ST_OK, what the taker said */
MUST_CHECK enum status
words_table_find(struct span text, size_t at, size_t behind,
		 const struct words_taker *taker, bool *found_out,
		 struct err *err);

/* Where a cell says "password"; all 0: none does. */
struct words_heading {
	uint32_t row;
	uint32_t column;
};

/* The next cell of a table of the mail, given cell by cell: a line of the
 * body, behind an anchor when its heading is one. */
void words_table_cell(struct words_mail *mail, struct words_heading *heading,
		      uint32_t row, uint32_t column, struct span utf8);

#endif
