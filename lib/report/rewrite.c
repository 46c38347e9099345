#include "lib/report/rewrite.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

static const struct wire_field piece_fields[] = {
	WIRE_ENUM_F(struct rewrite_piece, kind, 1, REWRITE_PIECE_END - 1),
	WIRE_U64_F(struct rewrite_piece, at, 0, UINT64_MAX),
	WIRE_U64_F(struct rewrite_piece, len_bytes, 0, UINT64_MAX),
};
static WIRE_TABLE(piece_items, 0, 1, rewrite_piece, piece_fields);

static const struct wire_field cut_fields[] = {
	WIRE_UTF8_F(struct rewrite_cut, name, 1, REWRITE_NAME_BYTES),
	WIRE_UTF8_F(struct rewrite_cut, name_safe, 1, REWRITE_NAME_BYTES),
	WIRE_UTF8_F(struct rewrite_cut, type, 1, 128),
	WIRE_UTF8_F(struct rewrite_cut, part, 1, 2000),
	WIRE_U64_F(struct rewrite_cut, at, 0, UINT64_MAX),
	WIRE_U64_F(struct rewrite_cut, size_bytes, 0, UINT64_MAX),
};
static WIRE_TABLE(cut_items, 0, 1, rewrite_cut, cut_fields);

static const struct wire_field plan_fields[] = {
	WIRE_ENUM_F(struct rewrite_plan, refusal, 0, REWRITE_REFUSAL_END - 1),
	WIRE_UTF8_F(struct rewrite_plan, refused_part, 0, 2000),
	WIRE_ENUM_F(struct rewrite_plan, place, 0, REWRITE_PLACE_BODY),
	WIRE_BOOL_F(struct rewrite_plan, lf_only),
	WIRE_TEXT_F(struct rewrite_plan, boundary, 0, REWRITE_BOUNDARY_BYTES),
	WIRE_LIST_F(struct rewrite_plan, pieces, piece_count, 0,
		    REWRITE_MAX_PIECES, piece_items),
	WIRE_LIST_F(struct rewrite_plan, cuts, cut_count, 0, REWRITE_MAX_CUTS,
		    cut_items),
	WIRE_U64_F(struct rewrite_plan, files_bytes, 0, UINT64_MAX),
	WIRE_U32_F(struct rewrite_plan, inline_pictures, 0, UINT32_MAX),
};
WIRE_TABLE(rewrite_table, REWRITE_TYPE, REWRITE_FORMAT, rewrite_plan,
	   plan_fields);

static enum status
rewrite_odd(const char *what, struct err *err)
{
	return err_set(err, ST_FORMAT, "rewrite: %s", what);
}

/* What may stand within the quotes of a parameter and on a line alone. */
bool
rewrite_is_boundary(const char *text)
{
	static const char marks[] = "'()+_,-./:=? ";
	const size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		const char c = text[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= 'a' && c <= 'z') && strchr(marks, c) == NULL)
			return false;
	}
	return len <= REWRITE_BOUNDARY_BYTES &&
	       (len == 0 || text[len - 1] != ' ');
}

/* Ranges go upwards; in a new multipart around the old body once more, since
 * the fields that say what that is move there. No byte comes twice. */
struct rewrite_order {
	uint64_t at;
	size_t first; /* of the run */
	bool again;
};

static bool
rewrite_is_taken(const struct rewrite_plan *plan, size_t count,
		 const struct rewrite_piece *piece)
{
	for (size_t i = 0; i < count; i++) {
		const struct rewrite_piece *other = &plan->pieces[i];

		if (other->kind == REWRITE_PIECE_KEEP &&
		    other->at < piece->at + piece->len_bytes &&
		    piece->at < other->at + other->len_bytes)
			return true;
	}
	return false;
}

static enum status
rewrite_check_range(const struct rewrite_plan *plan, size_t index,
		    uint64_t mail_bytes, struct rewrite_order *order,
		    struct err *err)
{
	const struct rewrite_piece *piece = &plan->pieces[index];

	if (piece->kind == REWRITE_PIECE_FIRST && !order->again)
		*order = (struct rewrite_order){ 0, index, true };
	if (piece->kind != REWRITE_PIECE_KEEP)
		return ST_OK;
	if (piece->at > mail_bytes || piece->len_bytes > mail_bytes - piece->at)
		return rewrite_odd("a range outside the mail", err);
	if (piece->at < order->at ||
	    rewrite_is_taken(plan, order->first, piece))
		return rewrite_odd("ranges out of order", err);
	order->at = piece->at + piece->len_bytes;
	return ST_OK;
}

static enum status
rewrite_check_pieces(const struct rewrite_plan *plan, uint64_t mail_bytes,
		     struct err *err)
{
	struct rewrite_order order = { .at = 0 };
	size_t holes = 0;
	bool framed = false;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < plan->piece_count; i++) {
		const enum rewrite_piece_kind kind = plan->pieces[i].kind;

		holes += kind == REWRITE_PIECE_HOLE;
		framed |= kind != REWRITE_PIECE_HOLE &&
			  kind != REWRITE_PIECE_KEEP;
		st = rewrite_check_range(plan, i, mail_bytes, &order, err);
	}
	if (st == ST_OK && holes != 1)
		return rewrite_odd("not one hole", err);
	if (st == ST_OK && framed && plan->boundary[0] == '\0')
		return rewrite_odd("a frame without a boundary", err);
	return st;
}

