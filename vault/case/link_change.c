#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "vault/case/link_end.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_people.h"
#include "vault/case/link_send.h"

enum {
	CHANGE_DETAIL_BYTES = 80,
	CHANGE_BOX_BYTES = 1024,
	CHANGE_DAY_MS = 24 * 3600 * 1000
};

/* A link, and who is about to change it. */
struct link_changing {
	struct vault *vault;
	const struct vault_link_change *request;
	struct store_link link;
	struct link_words words;
	struct wire_arena *arena; /* behind words */
	struct link_deed deed;
	char detail[CHANGE_DETAIL_BYTES]; /* of deed */
};

static void
changing_done(struct link_changing *changing)
{
	store_link_done(&changing->link);
	wire_arena_free(&changing->arena);
}

static enum status
end_link(struct link_changing *changing, struct err *err)
{
	const bool pending = changing->link.state == LINK_STATE_PENDING;
	enum status st = ST_OK;

	changing->deed.event = "revoked";
	if (changing->request->step == LINK_STEP_WRONG)
		changing->deed.detail = "wrong recipient";
	st = link_end(changing->vault, &changing->link, LINK_STATE_REVOKED,
		      &changing->deed, err);
	return st == ST_OK && pending
		       ? link_give_up(changing->vault, &changing->link,
				      CASE_OUTCOME_CANCELLED, err)
		       : st;
}

/* Somebody who fetched nothing yet is reminded before the new end. */
static int64_t
reminder_time(const struct link_changing *changing)
{
	const int64_t before_ms =
		changing->vault->config->portal.remind_before_s * 1000;
	const int64_t at_unix_ms = changing->link.expires_unix_ms - before_ms;

	return before_ms > 0 && changing->link.fetched == 0 &&
			       changing->link.kind == LINK_KIND_RECIPIENT &&
			       at_unix_ms > changing->vault->now_unix_ms
		       ? at_unix_ms
		       : 0;
}

static enum status
extend_link(struct link_changing *changing, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf wrapped;
	char until[CLOCK_RFC3339_BYTES];
	struct store_link *link = &changing->link;
	int64_t until_unix_ms = changing->request->until_unix_ms;
	const int64_t most_unix_ms =
		link->made_unix_ms +
		changing->vault->config->portal.max_expiry_s * 1000;
	enum status st = ST_OK;

	sbuf_init(&boxed, CHANGE_BOX_BYTES);
	sbuf_init_secret(&wrapped, LINK_MAX_WRAPPED_BYTES);
	/* Who counts days from now means the last one there is. */
	if (until_unix_ms > most_unix_ms &&
	    until_unix_ms - most_unix_ms < CHANGE_DAY_MS)
		until_unix_ms = most_unix_ms;
	if (until_unix_ms <= changing->vault->now_unix_ms)
		return err_set(err, ST_FORMAT,
			       "a link cannot end in the past; revoke it");
	if (until_unix_ms > most_unix_ms) {
		clock_format_rfc3339(most_unix_ms, until);
		return err_set(err, ST_FORMAT, "this link can last until %s",
			       until);
	}
	st = link_wrapped_open(changing->vault, link, &wrapped, err);
	if (st == ST_OK)
		st = link_set_expiry(changing->vault, link, until_unix_ms,
				     &boxed, err);
	if (st == ST_NOT_FOUND)
		return err_set(err, ST_END,
			       "the key of this link is lost; it cannot be "
			       "extended");
	if (st != ST_OK)
		return st;
	link->remind_unix_ms = reminder_time(changing);
	st = store_link_update(changing->vault->store, link, err);
	clock_format_rfc3339(until_unix_ms, until);
	(void)snprintf(changing->detail, sizeof(changing->detail), "until=%s",
		       until);
	changing->deed.event = "extended";
	changing->deed.detail = changing->detail;
	return st == ST_OK
		       ? link_note(changing->vault, link, &changing->deed, err)
		       : st;
}

static enum status
thaw_link(struct link_changing *changing, struct err *err)
{
	struct store_link *link = &changing->link;
	enum status st = ST_OK;

	if (link->state != LINK_STATE_FROZEN)
		return err_set(err, ST_END, "the link is not frozen");
	link->state = LINK_STATE_LIVE;
	link->failures = 0;
	changing->deed.event = "thawed";
	st = store_link_update(changing->vault->store, link, err);
	return st == ST_OK
		       ? link_note(changing->vault, link, &changing->deed, err)
		       : st;
}

static enum status
change_find(struct link_changing *changing, const struct actor *actor,
	    struct err *err)
{
	AUTO(record_done) struct record record;
	struct vault *vault = changing->vault;
	enum status st = vault_need_ring(vault, err);

	record_init(&record);
	if (st == ST_OK)
		st = store_link_find(vault->store, changing->request->link_id,
				     &changing->link, err);
	if (st == ST_OK &&
	    !link_is_of(&changing->link, changing->request->case_id))
		return err_set(err, ST_NOT_FOUND, "no such link");
	if (st == ST_OK)
		st = record_read(vault, changing->link.case_id, &record, err);
	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	switch (st == ST_OK ? link_right(vault, actor, &record)
			    : LINK_RIGHT_NONE) {
	case LINK_RIGHT_CHANGE:
		break;
	case LINK_RIGHT_NONE:
		return err_set(err, ST_NOT_FOUND, "no such link");
	case LINK_RIGHT_COUNT:
	case LINK_RIGHT_AUDIT:
	case LINK_RIGHT_READ:
	default:
		return err_set(err, ST_DENIED,
			       "only the sender and approvers change links");
	}
	return link_open_words(vault, &changing->link, &changing->words,
			       &changing->arena, err);
}

enum status
link_change(struct vault *vault, const struct actor *actor,
	    const struct vault_link_change *request, struct err *err)
{
	AUTO(changing_done)
	struct link_changing changing = { .vault = vault, .request = request };
	const struct link_visitor visitor = { .address =
						      request->client_address,
					      .agent = "" };
	enum status st = change_find(&changing, actor, err);

	if (st != ST_OK)
		return st;
	if (changing.link.ended_unix_ms != 0)
		return err_set(err, ST_END, "the link is %s already",
			       link_state_name(changing.link.state));
	changing.deed = (struct link_deed){ .actor = actor->user.login,
					    .via = actor->via,
					    .address = changing.words.address,
					    .visitor = &visitor };
	switch (request->step) {
	case LINK_STEP_REVOKE:
	case LINK_STEP_WRONG:
		return end_link(&changing, err);
	case LINK_STEP_EXTEND:
		return extend_link(&changing, err);
	case LINK_STEP_THAW:
		return thaw_link(&changing, err);
	case LINK_STEP_NONE:
	case LINK_STEP_END:
	default:
		return err_set(err, ST_FORMAT, "no such step");
	}
}
