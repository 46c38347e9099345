/*
 * layout.h - the ranges that a link mail is put together of.
 *
 * Layer:    scanners/rewrite
 * Threads:  values
 * Input:    untrusted
 *
 * In a multipart/mixed the hole takes the place of the first part that is cut,
 * or of none, behind what that was cut out of. A mail that is an attachment
 * keeps its header. Any other mail becomes the first part of a multipart/mixed
 * of its own, with the hole behind it, so that every reader shows both.
 *
 * Of the header go: X-Sekimori-… (not ours), Content-Length and Lines (not
 * true any more). Everything else stays, also what a signer said of it.
 */
#ifndef SCANNERS_REWRITE_LAYOUT_H
#define SCANNERS_REWRITE_LAYOUT_H

#include "scanners/rewrite/choose.h"

/*
 * Fill place, lf_only, boundary and pieces of plan for a tree with something
 * gone.
 * Gives:    texts and lists in arena; refusal_out: STRUCTURE, LIMIT, or NONE
 * Returns:  ST_OK; ST_NO_MEMORY
 */
MUST_CHECK enum status
layout_plan(const struct tree *tree, struct wire_arena *arena,
	    struct rewrite_plan *plan, struct choose_refusal *refusal_out,
	    struct err *err);

/* Append the link mail with fill in its hole. plan has been checked.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
layout_write(const struct rewrite_plan *plan, struct span mail,
	     struct span fill, struct sbuf *out, struct err *err);

#endif
