#include "vault/case/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/case_index.h"
#include "vault/case/four_eyes.h"
#include "vault/case/looks.h"

enum { VIEW_MAX_WORDS = 64, VIEW_DEFAULT_LIMIT = 50 };

#define STATE_BIT(state) (1U << (unsigned)CASE_STATE_##state)

enum {
	OPEN_STATES = 1 << CASE_STATE_SEALED | 1 << CASE_STATE_UNCONFIRMED |
		      1 << CASE_STATE_HELD | 1 << CASE_STATE_RELEASING |
		      1 << CASE_STATE_RETURNING | 1 << CASE_STATE_EXPIRING,
	ENDED_STATES = 1 << CASE_STATE_RELEASED | 1 << CASE_STATE_RETURNED |
		       1 << CASE_STATE_EXPIRED | 1 << CASE_STATE_CANCELLED
};

/* What the list query is made of, and its memory. */
struct view_query {
	struct case_index_query query;
	char words[VIEW_MAX_WORDS][VAULT_MAX_NAME_BYTES + 1];
	const char *groups[VIEW_MAX_WORDS];
	uint8_t senders[VIEW_MAX_WORDS][STORE_HASH_BYTES];
};

static void
add_groups(struct view_query *view, const struct store_user *user)
{
	struct span rest = span_of(user->groups);
	struct span word = { NULL, 0 };

	if ((user->roles & (VAULT_ROLE_APPROVER | VAULT_ROLE_HANDLER)) == 0)
		return;
	while (view->query.group_count < VIEW_MAX_WORDS &&
	       vault_list_next(&rest, &word)) {
		char *place = view->words[view->query.group_count];

		if (word.len_bytes > VAULT_MAX_NAME_BYTES)
			continue;
		memcpy(place, word.ptr, word.len_bytes);
		place[word.len_bytes] = '\0';
		view->groups[view->query.group_count++] = place;
	}
}

static enum status
add_sender(const struct vault *vault, struct view_query *view,
	   const char *address, struct err *err)
{
	if (view->query.sender_count == VIEW_MAX_WORDS)
		return ST_OK;
	return vault_mac_person(vault, KEY_USE_ADDRESS, address,
				view->senders[view->query.sender_count++], err);
}

static enum status
add_senders(const struct vault *vault, struct view_query *view,
	    const struct store_user *user, struct err *err)
{
	struct span rest = span_of(user->addresses);
	struct span word = { NULL, 0 };
	enum status st = ST_OK;

	if ((user->roles & VAULT_ROLE_SENDER) == 0)
		return ST_OK;
	st = add_sender(vault, view, user->login, err);
	while (st == ST_OK && vault_list_next(&rest, &word)) {
		char one[CASE_MAX_ADDRESS_BYTES + 1];

		if (word.len_bytes >= sizeof(one))
			continue;
		memcpy(one, word.ptr, word.len_bytes);
		one[word.len_bytes] = '\0';
		st = add_sender(vault, view, one, err);
	}
	return st;
}

static enum status
make_query(const struct vault *vault, const struct store_user *user,
	   const struct vault_list *request, struct view_query *view,
	   struct err *err)
{
	struct case_index_query *query = &view->query;
	const bool operator_sees =
		(user->roles & (VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR)) != 0;
	enum status st = ST_OK;

	*query = (struct case_index_query){
		.groups = view->groups,
		.senders = (const uint8_t(*)[STORE_HASH_BYTES])view->senders,
		.sort = request->sort != CASE_SORT_NONE ? request->sort
							: CASE_SORT_URGENT,
		.search = request->search,
		.offset = request->offset,
		.limit = request->limit > 0 ? request->limit
					    : VIEW_DEFAULT_LIMIT,
	};
	switch (request->filter) {
	case CASE_FILTER_TODO:
		query->state_mask = STATE_BIT(HELD);
		if ((user->roles & VAULT_ROLE_APPROVER) != 0)
			add_groups(view, user);
		return ST_OK;
	case CASE_FILTER_MINE:
		query->state_mask = OPEN_STATES | ENDED_STATES;
		if (request->sort == CASE_SORT_NONE)
			query->sort = CASE_SORT_NEWEST;
		return add_senders(vault, view, user, err);
	case CASE_FILTER_OPEN:
		query->state_mask = OPEN_STATES;
		break;
	case CASE_FILTER_ALL:
		query->state_mask = OPEN_STATES | ENDED_STATES;
		if (request->sort == CASE_SORT_NONE)
			query->sort = CASE_SORT_NEWEST;
		break;
	case CASE_FILTER_NONE:
	case CASE_FILTER_END:
	default:
		return err_set(err, ST_FORMAT, "no such list");
	}
	query->everything = operator_sees;
	add_groups(view, user);
	st = add_senders(vault, view, user, err);
	return st;
}

