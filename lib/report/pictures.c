#include "lib/report/pictures.h"

#include <string.h>

#include "lib/base/parse.h"

static const struct report_part *
pictures_find(const struct scan_report *report, struct span path)
{
	for (size_t i = 0; i < report->part_count; i++)
		if (span_equal(span_of(report->parts[i].path), path))
			return &report->parts[i];
	return NULL;
}

uint64_t
pictures_bytes(const struct scan_report *report, const char *path)
{
	const struct report_part *part = pictures_find(report, span_of(path));

	return part != NULL ? part->size_bytes : UINT64_MAX;
}

static bool
pictures_ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text);
	const size_t end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* <img src="data:…">: in HTML that is text of the mail. */
static bool
pictures_is_in_page(const struct scan_report *report, const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct report_part *page = NULL;

	if (slash != NULL)
		page = pictures_find(report,
				     (struct span){ (const uint8_t *)path,
						    (size_t)(slash - path) });
	return page != NULL && !page->attachment &&
	       strcmp(page->type, "html") == 0;
}

static bool
pictures_is_large(const struct scan_report *report,
		  const struct report_opaque *line, uint64_t logo_bytes)
{
	return line->reason == REPORT_REASON_IMAGE &&
	       pictures_bytes(report, line->part) > logo_bytes;
}

uint32_t
pictures_unread(const struct scan_report *report, uint64_t logo_bytes)
{
	uint32_t count = 0;

	for (size_t i = 0; i < report->opaque_count; i++)
		count += pictures_is_large(report, &report->opaques[i],
					   logo_bytes);
	return count;
}

uint32_t
pictures_shown(const struct scan_report *report, uint64_t logo_bytes, bool cut)
{
	uint32_t count = 0;

	for (size_t i = 0; i < report->opaque_count; i++) {
		const struct report_opaque *line = &report->opaques[i];

		count += pictures_is_large(report, line, logo_bytes) &&
			 ((!cut &&
			   pictures_ends_with(line->detail, PICTURES_SHOWN)) ||
			  pictures_is_in_page(report, line->part));
	}
	return count;
}
