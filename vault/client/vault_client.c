#include "vault/client/vault_client.h"

#include <poll.h>

#include "lib/base/clock.h"

void
vault_client_init(struct vault_client *client, const char *socket_path)
{
	*client = (struct vault_client){ .socket_path = socket_path,
					 .channel = { .fd = FD_NONE } };
}

static void
client_disconnect(struct vault_client *client)
{
	if (client->connected)
		channel_close(&client->channel);
	client->connected = false;
}

void
vault_client_done(struct vault_client *client)
{
	client_disconnect(client);
}

/* Between requests the vault says nothing: readable means closed. */
static bool
client_is_dead(const struct vault_client *client)
{
	struct pollfd one = { client->channel.fd, POLLIN, 0 };

	return client->channel.broken || poll(&one, 1, 0) != 0;
}

static enum status
client_connect(struct vault_client *client, struct err *err)
{
	if (client->connected && client_is_dead(client))
		client_disconnect(client);
	if (client->connected)
		return ST_OK;

	const enum status st =
		channel_connect(client->socket_path, &client->channel, err);

	client->connected = st == ST_OK;
	return st;
}

static enum status
failure_status(enum vault_failure_kind kind)
{
	switch (kind) {
	case VAULT_FAILURE_DENIED:
		return ST_DENIED;
	case VAULT_FAILURE_NOT_FOUND:
		return ST_NOT_FOUND;
	case VAULT_FAILURE_CONFLICT:
		return ST_END;
	case VAULT_FAILURE_INVALID:
		return ST_FORMAT;
	case VAULT_FAILURE_LOCKED:
		return ST_UNSUPPORTED;
	case VAULT_FAILURE_BUSY:
		return ST_LIMIT;
	case VAULT_FAILURE_STORE:
	case VAULT_FAILURE_NONE:
	case VAULT_FAILURE_END:
	default:
		return ST_IO;
	}
}

/* The vault's refusal, in its own words. */
static enum status
client_refused(struct vault_client *client, const struct frame *frame,
	       struct err *err)
{
	struct vault_failure failure = { VAULT_FAILURE_NONE, NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = frame_decode(frame, &vault_table_failure,
					    &failure, &arena, err);

	if (st != ST_OK)
		return st;
	client->failure = failure.kind;
	return err_set(err, failure_status(failure.kind), "%s", failure.reason);
}

static enum status
client_exchange(struct vault_client *client, const struct vault_call *call,
		struct frame *frame, struct err *err)
{
	const size_t fd_count = call->fd == FD_NONE ? 0 : 1;
	enum status st = channel_send(&client->channel, call->request_table,
				      call->request, &call->fd, fd_count,
				      call->deadline_mono_ms, err);

	if (st == ST_OK)
		st = channel_receive(&client->channel, frame,
				     call->deadline_mono_ms, err);
	if (st == ST_END)
		st = err_set(err, ST_IO, "vault: closed the connection");
	return st;
}

enum status
vault_client_call(struct vault_client *client, const struct vault_call *call,
		  struct wire_arena **arena_out, struct err *err)
{
	struct frame frame;
	enum status st = client_connect(client, err);

	client->failure = VAULT_FAILURE_NONE;
	if (st != ST_OK)
		return st;
	frame_init(&frame);
	st = client_exchange(client, call, &frame, err);
	if (st == ST_OK && frame.type == VAULT_TYPE_FAILURE) {
		st = client_refused(client, &frame, err);
		frame_done(&frame);
		return st;
	}
	if (st == ST_OK)
		st = frame_decode(&frame, call->answer_table, call->answer,
				  arena_out, err);
	if (st == ST_OK && call->fd_out != NULL) {
		*call->fd_out = frame.fds[0];
		frame.fds[0] = FD_NONE;
	}
	/* An answer that was not understood, or may still come, would be
	 * taken for the next one's. */
	if (st != ST_OK)
		client_disconnect(client);
	frame_done(&frame);
	return st;
}
