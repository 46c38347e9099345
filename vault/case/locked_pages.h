/*
 * locked_pages.h - memory that goes to no swap and no core file.
 *
 * Layer:    vault/case
 * Threads:  no shared state
 */
#ifndef VAULT_CASE_LOCKED_PAGES_H
#define VAULT_CASE_LOCKED_PAGES_H

#include <stddef.h>

/* Zeroed pages of their own. NULL: they cannot be had, or not be locked. */
void *locked_pages_new(size_t len_bytes);
/* Wipes them. pages may be NULL. */
void locked_pages_free(void *pages, size_t len_bytes);

#endif
