/* The reader of PDF, which another program does: scanners/pdf/. */
#include "scanners/readers/reader.h"

#include <string.h>

/* Viewers accept a head of other bytes (ISO 32000-1 annex H, note 13). */
enum { PDF_HEAD_BYTES = 1024 };

/* White space, "obj", and no letter: a text about PDF has the mark, but no
 * object. */
static bool
pdf_has_object(struct span body)
{
	struct span rest = body;
	const uint8_t *found = NULL;

	while ((found = memmem(rest.ptr, rest.len_bytes, "obj", 3)) != NULL) {
		const size_t at = (size_t)(found - body.ptr);
		const size_t end = at + 3;
		const uint8_t next =
			end < body.len_bytes ? body.ptr[end] | 0x20 : 0;

		if (at > 0 && body.ptr[at - 1] <= ' ' &&
		    !(next >= 'a' && next <= 'z'))
			return true;
		if (!span_cut(body, end, body.len_bytes - end, &rest) ||
		    rest.len_bytes == 0)
			break;
	}
	return false;
}

static enum sniff
pdf_sniff(struct span body, const struct child *hint)
{
	static const char mark[] = "%PDF-";
	const size_t mark_bytes = sizeof(mark) - 1;
	const size_t head_bytes = body.len_bytes < PDF_HEAD_BYTES + mark_bytes
					  ? body.len_bytes
					  : PDF_HEAD_BYTES + mark_bytes;

	(void)hint;
	if (body.len_bytes < mark_bytes)
		return SNIFF_NO;
	if (memcmp(body.ptr, mark, mark_bytes) == 0)
		return SNIFF_CERTAIN;
	return memmem(body.ptr, head_bytes, mark, mark_bytes) != NULL &&
			       pdf_has_object(body)
		       ? SNIFF_LIKELY
		       : SNIFF_NO;
}

static enum status
pdf_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	(void)hint;
	/* A form in XML is read out of the file itself; in one that is
	 * encrypted (if with an empty password) it cannot be seen. */
	const bool hidden =
		memmem(body.ptr, body.len_bytes, "/XFA", 4) != NULL &&
		memmem(body.ptr, body.len_bytes, "/Encrypt", 8) != NULL;
	const enum status st =
		hidden ? sink_opaque(sink, REPORT_REASON_UNKNOWN_CONTAINER,
				     "pdf: xfa form", err)
		       : ST_OK;

	return st == ST_OK ? sink_remote(sink, "pdf", body, err) : st;
}

const struct reader reader_pdf = {
	.name = "pdf",
	.foreign = false, /* not in this process */
	.sniff = pdf_sniff,
	.read = pdf_read,
};
