#include "vault/case/link_timers.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/log.h"
#include "vault/case/link_end.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_lost.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_take.h"

enum {
	LINK_TIMERS_BATCH = 50,
	/* Links that expire within so long are told of together. */
	LINK_TOGETHER_MS = 3600 * 1000
};

/* --- the end of a case's links ------------------------------------------ */

struct ended {
	const struct vault *vault;
	uint32_t file_count;
	bool more;             /* others end in this moment, too */
	struct sbuf unfetched; /* addresses */
};

/* Files that went out to somebody; rows come by file. */
struct fetched {
	uint32_t next; /* those before it are counted */
	uint32_t count;
};

static enum status
add_fetched(void *context, const struct store_take *row, struct err *err)
{
	struct fetched *fetched = context;

	(void)err;
	if (row->complete_unix_ms == 0 || row->file < fetched->next)
		return ST_OK;
	fetched->next = row->file + 1;
	fetched->count++;
	return ST_OK;
}

/* "taro@example.com", or with some of the files: "taro@example.com (1/2)". */
static enum status
add_unfetched(struct ended *ended, const struct store_link *row,
	      uint32_t fetched, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	const enum status st =
		link_open_words(ended->vault, row, &words, &arena, err);

	if (st != ST_OK ||
	    ended->unfetched.len_bytes + strlen(words.address) + 2 >
		    VAULT_MAX_COMMENT_BYTES / 2)
		return st;
	if (ended->unfetched.len_bytes > 0)
		sbuf_add_text(&ended->unfetched, ", ");
	vault_readable(&ended->unfetched, words.address,
		       CASE_MAX_ADDRESS_BYTES);
	if (fetched > 0)
		sbuf_addf(&ended->unfetched, " (%" PRIu32 "/%" PRIu32 ")",
			  fetched, ended->file_count);
	return ST_OK;
}

/* Those that expired just now, and did not give all of the files. */
static enum status
look_at_ended(void *context, const struct store_link *row, struct err *err)
{
	struct ended *ended = context;
	const struct vault *vault = ended->vault;
	struct fetched fetched = { .count = 0 };
	enum status st = ST_OK;

	if (row->kind != LINK_KIND_RECIPIENT)
		return ST_OK;
	ended->more |= (row->state == LINK_STATE_LIVE ||
			row->state == LINK_STATE_FROZEN) &&
		       row->expires_unix_ms <= vault_passed(vault);
	if (row->state != LINK_STATE_EXPIRED ||
	    row->ended_unix_ms < vault->now_unix_ms - LINK_TOGETHER_MS)
		return ST_OK;
	st = store_take_each(vault->store, row->id, add_fetched, &fetched, err);
	return st == ST_OK && fetched.count < ended->file_count
		       ? add_unfetched(ended, row, fetched.count, err)
		       : st;
}

/* Once for all links of a mail that expire together, by the last of them. */
static enum status
tell_ended(struct vault *vault, const struct store_link *row, struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	struct ended ended = { .vault = vault };
	struct link_notice notice = { .event = NOTICE_LINK_ENDED,
				      .serial = (uint64_t)vault->now_unix_ms };
	enum status st =
		store_link_batch_find(vault->store, row->case_id, &batch, err);

	sbuf_init(&ended.unfetched, VAULT_MAX_COMMENT_BYTES);
	ended.file_count = batch.file_count;
	if (st == ST_OK)
		st = store_link_each(vault->store, row->case_id, look_at_ended,
				     &ended, err);
	notice.reason = sbuf_text(&ended.unfetched);
	if (st == ST_OK && !ended.more)
		st = link_notice_sender(vault, row, &notice, err);
	sbuf_done(&ended.unfetched);
	return st;
}

/* A damaged case must not stop the clock for all; when the store itself has
 * failed the commit says so. */
static void
note_untold(const struct store_link *row, const struct err *err)
{
	char id[CASE_ID_TEXT_BYTES];
	struct log_line line;

	case_id_format(row->case_id, id);
	log_begin(&line, LOG_LEVEL_ERROR, "link_notice_not_made");
	log_text(&line, "case", id);
	log_error(&line, err);
	log_send(&line);
}

/* --- one link ----------------------------------------------------------- */

static enum status
expire(struct vault *vault, struct store_link *row, const char *address,
       struct err *err)
{
	const struct link_deed deed = { .event = "expired",
					.actor = "timer",
					.via = "vault",
					.address = address };
	struct err why = { .st = ST_OK };
	const enum status st =
		link_end(vault, row, LINK_STATE_EXPIRED, &deed, err);

	if (st == ST_OK && row->kind == LINK_KIND_RECIPIENT &&
	    tell_ended(vault, row, &why) != ST_OK)
		note_untold(row, &why);
	return st;
}

static bool
opens(const struct vault *vault, const struct store_link *row)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	struct err why = { .st = ST_OK };

	sbuf_init_secret(&wrapped, LINK_MAX_WRAPPED_BYTES);
	return link_wrapped_open(vault, row, &wrapped, &why) == ST_OK;
}

