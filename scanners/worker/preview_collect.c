#include "scanners/worker/preview_collect.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/cell_number.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

enum { PREVIEW_LABEL_BYTES = 240, PREVIEW_MOST_TABS = 64 };

void
preview_collect_init(struct preview_collect *collect)
{
	*collect = (struct preview_collect){ .first = NULL };
}

static void
preview_free_text(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static void
preview_source_free(struct preview_source *source)
{
	for (size_t i = 0; i < PREVIEW_STREAMS; i++) {
		sbuf_done(&source->streams[i].text);
		free(source->streams[i].lines);
	}
	sbuf_done(&source->labels);
	preview_free_text(&source->path);
	preview_free_text(&source->name);
	preview_free_text(&source->type);
	free(source);
}

void
preview_collect_done(struct preview_collect *collect)
{
	while (collect->first != NULL) {
		struct preview_source *gone = collect->first;

		collect->first = gone->next;
		preview_source_free(gone);
	}
	preview_collect_init(collect);
}

static enum status
preview_no_memory(struct err *err)
{
	return err_set(err, ST_NO_MEMORY, "preview: no memory");
}

enum status
preview_collect_type(struct preview_collect *collect, const char *type,
		     struct err *err)
{
	collect->last->type = strdup(type);
	return collect->last->type != NULL ? ST_OK : preview_no_memory(err);
}

void
preview_collect_reader(struct preview_collect *collect)
{
	collect->reader_new = collect->last->streams[PREVIEW_SEEN].count > 0;
	collect->reread = true;
	collect->run_id = 0;
}

void
preview_collect_break(struct preview_collect *collect)
{
	collect->reread = true;
}

/* ---- lines ---- */

static const char *
preview_label(const struct preview_source *source, size_t at)
{
	return (const char *)source->labels.bytes + at;
}

/* The place of label among those of the part; the last one is not written
 * down again. */
static size_t
preview_keep_label(struct preview_source *source, const char *label,
		   const struct preview_stream *stream)
{
	const size_t at = source->labels.len_bytes;
	const struct span text = { (const uint8_t *)label,
				   strnlen(label, PREVIEW_LABEL_BYTES) };

	if (text.len_bytes == 0)
		return 0;
	if (strncmp(preview_label(source, stream->label_at), label,
		    PREVIEW_LABEL_BYTES) == 0)
		return stream->label_at;
	sbuf_add_span(&source->labels, text);
	sbuf_add_byte(&source->labels, 0);
	if (source->labels.st == ST_OK)
		return at;
	source->labels.st = ST_OK;
	sbuf_truncate(&source->labels, at);
	return 0;
}

/* GCC 12's analyzer does not see that stream keeps the block. */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
static bool
preview_make_room(struct preview_stream *stream)
{
	const size_t room = stream->room * 2 + 64;
	struct preview_kept *lines = NULL;

	if (stream->count < stream->room)
		return true;
	lines = reallocarray(stream->lines, room, sizeof(*lines));
	if (lines == NULL)
		return false;
	stream->lines = lines;
	stream->room = room;
	return true;
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

/* One more piece of the open line; NULL without memory. */
static struct preview_kept *
preview_new_piece(struct preview_collect *collect,
		  struct preview_stream *stream, bool joined)
{
	struct preview_kept *piece = NULL;

	if (!preview_make_room(stream))
		return NULL;
	if (!joined)
		stream->first_piece = stream->count;
	piece = &stream->lines[stream->count++];
	*piece = (struct preview_kept){
		.at = stream->text.len_bytes,
		.first_id = stream->line_id,
		.last_id = stream->line_id,
		.number = stream->number,
		.label_at = stream->label_at,
		.kind = stream->kind,
		.joined = joined,
		.extra = stream->extra,
	};
	collect->used_bytes += sizeof(*piece);
	return piece;
}

static bool
preview_is_full(struct preview_collect *collect)
{
	if (!collect->full && collect->used_bytes < PREVIEW_KEEP_BYTES)
		return false;
	collect->last->cut = true;
	return true;
}

/* Begin a line: its place is set. */
static enum status
preview_begin_line(struct preview_collect *collect,
		   struct preview_stream *stream, struct err *err)
{
	if (preview_is_full(collect))
		return ST_OK;
	if (preview_new_piece(collect, stream, false) == NULL)
		return preview_no_memory(err);
	stream->open = true;
	stream->blank = true;
	return ST_OK;
}

/* As if the line that has just ended had not been there. */
static void
preview_drop_line(struct preview_collect *collect,
		  struct preview_stream *stream)
{
	const size_t at = stream->lines[stream->first_piece].at;

	collect->used_bytes -=
		stream->text.len_bytes - at +
		(stream->count - stream->first_piece) * sizeof(*stream->lines);
	sbuf_truncate(&stream->text, at);
	stream->count = stream->first_piece;
}

/* One empty line is enough, and none between rows or at the top: pages are
 * full of them. */
static bool
preview_is_idle(const struct preview_stream *stream)
{
	const struct preview_kept *before = NULL;

	if (!stream->blank || stream->kind == PLACE_NONE)
		return false;
	if (stream->first_piece == 0)
		return true;
	before = &stream->lines[stream->first_piece - 1];
	return before->kind == PLACE_NONE || before->len_bytes == 0;
}

static void
preview_end_line(struct preview_collect *collect, struct preview_stream *stream)
{
	if (!stream->open)
		return;
	stream->open = false;
	if (preview_is_idle(stream))
		preview_drop_line(collect, stream);
	else if (stream->blank)
		stream->lines[stream->first_piece].len_bytes = 0;
}

/* As a report can carry it: no controls, nothing that only turns or hides
 * what is beside it. 0: leave out. */
static uint32_t
preview_clean(uint32_t cp)
{
	if (cp == '\t')
		return cp;
	if (cp == '\r' || cp == '\v' || cp == '\f' || cp == 0x85 ||
	    cp == 0x2028 || cp == 0x2029)
		return ' ';
	if (fold_is_invisible(cp) || (cp >= 0x2065 && cp <= 0x206F))
		return 0;
	return cp < ' ' || (cp >= 0x7F && cp < 0xA0) ? '?' : cp;
}

static enum status
preview_put(struct preview_collect *collect, struct preview_stream *stream,
	    uint32_t cp, struct err *err)
{
	struct preview_kept *piece = NULL;
	const size_t before = stream->text.len_bytes;

	cp = preview_clean(cp);
	if (!stream->open || cp == 0 || preview_is_full(collect))
		return ST_OK;
	piece = &stream->lines[stream->count - 1];
	/* The blank behind the colon. */
	if (cp == ' ' && stream->kind == PLACE_HEADER && piece->len_bytes == 0)
		return ST_OK;
	if (piece->len_bytes >= PREVIEW_PIECE_BYTES - UTF8_MAX_BYTES)
		piece = preview_new_piece(collect, stream, true);
	if (piece == NULL)
		return preview_no_memory(err);
	utf8_put(&stream->text, cp);
	piece->len_bytes += stream->text.len_bytes - before;
	collect->used_bytes += stream->text.len_bytes - before;
	stream->blank &= cp == ' ' || cp == '\t' || cp == 0x3000;
	return sbuf_status(&stream->text, "preview", err);
}

/* ---- parts ---- */

void
preview_collect_end(struct preview_collect *collect)
{
	if (collect->last == NULL)
		return;
	for (size_t i = 0; i < PREVIEW_STREAMS; i++)
		preview_end_line(collect, &collect->last->streams[i]);
}

enum status
preview_collect_part(struct preview_collect *collect, const char *path,
		     const char *name, struct err *err)
{
	struct preview_source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return preview_no_memory(err);
	for (size_t i = 0; i < PREVIEW_STREAMS; i++)
		sbuf_init_secret(&source->streams[i].text, SIZE_MAX / 2);
	sbuf_init_secret(&source->labels, SIZE_MAX / 2);
	/* At 0 stands the empty one. */
	sbuf_add_byte(&source->labels, 0);
	source->path = strdup(path);
	source->name = strdup(name);
	if (source->path == NULL || source->name == NULL ||
	    source->labels.st != ST_OK) {
		preview_source_free(source);
		return preview_no_memory(err);
	}
	preview_collect_end(collect);
	if (collect->last != NULL)
		collect->last->next = source;
	else
		collect->first = source;
	collect->last = source;
	collect->parts++;
	collect->run_id = 0;
	collect->reread = false;
	collect->reader_new = false;
	return ST_OK;
}

/* ---- text ---- */

static bool
preview_starts(const char *label, const char *const *heads, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(label, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

/* The fields that a mail program shows, apart from the date, which would look
 * like a number. */
static bool
preview_is_shown_field(const char *name)
{
	static const char *const shown[] = { "Subject", "From", "To", "Cc",
					     "Reply-To" };

	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		if (span_equal_nocase(span_of(name), span_of(shown[i])))
			return true;
	return false;
}

/* Members of office documents whose text is what people read. */
static bool
preview_is_document(const char *member)
{
	static const char *const heads[] = {
		"word/document",       "word/header",     "word/footer",
		"word/footnotes",      "word/endnotes",   "word/comments",
		"ppt/slides/slide",    "ppt/notesSlides", "xl/comments",
		"xl/drawings/drawing", "content.xml",
	};

	/* A sheet's comments stand at their cells: "Sheet1!B2, comment". */
	static const char comment[] = ", comment";
	const size_t len = strlen(member);

	return preview_starts(member, heads, ARRAY_LEN(heads)) ||
	       (len >= sizeof(comment) &&
		strcmp(member + len - strlen(comment), comment) == 0);
}

/* The values of a record are the document; so says the reader's name. */
static bool
preview_is_record(const struct preview_collect *collect, const char *label)
{
	static const char *const readers[] = { "xml", "json" };
	static const char *const unseen[] = { "comment", "instruction",
					      "doctype" };
	const char *type = collect->last->type;
	bool record = false;

	for (size_t i = 0; type != NULL && i < ARRAY_LEN(readers); i++)
		record |= strcmp(type, readers[i]) == 0;
	for (size_t i = 0; i < ARRAY_LEN(unseen); i++)
		record &= strcmp(label, unseen[i]) != 0;
	return record;
}

static size_t
preview_stream_of(const struct preview_collect *collect,
		  const struct place *place)
{
	const char *label = place->label != NULL ? place->label : "";
	bool seen = false;

	switch (place->kind) {
	case PLACE_BODY:
	case PLACE_PAGE:
		seen = true;
		break;
	case PLACE_HEADER:
		seen = preview_is_shown_field(label);
		break;
	case PLACE_ELEMENT:
		seen = preview_is_document(label) ||
		       preview_is_record(collect, label);
		break;
	case PLACE_NONE:
	case PLACE_NAME:
	case PLACE_CODE:
	case PLACE_RAW:
	default:
		break;
	}
	return seen ? PREVIEW_SEEN : PREVIEW_UNSEEN;
}

/* Does what begins at number stand where something of the same kind stood
 * before the break? */
static void
preview_judge_reading(struct preview_collect *collect,
		      struct preview_stream *stream, bool same, uint64_t number)
{
	if (!collect->reread)
		return;
	collect->reread = false;
	stream->extra = collect->reader_new ||
			(same && stream->count > 0 && number <= stream->number);
}

static void
preview_open_run(struct preview_collect *collect, struct preview_stream *stream,
		 const struct place *place, uint64_t line_id)
{
	const char *label = place->label != NULL ? place->label : "";
	const bool same =
		stream->kind == place->kind &&
		strncmp(preview_label(collect->last, stream->label_at), label,
			PREVIEW_LABEL_BYTES) == 0;

	preview_end_line(collect, stream);
	/* Breaks between hidden places say nothing about what is seen. */
	if (stream == &collect->last->streams[PREVIEW_SEEN])
		preview_judge_reading(collect, stream, same, place->number);
	stream->label_at = preview_keep_label(collect->last, label, stream);
	stream->kind = place->kind;
	stream->number = place->number;
	stream->run_number = place->number;
	stream->line_id = line_id;
	collect->run_id = line_id;
}

static enum status
preview_next_line(struct preview_collect *collect,
		  struct preview_stream *stream, struct err *err)
{
	enum status st = ST_OK;

	if (!stream->open)
		st = preview_begin_line(collect, stream, err);
	preview_end_line(collect, stream);
	stream->line_id++;
	if (stream->kind == PLACE_BODY || stream->kind == PLACE_ELEMENT)
		stream->number += stream->number > 0;
	return st;
}

enum status
preview_collect_text(struct preview_collect *collect, const struct place *place,
		     uint64_t line_id, struct span utf8, struct err *err)
{
	struct preview_stream *stream =
		&collect->last->streams[preview_stream_of(collect, place)];
	enum status st = ST_OK;
	size_t at = 0;

	if (collect->run_id != line_id)
		preview_open_run(collect, stream, place, line_id);
	else if (!stream->open && place->kind == PLACE_BODY &&
		 place->number != stream->run_number)
		stream->number = place->number;
	while (st == ST_OK && at < utf8.len_bytes) {
		const uint32_t cp = utf8_next(utf8, &at);

		if (cp == '\n') {
			st = preview_next_line(collect, stream, err);
			continue;
		}
		if (!stream->open)
			st = preview_begin_line(collect, stream, err);
		if (st == ST_OK && !(cp == '\r' && at < utf8.len_bytes &&
				     utf8.ptr[at] == '\n'))
			st = preview_put(collect, stream, cp, err);
	}
	return st;
}

/* ---- tables ---- */

static uint64_t
preview_count_lines(struct span text)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < text.len_bytes; i++)
		lines += text.ptr[i] == '\n';
	return lines;
}

/* Go to the row of cell, to which a row that is open may belong. */
static enum status
preview_go_to_row(struct preview_collect *collect,
		  struct preview_stream *stream, const struct cell *cell,
		  uint64_t line_id, struct err *err)
{
	const bool same =
		stream->kind == PLACE_NONE &&
		strncmp(preview_label(collect->last, stream->label_at),
			cell->sheet, PREVIEW_LABEL_BYTES) == 0;

	if (same && stream->open && stream->number == cell->row &&
	    stream->column < cell->column)
		return ST_OK;
	preview_end_line(collect, stream);
	preview_judge_reading(collect, stream, same, cell->row);
	stream->label_at =
		preview_keep_label(collect->last, cell->sheet, stream);
	stream->kind = PLACE_NONE;
	stream->number = cell->row;
	stream->line_id = line_id;
	stream->column = 1;
	return preview_begin_line(collect, stream, err);
}

enum status
preview_collect_cell(struct preview_collect *collect, const struct cell *cell,
		     uint64_t line_id, struct span utf8, struct err *err)
{
	struct preview_stream *stream = &collect->last->streams[PREVIEW_SEEN];
	char digits[CELL_NUMBER_BYTES];
	const size_t digit_count =
		cell_number_digits(cell_number_trim(utf8), cell->kind, digits);
	const struct span text =
		digit_count > 0
			? (struct span){ (const uint8_t *)digits, digit_count }
			: utf8;
	size_t at = 0;
	enum status st =
		preview_go_to_row(collect, stream, cell,
				  line_id - preview_count_lines(utf8), err);

	collect->run_id = 0;
	for (uint32_t i = 0; st == ST_OK && i < PREVIEW_MOST_TABS &&
			     stream->column + i < cell->column;
	     i++)
		st = preview_put(collect, stream, '\t', err);
	stream->column = cell->column;
	while (st == ST_OK && at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, &at);

		st = preview_put(collect, stream,
				 cp == '\t' || cp == '\n' ? ' ' : cp, err);
	}
	explicit_bzero(digits, sizeof(digits));
	if (stream->open)
		stream->lines[stream->count - 1].last_id = line_id;
	return st;
}
