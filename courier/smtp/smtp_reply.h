/*
 * smtp_reply.h - the answer of an SMTP server, out of bytes as they come.
 *
 * Layer:    courier/smtp; includes only lib/
 * Threads:  one reply belongs to one thread
 * Input:    untrusted; the worst it can cause is ST_FORMAT or ST_LIMIT
 *
 * Shape (RFC 5321 4.2; a bare LF ends a line as well):
 *
 *	reply  *( code "-" [text] CRLF )  code [ SP [text] ] CRLF
 *	code   first digit 2 to 5, the same in each line
 *	text   may start with an enhanced code "5.1.1 " (RFC 2034) of the
 *	       same class
 */
#ifndef COURIER_SMTP_SMTP_REPLY_H
#define COURIER_SMTP_SMTP_REPLY_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	SMTP_REPLY_MAX_LINE_BYTES = 2048, /* four times what RFC 5321 allows */
	SMTP_REPLY_MAX_LINES = 128,
	SMTP_REPLY_TEXT_BYTES = 8192, /* more is cut */
	SMTP_ENHANCED_BYTES = 12      /* "5.999.999" and NUL */
};

struct smtp_reply {
	uint32_t code;                      /* 0 before the first line */
	char enhanced[SMTP_ENHANCED_BYTES]; /* of the first line, or "" */
	/* The lines' texts without codes, joined by '\n'; bytes that are not
	 * printable ASCII are '?'. */
	char text[SMTP_REPLY_TEXT_BYTES];
	size_t text_bytes;
	/* private: the line being put together */
	char line[SMTP_REPLY_MAX_LINE_BYTES];
	size_t line_bytes;
	size_t line_count;
};

void smtp_reply_init(struct smtp_reply *reply);

/*
 * Take more bytes.
 *
 * Gives:    *used_out of them belonged to this reply
 * Returns:  ST_OK      the reply is complete; do not call again
 *           ST_END     more bytes are needed; all were used
 *           ST_FORMAT  not a reply
 *           ST_LIMIT   a line or the number of lines is over the maximum
 */
MUST_CHECK enum status
smtp_reply_take(struct smtp_reply *reply, struct span bytes, size_t *used_out,
		struct err *err);

#endif
