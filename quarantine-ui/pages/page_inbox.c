#include "lib/base/parse.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum { INBOX_PAGE_LINES = 50, INBOX_MAX_PAGE = 1000000 };

struct inbox_line {
	const char *id, *subject, *sender, *recipients, *what, *level,
		*level_name, *state, *state_name, *age, *received, *deadline,
		*rule;
	uint64_t more_recipients;
	bool own, open, overdue;
};

struct inbox_filter {
	const char *name, *words;
	bool here;
};

struct inbox_page {
	const struct inbox_line *lines;
	size_t line_count;
	const struct inbox_filter *filters;
	size_t filter_count;
	uint64_t total, before, behind, first, last;
	bool has_before, has_behind;
	const char *filter;
};

static const struct template_field inbox_line_fields[] = {
	TEMPLATE_TEXT_F(struct inbox_line, id),
	TEMPLATE_TEXT_F(struct inbox_line, subject),
	TEMPLATE_TEXT_F(struct inbox_line, sender),
	TEMPLATE_TEXT_F(struct inbox_line, recipients),
	TEMPLATE_TEXT_F(struct inbox_line, what),
	TEMPLATE_TEXT_F(struct inbox_line, level),
	TEMPLATE_TEXT_F(struct inbox_line, level_name),
	TEMPLATE_TEXT_F(struct inbox_line, state),
	TEMPLATE_TEXT_F(struct inbox_line, state_name),
	TEMPLATE_TEXT_F(struct inbox_line, age),
	TEMPLATE_TEXT_F(struct inbox_line, received),
	TEMPLATE_TEXT_F(struct inbox_line, deadline),
	TEMPLATE_TEXT_F(struct inbox_line, rule),
	TEMPLATE_NUMBER_F(struct inbox_line, more_recipients),
	TEMPLATE_FLAG_F(struct inbox_line, own),
	TEMPLATE_FLAG_F(struct inbox_line, open),
	TEMPLATE_FLAG_F(struct inbox_line, overdue),
};
static const struct template_shape inbox_line_shape =
	TEMPLATE_SHAPE(inbox_line, inbox_line_fields);

static const struct template_field inbox_filter_fields[] = {
	TEMPLATE_TEXT_F(struct inbox_filter, name),
	TEMPLATE_TEXT_F(struct inbox_filter, words),
	TEMPLATE_FLAG_F(struct inbox_filter, here),
};
static const struct template_shape inbox_filter_shape =
	TEMPLATE_SHAPE(inbox_filter, inbox_filter_fields);

static const struct template_field inbox_fields[] = {
	TEMPLATE_LIST_F(struct inbox_page, lines, line_count, inbox_line_shape),
	TEMPLATE_LIST_F(struct inbox_page, filters, filter_count,
			inbox_filter_shape),
	TEMPLATE_NUMBER_F(struct inbox_page, total),
	TEMPLATE_NUMBER_F(struct inbox_page, before),
	TEMPLATE_NUMBER_F(struct inbox_page, behind),
	TEMPLATE_NUMBER_F(struct inbox_page, first),
	TEMPLATE_NUMBER_F(struct inbox_page, last),
	TEMPLATE_FLAG_F(struct inbox_page, has_before),
	TEMPLATE_FLAG_F(struct inbox_page, has_behind),
	TEMPLATE_TEXT_F(struct inbox_page, filter),
};
const struct template_shape shape_inbox =
	TEMPLATE_SHAPE(inbox_page, inbox_fields);

static bool
inbox_is_open(enum case_state state)
{
	return state == CASE_STATE_SEALED || state == CASE_STATE_UNCONFIRMED ||
	       state == CASE_STATE_HELD;
}

/* What was found, in few words. */
static const char *
inbox_what(struct call *call, const struct vault_case_line *line)
{
	if (line->number_count > 0)
		return words_number(call, N_("My Numbers: {n}"),
				    line->number_count);
	return words_verdict(call, line->verdict);
}

/* Recipients that the cut text does not name. */
static uint64_t
inbox_more_recipients(const struct vault_case_line *line)
{
	uint64_t named = line->recipients_text[0] != '\0';

	for (const char *c = line->recipients_text; *c != '\0'; c++)
		named += *c == ',';
	return line->recipient_count > named ? line->recipient_count - named
					     : 0;
}

static const char *
inbox_or(const struct call *call, const char *text, bool hidden,
	 const char *otherwise)
{
	if (text[0] != '\0')
		return text;
	return call_text(call, hidden ? N_("(not shown to you)") : otherwise);
}

static void
inbox_fill_line(struct call *call, const struct vault_case_line *from,
		struct inbox_line *to)
{
	/* Nothing but the count: this account takes no part in the case. */
	const bool hidden =
		from->recipient_count > 0 && from->recipients_text[0] == '\0';
	char id[CASE_ID_TEXT_BYTES];

