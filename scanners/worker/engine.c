#include "scanners/worker/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/report/pictures.h"
#include "scanners/worker/engine_state.h"
#include "scanners/worker/preview_build.h"
#include "scanners/worker/worker_note.h"

/* Room for every reader there is: none that claims an object is left out. */
enum {
#define READER(name) ENGINE_READER_##name,
#include "scanners/readers/readers.def"
#undef READER
	ENGINE_READER_COUNT,
	ENGINE_MAX_READERS = 64
};
_Static_assert(ENGINE_READER_COUNT <= ENGINE_MAX_READERS, "more readers");

enum status
engine_new(const struct engine_request *request,
	   const struct engine_readers *readers, struct engine **engine_out,
	   struct err *err)
{
	AUTO(engine_free) struct engine *engine = calloc(1, sizeof(*engine));
	const struct detect_options options = {
		.words = request->words,
		.labels = request->labels,
		.profile = request->profile,
		.reveal = request->reveal,
		.max_findings = REPORT_MAX_FINDINGS,
		.lines = request->preview,
	};

	if (engine == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	engine->sink.request = request;
	engine->sink.readers = readers;
	engine_budget_start(&engine->sink.budget, &request->limits);
	engine_locks_init(&engine->sink.locks);
	const enum status st =
		detector_new(&options, &engine->sink.detector, err);

	if (st == ST_OK)
		*engine_out = MOVE(engine);
	return st;
}

void
engine_free(struct engine **engine)
{
	struct sink *sink = NULL;

	if (*engine == NULL)
		return;
	sink = &(*engine)->sink;
	engine_list_free(&sink->work);
	engine_list_free(&sink->children);
	engine_object_free(&sink->current);
	engine_locks_done(&sink->locks);
	engine_record_free(&sink->record);
	words_list_free(&sink->hidden);
	engine_known_done(&sink->known);
	preview_collect_done(&sink->preview);
	wire_arena_free(&(*engine)->arena);
	detector_free(&sink->detector);
	free(*engine);
	*engine = NULL;
}

/* A file that is a mail by its looks is read and named as one. */
static bool
engine_is_mail(const struct sink *sink)
{
	const struct engine_request *request = sink->request;
	struct glance glance = { .bytes = request->body };
	const struct child hint = { .name = request->name,
				    .content_type = "",
				    .charset = "",
				    .glance = &glance };
	const struct reader *reader = NULL;
	const char *best_name = "";
	enum sniff best = SNIFF_NO;
	enum sniff sniff = SNIFF_NO;
	size_t index = 0;

	if (request->input != SCAN_INPUT_GUESS)
		return request->input == SCAN_INPUT_MAIL;
	while ((reader = sink->readers->next(request->body, &hint, &index,
					     &sniff)) != NULL) {
		if (sniff <= best)
			continue;
		best = sniff;
		best_name = reader->name;
	}
	return best >= SNIFF_LIKELY && strcmp(best_name, "mime") == 0;
}

static enum status
engine_add_root(struct sink *sink, struct err *err)
{
	const struct engine_request *request = sink->request;
	const bool is_mail = engine_is_mail(sink);
	const struct child hint = {
		.name = is_mail ? "" : request->name,
		.content_type = is_mail ? "message/rfc822" : "",
		.charset = "",
		.attachment = !is_mail,
		.mail = is_mail,
	};
	struct engine_blob *blob = engine_blob_new(request->body, NULL);
	char *path = engine_path_root(is_mail ? ENGINE_PATH_OF_MAIL
					      : ENGINE_PATH_OF_CONTAINER,
				      request->name);
	struct engine_object *object = NULL;

	sink->budget.objects = 1;
	if (blob != NULL && path != NULL)
		object = engine_object_new(blob, request->body, &hint, &path);
	if (object == NULL && blob != NULL && blob->users == 0)
		free(blob);
	free(path);
	if (object == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	engine_list_append(&sink->work, object);
	return ST_OK;
}

/* What readers make of one object. */
struct engine_claims {
	const struct reader *readers[ENGINE_MAX_READERS];
	enum sniff sure[ENGINE_MAX_READERS];
	size_t count;
	enum sniff best;
	const char *type; /* the surest reader's name */
};

static void
engine_ask_readers(struct sink *sink, struct engine_claims *claims)
{
	const struct engine_object *object = sink->current;
	const struct reader *reader = NULL;
	enum sniff sniff = SNIFF_NO;
	size_t index = 0;

	*claims = (struct engine_claims){ .type = "unknown" };
	while (claims->count < ENGINE_MAX_READERS &&
	       (reader = sink->readers->next(object->bytes, &object->hint,
					     &index, &sniff)) != NULL) {
		claims->readers[claims->count] = reader;
		claims->sure[claims->count++] = sniff;
		if (sniff > claims->best) {
			claims->best = sniff;
			claims->type = reader->type != NULL
					       ? reader->type(object->bytes)
					       : reader->name;
		}
	}
}

/* Text would be swept twice where a signature is certain. */
static bool
engine_is_superfluous(const struct engine_claims *claims, size_t i)
{
	return claims->best == SNIFF_CERTAIN &&
	       claims->sure[i] != SNIFF_CERTAIN &&
	       strcmp(claims->readers[i]->name, "text") == 0;
}

static enum status
engine_taint(struct sink *sink, const struct reader *reader, struct err *err)
{
	if (!reader->foreign || sink->tainted)
		return ST_OK;
	sink->tainted = true;
	return sink->readers->taint(sink->readers->context, err);
}

/* The reason that a reader's failure stands for. */
static enum report_reason
engine_reason(enum status st)
{
	switch (st) {
	case ST_FORMAT:
		return REPORT_REASON_DAMAGED;
	case ST_UNSUPPORTED:
		return REPORT_REASON_UNKNOWN_CONTAINER;
	case ST_LIMIT:
	case ST_NO_MEMORY:
		return REPORT_REASON_LIMIT;
	case ST_OK:
	case ST_END:
	case ST_NOT_FOUND:
	case ST_DENIED:
	case ST_IO:
	case ST_COUNT:
	default:
		return REPORT_REASON_INTERNAL;
	}
}

/* How the readers of one object did. */
struct engine_outcome {
	size_t whole;       /* read to their end */
	bool damaged;       /* sweep: something may not have been given */
	enum status failed; /* of a reader that only might have been right */
	struct err why;
};

/*
 * Write down why a reader stopped. One that was only a guess is forgiven when
 * another one reads the object whole.
 */
static enum status
engine_note_failure(struct sink *sink, enum sniff sniff, enum status st,
		    const struct err *why, struct engine_outcome *outcome,
		    struct err *err)
{
	outcome->damaged = true;
	if (sink->recorded)
		return ST_OK;
	if (st == ST_FORMAT && sniff < SNIFF_LIKELY) {
		outcome->failed = st;
		outcome->why = *why;
		return ST_OK;
	}
	char detail[ENGINE_DETAIL_BYTES];

	(void)snprintf(detail, sizeof(detail), "%.20s: limit memory",
		       sink->reader->name);
	return engine_record_opaque(
		&sink->record, sink->current->path, engine_reason(st),
		st == ST_NO_MEMORY ? detail : why->text, err);
}

/* A reader that is that sure reads the current object. */
static enum status
engine_read_with(struct sink *sink, const struct reader *reader,
		 enum sniff sniff, struct engine_outcome *outcome,
		 struct err *err)
{
	const struct engine_object *object = sink->current;
	struct err why = { .st = ST_OK };
	enum status st = engine_taint(sink, reader, err);

	if (st != ST_OK)
		return st;
	sink->reader = reader;
	sink->recorded = false;
	sink->child_count = 0;
	worker_note_at(sink->request->note, reader->name, object->path);
	if (sink->request->preview)
		preview_collect_reader(&sink->preview);
	st = detector_break(sink->detector, &why);
	if (st == ST_OK)
		st = reader->read(sink, object->bytes, &object->hint, &why);
	if (st == ST_OK || st == ST_END) {
		outcome->whole++;
		return ST_OK;
	}
	return engine_note_failure(sink, sniff, st, &why, outcome, err);
}

static enum status
engine_read_by(struct sink *sink, const struct engine_claims *claims, size_t i,
	       struct engine_outcome *outcome, struct err *err)
{
	const enum sniff sniff = claims->sure[i];

	sink->guess = sniff < SNIFF_LIKELY && claims->best == SNIFF_CERTAIN;
	return engine_read_with(sink, claims->readers[i], sniff, outcome, err);
}

enum status
engine_read_again(struct sink *sink, const struct reader *const *readers,
		  size_t count, bool *failed_out, struct err *err)
{
	struct engine_outcome outcome = { .failed = ST_OK };
	const char *path = sink->current->path;
	enum status st = detector_part(sink->detector, path, err);

	if (st == ST_OK && sink->request->preview)
		st = preview_collect_part(&sink->preview, path,
					  sink->current->hint.name, err);
	sink->guess = false;
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = engine_read_with(sink, readers[i], SNIFF_CERTAIN, &outcome,
				      err);
	if (st == ST_OK)
		st = engine_join(sink, err);
	engine_list_prepend(&sink->work, &sink->children);
	*failed_out = outcome.whole < count;
	return st;
}

/* A PDF document behind other bytes looks packed because it is: what reads it
 * sees to the rest. A text that is said to be one does not. */
static bool
engine_is_dense_container(const struct engine_claims *claims,
			  const char *format)
{
	return strcmp(format, "packed or encrypted") == 0 &&
	       claims->best >= SNIFF_LIKELY &&
	       (strcmp(claims->type, "pdf") == 0 ||
		strcmp(claims->type, "zip") == 0);
}

/* What no reader is certain of may be a format that we do not read. */
static enum status
engine_name_unread(struct sink *sink, const struct engine_claims *claims,
		   const char **type, struct err *err)
{
	const char *format = NULL;
	char detail[ENGINE_DETAIL_BYTES];

	if (claims->best == SNIFF_CERTAIN || sink->current->too_deep)
		return ST_OK;
	format = sink->readers->unread_format(sink->current->bytes);
	if (format == NULL || engine_is_dense_container(claims, format))
		return ST_OK;
	*type = format;
	const bool image = strncmp(format, "image/", 6) == 0;

	(void)snprintf(detail, sizeof(detail), "%s%s", format,
		       image && sink->current->hint.shown ? PICTURES_SHOWN
							  : "");
	return engine_record_opaque(&sink->record, sink->current->path,
				    image ? REPORT_REASON_IMAGE
					  : REPORT_REASON_UNKNOWN_CONTAINER,
				    detail, err);
}

static enum status
engine_record_current(struct sink *sink, const char *type, struct err *err)
{
	const struct engine_object *object = sink->current;
	const struct report_part part = {
		.path = object->path,
		.name = object->hint.name,
		.type = type,
		.size_bytes = object->bytes.len_bytes,
		.attachment = object->hint.attachment,
		.locked = object->hint.locked,
	};

	const enum status st = engine_record_part(&sink->record, &part, err);

	if (st != ST_OK || !sink->request->preview)
		return st;
	return preview_collect_type(&sink->preview, type, err);
}

static enum status
engine_name_text(struct sink *sink, struct span text, struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };

	return detector_text(sink->detector, &place, text, err);
}

/*
 * The words of a name: without its ending, "_" as a blank. In running text a
 * letter behind a dot or an underline makes a number part of something else;
 * "123456789018.pdf" is how people name a person's file.
 */
static enum status
engine_name_words(struct sink *sink, struct span name, struct err *err)
{
	const uint8_t *dot = memrchr(name.ptr, '.', name.len_bytes);
	struct sbuf words;
	enum status st = ST_OK;

	if (dot == NULL && memchr(name.ptr, '_', name.len_bytes) == NULL)
		return ST_OK;
	if (dot != NULL)
		(void)span_cut(name, 0, (size_t)(dot - name.ptr), &name);
	sbuf_init_secret(&words, name.len_bytes + 1);
	sbuf_add_span(&words, name);
	for (size_t i = 0; i < words.len_bytes; i++)
		if (words.bytes[i] == '_')
			words.bytes[i] = ' ';
	st = sbuf_status(&words, "engine: name", err);
	if (st == ST_OK)
		st = detector_break(sink->detector, err);
	if (st == ST_OK)
		st = engine_name_text(sink, sbuf_span(&words), err);
	sbuf_done(&words);
	return st;
}

/* The name of a file may hold a number, and often says what is inside. */
static enum status
engine_give_name(struct sink *sink, struct err *err)
{
	const struct span name = span_of(sink->current->hint.name);
	enum status st =
		detector_part(sink->detector, sink->current->path, err);

	if (st == ST_OK && sink->request->preview)
		st = preview_collect_part(&sink->preview, sink->current->path,
					  sink->current->hint.name, err);
	engine_words_name(sink, name);
	if (st == ST_OK && name.len_bytes > 0)
		st = engine_name_text(sink, name, err);
	if (st == ST_OK && name.len_bytes > 0)
		st = engine_name_words(sink, name, err);
	if (st == ST_OK)
		st = detector_break(sink->detector, err);
	return st;
}

static enum status
engine_read_all(struct sink *sink, const struct engine_claims *claims,
		struct engine_outcome *outcome, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < claims->count; i++) {
		if (sink->budget.out_of_time ||
		    engine_is_superfluous(claims, i))
			continue;
		st = engine_read_by(sink, claims, i, outcome, err);
	}
	if (st == ST_OK && outcome->failed != ST_OK && outcome->whole == 0)
		st = engine_record_opaque(&sink->record, sink->current->path,
					  engine_reason(outcome->failed),
					  outcome->why.text, err);
	return st;
}

