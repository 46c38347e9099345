#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/case_locks.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum {
	INBOX_PAGE_LINES = 50,
	INBOX_MAX_PAGE = 1000000,
	INBOX_MAX_PARTS = 4, /* chips of one line */
	INBOX_SOON_MS = 24 * 3600 * 1000
};

/* "xlsx", 12: numbers found in parts of that kind. */
struct inbox_part {
	const char *type;
	uint64_t count;
};

struct inbox_line {
	const char *id, *subject, *sender, *recipients, *what, *level,
		*level_name, *state, *state_name, *state_class, *age, *received,
		*received_iso, *deadline, *deadline_at, *deadline_iso;
	uint64_t more_recipients;
	const struct inbox_part *parts;
	size_t part_count;
	const char *looking;
	const char *unlock_name, *search_tried, *search_total, *search_rate,
		*search_end;
	uint64_t locked, opened, search_percent;
	bool own, overdue, soon, commented, trying, search_on, search_counted;
};

/* One choice of a row of tabs or of a list. */
struct inbox_choice {
	const char *name, *words;
	bool here;
};

struct inbox_page {
	const struct inbox_line *lines;
	size_t line_count;
	const struct inbox_choice *filters;
	size_t filter_count;
	const struct inbox_choice *sorts;
	size_t sort_count;
	uint64_t total, before, behind, first, last, revision;
	bool has_before, has_behind, is_todo, show_state;
	const char *filter, *sort, *search;
	const char *done, *done_name, *done_id, *next_id;
};

static const struct template_field inbox_part_fields[] = {
	TEMPLATE_TEXT_F(struct inbox_part, type),
	TEMPLATE_NUMBER_F(struct inbox_part, count),
};
static const struct template_shape inbox_part_shape =
	TEMPLATE_SHAPE(inbox_part, inbox_part_fields);

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
	TEMPLATE_TEXT_F(struct inbox_line, state_class),
	TEMPLATE_TEXT_F(struct inbox_line, age),
	TEMPLATE_TEXT_F(struct inbox_line, received),
	TEMPLATE_TEXT_F(struct inbox_line, received_iso),
	TEMPLATE_TEXT_F(struct inbox_line, deadline),
	TEMPLATE_TEXT_F(struct inbox_line, deadline_at),
	TEMPLATE_TEXT_F(struct inbox_line, deadline_iso),
	TEMPLATE_NUMBER_F(struct inbox_line, more_recipients),
	TEMPLATE_LIST_F(struct inbox_line, parts, part_count, inbox_part_shape),
	TEMPLATE_FLAG_F(struct inbox_line, own),
	TEMPLATE_FLAG_F(struct inbox_line, overdue),
	TEMPLATE_FLAG_F(struct inbox_line, soon),
	TEMPLATE_TEXT_F(struct inbox_line, looking),
	TEMPLATE_FLAG_F(struct inbox_line, commented),
	TEMPLATE_TEXT_F(struct inbox_line, unlock_name),
	TEMPLATE_TEXT_F(struct inbox_line, search_tried),
	TEMPLATE_TEXT_F(struct inbox_line, search_total),
	TEMPLATE_TEXT_F(struct inbox_line, search_rate),
	TEMPLATE_TEXT_F(struct inbox_line, search_end),
	TEMPLATE_NUMBER_F(struct inbox_line, locked),
	TEMPLATE_NUMBER_F(struct inbox_line, opened),
	TEMPLATE_NUMBER_F(struct inbox_line, search_percent),
	TEMPLATE_FLAG_F(struct inbox_line, trying),
	TEMPLATE_FLAG_F(struct inbox_line, search_on),
	TEMPLATE_FLAG_F(struct inbox_line, search_counted),
};
static const struct template_shape inbox_line_shape =
	TEMPLATE_SHAPE(inbox_line, inbox_line_fields);

static const struct template_field inbox_choice_fields[] = {
	TEMPLATE_TEXT_F(struct inbox_choice, name),
	TEMPLATE_TEXT_F(struct inbox_choice, words),
	TEMPLATE_FLAG_F(struct inbox_choice, here),
};
static const struct template_shape inbox_choice_shape =
	TEMPLATE_SHAPE(inbox_choice, inbox_choice_fields);

