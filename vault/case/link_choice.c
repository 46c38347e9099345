#include "vault/case/link_choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/policy.h"
#include "lib/crypto/link_key.h"
#include "lib/crypto/link_password.h"
#include "vault/case/case_change.h"
#include "vault/case/companion.h"
#include "vault/case/job.h"
#include "vault/case/link_rate.h"
#include "vault/case/notice.h"
#include "vault/case/pairs.h"
#include "vault/case/preview.h"
#include "vault/case/unlock.h"

enum {
	LINK_USUAL_LIFE_S = 14 * 86400,
	LINK_USUAL_LOGO_BYTES = 10 * 1024,
	LINK_ASK_BOX_BYTES = 1024,
	LINK_DETAIL_BYTES = 200,
	LINK_MIN_PASSWORD_BYTES = 8
};

static const struct wire_field ask_fields[] = {
	WIRE_BYTES_F(struct link_ask_words, salt, 0, CASE_ID_BYTES),
	WIRE_BYTES_F(struct link_ask_words, key, 0, SEAL_KEY_BYTES),
};
WIRE_TABLE(link_ask_words_table, 0x0335, 1, link_ask_words, ask_fields);

struct case_link_terms
link_terms(const struct vault *vault, const struct record *record)
{
	const uint64_t most_s = (uint64_t)vault->config->portal.max_expiry_s;
	struct case_link_terms terms = record->summary.terms.link;

	/* Held by a version that did not know links. */
	if (terms.expires_after_s == 0)
		terms = (struct case_link_terms){
			.needs_code = true,
			.logo_bytes = LINK_USUAL_LOGO_BYTES,
			.expires_after_s = LINK_USUAL_LIFE_S,
			.networks = "",
		};
	if (terms.expires_after_s > most_s)
		terms.expires_after_s = most_s;
	return terms;
}

bool
link_gets(const struct vault *vault, const struct record *record,
	  const char *address)
{
	const struct policy *policy = vault->config->policy;

	return record->summary.terms.link.inside || policy == NULL ||
	       !policy_is_local(policy, address);
}

bool
link_has_sender(const struct vault *vault, const struct record *record)
{
	const struct policy *policy = vault->config->policy;
	const char *sender = record->summary.envelope_sender;

	return sender[0] != '\0' &&
	       (policy == NULL || policy_is_local(policy, sender));
}

/* --- could it be? ------------------------------------------------------ */

static enum status
check_recipients(struct vault *vault, const struct record *record,
		 struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients waiting = { .arena = NULL };
	size_t count = 0;
	const enum status st = record_recipients(
		vault, record->row.id, CASE_OUTCOME_WAITING, &waiting, err);

	for (size_t i = 0; st == ST_OK && i < waiting.count; i++)
		count += link_gets(vault, record, waiting.items[i].address);
	if (st == ST_OK && count == 0)
		return err_set(err, ST_DENIED,
			       "nobody outside waits for this mail: it needs "
			       "no link");
	if (st == ST_OK && count > LINK_MAX_RECIPIENTS)
		return err_set(err, ST_DENIED,
			       "too many recipients for secure links");
	return st;
}

enum status
link_can(struct vault *vault, const struct record *record, struct err *err)
{
	const struct config_portal *portal = &vault->config->portal;

	if (portal->listen[0] == '\0' || portal->url[0] == '\0')
		return err_set(err, ST_DENIED,
			       "there is no portal for secure links");
	if (companion_is(&record->row))
		return err_set(err, ST_DENIED, COMPANION_WHY_NOT);
	return check_recipients(vault, record, err);
}

enum status
link_start(struct vault *vault, const struct record *record, struct err *err)
{
	/* A case can be decided so again, after it was refused. */
	const struct job_order order = { .case_id = record->row.id,
					 .kind = JOB_KIND_REWRITE,
					 .serial =
						 (uint64_t)vault->now_unix_ms };

	return job_add(vault, &order, err);
}

/* --- at once ----------------------------------------------------------- */

/* Somebody whom the sender never wrote to before? */
static enum status
has_unknown(struct vault *vault, const struct record *record, bool *unknown_out,
	    struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients waiting = { .arena = NULL };
	const char *sender = record->summary.envelope_sender;
	bool unknown = false;
	enum status st = record_recipients(vault, record->row.id,
					   CASE_OUTCOME_WAITING, &waiting, err);

	for (size_t i = 0; st == ST_OK && !unknown && i < waiting.count; i++) {
		const char *address = waiting.items[i].address;
		bool known = true;

		if (link_gets(vault, record, address))
			st = pairs_known(vault, sender, address,
					 record->row.taken_unix_ms, &known,
					 err);
		unknown = !known;
	}
	*unknown_out = unknown;
	return st;
}

