/*
 * clock.h - instants, deadlines and their text.
 *
 * Layer:    lib/base
 * Threads:  no shared state
 *
 * x_unix_ms is milliseconds since 1970-01-01 UTC (for records and people);
 * x_mono_ms is CLOCK_MONOTONIC in milliseconds (for deadlines); x_boot_ms is
 * CLOCK_BOOTTIME, which goes on while the machine sleeps.
 */
#ifndef LIB_BASE_CLOCK_H
#define LIB_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_unix_ms(void);
int64_t clock_mono_ms(void);
int64_t clock_boot_ms(void);

/* Milliseconds from now to deadline_mono_ms, 0 when it has passed. */
int64_t clock_left_ms(int64_t deadline_mono_ms);

enum {
	CLOCK_RFC3339_BYTES = 25, /* 2026-11-22T05:08:00.123Z and NUL */
	CLOCK_RFC5322_BYTES = 40  /* Sun, 22 Nov 2026 05:08:00 +0000 and NUL */
};

/* UTC texts; years outside 0..9999 are shown as year 0 or 9999. */
void clock_format_rfc3339(int64_t unix_ms, char text[CLOCK_RFC3339_BYTES]);
void clock_format_rfc5322(int64_t unix_ms, char text[CLOCK_RFC5322_BYTES]);

#endif
