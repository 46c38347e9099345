/*
 * route.h - every address, from pages.def and api.def.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  constant
 */
#ifndef QUARANTINE_UI_DESK_ROUTE_H
#define QUARANTINE_UI_DESK_ROUTE_H

#include "quarantine-ui/desk/call.h"

enum route_kind {
	ROUTE_NONE = 0,
	ROUTE_PAGE, /* cookie, forms, HTML */
	ROUTE_API   /* bearer token, JSON */
};

enum route_form {
	ROUTE_NO_FORM = 0,
	ROUTE_FORM /* a posted form with its token */
};

/* Beside roles: also for a guest, the sender of one mail who came with a code
 * out of a notice. A guest gets no other page. */
enum {
	ROUTE_GUEST = 1 << 30,
	/* Also for a session whose second factor is missing. */
	ROUTE_HALF = 1 << 29
};

struct route {
	enum route_kind kind;
	enum http_method method;
	const char *path; /* "{id}": a case id, "{entry}": of an entry */
	/* Make the answer. Any status but ST_OK becomes an error page. */
	enum status (*answer)(struct call *call, struct err *err);
	uint32_t roles; /* one of them is needed; 0: open to all */
	enum route_form form;
};

/* The handlers, each in a file of its own: page_*.c, api_*.c. */
#define PAGE(method, path, handler, roles, form)                 \
	MUST_CHECK enum status page_##handler(struct call *call, \
					      struct err *err);
#include "quarantine-ui/pages/pages.def"
#undef PAGE
#define API(method, path, handler, roles)                       \
	MUST_CHECK enum status api_##handler(struct call *call, \
					     struct err *err);
#include "quarantine-ui/api/api.def"
#undef API

extern const struct route routes[];
extern const size_t route_count;

/*
 * Find the route of method and path. HEAD is GET.
 * Gives:    case_text, the {id} or {entry} of the path, when there is one
 * Returns:  the route; NULL when there is none, *allow_out is then the
 *           methods that this path has ("" none: no such page)
 */
const struct route *
route_find(enum http_method method, const char *path,
	   char case_text[CASE_ID_TEXT_BYTES], const char **allow_out);

/* Is path one of the pages that a person may be sent to? */
bool route_is_page(const char *path);

#endif
