/*
 * engine.h - scan one mail or file: work list, budgets, report.
 *
 * Layer:    scanners/worker; includes lib/, scanners/{readers,text,detect}
 * Threads:  one engine is one scan, one scan is one thread
 * Input:    untrusted; the worst it can cause is an unscannable report
 *
 * The engine implements scanners/readers/sink.h. Objects (the mail, its
 * parts, members of archives) wait on a list and are read one after another,
 * each by every reader that claims it; what a reader finds inside goes on the
 * list again, so there is no recursion. Whatever cannot be read, and every
 * budget that runs out, is a line in the report.
 */
#ifndef SCANNERS_WORKER_ENGINE_H
#define SCANNERS_WORKER_ENGINE_H

#include "lib/report/preview.h"
#include "lib/words/words.h"
#include "scanners/client/scan_client.h"
#include "scanners/readers/reader.h"

/* What one scan may cost. */
struct engine_limits {
	uint32_t max_depth;   /* parts within parts; the root is 0 */
	uint64_t max_objects; /* the root counts */
	uint64_t max_expanded_bytes;
	uint64_t max_ratio; /* unpacked by packed, above 16 MiB */
	uint64_t max_cells;
	uint64_t max_pages; /* of one document that knows pages */
	uint32_t wall_ms;
	uint32_t cpu_ms;
};

/* Where readers come from: reader.h in the worker, fakes in tests. */
struct engine_readers {
	const struct reader *(*next)(struct span body, const struct child *hint,
				     size_t *index, enum sniff *sniff_out);
	const char *(*unread_format)(struct span body);
	/* Called once, before the first foreign parser sees a byte. Anything
	 * but ST_OK ends the scan. */
	enum status (*taint)(void *context, struct err *err);
	/* A reader of kind in another program, as remote.h says; may be NULL.
	 * ST_UNSUPPORTED there is none; ST_LIMIT none is free; ST_IO */
	enum status (*lend)(void *context, const char *kind,
			    int64_t deadline_mono_ms,
			    struct channel *channel_out, struct err *err);
	void *context;
};

/* Who wants to know where the parts of a mail stand. */
struct engine_marker {
	/* A reader of mail gave child, with its entity, out of the object at
	 * parent; path is its own. The engine's root is parent
	 * ENGINE_PATH_ROOT_MAIL. ST_OK, ST_NO_MEMORY */
	enum status (*mark)(void *context, const char *parent, const char *path,
			    const struct child *child, struct err *err);
	void *context;
};

struct engine;
struct labels;
struct worker_note;

struct engine_request {
	enum scan_input input;
	bool reveal;
	bool preview;     /* for engine_preview() */
	const char *name; /* of a bare file, "" when unknown */
	enum report_profile profile;
	const struct words *words;   /* borrowed; NULL: the shipped ones */
	const struct labels *labels; /* of words, borrowed, or NULL */
	struct span body;            /* borrowed until engine_free() */
	/* Words that may be passwords, borrowed; search_from and search_ms as
	 * in struct scan_request. */
	const struct scan_word *secrets;
	size_t secret_count;
	uint64_t search_from;
	uint32_t search_ms;
	uint32_t mask_ms; /* of that, what nobody names; 0: all of it */
	/* Has read other mails of the same case, and kept what may be known in
	 * clear of this one's archives; borrowed until engine_free(), or NULL.
	 * One that is only to do that has gather. */
	const struct engine *beside;
	bool gather;
	struct worker_note *note; /* says where we are; borrowed, or NULL */
	const struct engine_marker *marker; /* borrowed, or NULL */
	struct engine_limits limits;
};

/*
 * Takes:    request and readers are borrowed until engine_free()
 * Returns:  ST_OK, ST_NO_MEMORY, or what the detector says
 */
MUST_CHECK enum status engine_new(const struct engine_request *request,
				  const struct engine_readers *readers,
				  struct engine **engine_out, struct err *err);

/* Wipes what held digits. */
void engine_free(struct engine **engine);

/*
 * Scan; once for an engine. What goes wrong with the input is in the report,
 * which keeps to report_check().
 *
 * Gives:    *report, whose memory is the engine's
 * Returns:  ST_OK; ST_NO_MEMORY not even a report could be made; what taint()
 *           or the detector's end said
 */
MUST_CHECK enum status
engine_run(struct engine *engine, struct scan_report *report, struct err *err);

/*
 * After engine_run() of a request with preview, once: the texts, with numbers
 * as request's reveal says. The memory is the engine's.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
engine_preview(struct engine *engine, struct preview *preview, struct err *err);

/* After engine_run(): append text, with stars over every password that stands
 * in the mail or opened something in it, as the paths in the report have. */
void engine_hide_words(const struct engine *engine, struct span text,
		       struct sbuf *out);

#endif
