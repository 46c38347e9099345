/* The reader of plain text. */
#include "scanners/readers/reader.h"

#include <string.h>

#include "scanners/readers/text_views.h"
#include "scanners/text/readings.h"

static enum status
text_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	return text_give_body(sink, utf8, 1, err);
}

/* Files that stand in a text, at the start of a line, in a form that is not
 * read: raw text is swept, but it is no text. */
struct text_block {
	const char *mark;
	enum report_reason reason;
	const char *detail;
};
static const struct text_block text_blocks[] = {
	{ "-----BEGIN PGP MESSAGE-----", REPORT_REASON_ENCRYPTED,
	  "pgp message" },
	{ "=ybegin ", REPORT_REASON_UNKNOWN_CONTAINER, "yEnc" },
	{ "(This file must be converted with BinHex",
	  REPORT_REASON_UNKNOWN_CONTAINER, "BinHex" },
};

static bool
text_has_block(struct span body, const char *mark)
{
	const size_t mark_bytes = strlen(mark);
	struct span rest = body;

	while (rest.len_bytes > 0) {
		const uint8_t *found =
			memmem(rest.ptr, rest.len_bytes, mark, mark_bytes);

		if (found == NULL)
			return false;
		if (found == body.ptr || found[-1] == '\n')
			return true;
		if (!span_cut(rest, (size_t)(found - rest.ptr) + 1,
			      rest.len_bytes - (size_t)(found - rest.ptr) - 1,
			      &rest))
			return false;
	}
	return false;
}

static enum status
text_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	enum status st =
		text_views(sink, body, hint->charset, text_read_view, err);

	for (size_t i = 0; i < ARRAY_LEN(text_blocks) && st == ST_OK; i++) {
		const struct text_block *block = &text_blocks[i];

		if (text_has_block(body, block->mark))
			st = sink_opaque(sink, block->reason, block->detail,
					 err);
	}
	return st;
}

static enum sniff
text_sniff(struct span body, const struct child *hint)
{
	if (strncmp(hint->content_type, "text/", 5) == 0 ||
	    strncmp(hint->content_type, "message/", 8) == 0)
		return SNIFF_LIKELY;
	return text_is_plausible(body) ? SNIFF_MAYBE : SNIFF_NO;
}

const struct reader reader_text = {
	.name = "text",
	.foreign = false,
	.sniff = text_sniff,
	.read = text_read,
};
