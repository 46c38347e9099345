/*
 * sbuf.h - a growing run of bytes with a maximum and a sticky failure.
 *
 * Layer:    lib/base
 * Threads:  one buffer belongs to one thread at a time
 *
 * Append as often as you like and test once at the end: after the first
 * failure (maximum reached, no memory) every append does nothing and
 * sbuf_status() keeps saying what went wrong. The bytes are always followed
 * by a NUL that is not counted, so sbuf_text() may be used as a C string.
 */
#ifndef LIB_BASE_SBUF_H
#define LIB_BASE_SBUF_H

#include <stdarg.h>

#include "lib/base/span.h"
#include "lib/base/status.h"

struct sbuf {
	uint8_t *bytes; /* NULL until the first append */
	size_t len_bytes;
	size_t room_bytes;
	size_t max_bytes;
	enum status st; /* sticky; ST_OK, ST_LIMIT or ST_NO_MEMORY */
	bool secret;    /* wipe on growth and release */
};

/* An empty buffer that will hold at most max_bytes. Allocates nothing. */
void sbuf_init(struct sbuf *buf, size_t max_bytes);

/* As sbuf_init(), and every byte is wiped before its memory is given back. */
void sbuf_init_secret(struct sbuf *buf, size_t max_bytes);

/* Release the bytes; buf is then empty and may be used again. */
void sbuf_done(struct sbuf *buf);

/* Forget the bytes and the failure, keep the memory. */
void sbuf_clear(struct sbuf *buf);

void sbuf_add(struct sbuf *buf, const void *bytes, size_t len_bytes);
void sbuf_add_span(struct sbuf *buf, struct span part);
void sbuf_add_text(struct sbuf *buf, const char *text);
void sbuf_add_byte(struct sbuf *buf, uint8_t byte);
void sbuf_addf(struct sbuf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
void
sbuf_addfv(struct sbuf *buf, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

/* Make room for len_bytes more at once, as far as the maximum and the memory
 * allow, when a lot is about to come: growing step by step copies it all. */
void sbuf_expect(struct sbuf *buf, size_t len_bytes);

/* Append len_bytes unset bytes and return where to write them; NULL on
 * failure. The pointer is good until the next append. */
uint8_t *sbuf_extend(struct sbuf *buf, size_t len_bytes);

/* Cut the contents down to len_bytes (no effect when already shorter). */
void sbuf_truncate(struct sbuf *buf, size_t len_bytes);

/* The contents; borrowed until the next append. */
struct span sbuf_span(const struct sbuf *buf);
const char *sbuf_text(const struct sbuf *buf); /* never NULL */

/*
 * Returns:  ST_OK         everything appended is there
 *           ST_LIMIT      an append went over the maximum
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
sbuf_status(const struct sbuf *buf, const char *what, struct err *err);

#endif
