/*
 * link_password.h - a link's password as people type it.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 *
 * Two people type the same words on two machines, and get other bytes. Both
 * ends fold them so, before they are stretched (link_key.h):
 *
 *	- full-width ASCII (U+FF01 to FF5E) becomes ASCII;
 *	- half-width katakana and its marks (U+FF61 to FF9F) become full-width;
 *	- a kana and a voicing mark behind it (U+3099, 309A, and the spacing
 *	  309B, 309C) become one character, where there is one;
 *	- U+3000 and U+00A0 become a blank, and blanks, tabs and line ends go
 *	  from both ends.
 *
 * Nothing else: case, hiragana and katakana, blanks within and Latin letters
 * with accents stay what they are. What is no UTF-8 stays as it is.
 */
#ifndef LIB_CRYPTO_LINK_PASSWORD_H
#define LIB_CRYPTO_LINK_PASSWORD_H

#include "lib/base/sbuf.h"

/* folded: initialised and secret; never longer than typed. */
void link_password_fold(const char *typed, struct sbuf *folded);

#endif
