/* Secure links of a mail: who fetched what, revoke, extend, the record. */
#include <string.h>

#include "lib/base/parse.h"
#include "lib/crypto/signed_text.h"
#include "quarantine-ui/desk/agent.h"
#include "quarantine-ui/desk/ask_links.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum { LINKS_MAX_EVENTS = 200, LINK_MIN_PASSWORD = 8 };

struct links_file {
	const char *name, *size;
};

struct links_event {
	const char *at, *iso, *actor, *words, *file, *size, *address, *agent;
};

struct links_link {
	const char *id, *case_id, *form_token, *recipient, *state, *state_name,
		*state_class, *sent, *sent_iso, *expires, *expires_iso,
		*expires_in, *ended, *ended_iso;
	uint64_t opened, fetched, downloads, left;
	bool begun, broken, for_sender, once, often, code, password, living,
		may_revoke, may_extend, may_thaw;
	const struct links_event *events;
	size_t event_count;
};

struct links_page {
	const char *id, *done;
	const struct links_file *files;
	size_t file_count;
	const struct links_link *links;
	size_t link_count;
};

static const struct template_field links_file_fields[] = {
	TEMPLATE_TEXT_F(struct links_file, name),
	TEMPLATE_TEXT_F(struct links_file, size),
};
static const struct template_shape links_file_shape =
	TEMPLATE_SHAPE(links_file, links_file_fields);

static const struct template_field links_event_fields[] = {
	TEMPLATE_TEXT_F(struct links_event, at),
	TEMPLATE_TEXT_F(struct links_event, iso),
	TEMPLATE_TEXT_F(struct links_event, actor),
	TEMPLATE_TEXT_F(struct links_event, words),
	TEMPLATE_TEXT_F(struct links_event, file),
	TEMPLATE_TEXT_F(struct links_event, size),
	TEMPLATE_TEXT_F(struct links_event, address),
	TEMPLATE_TEXT_F(struct links_event, agent),
};
static const struct template_shape links_event_shape =
	TEMPLATE_SHAPE(links_event, links_event_fields);

static const struct template_field links_link_fields[] = {
	TEMPLATE_TEXT_F(struct links_link, id),
	TEMPLATE_TEXT_F(struct links_link, case_id),
	TEMPLATE_TEXT_F(struct links_link, form_token),
	TEMPLATE_TEXT_F(struct links_link, recipient),
	TEMPLATE_TEXT_F(struct links_link, state),
	TEMPLATE_TEXT_F(struct links_link, state_name),
	TEMPLATE_TEXT_F(struct links_link, state_class),
	TEMPLATE_TEXT_F(struct links_link, sent),
	TEMPLATE_TEXT_F(struct links_link, sent_iso),
	TEMPLATE_TEXT_F(struct links_link, expires),
	TEMPLATE_TEXT_F(struct links_link, expires_iso),
	TEMPLATE_TEXT_F(struct links_link, expires_in),
	TEMPLATE_TEXT_F(struct links_link, ended),
	TEMPLATE_TEXT_F(struct links_link, ended_iso),
	TEMPLATE_NUMBER_F(struct links_link, opened),
	TEMPLATE_NUMBER_F(struct links_link, fetched),
	TEMPLATE_FLAG_F(struct links_link, begun),
	TEMPLATE_FLAG_F(struct links_link, broken),
	TEMPLATE_FLAG_F(struct links_link, for_sender),
	TEMPLATE_NUMBER_F(struct links_link, downloads),
	TEMPLATE_NUMBER_F(struct links_link, left),
	TEMPLATE_FLAG_F(struct links_link, once),
	TEMPLATE_FLAG_F(struct links_link, often),
	TEMPLATE_FLAG_F(struct links_link, code),
	TEMPLATE_FLAG_F(struct links_link, password),
	TEMPLATE_FLAG_F(struct links_link, living),
	TEMPLATE_FLAG_F(struct links_link, may_revoke),
	TEMPLATE_FLAG_F(struct links_link, may_extend),
	TEMPLATE_FLAG_F(struct links_link, may_thaw),
	TEMPLATE_LIST_F(struct links_link, events, event_count,
			links_event_shape),
};
static const struct template_shape links_link_shape =
	TEMPLATE_SHAPE(links_link, links_link_fields);

static const struct template_field links_fields[] = {
	TEMPLATE_TEXT_F(struct links_page, id),
	TEMPLATE_TEXT_F(struct links_page, done),
	TEMPLATE_LIST_F(struct links_page, files, file_count, links_file_shape),
	TEMPLATE_LIST_F(struct links_page, links, link_count, links_link_shape),
};
const struct template_shape shape_links =
	TEMPLATE_SHAPE(links_page, links_fields);

