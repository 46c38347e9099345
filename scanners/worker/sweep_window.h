/*
 * sweep_window.h - where in many bytes twelve digits could stand together.
 *
 * Layer:    scanners/worker; private to engine_sweep.c
 * Threads:  no shared state
 *
 * Decoding megabytes of pictures or programs in every character set costs
 * seconds, looking for digits in them milliseconds: a window slides over the
 * bytes and counts. What it finds is decoded with a margin around it, so
 * that the words before and behind a number are seen.
 */
#ifndef SCANNERS_WORKER_SWEEP_WINDOW_H
#define SCANNERS_WORKER_SWEEP_WINDOW_H

#include "lib/base/span.h"

/* How digits look in a character set. */
enum sweep_digits {
	SWEEP_DIGITS_NONE = 0,
	SWEEP_DIGITS_UTF8,    /* ASCII, EF BC 90..99 */
	SWEEP_DIGITS_CP932,   /* ASCII, 82 4F..58 */
	SWEEP_DIGITS_EUC,     /* ASCII, A3 B0..B9 */
	SWEEP_DIGITS_JIS,     /* ASCII, 23 30..39 (ASCII sees them) */
	SWEEP_DIGITS_UTF16LE, /* 30..39 00, 10..19 FF; every second byte */
	SWEEP_DIGITS_UTF16BE
};

enum {
	SWEEP_MARGIN_BYTES = 2048,
	SWEEP_NUMBER_DIGITS = 12,
	/* Bytes that a number and its separators may take. */
	SWEEP_NARROW_BYTES = 64,
	SWEEP_WIDE_BYTES = 128
};

/*
 * The next stretch of bytes from *at on that is worth decoding, margins
 * included; stretches do not overlap. In UTF-16 it starts at an even distance
 * from the *at of the first call.
 * Gives: *part_out, *at its offset. False when there is none any more.
 */
bool sweep_window_next(enum sweep_digits digits, struct span bytes, size_t *at,
		       struct span *part_out);

#endif
