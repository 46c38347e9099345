#include "lib/base/parse.h"
#include "lib/report/pictures.h"
#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/ask.h"

/* json_pack() with "o" takes over each value and fails as a whole when one
 * is NULL, so a lack of memory anywhere makes the result NULL. */

/* Append item to array, both taken over; NULL when either is. */
static json_t *
json_append(json_t *array, json_t *item)
{
	if (array == NULL || item == NULL ||
	    json_array_append_new(array, item) != 0) {
		if (array == NULL)
			json_decref(item);
		json_decref(array);
		return NULL;
	}
	return array;
}

/* Of the tries and the search; null where nothing was locked. */
static json_t *
json_of_unlock(const struct vault_locks *locks)
{
	const bool counted = locks->total != UINT64_MAX;

	if (locks->locked == 0 && locks->opened == 0)
		return json_null();
	return json_pack("{s:o,s:o,s:s,s:s,s:o,s:o,s:o,s:o}", "locked",
			 json_of_number(locks->locked), "opened",
			 json_of_number(locks->opened), "state",
			 unlock_state_name(locks->state), "search",
			 search_state_name(locks->search), "search_tried",
			 json_of_number(locks->tried), "search_total",
			 counted ? json_of_number(locks->total) : json_null(),
			 "search_rate", json_of_number(locks->rate_per_s),
			 "search_left_ms", json_of_number(locks->left_ms));
}

json_t *
json_of_case_line(const struct vault_case_line *line)
{
	const bool scored = line->level != REPORT_LEVEL_NONE;

	return json_pack(
		"{s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:b,s:o}",
		"id", json_of_case_id(line->case_id), "state",
		case_state_name(line->state), "sender",
		json_of_text(line->envelope_sender), "recipients_text",
		json_of_text(line->recipients_text), "recipient_count",
		json_of_number(line->recipient_count), "subject",
		json_of_text(line->subject), "number_count",
		json_of_number(line->number_count), "verdict",
		report_verdict_name(line->verdict), "level",
		scored ? json_string(report_level_name(line->level))
		       : json_null(),
		"score", scored ? json_integer(line->score_db) : json_null(),
		"rule", json_of_text(line->rule), "received",
		json_of_instant(line->received_unix_ms), "deadline",
		json_of_instant(line->deadline_unix_ms), "own", line->own,
		"unlock", json_of_unlock(&line->locks));
}

static json_t *
json_of_senders(const struct vault_case *held)
{
	static const char *const kinds[] = { "none", "login", "envelope",
					     "header" };
	json_t *array = json_array();

	for (size_t i = 0; i < held->sender_count; i++) {
		const size_t kind = (size_t)held->senders[i].kind;

		array = json_append(
			array,
			json_pack("{s:s,s:o}", "kind",
				  kinds[kind < ARRAY_LEN(kinds) ? kind : 0],
				  "address",
				  json_of_text(held->senders[i].address)));
	}
	return array;
}

static json_t *
json_of_recipients(const struct vault_case *held)
{
	json_t *array = json_array();

	for (size_t i = 0; i < held->recipient_count; i++) {
		const struct vault_recipient_line *one = &held->recipients[i];

		array = json_append(
			array,
			json_pack("{s:o,s:s,s:o,s:b}", "address",
				  json_of_text(one->address), "outcome",
				  case_outcome_name(one->outcome), "last_reply",
				  json_of_text(one->last_reply),
				  "written_before", one->written_before));
	}
	return array;
}

static json_t *
json_of_terms(const struct report_finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->term_count; i++)
		array = json_append(
			array,
			json_pack("{s:o,s:o}", "name",
				  json_of_text(finding->terms[i].name),
				  "weight",
				  json_integer(finding->terms[i].weight_db)));
	return array;
}

static json_t *
json_of_findings(const struct scan_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *one = &report->findings[i];

		array = json_append(
			array,
			json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:o}",
				  "part", json_of_text(one->part), "location",
				  json_of_text(one->location), "masked",
				  json_of_text(ask_masked(one)), "context",
				  json_of_text(one->context), "count",
				  json_of_number(one->count), "level",
				  report_level_name(one->level), "score",
				  json_integer(one->score_db), "confidence",
				  json_real(report_confidence(one->score_db)),
				  "evidence", json_of_terms(one)));
	}
	return array;
}

static json_t *
json_of_opaques(const struct scan_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->opaque_count; i++) {
		const struct report_opaque *one = &report->opaques[i];

		array = json_append(
			array, json_pack("{s:o,s:s,s:o}", "part",
					 json_of_text(one->part), "reason",
					 report_reason_name(one->reason),
					 "detail", json_of_text(one->detail)));
	}
	return array;
}

static json_t *
json_of_locks(const struct scan_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->lock_count; i++) {
		const struct report_lock *one = &report->locks[i];

		array = json_append(
			array,
			json_pack("{s:o,s:o,s:b,s:o}", "part",
				  json_of_text(one->part), "kind",
				  json_of_text(one->kind), "opened",
				  one->opened, "source",
				  one->opened
					  ? json_string(report_word_source_name(
						    one->source))
					  : json_null()));
	}
	return array;
}

