/*
 * vault_client.h - one request to the vault, one answer.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  a client belongs to one thread at a time
 */
#ifndef VAULT_CLIENT_VAULT_CLIENT_H
#define VAULT_CLIENT_VAULT_CLIENT_H

#include "lib/wire/channel.h"
#include "vault/client/vault_messages.h"

struct vault_client {
	const char *socket_path; /* borrowed */
	struct channel channel;
	bool connected;
	enum vault_failure_kind failure; /* of the last ST_DENIED … call */
};

void vault_client_init(struct vault_client *client, const char *socket_path);
void vault_client_done(struct vault_client *client);

struct vault_call {
	const struct wire_table *request_table;
	const void *request;
	const struct wire_table *answer_table;
	void *answer; /* decoded into */
	int fd;       /* sent along (borrowed), or FD_NONE */
	int *fd_out;  /* receives the answer's descriptor; NULL: none wanted */
	int64_t deadline_mono_ms;
};

/* VAULT_CALL(HOLD, &hold, &answer) fills the tables. */
#define VAULT_CALL(symbol, request_, answer_)                                  \
	{                                                                      \
		.request_table = &vault_table_##symbol, .request = (request_), \
		.answer_table = &vault_table_##symbol##_answer,                \
		.answer = (answer_), .fd = FD_NONE,                            \
		.deadline_mono_ms = clock_mono_ms() + VAULT_CLIENT_WAIT_MS     \
	}

enum { VAULT_CLIENT_WAIT_MS = 20000 };

/*
 * Ask and wait. Connects when needed; a connection found dead before anything
 * was sent is replaced once. After a request was sent, a broken connection
 * is ST_IO: the caller does not know whether the vault acted.
 *
 * Gives:    *arena_out holds the answer's memory; free with wire_arena_free()
 * Returns:  ST_OK; the vault refused: ST_DENIED (four eyes, role, session),
 *           ST_NOT_FOUND, ST_FORMAT (invalid), ST_UNSUPPORTED (locked),
 *           ST_LIMIT (busy, or no answer in time), ST_IO (store failed, not
 *           reachable), ST_END (conflict: changed meanwhile);
 *           client->failure tells them apart; err holds the vault's words
 */
MUST_CHECK enum status
vault_client_call(struct vault_client *client, const struct vault_call *call,
		  struct wire_arena **arena_out, struct err *err);

#endif
