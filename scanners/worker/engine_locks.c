#include "scanners/worker/engine_locks.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine_state.h"

void
engine_locks_init(struct engine_locks *locks)
{
	*locks = (struct engine_locks){ .first = NULL };
	words_mail_init(&locks->mail);
}

static void
locks_free_one(struct engine_lock *lock)
{
	if (lock == NULL)
		return;
	for (size_t i = 0; i < lock->password_count; i++) {
		uint8_t *bytes = (uint8_t *)(uintptr_t)lock->passwords[i].ptr;

		explicit_bzero(bytes, lock->passwords[i].len_bytes);
		free(bytes);
	}
	lock_search_free(&lock->search);
	lock_free(&lock->lock);
	engine_list_free(&lock->closed);
	engine_object_free(&lock->object);
	free(lock->itself);
	free(lock);
}

void
engine_locks_done(struct engine_locks *locks)
{
	locks_free_one(locks->met);
	while (locks->first != NULL) {
		struct engine_lock *next = locks->first->next;

		locks_free_one(locks->first);
		locks->first = next;
	}
	engine_list_free(&locks->before);
	words_mail_done(&locks->mail);
	words_list_free(&locks->said);
	words_list_free(&locks->words);
	words_list_free(&locks->worked);
	free(locks->report_words);
}

/* ---- texts ---- */

/* Where words of the current object stand. */
static enum words_place
words_place_of(const struct sink *sink)
{
	return sink->current->hint.attachment ? WORDS_PLACE_INSIDE
					      : WORDS_PLACE_BODY;
}

/* Fields that name people, firms and times; all others are of machines. */
static bool
words_is_field(const char *label)
{
	static const char *const labels[] = { "From",     "To",
					      "Cc",       "Date",
					      "Reply-To", "Sender",
					      "Comments", "Organization" };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (span_equal_nocase(span_of(label), span_of(labels[i])))
			return true;
	return false;
}

static void
words_field(struct sink *sink, const char *label, struct span utf8)
{
	struct words_mail *mail = &sink->locks.mail;

	if (label == NULL)
		return;
	if (span_equal_nocase(span_of(label), span_of("Subject"))) {
		words_mail_add(mail, WORDS_PLACE_SUBJECT, utf8);
		words_mail_end_line(mail, WORDS_PLACE_SUBJECT);
	} else if (sink->current->depth == 0 && words_is_field(label)) {
		words_mail_add(mail, WORDS_PLACE_FIELD, span_of(label));
		words_mail_add(mail, WORDS_PLACE_FIELD, span_of(": "));
		words_mail_add(mail, WORDS_PLACE_FIELD, utf8);
		words_mail_end_line(mail, WORDS_PLACE_FIELD);
	}
}

void
engine_words_text(struct sink *sink, const struct place *place,
		  struct span utf8)
{
	switch (place->kind) {
	case PLACE_HEADER:
		words_field(sink, place->label, utf8);
		break;
	case PLACE_NAME:
		engine_words_name(sink, utf8);
		break;
	case PLACE_BODY:
	case PLACE_ELEMENT:
	case PLACE_PAGE:
		words_mail_add(&sink->locks.mail, words_place_of(sink), utf8);
		break;
	case PLACE_NONE:
	case PLACE_CODE:
	case PLACE_RAW:
	default:
		break;
	}
}

/* Of tables only those of the mail itself. */
void
engine_words_cell(struct sink *sink, const struct cell *cell, struct span utf8)
{
	if (sink->current->hint.attachment)
		return;
	words_table_cell(&sink->locks.mail, &sink->locks.heading, cell->row,
			 cell->column, utf8);
}

void
engine_words_break(struct sink *sink)
{
	words_mail_end_line(&sink->locks.mail, words_place_of(sink));
}

void
engine_words_name(struct sink *sink, struct span name)
{
	if (name.len_bytes == 0)
		return;
	words_mail_add(&sink->locks.mail, WORDS_PLACE_NAME, name);
	words_mail_end_line(&sink->locks.mail, WORDS_PLACE_NAME);
}

