/*
 * worker_messages.h - what supervisor and worker say to each other.
 *
 * Layer:    scanners/worker; includes only lib/ and scanners/client
 * Input:    the supervisor treats everything from a worker as untrusted
 *
 *	supervisor                     worker
 *	worker_setup + words,
 *	        + worker_note   ->     (prepares, enters the sandbox)
 *	                        <-     worker_ready, or scan_failure and exit
 *	worker_job + mail       ->
 *	                        <-     worker_tainted  (none or once a job)
 *	                        <-     worker_ask      (any number a job)
 *	worker_lent + a socket  ->
 *	                        <-     scan_report, or the preview or plan
 *	                               (rewrite.h) asked for
 *	worker_job + mail       -> ...
 *
 * Most workers are copies of a template, which is such a program as well:
 *
 *	supervisor                     template
 *	worker_template + words ->     (prepares, enters its sandbox)
 *	                        <-     worker_ready, or scan_failure and exit
 *	worker_copy + a socket,
 *	        + worker_note   ->     (makes a worker, at that socket)
 *	                        <-     worker_copied, or scan_failure
 *
 * The worker's first word at its socket is worker_ready, as above.
 */
#ifndef SCANNERS_WORKER_WORKER_MESSAGES_H
#define SCANNERS_WORKER_WORKER_MESSAGES_H

#include "scanners/client/scan_client.h"

enum {
	WORKER_CHANNEL_FD = 3,
	WORKER_SETUP_FDS = 2, /* words, page for notes */
	WORKER_SETUP_TYPE = 0x0110,
	WORKER_READY_TYPE = 0x0111,
	WORKER_JOB_TYPE = 0x0112,
	WORKER_TAINTED_TYPE = 0x0113,
	WORKER_ASK_TYPE = 0x0114,
	WORKER_LENT_TYPE = 0x0115,
	WORKER_DONE_TYPE = 0x0116,
	WORKER_TEMPLATE_TYPE = 0x0117,
	WORKER_TEMPLATE_FDS = 1, /* words */
	WORKER_COPY_TYPE = 0x0118,
	WORKER_COPY_FDS = 2, /* socket, page for notes */
	WORKER_COPIED_TYPE = 0x0119
};

/* Limits for the whole life of a worker. What an admin adds to the words comes
 * with it, as a sealed memory file (lib/words/words_added.h), and a page that
 * both have (worker_note.h). */
struct worker_setup {
	uint64_t memory_bytes;
	uint64_t max_input_bytes;
	uint64_t cpu_s;
};
extern const struct wire_table worker_setup_table;
/* The same for a template, of all its copies; cpu_s is the most they get. */
extern const struct wire_table worker_template_table;

struct worker_copy {
	uint64_t cpu_s;
};
extern const struct wire_table worker_copy_table;

struct worker_copied {
	uint32_t pid;
};
extern const struct wire_table worker_copied_table;

struct worker_ready {
	uint32_t pid;
};
extern const struct wire_table worker_ready_table;

/* One mail; its bytes come as a sealed memory file. To be rewritten, with one
 * as large that the files in it are written to. */
struct worker_job {
	enum scan_input input;
	bool reveal;
	bool preview;
	const char *name;
	enum report_profile profile;
	uint32_t max_depth;
	uint64_t max_objects;
	uint64_t max_expanded_bytes;
	uint64_t max_ratio;
	uint64_t max_cells;
	uint64_t max_pages;
	uint32_t wall_ms;
	uint32_t cpu_ms;
	const struct scan_word *words; /* secrets */
	size_t word_count;
	uint64_t search_from;
	uint32_t search_ms;
	uint32_t mask_ms;
	uint64_t mail_bytes; /* 0: all of them; else another one follows */
	enum rewrite_what rewrite; /* then there is a second descriptor */
	enum rewrite_names rewrite_names;
	enum rewrite_pictures rewrite_pictures; /* STAY, CUT */
	uint64_t rewrite_logo_bytes;
};
extern const struct wire_table worker_job_table;

/* A foreign parser is about to see the mail: this worker is not to be used
 * again. */
struct worker_tainted {
	uint32_t pid;
};
extern const struct wire_table worker_tainted_table;

/* A reader of kind in another program is needed: remote.h. */
struct worker_ask {
	const char *kind; /* "pdf" */
};
extern const struct wire_table worker_ask_table;

/* The answer, with one end of a socket unless it is refused. */
struct worker_lent {
	const char *refused; /* "" or why not */
	bool never;          /* there is no such program at all */
};
extern const struct wire_table worker_lent_table;

/* A remote reader has done its one job. */
struct worker_done {
	uint32_t pid;
};
extern const struct wire_table worker_done_table;

#endif
