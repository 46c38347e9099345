/*
 * isolation_token.h - where the run of visible ASCII before a number begins.
 *
 * Layer:    scanners/detect; the inside of isolation.h
 * Input:    untrusted text
 */
#ifndef SCANNERS_DETECT_ISOLATION_TOKEN_H
#define SCANNERS_DETECT_ISOLATION_TOKEN_H

#include "lib/base/span.h"

/*
 * Back from start over visible ASCII but quotes and angle brackets, by
 * max_bytes at most. *head_out: a ":" or "w" is in it, as in every head of a
 * URL.
 */
size_t isolation_token_start(struct span text, size_t start, size_t max_bytes,
			     bool *head_out);

#endif
