/*
 * Pieces of one archive among the parts of a mail, or the members of an
 * archive: put together, they are one more part.
 *
 * The pieces themselves are then not read, unless they are something on their
 * own as well: a name alone keeps nothing from being read.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/parse.h"
#include "scanners/readers/volume.h"
#include "scanners/worker/engine_state.h"

/* A child whose name is that of a piece. */
struct join_piece {
	struct engine_object *object;
	struct volume volume;
};

struct join_pieces {
	struct join_piece *pieces;
	size_t count;
};

static enum status
join_find(const struct sink *sink, struct join_pieces *found, struct err *err)
{
	size_t room = 0;

	for (struct engine_object *child = sink->children.first; child != NULL;
	     child = child->next) {
		struct volume volume;

		if (child->hint.locked ||
		    !volume_of_name(child->hint.name, &volume) ||
		    !volume_fits(volume.kind, child->bytes))
			continue;
		if (found->count == room) {
			struct join_piece *pieces = reallocarray(
				found->pieces, room * 2 + 8, sizeof(*pieces));

			if (pieces == NULL)
				return err_set(err, ST_NO_MEMORY,
					       "engine: no memory");
			found->pieces = pieces;
			room = room * 2 + 8;
		}
		found->pieces[found->count++] =
			(struct join_piece){ child, volume };
	}
	return ST_OK;
}

/* By set: kind and stem. */
static int
join_compare_sets(const struct join_piece *a, const struct join_piece *b)
{
	if (a->volume.kind != b->volume.kind)
		return a->volume.kind < b->volume.kind ? -1 : 1;
	if (a->volume.stem_bytes != b->volume.stem_bytes)
		return a->volume.stem_bytes < b->volume.stem_bytes ? -1 : 1;
	return strncasecmp(a->object->hint.name, b->object->hint.name,
			   a->volume.stem_bytes);
}

static int
join_compare(const void *a, const void *b)
{
	const struct join_piece *left = a;
	const struct join_piece *right = b;
	const int sets = join_compare_sets(left, right);

	if (sets != 0)
		return sets;
	return (left->volume.number > right->volume.number) -
	       (left->volume.number < right->volume.number);
}

/* True when the pieces of a set are all there, each once. */
static bool
join_is_complete(const struct join_piece *set, size_t count)
{
	const bool zip = set[0].volume.kind == VOLUME_ZIP;
	const uint32_t first = set[0].volume.number;
	const size_t numbered = zip ? count - 1 : count;
	/* x.rar is 0 and x.part1.rar 1; what is cut may start with either. */
	const uint32_t most = set[0].volume.kind == VOLUME_RAR ? 0 : 1;

	if (count < 2 || first > most || (zip && first != 1) ||
	    (zip && set[count - 1].volume.number != VOLUME_LAST))
		return false;
	for (size_t i = 0; i < numbered; i++)
		if (set[i].volume.number != first + i)
			return false;
	return true;
}

static enum status
join_bytes(struct sink *sink, const struct join_piece *set, size_t count,
	   uint8_t **bytes_out, size_t *len_out, struct err *err)
{
	struct engine_stop stop = { .reason = REPORT_REASON_NONE };
	size_t len_bytes = 0;
	size_t at = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < count; i++)
		len_bytes += set[i].object->bytes.len_bytes;
	engine_budget_expand(&sink->budget, len_bytes, 0, &stop);
	st = engine_obey(sink, &stop, err);
	if (st != ST_OK)
		return st;
	uint8_t *bytes = malloc(len_bytes);

	if (bytes == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	for (size_t i = 0; i < count; i++) {
		const struct span piece = set[i].object->bytes;

		memcpy(bytes + at, piece.ptr, piece.len_bytes);
		at += piece.len_bytes;
	}
	*bytes_out = bytes;
	*len_out = len_bytes;
	return ST_OK;
}

