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

/* A PGP message in the text itself. */
static bool
text_has_pgp(struct span body)
{
	static const char mark[] = "-----BEGIN PGP MESSAGE-----";
	const uint8_t *found = body.len_bytes > 0
				       ? memmem(body.ptr, body.len_bytes, mark,
						sizeof(mark) - 1)
				       : NULL;

	return found != NULL && (found == body.ptr || found[-1] == '\n');
}

static enum status
text_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	const enum status st =
		text_views(sink, body, hint->charset, text_read_view, err);

	if (st != ST_OK || !text_has_pgp(body))
		return st;
	return sink_opaque(sink, REPORT_REASON_ENCRYPTED, "pgp message", err);
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
