/*
 * sent.h - tell the vault what went out, without keeping a transfer waiting.
 *
 * Layer:    quarantine-ui/portal; includes lib/, vault/client/
 * Threads:  sent_push() from any thread
 *
 * One thread with a connection of its own. A vault that is away is asked again
 * for SENT_TRY_S; at the stop what is left is tried once more.
 */
#ifndef QUARANTINE_UI_PORTAL_SENT_H
#define QUARANTINE_UI_PORTAL_SENT_H

#include "vault/client/vault_client.h"

enum { SENT_TRY_S = 600, SENT_AGENT_BYTES = 201, SENT_ADDRESS_BYTES = 64 };

/* Made before the transfer, so that telling needs no memory. */
struct sent {
	struct sent *behind;
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t link_id[LINK_ID_BYTES];
	char address[SENT_ADDRESS_BYTES];
	char agent[SENT_AGENT_BYTES];
	bool certificate;
	uint32_t file;
	uint64_t sent_bytes;
	bool complete, broken;
	int64_t since_mono_ms;
};

struct sent_queue;

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO. vault_socket is borrowed. */
MUST_CHECK enum status
sent_queue_start(const char *vault_socket, struct sent_queue **queue_out,
		 struct err *err);
/* The visit it belongs to, for the vault; borrows from sent. */
struct vault_link_visit sent_visit(const struct sent *sent);
/* *sent is the queue's; it was made with malloc(). */
void sent_push(struct sent_queue *queue, struct sent **sent);
void sent_queue_stop(struct sent_queue **queue);

#endif
