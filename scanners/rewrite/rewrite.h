/*
 * rewrite.h - make a link mail of a mail: scan, cut, scan what is left.
 *
 * Layer:    scanners/rewrite; includes lib/, scanners/{worker,readers}
 * Threads:  as engine.h
 * Input:    untrusted; the worst it can cause is a refusal
 *
 * See lib/report/rewrite.h for what comes out. The files are written where the
 * asker wants them; the mail stays where it is.
 */
#ifndef SCANNERS_REWRITE_REWRITE_H
#define SCANNERS_REWRITE_REWRITE_H

#include "scanners/worker/engine.h"

struct rewrite_wish {
	enum rewrite_what what;
	enum rewrite_names names;
	enum rewrite_pictures pictures; /* CUT, or they stay */
	uint64_t logo_bytes; /* of at most so many it is a logo and stays */
	int files_fd;        /* memory file, at least as large as the mail */
};

struct rewrite;

/*
 * Takes:    scan, of a mail, with the readers of its engine; borrowed for the
 *           call, and its body until rewrite_free()
 * Gives:    *rewrite_out
 * Returns:  ST_OK: see the plan, which may be a refusal; ST_LIMIT no room for
 *           the files; ST_NO_MEMORY; as engine_run()
 */
MUST_CHECK enum status
rewrite_make(const struct engine_request *scan,
	     const struct engine_readers *readers,
	     const struct rewrite_wish *wish, struct rewrite **rewrite_out,
	     struct err *err);
void rewrite_free(struct rewrite **rewrite);

/* Checked by rewrite_check(); the memory is the rewrite's. */
const struct rewrite_plan *rewrite_plan(const struct rewrite *rewrite);

#endif