static const struct template_field inbox_fields[] = {
	TEMPLATE_LIST_F(struct inbox_page, lines, line_count, inbox_line_shape),
	TEMPLATE_LIST_F(struct inbox_page, filters, filter_count,
			inbox_choice_shape),
	TEMPLATE_LIST_F(struct inbox_page, sorts, sort_count,
			inbox_choice_shape),
	TEMPLATE_NUMBER_F(struct inbox_page, total),
	TEMPLATE_NUMBER_F(struct inbox_page, before),
	TEMPLATE_NUMBER_F(struct inbox_page, behind),
	TEMPLATE_NUMBER_F(struct inbox_page, first),
	TEMPLATE_NUMBER_F(struct inbox_page, last),
	TEMPLATE_NUMBER_F(struct inbox_page, revision),
	TEMPLATE_FLAG_F(struct inbox_page, has_before),
	TEMPLATE_FLAG_F(struct inbox_page, has_behind),
	TEMPLATE_FLAG_F(struct inbox_page, is_todo),
	TEMPLATE_FLAG_F(struct inbox_page, show_state),
	TEMPLATE_TEXT_F(struct inbox_page, filter),
	TEMPLATE_TEXT_F(struct inbox_page, sort),
	TEMPLATE_TEXT_F(struct inbox_page, search),
	TEMPLATE_TEXT_F(struct inbox_page, done),
	TEMPLATE_TEXT_F(struct inbox_page, done_name),
	TEMPLATE_TEXT_F(struct inbox_page, done_id),
	TEMPLATE_TEXT_F(struct inbox_page, next_id),
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

/* "xlsx 12" as kind and number; all of it as kind when it is not so. */
static void
inbox_fill_part(struct call *call, struct span text, struct inbox_part *to)
{
	size_t at = text.len_bytes;
	struct span type = text;
	struct span digits;

	while (at > 0 && text.ptr[at - 1] != ' ')
		at--;
	*to = (struct inbox_part){ "", 0 };
	if (at > 0 && span_cut(text, at, text.len_bytes - at, &digits) &&
	    parse_u64(digits, UINT64_MAX, &to->count))
		(void)span_cut(text, 0, at - 1, &type);
	to->type = scratch_text(&call->scratch, type);
}

/* "xlsx 12, text 1": a chip for each. */
static void
inbox_fill_parts(struct call *call, const char *text, struct inbox_line *to)
{
	struct inbox_part *parts = NULL;

	if (text[0] == '\0')
		return;
	parts = scratch_alloc(&call->scratch, INBOX_MAX_PARTS, sizeof(*parts));
	if (parts == NULL)
		return;
	while (*text != '\0' && to->part_count < INBOX_MAX_PARTS) {
		const size_t len = strcspn(text, ",");

		inbox_fill_part(call,
				(struct span){ (const uint8_t *)text, len },
				&parts[to->part_count++]);
		text += len;
		text += strspn(text, ", ");
	}
	to->parts = parts;
}

static void
inbox_fill_deadline(struct call *call, const struct vault_case_line *from,
		    struct inbox_line *to)
{
	const int64_t left_ms = from->deadline_unix_ms - clock_unix_ms();

	if (!inbox_is_open(from->state) || from->deadline_unix_ms == 0)
		return;
	to->deadline = words_until(call, from->deadline_unix_ms);
	to->deadline_at = words_day(call, from->deadline_unix_ms);
	to->deadline_iso = words_iso(call, from->deadline_unix_ms);
	to->overdue = left_ms < 0;
	to->soon = left_ms >= 0 && left_ms < INBOX_SOON_MS;
}

static void
inbox_fill_locks(struct call *call, const struct vault_case_line *from,
		 struct inbox_line *to)
{
	const struct vault_locks *locks = &from->locks;
	struct search_words search;

	to->unlock_name = unlock_state_name(locks->state);
	to->locked = locks->locked;
	to->opened = locks->opened;
	if (!inbox_is_open(from->state) || locks->locked == 0)
		return;
	case_search_words(call, locks, &search);
	to->trying = locks->state == UNLOCK_STATE_TRYING;
	to->search_on = search.on;
	to->search_counted = search.counted;
	to->search_tried = search.tried;
	to->search_total = search.total;
	to->search_rate = search.rate;
	to->search_end = search.end;
	to->search_percent = search.percent;
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
		.level_name = words_level_class(from->verdict, from->level),
		.state = words_state(call, from->state),
		.state_name = case_state_name(from->state),
		.state_class = words_state_class(from->state),
		.age = words_age(call, from->received_unix_ms),
		.received = words_time(call, from->received_unix_ms),
		.received_iso = words_iso(call, from->received_unix_ms),
		.own = from->own,
		.looking = from->looking,
		.commented = from->commented,
	};
	inbox_fill_parts(call, from->parts_text, to);
	inbox_fill_deadline(call, from, to);
	inbox_fill_locks(call, from, to);
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
	struct inbox_choice *filters = scratch_alloc(
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
			(struct inbox_choice){ ask_filter_name(filter),
					       call_text(call, words[i]),
					       filter == here };
	}
	values->filters = filters;
	values->filter_count = count;
	values->filter = ask_filter_name(here);
	values->is_todo = here == CASE_FILTER_TODO;
	values->show_state = !values->is_todo;
}