/* ---- locks ---- */

/* Is there room for the current object to stay? */
static bool
locks_may_keep(const struct sink *sink)
{
	const struct engine_blob *blob = sink->current->blob;
	const uint64_t bytes = blob->owned != NULL ? blob->bytes.len_bytes : 0;

	return sink->request->search_ms > 0 &&
	       sink->locks.count < REPORT_MAX_LOCKS &&
	       bytes <= ENGINE_LOCKS_KEEP_BYTES - sink->locks.kept_bytes;
}

/* The current object is locked, all or in part: from now on it is known. */
static struct engine_lock *
locks_meet(struct sink *sink, const char *kind)
{
	struct engine_locks *locks = &sink->locks;
	struct engine_lock *met =
		locks->again != NULL ? locks->again : locks->met;
	struct err why = { .st = ST_OK };

	if (met == NULL) {
		met = calloc(1, sizeof(*met));
		if (met == NULL)
			return NULL;
		met->is_new = locks->opens_new;
		met->kind = kind != NULL && kind[0] != '\0' ? kind : "locked";
		locks->met = met;
		/* What is tried nowhere is as locked as without it. */
		if (locks_may_keep(sink) &&
		    lock_find(sink->current->bytes, &met->lock, &why) == ST_OK)
			met->kind = lock_kind(met->lock)->name;
	}
	for (size_t i = 0; i < met->reader_count; i++)
		if (met->readers[i] == sink->reader)
			return met;
	if (met->reader_count == ENGINE_LOCK_READERS)
		return NULL;
	met->readers[met->reader_count++] = sink->reader;
	return met;
}

bool
engine_locks_child(struct sink *sink, struct engine_object **object)
{
	struct engine_lock *met = NULL;

	if (!(*object)->hint.locked || sink->guess || sink->reader == NULL)
		return false;
	met = locks_meet(sink, (*object)->hint.lock);
	if (met == NULL || met->lock == NULL)
		return false;
	engine_words_name(sink, span_of((*object)->hint.name));
	engine_list_append(&met->closed, *object);
	*object = NULL;
	return true;
}

bool
engine_locks_itself(struct sink *sink, const char *detail)
{
	struct engine_lock *met = NULL;

	if (sink->guess || sink->reader == NULL)
		return false;
	met = locks_meet(sink, sink->reader->name);
	if (met == NULL)
		return false;
	if (met->itself == NULL)
		met->itself = strdup(detail);
	return met->lock != NULL && met->itself != NULL;
}

/* Take the first child of that name from what was closed. NULL: none. */
static struct engine_object *
locks_take_before(struct engine_locks *locks, const char *name)
{
	struct engine_list passed = { NULL, NULL };
	struct engine_object *object = NULL;

	while ((object = engine_list_take(&locks->before)) != NULL &&
	       strcmp(object->hint.name, name) != 0)
		engine_list_append(&passed, object);
	engine_list_prepend(&locks->before, &passed);
	return object;
}

bool
engine_locks_met_before(const struct sink *sink, const char *name)
{
	const struct engine_object *object =
		sink->locks.again != NULL ? sink->locks.before.first : NULL;

	while (object != NULL &&
	       strcmp(object->hint.name, name != NULL ? name : "") != 0)
		object = object->next;
	return object != NULL;
}

void
engine_locks_reopen(struct sink *sink, const struct child *child, char **path)
{
	AUTO(engine_object_free) struct engine_object *found = NULL;

	if (sink->locks.again == NULL || *path == NULL)
		return;
	found = locks_take_before(&sink->locks,
				  child->name != NULL ? child->name : "");
	if (found == NULL)
		return;
	free(*path);
	*path = MOVE(found->path);
}

void
engine_locks_opened(struct sink *sink, const char *name)
{
	AUTO(engine_object_free) struct engine_object *found = NULL;

	if (sink->locks.again != NULL)
		found = locks_take_before(&sink->locks, name);
}

