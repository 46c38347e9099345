/*
 * code_page.h - the code pages of Windows by their numbers.
 *
 * Layer:    scanners/readers; includes lib/base and scanners/text
 */
#ifndef SCANNERS_READERS_CODE_PAGE_H
#define SCANNERS_READERS_CODE_PAGE_H

#include "lib/base/sbuf.h"

/* Its name as of a character set; "" for those that are not known. */
const char *code_page_name(uint32_t number);

/* Append bytes as UTF-8: in the code page as far as it is known, else in the
 * most plausible set. */
void code_page_decode(uint32_t number, struct span bytes, struct sbuf *out);

#endif
