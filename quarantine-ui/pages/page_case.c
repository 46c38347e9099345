#include <string.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/report/pictures.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/case_values.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/words.h"

enum { CASE_VERSION_BYTES = 32, CASE_SOON_MS = 24 * 3600 * 1000 };

static const char *
case_or(struct call *call, const char *text, const char *otherwise)
{
	return text[0] != '\0' ? text : call_text(call, otherwise);
}

/* Who takes no part in a case (an auditor, an admin) is told of it, but not
 * what it says. */
static bool
case_is_hidden(const struct vault_case *held)
{
	return held->sender_count == 0 && held->report.len_bytes == 0 &&
	       held->line.subject[0] == '\0' &&
	       held->line.envelope_sender[0] == '\0';
}

/* The head of the page: what, who, until when. */
static void
case_fill_head(struct call *call, const struct vault_case *held,
	       struct case_values *values)
{
	const struct vault_case_line *line = &held->line;

	values->id = call->case_text;
	values->hidden = case_is_hidden(held);
	values->subject = case_or(call, line->subject,
				  values->hidden ? N_("(not shown to you)")
						 : N_("(no subject)"));
	values->sender = case_or(call, line->envelope_sender,
				 values->hidden ? N_("(not shown to you)")
						: N_("(no sender)"));
	values->state = words_state(call, line->state);
	values->state_name = case_state_name(line->state);
	values->state_class = words_state_class(line->state);
	values->unconfirmed = line->state == CASE_STATE_UNCONFIRMED;
	values->verdict = words_verdict(call, line->verdict);
	values->level = words_level(call, line->level);
	values->level_name = words_level_class(line->verdict, line->level);
	values->rule = line->rule;
	values->number_count = line->number_count;
	values->received = words_time(call, line->received_unix_ms);
	values->received_iso = words_iso(call, line->received_unix_ms);
	values->age = words_age(call, line->received_unix_ms);
	values->size = words_size(call, held->size_bytes);
	values->client = held->client;
	values->queue_id = held->queue_id;
	values->own = line->own;
	values->looking = held->line.looking;
}

static void
case_fill_deadline(struct call *call, const struct vault_case *held,
		   struct case_values *values)
{
	const int64_t deadline_unix_ms = held->line.deadline_unix_ms;
	const int64_t left_ms = deadline_unix_ms - clock_unix_ms();

	if (!values->undecided || deadline_unix_ms == 0)
		return;
	values->deadline = words_day(call, deadline_unix_ms);
	values->deadline_iso = words_iso(call, deadline_unix_ms);
	values->deadline_in = words_until(call, deadline_unix_ms);
	values->overdue = left_ms < 0;
	values->soon = left_ms >= 0 && left_ms < CASE_SOON_MS;
}

static void
case_fill_decision(struct call *call, const struct vault_case *held,
		   struct case_values *values)
{
	const enum case_state state = held->line.state;
	const bool undecided = state == CASE_STATE_HELD ||
			       state == CASE_STATE_UNCONFIRMED ||
			       state == CASE_STATE_SEALED;
	AUTO(sbuf_done) struct sbuf version;

	sbuf_init(&version, (size_t)2 * CASE_VERSION_BYTES);
	format_hex(&version,
		   (struct span){ held->version, sizeof(held->version) });
	values->version = scratch_text(&call->scratch, sbuf_span(&version));
	values->form_token = call->form_token;
	values->undecided = undecided;
	values->may_decide = held->may_decide && undecided;
	values->may_cancel = held->may_cancel && undecided;
	values->may_rescan =
		undecided && !held->line.own &&
		call_has_role(call, VAULT_ROLE_APPROVER | VAULT_ROLE_ADMIN);
	values->why_not =
		held->may_decide ? "" : words_refusal(call, held->why_not);
	values->approvers = held->approvers;
	values->may_reveal = held->may_reveal;
	values->may_comment = held->may_comment && undecided;
	values->may_link = held->may_link && values->may_decide;
	values->may_ask_link = held->may_ask_link && undecided;
	values->link_asked = held->link_asked;
	values->link_password = held->link_password;
	values->link_count = held->link_count;
	case_fill_deadline(call, held, values);
}

/* A preview that does not decode, or that shows more than a page of this
 * kind may, is as good as none. */
static void
case_read_preview(struct call *call, const struct vault_case *held,
		  struct case_values *values, struct wire_arena **arena)
{
	struct err err = { .st = ST_OK };
	struct preview preview;
	struct case_preview rows = { .parts = NULL };

	if (held->preview.len_bytes == 0) {
		values->preview_waits = values->undecided && !values->hidden;
		return;
	}
	if (wire_decode(&preview_table, held->preview, &preview, arena, &err) !=
	    ST_OK) {
		log_event(LOG_LEVEL_ERROR, "preview-unreadable", &err);
		values->preview_bad = true;
		return;
	}
	values->preview_bad = preview.revealed;
	if (preview.revealed)
		return;
	case_fill_preview(call, &preview, &rows);
	values->has_preview = true;
	values->preview_cut = rows.cut;
	values->preview = rows.parts;
	values->preview_count = rows.part_count;
}

static void
case_read_report(struct call *call, const struct asked_case *asked,
		 struct case_values *values)
{
	values->no_report = !asked->has_report && !values->hidden;
	if (!asked->has_report)
		return;
	values->ambiguous = asked->report.ambiguous;
	values->strict = asked->report.profile == REPORT_PROFILE_STRICT;
	values->link_pictures =
		pictures_shown(&asked->report, asked->held.link_logo_bytes,
			       !asked->held.link_pictures_stay);
	case_fill_tree(call, &asked->report, values);
}

/* What the last step did, told on the page it came back to. */
static const char *
case_done_words(const struct call *call)
{
	static const struct page_done words[] = {
		{ "rescan", N_("The mail is being checked again. This page "
			       "shows the result as soon as it is there.") },
		{ "cancel", N_("Cancelled. Nobody gets this mail.") },
		{ "comment", N_("Your words stand with the case now.") },
		{ "link-ask", N_("The approvers are told that you ask for a "
				 "secure link.") },
		{ "pause", N_("The search is paused.") },
		{ "resume", N_("The search goes on.") },
	};

	return page_done_text(call, words, ARRAY_LEN(words));
}

enum status
page_case(struct call *call, struct err *err)
{
	struct asked_case asked = { .arena = NULL };
	AUTO(wire_arena_free) struct wire_arena *preview = NULL;
	struct case_values values = { .revision = desk_revision(call->desk) };
	struct page page = { VIEW_TEMPLATE_CASE, &values, "", PAGE_MENU_INBOX };
	enum status st = ask_case(call, &asked, err);

	if (st == ST_OK) {
		case_fill_head(call, &asked.held, &values);
		case_fill_decision(call, &asked.held, &values);
		case_fill_people(call, &asked.held, &values);
		case_fill_companions(call, &asked.held, &values);
		case_fill_events(call, &asked.held, &values);
		case_read_report(call, &asked, &values);
		case_fill_unlock(call, &asked, &values);
		case_read_preview(call, &asked.held, &values, &preview);
		values.done = case_done_words(call);
		page.title = values.subject;
		st = page_render(call, &page, err);
	}
	ask_case_done(&asked);
	return st;
}