static enum status
rewrite_check_cuts(const struct rewrite_plan *plan, struct err *err)
{
	uint64_t at = 0;

	for (size_t i = 0; i < plan->cut_count; i++) {
		const struct rewrite_cut *cut = &plan->cuts[i];

		if (cut->at != at || cut->size_bytes > plan->files_bytes - at)
			return rewrite_odd("files out of place", err);
		if (strpbrk(cut->name, "/\\\t\n") != NULL ||
		    strpbrk(cut->name_safe, "/\\\t\n") != NULL)
			return rewrite_odd("a file name with a path", err);
		at += cut->size_bytes;
	}
	if (plan->cut_count == 0 || at != plan->files_bytes)
		return rewrite_odd("files out of place", err);
	return ST_OK;
}

enum status
rewrite_check(const struct rewrite_plan *plan, uint64_t mail_bytes,
	      struct err *err)
{
	enum status st = ST_OK;

	if (plan->refusal != REWRITE_REFUSAL_NONE)
		return plan->piece_count == 0 && plan->cut_count == 0
			       ? ST_OK
			       : rewrite_odd("refused, and not", err);
	if (plan->place == REWRITE_PLACE_NONE ||
	    plan->files_bytes > mail_bytes ||
	    !rewrite_is_boundary(plan->boundary))
		return rewrite_odd("a plan that says nothing", err);
	st = rewrite_check_pieces(plan, mail_bytes, err);
	return st == ST_OK ? rewrite_check_cuts(plan, err) : st;
}

static size_t
rewrite_frame(const struct rewrite_plan *plan, enum rewrite_piece_kind kind,
	      char room[REWRITE_FRAME_BYTES])
{
	const char *eol = plan->lf_only ? "\n" : "\r\n";
	const char *text = plan->boundary;
	int len = 0;

	if (kind == REWRITE_PIECE_TYPE)
		len = snprintf(room, REWRITE_FRAME_BYTES,
			       "MIME-Version: 1.0%s"
			       "Content-Type: multipart/mixed;%s"
			       " boundary=\"%s\"%s%s",
			       eol, eol, text, eol, eol);
	else if (kind == REWRITE_PIECE_FIRST)
		len = snprintf(room, REWRITE_FRAME_BYTES, "--%s%s", text, eol);
	else if (kind == REWRITE_PIECE_NEXT)
		len = snprintf(room, REWRITE_FRAME_BYTES, "%s--%s%s", eol, text,
			       eol);
	else if (kind == REWRITE_PIECE_LAST)
		len = snprintf(room, REWRITE_FRAME_BYTES, "%s--%s--%s", eol,
			       text, eol);
	return len > 0 && len < REWRITE_FRAME_BYTES ? (size_t)len : 0;
}

struct span
rewrite_piece_bytes(const struct rewrite_plan *plan, size_t index,
		    struct span mail, char room[REWRITE_FRAME_BYTES])
{
	const struct rewrite_piece *piece = &plan->pieces[index];
	struct span bytes = { NULL, 0 };

	if (piece->kind == REWRITE_PIECE_KEEP)
		(void)span_cut(mail, (size_t)piece->at,
			       (size_t)piece->len_bytes, &bytes);
	else
		bytes = (struct span){ (const uint8_t *)room,
				       rewrite_frame(plan, piece->kind, room) };
	return bytes;
}

const char *
rewrite_refusal_name(enum rewrite_refusal refusal)
{
	static const char *const names[] = {
		[REWRITE_REFUSAL_NONE] = "none",
#define REWRITE_REFUSAL(symbol, name, english) \
	[REWRITE_REFUSAL_##symbol] = (name),
#include "lib/report/rewrite_refusals.def"
#undef REWRITE_REFUSAL
	};

	return (size_t)refusal < ARRAY_LEN(names) ? names[refusal] : "none";
}

const char *
rewrite_refusal_words(enum rewrite_refusal refusal)
{
	static const char *const words[] = {
		[REWRITE_REFUSAL_NONE] = "",
#define REWRITE_REFUSAL(symbol, name, english) \
	[REWRITE_REFUSAL_##symbol] = (english),
#include "lib/report/rewrite_refusals.def"
#undef REWRITE_REFUSAL
	};

	return (size_t)refusal < ARRAY_LEN(words) ? words[refusal] : "";
}

static const char *const what_names[REWRITE_END] = {
	[REWRITE_NONE] = "none",
	[REWRITE_ALL] = "all",
	[REWRITE_FINDINGS] = "findings",
};

const char *
rewrite_what_name(enum rewrite_what what)
{
	return (size_t)what < ARRAY_LEN(what_names) ? what_names[what]
						    : what_names[REWRITE_NONE];
}

enum rewrite_what
rewrite_what_find(const char *name)
{
	for (size_t i = REWRITE_ALL; i < ARRAY_LEN(what_names); i++)
		if (strcmp(name, what_names[i]) == 0)
			return (enum rewrite_what)i;
	return REWRITE_NONE;
}

static const char *const pictures_names[REWRITE_PICTURES_END] = {
	[REWRITE_PICTURES_NONE] = "none",
	[REWRITE_PICTURES_HOLD] = "hold",
	[REWRITE_PICTURES_STAY] = "stay",
	[REWRITE_PICTURES_CUT] = "cut",
};

const char *
rewrite_pictures_name(enum rewrite_pictures pictures)
{
	return (size_t)pictures < ARRAY_LEN(pictures_names)
		       ? pictures_names[pictures]
		       : pictures_names[REWRITE_PICTURES_NONE];
}

enum rewrite_pictures
rewrite_pictures_find(const char *name)
{
	for (size_t i = REWRITE_PICTURES_HOLD; i < ARRAY_LEN(pictures_names);
	     i++)
		if (strcmp(name, pictures_names[i]) == 0)
			return (enum rewrite_pictures)i;
	return REWRITE_PICTURES_NONE;
}
