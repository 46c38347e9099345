#include "scanners/pdf/pdf_warm.h"

#include <string.h>
#include <sys/socket.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "scanners/pdf/pdf_read.h"

enum { WARM_MAX_BYTES = 8192, WARM_OBJECTS = 10, WARM_MS = 5000 };

/* Latin letters, and Japanese ones by the numbers of Adobe-Japan1, whose map
 * is the largest that documents need. */
static const char *const warm_objects[WARM_OBJECTS] = {
	"<< /Type /Catalog /Pages 2 0 R >>",
	"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
	"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R\n"
	"/Resources << /Font << /A 5 0 R /B 6 0 R /C 9 0 R >> >> >>",
	"<< /Length 101 >>\nstream\n"
	"BT /A 9 Tf 9 99 Td (letter 1) Tj /B 9 Tf 0 9 Td <0345034603470348> Tj "
	"/C 9 Tf 0 9 Td <82A082A2> Tj ET\nendstream",
	"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica\n"
	"/Encoding /WinAnsiEncoding >>",
	"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light\n"
	"/Encoding /Identity-H /DescendantFonts [7 0 R] >>",
	"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light\n"
	"/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 "
	">>\n/FontDescriptor 8 0 R >>",
	"<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 6\n"
	"/FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200\n"
	"/CapHeight 700 /StemV 70 >>",
	"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light\n"
	"/Encoding /90ms-RKSJ-H /DescendantFonts [7 0 R] >>",
	"<< /Title (letter) /Producer <FEFF30443044> >>",
};

static enum status
warm_write(struct sbuf *out, struct err *err)
{
	size_t places[WARM_OBJECTS];
	size_t table_at = 0;

	sbuf_add_text(out, "%PDF-1.4\n");
	for (size_t i = 0; i < WARM_OBJECTS; i++) {
		places[i] = out->len_bytes;
		sbuf_addf(out, "%zu 0 obj\n%s\nendobj\n", i + 1,
			  warm_objects[i]);
	}
	table_at = out->len_bytes;
	sbuf_addf(out, "xref\n0 %d\n0000000000 65535 f \n", WARM_OBJECTS + 1);
	for (size_t i = 0; i < WARM_OBJECTS; i++)
		sbuf_addf(out, "%010zu 00000 n \n", places[i]);
	sbuf_addf(out,
		  "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n"
		  "startxref\n%zu\n%%%%EOF\n",
		  WARM_OBJECTS + 1, WARM_OBJECTS, table_at);
	return sbuf_status(out, "worker: a letter", err);
}

/* The text goes nowhere: it fits a socket that nobody reads. */
static enum status
warm_read(struct pdf_sink *sink, struct span bytes, struct err *err)
{
	int pair[2] = { FD_NONE, FD_NONE };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set_errno(err, "worker: no socket pair");
	AUTO(fd_close) int other = pair[1];

	(void)other; /* open until here is left */
	channel_adopt(pair[0], &sink->channel);
	pdf_read(sink, bytes.ptr, bytes.len_bytes);
	channel_close(&sink->channel);
	return sink->err.st == ST_OK
		       ? ST_OK
		       : err_set(err, ST_IO, "worker: %s", sink->err.text);
}

/* Stays open as long as the process. */
static enum status
warm_hold(struct span bytes, struct err *err)
{
	GBytes *copy = g_bytes_new(bytes.ptr, bytes.len_bytes);
	PopplerDocument *held =
		poppler_document_new_from_bytes(copy, NULL, NULL);

	g_bytes_unref(copy);
	return held != NULL ? ST_OK
			    : err_set(err, ST_IO,
				      "worker: poppler reads no document");
}

enum status
pdf_warm_up(struct err *err)
{
	/* It listens to poppler until there is another. */
	static struct pdf_sink sink = {
		.order = { .max_pages = 1, .max_objects = 100 },
	};
	AUTO(sbuf_done) struct sbuf bytes;

	sbuf_init(&bytes, WARM_MAX_BYTES);
	sink.deadline_mono_ms = clock_mono_ms() + WARM_MS;
	enum status st = warm_write(&bytes, err);

	if (st == ST_OK)
		st = warm_hold(sbuf_span(&bytes), err);
	return st == ST_OK ? warm_read(&sink, sbuf_span(&bytes), err) : st;
}