enum status
engine_locks_met(struct sink *sink, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	struct engine_lock *met = locks->met;
	const struct engine_blob *blob = sink->current->blob;

	if (met == NULL)
		return ST_OK;
	locks->met = NULL;
	if (met->lock == NULL) {
		const struct report_lock line = {
			.part = sink->current->path,
			.kind = met->itself != NULL && met->itself[0] != '\0'
					? met->itself
					: met->kind,
			.source = REPORT_WORD_SOURCE_NONE,
		};
		const enum status st =
			engine_record_lock(&sink->record, &line, err);

		locks_free_one(met);
		return st;
	}
	if (blob->owned != NULL)
		locks->kept_bytes += blob->bytes.len_bytes;
	met->object = MOVE(sink->current);
	if (locks->last != NULL)
		locks->last->next = met;
	else
		locks->first = met;
	locks->last = met;
	locks->count++;
	return ST_OK;
}

/* What stayed locked goes the way of all objects, which writes it down. */
static enum status
locks_close_one(struct sink *sink, struct engine_lock *lock, struct err *err)
{
	const bool open = lock->closed.first == NULL && lock->itself == NULL;
	const struct report_lock line = {
		.part = lock->object->path,
		.kind = lock->kind,
		.opened = open,
		.source = open ? lock->source : REPORT_WORD_SOURCE_NONE,
	};
	enum status st = engine_record_lock(&sink->record, &line, err);

	sink->record.behind_path = lock->object->path;
	if (st == ST_OK && lock->itself != NULL)
		st = engine_record_opaque(&sink->record, lock->object->path,
					  REPORT_REASON_LOCKED, lock->itself,
					  err);
	engine_list_free(&sink->work);
	sink->work = lock->closed;
	lock->closed = (struct engine_list){ NULL, NULL };
	if (st == ST_OK)
		st = engine_drain(sink, ENGINE_DRAIN_REST, err);
	sink->record.behind_path = NULL;
	return st;
}

enum status
engine_locks_close(struct sink *sink, struct err *err)
{
	enum status st = ST_OK;

	for (struct engine_lock *lock = sink->locks.first;
	     lock != NULL && st == ST_OK; lock = lock->next)
		st = locks_close_one(sink, lock, err);
	return st;
}

/* Can it stand in a report? Passwords are any bytes, and text has controls. */
static bool
locks_is_plain(struct span word)
{
	bool plain = parse_is_utf8(word);

	for (size_t i = 0; i < word.len_bytes && plain; i++)
		plain = word.ptr[i] >= 0x20 && word.ptr[i] != 0x7F &&
			(word.ptr[i] != 0xC2 || word.ptr[i + 1] >= 0xA0);
	return plain;
}

/* Words behind anchors, and those that opened something. */
static size_t
locks_add_words(const struct words_list *list, bool worked,
		struct report_word *words, size_t count)
{
	const size_t before = count;

	for (size_t i = 0; list != NULL && i < words_list_count(list) &&
			   count < REPORT_MAX_WORDS;
	     i++) {
		const struct span word = words_list_word(list, i);
		const char *text = (const char *)word.ptr;
		size_t same = 0;

		/* Keys are good for one archive only. */
		if (!locks_is_plain(word) ||
		    (words_list_source(list, i) == REPORT_WORD_SOURCE_KNOWN &&
		     strncmp(text, "keys:", 5) == 0))
			continue;
		while (same < before && strcmp(words[same].text, text) != 0)
			same++;
		if (same == before)
			words[count++] = (struct report_word){ text, worked };
	}
	return count;
}

enum status
engine_locks_report(struct sink *sink, struct scan_report *report,
		    struct err *err)
{
	struct engine_locks *locks = &sink->locks;

	report->search = locks->search;
	if (locks->said == NULL && locks->worked == NULL)
		return ST_OK;
	locks->report_words =
		calloc(REPORT_MAX_WORDS, sizeof(locks->report_words[0]));
	if (locks->report_words == NULL)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	report->words = locks->report_words;
	report->word_count =
		locks_add_words(locks->worked, true, locks->report_words, 0);
	report->word_count = locks_add_words(
		locks->said, false, locks->report_words, report->word_count);
	return ST_OK;
}
