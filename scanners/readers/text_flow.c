#include "scanners/readers/text_flow.h"

#include "lib/base/parse.h"
#include "scanners/readers/mime_header.h"

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

		if (!goes_on || own != depth) {
			text_end_paragraph(out, &owed);
			text_start_paragraph(out, own);
		}
		depth = own;
		line = text_cut(line, own);
		/* Stuffed, or the blank behind the quote marks. */
		if (line.len_bytes > 0 && line.ptr[0] == ' ')
			line = text_cut(line, 1);
		goes_on = text_goes_on(line);
		if (goes_on && flow == TEXT_FLOW_DELSP)
			line.len_bytes--;
		sbuf_add_span(out, line);
		owed++;
	}
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
