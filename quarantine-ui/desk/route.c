#include "quarantine-ui/desk/route.h"

#include <string.h>

#include "lib/base/parse.h"

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

/* Step over one piece of a path: "/piece". */
static bool
route_cut(struct span *rest, struct span *piece_out)
{
	size_t len = 1;

	if (rest->len_bytes == 0 || rest->ptr[0] != '/')
		return false;
	while (len < rest->len_bytes && rest->ptr[len] != '/')
		len++;
	return span_cut(*rest, 1, len - 1, piece_out) &&
	       span_cut(*rest, len, rest->len_bytes - len, rest);
}

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

static bool
route_matches(const struct route *route, const char *path,
	      char case_text[CASE_ID_TEXT_BYTES])
{
	struct span want = span_of(route->path);
	struct span have = span_of(path);
	struct span want_piece;
	struct span have_piece;

	case_text[0] = '\0';
	while (route_cut(&want, &want_piece)) {
		if (!route_cut(&have, &have_piece))
			return false;
		if (span_equal(want_piece, span_of("{id}"))) {
			if (!route_is_case(have_piece, case_text))
				return false;
		} else if (span_equal(want_piece, span_of("{entry}"))) {
			if (!route_is_entry(have_piece, case_text))
				return false;
		} else if (!span_equal(want_piece, have_piece)) {
			return false;
		}
	}
	return have.len_bytes == 0;
}

static unsigned
route_method_bit(enum http_method method)
{
	switch (method) {
	case HTTP_METHOD_GET:
		return 1;
	case HTTP_METHOD_POST:
		return 2;
	case HTTP_METHOD_DELETE:
		return 4;
	case HTTP_METHOD_HEAD:
	case HTTP_METHOD_NONE:
	case HTTP_METHOD_END:
	default:
		return 0;
	}
}

const struct route *
route_find(enum http_method method, const char *path,
	   char case_text[CASE_ID_TEXT_BYTES], const char **allow_out)
{
	static const char *const allows[] = { "",
					      "GET, HEAD",
					      "POST",
					      "GET, HEAD, POST",
					      "DELETE",
					      "GET, HEAD, DELETE",
					      "POST, DELETE",
					      "GET, HEAD, POST, DELETE" };
	const enum http_method as =
		method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : method;
	unsigned bits = 0;

	for (size_t i = 0; i < route_count; i++) {
		if (!route_matches(&routes[i], path, case_text))
			continue;
		if (routes[i].method == as)
			return &routes[i];
		bits |= route_method_bit(routes[i].method);
	}
	case_text[0] = '\0';
	*allow_out = allows[bits];
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
