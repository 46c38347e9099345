/*
 * recording_sink.h - a sink that writes down what a reader gives it.
 *
 * One line for each call, in order, such as
 *	text body 1: …        text header Subject: …    cell Sheet1 2 3: …
 *	child text/csv "a.csv" 12 bytes: …              opaque locked: …
 *	ambiguous: …          gap: …                    break
 * so that tests search the record for what they expect.
 */
#ifndef TESTS_SCANNERS_RECORDING_SINK_H
#define TESTS_SCANNERS_RECORDING_SINK_H

#include "scanners/readers/reader.h"

struct sink {
	struct sbuf record;
	struct sbuf utf8; /* all texts and cells, one after another */
	uint64_t spent_bytes;
	uint64_t spend_limit_bytes; /* 0: none */
	size_t texts;
	size_t cells;
	size_t children;
	size_t gaps;
	size_t opaques;
	size_t ambiguities;
	enum report_reason last_reason;
	struct report_dsn dsn; /* copies in dsn_room */
	char dsn_room[4][100];
	/* Bytes of the children, one after another, with their ends. */
	struct sbuf child_bytes;
	size_t child_ends[64];
	bool quiet; /* only count: for long inputs */
};

void recording_sink_init(struct sink *sink);
void recording_sink_done(struct sink *sink);

/* Read bytes (copied to a heap block of their exact size) with reader. */
enum status recording_sink_read(struct sink *sink, const struct reader *reader,
				struct span bytes, const struct child *hint,
				struct err *err);

bool recording_sink_has(const struct sink *sink, const char *part);

/* Bytes of the child number index, from 0. */
struct span recording_sink_child(const struct sink *sink, size_t index);

#endif