	case_id_format(from->case_id, id);
	*to = (struct inbox_line){
		.id = scratch_text(&call->scratch, span_of(id)),
		.subject = inbox_or(call, from->subject, hidden,
				    N_("(no subject)")),
		.sender = inbox_or(call, from->envelope_sender, hidden,
				   N_("(no sender)")),
		.recipients = from->recipients_text,
		.more_recipients = inbox_more_recipients(from),
		.what = inbox_what(call, from),
		.level = words_level(call, from->level),
		.level_name = report_level_name(from->level),
		.state = words_state(call, from->state),
		.state_name = case_state_name(from->state),
		.age = words_age(call, from->received_unix_ms),
		.received = words_time(call, from->received_unix_ms),
		.rule = from->rule,
		.own = from->own,
		.open = inbox_is_open(from->state),
	};
	if (from->verdict == REPORT_VERDICT_UNSCANNABLE)
		to->level_name = "unscannable";
	if (to->open && from->deadline_unix_ms > 0) {
		to->deadline = words_until(call, from->deadline_unix_ms);
		to->overdue = from->deadline_unix_ms < clock_unix_ms();
	}
}

/* Approvers begin with what waits for them, others with their own mail. */
static enum case_filter
inbox_filter(const struct call *call)
{
	const enum case_filter asked =
		ask_filter_of(form_get(&call->query, "filter"));

	if (asked != CASE_FILTER_NONE)
		return asked;
	if (call_has_role(call, VAULT_ROLE_APPROVER))
		return CASE_FILTER_TODO;
	return call_has_role(call, VAULT_ROLE_AUDITOR | VAULT_ROLE_ADMIN)
		       ? CASE_FILTER_OPEN
		       : CASE_FILTER_MINE;
}

static void
inbox_fill_filters(struct call *call, enum case_filter here,
		   struct inbox_page *values)
{
	static const char *const words[CASE_FILTER_END] = {
		"", N_("To decide"), N_("Open"), N_("My mail"), N_("All")
	};
	struct inbox_filter *filters = scratch_alloc(
		&call->scratch, CASE_FILTER_END, sizeof(*filters));
	size_t count = 0;

	if (filters == NULL)
		return;
	for (size_t i = 1; i < CASE_FILTER_END; i++) {
		const enum case_filter filter = (enum case_filter)i;

		if (filter == CASE_FILTER_TODO && filter != here &&
		    !call_has_role(call, VAULT_ROLE_APPROVER))
			continue;
		filters[count++] =
			(struct inbox_filter){ ask_filter_name(filter),
					       call_text(call, words[i]),
					       filter == here };
	}
	values->filters = filters;
	values->filter_count = count;
	values->filter = ask_filter_name(here);
}

static void
inbox_fill(struct call *call, const struct vault_list_answer *answer,
	   uint64_t number, struct inbox_page *values)
{
	struct inbox_line *lines = scratch_alloc(
		&call->scratch, answer->line_count, sizeof(*lines));
	const uint64_t offset = (number - 1) * INBOX_PAGE_LINES;

	values->total = answer->total;
	values->before = number - 1;
	values->behind = number + 1;
	values->has_before = number > 1;
	values->has_behind = offset + answer->line_count < answer->total;
	values->first = offset + 1;
	values->last = offset + answer->line_count;
	if (lines == NULL)
		return;
	for (size_t i = 0; i < answer->line_count; i++)
		inbox_fill_line(call, &answer->lines[i], &lines[i]);
	values->lines = lines;
	values->line_count = answer->line_count;
}

enum status
page_inbox(struct call *call, struct err *err)
{
	const enum case_filter filter = inbox_filter(call);
	const struct span asked = span_of(form_get(&call->query, "page"));
	struct ask_page asked_page = { .filter = filter,
				       .limit = INBOX_PAGE_LINES };
	struct vault_list_answer answer = { .lines = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct inbox_page values = { .lines = NULL };
	const struct page page = { VIEW_TEMPLATE_INBOX, &values,
				   call_text(call, N_("Held mail")),
				   PAGE_MENU_INBOX };
	uint64_t number = 1;
	enum status st = ST_OK;

	if (asked.len_bytes > 0 &&
	    (!parse_u64(asked, INBOX_MAX_PAGE, &number) || number == 0))
		return err_set(err, ST_FORMAT, "no such page of the list");
	asked_page.offset = (uint32_t)((number - 1) * INBOX_PAGE_LINES);
	st = ask_list(call, &asked_page, &answer, &arena, err);
	if (st != ST_OK)
		return st;
	inbox_fill(call, &answer, number, &values);
	inbox_fill_filters(call, filter, &values);
	return page_render(call, &page, err);
}
