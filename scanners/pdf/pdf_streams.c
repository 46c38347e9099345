/*
 * Streams of the file that are neither pictures nor fonts: drawings, forms in
 * XML (XFA), scripts, attached files that no list names.
 *
 * Shape:    "12 0 obj << … /Filter/FlateDecode >> stream\r\n … endstream"
 *
 * In a file that is encrypted they are noise, and nothing is given of them.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_decode.h"
#include "scanners/pdf/pdf_file.h"
#include "scanners/text/readings.h"

enum {
	STREAM_HEAD_BYTES = 512, /* tells what a stream is */
	STREAM_DICTIONARY_BYTES = 16 * 1024,
	STREAM_MAX_NUMBER = 100 * 1000 * 1000,
	STREAM_MAX_BYTES = 32 * 1024 * 1024,
	STREAM_LEAST_CODES = 12 /* digits of a number */
};

static bool
stream_has(struct span text, const char *word)
{
	return text.len_bytes > 0 &&
	       memmem(text.ptr, text.len_bytes, word, strlen(word)) != NULL;
}

/* By its dictionary: pictures, fonts, and what has no text. */
static bool
stream_is_other(const struct pdf_stream *stream)
{
	static const char *const words[] = {
		"/Subtype/Image", "/Subtype /Image", "/DCTDecode",
		"/JPXDecode",     "/CCITTFax",       "/JBIG2",
		"/Length1",       "/Type1C",         "/CIDFontType0C",
		"/OpenType",      "/XRef",           "/ShadingType",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (stream_has(stream->dictionary, words[i]))
			return true;
	return false;
}

/* By its first bytes: operators of a page. */
static bool
stream_is_drawing(struct span head)
{
	static const char *const words[] = { "BT",   " re\n", " cm\n",
					     " Tf",  "\nq\n", " Do",
					     " cm ", " re ",  " gs" };

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

/* A file of its own, whatever it is called here. */
static bool
stream_is_container(struct span head)
{
	static const struct {
		const char *bytes;
		size_t len_bytes;
	} marks[] = {
		{ "PK\003\004", 4 },
		{ "%PDF-", 5 },
		{ "\xD0\xCF\x11\xE0", 4 },
		{ "7z\xBC\xAF", 4 },
		{ "Rar!\x1A\x07", 6 },
		{ "\x1F\x8B\x08", 3 },
		{ "BZh", 3 },
		{ "\xFD"
		  "7zXZ",
		  5 },
		{ "\x28\xB5\x2F\xFD", 4 },
		{ "MSCF", 4 },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (head.len_bytes >= marks[i].len_bytes &&
		    memcmp(head.ptr, marks[i].bytes, marks[i].len_bytes) == 0)
			return true;
	return false;
}

/* Unpack it; what goes wrong is noted. */
static bool
stream_unpack(struct pdf_file *file, const struct pdf_stream *stream,
	      struct sbuf *out)
{
	const enum decode_result result = pdf_decode(
		stream->dictionary, stream->data, STREAM_MAX_BYTES, out);

	file->is_broken |= result == DECODE_BROKEN;
	file->is_unknown |= result == DECODE_UNKNOWN;
	file->is_long |= result == DECODE_LIMIT;
	pdf_sink_spend(file->sink, out->len_bytes);
	return result != DECODE_FOREIGN && out->st == ST_OK;
}

/* Does a drawing that is on no page, by mistake or on purpose, show text? What
 * nobody refers to may be left from an earlier state: then only when its text
 * cannot be read. */
static bool
stream_is_lost(const struct pdf_stream *stream, unsigned roles,
	       const struct drawing_text *text)
{
	if ((roles & PDF_ROLE_CONTENTS) != 0)
		return false;
	if (roles == PDF_ROLE_NONE)
		return text->unread >= STREAM_LEAST_CODES;
	return text->shown >= STREAM_LEAST_CODES &&
	       !stream_has(stream->dictionary, "/Form") &&
	       !stream_has(stream->dictionary, "/PatternType");
}

static void
stream_read_drawing(struct pdf_file *file, const struct pdf_stream *stream,
		    unsigned roles, struct span operators)
{
	struct drawing_text text = { 0, 0 };

	pdf_drawing_read(file, operators, &text);
	file->is_lost |= stream_is_lost(stream, roles, &text);
}

static void
stream_read(struct pdf_file *file, struct pdf_stream *stream,
	    struct span unpacked)
{
	const unsigned roles = facts_roles(&file->facts, stream->number);
	struct span head = unpacked;

	if (head.len_bytes > STREAM_HEAD_BYTES)
		(void)span_cut(unpacked, 0, STREAM_HEAD_BYTES, &head);
	if ((roles & PDF_ROLE_ATTACHED) != 0 ||
	    stream_has(stream->dictionary, "/EmbeddedFile"))
		stream->is_attached = true;
	else if (stream_has(head, "begincmap"))
		return;
	else if ((roles & PDF_ROLE_CONTENTS) != 0 ||
		 stream_has(stream->dictionary, "/Form") ||
		 stream_is_drawing(head))
		/* Pages as well: poppler leaves out what lies beside the
		 * paper, and pages that no tree names. */
		stream_read_drawing(file, stream, roles, unpacked);
	else
		stream->is_child = stream_is_xml(head) ||
				   stream_is_container(head) ||
				   text_is_plausible(head);
}

void
pdf_streams_read(struct pdf_file *file)
{
	for (guint i = 0;
	     i < file->streams->len && !pdf_sink_is_over(file->sink); i++) {
		struct pdf_stream *stream =
			&g_array_index(file->streams, struct pdf_stream, i);
		AUTO(sbuf_done) struct sbuf unpacked;

		sbuf_init_secret(&unpacked, SIZE_MAX / 2);
		if ((facts_roles(&file->facts, stream->number) &
		     PDF_ROLE_PROGRAM) == 0 &&
		    stream_unpack(file, stream, &unpacked) &&
		    unpacked.len_bytes > 0)
			stream_read(file, stream, sbuf_span(&unpacked));
	}
}

/* Was it given as a file that a list names? Its data may end in a line end
 * that poppler knows not to be its own. */
static bool
stream_was_given(const struct pdf_file *file, struct span unpacked)
{
	for (size_t less = 0; less <= 2 && less <= unpacked.len_bytes; less++) {
		struct span part = { 0 };

		(void)span_cut(unpacked, 0, unpacked.len_bytes - less, &part);
		if (pdf_given_has(file->sink, part))
			return true;
	}
	return false;
}

void
pdf_streams_give(struct pdf_file *file)
{
	size_t hidden = 0;

	for (guint i = 0;
	     i < file->streams->len && !pdf_sink_is_over(file->sink); i++) {
		const struct pdf_stream *stream =
			&g_array_index(file->streams, struct pdf_stream, i);
		AUTO(sbuf_done) struct sbuf unpacked;

		sbuf_init_secret(&unpacked, SIZE_MAX / 2);
		hidden += stream->is_attached && file->facts.is_encrypted;
		if ((!stream->is_child && !stream->is_attached) ||
		    (stream->is_attached && file->facts.is_encrypted) ||
		    !stream_unpack(file, stream, &unpacked) ||
		    (stream->is_attached &&
		     stream_was_given(file, sbuf_span(&unpacked))))
			continue;
		pdf_sink_child(file->sink, "", sbuf_span(&unpacked));
	}
	if (hidden > file->sink->given_count)
		pdf_sink_opaque(file->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				"pdf: attached file of an encrypted file");
}

/* "stream" with a line end behind it, and ">>" before: where its data are. */
static bool
stream_starts(struct span bytes, size_t at, size_t *data_at)
{
	size_t before = at;
	size_t next = at + 6;

	while (before > 0 && bytes.ptr[before - 1] <= ' ')
		before--;
	if (before < 2 || bytes.ptr[before - 1] != '>' ||
	    bytes.ptr[before - 2] != '>')
		return false;
	while (next < bytes.len_bytes &&
	       (bytes.ptr[next] == ' ' || bytes.ptr[next] == '\t'))
		next++;
	const size_t word_end = next;

	next += next < bytes.len_bytes && bytes.ptr[next] == '\r';
	next += next < bytes.len_bytes && bytes.ptr[next] == '\n';
	*data_at = next;
	return next > word_end;
}

static size_t
stream_count_starts(struct span data)
{
	struct span rest = data;
	const uint8_t *found = NULL;
	size_t count = 0;
	size_t data_at = 0;

	while (rest.len_bytes > 0 && (found = memmem(rest.ptr, rest.len_bytes,
						     "stream", 6)) != NULL) {
		const size_t at = (size_t)(found - data.ptr);

		count += stream_starts(data, at, &data_at);
		(void)span_cut(data, at + 6, data.len_bytes - at - 6, &rest);
	}
	return count;
}

/* The number in "12 0" right before end, or 0. */
static uint32_t
stream_number(struct span text, size_t end)
{
	uint32_t value = 0;
	uint32_t digit = 1;
	size_t at = end;

	while (at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9')
		at--;
	while (at > 0 && at < end && text.ptr[at - 1] <= ' ')
		at--;
	for (; at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9' &&
	       digit <= STREAM_MAX_NUMBER;
	     at--, digit *= 10)
		value += (uint32_t)(text.ptr[at - 1] - '0') * digit;
	return value;
}

/* Only what follows the last "obj" is the stream's own. */
static void
stream_trim(struct pdf_stream *stream)
{
	struct span rest = stream->dictionary;
	const uint8_t *found = NULL;

	while (rest.len_bytes > 0 &&
	       (found = memmem(rest.ptr, rest.len_bytes, " obj", 4)) != NULL) {
		const size_t from = (size_t)(found - rest.ptr) + 4;

		const uint32_t number = stream_number(rest, from - 4);

		if (number != 0)
			stream->number = number;
		if (!span_cut(rest, from, rest.len_bytes - from, &rest) ||
		    rest.len_bytes == 0)
			break;
		stream->dictionary = rest;
	}
}

static const char stream_end[] = "endstream";

static size_t
stream_first_end(struct span rest)
{
	const uint8_t *found = memmem(rest.ptr, rest.len_bytes, stream_end,
				      sizeof(stream_end) - 1);

	return found != NULL ? (size_t)(found - rest.ptr) : rest.len_bytes;
}

/* A document in it has ends of its own: where its length says, if an end is
 * there, else at the first one. */
static size_t
stream_length(const struct pdf_stream *stream, struct span rest)
{
	const size_t said = pdf_decode_number(stream->dictionary, "/Length", 0);
	size_t at = said;
	struct span mark = { 0 };

	while (at < rest.len_bytes && at < said + 2 && rest.ptr[at] <= ' ')
		at++;
	return said > 0 && span_cut(rest, at, sizeof(stream_end) - 1, &mark) &&
			       memcmp(mark.ptr, stream_end,
				      sizeof(stream_end) - 1) == 0
		       ? said
		       : stream_first_end(rest);
}

bool
pdf_stream_next(struct span bytes, size_t *at, struct pdf_stream *stream)
{
	struct span rest = { 0 };
	const uint8_t *found = NULL;
	size_t data_at = 0;
	const size_t from = *at;

	while (span_cut(bytes, *at, bytes.len_bytes - *at, &rest) &&
	       rest.len_bytes > 0 &&
	       (found = memmem(rest.ptr, rest.len_bytes, "stream", 6)) !=
		       NULL) {
		const size_t start = (size_t)(found - bytes.ptr);
		const size_t dictionary_at =
			start - from > STREAM_DICTIONARY_BYTES
				? start - STREAM_DICTIONARY_BYTES
				: from;

		*at = start + 6;
		if (!stream_starts(bytes, start, &data_at) ||
		    !span_cut(bytes, data_at, bytes.len_bytes - data_at,
			      &rest) ||
		    rest.len_bytes == 0)
			continue;
		*stream = (struct pdf_stream){ .data = rest };
		(void)span_cut(bytes, dictionary_at, start - dictionary_at,
			       &stream->dictionary);
		stream_trim(stream);
		stream->data.len_bytes = stream_length(stream, rest);
		/* What is in it may be an object as well. */
		rest.len_bytes = stream_first_end(rest);
		*at = data_at + rest.len_bytes;
		stream->inner = stream_count_starts(rest);
		stream->is_endless = stream->inner > 0 &&
				     stream->data.len_bytes == rest.len_bytes;
		return true;
	}
	*at = bytes.len_bytes;
	return false;
}

void
pdf_stream_add(struct pdf_file *file, struct pdf_stream *stream)
{
	AUTO(sbuf_done) struct sbuf unpacked;

	sbuf_init_secret(&unpacked, SIZE_MAX / 2);
	if (stream->data.len_bytes == 0 || stream_is_other(stream))
		return;
	if (!stream_has(stream->dictionary, "/ObjStm")) {
		g_array_append_val(file->streams, *stream);
		return;
	}
	if (!stream_unpack(file, stream, &unpacked))
		return;
	pdf_objects_read_packed(file, stream->dictionary, sbuf_span(&unpacked));
	pdf_fonts_find_mute(file, sbuf_span(&unpacked));
}
