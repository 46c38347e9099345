#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/plain.h"
#include "scanners/worker/engine_hide.h"
#include "scanners/worker/engine_state.h"

enum {
	RECORD_ROOM_BYTES = 2000,
	RECORD_WORD_BYTES = 64,
	RECORD_ENVID_BYTES = 128,
	RECORD_ADDRESS_BYTES = 1000
};

/* A text that lives as long as the record. */
struct engine_text {
	struct engine_text *next;
	char text[];
};

static const char *
record_keep(struct engine_record *record, struct span text)
{
	struct engine_text *kept = malloc(sizeof(*kept) + text.len_bytes + 1);

	if (kept == NULL)
		return NULL;
	if (text.len_bytes > 0)
		memcpy(kept->text, text.ptr, text.len_bytes);
	kept->text[text.len_bytes] = '\0';
	kept->next = record->texts;
	record->texts = kept;
	return kept->text;
}

/* Words of ours or of a file, whatever they quote masked. */
static const char *
record_masked(struct engine_record *record, const char *text,
	      enum words_text kind)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, RECORD_ROOM_BYTES);
	engine_path_add_words(&out, text, kind);
	return out.st == ST_OK ? record_keep(record, sbuf_span(&out)) : NULL;
}

/* What must stay as it is, to be compared: identifiers and addresses. */
static const char *
record_exact(struct engine_record *record, const char *text, size_t max_bytes)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, RECORD_ROOM_BYTES);
	text_add_plain(&out, span_of(text), max_bytes);
	return out.st == ST_OK ? record_keep(record, sbuf_span(&out)) : NULL;
}

static bool
record_is_last(const struct engine_record *record,
	       const struct report_opaque *line)
{
	const struct report_opaque *last =
		record->opaque_count == 0
			? NULL
			: &record->opaques[record->opaque_count - 1];

	return last != NULL && last->reason == line->reason &&
	       strcmp(last->part, line->part) == 0 &&
	       strcmp(last->detail, line->detail) == 0;
}

static enum status
record_no_memory(struct err *err)
{
	return err_set(err, ST_NO_MEMORY, "engine: no memory");
}

/* Append a line whose detail is kept already (NULL: there was no memory).
 * Room for all lines that a report can have is made at the first one. */
static enum status
record_add_opaque(struct engine_record *record, struct report_opaque line,
		  struct err *err)
{
	if (line.detail == NULL)
		return record_no_memory(err);
	if (record_is_last(record, &line))
		return ST_OK;
	if (record->opaques == NULL)
		record->opaques = malloc(REPORT_MAX_OPAQUES * sizeof(line));
	line.part = record_keep(record, span_of(line.part));
	if (record->opaques == NULL || line.part == NULL)
		return record_no_memory(err);
	record->opaques[record->opaque_count++] = line;
	return ST_OK;
}

enum status
engine_record_opaque(struct engine_record *record, const char *part,
		     enum report_reason reason, const char *detail,
		     struct err *err)
{
	struct report_opaque line = { part, reason, NULL };

	if (record->opaque_count >= REPORT_MAX_OPAQUES)
		return ST_OK;
	line.detail = record_masked(record, detail, WORDS_TEXT_NONE);
	return record_add_opaque(record, line, err);
}

enum status
engine_record_stop(struct engine_record *record, const char *part,
		   const struct engine_stop *stop, struct err *err)
{
	struct report_opaque line = { part, stop->reason, NULL };

	if (record->opaque_count >= REPORT_MAX_OPAQUES)
		return ST_OK;
	line.detail = record_keep(record, span_of(stop->detail));
	return record_add_opaque(record, line, err);
}

/* What was locked comes late; it belongs behind what it was found in. */
static size_t
record_part_at(const struct engine_record *record)
{
	const char *base = record->behind_path;
	size_t at = record->part_count;

	if (base == NULL)
		return at;
	const size_t len = strlen(base);

	while (at > 0 && (strncmp(record->parts[at - 1].path, base, len) != 0 ||
			  (record->parts[at - 1].path[len] != '\0' &&
			   record->parts[at - 1].path[len] != '/')))
		at--;
	return at > 0 ? at : record->part_count;
}

enum status
engine_record_part(struct engine_record *record, const struct report_part *part,
		   struct err *err)
{
	struct report_part line = *part;

	if (record->part_count >= REPORT_MAX_PARTS)
		return ST_OK;
	if (record->parts == NULL)
		record->parts = malloc(REPORT_MAX_PARTS * sizeof(line));
	line.path = record_keep(record, span_of(part->path));
	line.name = record_masked(record, part->name, WORDS_TEXT_NAMES);
	line.type = record_exact(record, part->type, RECORD_WORD_BYTES);
	if (record->parts == NULL || line.path == NULL || line.name == NULL ||
	    line.type == NULL)
		return record_no_memory(err);
	const size_t at = record_part_at(record);

	memmove(&record->parts[at + 1], &record->parts[at],
		(record->part_count - at) * sizeof(line));
	record->parts[at] = line;
	record->part_count++;
	return ST_OK;
}

enum status
engine_record_lock(struct engine_record *record, const struct report_lock *lock,
		   struct err *err)
{
	struct report_lock line = *lock;

