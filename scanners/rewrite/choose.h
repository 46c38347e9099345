/*
 * choose.h - which parts are cut out of a mail, and when none can be.
 *
 * Layer:    scanners/rewrite
 * Threads:  values
 * Input:    untrusted
 *
 * What stands in a multipart/alternative is text of the mail, whatever it is,
 * and so is the root of a multipart/related; elsewhere text without a name is.
 * A picture that the text shows (Content-ID) stays, unless a number is in it,
 * or it could not be read, is no logo and the wish says so.
 * Everything else is an attachment, a mail as a whole.
 */
#ifndef SCANNERS_REWRITE_CHOOSE_H
#define SCANNERS_REWRITE_CHOOSE_H

#include "scanners/rewrite/rewrite.h"
#include "scanners/rewrite/tree.h"

/* Why not, and where. */
struct choose_refusal {
	enum rewrite_refusal refusal; /* NONE: it goes */
	const char *part;             /* a path of the tree or report */
};

/*
 * Set role, found, unread, cut and gone of all nodes, by what the scan of the
 * mail reported.
 * Returns: ST_OK; ST_NO_MEMORY
 */
MUST_CHECK enum status
choose_parts(struct tree *tree, const struct scan_report *report,
	     const struct rewrite_wish *wish,
	     struct choose_refusal *refusal_out, struct err *err);

/*
 * Look at a scan of what is left of the mail: no number, and nothing unread
 * but pictures.
 */
void
choose_judge_rest(const struct tree *tree, const struct scan_report *report,
		  struct choose_refusal *refusal_out);

#endif
