#include "scanners/readers/xml_charset.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/html_walk.h"
#include "scanners/readers/xml_piece.h"

struct span
xml_charset_head(struct span body, uint8_t room[XML_CHARSET_HEAD_BYTES])
{
	size_t used = 0;

	for (size_t i = 0; i < body.len_bytes && i < XML_CHARSET_HEAD_BYTES;
	     i++) {
		const uint8_t c = body.ptr[i];
		const bool mark = c == 0xEF || c == 0xBB || c == 0xBF ||
				  c == 0xFE || c == 0xFF;

		if (c != 0 && (used > 0 || (c > ' ' && !mark)))
			room[used++] = c;
	}
	return (struct span){ room, used };
}

struct span
xml_charset_root(struct span head)
{
	struct xml_pieces pieces = { .text = head };
	struct xml_piece piece = { 0 };

	while (xml_piece_next(&pieces, &piece))
		if (piece.kind == XML_PIECE_OPEN ||
		    piece.kind == XML_PIECE_EMPTY)
			return xml_piece_local(piece.name);
	return (struct span){ 0 };
}

bool
xml_is_flat_odf(struct span head)
{
	static const char mark[] = "opendocument:xmlns:office:";

	return span_equal(xml_charset_root(head), span_of("document")) &&
	       memmem(head.ptr, head.len_bytes, mark, sizeof(mark) - 1) != NULL;
}

void
xml_charset_declared(struct span body, char room[XML_CHARSET_BYTES])
{
	uint8_t bytes[XML_CHARSET_HEAD_BYTES];
	struct xml_pieces pieces = { .text = xml_charset_head(body, bytes) };
	struct xml_piece piece = { 0 };
	struct html_attribute attribute;
	size_t at = 3; /* behind "xml" */

	room[0] = '\0';
	if (!xml_piece_next(&pieces, &piece) ||
	    piece.kind != XML_PIECE_INSTRUCTION || piece.bytes.len_bytes < at)
		return;
	while (html_attribute_next(piece.bytes, &at, &attribute)) {
		if (!span_equal_nocase(attribute.name, span_of("encoding")) ||
		    attribute.value.len_bytes == 0 ||
		    attribute.value.len_bytes >= XML_CHARSET_BYTES)
			continue;
		memcpy(room, attribute.value.ptr, attribute.value.len_bytes);
		room[attribute.value.len_bytes] = '\0';
	}
}
