#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/decide.h"
#include "vault/case/four_eyes.h"
#include "vault/case/link_events.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_people.h"

enum {
	LIST_MAX_LINKS = 1000,
	LIST_MAX_EVENTS = 100,  /* of one link */
	LIST_MAX_MINOR = 50,    /* visits and codes */
	LIST_ALL_EVENTS = 20000 /* of all of them */
};

enum link_right
link_right(const struct vault *vault, const struct actor *actor,
	   const struct record *record)
{
	const struct store_user *user = &actor->user;

	if (actor->is_guest &&
	    memcmp(actor->session.case_id, record->row.id, CASE_ID_BYTES) != 0)
		return LINK_RIGHT_NONE;
	if (decide_may_cancel(vault, user, record) ||
	    four_eyes_in_group(user, record->summary.terms.approvers))
		return LINK_RIGHT_CHANGE;
	switch (decide_standing(vault, user, record)) {
	case CASE_STANDING_INVOLVED:
		return LINK_RIGHT_READ;
	case CASE_STANDING_OPERATOR:
		return (user->roles & VAULT_ROLE_AUDITOR) != 0
			       ? LINK_RIGHT_AUDIT
			       : LINK_RIGHT_COUNT;
	case CASE_STANDING_NONE:
	default:
		return LINK_RIGHT_NONE;
	}
}

bool
link_is_of(const struct store_link *row, const uint8_t case_id[CASE_ID_BYTES])
{
	static const uint8_t any[CASE_ID_BYTES];

	return memcmp(case_id, any, CASE_ID_BYTES) == 0 ||
	       memcmp(case_id, row->case_id, CASE_ID_BYTES) == 0;
}

static enum status
no_memory(struct err *err)
{
	return err_set(err, ST_NO_MEMORY, "vault: no memory");
}

struct listing {
	struct vault *vault;
	struct wire_arena *arena;
	enum link_right right;
	uint8_t (*ids)[LINK_ID_BYTES];
	size_t count;
	struct vault_link_line *lines;
	size_t file_count;
	size_t event_count;
};

static enum status
add_id(void *context, const struct store_link *row, struct err *err)
{
	struct listing *listing = context;

	(void)err;
	memcpy(listing->ids[listing->count], row->id, LINK_ID_BYTES);
	listing->count++;
	return listing->count < LIST_MAX_LINKS ? ST_OK : ST_END;
}

/* Who only counts does not learn whom it went to, nor where they are.
 * Who audits learns it here as from the record. */
static enum status
list_words(struct listing *listing, const struct store_link *row,
	   struct vault_link_line *line, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct link_events events = { .count = 0 };
	const struct store_link_event_most most = { LIST_MAX_EVENTS,
						    LIST_MAX_MINOR };
	const bool all = listing->right >= LINK_RIGHT_AUDIT;
	enum status st =
		link_open_words(listing->vault, row, &words, &arena, err);

	if (st != ST_OK)
		return st;
	line->recipient = wire_arena_text(listing->arena,
					  span_of(all ? words.address : ""));
	if (line->recipient == NULL)
		return no_memory(err);
	if (listing->event_count >= LIST_ALL_EVENTS)
		return ST_OK;
	st = link_events_read(listing->vault, row->id, most, listing->arena,
			      &events, err);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; !all && i < events.count; i++) {
		events.items[i].client_address = "";
		events.items[i].agent = "";
	}
	listing->event_count += events.count;
	line->events = events.items;
	line->event_count = events.count;
	return ST_OK;
}

struct takes_count {
	uint32_t of[LINK_MAX_FILES];
};

static enum status
count_take(void *context, const struct store_take *row, struct err *err)
{
	struct takes_count *takes = context;

	(void)err;
	if (row->file < LINK_MAX_FILES)
		takes->of[row->file]++;
	return ST_OK;
}

