/*
 * engine_state.h - what engine.c, engine_sink.c and engine_record.c share.
 *
 * Layer:    scanners/worker; nobody else includes it
 * Threads:  as engine.h
 */
#ifndef SCANNERS_WORKER_ENGINE_STATE_H
#define SCANNERS_WORKER_ENGINE_STATE_H

#include "scanners/detect/detect.h"
#include "scanners/worker/engine.h"
#include "scanners/worker/engine_budget.h"
#include "scanners/worker/engine_known.h"
#include "scanners/worker/engine_list.h"
#include "scanners/worker/engine_locks.h"
#include "scanners/worker/engine_path.h"
#include "scanners/worker/preview_collect.h"

struct engine_text; /* a text that a record keeps */

/* What has been found out besides numbers. */
struct engine_record {
	struct engine_text *texts; /* behind all lines */
	struct report_opaque *opaques;
	size_t opaque_count;
	struct report_part *parts;
	size_t part_count;
	bool ambiguous;
	bool has_dsn;
	struct report_dsn dsn;
	const char *subject; /* masked; NULL: none yet */
	struct report_lock *locks;
	size_t lock_count;
	/* Parts are put behind all that begin with this path; NULL: at the
	 * end. */
	const char *behind_path;
};

/* The engine is the sink of every reader. */
struct sink {
	const struct engine_request *request;
	const struct engine_readers *readers;
	struct detector *detector;
	struct engine_budget budget;
	struct engine_record record;
	struct preview_collect preview; /* when the request asks for one */
	struct engine_list work;
	struct engine_locks locks;
	struct engine_known known;
	struct words_list *hidden; /* what pages must not show, or NULL */
	/* The object being read, its reader, and what came out of it: */
	struct engine_object *current;
	const struct reader *reader;
	struct engine_list children;
	uint64_t child_count;
	bool recorded; /* this reader's failure has its line already */
	bool guess;    /* this reader only may be right, beside one that is
			* certain: what it finds counts, its doubts do not */
	bool tainted;
};
struct engine {
	struct sink sink;
	struct wire_arena *arena; /* behind the preview */
};

/*
 * A line in the report; texts are copied, digit runs of detail masked (it may
 * quote the mail) except by engine_record_stop(), whose words are ours. Lines
 * over the report's maximum are left out: the verdict does not change any more.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
engine_record_opaque(struct engine_record *record, const char *part,
		     enum report_reason reason, const char *detail,
		     struct err *err);
MUST_CHECK enum status
engine_record_stop(struct engine_record *record, const char *part,
		   const struct engine_stop *stop, struct err *err);
MUST_CHECK enum status
engine_record_part(struct engine_record *record, const struct report_part *part,
		   struct err *err);
MUST_CHECK enum status
engine_record_lock(struct engine_record *record, const struct report_lock *lock,
		   struct err *err);
MUST_CHECK enum status
engine_record_dsn(struct engine_record *record, const struct report_dsn *dsn,
		  struct err *err);
/* The subject of the mail, masked and cut; the first one counts. */
MUST_CHECK enum status engine_record_subject(struct engine_record *record,
					     struct span utf8, struct err *err);
/* Stars for words (NULL: none) in all that people see of the record and of
 * report's findings. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
engine_record_hide(struct engine_record *record, const struct words_list *words,
		   const struct scan_report *report, struct err *err);
void engine_record_free(struct engine_record *record);

/* What was found out, without passwords. Returns: as engine_run() */
MUST_CHECK enum status
engine_report(struct sink *sink, struct scan_report *report, struct err *err);

/* Sweep bytes as raw text of the current part; at: their offset in it. */
MUST_CHECK enum status engine_sweep_part(struct sink *sink, struct span bytes,
					 uint64_t at, struct err *err);

/* Put pieces of archives among the children of the current object together.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status engine_join(struct sink *sink, struct err *err);

/*
 * The current object is a piece of a part that follows, and need not be read:
 * neither text nor, by itself, of any known format. The first piece, and those
 * of rar, look like the whole.
 */
bool engine_is_piece(const struct sink *sink);

/* As sink_remote(). */
MUST_CHECK enum status engine_remote_read(struct sink *sink, const char *kind,
					  struct span body, struct err *err);

/* Read what is on the work list. rest: also when the time is up. */
enum engine_drain {
	ENGINE_DRAIN_NONE = 0,
	ENGINE_DRAIN_IN_TIME,
	ENGINE_DRAIN_REST
};
MUST_CHECK enum status
engine_drain(struct sink *sink, enum engine_drain how, struct err *err);

/* Have readers read the current object once more, with its passwords. What
 * goes wrong is written down and makes *failed_out. */
MUST_CHECK enum status
engine_read_again(struct sink *sink, const struct reader *const *readers,
		  size_t count, bool *failed_out, struct err *err);

/* Write *stop down for the current part. Returns: ST_LIMIT, ST_NO_MEMORY;
 * ST_OK when nothing stopped */
MUST_CHECK enum status
engine_obey(struct sink *sink, const struct engine_stop *stop, struct err *err);

#endif
