#include "quarantine-ui/pages/case_values.h"

#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

static const struct template_field person_fields[] = {
	TEMPLATE_TEXT_F(struct case_person, address),
	TEMPLATE_TEXT_F(struct case_person, kind),
};
static const struct template_shape person_shape =
	TEMPLATE_SHAPE(case_person, person_fields);

static const struct template_field recipient_fields[] = {
	TEMPLATE_TEXT_F(struct case_recipient_row, address),
	TEMPLATE_TEXT_F(struct case_recipient_row, outcome),
	TEMPLATE_TEXT_F(struct case_recipient_row, outcome_name),
	TEMPLATE_TEXT_F(struct case_recipient_row, reply),
	TEMPLATE_TEXT_F(struct case_recipient_row, resembles),
	TEMPLATE_FLAG_F(struct case_recipient_row, first_contact),
	TEMPLATE_FLAG_F(struct case_recipient_row, waiting),
};
static const struct template_shape recipient_shape =
	TEMPLATE_SHAPE(case_recipient_row, recipient_fields);

static const struct template_field companion_fields[] = {
	TEMPLATE_TEXT_F(struct case_companion, subject),
	TEMPLATE_TEXT_F(struct case_companion, recipients),
	TEMPLATE_TEXT_F(struct case_companion, received),
	TEMPLATE_TEXT_F(struct case_companion, received_iso),
};
static const struct template_shape companion_shape =
	TEMPLATE_SHAPE(case_companion, companion_fields);

static const struct template_field event_fields[] = {
	TEMPLATE_TEXT_F(struct case_event, at),
	TEMPLATE_TEXT_F(struct case_event, iso),
	TEMPLATE_TEXT_F(struct case_event, actor),
	TEMPLATE_TEXT_F(struct case_event, words),
	TEMPLATE_TEXT_F(struct case_event, detail),
};
static const struct template_shape event_shape =
	TEMPLATE_SHAPE(case_event, event_fields);