/* Sweeping stops at a limit like a reader does; that is in the record. */
static enum status
engine_sweep_current(struct sink *sink, struct err *err)
{
	struct err why = { .st = ST_OK };

	sink->reader = NULL;
	worker_note_at(sink->request->note, "sweep", sink->current->path);
	const enum status st =
		engine_sweep_part(sink, sink->current->bytes, 0, &why);

	if (st == ST_OK || st == ST_LIMIT)
		return ST_OK;
	return engine_record_opaque(
		&sink->record, sink->current->path, engine_reason(st),
		st == ST_NO_MEMORY ? "limit memory" : why.text, err);
}

static enum status
engine_note_refusal(struct sink *sink, struct err *err)
{
	const struct engine_object *object = sink->current;
	struct engine_stop stop = { .reason = REPORT_REASON_LIMIT };

	if (object->hint.locked)
		return engine_record_opaque(
			&sink->record, object->path, REPORT_REASON_LOCKED,
			object->hint.lock != NULL ? object->hint.lock : "",
			err);
	if (object->piece_missing)
		return engine_record_opaque(&sink->record, object->path,
					    REPORT_REASON_DAMAGED,
					    "volume missing", err);
	if (!object->too_deep)
		return ST_OK;
	(void)snprintf(stop.detail, sizeof(stop.detail), "limit depth %u",
		       (unsigned)sink->request->limits.max_depth);
	return engine_record_stop(&sink->record, object->path, &stop, err);
}

