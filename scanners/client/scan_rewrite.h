/*
 * scan_rewrite.h - have the scanner cut a mail into a link mail and files.
 *
 * Layer:    scanners/client; includes only lib/
 * Threads:  as scan_client.h
 * Input:    the answer is untrusted and checked (rewrite_check) before a
 *           caller sees it
 *
 * The new mail for one recipient is mail_fd up to hole_at, what the caller
 * puts into the hole (lib/report/rewrite.h, enum rewrite_place), and the rest
 * of mail_fd. Every byte of mail_fd is one of the mail that was sent, but for
 * the frame of a multipart where the mail had none.
 *
 * The worker writes the files into memory of this process and can neither
 * make nor send a descriptor; it is sealed before the caller sees it.
 */
#ifndef SCANNERS_CLIENT_SCAN_REWRITE_H
#define SCANNERS_CLIENT_SCAN_REWRITE_H

#include "lib/report/rewrite.h"
#include "scanners/client/scan_client.h"

/* A checked plan and what came with it. Refused (plan.refusal): no files. */
struct scan_rewrite {
	struct rewrite_plan plan;
	int mail_fd; /* sealed memory file, or FD_NONE */
	uint64_t hole_at;
	int files_fd; /* sealed memory file of plan.files_bytes, or FD_NONE */
	struct wire_arena *arena;
};

/* Closes the files. */
void scan_rewrite_free(struct scan_rewrite **rewrite);

/*
 * As scan_client_scan(), of a mail that is read and cut: request->rewrite says
 * what (REWRITE_ALL when NONE), request->rewrite_names how names look in
 * plan.cuts (MASKED when NONE), request->rewrite_pictures whether unread
 * pictures of the text are cut, too. request->input is taken for MAIL. The
 * scan's words (passwords) help to read what is locked, as in any scan.
 *
 * What is left, without the hole, has been scanned again by the same worker:
 * no number stands in it.
 *
 * Gives:    *rewrite_out, release with scan_rewrite_free(); see
 *           plan.refusal first
 * Returns:  as scan_client_scan(); ST_UNSUPPORTED the mail was not read to its
 *           end (crashed, timeout, too large): as REWRITE_REFUSAL_LIMIT
 */
MUST_CHECK enum status
scan_client_rewrite(struct scan_client *client,
		    const struct scan_request *request, int fd,
		    const struct scan_wait *wait,
		    struct scan_rewrite **rewrite_out, struct err *err);

#endif
