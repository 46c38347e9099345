/*
 * xlsx_formula.h - the texts that a formula puts together.
 *
 * Layer:    scanners/readers; private to xlsx_*.c
 * Threads:  no shared state
 * Input:    untrusted; linear time
 */
#ifndef SCANNERS_READERS_XLSX_FORMULA_H
#define SCANNERS_READERS_XLSX_FORMULA_H

#include "lib/base/sbuf.h"

/*
 * Append formula with its texts without their quotes, and those between which
 * stands "&", or a comma of CONCATENATE or CONCAT, as one: "1234"&"5678" is
 * 12345678. False: there were none to join, and out is as it was.
 */
bool xlsx_formula_join(struct span formula, struct sbuf *out);

#endif
