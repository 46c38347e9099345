#include "scanners/detect/stream.h"

#include <string.h>
#include <strings.h>

#include "scanners/detect/distance.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/lead.h"
#include "scanners/detect/name_words.h"
#include "scanners/detect/split_number.h"
#include "scanners/detect/stream_pending.h"
#include "scanners/detect/stream_record.h"
#include "scanners/detect/stream_window.h"
#include "scanners/text/utf8.h"

void
stream_init(struct stream *stream, struct findings *findings,
	    const struct labels *labels, struct own_words *own)
{
	*stream = (struct stream){ .findings = findings };
	sbuf_init_secret(&stream->room, STREAM_ROOM_BYTES * 2);
	for (size_t i = 0; i < STREAM_MAX_PENDING; i++)
		stream_pending_init(&stream->pending[i]);
	stream->labels = labels;
	stream->own = own;
	stream->filter = digit_filter_get();
}

void
stream_done(struct stream *stream)
{
	sbuf_done(&stream->room);
	for (size_t i = 0; i < STREAM_MAX_PENDING; i++)
		stream_pending_done(&stream->pending[i]);
	candidate_walk_done(&stream->walk);
	explicit_bzero(stream, sizeof(*stream));
}

/* Count the characters and lines of text up to to. */
static void
stream_count(struct stream *stream, struct span text, size_t to)
{
	struct span part = { 0 };

	if (to < stream->counted_at ||
	    !span_cut(text, stream->counted_at, to - stream->counted_at, &part))
		return;
	stream->line = stream_source_count(
		&stream->source, text, stream->counted_at, to, stream->line);
	stream->counted_at = to;
	/* Only distances count: without anything to measure from there is
	 * nothing to do, which is so in most mail. */
	if (!stream->direct.seen && !stream->rival.seen &&
	    !stream->touching.seen && stream->pending_count == 0)
		return;
	stream->position += distance_of(part);
}

static void
stream_forget_marks(struct stream *stream)
{
	stream->direct.seen = false;
	stream->rival.seen = false;
	stream->touching.seen = false;
}

static void
stream_set_mark(const struct stream *stream, struct stream_mark *mark)
{
	*mark = (struct stream_mark){
		.seen = true,
		.position = stream->position,
		.line = stream->line,
		.numbers = stream->numbers,
		.others = stream->others,
		.foreign = stream->foreign,
		.scope = stream->scope,
	};
}

/* Is there nothing else in text? What labels leave out may follow. */
static bool
stream_is_whole(struct span text, const struct label *label)
{
	size_t at = label->end_at;
	size_t ignored = 0;

	return label->start_at == 0 &&
	       fold_letter_next(text, &at, &ignored) == 0;
}

/* A short word for My Number counts right before a number, or when it is all
 * there is. */
static bool
stream_is_direct(struct span text, const struct label *label)
{
	return label->kind == LABEL_DIRECT &&
	       (label->place != LABEL_TOUCHING ||
		stream_is_whole(text, label) ||
		lead_value_behind(text, label->end_at) == LEAD_VALUE_LONG);
}

/* A word at label. */
static void
stream_on_label(struct stream *stream, struct span text,
		const struct label *label)
{
	const bool short_word =
		label->kind == LABEL_DIRECT && label->place == LABEL_TOUCHING;

	if (short_word && !stream_is_direct(text, label))
		return;
	stream_count(stream, text, label->start_at);
	stream_pending_on_label(stream, text, label);
	stream_count(stream, text, label->end_at);
	if (label->place == LABEL_TOUCHING && !short_word) {
		stream_set_mark(stream, &stream->touching);
		return;
	}
	switch (label->kind) {
	case LABEL_DIRECT:
		stream->has_direct = true;
		stream->seen.direct = true;
		stream_set_mark(stream, &stream->direct);
		break;
	case LABEL_RIVAL:
		stream->seen.rival = true;
		if (lead_value_behind(text, label->end_at) != LEAD_VALUE_SHORT)
			stream_set_mark(stream, &stream->rival);
		break;
	case LABEL_FORM:
		stream->has_form = true;
		break;
	case LABEL_BIRTH:
	case LABEL_FAMILY:
	case LABEL_NAME:
	case LABEL_ADDRESS:
		stream->seen.person |= name_words_person(label->kind);
		break;
	case LABEL_NONE:
	case LABEL_WEAK:
	default:
		break;
	}
	stream->seen.whole |= stream_is_whole(text, label);
}

/* The next ones, at SIZE_MAX when there are none. */
static void
stream_find_label(const struct stream *stream, struct span text, size_t at,
		  struct label *label)
{
	if (!labels_next(stream->labels, text, at, label))
		label->start_at = SIZE_MAX;
}

static void
stream_find_number(struct stream *stream, struct candidate *candidate)
{
	if (!candidate_next(&stream->walk, candidate))
		candidate->start_at = SIZE_MAX;
}

/* A number behind label that only the label makes one; done_at moves behind
 * it, or behind the label. */
