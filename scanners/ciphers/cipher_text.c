#include "scanners/ciphers/cipher_text.h"

#include <string.h>

#include "lib/base/parse.h"

static bool
text_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Does the tag that starts at at (behind "<") have this local name? */
static bool
tag_is(struct span tag, const char *local, size_t *name_len_out)
{
	size_t len = 0;
	size_t start = 0;

	while (len < tag.len_bytes && !text_is_blank(tag.ptr[len]) &&
	       tag.ptr[len] != '/') {
		if (tag.ptr[len] == ':')
			start = len + 1;
		len++;
	}
	*name_len_out = len;
	return len - start == strlen(local) && len > start &&
	       memcmp(tag.ptr + start, local, len - start) == 0;
}

bool
cipher_next_tag(struct span xml, const char *local, size_t *at,
		struct span *attributes_out)
{
	while (*at < xml.len_bytes) {
		const uint8_t *open =
			memchr(xml.ptr + *at, '<', xml.len_bytes - *at);

		if (open == NULL)
			break;
		const size_t start = (size_t)(open - xml.ptr) + 1;
		const uint8_t *close =
			memchr(open, '>', xml.len_bytes - (start - 1));

		if (close == NULL)
			break;
		struct span tag = { open + 1, (size_t)(close - open) - 1 };
		size_t name = 0;

		*at = (size_t)(close - xml.ptr) + 1;
		if (tag_is(tag, local, &name))
			return span_cut(tag, name, tag.len_bytes - name,
					attributes_out);
	}
	*at = xml.len_bytes;
	return false;
}

struct span
cipher_attribute(struct span attributes, const char *name)
{
	const size_t len = strlen(name);
	const struct span none = { NULL, 0 };

	for (size_t at = 1; at + len + 2 < attributes.len_bytes; at++) {
		const uint8_t *here = attributes.ptr + at;

		if (!text_is_blank(here[-1]) || memcmp(here, name, len) != 0 ||
		    here[len] != '=' ||
		    (here[len + 1] != '"' && here[len + 1] != '\''))
			continue;
		const uint8_t *value = here + len + 2;
		const uint8_t *end =
			memchr(value, here[len + 1],
			       attributes.len_bytes - at - len - 2);

		return end == NULL
			       ? none
			       : (struct span){ value, (size_t)(end - value) };
	}
	return none;
}

bool
cipher_number(struct span text, uint32_t max, uint32_t *value_out)
{
	uint64_t value = 0;

	if (!parse_u64(text, max, &value))
		return false;
	*value_out = (uint32_t)value;
	return true;
}

static int
base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool
cipher_base64(struct span text, uint8_t *out, size_t room_bytes,
	      size_t *len_out)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len_bytes; i++) {
		const int value = base64_value(text.ptr[i]);

		if (text_is_blank(text.ptr[i]) || text.ptr[i] == '=')
			continue;
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count < 8)
			continue;
		if (len == room_bytes)
			return false;
		count -= 8;
		out[len++] = (uint8_t)(bits >> count);
	}
	*len_out = len;
	return true;
}