static const struct template_field case_fields[] = {
	TEMPLATE_TEXT_F(struct case_values, id),
	TEMPLATE_TEXT_F(struct case_values, subject),
	TEMPLATE_TEXT_F(struct case_values, sender),
	TEMPLATE_TEXT_F(struct case_values, state),
	TEMPLATE_TEXT_F(struct case_values, state_name),
	TEMPLATE_TEXT_F(struct case_values, state_class),
	TEMPLATE_TEXT_F(struct case_values, verdict),
	TEMPLATE_TEXT_F(struct case_values, level),
	TEMPLATE_TEXT_F(struct case_values, level_name),
	TEMPLATE_TEXT_F(struct case_values, rule),
	TEMPLATE_TEXT_F(struct case_values, received),
	TEMPLATE_TEXT_F(struct case_values, age),
	TEMPLATE_TEXT_F(struct case_values, received_iso),
	TEMPLATE_TEXT_F(struct case_values, size),
	TEMPLATE_TEXT_F(struct case_values, client),
	TEMPLATE_TEXT_F(struct case_values, queue_id),
	TEMPLATE_TEXT_F(struct case_values, deadline),
	TEMPLATE_TEXT_F(struct case_values, deadline_in),
	TEMPLATE_TEXT_F(struct case_values, deadline_iso),
	TEMPLATE_TEXT_F(struct case_values, version),
	TEMPLATE_TEXT_F(struct case_values, form_token),
	TEMPLATE_TEXT_F(struct case_values, why_not),
	TEMPLATE_TEXT_F(struct case_values, approvers),
	TEMPLATE_TEXT_F(struct case_values, looking),
	TEMPLATE_TEXT_F(struct case_values, done),
	TEMPLATE_NUMBER_F(struct case_values, number_count),
	TEMPLATE_NUMBER_F(struct case_values, recipient_total),
	TEMPLATE_NUMBER_F(struct case_values, first_contacts),
	TEMPLATE_NUMBER_F(struct case_values, more_recipients),
	TEMPLATE_NUMBER_F(struct case_values, more_parts),
	TEMPLATE_NUMBER_F(struct case_values, more_findings),
	TEMPLATE_NUMBER_F(struct case_values, more_events),
	TEMPLATE_NUMBER_F(struct case_values, revision),
	TEMPLATE_FLAG_F(struct case_values, own),
	TEMPLATE_FLAG_F(struct case_values, hidden),
	TEMPLATE_FLAG_F(struct case_values, undecided),
	TEMPLATE_FLAG_F(struct case_values, may_decide),
	TEMPLATE_FLAG_F(struct case_values, may_cancel),
	TEMPLATE_FLAG_F(struct case_values, may_rescan),
	TEMPLATE_FLAG_F(struct case_values, may_reveal),
	TEMPLATE_FLAG_F(struct case_values, may_comment),
	TEMPLATE_FLAG_F(struct case_values, no_report),
	TEMPLATE_FLAG_F(struct case_values, ambiguous),
	TEMPLATE_FLAG_F(struct case_values, strict),
	TEMPLATE_FLAG_F(struct case_values, overdue),
	TEMPLATE_FLAG_F(struct case_values, soon),
	TEMPLATE_FLAG_F(struct case_values, unconfirmed),
	TEMPLATE_FLAG_F(struct case_values, resembling),
	TEMPLATE_FLAG_F(struct case_values, has_preview),
	TEMPLATE_FLAG_F(struct case_values, preview_waits),
	TEMPLATE_FLAG_F(struct case_values, preview_bad),
	TEMPLATE_FLAG_F(struct case_values, preview_cut),
	TEMPLATE_LIST_F(struct case_values, senders, sender_count,
			person_shape),
	TEMPLATE_LIST_F(struct case_values, recipients, recipient_count,
			recipient_shape),
	TEMPLATE_LIST_F(struct case_values, nodes, node_count, case_node_shape),
	TEMPLATE_LIST_F(struct case_values, preview, preview_count,
			case_preview_part_shape),
	TEMPLATE_LIST_F(struct case_values, comments, comment_count,
			event_shape),
	TEMPLATE_LIST_F(struct case_values, events, event_count, event_shape),
	TEMPLATE_LIST_F(struct case_values, companions, companion_count,
			companion_shape),
	TEMPLATE_TEXT_F(struct case_values, waits_with),
	TEMPLATE_LIST_F(struct case_values, locks, lock_count, case_lock_shape),
	TEMPLATE_TEXT_F(struct case_values, lock_words),
	TEMPLATE_TEXT_F(struct case_values, lock_name),
	TEMPLATE_TEXT_F(struct case_values, unlock_name),
	TEMPLATE_TEXT_F(struct case_values, search_tried),
	TEMPLATE_TEXT_F(struct case_values, search_total),
	TEMPLATE_TEXT_F(struct case_values, search_rate),
	TEMPLATE_TEXT_F(struct case_values, search_end),
	TEMPLATE_NUMBER_F(struct case_values, locked),
	TEMPLATE_NUMBER_F(struct case_values, opened),
	TEMPLATE_NUMBER_F(struct case_values, search_percent),
	TEMPLATE_FLAG_F(struct case_values, trying),
	TEMPLATE_FLAG_F(struct case_values, unlock_failed),
	TEMPLATE_FLAG_F(struct case_values, may_unlock),
	TEMPLATE_FLAG_F(struct case_values, may_search),
	TEMPLATE_FLAG_F(struct case_values, search_on),
	TEMPLATE_FLAG_F(struct case_values, search_paused),
	TEMPLATE_FLAG_F(struct case_values, search_ended),
	TEMPLATE_FLAG_F(struct case_values, search_counted),
	TEMPLATE_FLAG_F(struct case_values, may_link),
	TEMPLATE_FLAG_F(struct case_values, may_ask_link),
	TEMPLATE_FLAG_F(struct case_values, link_asked),
	TEMPLATE_FLAG_F(struct case_values, link_password),
	TEMPLATE_FLAG_F(struct case_values, link_rate),
	TEMPLATE_NUMBER_F(struct case_values, link_count),
	TEMPLATE_NUMBER_F(struct case_values, link_pictures),
};
const struct template_shape shape_case =
	TEMPLATE_SHAPE(case_values, case_fields);

