/* handle_link_seal.c - links are asked for, and made. */
#include "vault/server/request.h"

#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_seal.h"

enum { ASK_WAIT_S = 5 };

/* --- sealing ----------------------------------------------------------- */

/* Files and link mail, durable before the writer hears of them. */
static enum status
do_seal_blobs(struct vault *vault, struct request *request, struct err *err)
{
	return link_seal_blobs(vault, request->message, request->fd,
			       request->scratch, err);
}

static enum status
do_seal(struct vault *vault, struct request *request, struct err *err)
{
	struct link_sealing *sealing = request->scratch;
	const enum status st = link_seal(vault, request->message, sealing, err);

	sealing->undone = st != ST_OK;
	return st;
}

/* Nothing was promised yet: leave nothing behind. */
static void
drop_blobs(const struct request *request, const struct link_sealing *sealing)
{
	const struct config *config = core_config(request->service->core);
	struct err why = { .st = ST_OK };

	if (link_seal_drop(config->general.state_dir, sealing, &why) != ST_OK)
		log_event(LOG_LEVEL_WARNING, "blob_not_deleted", &why);
}

enum status
handle_LINK_SEAL(struct request *request, struct err *err)
{
	struct link_sealing sealing = { .made = false };
	enum status st = ST_OK;

	request->scratch = &sealing;
	st = request_read(request, do_seal_blobs, err);
	if (st == ST_OK) {
		st = request_write(request, WRITER_PRIORITY_NORMAL, do_seal,
				   err);
		/* A failed commit may have got through all the same. */
		if (sealing.undone || (st != ST_OK && st != ST_IO))
			drop_blobs(request, &sealing);
	}
	request->scratch = NULL;
	explicit_bzero(&sealing, sizeof(sealing));
	return st;
}

/* --- asking ------------------------------------------------------------ */

static enum status
do_ask_prepare(struct vault *vault, struct request *request, struct err *err)
{
	return link_ask_prepare(vault, &request->actor, request->message,
				request->scratch, err);
}

static enum status
do_ask(struct vault *vault, struct request *request, struct err *err)
{
	return link_ask(vault, &request->actor, request->message,
			request->scratch, err);
}

/* The key of a password takes much memory: as many at once as sign-ins. */
static enum status
ask_turn(struct request *request, struct err *err)
{
	const struct timespec until = { .tv_sec = clock_unix_ms() / 1000 +
						  ASK_WAIT_S };
	enum status st = ST_OK;

	if (sem_timedwait(request->service->logins, &until) != 0)
		return err_set(err, ST_LIMIT,
			       "too much at once; try again in a minute");
	st = request_read(request, do_ask_prepare, err);
	(void)sem_post(request->service->logins);
	return st;
}

enum status
handle_LINK_ASK(struct request *request, struct err *err)
{
	struct link_ask_key key = { .has_password = false };
	enum status st = ST_OK;

	request->scratch = &key;
	st = ask_turn(request, err);
	if (st == ST_OK)
		st = request_write(request, WRITER_PRIORITY_NORMAL, do_ask,
				   err);
	request->scratch = NULL;
	explicit_bzero(&key, sizeof(key));
	return st;
}
