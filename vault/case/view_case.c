#include "vault/case/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/case_table.h"
#include "vault/case/comment.h"
#include "vault/case/companion.h"
#include "vault/case/domains.h"
#include "vault/case/four_eyes.h"
#include "vault/case/link_choice.h"
#include "vault/case/looks.h"
#include "vault/case/notice.h"
#include "vault/case/pairs.h"
#include "vault/case/preview.h"
#include "vault/case/rescan.h"
#include "vault/case/reveal.h"
#include "vault/case/unlock.h"

enum {
	VIEW_MAX_EVENTS = 500,
	VIEW_DETAIL_BYTES = 400,
	VIEW_MAX_DOMAINS = 100,    /* that are compared with ours */
	VIEW_MAX_RECIPIENTS = 2000 /* the line says how many there are */
};

/* One case as it is put together for one account. */
struct view {
	struct vault *vault;
	const struct actor *actor;
	struct record record;
	struct wire_arena *arena;
	struct vault_case *out;
	bool involved;
};

static bool
put(struct view *view, const char **place, const char *text)
{
	*place =
		wire_arena_text(view->arena, span_of(text != NULL ? text : ""));
	return *place != NULL;
}

static enum status
no_memory(struct err *err)
{
	return err_set(err, ST_NO_MEMORY, "vault: no memory");
}

static enum status
view_line(struct view *view, struct err *err)
{
	struct vault_case_line *line = &view->out->line;

	line->own = person_may_have_sent(view->vault, &view->actor->user,
					 &view->record.summary);
	return view_fill_line(view->vault, view->arena, &view->record,
			      view->involved, line)
		       ? ST_OK
		       : no_memory(err);
}

static enum status
view_words(struct view *view, struct err *err)
{
	const struct case_summary *summary = &view->record.summary;
	char client[500] = "";

	if (view->involved && summary->client_name != NULL)
		(void)snprintf(client, sizeof(client), "%s [%s]",
			       summary->client_name, summary->client_address);
	view->out->size_bytes = summary->size_bytes;
	memcpy(view->out->version, view->record.row.version,
	       sizeof(view->out->version));
	if (!put(view, &view->out->client, client) ||
	    !put(view, &view->out->queue_id, summary->queue_id))
		return no_memory(err);
	return ST_OK;
}

static enum status
view_senders(struct view *view, struct err *err)
{
	const struct case_summary *summary = &view->record.summary;
	const size_t count = view->involved ? summary->sender_count : 0;
	struct case_sender *list =
		wire_arena_alloc(view->arena, (count + 1) * sizeof(*list));

	if (list == NULL)
		return no_memory(err);
	for (size_t i = 0; i < count; i++) {
		list[i].kind = summary->senders[i].kind;
		if (!put(view, &list[i].address, summary->senders[i].address))
			return no_memory(err);
	}
	view->out->senders = list;
	view->out->sender_count = count;
	return ST_OK;
}

static enum status
view_recipients(struct view *view, struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients all = { .arena = NULL };
	const char *sender = view->record.summary.envelope_sender;
	struct vault_recipient_line *list = NULL;
	enum status st = record_recipients(view->vault, view->record.row.id,
					   CASE_OUTCOME_NONE, &all, err);

	if (st != ST_OK)
		return st;
	if (all.count > VIEW_MAX_RECIPIENTS)
		all.count = VIEW_MAX_RECIPIENTS;
	list = wire_arena_alloc(view->arena, (all.count + 1) * sizeof(*list));
	if (list == NULL)
		return no_memory(err);
	for (size_t i = 0; st == ST_OK && i < all.count; i++) {
		list[i].outcome = all.items[i].outcome;
		if (!put(view, &list[i].address,
			 view->involved ? all.items[i].address : "") ||
		    !put(view, &list[i].last_reply,
			 view->involved ? all.items[i].last_reply : ""))
			return no_memory(err);
		st = pairs_known(view->vault, sender, all.items[i].address,
				 view->record.row.taken_unix_ms,
				 &list[i].written_before, err);
	}
	view->out->recipients = list;
	view->out->recipient_count = all.count;
	return st;
}

/* What the last recipient's domain looks like: those of one domain stand
 * together mostly. */
struct resembling {
	struct domains *domains; /* NULL: enough were looked at */
	const char *domain;
	char text[LOOKALIKE_DOMAIN_BYTES];
	size_t looked;
};

