/*
 * log.h - one line of "event key=value" to syslog or standard error.
 *
 * Layer:    lib/base; only programs call it, libraries return statuses
 * Threads:  log_open() first and once; the rest from any thread
 *
 * Values are escaped (control characters, spaces, quotes), so a log line is
 * one line whatever the mail says. Never log message text, numbers,
 * passwords, keys or tokens: there is no function here that makes it safe.
 */
#ifndef LIB_BASE_LOG_H
#define LIB_BASE_LOG_H

#include "lib/base/sbuf.h"
#include "lib/base/status.h"

enum log_target {
	LOG_TARGET_NONE = 0,
	LOG_TARGET_SYSLOG, /* facility LOG_MAIL */
	LOG_TARGET_STDERR  /* with an RFC 3339 instant and the program name */
};

enum log_level {
	LOG_LEVEL_NONE = 0,
	LOG_LEVEL_ERROR, /* somebody must act */
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO, /* one line a message, state changes */
	LOG_LEVEL_DEBUG /* session steps; off by default */
};

/* program must live as long as the process. Not before process_harden(), which
 * closes descriptors. */
void log_open(const char *program, enum log_target target, bool debug);

/*
 * A line is built on the stack and written at once by log_send():
 *
 *	struct log_line line;
 *	log_begin(&line, LOG_LEVEL_INFO, "message");
 *	log_text(&line, "queue_id", queue_id);
 *	log_number(&line, "size", size_bytes);
 *	log_send(&line);
 *
 * A line over 1500 bytes is cut and ends in "...".
 */
struct log_line {
	enum log_level level;
	size_t len_bytes;
	char text[1536];
};

void log_begin(struct log_line *line, enum log_level level, const char *event);
void log_text(struct log_line *line, const char *key, const char *value);
void log_span(struct log_line *line, const char *key, struct span value);
void log_number(struct log_line *line, const char *key, int64_t value);
void log_error(struct log_line *line, const struct err *err);
void log_send(struct log_line *line);

/* The common case: an event and the error behind it (err may be NULL). */
void log_event(enum log_level level, const char *event, const struct err *err);

#endif
