#include "quarantine-ui/desk/route.h"

#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/http/path.h"

const struct route routes[] = {
#define PAGE(method, path, handler, roles, form)                  \
	{ ROUTE_PAGE, HTTP_METHOD_##method, path, page_##handler, \
	  (roles),    ROUTE_##form },
#include "quarantine-ui/pages/pages.def"
#undef PAGE
#define API(method, path, handler, roles)                       \
	{ ROUTE_API, HTTP_METHOD_##method, path, api_##handler, \
	  (roles),   ROUTE_NO_FORM },
#include "quarantine-ui/api/api.def"
#undef API
};
const size_t route_count = ARRAY_LEN(routes);

static bool
route_is_case(struct span piece, char case_text[CASE_ID_TEXT_BYTES])
{
	uint8_t id[CASE_ID_BYTES];

	if (piece.len_bytes != CASE_ID_TEXT_BYTES - 1)
		return false;
	memcpy(case_text, piece.ptr, piece.len_bytes);
	case_text[piece.len_bytes] = '\0';
	return case_id_parse(case_text, id);
}

/* What the vault calls an entry: lower case letters and digits. */
static bool
route_is_entry(struct span piece, char text[CASE_ID_TEXT_BYTES])
{
	if (piece.len_bytes == 0 || piece.len_bytes >= CASE_ID_TEXT_BYTES)
		return false;
	for (size_t i = 0; i < piece.len_bytes; i++)
		if (!(piece.ptr[i] >= 'a' && piece.ptr[i] <= 'z') &&
		    !(piece.ptr[i] >= '0' && piece.ptr[i] <= '9'))
			return false;
	memcpy(text, piece.ptr, piece.len_bytes);
	text[piece.len_bytes] = '\0';
	return true;
}

/* Are the {id} and {entry} of a path what they should be? */
static bool
route_takes(const struct path_pieces *pieces,
	    char case_text[CASE_ID_TEXT_BYTES])
{
	case_text[0] = '\0';
	for (size_t i = 0; i < pieces->count; i++) {
		const bool fits =
			span_equal(pieces->names[i], span_of("{id}"))
				? route_is_case(pieces->values[i], case_text)
				: route_is_entry(pieces->values[i], case_text);

		if (!fits)
			return false;
	}
	return true;
}

const struct route *
route_find(enum http_method method, const char *path,
	   char case_text[CASE_ID_TEXT_BYTES], const char **allow_out)
{
	const enum http_method as =
		method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : method;
	unsigned bits = 0;

	for (size_t i = 0; i < route_count; i++) {
		struct path_pieces pieces;

		if (!path_matches(routes[i].path, path, &pieces) ||
		    !route_takes(&pieces, case_text))
			continue;
		if (routes[i].method == as)
			return &routes[i];
		bits |= path_method_bit(routes[i].method);
	}
	case_text[0] = '\0';
	*allow_out = path_allow(bits);
	return NULL;
}

bool
route_is_page(const char *path)
{
	char case_text[CASE_ID_TEXT_BYTES];
	const char *allow = NULL;
	const struct route *route =
		route_find(HTTP_METHOD_GET, path, case_text, &allow);

	return route != NULL && route->kind == ROUTE_PAGE;
}
