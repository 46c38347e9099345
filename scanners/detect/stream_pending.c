#include "scanners/detect/stream_pending.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/detect/context.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/lead.h"
#include "scanners/detect/lead_line.h"
#include "scanners/detect/shape.h"
#include "scanners/detect/stream_record.h"
#include "scanners/detect/stream_table.h"
#include "scanners/text/utf8.h"

void
stream_pending_init(struct stream_pending *pending)
{
	sbuf_init(&pending->context, STREAM_CONTEXT_BYTES);
	sbuf_init(&pending->sheet, STREAM_CONTEXT_BYTES);
}

void
stream_pending_done(struct stream_pending *pending)
{
	sbuf_done(&pending->context);
	sbuf_done(&pending->sheet);
	explicit_bzero(&pending->sighting, sizeof(pending->sighting));
}

/* It belongs to something else: on the page, no more. */
static void
stream_keep_away(struct judge_near *near)
{
	near->free = false;
	near->list = false;
	near->line = false;
	near->bracket = false;
	if (near->distance <= JUDGE_LINE)
		near->distance = JUDGE_LINE + 1;
}

/* How near a mark before the stream's position is. */
static struct judge_near
stream_near(const struct stream *stream, const struct stream_mark *mark)
{
	struct judge_near near = { 0 };

	if (!mark->seen || stream->position < mark->position)
		return near;
	near.seen = true;
	near.distance = stream->position - mark->position;
	near.free = mark->numbers == stream->numbers;
	near.list = mark->others == stream->others;
	near.same = mark->foreign == stream->foreign;
	near.line = mark->line == stream->line;
	if (mark->scope != stream->scope)
		stream_keep_away(&near);
	return near;
}

/* Where the number stands. */
static void
stream_locate(const struct stream *stream, const struct candidate *candidate,
	      struct stream_pending *pending)
{
	struct sighting *sighting = &pending->sighting;

	if (stream->cell != NULL) {
		sbuf_clear(&pending->sheet);
		sbuf_add_text(&pending->sheet, stream->cell->sheet);
		sighting->sheet = sbuf_text(&pending->sheet);
		sighting->row = stream->cell->row;
		sighting->column = stream->cell->column;
		return;
	}
	sighting->place = stream->place;
	(void)snprintf(pending->label, sizeof(pending->label), "%s",
		       stream->label);
	sighting->label = pending->label;
	sighting->line = stream->place_line;
	if (stream->place == PLACE_RAW)
		sighting->line += stream->dropped_bytes + candidate->start_at;
	else if (stream->place != PLACE_PAGE && stream->place_line > 0)
		sighting->line =
			stream_source_line(&stream->source, stream->line);
}

/* Weigh what was seen and hand it on. */
static enum status
stream_settle(struct stream *stream, struct stream_pending *pending,
	      struct err *err)
{
	enum status st = ST_OK;

	if (pending->direct_taken)
		stream_keep_away(&pending->view.direct_behind);
	if (pending->rival_taken)
		pending->view.rival_behind.seen = false;
	judge_labels(&pending->view, &pending->sighting.evidence);
	judge_glued(&pending->view, &pending->sighting.evidence);
	stream_table_settle(stream, pending);
	pending->sighting.line_id = pending->line;
	st = findings_add(stream->findings, &pending->sighting, err);
	explicit_bzero(&pending->sighting, sizeof(pending->sighting));
	return st;
}

/* The number that has waited longest. */
static struct stream_pending *
stream_oldest(struct stream *stream)
{
	return &stream->pending[stream->pending_at];
}

static struct stream_pending *
stream_pending_get(struct stream *stream, size_t index)
{
	return &stream->pending[(stream->pending_at + index) %
				STREAM_MAX_PENDING];
}

static enum status
stream_settle_oldest(struct stream *stream, struct err *err)
{
	const enum status st =
		stream_settle(stream, stream_oldest(stream), err);

	stream->pending_at = (stream->pending_at + 1) % STREAM_MAX_PENDING;
	stream->pending_count--;
	return st;
}

enum status
stream_pending_settle_all(struct stream *stream, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && stream->pending_count > 0)
		st = stream_settle_oldest(stream, err);
	return st;
}

/* Hand on those that are so far behind that nothing touches them any more,
 * and the oldest when all places are taken. */
static enum status
stream_settle_old(struct stream *stream, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && stream->pending_count > 0 &&
	       (stream->pending_count == STREAM_MAX_PENDING ||
		stream->position - stream_oldest(stream)->position >
			JUDGE_PAGE))
		st = stream_settle_oldest(stream, err);
	return st;
}

/* Is this label, behind the number at number_at, close to the stream's? */
static bool
stream_is_taken(const struct stream *stream, const struct judge_near *near,
		uint64_t number_at)
{
	const uint64_t label_at = number_at + near->distance;

	return near->seen && stream->position >= label_at &&
	       stream->position - label_at <= 2 * JUDGE_ADJACENT;
}

