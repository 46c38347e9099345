/*
 * pdf_sink.h - what a PDF document holds, sent to the worker of the mail.
 *
 * Layer:    scanners/pdf; includes lib/ and scanners/worker
 * Threads:  one
 *
 * The other end of scanners/worker/remote.h. When the socket fails, all calls
 * that follow do nothing: there is nobody to tell.
 */
#ifndef SCANNERS_PDF_PDF_SINK_H
#define SCANNERS_PDF_PDF_SINK_H

#include <signal.h>

#include "scanners/worker/remote.h"

struct pdf_sink {
	struct channel channel;
	int64_t deadline_mono_ms;
	struct remote_document order;           /* what reading may cost */
	char password[REPORT_SECRET_BYTES + 1]; /* "": none */
	volatile sig_atomic_t sending;          /* a frame is half sent */
	struct err err;      /* st ST_OK while all went well */
	uint32_t complaints; /* of poppler that were passed on: a bit each */
	bool has_picture;    /* said already */
	void *given;         /* pdf_given.c: sums of attached files */
	size_t given_count;
};

/* Receive the document into *bytes_out (malloc block).
 * Returns: ST_OK, ST_FORMAT, ST_LIMIT, ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status
pdf_sink_receive(struct pdf_sink *sink, uint8_t **bytes_out,
		 size_t *len_bytes_out, struct err *err);

/* Time is up, or nobody listens: stop. */
bool pdf_sink_is_over(const struct pdf_sink *sink);

/* utf8 need not be valid: what is not becomes U+FFFD. NULL is nothing. */
void pdf_sink_text(struct pdf_sink *sink, const struct place *place,
		   const char *utf8);
void pdf_sink_break(struct pdf_sink *sink);
void pdf_sink_child(struct pdf_sink *sink, const char *name, struct span bytes);
void pdf_sink_opaque(struct pdf_sink *sink, enum report_reason reason,
		     const char *detail);
void pdf_sink_spend(struct pdf_sink *sink, uint64_t len_bytes);

/* The last call; why NULL: read to its end, unless the time was up before. */
void pdf_sink_end(struct pdf_sink *sink, const char *why);

#endif
