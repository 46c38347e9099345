#include "scanners/worker/preview_build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/preview_mask.h"
#include "scanners/text/plain.h"
#include "scanners/worker/preview_words.h"

enum {
	PREVIEW_PLACE_BYTES = 480,
	PREVIEW_LINE_COST = 32, /* of its frame, beside the texts */
	PREVIEW_NAME_BYTES = 300,
	PREVIEW_TYPE_BYTES = 64,
	PREVIEW_ROOM_BYTES = 4096
};

/* ---- what is found and hidden ---- */

static void
preview_mask_stream(struct preview_stream *stream,
		    const struct detect_lines *found, bool reveal)
{
	struct preview_mask mask = { .reveal = reveal };

	for (size_t i = 0; i < stream->count; i++) {
		struct preview_kept *line = &stream->lines[i];

		if (line->gap)
			preview_mask_gap(&mask);
		if (line->len_bytes > 0)
			preview_mask_line(&mask, stream->text.bytes + line->at,
					  line->len_bytes, line->joined,
					  &line->hidden);
	}
	/* Of a long line the pieces that show one. */
	for (size_t i = 0; i < stream->count; i++) {
		struct preview_kept *line = &stream->lines[i];

		line->found =
			line->hidden && preview_first_in(found, line) != NULL;
	}
}

/* ---- what is wanted ---- */

static void
preview_want_near(struct preview_stream *stream, size_t found_at)
{
	const size_t from = found_at > PREVIEW_NEAR_LINES
				    ? found_at - PREVIEW_NEAR_LINES
				    : 0;

	for (size_t i = from;
	     i < stream->count && i <= found_at + PREVIEW_NEAR_LINES; i++)
		if (!stream->lines[i].extra)
			stream->lines[i].want = PREVIEW_WANT_NEAR;
}

/* The numbers that a part shows in its first reading, in a table that is at
 * most half used; tag 0 is an empty place. */
struct preview_tags {
	uint64_t *tags;
	size_t mask;
};

/* The place of tag, or the free one for it. */
static uint64_t *
preview_tag_at(const struct preview_tags *shown, uint64_t tag)
{
	size_t at = (size_t)tag & shown->mask;

	while (shown->tags[at] != 0 && shown->tags[at] != tag)
		at = (at + 1) & shown->mask;
	return &shown->tags[at];
}

static bool
preview_tags_new(struct preview_tags *shown, size_t count)
{
	size_t places = 16;

	while (places < count * 2)
		places *= 2;
	shown->mask = places - 1;
	shown->tags = calloc(places, sizeof(*shown->tags));
	return shown->tags != NULL;
}

/* Put the numbers of line among those shown. */
static void
preview_tags_add(struct preview_tags *shown, const struct detect_lines *found,
		 const struct preview_kept *line)
{
	const struct detect_line *end = found->lines + found->count;

	if (shown->tags == NULL)
		return;
	for (const struct detect_line *at = preview_first_in(found, line);
	     at != NULL && at < end && at->line <= line->last_id; at++)
		*preview_tag_at(shown, at->tag) = at->tag;
}

/* Does line have a number that is not shown? */
static bool
preview_tags_lack(const struct preview_tags *shown,
		  const struct detect_lines *found,
		  const struct preview_kept *line)
{
	const struct detect_line *end = found->lines + found->count;

	if (shown->tags == NULL)
		return true;
	for (const struct detect_line *at = preview_first_in(found, line);
	     at != NULL && at < end && at->line <= line->last_id; at++)
		if (*preview_tag_at(shown, at->tag) != at->tag)
			return true;
	return false;
}

static void
preview_want_first(struct preview_stream *stream,
		   const struct detect_lines *found, struct preview_tags *shown)
{
	size_t head = 0;

	for (size_t i = 0; i < stream->count; i++) {
		struct preview_kept *line = &stream->lines[i];

		if (line->extra)
			continue;
		if (line->want == PREVIEW_WANT_NONE)
			line->want = head < PREVIEW_HEAD_LINES
					     ? PREVIEW_WANT_HEAD
					     : PREVIEW_WANT_REST;
		head++;
		if (!line->found)
			continue;
		preview_want_near(stream, i);
		preview_tags_add(shown, found, line);
	}
}

static bool
preview_has_extra(const struct preview_stream *stream)
{
	for (size_t i = 0; i < stream->count; i++)
		if (stream->lines[i].extra)
			return true;
	return false;
}

/* Of further readings what the first one did not show. */
static bool
preview_want_seen(struct preview_stream *stream,
		  const struct detect_lines *found)
{
	struct preview_tags shown = { NULL, 0 };

	if (preview_has_extra(stream) &&
	    !preview_tags_new(&shown, found->count))
		return false;
	preview_want_first(stream, found, &shown);
	for (size_t i = 0; i < stream->count; i++) {
		struct preview_kept *line = &stream->lines[i];

		if (line->extra && line->found &&
		    preview_tags_lack(&shown, found, line))
			line->want = PREVIEW_WANT_NEAR;
	}
	free(shown.tags);
	return true;
}

