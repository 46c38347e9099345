#include "vault/server/request.h"

#include <string.h>

#include "lib/base/log.h"
#include "vault/case/bounce.h"
#include "vault/case/intake.h"
#include "vault/case/pairs.h"
#include "vault/case/related.h"
#include "vault/case/ticket.h"

static enum status
do_public_key(struct vault *vault, struct request *request, struct err *err)
{
	struct seal_public public_key = { .epoch = 0 };
	struct vault_public_key *answer = &request->answer.public_key;
	const enum status st =
		key_ring_find_public(vault->store, &public_key, err);

	if (st == ST_NOT_FOUND)
		return err_set(err, ST_UNSUPPORTED,
			       "the vault has no keys yet");
	if (st != ST_OK)
		return st;
	answer->epoch = public_key.epoch;
	memcpy(answer->key, public_key.key, sizeof(answer->key));
	return ST_OK;
}

enum status
handle_PUBLIC_KEY(struct request *request, struct err *err)
{
	return request_read(request, do_public_key, err);
}

/* The mail itself, durable before the writer hears of it. */
static enum status
do_store_blob(struct vault *vault, struct request *request, struct err *err)
{
	return intake_blob(vault, request->message, request->fd,
			   request->scratch, err);
}

static enum status
do_hold(struct vault *vault, struct request *request, struct err *err)
{
	return intake_hold(vault, request->message, request->scratch,
			   &request->answer.hold, err);
}

static void
log_hold(const struct request *request, const struct err *err)
{
	struct log_line line;
	char id[CASE_ID_TEXT_BYTES];

	if (err != NULL) {
		log_event(LOG_LEVEL_ERROR, "hold_failed", err);
		return;
	}
	case_id_format(request->answer.hold.case_id, id);
	log_begin(&line, LOG_LEVEL_INFO, "hold");
	log_text(&line, "case", id);
	log_number(&line, "joined", request->answer.hold.joined ? 1 : 0);
	log_send(&line);
}

/* Nothing was promised yet: leave nothing behind. */
static void
drop_blob(const struct request *request, const struct blob *blob)
{
	const struct config *config = core_config(request->service->core);
	struct err why = { .st = ST_OK };

	if (blob_delete(config->general.state_dir, blob->id, &why) != ST_OK)
		log_event(LOG_LEVEL_WARNING, "blob_not_deleted", &why);
}

enum status
handle_HOLD(struct request *request, struct err *err)
{
	struct blob blob = { .size_bytes = 0 };
	enum status st = ST_OK;

	request->scratch = &blob;
	st = request_read(request, do_store_blob, err);
	if (st == ST_OK) {
		st = request_write(request, WRITER_PRIORITY_HOLD, do_hold, err);
		/* A failed commit may have got through all the same: then
		 * the case needs its mail. If not, the next start sweeps. */
		if (st != ST_OK && st != ST_IO)
			drop_blob(request, &blob);
	}
	request->scratch = NULL;
	if (st != ST_OK)
		core_note_hold_failed(request->service->core);
	log_hold(request, st == ST_OK ? NULL : err);
	return st;
}

static enum status
do_redeem(struct vault *vault, struct request *request, struct err *err)
{
	return ticket_redeem(vault, request->message, &request->answer.redeem,
			     err);
}

enum status
handle_REDEEM(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_HOLD, do_redeem, err);
}

static enum status
do_bounce(struct vault *vault, struct request *request, struct err *err)
{
	return bounce_take(vault, request->message, &request->answer.bounce,
			   err);
}

enum status
handle_BOUNCE(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_HOLD, do_bounce, err);
}

static enum status
do_pairs(struct vault *vault, struct request *request, struct err *err)
{
	return pairs_take(vault, request->message, err);
}

enum status
handle_PAIRS(struct request *request, struct err *err)
{
	const struct vault_pairs *pairs = request->message;
	const enum status st =
		request_write(request, WRITER_PRIORITY_LOW, do_pairs, err);

	if (st != ST_OK)
		core_note_pairs_lost(request->service->core, pairs->pair_count);
	return st;
}

/* On the writer's connection, so that of a hold and the words for it at the
 * same time the second one sees the first. */
static enum status
do_related(struct vault *vault, struct request *request, struct err *err)
{
	struct related *related = request->scratch;

	if (vault->ring == NULL)
		return ST_OK;
	return related_cases(vault, request->message, request->arena, related,
			     err);
}

enum status
handle_RELATED(struct request *request, struct err *err)
{
	const struct service *service = request->service;
	const struct vault_related *message = request->message;
	struct related related = { .added = 0 };
	enum status st = ST_OK;

	request->arena = wire_arena_new();
	if (request->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = related_words(&service->core->memory, core_config(service->core),
			   message, request->arena, &related, err);
	request->scratch = &related;
	if (st == ST_OK && message->word_count > 0)
		st = request_write(request, WRITER_PRIORITY_HOLD, do_related,
				   err);
	request->scratch = NULL;
	request->answer.related = related.answer;
	return st;
}
