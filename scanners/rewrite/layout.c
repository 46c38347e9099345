#include "scanners/rewrite/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

enum { LAYOUT_NAME_TRIES = 1000, LAYOUT_NAME_BYTES = 64 };

struct layout {
	const struct tree *tree;
	struct wire_arena *arena;
	struct rewrite_piece *pieces;
	size_t count;
	bool full;
	size_t header_end; /* where the empty line stands, or the end */
};

/* ---- pieces ---- */

static void
layout_add(struct layout *layout, enum rewrite_piece_kind kind, size_t at,
	   size_t len_bytes)
{
	struct rewrite_piece *last =
		layout->count > 0 ? &layout->pieces[layout->count - 1] : NULL;

	if (kind == REWRITE_PIECE_KEEP && len_bytes == 0)
		return;
	if (kind == REWRITE_PIECE_KEEP && last != NULL && last->kind == kind &&
	    last->at + last->len_bytes == at) {
		last->len_bytes += len_bytes;
		return;
	}
	if (layout->count == REWRITE_MAX_PIECES) {
		layout->full = true;
		return;
	}
	layout->pieces[layout->count++] =
		(struct rewrite_piece){ kind, at, len_bytes };
}

static void
layout_frame(struct layout *layout, enum rewrite_piece_kind kind)
{
	layout_add(layout, kind, 0, 0);
}

/* ---- the header ---- */

enum layout_fields {
	LAYOUT_FIELDS_NONE = 0,
	LAYOUT_FIELDS_ALL,
	LAYOUT_FIELDS_OF_MAIL,   /* but those of the body */
	LAYOUT_FIELDS_OF_CONTENT /* those of the body */
};

static bool
layout_begins(const struct mime_field *field, const char *text)
{
	struct span head = { NULL, 0 };

	return span_cut(field->name, 0, strlen(text), &head) &&
	       span_equal_nocase(head, span_of(text));
}

static bool
layout_keeps(const struct mime_field *field, enum layout_fields which)
{
	const bool is_version = mime_field_is(field, "MIME-Version");
	const bool is_content = layout_begins(field, "Content-");

	if (layout_begins(field, "X-Sekimori-") ||
	    mime_field_is(field, "Content-Length") ||
	    mime_field_is(field, "Lines"))
		return false;
	if (which == LAYOUT_FIELDS_OF_MAIL)
		return !is_content && !is_version;
	return which == LAYOUT_FIELDS_ALL || is_content;
}

/* The fields of the mail, with their line ends. */
static void
layout_fields(struct layout *layout, enum layout_fields which)
{
	struct mime_header_walk walk = { .bytes = layout->tree->mail };
	struct mime_field field;
	size_t at = 0;

	while (mime_field_next(&walk, &field)) {
		if (layout_keeps(&field, which))
			layout_add(layout, REWRITE_PIECE_KEEP, at,
				   walk.at - at);
		at = walk.at;
	}
	layout->header_end = at;
}

/* ---- the body ---- */

/* The largest parts that go, in their order. */
struct layout_cuts {
	struct tree_place *places;
	size_t count;
};

static enum status
layout_find_cuts(const struct layout *layout, struct layout_cuts *cuts,
		 struct err *err)
{
	const struct tree *tree = layout->tree;

	cuts->count = 0;
	cuts->places = wire_arena_alloc(layout->arena,
					tree->count * sizeof(*cuts->places));
	if (cuts->places == NULL)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	for (size_t i = 1; i < tree->count; i++) {
		const struct tree_node *node = &tree->nodes[i];

		if (node->gone && !tree->nodes[node->parent].gone)
			cuts->places[cuts->count++].node = node;
	}
	qsort(cuts->places, cuts->count, sizeof(*cuts->places), tree_compare);
	return ST_OK;
}

/* The part directly in the mail that node is, or is in. */
static const struct tree_node *
layout_top(const struct tree *tree, const struct tree_node *node)
{
	while (node->parent != 0)
		node = &tree->nodes[node->parent];
	return node;
}

/* Where the hole is, in a multipart/mixed. */
struct layout_hole {
	const struct tree_node *in_place_of; /* or */
	size_t behind_at;                    /* 0: none */
};