static enum status
stream_add_split(struct stream *stream, struct span text,
		 const struct label *label, struct err *err)
{
	struct candidate split = { .kind = CANDIDATE_NONE };
	enum status st = ST_OK;

	stream->done_at = label->end_at;
	if (!stream_is_direct(text, label) ||
	    !split_number_behind(text, label->end_at, &split))
		return ST_OK;
	stream_count(stream, text, split.start_at);
	st = stream_pending_add(stream, text, &split, err);
	stream_count(stream, text, split.end_at);
	stream->done_at = split.end_at;
	explicit_bzero(&split, sizeof(split));
	return st;
}

/* Up to the next label or number, whichever comes first, until limit. What is
 * far behind it is not looked at. */
static enum status
stream_walk(struct stream *stream, struct span text, size_t limit,
	    struct err *err)
{
	struct label label = { .start_at = SIZE_MAX };
	struct candidate candidate = { .start_at = SIZE_MAX };
	enum status st = ST_OK;

	if (text.len_bytes - limit > STREAM_TAIL_BYTES)
		text.len_bytes = limit + STREAM_TAIL_BYTES;
	candidate_walk_init(&stream->walk, text, stream->done_at);
	stream_find_label(stream, text, stream->done_at, &label);
	stream_find_number(stream, &candidate);
	while (st == ST_OK &&
	       (label.start_at < limit || candidate.start_at < limit)) {
		if (label.start_at <= candidate.start_at) {
			stream_on_label(stream, text, &label);
			st = stream_add_split(stream, text, &label, err);
			while (candidate.start_at < stream->done_at)
				stream_find_number(stream, &candidate);
			stream_find_label(stream, text, stream->done_at,
					  &label);
		} else {
			stream_count(stream, text, candidate.start_at);
			st = stream_pending_add(stream, text, &candidate, err);
			stream_count(stream, text, candidate.end_at);
			stream->done_at = candidate.end_at;
			stream_find_number(stream, &candidate);
		}
	}
	explicit_bzero(&candidate, sizeof(candidate));
	if (stream->done_at < limit)
		stream->done_at = limit;
	stream_count(stream, text, stream->done_at);
	return st;
}

/*
 * Nothing up to to is near a number: only words that count at any distance are
 * looked for, and nothing reaches across.
 */
static enum status
stream_pass(struct stream *stream, struct span text, size_t to, struct err *err)
{
	struct label label = { .end_at = stream->done_at };
	struct candidate split = { .kind = CANDIDATE_NONE };
	enum status st = stream_pending_settle_all(stream, err);

	stream_forget_marks(stream);
	while (st == ST_OK &&
	       labels_next_distant(stream->labels, text, label.end_at,
				   &label) &&
	       label.start_at < to) {
		stream->has_direct |= stream_is_direct(text, &label);
		stream->has_form |= label.kind == LABEL_FORM;
		if (label.kind == LABEL_DIRECT &&
		    split_number_behind(text, label.end_at, &split)) {
			stream->done_at = label.start_at;
			st = stream_walk(stream, text, split.end_at, err);
			label.end_at = stream->done_at;
		}
	}
	explicit_bzero(&split, sizeof(split));
	if (stream->done_at < to)
		stream->done_at = to;
	stream_count(stream, text, stream->done_at);
	return st;
}

/* Up to limit: labels and other numbers only where numbers of twelve digits
 * may be, which is next to nowhere. */
static enum status
stream_run(struct stream *stream, struct span text, size_t limit,
	   struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && stream->done_at < limit) {
		const struct stream_window window =
			stream_window_next(stream, text, limit);

		if (window.start_at > stream->done_at)
			st = stream_pass(stream, text, window.start_at, err);
		if (st == ST_OK && window.end_at > stream->done_at)
			st = stream_walk(stream, text, window.end_at, err);
	}
	return st;
}

/* Does the subject name a My Number? A word for sending some in does. */
static void
stream_look_at_subject(struct stream *stream, struct span text)
{
	struct label label = { .end_at = 0 };

	if (stream->place != PLACE_HEADER ||
	    strcasecmp(stream->label, "Subject") != 0)
		return;
	while (!stream->subject_direct &&
	       labels_next(stream->labels, text, label.end_at, &label)) {
		struct label inside = label;
		struct span part = { 0 };

		stream->subject_direct = label.kind == LABEL_DIRECT;
		(void)span_cut(text, label.start_at,
			       label.end_at - label.start_at - 1, &part);
		if (label.kind == LABEL_FORM &&
		    labels_next(stream->labels, part, 0, &inside))
			stream->subject_direct |= inside.kind == LABEL_DIRECT &&
						  inside.start_at == 0;
	}
}

/* Judge what is in room; all of it, or all but the tail. */
static enum status
stream_process(struct stream *stream, bool all, struct err *err)
{
	const struct span text = sbuf_span(&stream->room);
	size_t limit = text.len_bytes;
	enum status st = ST_OK;

	if (!all) {
		limit -= STREAM_TAIL_BYTES;
		while (limit > 0 && (text.ptr[limit] & 0xC0) == 0x80)
			limit--;
	}
	st = stream_run(stream, text, limit, err);
	reply_look(&stream->reply, stream->place, stream->label, text);
	stream_look_at_subject(stream, text);
	if (all)
		sbuf_clear(&stream->room);
	return st;
}

