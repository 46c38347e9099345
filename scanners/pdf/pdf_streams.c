/*
 * Streams of the file that are neither pages nor pictures nor fonts: forms in
 * XML (XFA), scripts, packed objects. poppler-glib gives none of them.
 *
 * Shape:    "12 0 obj << … /Filter/FlateDecode >> stream\r\n … endstream"
 *
 * In a file that is encrypted they are noise, and nothing is given of them.
 */
#include <string.h>
#include <zlib.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_read.h"
#include "scanners/text/readings.h"

enum {
	STREAM_HEAD_BYTES = 512, /* tells what a stream is */
	STREAM_DICTIONARY_BYTES = 16 * 1024,
	STREAM_MAX_BYTES = 32 * 1024 * 1024,
	STREAM_STEP_BYTES = 64 * 1024
};

struct stream {
	struct span dictionary;
	struct span data;
};

static bool
stream_has(struct span text, const char *word)
{
	return text.len_bytes > 0 &&
	       memmem(text.ptr, text.len_bytes, word, strlen(word)) != NULL;
}

/* By its dictionary: pictures, fonts, and what poppler gives. */
static bool
stream_is_other(const struct stream *stream)
{
	static const char *const words[] = {
		"/Subtype/Image", "/Subtype /Image", "/DCTDecode",
		"/JPXDecode",     "/CCITTFax",       "/JBIG2",
		"/Length1",       "/Type1C",         "/CIDFontType0C",
		"/OpenType",      "/XRef",           "/EmbeddedFile",
		"/Predictor",     "/LZWDecode",      "/ASCII85Decode",
		"/RunLength",     "/ShadingType",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (stream_has(stream->dictionary, words[i]))
			return true;
	return false;
}

/* By its first bytes: operators of a page, a map of characters. */
static bool
stream_is_page(struct span head)
{
	static const char *const words[] = { "BT",  " re\n", " cm\n",
					     " Tf", "\nq\n", "begincmap",
					     " Do", " cm ",  " re ",
					     " gs" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (stream_has(head, words[i]))
			return true;
	return false;
}

static bool
stream_is_xml(struct span head)
{
	size_t at = 0;

	if (head.len_bytes >= 3 && memcmp(head.ptr, "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	while (at < head.len_bytes && head.ptr[at] <= ' ')
		at++;
	return at < head.len_bytes && head.ptr[at] == '<';
}

/* Unpack up to max_bytes of data into out; what is broken ends there. */
static void
stream_inflate(struct pdf_sink *sink, struct span data, size_t max_bytes,
	       struct sbuf *out)
{
	z_stream z = { .avail_in = (uInt)data.len_bytes };
	int rc = Z_OK;

	z.next_in = (Bytef *)(uintptr_t)data.ptr;
	if (data.len_bytes > UINT32_MAX / 2 || inflateInit(&z) != Z_OK)
		return;
	while (rc == Z_OK && out->len_bytes < max_bytes &&
	       !pdf_sink_is_over(sink)) {
		const size_t step =
			max_bytes - out->len_bytes < STREAM_STEP_BYTES
				? max_bytes - out->len_bytes
				: STREAM_STEP_BYTES;
		const size_t before = out->len_bytes;

		z.next_out = sbuf_extend(out, step);
		if (z.next_out == NULL)
			break;
		z.avail_out = (uInt)step;
		rc = inflate(&z, Z_NO_FLUSH);
		sbuf_truncate(out, before + step - z.avail_out);
		pdf_sink_spend(sink, step - z.avail_out);
		if (z.avail_out == step)
			break;
	}
	(void)inflateEnd(&z);
}

struct streams {
	struct pdf_sink *sink;
	GHashTable *fonts;
	bool mute; /* a font without characters was reported */
};

static void
streams_objects(struct streams *streams, struct span objects)
{
	pdf_objects_read(streams->sink, objects);
	if (streams->mute || !pdf_fonts_lack(objects, streams->fonts))
		return;
	streams->mute = true;
	pdf_sink_opaque(streams->sink, REPORT_REASON_IMAGE,
			"pdf: text without characters");
}

static void
stream_give(struct streams *streams, const struct stream *stream, bool page,
	    struct span text)
{
	if (stream_has(stream->dictionary, "/ObjStm"))
		streams_objects(streams, text);
	else if (stream_has(stream->dictionary, "/Form") || page)
		pdf_objects_read_drawing(streams->sink, text);
	else if (text.len_bytes > 0)
		pdf_sink_child(streams->sink, "", text);
}

static bool
stream_is_packed(const struct stream *stream)
{
	return stream_has(stream->dictionary, "/FlateDecode") ||
	       stream_has(stream->dictionary, "/Fl ");
}

/* By its dictionary, or by how it begins. */
static bool
stream_is_wanted(const struct stream *stream, struct span head, bool page)
{
	return stream_has(stream->dictionary, "/ObjStm") ||
	       stream_has(stream->dictionary, "/Form") || page ||
	       (!stream_is_page(head) &&
		(stream_is_xml(head) || text_is_plausible(head)));
}

static void
stream_read(struct streams *streams, const struct stream *stream)
{
	struct pdf_sink *sink = streams->sink;
	const bool packed = stream_is_packed(stream);
	struct sbuf text;
	struct span head = stream->data;

	if (stream_is_other(stream) || stream->data.len_bytes == 0 ||
	    (!packed && stream_has(stream->dictionary, "/Filter")))
		return;
	sbuf_init_secret(&text, STREAM_MAX_BYTES + STREAM_STEP_BYTES);
	if (packed) {
		stream_inflate(sink, stream->data, STREAM_HEAD_BYTES, &text);
		head = sbuf_span(&text);
	} else if (head.len_bytes > STREAM_HEAD_BYTES) {
		head.len_bytes = STREAM_HEAD_BYTES;
	}
	/* Pages as well: poppler leaves out what lies beside the paper, and
	 * pages that no tree names. */
	const bool page =
		stream_is_page(head) && !stream_has(head, "begincmap");
	const bool wanted = stream_is_wanted(stream, head, page);

	if (wanted && packed) {
		sbuf_clear(&text);
		stream_inflate(sink, stream->data, STREAM_MAX_BYTES, &text);
		if (text.len_bytes >= STREAM_MAX_BYTES)
			pdf_sink_opaque(sink, REPORT_REASON_LIMIT,
					"limit pdf stream");
	}
	if (wanted)
		stream_give(streams, stream, page,
			    packed ? sbuf_span(&text) : stream->data);
	sbuf_done(&text);
}

/* "stream" with a line end behind it, and ">>" before: where its data are. */
static bool
stream_starts(struct span file, size_t at, size_t *data_at)
{
	size_t before = at;
	size_t next = at + 6;

	while (before > 0 && file.ptr[before - 1] <= ' ')
		before--;
	if (before < 2 || file.ptr[before - 1] != '>' ||
	    file.ptr[before - 2] != '>')
		return false;
	next += next < file.len_bytes && file.ptr[next] == '\r';
	next += next < file.len_bytes && file.ptr[next] == '\n';
	*data_at = next;
	return next > at + 6;
}

/* The next stream at or behind *at, which then is behind its data. */
static bool
stream_next(struct span file, size_t *at, struct stream *stream)
{
	struct span rest = { 0 };
	const uint8_t *found = NULL;
	size_t data_at = 0;
	const size_t from = *at;

	while (span_cut(file, *at, file.len_bytes - *at, &rest) &&
	       rest.len_bytes > 0 &&
	       (found = memmem(rest.ptr, rest.len_bytes, "stream", 6)) !=
		       NULL) {
		const size_t start = (size_t)(found - file.ptr);
		const size_t dictionary_at =
			start - from > STREAM_DICTIONARY_BYTES
				? start - STREAM_DICTIONARY_BYTES
				: from;

		*at = start + 6;
		if (!stream_starts(file, start, &data_at) ||
		    !span_cut(file, data_at, file.len_bytes - data_at, &rest) ||
		    rest.len_bytes == 0)
			continue;
		found = memmem(rest.ptr, rest.len_bytes, "endstream", 9);
		stream->data = rest;
		if (found != NULL)
			stream->data.len_bytes = (size_t)(found - rest.ptr);
		*at = data_at + stream->data.len_bytes;
		return span_cut(file, dictionary_at, start - dictionary_at,
				&stream->dictionary);
	}
	*at = file.len_bytes;
	return false;
}

/* Only what follows the last "obj" is the stream's own. */
static void
stream_trim(struct stream *stream)
{
	struct span rest = stream->dictionary;
	const uint8_t *found = NULL;

	while ((found = memmem(rest.ptr, rest.len_bytes, " obj", 4)) != NULL) {
		const size_t from = (size_t)(found - rest.ptr) + 4;

		if (!span_cut(rest, from, rest.len_bytes - from, &rest) ||
		    rest.len_bytes == 0)
			break;
		stream->dictionary = rest;
	}
}

void
pdf_streams_read(struct pdf_sink *sink, struct span file, GHashTable *fonts)
{
	struct streams streams = { sink, fonts, false };
	struct stream stream = { .data = { 0 } };
	size_t from = 0;
	size_t at = 0;

	while (!pdf_sink_is_over(sink)) {
		const bool any = stream_next(file, &at, &stream);
		const size_t end =
			any ? (size_t)(stream.data.ptr - file.ptr) : at;
		struct span objects = { 0 };

		if (span_cut(file, from, end - from, &objects))
			streams_objects(&streams, objects);
		if (!any)
			return;
		from = at;
		stream_trim(&stream);
		stream_read(&streams, &stream);
	}
}
