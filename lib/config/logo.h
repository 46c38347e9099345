/*
 * logo.h - the organisation's logo: what kind of picture the file is.
 *
 * Layer:    lib/config
 * Threads:  pure functions
 * Input:    a file of the administrator; what is odd is ST_FORMAT
 *
 * The portal shows any of them; mails carry PNG and JPEG alone, because mail
 * programs do not show SVG.
 */
#ifndef LIB_CONFIG_LOGO_H
#define LIB_CONFIG_LOGO_H

#include "lib/base/sbuf.h"

enum {
	LOGO_MAX_BYTES = 256 * 1024,
	LOGO_MAX_MAIL_BYTES = 64 * 1024, /* a larger one stays out of mails */
	LOGO_MAX_PIXELS = 4000           /* in each direction */
};

struct logo {
	const char *content_type; /* "image/png", "image/jpeg", … */
	bool mail;                /* mails carry it */
	uint32_t width, height;   /* 0: unknown (SVG) */
};

/*
 * What bytes are.
 * Returns: ST_OK; ST_FORMAT neither PNG, JPEG nor SVG, or damaged, or too many
 *          pixels (err says which)
 */
MUST_CHECK enum status
logo_look(struct span bytes, struct logo *logo_out, struct err *err);

/* Read the file at path to bytes, which the caller has initialised with room
 * for LOGO_MAX_BYTES. Returns: as fd_slurp_file() and logo_look() */
MUST_CHECK enum status logo_read(const char *path, struct sbuf *bytes,
				 struct logo *logo_out, struct err *err);

#endif
