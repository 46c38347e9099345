/*
 * base32.h - bytes as letters and digits that people can type.
 *
 * Layer:    lib/base
 * Threads:  no shared state
 */
#ifndef LIB_BASE_BASE32_H
#define LIB_BASE_BASE32_H

#include "lib/base/sbuf.h"

/* RFC 4648 section 6, upper case, without padding: secrets of one-time
 * codes as authenticator programs take them. */
void format_base32(struct sbuf *buf, struct span bytes);

/*
 * Crockford's alphabet (no I, L, O, U). group: a '-' after so many
 * characters; 0: none.
 */
void format_code(struct sbuf *buf, struct span bytes, size_t group);

/*
 * What format_code() wrote, as people type it: any case, blanks and '-' do
 * not count, O is 0, I and L are 1. Exactly len_bytes bytes; false otherwise,
 * and bytes may have been written to.
 */
bool parse_code(struct span text, uint8_t *bytes, size_t len_bytes);

#endif
