/*
 * What poppler complains about. Its GLib side has no callback for errors, but
 * sends each to GLib's log as a message of the domain "Poppler" at a level that
 * is dropped unless somebody listens: "Syntax error at position 12: …". Without
 * listening, a page whose stream is damaged inside reads as a short page.
 *
 * Messages quote the document, so none is passed on: a table of parts of
 * messages tells what each means. Files with a wrong table of objects and the
 * like, which poppler (and every viewer) mends by itself, cause none.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_read.h"

struct pdf_complaint {
	const char *part; /* of the message */
	enum report_reason reason;
	const char *detail;
};

static const struct pdf_complaint complaints[] = {
	{ " in flate stream", REPORT_REASON_DAMAGED, "pdf: damaged stream" },
	{ "Bad LZW stream", REPORT_REASON_DAMAGED, "pdf: damaged stream" },
	{ "in ASCIIHex stream", REPORT_REASON_DAMAGED, "pdf: damaged stream" },
	{ "endstream", REPORT_REASON_DAMAGED, "pdf: damaged stream" },
	{ "Unknown filter", REPORT_REASON_UNKNOWN_CONTAINER,
	  "pdf: unknown filter" },
	{ "Bad filter", REPORT_REASON_DAMAGED, "pdf: damaged stream" },
	{ "page contents", REPORT_REASON_DAMAGED, "pdf: damaged page" },
	{ "widths array", REPORT_REASON_DAMAGED, "pdf: damaged font" },
	{ "Unknown font type", REPORT_REASON_DAMAGED, "pdf: damaged font" },
	{ "DescendantFont", REPORT_REASON_DAMAGED, "pdf: damaged font" },
	{ "not found but needed", REPORT_REASON_DAMAGED,
	  "pdf: damaged list of objects" },
	{ "content stream", REPORT_REASON_DAMAGED, "pdf: damaged page" },
	{ "Unknown operator", REPORT_REASON_DAMAGED, "pdf: damaged page" },
	{ " args to '", REPORT_REASON_DAMAGED, "pdf: damaged page" },
	{ "Illegal character", REPORT_REASON_DAMAGED, "pdf: damaged object" },
	{ "Unterminated", REPORT_REASON_DAMAGED, "pdf: damaged object" },
	{ "End of file inside", REPORT_REASON_DAMAGED, "pdf: damaged object" },
	{ "Dictionary key", REPORT_REASON_DAMAGED, "pdf: damaged object" },
	{ "Object stream", REPORT_REASON_DAMAGED, "pdf: damaged object" },
	{ "ObjStm", REPORT_REASON_DAMAGED, "pdf: damaged object" },
	{ "xref", REPORT_REASON_DAMAGED, "pdf: damaged list of objects" },
	{ "trailer", REPORT_REASON_DAMAGED, "pdf: damaged list of objects" },
	/* It shows as it should, but which characters those are is unknown. */
	{ "ToUnicode", REPORT_REASON_IMAGE, "pdf: text without characters" },
	{ "No font in show", REPORT_REASON_IMAGE,
	  "pdf: text without characters" },
};

/* Each of what a complaint means is said once. */
static void
complaint_report(struct pdf_sink *sink, const struct pdf_complaint *complaint)
{
	const uint32_t bit = UINT32_C(1) << (unsigned)(complaint - complaints);

	for (size_t i = 0; i < ARRAY_LEN(complaints); i++)
		if ((sink->complaints & UINT32_C(1) << i) != 0 &&
		    strcmp(complaints[i].detail, complaint->detail) == 0)
			return;
	sink->complaints |= bit;
	pdf_sink_opaque(sink, complaint->reason, complaint->detail);
}

static void
complaint_take(const gchar *domain, GLogLevelFlags level, const gchar *message,
	       gpointer data)
{
	struct pdf_sink *const *sink = data;

	(void)domain;
	(void)level;
	/* Of fonts that are missing here, of how things are to look. */
	if (message == NULL || (strncasecmp(message, "syntax ", 7) != 0 &&
				strncasecmp(message, "internal ", 9) != 0))
		return;
	for (size_t i = 0; i < ARRAY_LEN(complaints); i++) {
		if (strstr(message, complaints[i].part) == NULL)
			continue;
		complaint_report(*sink, &complaints[i]);
		return;
	}
}

/* Writing a warning would ask what standard error is, which the sandbox
 * forbids; and it may quote the document. */
static void
complaint_drop(const gchar *domain, GLogLevelFlags level, const gchar *message,
	       gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static GLogWriterOutput
complaint_drop_fields(GLogLevelFlags level, const GLogField *fields,
		      gsize count, gpointer data)
{
	(void)level;
	(void)fields;
	(void)count;
	(void)data;
	return G_LOG_WRITER_HANDLED;
}

void
pdf_errors_listen(struct pdf_sink *sink)
{
	/* GLib takes a writer once in a process, and ends it for a second. */
	static struct pdf_sink *listener;
	const bool first = listener == NULL;

	listener = sink;
	if (!first)
		return;
	(void)g_log_set_default_handler(complaint_drop, NULL);
	g_log_set_writer_func(complaint_drop_fields, NULL, NULL);
	(void)g_log_set_handler("Poppler",
				(GLogLevelFlags)(G_LOG_LEVEL_MASK |
						 G_LOG_FLAG_FATAL |
						 G_LOG_FLAG_RECURSION),
				complaint_take, &listener);
}
