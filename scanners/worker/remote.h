/*
 * remote.h - a reader that runs in a program of its own, behind a socket.
 *
 * Layer:    scanners/worker and scanners/pdf; includes only lib/ and
 *           scanners/readers
 * Threads:  one at each end
 * Input:    what a remote reader sends is untrusted: each frame is checked,
 *           and spends the budgets of the scan that asked
 *
 * A format whose parser is large and foreign (PDF) is read by another program
 * in another sandbox. The worker of the mail asks the supervisor for it and
 * gets one end of a socket; the other end goes to a worker of that program,
 * which reads one object and leaves. The supervisor sees none of this:
 *
 *	mail worker                      remote reader
 *	remote_document, remote_bytes… ->
 *	                               <- remote_text, remote_break,
 *	                                  remote_child + remote_bytes…,
 *	                                  remote_opaque, remote_spend …
 *	                               <- remote_cpu, remote_end
 */
#ifndef SCANNERS_WORKER_REMOTE_H
#define SCANNERS_WORKER_REMOTE_H

#include "lib/wire/channel.h"
#include "scanners/readers/sink.h"

enum {
	REMOTE_DOCUMENT_TYPE = 0x0120,
	REMOTE_BYTES_TYPE,
	REMOTE_TEXT_TYPE,
	REMOTE_BREAK_TYPE,
	REMOTE_CHILD_TYPE,
	REMOTE_OPAQUE_TYPE,
	REMOTE_SPEND_TYPE,
	REMOTE_END_TYPE,
	REMOTE_CPU_TYPE,
	REMOTE_CHUNK_BYTES = 1024 * 1024,
	REMOTE_TEXT_BYTES = 1024 * 1024, /* longer texts come in pieces */
	REMOTE_LABEL_BYTES = 300,
	REMOTE_DETAIL_BYTES = 100
};

/* So many bytes follow. */
struct remote_document {
	uint64_t size_bytes;
	uint32_t wall_ms; /* to be done by then, from now */
	uint32_t cpu_ms;
	uint64_t max_pages;
	uint64_t max_objects; /* bookmarks and layers, each */
	/* That fits, for sure: poppler 22.12 crashes on a wrong one. "": none
	 * is needed. A secret. */
	const char *password;
};
extern const struct wire_table remote_document_table;

struct remote_bytes {
	struct span bytes;
};
extern const struct wire_table remote_bytes_table;

/* As sink_text(); pieces of one text follow each other. */
struct remote_text {
	enum place_kind kind;
	uint64_t number;
	const char *label; /* "" for none */
	struct span utf8;
};
extern const struct wire_table remote_text_table;

struct remote_break {
	uint32_t count; /* 1 */
};
extern const struct wire_table remote_break_table;

/* So many bytes of a child follow. */
struct remote_child {
	const char *name;
	uint64_t size_bytes;
};
extern const struct wire_table remote_child_table;

struct remote_opaque {
	enum report_reason reason;
	const char *detail;
};
extern const struct wire_table remote_opaque_table;

struct remote_spend {
	uint64_t len_bytes;
};
extern const struct wire_table remote_spend_table;

/* CPU time that reading took; before the end, at most once. */
struct remote_cpu {
	uint32_t used_ms;
};
extern const struct wire_table remote_cpu_table;

/* The whole object was looked at, or (damaged) what could be read of it. */
struct remote_end {
	bool damaged;
	const char *why; /* "" unless damaged */
};
extern const struct wire_table remote_end_table;

/* What a remote reader may cost, and what it said that it did. */
struct remote_terms {
	int64_t deadline_mono_ms;
	uint32_t cpu_ms;
	uint64_t max_pages;
	uint64_t max_objects;
	const char *password; /* "": none */
	bool said_cpu;        /* out: cpu_used_ms is known */
	uint32_t cpu_used_ms;
};

/*
 * Have the reader behind channel read body; what it finds goes to sink.
 * Returns:  ST_OK; ST_FORMAT the object is damaged; what sink said; ST_LIMIT
 *           no end by its deadline; ST_IO the reader ended (crashed, out
 *           of memory) or broke the protocol; ST_NO_MEMORY
 */
MUST_CHECK enum status
remote_read(struct channel *channel, struct sink *sink, struct span body,
	    struct remote_terms *terms, struct err *err);

#endif
