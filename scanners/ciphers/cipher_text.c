#include "scanners/ciphers/cipher_text.h"

#include <string.h>

#include "lib/base/parse.h"

static bool
text_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
cipher_next_any(struct span xml, size_t *at, struct cipher_tag *tag_out)
{
	const uint8_t *open = NULL;
	const uint8_t *close = NULL;

	if (*at < xml.len_bytes)
		open = memchr(xml.ptr + *at, '<', xml.len_bytes - *at);
	if (open != NULL)
		close = memchr(open, '>',
			       xml.len_bytes - (size_t)(open - xml.ptr));
	if (close == NULL) {
		*at = xml.len_bytes;
		return false;
	}
	const struct span tag = { open + 1, (size_t)(close - open) - 1 };
	size_t len = 0;

	*at = (size_t)(close - xml.ptr) + 1;
	while (len < tag.len_bytes && !text_is_blank(tag.ptr[len]) &&
	       (len == 0 || tag.ptr[len] != '/'))
		len++;
	(void)span_cut(tag, 0, len, &tag_out->name);
	(void)span_cut(tag, len, tag.len_bytes - len, &tag_out->attributes);
	return true;
}

bool
cipher_tag_is(const struct cipher_tag *tag, const char *local)
{
	const struct span name = tag->name;
	const bool closes = name.len_bytes > 0 && name.ptr[0] == '/';
	size_t start = closes ? 1 : 0;

	if (closes != (local[0] == '/'))
		return false;
	local += closes ? 1 : 0;
	for (size_t i = start; i < name.len_bytes; i++)
		if (name.ptr[i] == ':')
			start = i + 1;
	return name.len_bytes - start == strlen(local) &&
	       memcmp(name.ptr + start, local, strlen(local)) == 0;
}

bool
cipher_next_tag(struct span xml, const char *local, size_t *at,
		struct span *attributes_out)
{
	struct cipher_tag tag;

	while (cipher_next_any(xml, at, &tag))
		if (cipher_tag_is(&tag, local)) {
			*attributes_out = tag.attributes;
			return true;
		}
	return false;
}

/* Attributes may have a prefix. */
static bool
text_starts_name(uint8_t before)
{
	return text_is_blank(before) || before == ':';
}

struct span
cipher_attribute(struct span attributes, const char *name)
{
	const size_t len = strlen(name);
	const struct span none = { NULL, 0 };

	for (size_t at = 1; at + len + 2 < attributes.len_bytes; at++) {
		const uint8_t *here = attributes.ptr + at;

		if (!text_starts_name(here[-1]) ||
		    memcmp(here, name, len) != 0 || here[len] != '=' ||
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