/* A label behind the last numbers, close to this one, is this one's. */
static void
stream_take_labels(struct stream *stream)
{
	for (size_t i = 0; i < stream->pending_count; i++) {
		struct stream_pending *pending = stream_pending_get(stream, i);

		pending->direct_taken |=
			stream_is_taken(stream, &pending->view.direct_behind,
					pending->position);
		pending->rival_taken |= stream_is_taken(
			stream, &pending->view.rival_behind, pending->position);
	}
}

/* What leads up to the number: a name that is in no list of words, or the end
 * of the sentence that the label is in. */
static void
stream_view_lead(const struct stream *stream, struct span text,
		 size_t number_at, struct judge_view *view)
{
	const struct judge_near *direct = &view->direct_before;
	struct judge_near *rival = &view->rival_before;
	const bool measured = direct->seen && direct->list;
	const struct lead lead = lead_of(
		text, number_at, measured ? direct->distance : UINT64_MAX);

	if (rival->seen && rival->distance <= JUDGE_LINE &&
	    lead_is_past(text, number_at, rival->distance))
		stream_keep_away(rival);
	view->detached = lead.detached;
	/* In an answer they are the words of who answers. After a label that
	 * names other numbers words mean nothing: this may
	 * be the next row of a table. */
	view->words =
		lead.ships ||
		(lead.words && (measured || !direct->seen) &&
		 !stream->reply.is_reply && !lead_refers(text, number_at));
	/* "個人番号No" is no other number. */
	if (!lead.noun ||
	    (direct->free && direct->distance <= lead.stem_distance) ||
	    (rival->free && rival->distance <= lead.noun_distance))
		return;
	view->rival_before = (struct judge_near){
		.seen = true,
		.free = true,
		.list = true,
		.same = true,
		.line = true,
		.distance = lead.noun_distance,
	};
}

static void
stream_view(const struct stream *stream, struct span text, size_t number_at,
	    enum evidence check, struct judge_view *view)
{
	*view = (struct judge_view){
		.direct_before = stream_near(stream, &stream->direct),
		.rival_before = stream_near(stream, &stream->rival),
		.header = stream->header,
		.field = stream->cell == NULL ? stream->field
					      : JUDGE_HEADER_NONE,
	};
	const struct judge_near touching =
		stream_near(stream, &stream->touching);

	if (check == EVIDENCE_CHECK_VALID)
		stream_view_lead(stream, text, number_at, view);
	view->rival_touches =
		touching.seen && touching.free && touching.distance == 0;
	view->rival_leads = view->rival_touches;
}

/* A number with a tail in a cell of numbers is a fraction. */
static bool
stream_is_fraction(const struct stream *stream,
		   const struct candidate *candidate)
{
	return stream->cell != NULL && stream->cell->kind == CELL_NUMBER &&
	       candidate->grouping == EVIDENCE_GROUPING_GLUED;
}

/* Do the parts of a number that stands apart make one? */
static bool
stream_is_one(const struct stream *stream, struct span text,
	      const struct candidate *candidate)
{
	struct judge_view view;

	if (!check_digit_is_valid(candidate->digits))
		return false;
	stream_view(stream, text, candidate->start_at, EVIDENCE_CHECK_VALID,
		    &view);
	return judge_is_named(&view);
}

/* Nothing but the number is in the payload of a code. */
static void
stream_set_code(const struct stream *stream, struct span text,
		const struct candidate *candidate, struct sighting *sighting)
{
	if (stream->place == PLACE_CODE && stream->cell == NULL &&
	    candidate->start_at == 0 && candidate->end_at == text.len_bytes &&
	    sighting->evidence.check == EVIDENCE_CHECK_VALID)
		sighting->evidence.code = EVIDENCE_CODE_PAYLOAD;
}

/* A label that has named this number names those that follow it closely, too:
 * its distance to them counts from here. */
static void
stream_extend_label(struct stream *stream)
{
	stream->direct.position = stream->position;
	stream->direct.line = stream->line;
}

/* What the number itself and what stands beside it say. */
static void
stream_weigh(struct stream *stream, struct span text,
	     const struct candidate *candidate, struct sighting *sighting)
{
	struct evidence_set *set = &sighting->evidence;
	struct span written = { 0 };

	*sighting = (struct sighting){ .part = stream->part };
	memcpy(sighting->digits, candidate->digits, sizeof(sighting->digits));
	set->profile = findings_profile(stream->findings);
	set->check = check_digit_is_valid(candidate->digits)
			     ? EVIDENCE_CHECK_VALID
			     : EVIDENCE_CHECK_INVALID;
	set->grouping = candidate->grouping;
	(void)span_cut(text, candidate->start_at,
		       candidate->end_at - candidate->start_at, &written);
	set->shape = shape_of(candidate->digits, written);
	stream->reply.wanted |= set->check == EVIDENCE_CHECK_VALID;
	if (set->check == EVIDENCE_CHECK_VALID)
		set->person = stream_record_person(stream, text, candidate);
	stream_set_code(stream, text, candidate, sighting);
	own_words_judge(stream->own, text, candidate, stream->cell, set);
}

