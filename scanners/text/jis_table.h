/*
 * jis_table.h - the Japanese double-byte sets as tables.
 *
 * Layer:    scanners/text; made by make_tables.py
 *
 * Shape: jis_pairs goes through CP932 (Windows-31J), lead byte by lead byte
 * from 0x81 to 0x9F and 0xE0 to 0xFC, JIS_LEAD_CELLS trail bytes each (0x40 to
 * 0xFC without 0x7F). That is also JIS X 0208 row by row, JIS_ROWS cells each,
 * with what NEC and IBM put there. The sparse tables have only the rows that
 * are not empty; x_rows says where a row stands, from 1; 0: empty.
 */
#ifndef SCANNERS_TEXT_JIS_TABLE_H
#define SCANNERS_TEXT_JIS_TABLE_H

#include <stdint.h>

enum {
	JIS_ROWS = 94, /* and cells of a row */
	JIS_LEAD_CELLS = 188,
	JIS_PAIRS = 60 * JIS_LEAD_CELLS,
	JISX0212_ROWS = 70,
	JISX0213_FIRST_ROWS = 26,
	JISX0213_SECOND_ROWS = 26,
	KANJI_COMMON_FIRST = 0x4E00,
	KANJI_COMMON_BYTES = (0xA000 - KANJI_COMMON_FIRST) / 8
};

/* UTF-8, and in the fourth byte how long it is; 0: not assigned. */
extern const uint8_t jis_pairs[JIS_PAIRS][4];

/* Code points; 0: not assigned. Rows 83 and 84 as in eucJP-ms. */
extern const uint8_t jisx0212_rows[JIS_ROWS];
extern const uint16_t jisx0212[JISX0212_ROWS][JIS_ROWS];

/* Planes 1 and 2 of JIS X 0213. Over U+10FFFF: two code points, the first in
 * the upper half. */
extern const uint8_t jisx0213_first_rows[JIS_ROWS];
extern const uint32_t jisx0213_first[JISX0213_FIRST_ROWS][JIS_ROWS];
extern const uint8_t jisx0213_second_rows[JIS_ROWS];
extern const uint32_t jisx0213_second[JISX0213_SECOND_ROWS][JIS_ROWS];

/* A bit for each kanji of level 1 of JIS X 0208, from U+4E00 on. */
extern const uint8_t kanji_common[KANJI_COMMON_BYTES];

#endif
