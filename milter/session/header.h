/*
 * header.h - the little that the milter reads in a header by itself: whom a
 * mail is from, what the MTA added, which fields are ours.
 *
 * Layer:    milter/session; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted: values as libmilter gives them (after the colon, folds
 *           inside, no line end behind). Nothing here decodes encoded words
 *           or charsets, recurses, or allocates but through an sbuf.
 *
 * Shape of an address field (RFC 5322 3.4 and 4.4, read leniently):
 *
 *	list      entry *("," entry)
 *	entry     empty | mailbox | phrase ":" *mailbox ";"
 *	mailbox   addr | [phrase] "<" [route ":"] addr ">"
 *	addr      word *("." word) ["@" domain]
 *	comments  "(" … ")" nested, anywhere; strings in quotes
 */
#ifndef MILTER_SESSION_HEADER_H
#define MILTER_SESSION_HEADER_H

#include "lib/base/sbuf.h"

enum { HEADER_MAX_ADDRESS_BYTES = 1000, HEADER_MAX_COMMENT_DEPTH = 1000 };

/*
 * Append every address of an address field to addresses, each followed by a
 * NUL: no comments, no white space, quoted local parts as they are. An
 * address in a display name ("a@x.test" <b@y.test>) counts as well, because
 * it names somebody.
 *
 * Returns:  ST_OK      the whole value was understood
 *           ST_FORMAT  it was not; what could be made out was appended, and
 *                      the caller lets the raw text count as well
 *           ST_LIMIT, ST_NO_MEMORY  of addresses
 */
MUST_CHECK enum status
header_add_addresses(struct span value, struct sbuf *addresses,
		     struct err *err);

/*
 * Append every run of bytes with an '@' in it, each followed by a NUL: white
 * space, <>()[]:;," and controls end a run. Longer ones than
 * HEADER_MAX_ADDRESS_BYTES name nobody and are left out.
 */
void header_add_runs(struct span value, struct sbuf *addresses);

/*
 * As a last resort for a value that is no address list: its runs with an '@',
 * and the value itself with controls as spaces, cut to
 * HEADER_MAX_ADDRESS_BYTES.
 * Returns: ST_OK; ST_LIMIT, ST_NO_MEMORY of addresses
 */
MUST_CHECK enum status
header_add_raw(struct span value, struct sbuf *addresses, struct err *err);

/* For the files that read headers: is byte (not NUL) in set? */
bool header_is_one_of(uint8_t byte, const char *set);

/* Without the white space around it. */
struct span header_trim(struct span value);

enum header_kind {
	HEADER_OTHER = 0, /* none of those below */
	HEADER_SENDER,    /* From, Sender, Resent-From, Resent-Sender */
	HEADER_MESSAGE_ID,
	HEADER_DATE,
	HEADER_SUBJECT,
	HEADER_TRAILER,   /* To, Cc, Bcc: what an MTA may add behind Date */
	HEADER_TICKET,    /* X-Sekimori-Ticket */
	HEADER_SELF_TEST, /* X-Sekimori-Self-Test */
	HEADER_OURS       /* any other X-Sekimori-… */
};

/* Fields that only we write: removed from what passes. */
static inline bool
header_is_ours(enum header_kind kind)
{
	return kind == HEADER_TICKET || kind == HEADER_SELF_TEST ||
	       kind == HEADER_OURS;
}

/* A From is a HEADER_SENDER although an MTA may add one as a trailer. */
enum header_kind header_kind_of(const char *name);

/*
 * Is this Message-Id one that the MTA made for this mail? Postfix and
 * Sendmail write <digits.QUEUEID@HOST>; both must fit. False when queue_id
 * or host is empty.
 */
bool header_is_mta_message_id(struct span value, const char *queue_id,
			      const char *host);

/* Is this Date written as an MTA writes it, with the name of the time zone
 * in brackets: "Sun, 22 Nov 2026 05:08:00 +0000 (UTC)"? */
bool header_is_mta_date(struct span value);

/*
 * Append a Subject that has no encoded words and only printable ASCII, every
 * digit of a run of 4 and more masked (single separators do not end a run).
 * Anything else appends nothing: what is encoded may hide a number, and what
 * speaks of a password may say it.
 */
void header_mask_subject(struct span value, struct sbuf *subject);

/* Append value to lines with bare line feeds (folds, as libmilter gives
 * them) made CR LF. */
void header_add_folded(struct span value, struct sbuf *lines);

#endif
