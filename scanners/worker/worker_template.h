/*
 * worker_template.h - a worker's last step before it works; or a template's.
 *
 * Layer:    scanners/worker and scanners/pdf
 * Threads:  one: checked before the first copy is made
 * Input:    a template hears the supervisor alone, never sees a mail, and
 *           hears nothing from its copies
 *
 * What a worker needs before its first mail - libraries, words, the table of
 * libmagic, fonts - costs more than most mails. A template prepares it once,
 * locks itself in, and copies itself for the supervisor: each copy is a worker
 * that closes the rest of its sandbox, gets a socket and a page of its own, and
 * shares what was prepared until one of them writes to it. Whatever is random
 * must be asked for by the copy, when it is needed.
 */
#ifndef SCANNERS_WORKER_WORKER_TEMPLATE_H
#define SCANNERS_WORKER_WORKER_TEMPLATE_H

#include "scanners/worker/worker_messages.h"
#include "scanners/worker/worker_note.h"

/*
 * Lock in. With a page in *note that is all. A template (*note is NULL) serves
 * the supervisor, and this returns in its copies only: with their own *note,
 * and *channel at their own socket. What is open beside the channel is closed
 * there.
 * Returns: ST_OK, ST_UNSUPPORTED, ST_IO, ST_FORMAT
 */
MUST_CHECK enum status
worker_template_lock_in(struct channel *channel,
			const struct worker_setup *setup,
			const char *const *readable, struct worker_note **note,
			struct err *err);

#endif
