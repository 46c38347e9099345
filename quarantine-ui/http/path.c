#include "quarantine-ui/http/path.h"

#include "lib/base/parse.h"

/* Step over one piece of a path: "/piece". */
static bool
path_cut(struct span *rest, struct span *piece_out)
{
	size_t len = 1;

	if (rest->len_bytes == 0 || rest->ptr[0] != '/')
		return false;
	while (len < rest->len_bytes && rest->ptr[len] != '/')
		len++;
	return span_cut(*rest, 1, len - 1, piece_out) &&
	       span_cut(*rest, len, rest->len_bytes - len, rest);
}

bool
path_matches(const char *pattern, const char *path,
	     struct path_pieces *pieces_out)
{
	struct span want = span_of(pattern);
	struct span have = span_of(path);
	struct span want_piece;
	struct span have_piece;
	struct path_pieces pieces = { .count = 0 };

	while (path_cut(&want, &want_piece)) {
		if (!path_cut(&have, &have_piece))
			return false;
		if (want_piece.len_bytes > 0 && want_piece.ptr[0] == '{') {
			if (pieces.count == PATH_MAX_PIECES)
				return false;
			pieces.names[pieces.count] = want_piece;
			pieces.values[pieces.count++] = have_piece;
		} else if (!span_equal(want_piece, have_piece)) {
			return false;
		}
	}
	*pieces_out = pieces;
	return have.len_bytes == 0;
}

unsigned
path_method_bit(enum http_method method)
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

const char *
path_allow(unsigned method_bits)
{
	static const char *const allows[] = { "",
					      "GET, HEAD",
					      "POST",
					      "GET, HEAD, POST",
					      "DELETE",
					      "GET, HEAD, DELETE",
					      "POST, DELETE",
					      "GET, HEAD, POST, DELETE" };

	return method_bits < ARRAY_LEN(allows) ? allows[method_bits] : "";
}
