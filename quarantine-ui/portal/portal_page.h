/*
 * portal_page.h - what the portal's pages share: routes, layout, errors.
 *
 * Layer:    quarantine-ui/portal
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_PORTAL_PORTAL_PAGE_H
#define QUARANTINE_UI_PORTAL_PORTAL_PAGE_H

#include "quarantine-ui/portal/visit.h"

enum portal_form {
	PORTAL_NO_FORM = 0,
	PORTAL_FORM /* posted by one of our own pages */
};

struct portal_route {
	enum http_method method;
	const char *path; /* "{id}": of a link, "{n}": number of a file */
	/* Make the answer. Any status but ST_OK becomes an error page. */
	enum status (*answer)(struct visit *visit, struct err *err);
	enum portal_form form;
};

#define PAGE(method, path, handler, form)                            \
	MUST_CHECK enum status portal_##handler(struct visit *visit, \
						struct err *err);
#include "quarantine-ui/portal/portal.def"
#undef PAGE

/*
 * Find the route of method and path. HEAD is GET.
 * Gives:    visit->link_id, link_text and file, when the path has them
 * Returns:  the route; NULL when there is none, *allow_out is then the
 *           methods that this path has ("" none: no such page)
 */
const struct portal_route *
portal_find_route(struct visit *visit, enum http_method method,
		  const char *path, const char **allow_out);

/* May a change of language come back to path? */
bool portal_is_page(const char *path);

enum portal_template {
	PORTAL_TEMPLATE_NONE = 0,
#define TEMPLATE(symbol, file, shape) PORTAL_TEMPLATE_##symbol,
#include "quarantine-ui/portal/portal_templates.def"
#undef TEMPLATE
	PORTAL_TEMPLATE_END
};
extern const struct template_shape portal_shape_error;
extern const struct template_shape portal_shape_files;
extern const struct template_shape portal_shape_layout;
extern const struct template_shape portal_shape_open;
extern const struct template_shape portal_shape_visit;

/* Put a page into the response, whose status stays as it is.
 * title: in the visitor's language. Returns: ST_OK, ST_LIMIT, ST_NO_MEMORY */
MUST_CHECK enum status
portal_render(struct visit *visit, enum portal_template which,
	      const void *values, const char *title, struct err *err);

/* The page that says what happened and what to do now. */
void portal_error(struct visit *visit, unsigned status);

/* The page on which a code is typed; failure: English, or "". */
MUST_CHECK enum status
portal_show_open(struct visit *visit, const char *failure, struct err *err);
/* The page of visit->link's stage. */
MUST_CHECK enum status
portal_show_stage(struct visit *visit, const char *failure, struct err *err);

/* There is no such file now; a page that says where to begin. */
MUST_CHECK enum status portal_no_visit(struct visit *visit, struct err *err);

#endif
