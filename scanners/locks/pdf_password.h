/*
 * pdf_password.h - does a password open a PDF file?
 *
 * Layer:    scanners/locks
 * Threads:  values; no shared state
 * Input:    untrusted dictionary; passwords are secrets
 */
#ifndef SCANNERS_LOCKS_PDF_PASSWORD_H
#define SCANNERS_LOCKS_PDF_PASSWORD_H

#include "scanners/locks/pdf_encrypt.h"

enum { PDF_PASSWORD_PAD_BYTES = 32 };

/* As the password of the user, or of the owner (ISO 32000-2, 7.6.4.4: by 16
 * bytes or more). */
bool pdf_password_fits(const struct pdf_encrypt *encrypt, struct span password);

/* Steps of revisions 2 to 4, for pdf_lanes.c: the password and what fills it
 * up; the first of the hashes that make the key; the 16 bytes that the user's
 * entry is made of (3 and 4). */
void
pdf_password_pad(struct span password, uint8_t out[PDF_PASSWORD_PAD_BYTES]);
void pdf_password_start(const struct pdf_encrypt *encrypt,
			const uint8_t padded[PDF_PASSWORD_PAD_BYTES],
			uint8_t key[16]);
void pdf_password_check(const struct pdf_encrypt *encrypt, uint8_t check[16]);

#endif
