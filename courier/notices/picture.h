/*
 * picture.h - the organisation's logo in mails to recipients outside.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  immutable after picture_load()
 *
 * It goes along as a part of the mail (Content-ID): nothing is fetched, so
 * nobody learns that a mail is being read.
 */
#ifndef COURIER_NOTICES_PICTURE_H
#define COURIER_NOTICES_PICTURE_H

#include "lib/base/sbuf.h"

enum { PICTURE_ID_BYTES = 300 };

struct picture {
	struct sbuf bytes;
	const char *content_type; /* NULL: there is none */
	uint32_t width, height;   /* as shown */
	char id[PICTURE_ID_BYTES];
};

void picture_init(struct picture *picture);
void picture_done(struct picture *picture);

/*
 * Read the file at path (portal.logo; "": none). One that mails cannot carry
 * (SVG, or too large) is left out. host makes its id, with an @.
 * Returns: ST_OK; ST_NOT_FOUND, ST_FORMAT, ST_LIMIT: err names the setting and
 *          the file; ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status picture_load(struct picture *picture, const char *path,
				    const char *host, struct err *err);
bool picture_is_there(const struct picture *picture);

/* Append html with the picture inside of it, for who looks at it alone. */
void picture_put_into(const struct picture *picture, const char *html,
		      struct sbuf *out);

#endif
