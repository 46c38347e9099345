/*
 * pairs.h - who has written to whom: pairs of accepted mail, sent to the
 * vault in batches by a thread of its own, off the mail path.
 *
 * Layer:    milter/links; includes only lib/ and vault/client/
 * Threads:  pairs_add() from any thread
 *
 * Loss is allowed (the queue is bounded, the vault may be down) and counted:
 * each change of the count is logged once per batch.
 */
#ifndef MILTER_LINKS_PAIRS_H
#define MILTER_LINKS_PAIRS_H

#include "milter/links/vault_link.h"

enum { PAIRS_MAX_QUEUE = 8192, PAIRS_MAX_BATCH = 1000, PAIRS_WAIT_MS = 5000 };

struct pairs;

/* Starts the thread. Takes: link, borrowed.
 * Gives: *pairs_out, pairs_free(). Returns: ST_OK, ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status
pairs_new(struct vault_link *link, struct pairs **pairs_out, struct err *err);

/* Send what is queued, once, and stop the thread. */
void pairs_free(struct pairs **pairs);

/* Never waits for the vault; a full queue counts a loss. */
void pairs_add(struct pairs *pairs, const char *sender, const char *recipient,
	       int64_t at_unix_ms);

uint64_t pairs_lost(struct pairs *pairs);

#endif
