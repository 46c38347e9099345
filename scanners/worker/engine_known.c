#include "scanners/worker/engine_known.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/words/known_files.h"
#include "scanners/locks/known_password.h"
#include "scanners/locks/known_plain.h"
#include "scanners/locks/known_search.h"
#include "scanners/locks/zip_lock.h"
#include "scanners/worker/engine_search.h"
#include "scanners/worker/engine_state.h"

enum {
	KNOWN_KEEP_FILES = 64,
	KNOWN_KEEP_BYTES = 16 * 1024 * 1024,
	/* Less than this leaves hours of work; of more there is no use, and it
	 * takes long to see how it was packed. */
	KNOWN_LEAST_FILE_BYTES = 100,
	KNOWN_MOST_FILE_BYTES = 1024 * 1024,
	KNOWN_MOST_STARTS = 100000, /* minutes */
	/* Longer ones take longer than the keys are worth: they open, too. */
	KNOWN_SHORT_PASSWORD = 9
};

void
engine_known_done(struct engine_known *known)
{
	engine_list_free(&known->files);
}

static bool
known_may_keep(const struct sink *sink, const struct engine_object *object)
{
	const struct engine_known *known = &sink->known;
	const uint64_t bytes =
		object->blob->owned != NULL ? object->blob->bytes.len_bytes : 0;

	return (sink->request->search_ms > 0 || sink->request->gather) &&
	       object->hint.attachment && !object->hint.locked &&
	       !object->too_deep && known->count < KNOWN_KEEP_FILES &&
	       object->bytes.len_bytes >= KNOWN_LEAST_FILE_BYTES &&
	       object->bytes.len_bytes <= KNOWN_MOST_FILE_BYTES &&
	       bytes <= KNOWN_KEEP_BYTES - known->bytes;
}

void
engine_known_leave(struct sink *sink)
{
	struct engine_known *known = &sink->known;
	const struct engine_object *object = sink->current;

	if (object == NULL || !known_may_keep(sink, object)) {
		engine_object_free(&sink->current);
		return;
	}
	known->count++;
	if (object->blob->owned != NULL)
		known->bytes += object->blob->bytes.len_bytes;
	engine_list_append(&known->files, sink->current);
	sink->current = NULL;
}

/* A walk over what is known of one archive: files of the mail, those of the
 * mails beside it, those of the admin. Scans keep that order, to go on where
 * the last one ended. */
struct known_walk {
	struct sink *sink;
	const struct engine_object *file; /* the next one, or NULL */
	const struct engine *beside;      /* comes next, or NULL */
	size_t at;                        /* in the pack of the admin */
	struct engine_lock *lock;
	struct zip_lock zip;
	uint64_t before; /* starts of what was tried before */
	struct sbuf password;
};

/* The search for the keys, from where the scan before this one ended. */
static enum status
known_try(struct known_walk *walk, const struct known_plain *plain,
	  const struct lock_watch *watch, struct err *err)
{
	AUTO(known_starts_done) struct known_starts starts = { .high = NULL };
	struct engine_lock *lock = walk->lock;
	struct zipcrypto_keys keys;
	enum status st = known_reduce(&plain->run, watch, &starts, err);

	if (st != ST_OK || starts.count > KNOWN_MOST_STARTS)
		return st == ST_OK ? ST_NOT_FOUND : st;
	struct known_search search = {
		.run = &plain->run,
		.starts = &starts,
		.round = known_round_of(cpu_best()),
		.next = lock->known_next > walk->before
				? (size_t)(lock->known_next - walk->before)
				: 0,
		.end = starts.count,
		.step = 1,
		.watch = watch,
	};

	if (search.next < search.end) {
		st = known_search_keys(&search, &keys, err);
		lock->known_next = walk->before + search.next;
	} else {
		st = ST_NOT_FOUND;
	}
	walk->before += starts.count;
	if (st == ST_OK && !zip_lock_fits(&walk->zip, &keys))
		st = ST_NOT_FOUND;
	if (st != ST_OK)
		return st;
	st = known_password(&keys, KNOWN_SHORT_PASSWORD, NULL, &walk->password,
			    err);
	if (st == ST_NOT_FOUND) {
		char text[ZIPCRYPTO_KEYS_TEXT_BYTES + 1];

		zipcrypto_keys_text(&keys, text);
		sbuf_add_text(&walk->password, text);
		explicit_bzero(text, sizeof(text));
		st = sbuf_status(&walk->password, "engine: keys", err);
	}
	explicit_bzero(&keys, sizeof(keys));
	return st;
}