/* --- one line ---------------------------------------------------------- */

static bool
put(struct wire_arena *arena, const char **place, const char *text)
{
	*place = wire_arena_text(arena, span_of(text != NULL ? text : ""));
	return *place != NULL;
}

enum { PIECE_BYTES = 100 };

/* "xlsx 12", "zip ?": all parts of one type together; "?": some part of it
 * was not read. False: its type was told already. */
static bool
format_part(const struct case_summary *summary, size_t at,
	    char piece[PIECE_BYTES])
{
	const char *type = summary->parts[at].type;
	char number[24] = "";
	uint64_t count = 0;
	bool unread = false;

	for (size_t i = 0; i < summary->part_count; i++) {
		if (strcmp(summary->parts[i].type, type) != 0)
			continue;
		if (i < at)
			return false;
		count += summary->parts[i].number_count;
		unread |= summary->parts[i].reason != REPORT_REASON_NONE;
	}
	if (count > 0)
		(void)snprintf(number, sizeof(number), " %" PRIu64, count);
	(void)snprintf(piece, PIECE_BYTES, "%s%s%s", type, number,
		       unread ? " ?" : "");
	return true;
}

static bool
put_parts(struct wire_arena *arena, const char **place,
	  const struct case_summary *summary)
{
	struct sbuf text;
	bool done = false;

	sbuf_init(&text, VAULT_MAX_NAME_BYTES);
	for (size_t i = 0; i < summary->part_count; i++) {
		char piece[PIECE_BYTES];

		if (!format_part(summary, i, piece))
			continue;
		/* No more than fits, in whole words. */
		if (text.len_bytes + 2 + strlen(piece) > VAULT_MAX_NAME_BYTES)
			break;
		sbuf_addf(&text, "%s%s", text.len_bytes > 0 ? ", " : "", piece);
	}
	done = text.st == ST_OK && put(arena, place, sbuf_text(&text));
	sbuf_done(&text);
	return done;
}

static void
fill_locks(const struct vault *vault, const struct case_unlock *unlock,
	   struct vault_locks *locks)
{
	const uint64_t most_ms =
		(uint64_t)vault->config->vault.unlock_search_s * 1000;

	*locks = (struct vault_locks){
		.locked = unlock->locked,
		.opened = unlock->opened,
		.state = unlock->state,
		.source = unlock->source,
		.at_unix_ms = unlock->at_unix_ms,
		.search = unlock->search,
		.tried = unlock->tried,
		.total = unlock->total,
		.rate_per_s = unlock->rate_per_s,
		.spent_ms = unlock->spent_ms,
		.left_ms = most_ms > unlock->spent_ms
				   ? most_ms - unlock->spent_ms
				   : 0,
	};
}

bool
view_fill_line(const struct vault *vault, struct wire_arena *arena,
	       const struct record *record, bool involved,
	       struct vault_case_line *line)
{
	const struct store_case *row = &record->row;
	const struct case_summary *summary = &record->summary;

	memcpy(line->case_id, row->id, sizeof(line->case_id));
	line->state = row->state;
	line->recipient_count = row->recipient_count;
	line->deadline_unix_ms = row->deadline_unix_ms;
	line->received_unix_ms = row->taken_unix_ms;
	line->verdict = summary->verdict != REPORT_VERDICT_NONE
				? summary->verdict
				: REPORT_VERDICT_UNSCANNABLE;
	line->level = summary->level;
	line->score_db = summary->score_db;
	line->number_count = summary->number_count;
	line->commented = row->comments > 0;
	fill_locks(vault, &record->unlock, &line->locks);
	return put(arena, &line->rule, summary->terms.rule) &&
	       put_parts(arena, &line->parts_text, summary) &&
	       put(arena, &line->envelope_sender,
		   involved ? summary->envelope_sender : "") &&
	       put(arena, &line->subject, involved ? summary->subject : "") &&
	       put(arena, &line->recipients_text,
		   involved ? summary->recipients_text : "");
}

struct list_load {
	struct vault *vault;
	const struct actor *actor;
	struct wire_arena *arena;
	struct vault_case_line *lines;
	size_t count;
};