/* Only what is surely something makes pieces of its pieces. */
static bool
join_is_something(const struct sink *sink, const struct child *hint,
		  struct span whole)
{
	size_t index = 0;
	enum sniff sniff = SNIFF_NO;

	while (sink->readers->next(whole, hint, &index, &sniff) != NULL)
		if (sniff == SNIFF_CERTAIN)
			return true;
	return false;
}

static enum status
join_set(struct sink *sink, const struct join_piece *set, size_t count,
	 struct err *err)
{
	AUTO(sbuf_done) struct sbuf name;
	uint8_t *owned = NULL;
	size_t len_bytes = 0;
	struct span stem = { 0 };
	enum status st = ST_OK;

	sbuf_init(&name, SIZE_MAX / 2);
	(void)span_cut(span_of(set[0].object->hint.name), 0,
		       set[0].volume.stem_bytes, &stem);
	sbuf_add_span(&name, stem);
	sbuf_add_text(&name, volume_ending(set[0].volume.kind));
	st = sbuf_status(&name, "engine: name", err);
	if (st == ST_OK)
		st = join_bytes(sink, set, count, &owned, &len_bytes, err);
	if (st != ST_OK)
		return st;
	const struct child child = { .name = sbuf_text(&name),
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	const struct span whole = { owned, len_bytes };
	const bool something = join_is_something(sink, &child, whole);

	st = sink_child(sink, &child, whole, &owned, err);
	free(owned);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < count; i++) {
		const enum volume_kind kind = set[i].volume.kind;

		set[i].object->joined = something;
		set[i].object->starts_piece =
			i == 0 || kind == VOLUME_RAR_PART || kind == VOLUME_RAR;
	}
	return ST_OK;
}

/* A set of pieces, or what is there of it. */
static enum status
join_or_miss(struct sink *sink, const struct join_piece *set, size_t count,
	     struct err *err)
{
	if (join_is_complete(set, count))
		return join_set(sink, set, count, err);
	for (size_t i = 0; i < count; i++)
		set[i].object->piece_missing = volume_is_only_piece(
			set[i].object->hint.name, &set[i].volume);
	return ST_OK;
}

/* A name by what data looks like on the whole is none for a piece. */
static bool
join_is_named(const struct sink *sink, struct span bytes)
{
	static const char *const vague[] = { "packed or encrypted",
					     "application", "audio", "video",
					     "image/other" };
	const char *name = sink->readers->unread_format(bytes);

	for (size_t i = 0; name != NULL && i < ARRAY_LEN(vague); i++)
		if (strcmp(name, vague[i]) == 0)
			return false;
	return name != NULL;
}

bool
engine_is_piece(const struct sink *sink)
{
	const struct engine_object *object = sink->current;
	const struct reader *reader = NULL;
	enum sniff sniff = SNIFF_NO;
	size_t index = 0;

	if (!object->joined)
		return false;
	while ((reader = sink->readers->next(object->bytes, &object->hint,
					     &index, &sniff)) != NULL)
		if (strcmp(reader->name, "text") == 0 ||
		    (sniff == SNIFF_CERTAIN && !object->starts_piece))
			return false;
	return object->starts_piece || !join_is_named(sink, object->bytes);
}

enum status
engine_join(struct sink *sink, struct err *err)
{
	struct join_pieces found = { NULL, 0 };
	enum status st = join_find(sink, &found, err);
	size_t from = 0;

	if (st == ST_OK && found.count > 1)
		qsort(found.pieces, found.count, sizeof(*found.pieces),
		      join_compare);
	for (size_t i = 1; st == ST_OK && i <= found.count; i++) {
		if (i < found.count && join_compare_sets(&found.pieces[from],
							 &found.pieces[i]) == 0)
			continue;
		st = join_or_miss(sink, &found.pieces[from], i - from, err);
		/* Over a limit they stay what they are, and that is said. */
		if (st == ST_LIMIT)
			st = ST_OK;
		from = i;
	}
	free(found.pieces);
	return st;
}
