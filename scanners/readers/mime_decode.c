#include "scanners/readers/mime_decode.h"

#include "lib/base/parse.h"

enum mime_encoding
mime_encoding_find(struct span word)
{
	static const struct {
		const char *name;
		enum mime_encoding encoding;
	} names[] = {
		{ "7bit", MIME_ENCODING_PLAIN },
		{ "8bit", MIME_ENCODING_PLAIN },
		{ "7-bit", MIME_ENCODING_PLAIN },
		{ "8-bit", MIME_ENCODING_PLAIN },
		{ "binary", MIME_ENCODING_PLAIN },
		{ "none", MIME_ENCODING_PLAIN },
		{ "base64", MIME_ENCODING_BASE64 },
		{ "base-64", MIME_ENCODING_BASE64 },
		{ "x-base64", MIME_ENCODING_BASE64 },
		{ "quoted-printable", MIME_ENCODING_QUOTED },
		{ "quotedprintable", MIME_ENCODING_QUOTED },
		/* These are seen in the body, whatever the header says. */
		{ "x-uuencode", MIME_ENCODING_PLAIN },
		{ "x-uu", MIME_ENCODING_PLAIN },
		{ "uuencode", MIME_ENCODING_PLAIN },
		{ "x-uue", MIME_ENCODING_PLAIN },
		{ "uue", MIME_ENCODING_PLAIN },
		{ "x-xxencode", MIME_ENCODING_PLAIN },
		{ "x-xxe", MIME_ENCODING_PLAIN },
		{ "x-yenc", MIME_ENCODING_PLAIN },
		{ "yenc", MIME_ENCODING_PLAIN },
		{ "x-yencode", MIME_ENCODING_PLAIN },
		{ "binhex", MIME_ENCODING_PLAIN },
		{ "x-binhex", MIME_ENCODING_PLAIN },
		{ "x-binhex40", MIME_ENCODING_PLAIN },
		{ "mac-binhex40", MIME_ENCODING_PLAIN },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal(word, span_of(names[i].name)))
			return names[i].encoding;
	return MIME_ENCODING_NONE;
}
