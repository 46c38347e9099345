/*
 * config_units.h - values with units, from text and back.
 *
 * Layer:    lib/config; the cli reads its options with it
 * Threads:  no shared state
 */
#ifndef LIB_CONFIG_CONFIG_UNITS_H
#define LIB_CONFIG_CONFIG_UNITS_H

#include "lib/base/sbuf.h"

/* "4096", "64K", "100M", "1G", "2T" (powers of 1024). False: not that. */
bool units_parse_bytes(const char *text, int64_t *value_out);

/* "30s", "15m", "12h", "7d"; "0" needs no unit. In seconds. */
bool units_parse_seconds(const char *text, int64_t *value_out);

/* As seconds, and "500ms". In milliseconds. */
bool units_parse_milliseconds(const char *text, int64_t *value_out);

/* Digits only, perhaps behind a minus sign. */
bool units_parse_signed(const char *text, int64_t *value_out);

/* yes, no, true, false, on, off */
bool units_parse_bool(const char *text, bool *value_out);

/* The shortest exact form, which parses back to the same value. */
void units_format_bytes(struct sbuf *buf, int64_t value);
void units_format_seconds(struct sbuf *buf, int64_t value);
void units_format_milliseconds(struct sbuf *buf, int64_t value);

#endif