/* An object costs time even when nothing in it calls the sink. */
static enum status
engine_note_work(struct sink *sink, struct err *err)
{
	struct engine_stop stop = { .reason = REPORT_REASON_NONE };

	engine_budget_work(&sink->budget, sink->current->bytes.len_bytes,
			   &stop);
	if (stop.reason == REPORT_REASON_NONE)
		return ST_OK;
	return engine_record_stop(&sink->record, sink->current->path, &stop,
				  err);
}

/* Read sink->current by everything that claims it. */
static enum status
engine_read_object(struct sink *sink, struct err *err)
{
	struct engine_outcome outcome = { .failed = ST_OK };
	struct engine_claims claims = { .type = "unknown" };
	const char *type = NULL;
	enum status st = ST_OK;

	sink->reader = NULL;
	worker_note_at(sink->request->note, "sniff", sink->current->path);
	st = engine_give_name(sink, err);
	if (st == ST_OK)
		st = engine_note_refusal(sink, err);
	if (st == ST_OK)
		st = engine_note_work(sink, err);
	if (st == ST_OK && !sink->current->too_deep)
		engine_ask_readers(sink, &claims);
	if (st == ST_OK && engine_is_piece(sink))
		return engine_record_current(sink, "volume", err);
	type = claims.type;
	if (st == ST_OK)
		st = engine_name_unread(sink, &claims, &type, err);
	if (st == ST_OK)
		st = engine_record_current(sink, type, err);
	if (st == ST_OK)
		st = engine_read_all(sink, &claims, &outcome, err);
	if (st == ST_OK && (outcome.whole == 0 || outcome.damaged) &&
	    !sink->budget.out_of_time)
		st = engine_sweep_current(sink, err);
	if (st == ST_OK)
		st = engine_join(sink, err);
	if (st == ST_OK)
		st = engine_locks_met(sink, err);
	engine_list_prepend(&sink->work, &sink->children);
	return st;
}

