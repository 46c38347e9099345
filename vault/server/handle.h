/*
 * handle.h - what handlers of different files share.
 *
 * Layer:    vault/server
 * Threads:  the connection's
 */
#ifndef VAULT_SERVER_HANDLE_H
#define VAULT_SERVER_HANDLE_H

#include "vault/server/request.h"

/* Write something large to the descriptor that came along: on record first,
 * then written. No audit record, no action. */
MUST_CHECK enum status
handle_note_then_write(struct request *request, const char *event,
		       request_work work, struct err *err);

#endif