static void
inbox_fill_sorts(struct call *call, enum case_sort here,
		 struct inbox_page *values)
{
	static const char *const words[CASE_SORT_END] = {
		"",
		N_("Riskiest first"),
		N_("Oldest first"),
		N_("Newest first"),
		N_("Nearest deadline first"),
		N_("By sender")
	};
	struct inbox_choice *sorts =
		scratch_alloc(&call->scratch, CASE_SORT_END, sizeof(*sorts));

	if (sorts == NULL)
		return;
	for (size_t i = 1; i < CASE_SORT_END; i++)
		sorts[i - 1] =
			(struct inbox_choice){ ask_sort_name((enum case_sort)i),
					       call_text(call, words[i]),
					       (enum case_sort)i == here };
	values->sorts = sorts;
	values->sort_count = CASE_SORT_END - 1;
	values->sort = ask_sort_name(here);
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

/* What was decided a moment ago, and what to look at next. */
static void
inbox_fill_done(struct call *call, struct inbox_page *values)
{
	static const struct {
		const char *name, *english;
	} words[] = {
		{ "approve", N_("Approved. The mail is on its way to its "
				"recipients.") },
		{ "link", N_("Approved. The files go as secure links to "
			     "recipients outside.") },
		{ "return", N_("Returned. The sender gets the mail back with "
			       "your reason.") },
		{ "cancel", N_("Cancelled. Nobody gets this mail.") },
	};
	const char *done = form_get(&call->query, "done");
	const char *id = form_get(&call->query, "case");
	uint8_t bytes[CASE_ID_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].name, done) != 0)
			continue;
		values->done = call_text(call, words[i].english);
		values->done_name = words[i].name;
	}
	if (values->done == NULL)
		return;
	values->done_id = case_id_parse(id, bytes) ? id : "";
	if (values->is_todo && values->line_count > 0)
		values->next_id = values->lines[0].id;
}

/* The piece of the list that the address asks for. */
static enum status
inbox_read_query(struct call *call, struct ask_page *page, uint64_t *number_out,
		 struct err *err)
{
	const struct span number = span_of(form_get(&call->query, "page"));
	const char *search = form_get(&call->query, "q");

	*page = (struct ask_page){
		.filter = inbox_filter(call),
		.sort = ask_sort_of(form_get(&call->query, "sort")),
		.search = search,
		.limit = INBOX_PAGE_LINES,
	};
	*number_out = 1;
	if (page->sort == CASE_SORT_NONE)
		page->sort = page->filter == CASE_FILTER_TODO
				     ? CASE_SORT_URGENT
				     : CASE_SORT_NEWEST;
	if (number.len_bytes > 0 &&
	    (!parse_u64(number, INBOX_MAX_PAGE, number_out) ||
	     *number_out == 0))
		return err_set(err, ST_FORMAT, "no such page of the list");
	page->offset = (uint32_t)((*number_out - 1) * INBOX_PAGE_LINES);
	return ST_OK;
}

static enum status
inbox_answer(struct call *call, struct err *err)
{
	struct ask_page asked = { .limit = 0 };
	struct vault_list_answer answer = { .lines = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct inbox_page values = { .lines = NULL };
	const struct page page = { VIEW_TEMPLATE_INBOX, &values,
				   call_text(call, N_("Held mail")),
				   PAGE_MENU_INBOX };
	uint64_t number = 1;
	/* Known before the list is asked for: nothing new can fall between. */
	const uint64_t revision = desk_revision(call->desk);
	enum status st = inbox_read_query(call, &asked, &number, err);

	if (st == ST_OK)
		st = ask_list(call, &asked, &answer, &arena, err);
	if (st != ST_OK)
		return st;
	values.search = asked.search;
	values.revision = revision;
	inbox_fill(call, &answer, number, &values);
	inbox_fill_filters(call, asked.filter, &values);
	inbox_fill_sorts(call, asked.sort, &values);
	inbox_fill_done(call, &values);
	return page_render(call, &page, err);
}

enum status
page_inbox(struct call *call, struct err *err)
{
	/* The sender of one mail has no list, but that mail. */
	if (call_is_guest(call)) {
		page_to_guests_case(call);
		return ST_OK;
	}
	return inbox_answer(call, err);
}
