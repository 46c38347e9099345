#include "scanners/readers/text_flow.h"

#include "lib/base/parse.h"
#include "scanners/readers/mime_header.h"

enum { TEXT_NUMBER_DIGITS = 12 };

static bool
text_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

bool
text_cuts_number(struct span before, struct span behind)
{
	size_t head = 0;
	size_t tail = 0;

	while (head < before.len_bytes && head < TEXT_NUMBER_DIGITS &&
	       text_is_digit(before.ptr[before.len_bytes - 1 - head]))
		head++;
	while (tail < behind.len_bytes && tail < TEXT_NUMBER_DIGITS &&
	       text_is_digit(behind.ptr[tail]))
		tail++;
	return head > 0 && tail > 0 && head + tail == TEXT_NUMBER_DIGITS;
}

static struct span
text_cut(struct span text, size_t from)
{
	struct span part = { 0 };

	(void)span_cut(text, from, text.len_bytes - from, &part);
	return part;
}

/* The marks of quoting before a line, without blanks between them. */
static size_t
text_quote_depth(struct span line)
{
	size_t depth = 0;

	while (depth < line.len_bytes && line.ptr[depth] == '>')
		depth++;
	return depth;
}

static void
text_end_paragraph(struct sbuf *out, size_t *owed)
{
	for (; *owed > 0; (*owed)--)
		sbuf_add_byte(out, '\n');
}

static void
text_start_paragraph(struct sbuf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		sbuf_add_byte(out, '>');
	if (depth > 0)
		sbuf_add_byte(out, ' ');
}

/* A signature's "-- " does not go on. */
static bool
text_goes_on(struct span line)
{
	return line.len_bytes > 0 && line.ptr[line.len_bytes - 1] == ' ' &&
	       !span_equal(line, span_of("-- "));
}

/* The blank at the end of the line before this one, or a line end for it. */
static void
text_join(struct span line, bool joined, size_t *owed, struct sbuf *out)
{
	const bool cuts = joined && text_cuts_number(sbuf_span(out), line);

	sbuf_add_byte(out, cuts ? '\n' : ' ');
	*owed -= cuts;
}

void
text_unflow(struct span text, enum text_flow flow, struct sbuf *out)
{
	struct span line = { 0 };
	size_t at = 0;
	size_t owed = 0; /* line ends of the paragraph that is open */
	size_t depth = 0;
	bool goes_on = false;

	while (at < text.len_bytes) {
		at = mime_line(text, at, &line);
		const size_t own = text_quote_depth(line);
		const bool joined = goes_on && own == depth;

		/* Stuffed, or the blank behind the quote marks. */
		line = text_cut(line, own);
		if (line.len_bytes > 0 && line.ptr[0] == ' ')
			line = text_cut(line, 1);
		if (goes_on && flow == TEXT_FLOW_SPACE)
			text_join(line, joined, &owed, out);
		if (!joined) {
			text_end_paragraph(out, &owed);
			text_start_paragraph(out, own);
		}
		depth = own;
		goes_on = text_goes_on(line);
		line.len_bytes -= goes_on;
		sbuf_add_span(out, line);
		owed++;
	}
	if (goes_on && flow == TEXT_FLOW_SPACE)
		sbuf_add_byte(out, ' ');
	text_end_paragraph(out, &owed);
}

void
text_unfold(struct span text, struct sbuf *out)
{
	struct span line = { 0 };
	size_t at = 0;
	size_t owed = 0;

	while (at < text.len_bytes) {
		const bool goes_on =
			text.ptr[at] == ' ' || text.ptr[at] == '\t';

		at = mime_line(text, at, &line);
		if (goes_on)
			line = text_cut(line, 1);
		else
			text_end_paragraph(out, &owed);
		sbuf_add_span(out, line);
		owed++;
	}
	text_end_paragraph(out, &owed);
}