static const struct {
	const char *english, *style; /* class of desk.css */
} links_states[LINK_STATE_END] = {
	[LINK_STATE_NONE] = { "", "" },
	[LINK_STATE_PENDING] = { N_("on its way"), "held" },
	[LINK_STATE_LIVE] = { N_("can be fetched"), "delivered" },
	[LINK_STATE_FROZEN] = { N_("frozen: too many wrong codes"), "sure" },
	[LINK_STATE_SPENT] = { N_("used up, and destroyed"), "" },
	[LINK_STATE_EXPIRED] = { N_("expired, and destroyed"), "" },
	[LINK_STATE_REVOKED] = { N_("revoked, and destroyed"), "" },
	[LINK_STATE_FAILED] = { N_("its mail did not arrive; destroyed"),
				"sure" },
};

static const char *
link_text_of(struct call *call, const uint8_t id[LINK_ID_BYTES])
{
	char text[CASE_ID_TEXT_BYTES];

	case_id_format(id, text);
	return scratch_text(&call->scratch, span_of(text));
}

/* Whom it was; "" for what happens by itself, which its words tell. */
static const char *
event_actor(struct call *call, const struct vault_link_event *event)
{
	static const char *const by_itself[] = { "sent",     "failed",
						 "bounced",  "frozen",
						 "key-lost", "expired",
						 "spent",    "reminded" };

	for (size_t i = 0; i < ARRAY_LEN(by_itself); i++)
		if (strcmp(event->event, by_itself[i]) == 0)
			return "";
	if (strcmp(event->actor, "recipient") == 0)
		return call_text(call, N_("the recipient"));
	if (strcmp(event->actor, "guest") == 0)
		return call_text(call, N_("the sender"));
	return event->actor;
}

/* "list.xlsx (3012764 bytes)" of a download that broke off: its two halves. */
static void
event_file(struct call *call, const struct vault_link_event *event,
	   struct links_event *row)
{
	const char *at = strrchr(event->file, '(');
	const size_t digits = at != NULL ? strspn(at + 1, "0123456789") : 0;
	uint64_t size_bytes = 0;

	row->file = event->file;
	row->size = "";
	if (strcmp(event->event, "broken-off") != 0 || digits == 0 ||
	    at == event->file || strcmp(at + 1 + digits, " bytes)") != 0 ||
	    !parse_u64((struct span){ (const uint8_t *)at + 1, digits },
		       UINT64_MAX, &size_bytes))
		return;
	row->size = words_size(call, size_bytes);
	row->file = scratch_textf(&call->scratch, "%.*s",
				  (int)(at - event->file - 1), event->file);
}

static void
fill_events(struct call *call, const struct vault_link_line *from,
	    struct links_link *to)
{
	const size_t count = from->event_count < LINKS_MAX_EVENTS
				     ? from->event_count
				     : LINKS_MAX_EVENTS;
	struct links_event *rows =
		scratch_alloc(&call->scratch, count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct vault_link_event *event = &from->events[i];

		to->begun |= strcmp(event->event, "taken") == 0;
		to->broken |= strcmp(event->event, "broken-off") == 0;
		if (strcmp(event->event, "key-lost") == 0)
			to->state = call_text(
				call, N_("its key is lost: it opens nothing"));
		rows[i] = (struct links_event){
			.at = words_time(call, event->at_unix_ms),
			.iso = words_iso(call, event->at_unix_ms),
			.actor = event_actor(call, event),
			.words = words_event(call, scratch_textf(&call->scratch,
								 "link-%s",
								 event->event)),
			.address = event->client_address,
			.agent = agent_words(&call->scratch, event->agent),
		};
		event_file(call, event, &rows[i]);
	}
	to->events = rows;
	to->event_count = count;
}

static void
fill_link(struct call *call, const struct vault_link_line *from,
	  bool may_change, struct links_link *to)
{
	const bool living = from->state == LINK_STATE_PENDING ||
			    from->state == LINK_STATE_LIVE ||
			    from->state == LINK_STATE_FROZEN;

	*to = (struct links_link){
		.id = link_text_of(call, from->link_id),
		.case_id = call->case_text,
		.form_token = call->form_token,
		.recipient =
			from->recipient[0] != '\0'
				? from->recipient
				: call_text(call, N_("(not shown to you)")),
		.state = call_text(call, links_states[from->state].english),
		.state_name = link_state_name(from->state),
		.state_class = links_states[from->state].style,
		.sent = words_time(call, from->sent_unix_ms),
		.sent_iso = words_iso(call, from->sent_unix_ms),
		.expires = words_day_zone(call, from->expires_unix_ms),
		.expires_iso = words_iso(call, from->expires_unix_ms),
		.expires_in = words_until(call, from->expires_unix_ms),
		.ended = words_time(call, from->ended_unix_ms),
		.ended_iso = words_iso(call, from->ended_unix_ms),
		.opened = from->opened,
		.fetched = from->fetched,
		.for_sender = from->kind == LINK_KIND_SENDER,
		.downloads = from->downloads,
		.left = from->left,
		.once = from->downloads == 1,
		.often = from->downloads > 1,
		.code = from->needs_code,
		.password = from->needs_password,
		.living = living,
		.may_revoke = may_change && living,
		.may_extend = may_change && living,
		.may_thaw = may_change && from->state == LINK_STATE_FROZEN,
	};
	fill_events(call, from, to);
}