/* A cell that is nothing but the number has no words around it. */
static void
stream_describe(const struct stream *stream, struct span text,
		const struct candidate *candidate,
		struct stream_pending *pending)
{
	struct sighting *sighting = &pending->sighting;
	const bool alone = stream->cell != NULL && candidate->start_at == 0 &&
			   candidate->end_at == text.len_bytes;

	sbuf_clear(&pending->context);
	const bool wanted = sighting->evidence.check == EVIDENCE_CHECK_VALID &&
			    findings_want_context(stream->findings, sighting);

	if (wanted && alone)
		context_add_cell(stream->table.title, stream->table.row_words,
				 &pending->context);
	else if (wanted)
		context_add(text, candidate->start_at, candidate->end_at,
			    &pending->context);
	sighting->context = sbuf_text(&pending->context);
}

enum status
stream_pending_add(struct stream *stream, struct span text,
		   const struct candidate *candidate, struct err *err)
{
	struct stream_pending *pending = NULL;
	const struct evidence_set *set = NULL;
	enum status st = stream_settle_old(stream, err);

	if (st != ST_OK)
		return st;
	stream_take_labels(stream);
	if (candidate->kind != CANDIDATE_TWELVE ||
	    stream_is_fraction(stream, candidate) ||
	    (candidate->apart && !stream_is_one(stream, text, candidate))) {
		stream->numbers++;
		stream->others++;
		stream->foreign += candidate->kind != CANDIDATE_TWELVE;
		return ST_OK;
	}
	pending = stream_pending_get(stream, stream->pending_count++);
	set = &pending->sighting.evidence;
	stream_weigh(stream, text, candidate, &pending->sighting);
	stream_view(stream, text, candidate->start_at, set->check,
		    &pending->view);
	stream_locate(stream, candidate, pending);
	stream_table_enter(stream, text, candidate, pending);
	stream_describe(stream, text, candidate, pending);
	stream->numbers++;
	if (set->check != EVIDENCE_CHECK_VALID)
		stream->others++;
	else if (judge_is_direct(&pending->view))
		stream_extend_label(stream);
	pending->position = stream->position;
	pending->line = stream->line;
	pending->numbers = stream->numbers;
	pending->scope = stream->scope;
	pending->direct_taken = false;
	pending->rival_taken = false;
	return ST_OK;
}

/* Is what stands right before at an opening bracket? */
static bool
stream_is_bracketed(struct span text, size_t at)
{
	static const uint32_t brackets[] = { '(',    '[',    '{',    '<',
					     0x3008, 0x300A, 0x300C, 0x300E,
					     0x3010, 0x3014 };
	uint32_t cp = ' ';

	while (at > 0 && (cp == ' ' || cp == 0x3000)) {
		size_t next = 0;

		at = utf8_back(text, at);
		next = at;
		cp = fold_width(utf8_next(text, &next));
	}
	for (size_t i = 0; i < ARRAY_LEN(brackets); i++)
		if (cp == brackets[i])
			return true;
	return false;
}

/* Do the words before the label at at, in its line, speak of what stands above?
 * Else it begins something new. */
static bool
stream_points_back(struct span text, size_t at)
{
	const uint8_t *before = memrchr(text.ptr, '\n', at);
	const size_t start =
		before != NULL ? (size_t)(before - text.ptr) + 1 : 0;
	struct span line = { 0 };

	return at - start <= STREAM_CONTEXT_BYTES &&
	       span_cut(text, start, at - start, &line) &&
	       lead_line_points_back(line);
}

/* How near a label that starts at the stream's position is behind pending. */
static void
stream_set_behind(const struct stream *stream, struct span text,
		  const struct label *label,
		  const struct stream_pending *pending, struct judge_near *near)
{
	near->seen = true;
	near->distance = stream->position - pending->position;
	near->free = pending->numbers == stream->numbers;
	near->line = pending->line == stream->line;
	near->bracket = near->free && near->line && near->distance == 1 &&
			stream_is_bracketed(text, label->start_at);
	if (pending->scope != stream->scope ||
	    (label->kind == LABEL_DIRECT && near->distance <= JUDGE_PAGE &&
	     (lead_is_over(text, label->start_at, near->distance) ||
	      (!near->line && !stream_points_back(text, label->start_at)))))
		stream_keep_away(near);
}

void
stream_pending_on_label(struct stream *stream, struct span text,
			const struct label *label)
{
	const bool direct = label->kind == LABEL_DIRECT;

	if ((label->kind != LABEL_RIVAL && !direct) ||
	    (direct && label->place == LABEL_TOUCHING))
		return;
	/* It says what the next number is. */
	if (!direct && label->place != LABEL_TOUCHING &&
	    lead_value_behind(text, label->end_at) != LEAD_VALUE_NONE)
		return;
	for (size_t i = 0; i < stream->pending_count; i++) {
		struct stream_pending *pending = stream_pending_get(stream, i);
		struct judge_near *near = direct ? &pending->view.direct_behind
						 : &pending->view.rival_behind;

		if (label->place == LABEL_TOUCHING)
			pending->view.rival_touches |=
				stream->position == pending->position &&
				pending->numbers == stream->numbers;
		else if (!near->seen)
			stream_set_behind(stream, text, label, pending, near);
	}
}
