#include "vault/case/notice.h"

#include <stdio.h>
#include <string.h>

#include "lib/config/policy.h"
#include "vault/case/companion.h"
#include "vault/case/four_eyes.h"
#include "vault/case/job.h"

static const char *
default_language(const struct vault *vault)
{
	return vault->config->general.language;
}

/* What can happen to a case more than once. */
static bool
repeats(enum notice_event event)
{
	return event == NOTICE_REMINDER || event == NOTICE_WAITING ||
	       event == NOTICE_BOUNCED || event == NOTICE_FAILED ||
	       event == NOTICE_UNLOCKED;
}

static enum status
order_notice(struct vault *vault, const struct record *record,
	     const struct job_payload *payload, struct err *err)
{
	/* Held again: the first notice was another one. */
	const bool again = payload->event == NOTICE_HELD &&
			   record->row.decision.len_bytes > 0;
	const bool numbered = again || repeats(payload->event);
	struct job_order order = {
		.case_id = record->row.id,
		.kind = JOB_KIND_NOTICE,
		.payload = *payload,
		.serial = numbered ? (uint64_t)vault->now_unix_ms : 0,
	};

	if (payload->event == NOTICE_COMMENTED) {
		order.not_before_unix_ms = record->row.commented_unix_ms;
		order.serial = (uint64_t)record->row.commented_unix_ms;
	}

	if (payload->address == NULL || payload->address[0] == '\0')
		return ST_OK;
	/* Its main case speaks for it. */
	if (companion_is(&record->row) && payload->event != NOTICE_BOUNCED)
		return ST_OK;
	return job_add(vault, &order, err);
}

static enum status
order_for_user(struct vault *vault, const struct record *record,
	       const struct store_user *user, enum notice_event event,
	       const char *reason, struct err *err)
{
	char address[CASE_MAX_ADDRESS_BYTES + 1];
	const struct job_payload payload = {
		.event = event,
		.audience = NOTICE_AUDIENCE_APPROVER,
		.address = address,
		.person = user->name,
		.language = user->language[0] != '\0' ? user->language
						      : default_language(vault),
		.reason = reason,
	};

	if (!person_address(user, address, sizeof(address)))
		return ST_OK;
	return order_notice(vault, record, &payload, err);
}

/* Account whose mail address is this one; NULL: a stranger's. */
static const struct store_user *
owner_of(const struct vault *vault, const struct people *people,
	 const char *address)
{
	for (size_t i = 0; i < people->count; i++)
		if (people->items[i].enabled &&
		    person_is(vault, &people->items[i], address))
			return &people->items[i];
	return NULL;
}

static enum status
tell_sender(struct vault *vault, const struct record *record,
	    const struct people *people, enum notice_event event,
	    const char *reason, struct err *err)
{
	const char *address = record->summary.envelope_sender;
	const struct store_user *user = owner_of(vault, people, address);
	const struct job_payload payload = {
		.event = event,
		.audience = NOTICE_AUDIENCE_SENDER,
		.address = address,
		.person = user != NULL ? user->name : "",
		.language = user != NULL && user->language[0] != '\0'
				    ? user->language
				    : default_language(vault),
		.reason = reason,
	};

	return order_notice(vault, record, &payload, err);
}

/* What everybody who may decide is told. */
struct told {
	enum notice_event event;
	const char *reason;
	size_t count;
};

static enum status
tell_approvers(struct vault *vault, const struct record *record,
	       const struct people *people, struct told *told, struct err *err)
{
	for (size_t i = 0; i < people->count; i++) {
		const struct store_user *user = &people->items[i];
		struct err why = { .st = ST_OK };
		enum status st =
			four_eyes_check(vault, record, people, user, &why);

		if (st == ST_DENIED)
			continue;
		if (st != ST_OK)
			return err_set(err, st, "%s", why.text);
		st = order_for_user(vault, record, user, told->event,
				    told->reason, err);
		if (st != ST_OK)
			return st;
		told->count++;
	}
	return ST_OK;
}

static enum status
tell_postmaster(struct vault *vault, const struct record *record,
		enum notice_event event, struct err *err)
{
	const struct job_payload payload = {
		.event = event,
		.audience = NOTICE_AUDIENCE_APPROVER,
		.address = vault->config->general.postmaster,
		.language = default_language(vault),
	};

