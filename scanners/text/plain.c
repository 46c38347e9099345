#include "scanners/text/plain.h"

#include "lib/base/parse.h"

enum { PLAIN_C1_LEAD = 0xc2, PLAIN_C1_END = 0xa0 };

static size_t
plain_cut(struct span text, size_t max_bytes)
{
	size_t at = max_bytes;

	if (text.len_bytes <= max_bytes)
		return text.len_bytes;
	while (at > 0 && (text.ptr[at] & 0xc0) == 0x80)
		at--;
	return at;
}

void
text_add_plain(struct sbuf *out, struct span text, size_t max_bytes)
{
	const bool is_utf8 = parse_is_utf8(text);

	text.len_bytes = plain_cut(text, max_bytes);
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];
		const bool c1 = is_utf8 && c == PLAIN_C1_LEAD &&
				i + 1 < text.len_bytes &&
				text.ptr[i + 1] < PLAIN_C1_END;
		const bool plain =
			c >= 0x20 && c != 0x7f && !c1 && (is_utf8 || c < 0x80);

		sbuf_add_byte(out, plain ? c : (uint8_t)'?');
		i += c1;
	}
}
