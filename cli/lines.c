#include "cli/lines.h"

#include <string.h>

#include "lib/base/parse.h"

bool
lines_next(struct span *rest, struct span *line_out)
{
	const uint8_t *end = NULL;
	size_t len_bytes = 0;
	size_t used = 0;

	if (rest->len_bytes == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len_bytes);
	len_bytes = end != NULL ? (size_t)(end - rest->ptr) : rest->len_bytes;
	used = len_bytes + (end != NULL ? 1 : 0);
	return span_cut(*rest, 0, len_bytes, line_out) &&
	       span_cut(*rest, used, rest->len_bytes - used, rest);
}

static bool
is_one_of(uint8_t c, const char *bytes)
{
	return c != '\0' && strchr(bytes, c) != NULL;
}

struct span
lines_trim(struct span text)
{
	while (text.len_bytes > 0 &&
	       is_one_of(text.ptr[text.len_bytes - 1], " \t\r"))
		text.len_bytes--;
	while (text.len_bytes > 0 && is_one_of(text.ptr[0], " \t\r"))
		(void)span_cut(text, 1, text.len_bytes - 1, &text);
	return text;
}

bool
lines_behind(struct span text, const char *prefix, struct span *tail_out)
{
	const size_t len_bytes = strlen(prefix);
	struct span head = { NULL, 0 };

	return span_cut(text, 0, len_bytes, &head) &&
	       span_equal(head, span_of(prefix)) &&
	       span_cut(text, len_bytes, text.len_bytes - len_bytes, tail_out);
}

bool
lines_item(struct span *rest, const char *ends, struct span *item_out)
{
	size_t len_bytes = 0;

	while (rest->len_bytes > 0 && is_one_of(rest->ptr[0], ends))
		(void)span_cut(*rest, 1, rest->len_bytes - 1, rest);
	while (len_bytes < rest->len_bytes &&
	       !is_one_of(rest->ptr[len_bytes], ends))
		len_bytes++;
	return len_bytes > 0 && span_cut(*rest, 0, len_bytes, item_out) &&
	       span_cut(*rest, len_bytes, rest->len_bytes - len_bytes, rest);
}

bool
lines_has(struct span text, const char *word)
{
	return text.len_bytes > 0 &&
	       memmem(text.ptr, text.len_bytes, word, strlen(word)) != NULL;
}