static enum status
look_at_domain(struct view *view, const char *address,
	       struct resembling *resembling, struct err *err)
{
	const char *at = strrchr(address, '@');
	const char *domain = at != NULL ? at + 1 : "";

	if (strcmp(domain, resembling->domain) == 0)
		return ST_OK;
	resembling->domain = domain;
	resembling->text[0] = '\0';
	if (resembling->looked++ == VIEW_MAX_DOMAINS)
		resembling->domains = NULL;
	if (resembling->domains == NULL)
		return ST_OK;
	return domains_resembling(resembling->domains, view->vault, address,
				  resembling->text, err);
}

/* Marks of recipients whose domain looks like one that we write to. */
static enum status
view_resembling(struct view *view, struct err *err)
{
	struct vault_recipient_line *list =
		(struct vault_recipient_line *)(uintptr_t)view->out->recipients;
	struct resembling resembling = {
		.domains = view->vault->memory != NULL
				   ? view->vault->memory->domains
				   : NULL,
		.domain = "",
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < view->out->recipient_count; i++) {
		st = look_at_domain(view, list[i].address, &resembling, err);
		if (st == ST_OK &&
		    !put(view, &list[i].resembles, resembling.text))
			st = no_memory(err);
	}
	return st;
}

/* May this account decide, cancel, and if not, why not? */
static enum status
view_rights(struct view *view, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	const enum case_state state = view->record.row.state;
	struct err why = { .st = ST_OK };
	struct sbuf names;
	enum status st = people_read(view->vault, &people, err);

	if (st != ST_OK)
		return st;
	st = four_eyes_check(view->vault, &view->record, &people,
			     &view->actor->user, &why);
	if (st != ST_OK && st != ST_DENIED)
		return err_set(err, st, "%s", why.text);
	view->out->may_decide = st == ST_OK && state == CASE_STATE_HELD;
	if (companion_is(&view->record.row)) {
		view->out->may_decide = false;
		(void)err_set(&why, ST_DENIED, COMPANION_WHY_NOT);
	} else if (st == ST_OK && !view->out->may_decide)
		(void)err_set(&why, ST_DENIED, "the case is %s",
			      case_state_name(state));
	view->out->may_cancel =
		state == CASE_STATE_HELD && !companion_is(&view->record.row) &&
		decide_may_cancel(view->vault, &view->actor->user,
				  &view->record);
	view->out->may_comment =
		comment_may(view->vault, &view->actor->user, &view->record);
	view->out->may_reveal =
		view->actor->has_session &&
		reveal_may(view->vault, &view->actor->user, &view->record);
	sbuf_init(&names, VAULT_MAX_COMMENT_BYTES);
	st = notice_approver_names(view->vault, &view->record, &names, err);
	if (st == ST_OK &&
	    (!put(view, &view->out->approvers, sbuf_text(&names)) ||
	     !put(view, &view->out->why_not,
		  view->out->may_decide ? "" : why.text)))
		st = no_memory(err);
	sbuf_done(&names);
	return st;
}

static enum status
view_report(struct view *view, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct sbuf plain;
	enum status st = ST_OK;

	if (!view->involved)
		return ST_OK;
	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	st = rescan_find(view->vault, view->record.row.id, &report, &arena,
			 err);
	if (st == ST_OK)
		st = wire_encode(&report_table, &report, &plain, err);
	if (st == ST_OK) {
		const uint8_t *copy = (const uint8_t *)wire_arena_text(
			view->arena, sbuf_span(&plain));

		view->out->report = (struct span){ copy, plain.len_bytes };
		if (copy == NULL)
			st = no_memory(err);
	}
	sbuf_done(&plain);
	return st;
}

/* One that does not open is as good as none: it is a help, no more. */
static enum status
view_preview(struct view *view, struct err *err)
{
	struct err why = { .st = ST_OK };
	struct sbuf plain;
	enum status st = ST_OK;

	if (!view->involved)
		return ST_OK;
	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	st = preview_find(view->vault, view->record.row.id, &plain, &why);
	if (st == ST_OK) {
		const uint8_t *copy = (const uint8_t *)wire_arena_text(
			view->arena, sbuf_span(&plain));

		view->out->preview = (struct span){ copy, plain.len_bytes };
		if (copy == NULL)
			st = ST_NO_MEMORY;
	}
	sbuf_done(&plain);
	return st == ST_NO_MEMORY ? no_memory(err) : ST_OK;
}

