/*
 * engine_locks.h - what readers could not open, kept for when passwords are
 * known.
 *
 * Layer:    scanners/worker; includes lib/, scanners/{readers,locks}
 * Threads:  as engine.h
 * Input:    untrusted; passwords are secrets, wiped with the engine
 *
 * A reader that meets a lock gives a child that is locked, or says that its
 * object is. When there is a way to try passwords on that object, it stays
 * with those children until everything else was read: a password may stand
 * anywhere in a mail. What a password opened is read once more by the same
 * reader, which then gives what is open now; the rest becomes lines of the
 * report, as if nobody had tried.
 */
#ifndef SCANNERS_WORKER_ENGINE_LOCKS_H
#define SCANNERS_WORKER_ENGINE_LOCKS_H

#include "scanners/locks/lock_search.h"
#include "scanners/locks/words_list.h"
#include "scanners/locks/words_mail.h"
#include "scanners/locks/words_table.h"
#include "scanners/worker/engine_list.h"

struct reader;
struct sink;

enum {
	ENGINE_LOCK_READERS = 4,
	ENGINE_LOCK_PASSWORDS = 32,
	/* Of objects that nobody else points into. */
	ENGINE_LOCKS_KEEP_BYTES = 64 * 1024 * 1024
};

/* An object with something locked in it. */
struct engine_lock {
	struct engine_lock *next;
	struct engine_object *object; /* NULL while it is read */
	struct engine_list closed;    /* children */
	char *itself;                 /* the object is locked: how; or NULL */
	const char *kind;
	const struct reader *readers[ENGINE_LOCK_READERS];
	size_t reader_count;
	struct lock *lock;          /* NULL: nothing can be tried */
	struct lock_search *search; /* NULL: not begun, or impossible */
	size_t next_word;           /* of all words */
	uint64_t next_mask;         /* place in the search */
	bool is_new;                /* no scan before this one came to it */
	bool opens_new;             /* by a word that was not given */
	bool again;                 /* words before may open more by now */
	uint64_t known_next;        /* place among known starts */
	bool known_done;            /* nothing known opens it */
	bool searched;              /* to the end, or it cannot be */
	struct span passwords[ENGINE_LOCK_PASSWORDS]; /* ours */
	size_t password_count;
	enum report_word_source source; /* of the last one */
};

struct engine_locks {
	struct engine_lock *first; /* in the order in which they were met */
	struct engine_lock *last;
	size_t count;
	uint64_t kept_bytes;
	struct engine_lock *met;   /* in the object that is read, or NULL */
	struct engine_lock *again; /* whose object is read once more, or NULL */
	struct engine_list before; /* what was closed in it */
	struct words_mail mail;
	struct words_heading heading; /* of a table in its body */
	struct words_list *said;      /* behind anchors */
	struct words_list *words;     /* to be tried */
	struct words_list *worked;
	size_t given;      /* words of the request: not counted as tried */
	bool common;       /* so are common ones, by now */
	bool opens_new;    /* what is read now was closed in scans before */
	int64_t used_us;   /* CPU, of trying */
	int64_t search_us; /* of that: masks */
	uint64_t search_count;
	bool over;                       /* no time is left */
	const struct engine_lock *found; /* its password, not tried yet */
	struct report_search search;
	struct report_word *report_words;
};

void engine_locks_init(struct engine_locks *locks);
/* Wipes passwords and texts. */
void engine_locks_done(struct engine_locks *locks);

/* ---- while readers read ---- */

/*
 * A child of the current object is locked. True: *object is taken over, it is
 * kept until passwords were tried.
 */
bool engine_locks_child(struct sink *sink, struct engine_object **object);

/* The current object is locked itself. True: that is kept, too. */
bool engine_locks_itself(struct sink *sink, const char *detail);

/* Is the object read once more, and was a child of that name locked before?
 * NULL: "". */
bool engine_locks_met_before(const struct sink *sink, const char *name);

/* A child of an object that is read once more: *path becomes that of the child
 * of that name which was locked before. */
void
engine_locks_reopen(struct sink *sink, const struct child *child, char **path);

/* The same for one that a reader has read itself. */
void engine_locks_opened(struct sink *sink, const char *name);

/* All readers of the current object are done: keep it when it has a lock,
 * write a lock down that nobody can try. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status engine_locks_met(struct sink *sink, struct err *err);

/* Keep what may say a password. */
void engine_words_text(struct sink *sink, const struct place *place,
		       struct span utf8);
void
engine_words_cell(struct sink *sink, const struct cell *cell, struct span utf8);
void engine_words_break(struct sink *sink);
void engine_words_name(struct sink *sink, struct span name);

/* ---- when everything was read ---- */

/* Try passwords, and read what they open, until nothing more does. Returns:
 * ST_OK; as engine_run() */
MUST_CHECK enum status engine_unlock(struct sink *sink, struct err *err);

/* Write down what is locked still, and what was opened. Returns: as above */
MUST_CHECK enum status engine_locks_close(struct sink *sink, struct err *err);

/* Words, search and locks of the report. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
engine_locks_report(struct sink *sink, struct scan_report *report,
		    struct err *err);

#endif