static struct layout_hole
layout_find_hole(const struct tree *tree, const struct layout_cuts *cuts)
{
	struct layout_hole hole = { NULL, 0 };

	for (size_t i = 0; i < cuts->count; i++)
		if (hole.in_place_of == NULL &&
		    cuts->places[i].node->parent == 0)
			hole.in_place_of = cuts->places[i].node;
	if (hole.in_place_of != NULL || cuts->count == 0)
		return hole;
	const struct span top = layout_top(tree, cuts->places[0].node)->whole;

	hole.behind_at = tree_at(tree, top) + top.len_bytes;
	return hole;
}

/* Keep what stands between *at and end; the hole too, when it comes first. */
static void
layout_keep(struct layout *layout, size_t *at, size_t end,
	    struct layout_hole *hole)
{
	if (hole->behind_at > 0 && hole->behind_at <= end) {
		layout_add(layout, REWRITE_PIECE_KEEP, *at,
			   hole->behind_at - *at);
		layout_frame(layout, REWRITE_PIECE_NEXT);
		layout_frame(layout, REWRITE_PIECE_HOLE);
		*at = hole->behind_at;
		hole->behind_at = 0;
	}
	layout_add(layout, REWRITE_PIECE_KEEP, *at, end - *at);
}

/* The body with its empty line, cut. */
static void
layout_body(struct layout *layout, const struct layout_cuts *cuts,
	    struct layout_hole hole)
{
	const struct tree *tree = layout->tree;
	size_t at = layout->header_end;

	for (size_t i = 0; i < cuts->count; i++) {
		const struct tree_node *node = cuts->places[i].node;
		const size_t whole_at = tree_at(tree, node->whole);

		/* The line before it goes, too, unless the hole comes here. */
		if (node == hole.in_place_of) {
			layout_keep(layout, &at, whole_at, &hole);
			layout_frame(layout, REWRITE_PIECE_HOLE);
		} else {
			layout_keep(layout, &at,
				    whole_at - node->lead.len_bytes, &hole);
		}
		at = whole_at + node->whole.len_bytes;
	}
	layout_keep(layout, &at, tree->mail.len_bytes, &hole);
}

/* ---- boundaries ---- */

/* That of the mail itself, as its lines have it; "" when it is odd. */
static const char *
layout_old_boundary(const struct layout *layout)
{
	const struct tree *tree = layout->tree;
	struct span line = { NULL, 0 };

	for (size_t i = tree->count; i-- > 1;)
		if (tree->nodes[i].parent == 0)
			line = mime_trim(tree->nodes[i].lead);
	if (line.len_bytes <= 2 ||
	    line.len_bytes > REWRITE_BOUNDARY_BYTES + 2 ||
	    memchr(line.ptr, 0, line.len_bytes) != NULL)
		return "";
	(void)span_cut(line, 2, line.len_bytes - 2, &line);
	const char *text = wire_arena_text(layout->arena, line);

	return text != NULL && rewrite_is_boundary(text) ? text : "";
}

/* One that does not stand in the mail; NULL when there is none. */
static const char *
layout_new_boundary(const struct layout *layout)
{
	const struct span mail = layout->tree->mail;
	uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a: nobody's choice */
	char text[LAYOUT_NAME_BYTES];

	for (size_t i = 0; i < mail.len_bytes; i++)
		hash = (hash ^ mail.ptr[i]) * 0x100000001b3U;
	for (size_t i = 0; i < LAYOUT_NAME_TRIES; i++) {
		const int len = snprintf(text, sizeof(text),
					 "=_link_%016" PRIx64, hash + i);

		if (memmem(mail.ptr, mail.len_bytes, text, (size_t)len) == NULL)
			return wire_arena_text(layout->arena, span_of(text));
	}
	return NULL;
}

/* ---- the three ways ---- */

static bool
layout_is_lf_only(struct span mail)
{
	const uint8_t *end = memchr(mail.ptr, '\n', mail.len_bytes);

	return end != NULL && (end == mail.ptr || end[-1] != '\r');
}

static void
layout_in_mixed(struct layout *layout, const struct layout_cuts *cuts,
		struct rewrite_plan *plan)
{
	plan->place = REWRITE_PLACE_PART;
	layout_fields(layout, LAYOUT_FIELDS_ALL);
	layout_body(layout, cuts, layout_find_hole(layout->tree, cuts));
}