/* Who else has it open; and that this person has. */
static enum status
view_looking(struct view *view, struct err *err)
{
	struct looks *looks =
		view->vault->memory != NULL ? view->vault->memory->looks : NULL;
	const struct store_user *user = &view->actor->user;
	const struct looker who = { user->login, user->name };
	const int64_t now = view->vault->now_unix_ms;
	struct sbuf names;
	bool done = false;

	sbuf_init(&names, VAULT_MAX_COMMENT_BYTES);
	if (looks != NULL && view->involved) {
		looks_others(looks, view->record.row.id, &who, now, &names);
		looks_note(looks, view->record.row.id, &who, now);
	}
	done = put(view, &view->out->line.looking, sbuf_text(&names));
	sbuf_done(&names);
	return done ? ST_OK : no_memory(err);
}

struct events_load {
	struct view *view;
	struct vault_case_event *list;
	size_t count;
};

static enum status
load_event(void *context, const struct audit_line *line, struct err *err)
{
	struct events_load *load = context;
	struct view *view = load->view;
	struct vault_case_event *to = &load->list[load->count];
	const char *secret = line->event.secret;
	struct sbuf detail;
	bool done = false;

	if (load->count == VIEW_MAX_EVENTS)
		return ST_END;
	sbuf_init(&detail, VAULT_MAX_COMMENT_BYTES);
	vault_readable(&detail, line->event.detail, VIEW_DETAIL_BYTES);
	/* What a person wrote is for those who work on the case. */
	if (view->involved && secret != NULL && secret[0] != '\0') {
		if (detail.len_bytes > 0)
			sbuf_add_text(&detail, "; ");
		vault_readable(&detail, secret,
			       VAULT_MAX_COMMENT_BYTES - VIEW_DETAIL_BYTES - 2);
	}
	to->at_unix_ms = line->event.at_unix_ms;
	done = put(view, &to->actor, line->event.actor) &&
	       put(view, &to->event, line->event.event) &&
	       put(view, &to->detail, sbuf_text(&detail));
	sbuf_done(&detail);
	if (!done)
		return no_memory(err);
	load->count++;
	return ST_OK;
}

static enum status
view_events(struct view *view, struct err *err)
{
	const struct store_audit_query query = {
		.from_seq = 1,
		.case_id = view->record.row.id,
		.limit = VIEW_MAX_EVENTS,
	};
	struct events_load load = { view, NULL, 0 };
	enum status st = ST_OK;

	load.list = wire_arena_alloc(view->arena,
				     VIEW_MAX_EVENTS * sizeof(*load.list));
	if (load.list == NULL)
		return no_memory(err);
	st = audit_each(view->vault->store, view->vault->ring, &query,
			load_event, &load, err);
	view->out->events = load.list;
	view->out->event_count = load.count;
	return st;
}

static enum status
view_unlock(struct view *view, struct err *err)
{
	const struct store_user *user = &view->actor->user;
	struct vault_case *out = view->out;

	(void)err;
	out->may_unlock = unlock_may_type(view->vault, user, &view->record);
	out->may_search = unlock_may_pause(view->vault, user, &view->record);
	return ST_OK;
}

/* Could it go as links, does the sender wish so, has it gone so? */
static enum status
view_links(struct view *view, struct err *err)
{
	struct vault *vault = view->vault;
	struct vault_case *out = view->out;
	struct link_ask_state ask = { .asked = false };
	struct store_link_counts links = { .recipients = 0 };
	const struct case_link_terms terms = link_terms(vault, &view->record);
	struct err why = { .st = ST_OK };
	enum status st = link_ask_find(vault, view->record.row.id, &ask, err);

	if (st == ST_OK)
		st = store_link_count(vault->store, view->record.row.id, &links,
				      err);
	if (st == ST_OK && out->may_decide)
		st = link_can(vault, &view->record, &why);
	if (st != ST_OK && st != ST_DENIED)
		return st == why.st ? err_set(err, st, "%s", why.text) : st;
	out->may_link = out->may_decide && st == ST_OK;
	out->may_ask_link =
		link_may_ask(vault, &view->actor->user, &view->record);
	out->link_asked = ask.asked;
	out->link_password = ask.has_password;
	out->link_count = links.recipients;
	out->link_pictures_stay = terms.pictures != REWRITE_PICTURES_CUT;
	out->link_logo_bytes = terms.logo_bytes;
	return ST_OK;
}

