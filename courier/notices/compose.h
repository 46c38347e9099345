/*
 * compose.h - a mail of our own, as RFC 5322, 2045 and 2047 want it.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  values
 *
 * Nothing that comes from outside (names, subjects, addresses) can add a
 * field: it becomes encoded words; an address to that cannot stand in a field
 * as it is becomes "undisclosed-recipients:;".
 */
#ifndef COURIER_NOTICES_COMPOSE_H
#define COURIER_NOTICES_COMPOSE_H

#include "courier/notices/picture.h"

struct compose {
	const char *from_name;
	const char *from;
	const char *to_name;
	const char *to;
	const char *subject;
	const char *language; /* "ja", "en", "ja, en" */
	const char *host;
	const char *id;     /* of the Message-Id, in front of @host; an atom */
	const char *thread; /* the same, of what it is an answer to; or "" */
	int64_t now_unix_ms;
	const char *boundary; /* NULL: a notice only; else head of a mixed */
	bool eight_bit;       /* with boundary: a part will have 8-bit bytes */
};

/* A text in its forms: UTF-8, lines end in LF. */
struct compose_forms {
	const char *text;
	const char *html;              /* or NULL: text alone */
	const struct picture *picture; /* that html shows, or NULL */
};

/*
 * Append header and a multipart/alternative of the forms to out. With a
 * boundary out ends behind the alternative's lines, ready for "\r\n--boundary".
 * Returns: ST_OK; ST_FORMAT the address from cannot stand in a field;
 *          ST_LIMIT, ST_NO_MEMORY
 */
MUST_CHECK enum status
compose_mail(const struct compose *compose, const struct compose_forms *forms,
	     struct sbuf *out, struct err *err);

/* Stands in boundary below. */
#define COMPOSE_MARK "sekimori"

/*
 * Append both forms as a part of a mail: fields, an empty line and a body of
 * printable ASCII, without a line end behind it. A picture stands with the
 * HTML in a multipart/related, whose boundary is the same but for the mark.
 * Returns: ST_OK, ST_LIMIT, ST_NO_MEMORY
 */
MUST_CHECK enum status
compose_alternative(const char *boundary, const struct compose_forms *forms,
		    struct sbuf *out, struct err *err);

/* True when address is a plain addr-spec that can stand in a field. */
bool compose_address_is_safe(const char *address);

/*
 * Append text as RFC 2047 encoded words, folded; used_bytes of the first line
 * are taken. Text of printable ASCII that fits goes out as it is.
 */
void compose_words(const char *text, size_t used_bytes, struct sbuf *out);

/* Append bytes as base64 in lines of 76. */
void compose_base64(struct span bytes, struct sbuf *out);

#endif