/* So many of count rows are shown; the rest goes to *more_out. */
static size_t
case_rows(size_t count, uint64_t *more_out)
{
	const size_t shown = count < CASE_MAX_ROWS ? count : CASE_MAX_ROWS;

	*more_out = count - shown;
	return shown;
}

static void
case_fill_senders(struct call *call, const struct vault_case *held,
		  struct case_values *values)
{
	struct case_person *rows = scratch_alloc(
		&call->scratch, held->sender_count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < held->sender_count; i++)
		rows[i] = (struct case_person){
			held->senders[i].address,
			words_sender_kind(call, held->senders[i].kind)
		};
	values->senders = rows;
	values->sender_count = held->sender_count;
}

void
case_fill_companions(struct call *call, const struct vault_case *held,
		     struct case_values *values)
{
	struct case_companion *rows = scratch_alloc(
		&call->scratch, held->companion_count, sizeof(*rows));
	char id[CASE_ID_TEXT_BYTES] = "";

	if (held->companion_of.len_bytes == CASE_ID_BYTES)
		case_id_format(held->companion_of.ptr, id);
	values->waits_with = scratch_text(&call->scratch, span_of(id));
	if (rows == NULL)
		return;
	for (size_t i = 0; i < held->companion_count; i++) {
		const struct vault_companion *from = &held->companions[i];

		rows[i] = (struct case_companion){
			.subject =
				from->subject[0] != '\0'
					? from->subject
					: call_text(call,
						    N_("(not shown to you)")),
			.recipients = from->recipients_text,
			.received = words_time(call, from->received_unix_ms),
			.received_iso = words_iso(call, from->received_unix_ms),
		};
	}
	values->companions = rows;
	values->companion_count = held->companion_count;
}

void
case_fill_people(struct call *call, const struct vault_case *held,
		 struct case_values *values)
{
	const size_t count =
		case_rows(held->recipient_count, &values->more_recipients);
	struct case_recipient_row *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));

	case_fill_senders(call, held, values);
	if (rows == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct vault_recipient_line *from = &held->recipients[i];

		rows[i] = (struct case_recipient_row){
			.address =
				from->address[0] != '\0'
					? from->address
					: call_text(call,
						    N_("(not shown to you)")),
			.outcome = words_outcome(call, from->outcome),
			.outcome_name = case_outcome_name(from->outcome),
			.reply = from->last_reply,
			.resembles = from->resembles,
			.first_contact = !from->written_before,
			.waiting = from->outcome == CASE_OUTCOME_WAITING,
		};
		values->first_contacts += !from->written_before;
		values->resembling |= from->resembles[0] != '\0';
	}
	values->recipient_total = held->recipient_count;
	values->recipients = rows;
	values->recipient_count = count;
}

void
case_fill_unlock(struct call *call, const struct asked_case *asked,
		 struct case_values *values)
{
	const struct vault_locks *locks = &asked->held.line.locks;
	struct search_words search;

	if (asked->has_report)
		case_fill_locks(call, &asked->report, &values->locks,
				&values->lock_count);
	/* One file that is locked: its password, and no other's, is asked. */
	if (locks->locked == 1 && values->lock_count > 0)
		values->lock_name = values->locks[0].name;
	case_search_words(call, locks, &search);
	values->lock_words = case_unlock_words(call, locks);
	values->unlock_name = unlock_state_name(locks->state);
	values->locked = locks->locked;
	values->opened = locks->opened;
	values->trying = values->undecided && locks->locked > 0 &&
			 locks->state == UNLOCK_STATE_TRYING;
	values->unlock_failed = locks->state == UNLOCK_STATE_CLOSED ||
				locks->state == UNLOCK_STATE_LOST;
	values->may_unlock = asked->held.may_unlock && values->undecided;
	values->may_search = asked->held.may_search && values->undecided;
	values->search_on = search.on && values->undecided;
	values->search_paused = search.paused && values->undecided;
	values->search_ended = search.ended;
	values->search_counted = search.counted;
	values->search_tried = search.tried;
	values->search_total = search.total;
	values->search_rate = search.rate;
	values->search_end = search.end;
	values->search_percent = search.percent;
}