/* ST_END: people decide, and see why. */
static enum status
check_rate(struct vault *vault, const struct record *record, struct err *err)
{
	const struct vault_deed deed = { .actor = "vault",
					 .via = "vault",
					 .event = "link-rate",
					 .case_id = record->row.id };
	struct err why = { .st = ST_OK };
	enum status st = link_rate_check(vault, record, &why);

	if (st != ST_DENIED)
		return st == ST_OK ? ST_OK : err_set(err, st, "%s", why.text);
	st = vault_audit(vault, &deed, err);
	return st == ST_OK ? ST_END : st;
}

/* ST_END: no. */
static enum status
check_at_once(struct vault *vault, const struct record *record, struct err *err)
{
	struct link_ask_state ask = { .asked = false };
	struct companions companions;
	struct err why = { .st = ST_OK };
	bool unknown = false;
	enum status st = ST_OK;

	if (!record->summary.terms.link.at_once || record->row.self_test ||
	    record->row.state != CASE_STATE_HELD)
		return ST_END;
	st = link_can(vault, record, &why);
	if (st == ST_DENIED)
		return ST_END;
	if (st != ST_OK)
		return err_set(err, st, "%s", why.text);
	st = companions_find(vault, record->row.id, &companions, err);
	if (st != ST_OK || companions.count > 0)
		return st == ST_OK ? ST_END : st;
	if (!record->summary.terms.link.unknown_held)
		return check_rate(vault, record, err);
	st = link_ask_find(vault, record->row.id, &ask, err);
	if (st == ST_OK && !ask.has_password)
		st = has_unknown(vault, record, &unknown, err);
	if (st != ST_OK || unknown)
		return st == ST_OK ? ST_END : st;
	return check_rate(vault, record, err);
}

enum status
link_at_once(struct vault *vault, struct record *record, bool *moved_out,
	     struct err *err)
{
	char detail[LINK_DETAIL_BYTES];
	const struct case_change change = { .event = CASE_EVENT_LINK,
					    .actor = "policy",
					    .via = "vault",
					    .detail = detail };
	enum status st = check_at_once(vault, record, err);

	*moved_out = false;
	if (st != ST_OK)
		return st == ST_END ? ST_OK : st;
	(void)snprintf(detail, sizeof(detail), "recipients=%" PRIu32 " rule=%s",
		       record->row.waiting_count, record->summary.terms.rule);
	st = case_change(vault, record, &change, err);
	if (st == ST_OK)
		st = link_start(vault, record, err);
	*moved_out = st == ST_OK;
	return st;
}

/* --- it cannot --------------------------------------------------------- */

enum status
link_refuse(struct vault *vault, struct record *record, const char *reason,
	    struct err *err)
{
	AUTO(sbuf_done) struct sbuf words;
	char detail[LINK_DETAIL_BYTES];
	const struct case_change change = { .event = CASE_EVENT_LINK_REFUSED,
					    .actor = "courier",
					    .via = "courier",
					    .detail = detail };
	enum status st = ST_OK;

	sbuf_init(&words, LINK_DETAIL_BYTES);
	vault_readable(&words, reason, LINK_DETAIL_BYTES - 1);
	(void)snprintf(detail, sizeof(detail), "%s", sbuf_text(&words));
	/* From now on people decide, whatever the rule said. */
	record->summary.terms.link.at_once = false;
	st = notice_held_again(vault, record, sbuf_text(&words), err);
	record->row.decision = (struct span){ NULL, 0 };
	record_set_times(vault, record);
	if (st == ST_OK)
		st = record_box(vault, record, err);
	if (st == ST_OK)
		st = case_change(vault, record, &change, err);
	if (st == ST_OK)
		st = preview_order(vault, record, err);
	vault->after->cases_changed = true;
	return st == ST_OK ? unlock_search(vault, record, err) : st;
}

/* --- the sender's wish ------------------------------------------------- */

bool
link_may_ask(struct vault *vault, const struct store_user *user,
	     const struct record *record)
{
	struct err why = { .st = ST_OK };

	return record->row.state == CASE_STATE_HELD &&
	       decide_may_cancel(vault, user, record) &&
	       link_can(vault, record, &why) == ST_OK;
}

