#include "vault/server/dispatch.h"

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { DISPATCH_SEND_MS = 30000 };

static const struct request_row rows[] = {
#define REQUEST(symbol, number, request_, answer_, peers_, roles_)         \
	{ .name = #symbol,                                                 \
	  .request_table = &vault_table_##symbol,                          \
	  .answer_table = &vault_table_##symbol##_answer,                  \
	  .peers = (peers_),                                               \
	  .roles = (roles_),                                               \
	  .for_person = (roles_) != 0 ||                                   \
			VAULT_TYPE_##symbol == VAULT_TYPE_WHOAMI ||        \
			VAULT_TYPE_##symbol == VAULT_TYPE_SECOND_FACTOR || \
			VAULT_TYPE_##symbol == VAULT_TYPE_LOGOUT,          \
	  .handle = handle_##symbol },
#include "vault/client/vault_requests.def"
#undef REQUEST
};

const struct request_row *
dispatch_row(size_t i)
{
	return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}

static const struct request_row *
find_row(uint16_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].request_table->type == type)
			return &rows[i];
	return NULL;
}

static enum vault_failure_kind
failure_kind(enum status st)
{
	switch (st) {
	case ST_DENIED:
		return VAULT_FAILURE_DENIED;
	case ST_NOT_FOUND:
		return VAULT_FAILURE_NOT_FOUND;
	case ST_END:
		return VAULT_FAILURE_CONFLICT;
	case ST_FORMAT:
		return VAULT_FAILURE_INVALID;
	case ST_UNSUPPORTED:
		return VAULT_FAILURE_LOCKED;
	case ST_LIMIT:
		return VAULT_FAILURE_BUSY;
	case ST_OK:
	case ST_IO:
	case ST_NO_MEMORY:
	case ST_COUNT:
	default:
		return VAULT_FAILURE_STORE;
	}
}

/* A refusal to a person is on record, too. */
static enum status
audit_refusal(struct vault *vault, void *context, struct err *err)
{
	const struct request *request = context;
	const struct vault_deed deed = { .actor = request->actor.user.login,
					 .via = request->actor.via,
					 .event = "refused",
					 .detail = request->row->name };

	return vault_audit(vault, &deed, err);
}

static void
log_failure(const struct request *request, const struct err *err)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "request_failed");
	log_text(&line, "request", request->row->name);
	log_number(&line, "uid", request->peer.uid);
	log_error(&line, err);
	log_send(&line);
}

/* Decode and handle; ST_OK: request->answer is to be sent. */
static enum status
carry_out(struct request *request, const struct frame *frame, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	_Alignas(16) uint8_t message[4096];
	const struct wire_table *table = request->row->request_table;
	enum status st = ST_OK;

	if ((request->peer.programs & request->row->peers) == 0)
		return err_set(err, ST_DENIED, "not from this program");
	if (table->struct_bytes > sizeof(message))
		return err_set(err, ST_IO, "vault: a message too large");
	st = frame_decode(frame, table, message, &arena, err);
	if (st == ST_LIMIT)
		st = err_set(err, ST_FORMAT, "a value is out of its range");
	if (st != ST_OK)
		return st;
	request->message = message;
	request->fd = frame->fds[0];
	st = request->row->handle(request, err);
	request->message = NULL;
	explicit_bzero(message, sizeof(message));
	if (st == ST_DENIED && request->has_actor) {
		struct err why = { .st = ST_OK };

		if (writer_run(request->service->writer, WRITER_PRIORITY_LOW,
			       audit_refusal, request, &why) != ST_OK)
			log_failure(request, &why);
	}
	return st;
}

static enum status
send_failure(struct channel *channel, enum status st, const struct err *why,
	     struct err *err)
{
	const struct vault_failure failure = { failure_kind(st), why->text };
	const struct vault_failure plain = { failure.kind, "failed" };
	const int64_t deadline = clock_mono_ms() + DISPATCH_SEND_MS;
	enum status sent = channel_send(channel, &vault_table_failure, &failure,
					NULL, 0, deadline, err);

	/* Words that quote odd bytes are left out. */
	if (sent == ST_FORMAT)
		sent = channel_send(channel, &vault_table_failure, &plain, NULL,
				    0, deadline, err);
	return sent;
}

static enum status
send_answer(struct channel *channel, struct request *request, struct err *err)
{
	const size_t fd_count = request->fd_out == FD_NONE ? 0 : 1;
	struct err why = { .st = ST_OK };
	const enum status st =
		channel_send(channel, request->row->answer_table,
			     &request->answer, &request->fd_out, fd_count,
			     clock_mono_ms() + DISPATCH_SEND_MS, &why);

	if (st == ST_OK)
		return ST_OK;
	log_failure(request, &why);
	if (request->unsent != NULL)
		request->unsent(request);
	return send_failure(channel, ST_IO, &why, err);
}

enum status
dispatch(const struct service *service, const struct account_peer *peer,
	 struct channel *channel, struct frame *frame, struct err *err)
{
	struct request request = { .service = service,
				   .row = find_row(frame->type),
				   .peer = *peer,
				   .fd = FD_NONE,
				   .fd_out = FD_NONE };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	if (request.row == NULL) {
		(void)err_set(&why, ST_FORMAT, "no such request");
		return send_failure(channel, ST_FORMAT, &why, err);
	}
	st = carry_out(&request, frame, &why);
	if (st == ST_IO || st == ST_NO_MEMORY)
		log_failure(&request, &why);
	if (st == ST_OK)
		st = send_answer(channel, &request, err);
	else
		st = send_failure(channel, st, &why, err);
	wire_arena_free(&request.arena);
	fd_close(&request.fd_out);
	actor_done(&request.actor);
	explicit_bzero(&request, sizeof(request));
	return st;
}
