/* rewrite_case.h - one mail made a link mail by the readers of the mail worker.
 */
#ifndef TESTS_SCANNERS_REWRITE_CASE_H
#define TESTS_SCANNERS_REWRITE_CASE_H

#include "lib/base/fd.h"
#include "scanners/rewrite/rewrite.h"

struct rewrite_case {
	struct rewrite *rewrite;
	const struct rewrite_plan *plan;
	uint8_t *mail;     /* a heap block of exactly its size */
	struct sbuf link;  /* the new mail, with "<HOLE>" in it */
	struct sbuf files; /* all of them */
	struct engine_request scan;
	struct engine_readers readers;
	struct rewrite_wish wish;
	int files_fd;
};

/* The test fails when there is no plan. A refusal is one. */
void rewrite_case_run(struct rewrite_case *one, struct span mail,
		      enum rewrite_what what);
/* As it, with names of that kind, and in limits. */
struct rewrite_way {
	enum rewrite_what what;
	enum rewrite_names names;
	struct engine_limits limits;
	enum rewrite_pictures pictures;
	uint64_t logo_bytes;
};
void rewrite_case_run_as(struct rewrite_case *one, struct span mail,
			 const struct rewrite_way *way);
void rewrite_case_done(struct rewrite_case *one);

/* Bytes of the file number index, from 0. */
struct span rewrite_case_file(const struct rewrite_case *one, size_t index);

#endif
