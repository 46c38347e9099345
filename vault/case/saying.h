/*
 * saying.h - words that people add to a case.
 *
 * Layer:    vault/case; pure functions over text
 * Threads:  no shared state
 * Input:    untrusted text
 *
 * Comments, purposes and reasons are shown to others and sent in notices, so
 * a My Number must not stand in them.
 */
#ifndef VAULT_CASE_SAYING_H
#define VAULT_CASE_SAYING_H

#include "lib/base/status.h"

/* ST_FORMAT when twelve digits with the right check digit stand in text,
 * grouped or not, in ASCII or full width. */
MUST_CHECK enum status saying_check(const char *text, struct err *err);

#endif
