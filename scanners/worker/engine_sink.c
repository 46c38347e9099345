/* The sink of every reader: budgets, detector, work list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine_state.h"
#include "scanners/worker/engine_sweep.h"

enum status
engine_obey(struct sink *sink, const struct engine_stop *stop, struct err *err)
{
	if (stop->reason == REPORT_REASON_NONE)
		return ST_OK;
	struct engine_stop named = *stop;

	/* Sizes are the object's, time is also its reader's. */
	if (stop->reason == REPORT_REASON_TIMEOUT && sink->reader != NULL)
		(void)snprintf(named.detail, sizeof(named.detail),
			       "%.20s: %.70s", sink->reader->name,
			       stop->detail);
	sink->recorded = true;
	const enum status st = engine_record_stop(
		&sink->record, sink->current->path, &named, err);

	return st != ST_OK ? st : err_set(err, ST_LIMIT, "%s", named.detail);
}

/* len_bytes of text or cells: is there time left? */
static enum status
sink_work(struct sink *sink, size_t len_bytes, struct err *err)
{
	struct engine_stop stop = { .reason = REPORT_REASON_NONE };

	engine_budget_work(&sink->budget, len_bytes, &stop);
	return engine_obey(sink, &stop, err);
}

/* Only the mail itself has the subject, not what it carries. */
static bool
sink_is_subject(const struct sink *sink, const struct place *place)
{
	return place->kind == PLACE_HEADER && place->label != NULL &&
	       sink->current->depth == 0 &&
	       span_equal_nocase(span_of(place->label), span_of("Subject"));
}

/* The next text or cell for the preview may need room. */
static enum status
sink_make_room(struct sink *sink, struct err *err)
{
	struct detect_lines possible = { NULL, 0 };
	uint64_t undone = 0;
	enum status st = ST_OK;

	if (!preview_collect_is_heavy(&sink->preview))
		return ST_OK;
	st = detector_possible_lines(sink->detector, &possible, &undone, err);
	if (st == ST_OK)
		preview_collect_thin(&sink->preview, &possible, undone);
	return st;
}

enum status
sink_text(struct sink *sink, const struct place *place, struct span utf8,
	  struct err *err)
{
	enum status st = sink_work(sink, utf8.len_bytes, err);

	if (st == ST_OK && sink_is_subject(sink, place))
		st = engine_record_subject(&sink->record, utf8, err);
	engine_words_text(sink, place, utf8);
	if (st == ST_OK)
		st = detector_text(sink->detector, place, utf8, err);
	if (st != ST_OK || !sink->request->preview)
		return st;
	st = sink_make_room(sink, err);
	if (st != ST_OK)
		return st;
	return preview_collect_text(&sink->preview, place,
				    detector_line(sink->detector), utf8, err);
}

enum status
sink_break(struct sink *sink, struct err *err)
{
	const enum status st = sink_work(sink, 1, err);

	engine_words_break(sink);
	if (sink->request->preview)
		preview_collect_break(&sink->preview);
	return st == ST_OK ? detector_break(sink->detector, err) : st;
}

enum status
sink_cell(struct sink *sink, const struct cell *cell, struct span utf8,
	  struct err *err)
{
	struct engine_stop stop = { .reason = REPORT_REASON_NONE };
	enum status st = ST_OK;

	engine_budget_cell(&sink->budget, &stop);
	if (stop.reason == REPORT_REASON_NONE)
		engine_budget_work(&sink->budget, utf8.len_bytes, &stop);
	st = engine_obey(sink, &stop, err);
	engine_words_cell(sink, cell, utf8);
	if (st == ST_OK)
		st = detector_cell(sink->detector, cell, utf8, err);
	if (st != ST_OK || !sink->request->preview)
		return st;
	st = sink_make_room(sink, err);
	if (st != ST_OK)
		return st;
	return preview_collect_cell(&sink->preview, cell,
				    detector_line(sink->detector), utf8, err);
}

enum status
sink_may_skip(struct sink *sink, struct span record, uint8_t delimiter,
	      bool *skip_out, struct err *err)
{
	const enum status st = detector_may_skip(sink->detector, record,
						 delimiter, skip_out, err);

	if (st != ST_OK || !*skip_out)
		return st;
	return sink_work(sink, record.len_bytes, err);
}

/* True when bytes are a piece of what the current object points into. */
static bool
sink_is_inside(const struct engine_blob *blob, struct span bytes)
{
	const uintptr_t from = (uintptr_t)blob->bytes.ptr;
	const uintptr_t at = (uintptr_t)bytes.ptr;

	return bytes.len_bytes > 0 && at >= from &&
	       at - from <= blob->bytes.len_bytes &&
	       bytes.len_bytes <= blob->bytes.len_bytes - (at - from);
}

/* The bytes of a child: shared with its parent where they lie inside it,
 * else taken over, else copied. NULL without memory. */
static struct engine_blob *
sink_keep_bytes(struct sink *sink, struct span *bytes, uint8_t **owned)
{
	uint8_t *copy = NULL;
	struct engine_blob *blob = NULL;

	if (owned != NULL && *owned != NULL)
		return engine_blob_new(*bytes, owned);
	if (sink_is_inside(sink->current->blob, *bytes))
		return sink->current->blob;
	if (bytes->len_bytes > 0) {
		copy = malloc(bytes->len_bytes);
		if (copy == NULL)
			return NULL;
		memcpy(copy, bytes->ptr, bytes->len_bytes);
		bytes->ptr = copy;
	}
	blob = engine_blob_new(*bytes, &copy);
	free(copy);
	return blob;
}

