#include "scanners/readers/mime_split.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/readers/mime_header.h"

/* A boundary line: where it and the text before it end. */
struct mime_cut {
	size_t text_end; /* of what stands before, without its line end */
	size_t next_at;  /* behind the line */
	bool close;
};

/* The rest of a boundary line holds only dashes and blanks, or NUL, at which
 * some programs stop to compare. */
static bool
mime_cut_tail(struct span tail, bool *close_out, bool *nul_out)
{
	size_t at = 0;

	*close_out =
		tail.len_bytes >= 2 && tail.ptr[0] == '-' && tail.ptr[1] == '-';
	if (*close_out)
		at = 2;
	for (; at < tail.len_bytes; at++) {
		if (tail.ptr[at] == 0)
			*nul_out = true;
		else if (tail.ptr[at] != ' ' && tail.ptr[at] != '\t')
			return *nul_out;
	}
	return true;
}

/* Does a field of a part's header stand at at? */
static bool
mime_cut_is_top(struct span body, size_t at)
{
	static const char name[] = "content-";
	struct span head = { 0 };

	return span_cut(body, at, sizeof(name) - 1, &head) &&
	       span_equal_nocase(head, span_of(name));
}

/* Is there a boundary line at at, the start of a line? */
static bool
mime_cut_at(struct mime_split *split, size_t at, struct mime_cut *cut_out)
{
	const struct span body = split->body;
	const size_t head = split->boundary.len_bytes + 2;
	struct mime_cut cut = { .text_end = at };
	struct span line = { 0 };
	struct span tail = { 0 };
	bool nul = false;

	if (body.len_bytes - at < head || body.ptr[at] != '-' ||
	    body.ptr[at + 1] != '-' ||
	    memcmp(body.ptr + at + 2, split->boundary.ptr, head - 2) != 0)
		return false;
	cut.next_at = mime_line(body, at, &line);
	(void)span_cut(line, head, line.len_bytes - head, &tail);
	if (!mime_cut_tail(tail, &cut.close, &nul) &&
	    !(split->loose && mime_cut_is_top(body, cut.next_at)))
		return false;
	split->has_nul |= nul;
	if (cut.next_at < body.len_bytes && body.ptr[cut.next_at - 1] == '\r')
		split->lone_cr = true;
	if (at > split->at) {
		cut.text_end--;
		if (body.ptr[at - 1] == '\r')
			split->lone_cr = true;
		else if (cut.text_end > split->at &&
			 body.ptr[cut.text_end - 1] == '\r')
			cut.text_end--;
	}
	*cut_out = cut;
	return true;
}

/* Search for the dashes: a boundary of many equal letters would cost a
 * comparison for each of them, the start of a line only one. */
static bool
mime_cut_find(struct mime_split *split, struct mime_cut *cut_out)
{
	const struct span body = split->body;
	size_t at = split->at;

	while (at < body.len_bytes) {
		at = find_next(body, at, "--", 2);
		if (at == body.len_bytes)
			return false;
		if ((at == 0 || body.ptr[at - 1] == '\n' ||
		     body.ptr[at - 1] == '\r') &&
		    mime_cut_at(split, at, cut_out))
			return true;
		at++;
	}
	return false;
}

bool
mime_split_next(struct mime_split *split, struct mime_piece *piece_out)
{
	struct mime_piece piece = { .at = split->at };
	struct mime_cut cut = { .text_end = split->body.len_bytes,
				.next_at = split->body.len_bytes };

	if (split->next == MIME_PIECE_NONE)
		split->next = MIME_PIECE_PREAMBLE;
	else if (split->at >= split->body.len_bytes)
		return false;
	piece.kind = split->next;
	piece.closed = mime_cut_find(split, &cut);
	(void)span_cut(split->body, piece.at, cut.text_end - piece.at,
		       &piece.bytes);
	split->at = cut.next_at;
	/* Without a further line the epilogue is the last piece: it stays the
	 * sign of a multipart that was closed. */
	if (cut.close)
		split->next = MIME_PIECE_EPILOGUE;
	else if (piece.closed || piece.kind != MIME_PIECE_EPILOGUE)
		split->next = MIME_PIECE_PART;
	*piece_out = piece;
	return true;
}

bool
mime_split_is_used(struct span body, struct span boundary, bool loose)
{
	struct mime_split split = { .body = body,
				    .boundary = boundary,
				    .loose = loose };
	struct mime_cut cut;

	return boundary.len_bytes > 0 && mime_cut_find(&split, &cut);
}

/* "Name:" or nothing: what stands under a boundary line. */
static bool
mime_guess_follows(struct span line)
{
	const uint8_t *colon = line.len_bytes > 0
				       ? memchr(line.ptr, ':', line.len_bytes)
				       : NULL;

	if (line.len_bytes == 0)
		return true;
	return colon != NULL && colon != line.ptr &&
	       memchr(line.ptr, ' ', (size_t)(colon - line.ptr)) == NULL;
}

bool
mime_split_guess(struct span body, struct span *boundary_out)
{
	size_t at = 0;
	struct span line = { 0 };
	struct span next = { 0 };

	while (at < body.len_bytes) {
		at = mime_line(body, at, &line);
		if (line.len_bytes < 3 || line.ptr[0] != '-' ||
		    line.ptr[1] != '-')
			continue;
		(void)mime_line(body, at, &next);
		if (!mime_guess_follows(next))
			continue;
		while (line.len_bytes > 2 &&
		       (line.ptr[line.len_bytes - 1] == ' ' ||
			line.ptr[line.len_bytes - 1] == '\t'))
			line.len_bytes--;
		return line.len_bytes > 2 &&
		       span_cut(line, 2, line.len_bytes - 2, boundary_out);
	}
	return false;
}
