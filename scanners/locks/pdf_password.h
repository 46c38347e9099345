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

/* As the password of the user, or of the owner (ISO 32000-2, 7.6.4.4: by 16
 * bytes or more). */
bool pdf_password_fits(const struct pdf_encrypt *encrypt, struct span password);

#endif