static void
preview_want_unseen(struct preview_stream *stream)
{
	for (size_t i = 0; i < stream->count; i++)
		if (stream->lines[i].found)
			stream->lines[i].want = PREVIEW_WANT_NEAR;
}

/* ---- what fits ---- */

struct preview_budget {
	enum preview_want want;
	size_t max_bytes; /* used at the end of this round */
	size_t used_bytes;
	size_t parts;
};

static struct span
preview_line_text(const struct preview_stream *stream,
		  const struct preview_kept *line)
{
	struct span text = { NULL, 0 };

	(void)span_cut(sbuf_span(&stream->text), line->at, line->len_bytes,
		       &text);
	return text;
}

static const char *
preview_line_label(const struct preview_source *source,
		   const struct preview_kept *line)
{
	return (const char *)source->labels.bytes + line->label_at;
}

static void
preview_keep_line(struct preview_budget *budget, struct preview_source *source,
		  const struct preview_stream *stream,
		  struct preview_kept *line)
{
	const size_t bytes =
		preview_mask_bytes(preview_line_text(stream, line)) +
		strlen(preview_line_label(source, line)) + PREVIEW_LINE_COST;

	if (line->keep || line->want != budget->want ||
	    source->kept == PREVIEW_MAX_LINES ||
	    (source->kept == 0 && budget->parts == PREVIEW_MAX_PARTS) ||
	    bytes > budget->max_bytes ||
	    budget->used_bytes > budget->max_bytes - bytes)
		return;
	budget->parts += source->kept == 0;
	budget->used_bytes += bytes;
	source->kept++;
	line->keep = true;
}

static void
preview_keep_round(struct preview_collect *collect,
		   struct preview_budget *budget)
{
	for (struct preview_source *source = collect->first; source != NULL;
	     source = source->next)
		for (size_t k = 0; k < PREVIEW_STREAMS; k++) {
			struct preview_stream *stream = &source->streams[k];

			for (size_t i = 0; i < stream->count; i++)
				preview_keep_line(budget, source, stream,
						  &stream->lines[i]);
		}
}

static void
preview_keep_all(struct preview_collect *collect)
{
	static const struct {
		enum preview_want want;
		size_t max_bytes;
	} rounds[] = {
		{ PREVIEW_WANT_NEAR, PREVIEW_MAX_BYTES / 2 },
		{ PREVIEW_WANT_HEAD, PREVIEW_MAX_BYTES },
		{ PREVIEW_WANT_NEAR, PREVIEW_MAX_BYTES },
		{ PREVIEW_WANT_REST, PREVIEW_MAX_BYTES },
	};
	struct preview_budget budget = { .used_bytes = 0 };

	for (size_t i = 0; i < ARRAY_LEN(rounds); i++) {
		budget.want = rounds[i].want;
		budget.max_bytes = rounds[i].max_bytes;
		preview_keep_round(collect, &budget);
	}
}

/* ---- words ---- */

/* Words of a mail that are no line: plain, and masked by the same rule. */
static void
preview_add_words(const char *text, size_t max_bytes, bool reveal,
		  struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf plain;
	struct preview_mask mask = { .reveal = reveal };
	bool hidden = false;

	sbuf_init_secret(&plain, PREVIEW_ROOM_BYTES);
	text_add_plain(&plain, span_of(text), max_bytes);
	preview_mask_line(&mask, plain.bytes, plain.len_bytes, false, &hidden);
	preview_mask_write(sbuf_span(&plain), out);
}

static void
preview_add_row_place(const char *sheet, const struct preview_kept *line,
		      bool reveal, struct sbuf *out)
{
	preview_add_words(sheet, PREVIEW_PLACE_BYTES / 4, reveal, out);
	sbuf_addf(out, "%s%" PRIu64, sheet[0] != '\0' ? "!" : "row ",
		  line->number);
}

static void
preview_add_place(const struct preview_source *source,
		  const struct preview_kept *line, bool reveal,
		  struct sbuf *out)
{
	const char *label = preview_line_label(source, line);

	switch (line->kind) {
	case PLACE_NONE:
		preview_add_row_place(label, line, reveal, out);
		return;
	case PLACE_BODY:
		sbuf_addf(out, "line %" PRIu64, line->number);
		return;
	case PLACE_PAGE:
		sbuf_addf(out, "page %" PRIu64, line->number);
		return;
	case PLACE_CODE:
		sbuf_add_text(out, "code");
		if (line->number > 0)
			sbuf_addf(out, " on page %" PRIu64, line->number);
		return;
	case PLACE_RAW:
		sbuf_addf(out, "byte %" PRIu64, line->number);
		return;
	case PLACE_HEADER:
		sbuf_add_text(out, "header ");
		break;
	case PLACE_ELEMENT:
		if (line->number > 0)
			sbuf_addf(out, "line %" PRIu64 ", ", line->number);
		break;
	case PLACE_NAME:
	default:
		sbuf_add_text(out, "file name");
		return;
	}
	preview_add_words(label, PREVIEW_PLACE_BYTES / 4, reveal, out);
}