enum status
engine_drain(struct sink *sink, enum engine_drain how, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK &&
	       (how == ENGINE_DRAIN_REST || !sink->budget.out_of_time)) {
		engine_known_leave(sink);
		sink->current = engine_list_take(&sink->work);
		if (sink->current == NULL)
			break;
		st = engine_read_object(sink, err);
	}
	return st;
}

enum status
engine_run(struct engine *engine, struct scan_report *report, struct err *err)
{
	struct sink *sink = &engine->sink;
	enum status st = engine_add_root(sink, err);

	if (st == ST_OK)
		st = engine_drain(sink, ENGINE_DRAIN_IN_TIME, err);
	if (st == ST_OK)
		st = engine_unlock(sink, err);
	if (st == ST_OK)
		st = engine_locks_close(sink, err);
	return st == ST_OK ? engine_report(sink, report, err) : st;
}

enum status
engine_preview(struct engine *engine, struct preview *preview, struct err *err)
{
	struct sink *sink = &engine->sink;
	struct detect_lines found = { NULL, 0 };

	engine->arena = wire_arena_new();
	if (engine->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	detector_found_lines(sink->detector, &found);
	return preview_build(&sink->preview,
			     &(struct preview_wish){
				     .found = &found,
				     .hidden = sink->hidden,
				     .reveal = sink->request->reveal,
			     },
			     engine->arena, preview, err);
}