static enum status
check_ask(struct vault *vault, const struct actor *actor,
	  const struct record *record, struct err *err)
{
	enum status st = ST_OK;

	if (decide_standing(vault, &actor->user, record) == CASE_STANDING_NONE)
		return err_set(err, ST_NOT_FOUND, "no such case");
	if (!decide_may_cancel(vault, &actor->user, record))
		return err_set(err, ST_DENIED,
			       "only the sender can ask for a secure link");
	if (record->row.state != CASE_STATE_HELD)
		return err_set(err, ST_END, "the case is %s already",
			       case_state_name(record->row.state));
	st = link_can(vault, record, err);
	return st == ST_OK ? link_rate_check(vault, record, err) : st;
}

enum status
link_ask_prepare(struct vault *vault, const struct actor *actor,
		 const struct vault_link_ask *request, struct link_ask_key *key,
		 struct err *err)
{
	AUTO(record_done) struct record record;
	AUTO(sbuf_done) struct sbuf password;
	enum status st = ST_OK;

	record_init(&record);
	sbuf_init_secret(&password, strlen(request->password));
	*key = (struct link_ask_key){ .has_password = false };
	st = record_read(vault, request->case_id, &record, err);
	if (st == ST_OK)
		st = check_ask(vault, actor, &record, err);
	if (st != ST_OK || request->password[0] == '\0')
		return st;
	link_password_fold(request->password, &password);
	st = sbuf_status(&password, "vault: password", err);
	if (st != ST_OK)
		return st;
	if (password.len_bytes < LINK_MIN_PASSWORD_BYTES)
		return err_set(err, ST_FORMAT,
			       "the password of a link has at least 8 "
			       "characters");
	st = random_fill(key->salt, sizeof(key->salt), err);
	if (st == ST_OK)
		st = link_password_key(
			sbuf_text(&password),
			(struct span){ key->salt, sizeof(key->salt) }, key->key,
			err);
	key->has_password = st == ST_OK;
	return st;
}

static enum status
put_ask(struct vault *vault, const struct record *record,
	const struct link_ask_key *key, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	struct store_link_ask row = { .asked_unix_ms = vault->now_unix_ms };
	const struct link_ask_words words = {
		.salt = { key->salt, sizeof(key->salt) },
		.key = { key->key, sizeof(key->key) },
	};
	enum status st = ST_OK;

	sbuf_init(&boxed, LINK_ASK_BOX_BYTES);
	memcpy(row.case_id, record->row.id, sizeof(row.case_id));
	if (key->has_password)
		st = vault_box(vault, &link_ask_words_table, &words, &boxed,
			       err);
	row.words = sbuf_span(&boxed);
	/* One of before, with another password. */
	vault->after->scrub = true;
	return st == ST_OK ? store_link_ask_put(vault->store, &row, err) : st;
}

enum status
link_ask(struct vault *vault, const struct actor *actor,
	 const struct vault_link_ask *request, const struct link_ask_key *key,
	 struct err *err)
{
	AUTO(record_done) struct record record;
	const struct vault_deed deed = {
		.actor = actor->user.login,
		.via = actor->via,
		.event = "link-asked",
		.case_id = request->case_id,
		.detail = key->has_password ? "password=yes" : "password=no",
	};
	bool moved = false;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(vault, request->case_id, &record, err);
	if (st == ST_OK)
		st = check_ask(vault, actor, &record, err);
	if (st == ST_OK)
		st = put_ask(vault, &record, key, err);
	if (st == ST_OK)
		st = vault_audit(vault, &deed, err);
	/* With a password the rule may want no second person. */
	if (st == ST_OK)
		st = link_at_once(vault, &record, &moved, err);
	vault->after->cases_changed = true;
	if (st != ST_OK || moved)
		return st;
	return notice_approvers(vault, &record, NOTICE_LINK_ASKED, err);
}

enum status
link_ask_find(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	      struct link_ask_state *state_out, struct err *err)
{
	AUTO(store_link_ask_done)
	struct store_link_ask row = { .memory = NULL };
	const enum status st =
		store_link_ask_find(vault->store, case_id, &row, err);

	*state_out = (struct link_ask_state){
		.asked = st == ST_OK,
		.has_password = st == ST_OK && row.words.len_bytes > 0,
	};
	return st == ST_NOT_FOUND ? ST_OK : st;
}
