/*
 * xlsx_text.h - how workbooks write characters.
 *
 * Layer:    scanners/readers; private to xlsx_*.c
 * Threads:  no shared state
 */
#ifndef SCANNERS_READERS_XLSX_TEXT_H
#define SCANNERS_READERS_XLSX_TEXT_H

#include "lib/base/sbuf.h"

/* Replace "_x0031_" by the character that it stands for, in what follows
 * from on in text. */
void xlsx_text_unescape(struct sbuf *text, size_t from);

/* Append a header or footer without its codes: "&L&\"Meiryo\"&12 1234". */
void xlsx_text_header(struct span code, struct sbuf *out);

#endif
