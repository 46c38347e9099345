/*
 * html.h - a notice as HTML that mail programs show well.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  no shared state
 *
 * Templates hold no HTML: every word of theirs and every value is escaped
 * here, and there is no way around it. Nothing is fetched from anywhere: a
 * picture is a part of the same mail. What comes out is well-formed as XML,
 * too.
 */
#ifndef COURIER_NOTICES_HTML_H
#define COURIER_NOTICES_HTML_H

#include "courier/notices/layout.h"
#include "courier/notices/picture.h"

enum html_tone {
	HTML_TONE_NONE = 0,
	HTML_TONE_WAIT, /* it is held, nothing is wrong */
	HTML_TONE_ASK,  /* something is asked of the reader */
	HTML_TONE_GOOD, /* it went out */
	HTML_TONE_BACK, /* it did not go out, as somebody decided */
	HTML_TONE_BAD   /* it could not be delivered */
};

struct html_look {
	const char *name; /* whose notice it is, above the title */
	enum html_tone tone;
	const struct picture *picture; /* above the name; may be none */
};

/* A notice in one language; all borrowed. */
struct html_page {
	const char *language; /* "ja", "en" */
	const struct layout *layout;
	const char *footer;
	const struct layout_values *values;
};

/* Append the whole document, pages one below the other.
 * Returns: ST_OK, ST_LIMIT, ST_NO_MEMORY */
MUST_CHECK enum status
html_write(const struct html_page *pages, size_t page_count,
	   const struct html_look *look, struct sbuf *out, struct err *err);

#endif