/* ---- the preview ---- */

/* Where a preview's texts are put together. */
struct preview_writer {
	struct wire_arena *arena;
	bool reveal;
	struct sbuf room;
};

/* What is in the room, as a text that stays; NULL without memory. */
static const char *
preview_keep_room(struct preview_writer *writer)
{
	const char *text = NULL;

	if (writer->room.st == ST_OK)
		text = wire_arena_text(writer->arena, sbuf_span(&writer->room));
	sbuf_clear(&writer->room);
	return text;
}

static bool
preview_write_line(struct preview_writer *writer,
		   const struct preview_source *source,
		   const struct preview_stream *stream,
		   const struct preview_kept *kept, struct preview_line *line)
{
	preview_add_place(source, kept, writer->reveal, &writer->room);
	line->place = preview_keep_room(writer);
	preview_mask_write(preview_line_text(stream, kept), &writer->room);
	line->text = preview_keep_room(writer);
	line->found = kept->found;
	return line->place != NULL && line->text != NULL;
}

/* Write what is kept of one stream to lines from *count on. */
static bool
preview_write_stream(struct preview_writer *writer,
		     const struct preview_source *source, size_t which,
		     struct preview_line *lines, struct preview_part *part)
{
	const struct preview_stream *stream = &source->streams[which];

	for (size_t i = 0; i < stream->count; i++) {
		const struct preview_kept *kept = &stream->lines[i];

		if (!kept->keep) {
			part->cut |= kept->want != PREVIEW_WANT_NONE;
			continue;
		}
		part->table &= kept->kind == PLACE_NONE;
		if (!preview_write_line(writer, source, stream, kept,
					&lines[part->line_count]))
			return false;
		part->line_count++;
	}
	return true;
}

static bool
preview_write_part(struct preview_writer *writer,
		   const struct preview_source *source,
		   struct preview_part *part)
{
	struct preview_line *lines =
		wire_arena_alloc(writer->arena, source->kept * sizeof(*lines));
	bool whole = lines != NULL;

	*part = (struct preview_part){ .table = true,
				       .cut = source->cut,
				       .lines = lines };
	sbuf_add_text(&writer->room, source->path);
	part->path = preview_keep_room(writer);
	preview_add_words(source->name, PREVIEW_NAME_BYTES, writer->reveal,
			  &writer->room);
	part->name = preview_keep_room(writer);
	text_add_plain(&writer->room,
		       span_of(source->type != NULL ? source->type : ""),
		       PREVIEW_TYPE_BYTES);
	part->type = preview_keep_room(writer);
	for (size_t i = 0; i < PREVIEW_STREAMS && whole; i++)
		whole = preview_write_stream(writer, source, i, lines, part);
	return whole && part->path != NULL && part->name != NULL &&
	       part->type != NULL;
}

static bool
preview_write(struct preview_writer *writer,
	      const struct preview_collect *collect,
	      struct preview *preview_out)
{
	struct preview_part *parts = wire_arena_alloc(
		writer->arena, (collect->parts + 1) * sizeof(*parts));
	size_t count = 0;
	bool whole = parts != NULL;

	*preview_out = (struct preview){ .revealed = writer->reveal,
					 .cut = collect->cut,
					 .parts = parts };
	for (const struct preview_source *source = collect->first;
	     source != NULL && whole; source = source->next) {
		const bool has_lines =
			source->cut || source->streams[PREVIEW_SEEN].count > 0;

		if (source->kept == 0) {
			preview_out->cut |= has_lines;
			continue;
		}
		whole = preview_write_part(writer, source, &parts[count++]);
	}
	preview_out->part_count = count;
	return whole;
}

enum status
preview_build(struct preview_collect *collect, const struct preview_wish *wish,
	      struct wire_arena *arena, struct preview *preview_out,
	      struct err *err)
{
	struct preview_writer writer = { .arena = arena,
					 .reveal = wish->reveal };
	bool whole = true;

	preview_collect_end(collect);
	for (struct preview_source *source = collect->first;
	     source != NULL && whole; source = source->next) {
		for (size_t i = 0; i < PREVIEW_STREAMS; i++)
			preview_mask_stream(&source->streams[i], wish->found,
					    wish->reveal);
		whole = preview_want_seen(&source->streams[PREVIEW_SEEN],
					  wish->found);
		preview_want_unseen(&source->streams[PREVIEW_UNSEEN]);
	}
	whole = whole && preview_words_hide(wish->hidden, collect);
	if (!wish->reveal)
		preview_words_hide_texts(wish->hidden, collect);
	preview_keep_all(collect);
	sbuf_init_secret(&writer.room, PREVIEW_ROOM_BYTES);
	whole = whole && preview_write(&writer, collect, preview_out);
	sbuf_done(&writer.room);
	return whole ? ST_OK : err_set(err, ST_NO_MEMORY, "preview: no memory");
}