static void
layout_as_body(struct layout *layout, struct rewrite_plan *plan)
{
	plan->place = REWRITE_PLACE_BODY;
	plan->boundary = "";
	layout_fields(layout, LAYOUT_FIELDS_OF_MAIL);
	layout_frame(layout, REWRITE_PIECE_HOLE);
}

static void
layout_around(struct layout *layout, const struct layout_cuts *cuts,
	      struct rewrite_plan *plan)
{
	const struct layout_hole none = { NULL, 0 };

	plan->place = REWRITE_PLACE_PART;
	plan->boundary = layout_new_boundary(layout);
	layout_fields(layout, LAYOUT_FIELDS_OF_MAIL);
	layout_frame(layout, REWRITE_PIECE_TYPE);
	layout_frame(layout, REWRITE_PIECE_FIRST);
	layout_fields(layout, LAYOUT_FIELDS_OF_CONTENT);
	layout_body(layout, cuts, none);
	layout_frame(layout, REWRITE_PIECE_NEXT);
	layout_frame(layout, REWRITE_PIECE_HOLE);
	layout_frame(layout, REWRITE_PIECE_LAST);
}

/* Nothing of a multipart stays: without parts it would be none. */
static bool
layout_is_empty(const struct tree *tree)
{
	for (size_t i = 1; i < tree->count; i++)
		if (tree->nodes[i].parent == 0 && !tree->nodes[i].gone)
			return false;
	return true;
}

/* What the ways above take for granted. */
static bool
layout_is_sound(const struct layout *layout, const struct layout_cuts *cuts,
		const struct rewrite_plan *plan)
{
	const struct tree *tree = layout->tree;
	const size_t end = layout->header_end;

	for (size_t i = 0; i < cuts->count; i++)
		if (cuts->places[i].node->lead.len_bytes == 0 &&
		    plan->place != REWRITE_PLACE_BODY)
			return false;
	/* A mail that ends within its last field has no line end there. */
	return plan->boundary != NULL && end > 0 &&
	       tree->mail.ptr[end - 1] == '\n';
}

enum status
layout_plan(const struct tree *tree, struct wire_arena *arena,
	    struct rewrite_plan *plan, struct choose_refusal *refusal_out,
	    struct err *err)
{
	struct layout layout = { .tree = tree, .arena = arena };
	const struct tree_node *root = &tree->nodes[0];
	struct layout_cuts cuts = { NULL, 0 };
	const enum status st = layout_find_cuts(&layout, &cuts, err);

	*refusal_out = (struct choose_refusal){ REWRITE_REFUSAL_NONE, "" };
	layout.pieces = wire_arena_alloc(arena, REWRITE_MAX_PIECES *
							sizeof(*layout.pieces));
	if (st != ST_OK || layout.pieces == NULL)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	plan->lf_only = layout_is_lf_only(tree->mail);
	plan->boundary = layout_old_boundary(&layout);
	if (node_has_type(root, "multipart/mixed") && plan->boundary[0] != '\0')
		layout_in_mixed(&layout, &cuts, plan);
	else if (root->type[0] == '\0' || layout_is_empty(tree))
		layout_as_body(&layout, plan);
	else
		layout_around(&layout, &cuts, plan);
	if (!layout_is_sound(&layout, &cuts, plan))
		*refusal_out =
			(struct choose_refusal){ REWRITE_REFUSAL_STRUCTURE,
						 "" };
	else if (layout.full)
		*refusal_out =
			(struct choose_refusal){ REWRITE_REFUSAL_LIMIT, "" };
	plan->pieces = layout.pieces;
	plan->piece_count = layout.count;
	return ST_OK;
}

enum status
layout_write(const struct rewrite_plan *plan, struct span mail,
	     struct span fill, struct sbuf *out, struct err *err)
{
	char room[REWRITE_FRAME_BYTES];

	for (size_t i = 0; i < plan->piece_count; i++) {
		if (plan->pieces[i].kind == REWRITE_PIECE_HOLE)
			sbuf_add_span(out, fill);
		else
			sbuf_add_span(out,
				      rewrite_piece_bytes(plan, i, mail, room));
	}
	return sbuf_status(out, "rewrite: link mail", err);
}