	return order_notice(vault, record, &payload, err);
}

enum status
notice_held_again(struct vault *vault, const struct record *record,
		  const char *reason, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	struct told told = { NOTICE_HELD, reason, 0 };
	enum status st = ST_OK;

	/* Nobody decides on it: it goes back at once, with a notice. */
	if (strcmp(record->summary.terms.approvers, POLICY_GROUP_OF_NOBODY) ==
	    0)
		return ST_OK;
	st = people_read(vault, &people, err);
	if (st == ST_OK)
		st = tell_sender(vault, record, &people, NOTICE_HELD, reason,
				 err);
	if (st == ST_OK)
		st = tell_approvers(vault, record, &people, &told, err);
	if (st == ST_OK && told.count == 0)
		st = tell_postmaster(vault, record, NOTICE_HELD, err);
	return st;
}

enum status
notice_held(struct vault *vault, const struct record *record, struct err *err)
{
	return notice_held_again(vault, record, "", err);
}

enum status
notice_sender(struct vault *vault, const struct record *record,
	      enum notice_event event, const char *reason, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	const enum status st = people_read(vault, &people, err);

	if (st != ST_OK)
		return st;
	return tell_sender(vault, record, &people, event, reason, err);
}

enum status
notice_approvers(struct vault *vault, const struct record *record,
		 enum notice_event event, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	struct told told = { event, "", 0 };
	enum status st = people_read(vault, &people, err);

	if (st == ST_OK)
		st = tell_approvers(vault, record, &people, &told, err);
	if (st == ST_OK && told.count == 0)
		st = tell_postmaster(vault, record, event, err);
	return st;
}

enum status
notice_commented(struct vault *vault, const struct record *record,
		 struct err *err)
{
	return notice_approvers(vault, record, NOTICE_COMMENTED, err);
}

enum status
notice_sender_language(struct vault *vault, const struct record *record,
		       char *language, size_t language_bytes, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	const struct store_user *user = NULL;
	const enum status st = people_read(vault, &people, err);

	if (st == ST_OK)
		user = owner_of(vault, &people,
				record->summary.envelope_sender);
	(void)snprintf(language, language_bytes, "%s",
		       user != NULL ? user->language : "");
	return st;
}

enum status
notice_give_back(struct vault *vault, const struct record *record,
		 const struct notice_give_back *give_back, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	const char *sender = record->summary.envelope_sender;
	const struct store_user *user = NULL;
	struct job_order order = { .case_id = record->row.id,
				   .kind = JOB_KIND_GIVE_BACK,
				   .serial = give_back->serial };
	const enum status st = people_read(vault, &people, err);

	if (st != ST_OK)
		return st;
	user = owner_of(vault, &people, sender);
	order.payload = (struct job_payload){
		.event = give_back->event,
		.audience = NOTICE_AUDIENCE_SENDER,
		.address = sender,
		.person = user != NULL ? user->name : "",
		.language = user != NULL && user->language[0] != '\0'
				    ? user->language
				    : default_language(vault),
		.reason = give_back->reason,
		.recipients_text = give_back->recipients_text,
	};
	/* The null sender takes no mail: its keeper does. */
	if (sender[0] == '\0') {
		order.payload.address = vault->config->general.postmaster;
		order.payload.to_postmaster = true;
	}
	return job_add(vault, &order, err);
}

enum status
notice_approver_names(struct vault *vault, const struct record *record,
		      struct sbuf *text, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	enum status st = people_read(vault, &people, err);

	for (size_t i = 0; st == ST_OK && i < people.count; i++) {
		const struct store_user *user = &people.items[i];
		struct err why = { .st = ST_OK };

		if (four_eyes_check(vault, record, &people, user, &why) !=
			    ST_OK ||
		    text->len_bytes + VAULT_MAX_NAME_BYTES * 2 >=
			    VAULT_MAX_COMMENT_BYTES)
			continue;
		if (text->len_bytes > 0)
			sbuf_add_text(text, ", ");
		sbuf_add_text(text,
			      user->name[0] != '\0' ? user->name : user->login);
	}
	return st == ST_OK ? sbuf_status(text, "vault: names", err) : st;
}
