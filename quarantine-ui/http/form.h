/*
 * form.h - names and values of a query or of a posted form.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  values
 * Input:    untrusted
 */
#ifndef QUARANTINE_UI_HTTP_FORM_H
#define QUARANTINE_UI_HTTP_FORM_H

#include "lib/base/sbuf.h"

enum { FORM_MAX_FIELDS = 24, FORM_MAX_VALUE_BYTES = 8000 };

struct form_field {
	const char *name;
	const char *value;
};

struct form {
	struct form_field fields[FORM_MAX_FIELDS];
	size_t field_count;
	char *text; /* decoded, wiped by form_done(): it may hold a password */
	size_t text_bytes;
};

/*
 * Decode application/x-www-form-urlencoded. Values are UTF-8 without
 * controls other than tab and line feed (CR LF becomes LF); a name that
 * comes twice, a bad % and everything else odd is refused, because two
 * readers could take it in two ways.
 *
 * Gives:    *form, release with form_done() (also after a failure)
 * Returns:  ST_OK; ST_FORMAT; ST_LIMIT too many fields or a value too long;
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
form_parse(struct span encoded, struct form *form, struct err *err);
void form_done(struct form *form);

/* The value called name, "" when there is none. */
const char *form_get(const struct form *form, const char *name);

#endif
