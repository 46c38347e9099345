/*
 * dispatch.h - from a frame to its handler and back.
 *
 * Layer:    vault/server
 * Threads:  the connection's
 */
#ifndef VAULT_SERVER_DISPATCH_H
#define VAULT_SERVER_DISPATCH_H

#include "lib/wire/channel.h"
#include "vault/server/request.h"

/*
 * Carry out the request in frame for that peer and send the answer.
 * Returns: ST_OK, also when the answer was a refusal; anything else: the
 *          connection is of no use any more
 */
MUST_CHECK enum status
dispatch(const struct service *service, const struct account_peer *peer,
	 struct channel *channel, struct frame *frame, struct err *err);

/* Row i of the request table; NULL behind the last. For tests and checks. */
const struct request_row *dispatch_row(size_t i);

#endif
