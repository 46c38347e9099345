#include "scanners/readers/mbox_line.h"

#include <string.h>

#include "lib/base/find.h"
#include "scanners/readers/mime_header.h"

enum { MBOX_LINE_MAX_BYTES = 1000 };

static bool
mbox_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* "12:34" somewhere in line. */
static bool
mbox_has_time(struct span line)
{
	for (size_t i = 5; i + 4 < line.len_bytes; i++)
		if (line.ptr[i + 2] == ':' && mbox_is_digit(line.ptr[i]) &&
		    mbox_is_digit(line.ptr[i + 1]) &&
		    mbox_is_digit(line.ptr[i + 3]) &&
		    mbox_is_digit(line.ptr[i + 4]))
			return true;
	return false;
}

bool
mbox_is_line(struct span text, size_t at, size_t *next_out)
{
	struct mime_header_walk walk = { .fields = 0 };
	struct mime_field field;
	struct span line = { 0 };
	struct span head = { 0 };
	size_t next = 0;

	if (!span_cut(text, at, 5, &head) || memcmp(head.ptr, "From ", 5) != 0)
		return false;
	next = mime_line(text, at, &line);
	if (line.len_bytes > MBOX_LINE_MAX_BYTES || !mbox_has_time(line))
		return false;
	(void)mime_line(text, next, &line);
	walk.bytes = line;
	if (!mime_field_next(&walk, &field))
		return false;
	*next_out = next;
	return true;
}

size_t
mbox_find_line(struct span text, size_t at)
{
	size_t next = 0;

	while (at < text.len_bytes) {
		if (mbox_is_line(text, at, &next))
			return at;
		at = find_next(text, at, "\nFrom ", 6) + 1;
	}
	return text.len_bytes;
}