static enum status
view_companion(struct view *view, const uint8_t id[CASE_ID_BYTES],
	       struct vault_companion *to, struct err *err)
{
	AUTO(record_done) struct record record;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(view->vault, id, &record, err);
	if (st != ST_OK)
		return st;
	memcpy(to->case_id, id, CASE_ID_BYTES);
	to->state = record.row.state;
	to->received_unix_ms = record.summary.received_unix_ms;
	if (!put(view, &to->subject,
		 view->involved ? record.summary.subject : "") ||
	    !put(view, &to->recipients_text,
		 view->involved ? record.summary.recipients_text : ""))
		return no_memory(err);
	return ST_OK;
}

/* What waits with it, or what it waits with. */
static enum status
view_companions(struct view *view, struct err *err)
{
	const struct store_case *row = &view->record.row;
	struct companions all;
	struct vault_companion *list = NULL;
	const char *main_id = NULL;
	enum status st = companions_find(view->vault, row->id, &all, err);

	if (st != ST_OK)
		return st;
	list = wire_arena_alloc(view->arena, (all.count + 1) * sizeof(*list));
	if (list == NULL)
		return no_memory(err);
	for (size_t i = 0; st == ST_OK && i < all.count; i++)
		st = view_companion(view, all.ids[i], &list[i], err);
	view->out->companions = list;
	view->out->companion_count = all.count;
	if (st != ST_OK || !companion_is(row))
		return st;
	main_id = wire_arena_text(
		view->arena, (struct span){ row->companion_of, CASE_ID_BYTES });
	view->out->companion_of =
		(struct span){ (const uint8_t *)main_id, CASE_ID_BYTES };
	return main_id != NULL ? ST_OK : no_memory(err);
}

static enum status
view_all(struct view *view, struct err *err)
{
	static enum status (*const steps[])(struct view *, struct err *) = {
		view_line,       view_words,  view_senders, view_recipients,
		view_resembling, view_rights, view_report,  view_preview,
		view_looking,    view_unlock, view_links,   view_events,
		view_companions,
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(steps); i++)
		st = steps[i](view, err);
	return st;
}

/* SEALED: there is a case, and that is all that can be said. */
static enum status
view_sealed(struct view *view, struct err *err)
{
	static const char why[] = "the vault was locked when it came in";
	enum status st = view_line(view, err);

	if (st == ST_OK)
		st = view_words(view, err);
	if (st == ST_OK)
		st = view_events(view, err);
	if (st == ST_OK && (!put(view, &view->out->why_not, why) ||
			    !put(view, &view->out->approvers, "")))
		st = no_memory(err);
	return st;
}

enum status
view_case(struct vault *vault, const struct actor *actor,
	  const struct vault_show *request, struct vault_case *answer_out,
	  struct wire_arena **arena_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct view view = { .vault = vault,
			     .actor = actor,
			     .arena = arena,
			     .out = answer_out };
	enum case_standing standing = CASE_STANDING_NONE;
	enum status st = ST_OK;

	if (arena == NULL)
		return no_memory(err);
	*answer_out = (struct vault_case){ .may_decide = false };
	record_init(&view.record);
	st = record_read(vault, request->case_id, &view.record, err);
	if (st == ST_OK) {
		standing = decide_standing(vault, &actor->user, &view.record);
		view.involved = standing == CASE_STANDING_INVOLVED;
		if (standing == CASE_STANDING_NONE)
			st = err_set(err, ST_NOT_FOUND, "no such case");
	}
	if (st == ST_OK)
		st = view.record.row.state == CASE_STATE_SEALED
			     ? view_sealed(&view, err)
			     : view_all(&view, err);
	record_done(&view.record);
	if (st == ST_OK)
		*arena_out = MOVE(arena);
	return st;
}

enum status
view_audit(struct vault *vault, const struct actor *actor,
	   const uint8_t case_id[CASE_ID_BYTES], struct err *err)
{
	const struct vault_deed deed = { .actor = actor->user.login,
					 .via = actor->via,
					 .event = "view",
					 .case_id = case_id };

	return vault_audit(vault, &deed, err);
}
