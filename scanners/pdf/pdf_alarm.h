/*
 * pdf_alarm.h - the last words of a reader of PDF that cannot go on.
 *
 * Layer:    scanners/pdf
 * Threads:  one; process-wide (signals, an interval timer)
 *
 * A document that keeps poppler busy for ever, or takes all memory, where
 * libraries call abort(): who asked for it is told which, in frames made in
 * advance. Otherwise it would only see the socket close, as by a crash.
 */
#ifndef SCANNERS_PDF_PDF_ALARM_H
#define SCANNERS_PDF_PDF_ALARM_H

#include "scanners/pdf/pdf_sink.h"

/* Before the sandbox. Returns: ST_OK, ST_IO */
MUST_CHECK enum status pdf_alarm_prepare(struct err *err);

/* From now on, for sink and its order. Returns: ST_OK, ST_IO, what
 * wire_encode() says */
MUST_CHECK enum status pdf_alarm_arm(struct pdf_sink *sink, struct err *err);

#endif