static json_t *
json_of_parts(const struct scan_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->part_count; i++) {
		const struct report_part *one = &report->parts[i];

		array = json_append(
			array,
			json_pack("{s:o,s:o,s:o,s:o,s:b,s:b}", "path",
				  json_of_text(one->path), "name",
				  json_of_text(one->name), "type",
				  json_of_text(one->type), "size",
				  json_of_number(one->size_bytes), "attachment",
				  one->attachment, "locked", one->locked));
	}
	return array;
}

static json_t *
json_of_events(const struct vault_case *held)
{
	json_t *array = json_array();

	for (size_t i = 0; i < held->event_count; i++) {
		const struct vault_case_event *one = &held->events[i];

		array = json_append(
			array, json_pack("{s:o,s:o,s:o,s:o}", "at",
					 json_of_instant(one->at_unix_ms),
					 "actor", json_of_text(one->actor),
					 "event", json_of_text(one->event),
					 "detail", json_of_text(one->detail)));
	}
	return array;
}

static json_t *
json_of_report(const struct asked_case *asked)
{
	const struct scan_report *report = &asked->report;

	if (!asked->has_report)
		return json_pack("{s:n,s:n,s:n,s:n,s:n}", "profile", "findings",
				 "unscannable", "parts", "locks");
	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:b,s:o}", "profile",
			 report_profile_name(report->profile), "findings",
			 json_of_findings(report), "findings_left_out",
			 json_of_number(report->findings_left_out),
			 "unscannable", json_of_opaques(report), "parts",
			 json_of_parts(report), "ambiguous", report->ambiguous,
			 "locks", json_of_locks(report));
}

/* Move what more holds into json; both taken over. */
static json_t *
json_merge(json_t *json, json_t *more)
{
	if (json == NULL || more == NULL || json_object_update(json, more) != 0)
		json_free(&json);
	json_decref(more);
	return json;
}

static json_t *
json_of_companions(const struct vault_case *held)
{
	json_t *array = json_array();

	for (size_t i = 0; i < held->companion_count; i++) {
		const struct vault_companion *one = &held->companions[i];
		char id[CASE_ID_TEXT_BYTES];

		case_id_format(one->case_id, id);
		array = json_append(
			array,
			json_pack("{s:s,s:s,s:o,s:o,s:o}", "id", id, "state",
				  case_state_name(one->state), "subject",
				  json_of_text(one->subject), "recipients_text",
				  json_of_text(one->recipients_text),
				  "received",
				  json_of_instant(one->received_unix_ms)));
	}
	return array;
}

static json_t *
json_of_waits_with(const struct vault_case *held)
{
	char id[CASE_ID_TEXT_BYTES];

	if (held->companion_of.len_bytes != CASE_ID_BYTES)
		return json_null();
	case_id_format(held->companion_of.ptr, id);
	return json_string(id);
}

/* pictures: unread ones in the text that a link mail keeps; null: not known. */
static json_t *
json_of_case_links(const struct asked_case *asked)
{
	const struct vault_case *held = &asked->held;

	return json_pack("{s:o,s:b,s:b,s:b,s:o}", "count",
			 json_of_number(held->link_count), "may_ask",
			 held->may_ask_link, "asked", held->link_asked,
			 "password", held->link_password, "pictures",
			 asked->has_report ? json_of_number(pictures_shown(
						     &asked->report,
						     held->link_logo_bytes,
						     !held->link_pictures_stay))
					   : json_null());
}

json_t *
json_of_case(const struct asked_case *asked)
{
	const struct vault_case *held = &asked->held;
	json_t *json = json_of_case_line(&held->line);

	json = json_merge(
		json,
		json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:b,s:o,s:o,s:o}",
			  "senders", json_of_senders(held), "recipients",
			  json_of_recipients(held), "client",
			  json_of_text(held->client), "queue_id",
			  json_of_text(held->queue_id), "size",
			  json_of_number(held->size_bytes), "approvers",
			  json_of_text(held->approvers), "may_decide",
			  held->may_decide, "may_cancel", held->may_cancel,
			  "why_not", json_of_text(held->why_not), "version",
			  json_of_hex((struct span){ held->version,
						     sizeof(held->version) }),
			  "events", json_of_events(held)));
	json = json_merge(json,
			  json_pack("{s:o,s:o,s:o}", "companions",
				    json_of_companions(held), "waits_with",
				    json_of_waits_with(held), "links",
				    json_of_case_links(asked)));
	return json_merge(json, json_of_report(asked));
}

static json_t *
json_of_roles(uint32_t roles)
{
	static const char *const names[] = { "sender", "approver", "auditor",
					     "admin", "handler" };
	json_t *array = json_array();

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if ((roles & 1U << i) != 0)
			array = json_append(array, json_string(names[i]));
	}
	return array;
}

json_t *
json_of_user(const struct vault_user *user)
{
	return json_pack(
		"{s:o,s:o,s:o,s:o,s:b,s:o,s:o,s:o,s:o,s:o}", "login",
		json_of_text(user->login), "name", json_of_text(user->name),
		"roles", json_of_roles(user->roles), "language",
		json_of_text(user->language), "enabled", user->enabled, "uid",
		user->uid < 0 ? json_null() : json_integer(user->uid),
		"addresses", json_of_text(user->addresses), "groups",
		json_of_text(user->groups), "created",
		json_of_instant(user->created_unix_ms), "locked_until",
		json_of_instant(user->locked_until_unix_ms));
}
