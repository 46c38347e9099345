/*
 * table.h - columns of text on a terminal.
 *
 * Layer:    cli
 * Threads:  one
 * Input:    cells may come from mails: control characters, which could move
 *           the cursor or change the title, are shown as '?'
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "lib/base/sbuf.h"

enum { TABLE_MAX_COLUMNS = 10 };

struct table {
	size_t column_count;
	size_t widths[TABLE_MAX_COLUMNS];
	size_t cell_count;
	struct sbuf cells; /* texts, each with its NUL */
};

/* heads: column_count texts. Release with table_done(). */
void
table_init(struct table *table, const char *const *heads, size_t column_count);
void table_done(struct table *table);

/* The next cell, row by row. */
void table_add(struct table *table, const char *text);
void table_addf(struct table *table, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An instant in local time, "2026-11-22 14:05"; 0: "-". */
void table_add_time(struct table *table, int64_t unix_ms);

/* Print it, heads first. Returns: ST_OK, ST_LIMIT, ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status table_print(const struct table *table, struct err *err);

/* Append text with control characters as '?', so that it is one safe line. */
void text_add_safe(struct sbuf *buf, const char *text);

/* Columns that UTF-8 text takes on a terminal. */
size_t text_width(const char *text);

enum { TEXT_TIME_BYTES = 32 };
void text_format_time(int64_t unix_ms, char text[TEXT_TIME_BYTES]);

#endif
