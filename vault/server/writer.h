/*
 * writer.h - the one thread that changes the store.
 *
 * Layer:    vault/server
 * Threads:  writer_run() from any; start and stop from the main thread
 *
 * Requests are taken in batches, holds first. Each runs between its own mark
 * and either stays or is undone; the batch is committed as a whole, and only
 * then does anybody hear of success.
 */
#ifndef VAULT_SERVER_WRITER_H
#define VAULT_SERVER_WRITER_H

#include "vault/server/core.h"

enum writer_priority {
	WRITER_PRIORITY_NONE = 0,
	WRITER_PRIORITY_HOLD,   /* an MTA waits */
	WRITER_PRIORITY_NORMAL, /* a person or program waits */
	WRITER_PRIORITY_LOW,    /* nobody waits */
	WRITER_PRIORITY_COUNT
};

typedef enum status (*writer_work)(struct vault *vault, void *context,
				   struct err *err);

struct writer;
/* Opens the store (migrations, recovery), frees leases, sweeps strays. */
MUST_CHECK enum status
writer_start(struct core *core, struct writer **writer_out, struct err *err);
/* Finish what is queued, then end. Fits AUTO(). */
void writer_stop(struct writer **writer);

/*
 * Run work and wait until what it did is durable.
 * Returns: what work returned; ST_IO when the store failed, then nothing of
 *          it counts; ST_LIMIT too many wait already
 */
MUST_CHECK enum status
writer_run(struct writer *writer, enum writer_priority priority,
	   writer_work work, void *context, struct err *err);

#endif