/* Of the file that was taken least. */
static enum status
list_left(const struct listing *listing, const struct store_link *row,
	  uint32_t *left_out, struct err *err)
{
	struct takes_count takes = { .of = { 0 } };
	enum status st = ST_OK;

	if (row->downloads == 0 || row->ended_unix_ms != 0)
		return ST_OK;
	st = store_take_each(listing->vault->store, row->id, count_take, &takes,
			     err);
	for (uint32_t i = 0; i < listing->file_count && i < LINK_MAX_FILES; i++)
		if (takes.of[i] < row->downloads &&
		    row->downloads - takes.of[i] > *left_out)
			*left_out = row->downloads - takes.of[i];
	return st;
}

static enum status
list_one(struct listing *listing, size_t i, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_link_line *line = &listing->lines[i];
	enum status st = store_link_find(listing->vault->store, listing->ids[i],
					 &row, err);

	if (st != ST_OK)
		return st;
	*line = (struct vault_link_line){
		.kind = row.kind,
		.state = row.state,
		.sent_unix_ms = row.sent_unix_ms,
		.expires_unix_ms = row.expires_unix_ms,
		.ended_unix_ms = row.ended_unix_ms,
		.downloads = row.downloads,
		.needs_code = row.needs_code,
		.needs_password = row.password.len_bytes > 0,
		.opened = row.opened,
		.fetched = row.fetched,
	};
	memcpy(line->link_id, row.id, sizeof(line->link_id));
	st = list_left(listing, &row, &line->left, err);
	return st == ST_OK ? list_words(listing, &row, line, err) : st;
}

/* ST_NOT_FOUND: nothing of this case was sent as a link. */
static enum status
list_files(struct listing *listing, const uint8_t case_id[CASE_ID_BYTES],
	   struct vault_link_list_answer *answer, struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_batch_words words = { .sender = "" };
	struct vault_link_order order = { .file_count = 0 };
	enum status st = store_link_batch_find(listing->vault->store, case_id,
					       &batch, err);

	if (st == ST_OK)
		st = link_open_batch(listing->vault, &batch, &words, &arena,
				     err);
	if (st == ST_OK)
		st = link_notice_files(&words, (struct span){ NULL, 0 },
				       listing->arena, &order, err);
	if (st == ST_OK) {
		answer->files = order.files;
		answer->file_count = order.file_count;
		listing->file_count = order.file_count;
	}
	return st;
}

static enum status
list_all(struct listing *listing, const uint8_t case_id[CASE_ID_BYTES],
	 struct vault_link_list_answer *answer, struct err *err)
{
	enum status st = list_files(listing, case_id, answer, err);

	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st != ST_OK)
		return st;
	listing->ids = wire_arena_alloc(listing->arena,
					LIST_MAX_LINKS * sizeof(*listing->ids));
	listing->lines = wire_arena_alloc(
		listing->arena, LIST_MAX_LINKS * sizeof(*listing->lines));
	if (listing->ids == NULL || listing->lines == NULL)
		return no_memory(err);
	st = store_link_each(listing->vault->store, case_id, add_id, listing,
			     err);
	for (size_t i = 0; st == ST_OK && i < listing->count; i++)
		st = list_one(listing, i, err);
	answer->links = listing->lines;
	answer->link_count = listing->count;
	return st;
}

enum status
link_list(struct vault *vault, const struct actor *actor,
	  const struct vault_link_case *request,
	  struct vault_link_list_answer *answer_out,
	  struct wire_arena **arena_out, struct err *err)
{
	AUTO(record_done) struct record record;
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct listing listing = { .vault = vault, .arena = arena };
	enum status st = ST_OK;

	if (arena == NULL)
		return no_memory(err);
	*answer_out = (struct vault_link_list_answer){ .may_change = false };
	record_init(&record);
	st = record_read(vault, request->case_id, &record, err);
	if (st != ST_OK)
		return st;
	listing.right = link_right(vault, actor, &record);
	if (listing.right == LINK_RIGHT_NONE)
		return err_set(err, ST_NOT_FOUND, "no such case");
	answer_out->may_change = listing.right == LINK_RIGHT_CHANGE;
	st = list_all(&listing, request->case_id, answer_out, err);
	if (st == ST_OK)
		*arena_out = MOVE(arena);
	return st;
}