/* All that one file may be in the archive. */
static enum status
known_try_file(struct known_walk *walk, struct span file,
	       const struct lock_watch *watch, struct err *err)
{
	enum status st = ST_NOT_FOUND;
	size_t index = 0;

	while (st == ST_NOT_FOUND) {
		AUTO(known_plain_done) struct known_plain plain;
		struct err why = { .st = ST_OK };
		const enum status more = known_plain_of_file(
			walk->lock->object->bytes, file, &index, &plain, &why);

		if (more == ST_NO_MEMORY)
			return err_set(err, more, "%s", why.text);
		if (more != ST_OK)
			break;
		st = known_try(walk, &plain, watch, err);
	}
	return st;
}

static struct span
known_pack(const struct sink *sink)
{
	const struct words *words = sink->request->words;

	return words != NULL ? words_known_files(words)
			     : (struct span){ NULL, 0 };
}

static bool
known_has_any(const struct sink *sink)
{
	const struct engine *beside = sink->request->beside;

	return sink->known.count > 0 || known_pack(sink).len_bytes > 0 ||
	       (beside != NULL && beside->sink.known.count > 0);
}

static bool
known_next_file(struct known_walk *walk, struct span *file_out)
{
	if (walk->file == NULL && walk->beside != NULL) {
		walk->file = walk->beside->sink.known.files.first;
		walk->beside = NULL;
	}
	if (walk->file == NULL)
		return known_files_next(known_pack(walk->sink), &walk->at,
					file_out);
	*file_out = walk->file->bytes;
	walk->file = walk->file->next;
	return true;
}

static enum status
known_try_files(struct known_walk *walk, struct err *err)
{
	const struct engine_request *request = walk->sink->request;
	struct engine_turn turn = engine_turn_begin(
		walk->sink,
		request->mask_ms > 0 ? request->mask_ms : request->search_ms);
	const struct lock_watch watch = { engine_turn_tick, &turn };
	struct span file = { NULL, 0 };
	enum status st = ST_NOT_FOUND;

	while (st == ST_NOT_FOUND && known_next_file(walk, &file)) {
		st = engine_turn_tick(&turn, err);
		if (st == ST_OK)
			st = known_try_file(walk, file, &watch, err);
	}
	(void)engine_turn_end(&turn, st);
	return st;
}

static enum status
known_open(struct sink *sink, struct engine_lock *lock, bool *found_out,
	   struct err *err)
{
	const uint64_t from = sink->request->search_from;
	struct known_walk walk = { .sink = sink,
				   .file = sink->known.files.first,
				   .beside = sink->request->beside,
				   .lock = lock };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	lock->known_done = from >= ENGINE_SEARCH_MASKS_AT && !lock->is_new;
	if (lock->known_done ||
	    zip_lock_find(lock->object->bytes, &walk.zip, &why) != ST_OK) {
		lock->known_done = true;
		return ST_OK;
	}
	if (!lock->is_new && from > ENGINE_SEARCH_KNOWN_AT &&
	    lock->known_next == 0)
		lock->known_next = from - ENGINE_SEARCH_KNOWN_AT;
	sbuf_init_secret(&walk.password, REPORT_SECRET_BYTES);
	st = known_try_files(&walk, &why);
	lock->known_done = st != ST_LIMIT;
	if (st == ST_OK) {
		*found_out = true;
		sink->locks.found = lock;
		st = words_list_add(sink->locks.words,
				    sbuf_span(&walk.password),
				    REPORT_WORD_SOURCE_KNOWN, err);
	} else if (st == ST_NO_MEMORY) {
		*err = why;
	} else {
		st = ST_OK;
	}
	sbuf_done(&walk.password);
	return st;
}

enum status
engine_known_find(struct sink *sink, bool *found_out, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = ST_OK;

	for (struct engine_lock *lock = locks->first;
	     lock != NULL && st == ST_OK && !locks->over && !*found_out &&
	     known_has_any(sink);
	     lock = lock->next)
		if (!lock_is_open(lock->lock) && !lock->known_done &&
		    lock->password_count < ENGINE_LOCK_PASSWORDS)
			st = known_open(sink, lock, found_out, err);
	return st;
}
