/*
 * cp932_table.h - CP932 (Windows-31J) as a table.
 *
 * Layer:    scanners/text; made by make_tables.py
 *
 * Shape: cell of trail byte t is t - 0x40, less one when t is over 0x7f.
 */
#ifndef SCANNERS_TEXT_CP932_TABLE_H
#define SCANNERS_TEXT_CP932_TABLE_H

#include <stdint.h>

enum { CP932_ROWS = 45, CP932_CELLS = 188 };

/* Row of a lead byte in cp932_table, from 1; 0: no such row. */
extern const uint8_t cp932_rows[256];

/* Code points; 0: not assigned. */
extern const uint16_t cp932_table[CP932_ROWS][CP932_CELLS];

#endif