/* Drop what is done but for a little that shows what stands before. */
static void
stream_shift(struct stream *stream)
{
	const size_t drop = stream->done_at > STREAM_HEAD_BYTES
				    ? stream->done_at - STREAM_HEAD_BYTES
				    : 0;
	const size_t left = stream->room.len_bytes - drop;

	if (drop == 0)
		return;
	memmove(stream->room.bytes, stream->room.bytes + drop, left);
	sbuf_truncate(&stream->room, left);
	stream->dropped_bytes += drop;
	stream->done_at -= drop;
	stream->counted_at -= drop;
	stream_source_shift(&stream->source, drop);
	stream->near_at -= drop < stream->near_at ? drop : stream->near_at;
}

enum status
stream_flush(struct stream *stream, struct err *err)
{
	enum status st = ST_OK;

	if (stream->open) {
		st = stream_process(stream, true, err);
		stream->line++;
	}
	stream->open = false;
	stream_source_clear(&stream->source);
	stream->done_at = 0;
	stream->near_at = 0;
	stream->counted_at = 0;
	stream->scope++;
	return st;
}

enum status
stream_leave_out(struct stream *stream, struct err *err)
{
	stream_forget_marks(stream);
	return stream->pending_count > 0
		       ? stream_pending_settle_all(stream, err)
		       : ST_OK;
}

enum status
stream_break(struct stream *stream, struct err *err)
{
	enum status st = stream_flush(stream, err);

	if (st == ST_OK)
		st = stream_pending_settle_all(stream, err);
	stream_forget_marks(stream);
	stream_record_break(stream);
	return st;
}

static bool
stream_continues(const struct stream *stream, const struct place *place)
{
	const char *label = place->label != NULL ? place->label : "";

	if (!stream->open || stream->place != place->kind ||
	    place->kind == PLACE_CODE ||
	    strncmp(stream->label, label, sizeof(stream->label) - 1) != 0)
		return false;
	return place->kind != PLACE_PAGE || stream->place_line == place->number;
}

static void
stream_open(struct stream *stream, const struct place *place)
{
	stream->open = true;
	stream->place = place->kind;
	stream->place_line = place->number;
	/* No two runs of text, and no run and row, share a line. */
	stream->line_base = ++stream->line;
	stream_source_open(&stream->source, place->number, stream->line_base);
	stream->dropped_bytes = 0;
	(void)snprintf(stream->label, sizeof(stream->label), "%s",
		       place->label != NULL ? place->label : "");
	stream_record_on_name(stream, stream->label);
}

enum status
stream_text(struct stream *stream, const struct place *place, struct span utf8,
	    struct err *err)
{
	size_t at = 0;
	enum status st = ST_OK;

	if (!stream_continues(stream, place)) {
		st = stream_flush(stream, err);
		stream_open(stream, place);
	} else if (place->kind == PLACE_BODY &&
		   place->number != stream->place_line) {
		stream_source_add(&stream->source, stream->room.len_bytes,
				  place->number);
	}
	while (st == ST_OK && at < utf8.len_bytes) {
		struct span piece = { 0 };
		const size_t left = utf8.len_bytes - at;
		const size_t fits = STREAM_ROOM_BYTES - stream->room.len_bytes;

		(void)span_cut(utf8, at, left < fits ? left : fits, &piece);
		sbuf_add_span(&stream->room, piece);
		at += piece.len_bytes;
		st = sbuf_status(&stream->room, "stream: text", err);
		if (st == ST_OK &&
		    stream->room.len_bytes == STREAM_ROOM_BYTES) {
			st = stream_process(stream, false, err);
			stream_shift(stream);
		}
	}
	return st;
}

enum status
stream_cell(struct stream *stream, const struct cell *cell,
	    enum judge_header header, struct span utf8,
	    struct stream_seen *seen_out, struct err *err)
{
	enum status st = stream_flush(stream, err);
	const uint64_t numbers = stream->numbers;

	if (st != ST_OK)
		return st;
	stream->seen = (struct stream_seen){ 0 };
	stream->cell = cell;
	stream->header = header;
	st = stream_walk(stream, utf8, utf8.len_bytes, err);
	stream->seen.numbers = stream->numbers > numbers;
	if (!stream->seen.direct && utf8.len_bytes <= STREAM_HEADER_BYTES)
		stream->seen.rival |= lead_is_noun(utf8);
	stream_record_on_cell(stream, cell, utf8);
	if (!stream->seen.numbers)
		own_words_on_cell(stream->own, cell, utf8);
	stream->cell = NULL;
	stream->header = JUDGE_HEADER_NONE;
	stream->done_at = 0;
	stream->counted_at = 0;
	stream->scope++;
	*seen_out = stream->seen;
	return st;
}
