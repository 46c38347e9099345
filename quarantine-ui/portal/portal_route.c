#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/http/path.h"
#include "quarantine-ui/portal/portal_page.h"

static const struct portal_route portal_routes[] = {
#define PAGE(method, path, handler, form) \
	{ HTTP_METHOD_##method, path, portal_##handler, PORTAL_##form },
#include "quarantine-ui/portal/portal.def"
#undef PAGE
};

static bool
route_take_link(struct visit *visit, struct span piece)
{
	if (piece.len_bytes != CASE_ID_TEXT_BYTES - 1)
		return false;
	memcpy(visit->link_text, piece.ptr, piece.len_bytes);
	visit->link_text[piece.len_bytes] = '\0';
	return case_id_parse(visit->link_text, visit->link_id);
}

/* From 1, without zeros in front: one address for one file. */
static bool
route_take_number(struct visit *visit, struct span piece)
{
	uint64_t number = 0;

	if (!parse_u64(piece, LINK_MAX_FILES, &number) || number == 0 ||
	    piece.ptr[0] == '0')
		return false;
	visit->file = (uint32_t)number - 1;
	return true;
}

static bool
route_takes(struct visit *visit, const struct path_pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const bool fits =
			span_equal(pieces->names[i], span_of("{id}"))
				? route_take_link(visit, pieces->values[i])
				: route_take_number(visit, pieces->values[i]);

		if (!fits)
			return false;
	}
	return true;
}

const struct portal_route *
portal_find_route(struct visit *visit, enum http_method method,
		  const char *path, const char **allow_out)
{
	const enum http_method as =
		method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : method;
	unsigned bits = 0;

	for (size_t i = 0; i < ARRAY_LEN(portal_routes); i++) {
		const struct portal_route *route = &portal_routes[i];
		struct path_pieces pieces;

		visit->link_text[0] = '\0';
		if (!path_matches(route->path, path, &pieces) ||
		    !route_takes(visit, &pieces))
			continue;
		if (route->method == as)
			return route;
		bits |= path_method_bit(route->method);
	}
	visit->link_text[0] = '\0';
	*allow_out = path_allow(bits);
	return NULL;
}

bool
portal_is_page(const char *path)
{
	static const char *const pages[] = { "/l/{id}", "/l/{id}/files" };
	struct visit probe = { .file = 0 };

	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct path_pieces pieces;

		if (path_matches(pages[i], path, &pieces) &&
		    route_takes(&probe, &pieces))
			return true;
	}
	return false;
}
