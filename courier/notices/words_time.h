/*
 * words_time.h - instants in words, in the zone of this host.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  no shared state
 */
#ifndef COURIER_NOTICES_WORDS_TIME_H
#define COURIER_NOTICES_WORDS_TIME_H

#include <stdint.h>

#include "lib/i18n/i18n.h"

enum { WORDS_TIME_BYTES = 80 };

/* Without the year: a notice is dated, and a mail is kept for 30 days at
 * most. The zone is said, in Japanese unless it is Japan's. "" for no instant.
 */
void words_time_near(int64_t unix_ms, enum i18n_language language,
		     char text[WORDS_TIME_BYTES]);

/* With year and zone: for readers anywhere, and what is far off. */
void words_time_far(int64_t unix_ms, enum i18n_language language,
		    char text[WORDS_TIME_BYTES]);

#endif
