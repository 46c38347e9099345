#include "vault/server/request.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "vault/case/comment.h"
#include "vault/case/reveal.h"
#include "vault/case/stats.h"
#include "vault/case/unlock.h"

static enum status
do_comment(struct vault *vault, struct request *request, struct err *err)
{
	return comment_add(vault, &request->actor, request->message, err);
}

enum status
handle_COMMENT(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_comment, err);
}

static enum status
do_unlock(struct vault *vault, struct request *request, struct err *err)
{
	return unlock_type(vault, &request->actor, request->message, err);
}

enum status
handle_UNLOCK(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_unlock, err);
}

static enum status
do_search(struct vault *vault, struct request *request, struct err *err)
{
	return unlock_steer(vault, &request->actor, request->message, err);
}

enum status
handle_SEARCH(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_search, err);
}

/* --- unmasked ---------------------------------------------------------- */

static enum status
do_reveal(struct vault *vault, struct request *request, struct err *err)
{
	return reveal_order(vault, &request->actor, request->message,
			    request->answer.reveal.reveal_id, err);
}

enum status
handle_REVEAL(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_reveal, err);
}

static enum status
do_nothing(struct vault *vault, struct request *request, struct err *err)
{
	(void)vault;
	(void)request;
	(void)err;
	return ST_OK;
}

/* The person is found first; nothing of the store is held while we wait. */
enum status
handle_REVEAL_FETCH(struct request *request, struct err *err)
{
	struct vault_reveal_fetch_answer *answer =
		&request->answer.reveal_fetch;
	struct reveals *reveals = request->service->core->memory.reveals;
	struct sbuf plain;
	enum status st = request_read(request, do_nothing, err);

	if (st != ST_OK)
		return st;
	if (reveals == NULL || !request->actor.has_session)
		return err_set(err, ST_NOT_FOUND,
			       "there is no such unmasked view any more");
	sbuf_init_secret(&plain, REVEAL_MAX_PAYLOAD_BYTES);
	st = reveal_fetch(reveals, request->message,
			  request->actor.session.token, &plain, err);
	if (st == ST_OK) {
		request->arena = wire_arena_new();
		if (request->arena != NULL)
			answer->preview.ptr = (const uint8_t *)wire_arena_text(
				request->arena, sbuf_span(&plain));
		answer->preview.len_bytes = plain.len_bytes;
		answer->ready = true;
		if (answer->preview.ptr == NULL)
			st = err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	sbuf_done(&plain);
	return st == ST_END ? ST_OK : st;
}

/* --- changes and counters ---------------------------------------------- */

/* Nothing of the store is touched: it may wait for long. */
enum status
handle_WATCH(struct request *request, struct err *err)
{
	const struct vault_watch *watch = request->message;

	return core_watch(request->service->core, watch->revision,
			  clock_mono_ms() + watch->wait_ms,
			  &request->answer.watch.revision, err);
}

static enum status
do_stats(struct vault *vault, struct request *request, struct err *err)
{
	return stats_read(vault, request->message, &request->answer.stats,
			  &request->arena, err);
}

enum status
handle_STATS(struct request *request, struct err *err)
{
	return request_read(request, do_stats, err);
}
