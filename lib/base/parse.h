/*
 * parse.h - strict numbers and encodings from text, and back.
 *
 * Layer:    lib/base
 * Threads:  no shared state
 */
#ifndef LIB_BASE_PARSE_H
#define LIB_BASE_PARSE_H

#include "lib/base/cpu.h"
#include "lib/base/sbuf.h"

/*
 * Decimal digits only: no sign, no space, no empty text, nothing behind.
 * False when that is not so or the value is over max; *value_out is kept.
 */
bool parse_u64(struct span text, uint64_t max, uint64_t *value_out);

/* Lower or upper case hex, exactly len_bytes bytes of it. */
bool parse_hex(struct span text, uint8_t *bytes, size_t len_bytes);

/* base64url without padding (RFC 4648 section 5), exactly len_bytes. */
bool parse_base64url(struct span text, uint8_t *bytes, size_t len_bytes);

void format_hex(struct sbuf *buf, struct span bytes);
void format_base64url(struct sbuf *buf, struct span bytes);

/* base64 (RFC 4648 section 4) with padding and without line ends. */
void format_base64(struct sbuf *buf, struct span bytes);

/* True when text is valid UTF-8 (RFC 3629: no surrogates, no overlongs). */
bool parse_is_utf8(struct span text);

/* Where the valid UTF-8 ends that starts at at. */
size_t parse_utf8_end(struct span text, size_t at);
size_t parse_utf8_end_by(enum cpu_way way, struct span text, size_t at);

/* Where the bytes below 0x80 end that start at at. */
size_t parse_ascii_end(struct span text, size_t at);

/* A span over a C string. */
struct span span_of(const char *text);

/* ASCII-only comparison that ignores case. */
bool span_equal_nocase(struct span a, struct span b);
bool span_equal(struct span a, struct span b);

#endif
