/*
 * gbk_table.h - GB 18030 as tables, with GBK and GB 2312 in it.
 *
 * Layer:    scanners/text; made by make_tables.py
 *
 * Shape: lead bytes 0x81 to 0xFE, trail bytes 0x40 to 0xFE without 0x7F. Codes
 * of four bytes count through the code points of the basic plane that have no
 * shorter one, in order.
 */
#ifndef SCANNERS_TEXT_GBK_TABLE_H
#define SCANNERS_TEXT_GBK_TABLE_H

#include <stdint.h>

enum {
	GBK_LEADS = 126,
	GBK_CELLS = 190,
	GB18030_RUNS = 206,
	GB18030_BASIC = 39420 /* codes of four bytes in the basic plane */
};

/* Code points; 0: not assigned. */
extern const uint16_t gbk[GBK_LEADS][GBK_CELLS];

/* From the first-th code on, code points follow each other from point on. */
struct gb18030_run {
	uint16_t first;
	uint16_t point;
};
extern const struct gb18030_run gb18030_runs[GB18030_RUNS];

#endif
