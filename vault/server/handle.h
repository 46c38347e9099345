/*
 * handle.h - what handlers of different files share.
 *
 * Layer:    vault/server
 * Threads:  the connection's
 */
#ifndef VAULT_SERVER_HANDLE_H
#define VAULT_SERVER_HANDLE_H

#include "vault/server/request.h"

/* A reading request of a person, whose session goes on by it. */
MUST_CHECK enum status
handle_person_read(struct request *request, request_work work, struct err *err);

/* Write something large to the descriptor that came along: on record first,
 * then written. No audit record, no action. */
MUST_CHECK enum status
handle_note_then_write(struct request *request, const char *event,
		       request_work work, struct err *err);

#endif