/* Who else has it open just now. */
static bool
put_looking(const struct list_load *load, const uint8_t id[CASE_ID_BYTES],
	    struct vault_case_line *line)
{
	const struct store_user *user = &load->actor->user;
	const struct looker who = { user->login, user->name };
	struct sbuf names;
	bool done = false;

	if (load->vault->memory == NULL || load->vault->memory->looks == NULL)
		return put(load->arena, &line->looking, "");
	sbuf_init(&names, VAULT_MAX_COMMENT_BYTES);
	looks_others(load->vault->memory->looks, id, &who,
		     load->vault->now_unix_ms, &names);
	done = put(load->arena, &line->looking, sbuf_text(&names));
	sbuf_done(&names);
	return done;
}

/* What is shown, and whether, is judged by the row as it is now. */
static enum status
load_line(struct list_load *load, const uint8_t id[CASE_ID_BYTES],
	  struct err *err)
{
	AUTO(record_done) struct record record;
	struct vault *vault = load->vault;
	const struct store_user *user = &load->actor->user;
	struct vault_case_line *line = &load->lines[load->count];
	enum case_standing standing = CASE_STANDING_NONE;
	enum status st = ST_OK;

	record_init(&record);
	st = store_case_find(vault->store, id, &record.row, err);
	if (st == ST_NOT_FOUND) /* in the index already, not in our snapshot */
		return ST_OK;
	if (st != ST_OK)
		return st;
	/* One damaged case must not hide the others; the log names it. */
	if (record_open(vault, &record, err) != ST_OK)
		return err->st == ST_NO_MEMORY ? ST_NO_MEMORY : ST_OK;
	standing = decide_standing(vault, user, &record);
	if (standing == CASE_STANDING_NONE)
		return ST_OK;
	line->own = person_may_have_sent(vault, user, &record.summary);
	if (!view_fill_line(vault, load->arena, &record,
			    standing == CASE_STANDING_INVOLVED, line) ||
	    (standing == CASE_STANDING_INVOLVED &&
	     !put_looking(load, id, line)))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	load->count++;
	return ST_OK;
}

static enum status
find_and_load(struct list_load *load, const struct case_index_query *query,
	      uint32_t *total_out, struct err *err)
{
	AUTO(case_index_free) struct case_index *own = NULL;
	struct case_index *index =
		load->vault->memory != NULL ? load->vault->memory->index : NULL;
	struct case_index_found found = { .count = 0 };
	enum status st = ST_OK;

	found.ids = wire_arena_alloc(load->arena,
				     VAULT_MAX_PAGE * sizeof(*found.ids));
	if (found.ids == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	/* Without one to keep, for this one time. */
	if (index == NULL)
		st = case_index_new(INDEX_MAX_TEXT_BYTES, &own, err);
	if (st == ST_OK)
		st = case_index_find(index != NULL ? index : own, load->vault,
				     query, &found, err);
	for (size_t i = 0; st == ST_OK && i < found.count; i++)
		st = load_line(load, found.ids[i], err);
	*total_out = found.total;
	return st;
}

/* The one case of a guest. */
static enum status
load_guests(struct list_load *load, const struct vault_list *request,
	    uint32_t *total_out, struct err *err)
{
	enum status st = ST_OK;

	if (request->filter == CASE_FILTER_TODO || request->offset > 0)
		return ST_OK;
	st = load_line(load, load->actor->session.case_id, err);
	*total_out = (uint32_t)load->count;
	return st;
}

enum status
view_list(struct vault *vault, const struct actor *actor,
	  const struct vault_list *request,
	  struct vault_list_answer *answer_out, struct wire_arena **arena_out,
	  struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct list_load load = { vault, actor, arena, NULL, 0 };
	struct view_query *view = NULL;
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK)
		return st;
	if (arena != NULL) {
		view = wire_arena_alloc(arena, sizeof(*view));
		load.lines = wire_arena_alloc(
			arena, VAULT_MAX_PAGE * sizeof(*load.lines));
	}
	if (view == NULL || load.lines == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	*answer_out = (struct vault_list_answer){ .lines = load.lines };
	if (actor->is_guest)
		st = load_guests(&load, request, &answer_out->total, err);
	else
		st = make_query(vault, &actor->user, request, view, err);
	if (st == ST_OK && !actor->is_guest &&
	    (view->query.everything || view->query.group_count > 0 ||
	     view->query.sender_count > 0))
		st = find_and_load(&load, &view->query, &answer_out->total,
				   err);
	if (st != ST_OK)
		return st;
	answer_out->line_count = load.count;
	*arena_out = MOVE(arena);
	return ST_OK;
}
