/*
 * template.h - a text with places for values.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  no shared state
 *
 * Shape: UTF-8. "{name}" is replaced by the value of that name, "{{" stands
 * for one "{". What a value holds is never looked at again, so a value cannot
 * name another one.
 */
#ifndef COURIER_NOTICES_TEMPLATE_H
#define COURIER_NOTICES_TEMPLATE_H

#include "lib/base/sbuf.h"

struct template_value {
	const char *name;
	const char *text;
	bool lines; /* may hold line feeds; other values become one line */
};

/*
 * Check that text is UTF-8 and names only known values.
 *
 * Takes:    what, the name of the text in err; names, known_count of them
 * Returns:  ST_OK; ST_FORMAT: err names the line
 */
MUST_CHECK enum status
template_check(const char *what, const char *text, const char *const *names,
	       size_t name_count, struct err *err);

/*
 * Append text with its values to out. Control characters of values and
 * characters that turn the direction of text are left out or become spaces.
 * text must have passed template_check() with the names of values.
 */
void template_render(const char *text, const struct template_value *values,
		     size_t value_count, struct sbuf *out);

/* True when text names values and none of them has anything to say. */
bool template_is_void(const char *text, const struct template_value *values,
		      size_t value_count);

#endif