/* Somebody wants to know where parts of the mail stand. */
static enum status
sink_mark(const struct sink *sink, const struct child *child, const char *path,
	  struct err *err)
{
	const struct engine_marker *marker = sink->request->marker;

	if (marker == NULL || path == NULL || child->entity.ptr == NULL)
		return ST_OK;
	return marker->mark(marker->context, sink->current->path, path, child,
			    err);
}

static enum status
sink_add_child(struct sink *sink, const struct child *child, struct span bytes,
	       uint8_t **owned, struct err *err)
{
	const enum engine_path_kind kind =
		strcmp(sink->reader->name, "mime") == 0
			? ENGINE_PATH_OF_MAIL
			: ENGINE_PATH_OF_CONTAINER;
	char *path = engine_path_child(sink->current->path, kind,
				       ++sink->child_count,
				       child->name != NULL ? child->name : "");
	struct engine_blob *blob = sink_keep_bytes(sink, &bytes, owned);
	struct engine_object *object = NULL;
	const enum status st = sink_mark(sink, child, path, err);

	engine_locks_reopen(sink, child, &path);
	if (st == ST_OK && path != NULL && blob != NULL)
		object = engine_object_new(blob, bytes, child, &path);
	if (object == NULL && blob != NULL && blob->users == 0) {
		free(blob->owned);
		free(blob);
	}
	free(path);
	if (st != ST_OK)
		return st;
	if (object == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	object->depth = sink->current->depth + 1;
	object->too_deep = object->depth > sink->request->limits.max_depth;
	if (!engine_locks_child(sink, &object))
		engine_list_append(&sink->children, object);
	return ST_OK;
}

void
sink_opened(struct sink *sink, const char *name)
{
	engine_locks_opened(sink, name);
}

enum status
sink_child(struct sink *sink, const struct child *child, struct span bytes,
	   uint8_t **owned, struct err *err)
{
	struct engine_stop stop = { .reason = REPORT_REASON_NONE };
	enum status st = ST_OK;

	/* One that was locked before has been counted. */
	if (!engine_locks_met_before(sink, child->name))
		engine_budget_object(&sink->budget, &stop);
	st = engine_obey(sink, &stop, err);
	return st == ST_OK ? sink_add_child(sink, child, bytes, owned, err)
			   : st;
}

/* Offsets in a report count from the start of the part. */
struct sweep_base {
	struct sink *sink;
	uint64_t at;
};

static enum status
sweep_text(void *context, uint64_t at, struct span utf8, struct err *err)
{
	const struct sweep_base *base = context;
	const struct place place = { PLACE_RAW, base->at + at, NULL };

	return sink_text(base->sink, &place, utf8, err);
}

static enum status
sweep_work(void *context, uint64_t len_bytes, struct err *err)
{
	const struct sweep_base *base = context;

	return sink_work(base->sink, len_bytes, err);
}

static enum status
sweep_stop(void *context, struct err *err)
{
	const struct sweep_base *base = context;

	return sink_break(base->sink, err);
}

enum status
engine_sweep_part(struct sink *sink, struct span bytes, uint64_t at,
		  struct err *err)
{
	struct sweep_base base = { sink, at };
	const struct engine_sweep sweep = { sweep_text, sweep_work, sweep_stop,
					    &base };

	return engine_sweep_bytes(&sweep, bytes, err);
}

enum status
sink_gap(struct sink *sink, struct span bytes, struct err *err)
{
	const struct span whole = sink->current->bytes;
	uint64_t at = 0;

	if (sink_is_inside(sink->current->blob, bytes) &&
	    (uintptr_t)bytes.ptr >= (uintptr_t)whole.ptr)
		at = (uintptr_t)bytes.ptr - (uintptr_t)whole.ptr;
	return engine_sweep_part(sink, bytes, at, err);
}

enum status
sink_opaque(struct sink *sink, enum report_reason reason, const char *detail,
	    struct err *err)
{
	sink->recorded = true;
	if (sink->guess && reason == REPORT_REASON_DAMAGED)
		return ST_OK;
	if (reason == REPORT_REASON_LOCKED && engine_locks_itself(sink, detail))
		return ST_OK;
	return engine_record_opaque(&sink->record, sink->current->path, reason,
				    detail, err);
}

enum status
sink_ambiguous(struct sink *sink, const char *detail, struct err *err)
{
	if (sink->guess)
		return ST_OK;
	sink->record.ambiguous = true;
	return engine_record_opaque(&sink->record, sink->current->path,
				    REPORT_REASON_AMBIGUOUS, detail, err);
}

void
sink_dsn(struct sink *sink, const struct report_dsn *dsn)
{
	struct err err;

	/* Without memory the mail is just no notification. */
	if (engine_record_dsn(&sink->record, dsn, &err) != ST_OK)
		return;
}

enum status
sink_spend(struct sink *sink, uint64_t len_bytes, uint64_t packed_bytes,
	   struct err *err)
{
	struct engine_stop stop = { .reason = REPORT_REASON_NONE };

	engine_budget_expand(&sink->budget, len_bytes, packed_bytes, &stop);
	return engine_obey(sink, &stop, err);
}

enum status
sink_remote(struct sink *sink, const char *kind, struct span body,
	    struct err *err)
{
	return engine_remote_read(sink, kind, body, err);
}
