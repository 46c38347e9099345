/*
 * vault_messages_internal.h - what the tables of both files share.
 *
 * Layer:    vault/client
 * Threads:  constant
 */
#ifndef VAULT_CLIENT_VAULT_MESSAGES_INTERNAL_H
#define VAULT_CLIENT_VAULT_MESSAGES_INTERNAL_H

#include "vault/client/vault_messages.h"

static const struct wire_field vault_empty_fields[] = {
	WIRE_U32_F(struct vault_empty, reserved, 0, 0),
};

#endif
