#include "lib/base/sbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	SBUF_FIRST_ROOM_BYTES = 64,
	SBUF_PAGE_BYTES = 4096,
	SBUF_LARGE_BYTES = 2 << 20,
	SBUF_MANY_BYTES = 256 * 1024
};

void
sbuf_init(struct sbuf *buf, size_t max_bytes)
{
	*buf = (struct sbuf){ .max_bytes = max_bytes };
}

void
sbuf_init_secret(struct sbuf *buf, size_t max_bytes)
{
	*buf = (struct sbuf){ .max_bytes = max_bytes, .secret = true };
}

/* Room behind the contents was never written, or wiped when it was cut off. */
static void
sbuf_wipe(struct sbuf *buf)
{
	if (buf->secret && buf->bytes != NULL)
		explicit_bzero(buf->bytes, buf->len_bytes);
}

void
sbuf_done(struct sbuf *buf)
{
	sbuf_wipe(buf);
	free(buf->bytes);
	*buf = (struct sbuf){ .max_bytes = buf->max_bytes,
			      .secret = buf->secret };
}

void
sbuf_clear(struct sbuf *buf)
{
	sbuf_wipe(buf);
	buf->len_bytes = 0;
	buf->st = ST_OK;
	if (buf->bytes != NULL)
		buf->bytes[0] = '\0';
}

/* To get memory page by page takes as long as to fill it: ask for large pages,
 * which the system gives where it can. */
static uint8_t *
sbuf_prefer_large(uint8_t *bytes, size_t room_bytes)
{
#ifdef MADV_HUGEPAGE
	if (bytes != NULL && room_bytes >= SBUF_LARGE_BYTES) {
		const size_t skip = (uintptr_t)bytes % SBUF_PAGE_BYTES;
		uint8_t *start =
			bytes + (skip > 0 ? SBUF_PAGE_BYTES - skip : 0);

		(void)madvise(start,
			      (room_bytes - SBUF_PAGE_BYTES) / SBUF_PAGE_BYTES *
				      SBUF_PAGE_BYTES,
			      MADV_HUGEPAGE);
	}
#endif
	return bytes;
}

/* What is written next, all at once: a fault for each page takes longer than to
 * fill it. Where the system cannot do it, pages come as ever. */
static void
sbuf_fetch(const uint8_t *place, size_t len_bytes)
{
#ifdef MADV_POPULATE_WRITE
	const uintptr_t page = ~(uintptr_t)(SBUF_PAGE_BYTES - 1);
	const uintptr_t start = ((uintptr_t)place + SBUF_PAGE_BYTES - 1) & page;
	const uintptr_t end = ((uintptr_t)place + len_bytes) & page;

	if (len_bytes >= SBUF_MANY_BYTES)
		(void)madvise((void *)start, end - start, MADV_POPULATE_WRITE);
#else
	(void)place;
	(void)len_bytes;
#endif
}

/* A secret must not stay behind in memory that realloc() gave back. */
static uint8_t *
sbuf_move(struct sbuf *buf, size_t room_bytes)
{
	uint8_t *moved = NULL;

	if (!buf->secret)
		return sbuf_prefer_large(realloc(buf->bytes, room_bytes),
					 room_bytes);
	moved = sbuf_prefer_large(malloc(room_bytes), room_bytes);
	if (moved == NULL)
		return NULL;
	if (buf->bytes != NULL) {
		memcpy(moved, buf->bytes, buf->len_bytes + 1);
		sbuf_wipe(buf);
		free(buf->bytes);
	}
	return moved;
}