/* Of a link that opens nothing, as after a restore, nobody is reminded. */
static enum status
remind(struct vault *vault, struct store_link *row, const char *address,
       struct err *err)
{
	const struct link_deed deed = { .event = "reminded",
					.actor = "timer",
					.via = "vault",
					.address = address };
	const struct link_notice notice = {
		.event = NOTICE_LINK_REMINDER,
		.serial = (uint64_t)row->expires_unix_ms
	};
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	row->remind_unix_ms = 0;
	st = store_link_update(vault->store, row, err);
	if (st != ST_OK || row->fetched > 0 || !opens(vault, row))
		return st;
	st = link_notice_visitor(vault, row, &notice, NULL, &why);
	if (st == ST_OK)
		return link_note(vault, row, &deed, err);
	if (st != ST_DENIED) /* then he was reminded of this end already */
		note_untold(row, &why);
	return ST_OK;
}

/* What a visit took and did not get is gone for good: only who sent it can
 * send it again. */
static enum status
tell_lost(struct vault *vault, const struct store_link *row,
	  const char *address, struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	struct sbuf readable;
	struct link_notice notice = { .event = NOTICE_LINK_ENDED };
	enum status st =
		store_link_batch_find(vault->store, row->case_id, &batch, err);

	if (st != ST_OK || row->fetched >= batch.file_count)
		return st;
	sbuf_init(&readable, VAULT_MAX_COMMENT_BYTES);
	vault_readable(&readable, address, CASE_MAX_ADDRESS_BYTES);
	notice.reason = sbuf_text(&readable);
	/* Others of the mail may end at the same time. */
	memcpy(&notice.serial, row->id, sizeof(notice.serial));
	st = link_notice_sender(vault, row, &notice, err);
	sbuf_done(&readable);
	return st;
}

static enum status
spend(struct vault *vault, struct store_link *row, const char *address,
      struct err *err)
{
	struct err why = { .st = ST_OK };
	const enum status st = link_spend(vault, row, address, err);

	if (st == ST_OK && row->kind == LINK_KIND_RECIPIENT &&
	    tell_lost(vault, row, address, &why) != ST_OK)
		note_untold(row, &why);
	return st;
}

struct link_timer {
	enum store_link_due due;
	enum status (*fire)(struct vault *vault, struct store_link *row,
			    const char *address, struct err *err);
};

/* A link whose words are damaged ends all the same. */
static enum status
fire_one(struct vault *vault, const struct link_timer *timer,
	 const uint8_t id[LINK_ID_BYTES], struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct err why = { .st = ST_OK };
	enum status st = store_link_find(vault->store, id, &row, err);

	if (st != ST_OK)
		return st;
	if (link_open_words(vault, &row, &words, &arena, &why) != ST_OK) {
		log_event(LOG_LEVEL_ERROR, "link_not_readable", &why);
		words.address = "";
	}
	/* With its case's last one, the sender's may have ended just now. */
	return row.ended_unix_ms == 0
		       ? timer->fire(vault, &row, words.address, err)
		       : ST_OK;
}

static enum status
fire_all(struct vault *vault, const struct link_timer *timer, uint32_t *fired,
	 struct err *err)
{
	uint8_t ids[LINK_TIMERS_BATCH][LINK_ID_BYTES];
	const struct store_link_due_query query = {
		.due = timer->due,
		.until_unix_ms = vault_passed(vault),
		.limit = LINK_TIMERS_BATCH,
	};
	size_t count = 0;
	enum status st = store_link_due(vault->store, &query, ids, &count, err);

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		st = fire_one(vault, timer, ids[i], err);
		(*fired)++;
	}
	return st;
}

/* An epoch file that cannot be read must not stop the clock for mail. */
static void
end_weeks(struct vault *vault)
{
	struct err why = { .st = ST_OK };
	uint32_t ended = 0;

	if (link_epochs_end(vault, &ended, &why) != ST_OK)
		log_event(LOG_LEVEL_ERROR, "link_keys_not_ended", &why);
	/* A good time to look for own keys that nobody needs any more. */
	vault->after->sweep_keys |= ended > 0;
}

enum status
link_timers_run(struct vault *vault, uint32_t *fired_out, struct err *err)
{
	static const struct link_timer timers[] = {
		{ STORE_LINK_DUE_VISITED, spend },
		{ STORE_LINK_DUE_EXPIRY, expire },
		{ STORE_LINK_DUE_REMINDER, remind },
	};
	enum status st = link_lost_run(vault, fired_out, err);

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(timers); i++)
		st = fire_all(vault, &timers[i], fired_out, err);
	/* Slow transfers go on and report by claims that are over. */
	if (st == ST_OK)
		st = store_claim_expire(vault->store,
					vault_passed(vault) - LINK_TRANSFER_MS,
					err);
	if (st == ST_OK)
		end_weeks(vault);
	return st;
}

enum status
link_timers_next(struct vault *vault, int64_t *unix_ms_out, struct err *err)
{
	int64_t next_unix_ms = INT64_MAX;
	const enum status st = store_link_next_due(
		vault->store, vault->now_unix_ms, &next_unix_ms, err);

	if (st == ST_OK && next_unix_ms < *unix_ms_out)
		*unix_ms_out = next_unix_ms;
	return st;
}
