/*
 * pdf_lanes.h - many passwords at once on a PDF file of revision 3 or 4.
 *
 * Layer:    scanners/locks; for lock_pdf.c
 * Threads:  values; no shared state
 * Input:    untrusted dictionary; passwords are secrets
 */
#ifndef SCANNERS_LOCKS_PDF_LANES_H
#define SCANNERS_LOCKS_PDF_LANES_H

#include "scanners/ciphers/lanes.h"
#include "scanners/locks/pdf_encrypt.h"

/* Keys of 16 bytes; others are older, and one by one. */
bool pdf_lanes_can(const struct pdf_encrypt *encrypt);

/*
 * The first of passwords that pdf_password_fits(); count when none does.
 * Takes:    count, of lanes->short_count at most
 */
size_t
pdf_lanes_find(const struct pdf_encrypt *encrypt, const struct lanes *lanes,
	       const struct span *passwords, size_t count);

#endif