/* Make room for len_bytes more and the closing NUL. */
static bool
sbuf_reserve(struct sbuf *buf, size_t len_bytes)
{
	size_t room_bytes = 0;
	uint8_t *moved = NULL;

	if (buf->st != ST_OK)
		return false;
	if (len_bytes > buf->max_bytes ||
	    buf->len_bytes > buf->max_bytes - len_bytes) {
		buf->st = ST_LIMIT;
		return false;
	}
	const size_t need_bytes = buf->len_bytes + len_bytes + 1;

	if (need_bytes <= buf->room_bytes)
		return true;
	room_bytes = buf->room_bytes > SIZE_MAX / 2 ? need_bytes
						    : buf->room_bytes * 2;
	if (room_bytes < need_bytes)
		room_bytes = need_bytes;
	if (room_bytes < SBUF_FIRST_ROOM_BYTES)
		room_bytes = SBUF_FIRST_ROOM_BYTES;
	moved = sbuf_move(buf, room_bytes);
	if (moved == NULL) {
		buf->st = ST_NO_MEMORY;
		return false;
	}
	buf->bytes = moved;
	buf->room_bytes = room_bytes;
	/* Room alone is a text, too: nothing may follow that is appended. */
	buf->bytes[buf->len_bytes] = '\0';
	return true;
}

void
sbuf_expect(struct sbuf *buf, size_t len_bytes)
{
	const size_t left_bytes = buf->max_bytes - buf->len_bytes;
	const enum status st = buf->st;

	(void)sbuf_reserve(buf,
			   len_bytes < left_bytes ? len_bytes : left_bytes);
	buf->st = st;
}

uint8_t *
sbuf_extend(struct sbuf *buf, size_t len_bytes)
{
	uint8_t *place = NULL;

	if (!sbuf_reserve(buf, len_bytes))
		return NULL;
	place = buf->bytes + buf->len_bytes;
	buf->len_bytes += len_bytes;
	buf->bytes[buf->len_bytes] = '\0';
	sbuf_fetch(place, len_bytes);
	return place;
}

void
sbuf_add(struct sbuf *buf, const void *bytes, size_t len_bytes)
{
	uint8_t *place = sbuf_extend(buf, len_bytes);

	if (place != NULL && len_bytes > 0)
		memcpy(place, bytes, len_bytes);
}

void
sbuf_add_span(struct sbuf *buf, struct span part)
{
	sbuf_add(buf, part.ptr, part.len_bytes);
}

void
sbuf_add_text(struct sbuf *buf, const char *text)
{
	sbuf_add(buf, text, strlen(text));
}

void
sbuf_add_byte(struct sbuf *buf, uint8_t byte)
{
	sbuf_add(buf, &byte, 1);
}

void
sbuf_addfv(struct sbuf *buf, const char *fmt, va_list args)
{
	va_list again;
	int len = 0;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0) {
		buf->st = ST_NO_MEMORY;
		return;
	}
	if (!sbuf_reserve(buf, (size_t)len))
		return;
	(void)vsnprintf((char *)buf->bytes + buf->len_bytes, (size_t)len + 1,
			fmt, args);
	buf->len_bytes += (size_t)len;
}

void
sbuf_addf(struct sbuf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sbuf_addfv(buf, fmt, args);
	va_end(args);
}

void
sbuf_truncate(struct sbuf *buf, size_t len_bytes)
{
	if (len_bytes >= buf->len_bytes)
		return;
	if (buf->secret)
		explicit_bzero(buf->bytes + len_bytes,
			       buf->len_bytes - len_bytes);
	buf->len_bytes = len_bytes;
	buf->bytes[len_bytes] = '\0';
}

struct span
sbuf_span(const struct sbuf *buf)
{
	return (struct span){ buf->bytes, buf->len_bytes };
}

const char *
sbuf_text(const struct sbuf *buf)
{
	return buf->bytes != NULL ? (const char *)buf->bytes : "";
}

enum status
sbuf_status(const struct sbuf *buf, const char *what, struct err *err)
{
	if (buf->st == ST_LIMIT)
		return err_set(err, ST_LIMIT, "%s: more than %zu bytes", what,
			       buf->max_bytes);
	if (buf->st != ST_OK)
		return err_set(err, buf->st, "%s: no memory for %zu bytes",
			       what, buf->room_bytes);
	return ST_OK;
}
