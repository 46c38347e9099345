/*
 * engine_state.h - what engine.c, engine_sink.c and engine_record.c share.
 *
 * Layer:    scanners/worker; nobody else includes it
 * Threads:  as engine.h
 */
#ifndef SCANNERS_WORKER_ENGINE_STATE_H
#define SCANNERS_WORKER_ENGINE_STATE_H

#include "scanners/detect/detect.h"
#include "scanners/readers/glance.h"
#include "scanners/worker/engine.h"
#include "scanners/worker/engine_budget.h"
#include "scanners/worker/engine_path.h"
#include "scanners/worker/preview_collect.h"

/* Bytes that one or more objects point into. */
struct engine_blob {
	size_t users;
	struct span bytes;
	uint8_t *owned; /* malloc block, or NULL when borrowed */
};

/* One object on the work list. */
struct engine_object {
	struct engine_object *next;
	struct engine_blob *blob;
	struct span bytes; /* inside the blob */
	struct child hint; /* its texts are ours */
	struct glance glance;
	char *path;
	uint32_t depth;
	bool too_deep;      /* swept only */
	bool joined;        /* a piece of a part that follows */
	bool starts_piece;  /* joined, and may look like the whole */
	bool piece_missing; /* a piece, and others are not there */
};

struct engine_list {
	struct engine_object *first;
	struct engine_object *last;
};

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

/* engine_list: the list takes the object over. */
void engine_list_append(struct engine_list *list, struct engine_object *object);
/* Put all of before in front of list; before is then empty. */
void engine_list_prepend(struct engine_list *list, struct engine_list *before);
struct engine_object *engine_list_take(struct engine_list *list);
void engine_list_free(struct engine_list *list);

struct engine_blob *engine_blob_new(struct span bytes, uint8_t **owned);
void engine_object_free(struct engine_object **object);

/* Copy hint's texts, join blob. NULL without memory; path is taken over. */
struct engine_object *
engine_object_new(struct engine_blob *blob, struct span bytes,
		  const struct child *hint, char **path);

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
engine_record_dsn(struct engine_record *record, const struct report_dsn *dsn,
		  struct err *err);
/* The subject of the mail, masked and cut; the first one counts. */
MUST_CHECK enum status engine_record_subject(struct engine_record *record,
					     struct span utf8, struct err *err);
void engine_record_free(struct engine_record *record);

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

/* Write *stop down for the current part. Returns: ST_LIMIT, ST_NO_MEMORY;
 * ST_OK when nothing stopped */
MUST_CHECK enum status
engine_obey(struct sink *sink, const struct engine_stop *stop, struct err *err);

#endif
