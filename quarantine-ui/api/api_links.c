#include "lib/base/parse.h"
#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/ask_links.h"
#include "quarantine-ui/desk/route.h"

static json_t *
json_of_event(const struct vault_link_event *event)
{
	return json_pack(
		"{s:o,s:o,s:o,s:o,s:o,s:o}", "at",
		json_of_instant(event->at_unix_ms), "event",
		json_of_text(event->event), "actor", json_of_text(event->actor),
		"client_address", json_of_text(event->client_address), "agent",
		json_of_text(event->agent), "file", json_of_text(event->file));
}

static json_t *
json_of_events(const struct vault_link_line *line)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < line->event_count; i++) {
		json_t *item = json_of_event(&line->events[i]);

		if (item == NULL || json_array_append_new(list, item) != 0)
			json_free(&list);
	}
	return list;
}

static json_t *
json_of_link(const struct vault_link_line *line)
{
	return json_pack(
		"{s:o,s:s,s:s,s:o,s:o,s:o,s:o,s:b,s:o,s:o,s:b,s:b,s:o,s:o,s:o}",
		"link", json_of_case_id(line->link_id), "kind",
		line->kind == LINK_KIND_SENDER ? "sender" : "recipient",
		"state", link_state_name(line->state), "recipient",
		json_of_text(line->recipient), "sent",
		json_of_instant(line->sent_unix_ms), "expires",
		json_of_instant(line->expires_unix_ms), "ended",
		json_of_instant(line->ended_unix_ms), "once",
		line->downloads == 1, "downloads",
		json_of_number(line->downloads), "downloads_left",
		json_of_number(line->left), "needs_code", line->needs_code,
		"needs_password", line->needs_password, "opened",
		json_of_number(line->opened), "fetched",
		json_of_number(line->fetched), "events", json_of_events(line));
}

static json_t *
json_of_links(const struct vault_link_list_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < answer->link_count; i++) {
		json_t *item = json_of_link(&answer->links[i]);

		if (item == NULL || json_array_append_new(list, item) != 0)
			json_free(&list);
	}
	return list;
}

static json_t *
json_of_files(const struct vault_link_list_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < answer->file_count; i++) {
		const struct vault_link_file *file = &answer->files[i];
		json_t *item = json_pack("{s:o,s:o,s:o}", "name",
					 json_of_text(file->shown), "type",
					 json_of_text(file->type), "bytes",
					 json_of_number(file->size_bytes));

		if (item == NULL || json_array_append_new(list, item) != 0)
			json_free(&list);
	}
	return list;
}

enum status
api_links(struct call *call, struct err *err)
{
	struct vault_link_list_answer answer = { .link_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	json_t *json = NULL;
	const enum status st = ask_links(call, &answer, &arena, err);

	if (st != ST_OK)
		return st;
	json = json_pack("{s:o,s:o,s:b}", "links", json_of_links(&answer),
			 "files", json_of_files(&answer), "may_change",
			 answer.may_change);
	return json_send(call, 200, &json, err);
}

/* Both {"days": 30} and {"days": "30"}. */
static enum status
get_days(struct call *call, const json_t *json, const char **days_out,
	 struct err *err)
{
	const json_t *value = json_object_get(json, "days");

	if (!json_is_integer(value))
		return json_get_text(json, "days", days_out, err);
	*days_out = scratch_textf(&call->scratch, "%" JSON_INTEGER_FORMAT,
				  json_integer_value(value));
	return ST_OK;
}

enum status
api_links_post(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	json_t *answer = NULL;
	const char *link = "";
	const char *step = "";
	const char *days = "";
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = json_get_text(json, "link", &link, err);
	if (st == ST_OK)
		st = json_get_text(json, "step", &step, err);
	if (st == ST_OK)
		st = get_days(call, json, &days, err);
	if (st == ST_OK)
		st = ask_link_change(call, link, step, days, err);
	if (st != ST_OK)
		return st;
	answer = json_pack("{s:b}", "done", 1);
	return json_send(call, 200, &answer, err);
}

enum status
api_link_record(struct call *call, struct err *err)
{
	struct vault_link_record record = { .text = "" };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	json_t *json = NULL;
	const enum status st = ask_link_record(
		call, form_get(&call->query, "link"), &record, &arena, err);

	if (st != ST_OK)
		return st;
	json = json_pack("{s:o,s:o}", "text", json_of_text(record.text),
			 "signature", json_of_text(record.signature));
	return json_send(call, 200, &json, err);
}

enum status
api_link_ask(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	json_t *answer = NULL;
	const char *password = "";
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = json_get_text(json, "password", &password, err);
	if (st == ST_OK)
		st = ask_for_link(call, password, err);
	if (st != ST_OK)
		return st;
	answer = json_pack("{s:b}", "asked", 1);
	return json_send(call, 202, &answer, err);
}