/* Details for the log that say nothing to people who decide. */
static bool
case_is_for_log(const char *event)
{
	static const char *const leads[] = { "hold",     "open",   "ticket",
					     "job-",     "settle", "progress",
					     "shred",    "entry",  "rescanned",
					     "preview",  "unlock", "search",
					     "companion" };

	for (size_t i = 0; i < ARRAY_LEN(leads); i++)
		if (strncmp(event, leads[i], strlen(leads[i])) == 0)
			return true;
	return false;
}

/* Of links their page tells the rest, and which of them it was. */
static const char *
case_link_words(const struct vault_case_event *event)
{
	const char *detail = event->detail;
	const char *at = NULL;

	if (strncmp(detail, "link=", 5) != 0)
		return detail;
	at = strstr(detail, "; ");
	if (at != NULL)
		return at + 2;
	at = strchr(detail, ' ');
	return at != NULL ? at + 1 : "";
}

/* What a person wrote stands behind what the vault noted. */
static const char *
case_words_of(struct call *call, const struct vault_case_event *event)
{
	const char *mark = strcmp(event->event, "revealed") == 0 ? "; "
			   : strcmp(event->event, "pass") == 0   ? " rule="
							       : "; purpose: ";
	const char *at = strstr(event->detail, mark);
	size_t len = 0;

	if (case_is_for_log(event->event))
		return "";
	if (at == NULL)
		return case_link_words(event);
	at += strlen(mark);
	at += strspn(at, "; ");
	len = strlen(at);
	while (len > 0 && strchr("; ", at[len - 1]) != NULL)
		len--;
	return scratch_textf(&call->scratch, "%.*s", (int)len, at);
}

static const char *
case_actor(const struct call *call, const char *actor)
{
	if (strcmp(actor, "guest") == 0)
		return call_text(call, N_("the sender"));
	return strcmp(actor, "recipient") == 0
		       ? call_text(call, N_("the recipient"))
		       : actor;
}

static void
case_fill_event(struct call *call, const struct vault_case_event *from,
		struct case_event *to)
{
	*to = (struct case_event){
		.at = words_time(call, from->at_unix_ms),
		.iso = words_iso(call, from->at_unix_ms),
		.actor = case_actor(call, from->actor),
		.words = words_event(call, from->event),
		.detail = case_words_of(call, from),
	};
}

/* What people said about the mail stands by itself, and not in between. */
static bool
case_is_comment(const struct vault_case_event *event)
{
	return strcmp(event->event, "comment") == 0;
}

/* What the same one does again and again is told once, and not at all that a
 * mail of ours, mostly a notice, has passed the gateway. */
static bool
case_is_noise(const struct vault_case_event *events, size_t at)
{
	return strcmp(events[at].event, "ticket") == 0 ||
	       (at > 0 && !case_is_comment(&events[at]) &&
		strcmp(events[at].event, events[at - 1].event) == 0 &&
		strcmp(events[at].actor, events[at - 1].actor) == 0 &&
		strcmp(events[at].detail, events[at - 1].detail) == 0);
}

void
case_fill_events(struct call *call, const struct vault_case *held,
		 struct case_values *values)
{
	const size_t count = case_rows(held->event_count, &values->more_events);
	struct case_event *events =
		scratch_alloc(&call->scratch, count, sizeof(*events));
	struct case_event *comments =
		scratch_alloc(&call->scratch, count, sizeof(*comments));

	if (events == NULL || comments == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct vault_case_event *from = &held->events[i];

		values->link_rate |= values->undecided &&
				     strcmp(from->event, "link-rate") == 0;
		if (case_is_noise(held->events, i))
			continue;
		case_fill_event(call, from,
				case_is_comment(from)
					? &comments[values->comment_count++]
					: &events[values->event_count++]);
	}
	values->events = events;
	values->comments = comments;
}