	if (record->lock_count >= REPORT_MAX_LOCKS)
		return ST_OK;
	if (record->locks == NULL)
		record->locks = malloc(REPORT_MAX_LOCKS * sizeof(line));
	line.part = record_keep(record, span_of(lock->part));
	line.kind = record_exact(record, lock->kind, RECORD_WORD_BYTES);
	if (record->locks == NULL || line.part == NULL || line.kind == NULL)
		return record_no_memory(err);
	record->locks[record->lock_count++] = line;
	return ST_OK;
}

enum status
engine_record_dsn(struct engine_record *record, const struct report_dsn *dsn,
		  struct err *err)
{
	if (record->has_dsn)
		return ST_OK;
	record->dsn = (struct report_dsn){
		.envid = record_exact(record, dsn->envid, RECORD_ENVID_BYTES),
		.recipient = record_exact(record, dsn->recipient,
					  RECORD_ADDRESS_BYTES),
		.action = record_exact(record, dsn->action, RECORD_WORD_BYTES),
		.code = record_exact(record, dsn->code, RECORD_WORD_BYTES),
	};
	if (record->dsn.envid == NULL || record->dsn.recipient == NULL ||
	    record->dsn.action == NULL || record->dsn.code == NULL)
		return record_no_memory(err);
	record->has_dsn = true;
	return ST_OK;
}

enum status
engine_record_subject(struct engine_record *record, struct span utf8,
		      struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	size_t begin = 0;
	size_t end = utf8.len_bytes;

	sbuf_init_secret(&text, utf8.len_bytes + 1);
	if (record->subject != NULL)
		return ST_OK;
	/* As a field has it: a space in front, a line end behind. */
	while (begin < end && utf8.ptr[begin] <= ' ')
		begin++;
	while (end > begin && utf8.ptr[end - 1] <= ' ')
		end--;
	(void)span_cut(utf8, begin, end - begin, &utf8);
	sbuf_add_span(&text, utf8);
	if (text.st == ST_OK)
		record->subject = record_masked(record, sbuf_text(&text),
						WORDS_TEXT_LINES);
	return record->subject == NULL ? record_no_memory(err) : ST_OK;
}

/* One text of a report without words. */
static enum status
record_hide(struct engine_record *record, const struct words_list *words,
	    size_t max_bytes, const char **text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf out;
	struct span hidden = { NULL, 0 };

	sbuf_init(&out, RECORD_ROOM_BYTES * 3);
	if (!engine_hide_text(words, span_of(*text), &out))
		return ST_OK;
	hidden = sbuf_span(&out);
	hidden.len_bytes = engine_path_cut(hidden, max_bytes);
	*text = out.st == ST_OK ? record_keep(record, hidden) : NULL;
	return *text == NULL ? record_no_memory(err) : ST_OK;
}

/* The paths of a report's parts are the same texts in all its lists. */
static enum status
record_hide_lines(struct engine_record *record, const struct words_list *words,
		  struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < record->opaque_count; i++) {
		struct report_opaque *line = &record->opaques[i];

		st = record_hide(record, words, ENGINE_PATH_BYTES, &line->part,
				 err);
		if (st == ST_OK)
			st = record_hide(record, words, REPORT_TEXT_BYTES,
					 &line->detail, err);
	}
	for (size_t i = 0; st == ST_OK && i < record->part_count; i++) {
		struct report_part *line = &record->parts[i];

		st = record_hide(record, words, ENGINE_PATH_BYTES, &line->path,
				 err);
		if (st == ST_OK)
			st = record_hide(record, words, REPORT_TEXT_BYTES,
					 &line->name, err);
	}
	for (size_t i = 0; st == ST_OK && i < record->lock_count; i++)
		st = record_hide(record, words, ENGINE_PATH_BYTES,
				 &record->locks[i].part, err);
	if (st == ST_OK && record->subject != NULL)
		st = record_hide(record, words, REPORT_TEXT_BYTES,
				 &record->subject, err);
	return st;
}

enum status
engine_record_hide(struct engine_record *record, const struct words_list *words,
		   const struct scan_report *report, struct err *err)
{
	struct report_finding *findings =
		(struct report_finding *)(uintptr_t)report->findings;
	enum status st = ST_OK;

	if (words == NULL)
		return ST_OK;
	for (size_t i = 0; st == ST_OK && i < report->finding_count; i++) {
		struct report_finding *line = &findings[i];

		st = record_hide(record, words, ENGINE_PATH_BYTES, &line->part,
				 err);
		if (st == ST_OK)
			st = record_hide(record, words, REPORT_TEXT_BYTES,
					 &line->location, err);
		if (st == ST_OK)
			st = record_hide(record, words, REPORT_TEXT_BYTES,
					 &line->context, err);
	}
	return st == ST_OK ? record_hide_lines(record, words, err) : st;
}

void
engine_record_free(struct engine_record *record)
{
	while (record->texts != NULL) {
		struct engine_text *gone = record->texts;

		record->texts = gone->next;
		free(gone);
	}
	free(record->opaques);
	free(record->parts);
	free(record->locks);
	*record = (struct engine_record){ .opaques = NULL };
}