static void
fill_files(struct call *call, const struct vault_link_list_answer *answer,
	   struct links_page *values)
{
	struct links_file *rows = scratch_alloc(
		&call->scratch, answer->file_count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < answer->file_count; i++)
		rows[i] = (struct links_file){
			answer->files[i].shown,
			words_size(call, answer->files[i].size_bytes),
		};
	values->files = rows;
	values->file_count = answer->file_count;
}

static void
fill_links(struct call *call, const struct vault_link_list_answer *answer,
	   struct links_page *values)
{
	struct links_link *rows = scratch_alloc(
		&call->scratch, answer->link_count, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < answer->link_count; i++)
		fill_link(call, &answer->links[i], answer->may_change,
			  &rows[i]);
	values->links = rows;
	values->link_count = answer->link_count;
}

static const char *
done_words(const struct call *call)
{
	static const struct page_done words[] = {
		{ "revoke", N_("Revoked. Nobody can fetch anything by this "
			       "link any more.") },
		{ "extend", N_("The link ends on another day now.") },
		{ "thaw", N_("New tries are allowed.") },
		{ "wrong", N_("Revoked. This record says who fetched what, or "
			      "that nobody did.") },
	};

	return page_done_text(call, words, ARRAY_LEN(words));
}

enum status
page_links(struct call *call, struct err *err)
{
	struct vault_link_list_answer answer = { .link_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct links_page values = { .id = call->case_text };
	const struct page page = { VIEW_TEMPLATE_LINKS, &values,
				   call_text(call,
					     N_("Secure links of this mail")),
				   PAGE_MENU_INBOX };
	const enum status st = ask_links(call, &answer, &arena, err);

	if (st != ST_OK)
		return st;
	values.done = done_words(call);
	fill_files(call, &answer, &values);
	fill_links(call, &answer, &values);
	return page_render(call, &page, err);
}

enum status
page_links_post(struct call *call, struct err *err)
{
	const char *link = form_get(&call->form, "link");
	const char *step = form_get(&call->form, "step");
	const enum status st = ask_link_change(
		call, link, step, form_get(&call->form, "days"), err);
	const bool wrong = strcmp(step, "wrong") == 0;

	if (st == ST_OK)
		http_response_redirect(
			call->response,
			wrong ? scratch_textf(&call->scratch,
					      "/cases/%s/links/record"
					      "?link=%s&done=wrong",
					      call->case_text, link)
			      : scratch_textf(&call->scratch,
					      "/cases/%s/links?done=%s",
					      call->case_text, step));
	return st;
}

/* --- the record -------------------------------------------------------- */

struct record_page {
	const char *id, *link, *text, *signature, *done;
};

static const struct template_field record_fields[] = {
	TEMPLATE_TEXT_F(struct record_page, id),
	TEMPLATE_TEXT_F(struct record_page, link),
	TEMPLATE_TEXT_F(struct record_page, text),
	TEMPLATE_TEXT_F(struct record_page, signature),
	TEMPLATE_TEXT_F(struct record_page, done),
};
const struct template_shape shape_link_record =
	TEMPLATE_SHAPE(record_page, record_fields);

enum status
page_link_record(struct call *call, struct err *err)
{
	struct vault_link_record answer = { .text = "" };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_page values = { .id = call->case_text,
				      .link = form_get(&call->query, "link") };
	const struct page page = {
		VIEW_TEMPLATE_LINK_RECORD, &values,
		call_text(call, N_("Record of a secure link")), PAGE_MENU_INBOX
	};
	const enum status st =
		ask_link_record(call, values.link, &answer, &arena, err);

	if (st != ST_OK)
		return st;
	values.text = answer.text;
	values.signature = answer.signature;
	values.done = done_words(call);
	return page_render(call, &page, err);
}

/* What "sekimori certificate verify" reads. */
enum status
page_link_record_text(struct call *call, struct err *err)
{
	struct vault_link_record answer = { .text = "" };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct sbuf *out = &call->response->body;
	const enum status st = ask_link_record(
		call, form_get(&call->query, "link"), &answer, &arena, err);

	if (st != ST_OK)
		return st;
	http_response_reset(call->response, 200);
	call->response->content_type = "text/plain; charset=utf-8";
	signed_text_write(span_of(answer.text), answer.signature, out);
	return sbuf_status(out, "desk: record", err);
}

/* --- asking for a link ------------------------------------------------ */

enum status
page_link_ask(struct call *call, struct err *err)
{
	const char *password = form_get(&call->form, "link_password");
	enum status st = ST_OK;

	if (password[0] != '\0' && strlen(password) < LINK_MIN_PASSWORD)
		return err_set(err, ST_FORMAT,
			       N_("The password for the recipients needs 8 "
				  "characters at least. Tell it otherwise than "
				  "by mail."));
	st = ask_for_link(call, password, err);
	if (st == ST_OK)
		http_response_redirect(call->response,
				       scratch_textf(&call->scratch,
						     "/cases/%s?done=link-ask",
						     call->case_text));
	return st;
}
