#include "vault/case/case_index.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/case_entry.h"
#include "vault/case/companion.h"

enum { INDEX_FIRST_ROOM = 256 };

struct case_index {
	pthread_mutex_t lock;        /* guards the rest */
	struct case_entry **entries; /* in order of id, once loaded */
	size_t count, room;
	size_t total_bytes; /* of all entries */
	size_t text_bytes;  /* of it, words to search in */
	size_t max_text_bytes;
	bool loaded;
	uint64_t audit_seq; /* rows that are accounted for */
	/* What it was made with; borrowed, compared. */
	const struct key_ring *ring;
	const struct config *config;
};

enum status
case_index_new(size_t max_text_bytes, struct case_index **index_out,
	       struct err *err)
{
	struct case_index *index = calloc(1, sizeof(*index));

	if (index == NULL || pthread_mutex_init(&index->lock, NULL) != 0) {
		free(index);
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	index->max_text_bytes = max_text_bytes;
	*index_out = index;
	return ST_OK;
}

static void
forget_all(struct case_index *index)
{
	for (size_t i = 0; i < index->count; i++)
		case_entry_free(&index->entries[i]);
	free(index->entries);
	index->entries = NULL;
	index->count = index->room = 0;
	index->total_bytes = index->text_bytes = 0;
	index->loaded = false;
	index->audit_seq = 0;
}

void
case_index_free(struct case_index **index)
{
	if (*index == NULL)
		return;
	forget_all(*index);
	(void)pthread_mutex_destroy(&(*index)->lock);
	free(*index);
	*index = NULL;
}

size_t
case_index_bytes(struct case_index *index)
{
	size_t bytes = 0;

	(void)pthread_mutex_lock(&index->lock);
	bytes = sizeof(*index) + index->total_bytes +
		index->room * sizeof(struct case_entry *);
	(void)pthread_mutex_unlock(&index->lock);
	return bytes;
}

/* --- entries ----------------------------------------------------------- */

static int
compare_ids(const void *a, const void *b)
{
	const struct case_entry *x = *(const struct case_entry *const *)a;
	const struct case_entry *y = *(const struct case_entry *const *)b;

	return memcmp(x->id, y->id, sizeof(x->id));
}

/* Where the case stands, or would. */
static size_t
find_place(const struct case_index *index, const uint8_t id[CASE_ID_BYTES],
	   bool *found_out)
{
	size_t low = 0;
	size_t high = index->count;

	*found_out = false;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order =
			memcmp(index->entries[middle]->id, id, CASE_ID_BYTES);

		if (order == 0) {
			*found_out = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum status
make_room(struct case_index *index, struct err *err)
{
	const size_t room =
		index->room > 0 ? index->room * 2 : INDEX_FIRST_ROOM;
	struct case_entry **entries = NULL;

	if (index->count < index->room)
		return ST_OK;
	if (index->count >= INDEX_MAX_CASES)
		return err_set(err, ST_LIMIT,
			       "more than %d cases: shorten vault.keep_ended",
			       INDEX_MAX_CASES);
	entries =
		reallocarray(index->entries, room, sizeof(struct case_entry *));
	if (entries == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	index->entries = entries;
	index->room = room;
	return ST_OK;
}

static void
count_in(struct case_index *index, const struct case_entry *entry)
{
	index->total_bytes += entry->total_bytes;
	index->text_bytes += entry->text_bytes;
}

static void
count_out(struct case_index *index, const struct case_entry *entry)
{
	index->total_bytes -= entry->total_bytes;
	index->text_bytes -= entry->text_bytes;
}

/* The row's summary. A damaged one must not hide the other cases. */
static enum status
open_row(struct vault *vault, const struct store_case *row,
	 struct record *record, struct err *err)
{
	enum status st = ST_OK;

	record->row = *row;
	record->row.memory = NULL; /* stays the store's */
	st = record_open(vault, record, err);
	if (st == ST_IO) {
		record->summary =
			(struct case_summary){ .terms = { .rule = NULL } };
		return ST_OK;
	}
	return st;
}

static enum status
make_entry(struct case_index *index, struct vault *vault,
	   const struct store_case *row, struct case_entry **entry_out,
	   struct err *err)
{
	AUTO(record_done) struct record record;
	enum status st = ST_OK;

	record_init(&record);
	st = open_row(vault, row, &record, err);
	if (st == ST_OK)
		st = case_entry_new(vault, &record,
				    index->text_bytes < index->max_text_bytes
					    ? ENTRY_TEXT_WITH
					    : ENTRY_TEXT_WITHOUT,
				    entry_out, err);
	return st;
}

/* --- the first time ---------------------------------------------------- */

struct loading {
	struct case_index *index;
	struct vault *vault;
};

static enum status
load_one(void *context, const struct store_case *row, struct err *err)
{
	struct loading *loading = context;
	struct case_index *index = loading->index;
	struct case_entry *entry = NULL;
	enum status st = ST_OK;

	if (row->self_test || companion_is(row))
		return ST_OK;
	st = make_room(index, err);
	if (st == ST_OK)
		st = make_entry(index, loading->vault, row, &entry, err);
	if (st != ST_OK)
		return st;
	count_in(index, entry);
	index->entries[index->count++] = entry;
	return ST_OK;
}

static enum status
load_all(struct case_index *index, struct vault *vault, struct err *err)
{
	const struct store_case_query query = { .state_mask = ~0U,
						.everything = true,
						.limit = UINT32_MAX };
	struct loading loading = { index, vault };
	const enum status st = store_case_each(vault->store, &query, load_one,
					       &loading, NULL, err);

	if (st != ST_OK) {
		forget_all(index);
		return st;
	}
	if (index->count > 0)
		qsort(index->entries, index->count, sizeof(struct case_entry *),
		      compare_ids);
	index->loaded = true;
	return ST_OK;
}

/* --- what has changed since -------------------------------------------- */

struct changed {
	uint8_t (*ids)[CASE_ID_BYTES];
	size_t count, room;
};

static enum status
note_changed(void *context, const uint8_t case_id[CASE_ID_BYTES],
	     struct err *err)
{
	struct changed *changed = context;

	/* One case often has several rows in a row. */
	if (changed->count > 0 && memcmp(changed->ids[changed->count - 1],
					 case_id, CASE_ID_BYTES) == 0)
		return ST_OK;
	if (changed->count == changed->room) {
		const size_t room = changed->room > 0 ? changed->room * 2 : 64;
		void *ids = reallocarray(changed->ids, room, CASE_ID_BYTES);

		if (ids == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		changed->ids = ids;
		changed->room = room;
	}
	memcpy(changed->ids[changed->count++], case_id, CASE_ID_BYTES);
	return ST_OK;
}

static void
drop_entry(struct case_index *index, size_t at)
{
	count_out(index, index->entries[at]);
	case_entry_free(&index->entries[at]);
	index->count--;
	memmove(&index->entries[at], &index->entries[at + 1],
		(index->count - at) * sizeof(struct case_entry *));
}

static enum status
put_entry(struct case_index *index, struct case_entry **entry, struct err *err)
{
	bool found = false;
	const size_t at = find_place(index, (*entry)->id, &found);
	const enum status st = found ? ST_OK : make_room(index, err);

	if (st != ST_OK)
		return st;
	if (found) {
		count_out(index, index->entries[at]);
		case_entry_free(&index->entries[at]);
	} else {
		memmove(&index->entries[at + 1], &index->entries[at],
			(index->count - at) * sizeof(struct case_entry *));
		index->count++;
	}
	count_in(index, *entry);
	index->entries[at] = MOVE(*entry);
	return ST_OK;
}

static enum status
reload_one(struct case_index *index, struct vault *vault,
	   const uint8_t id[CASE_ID_BYTES], struct err *err)
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	AUTO(case_entry_free) struct case_entry *entry = NULL;
	bool found = false;
	const size_t at = find_place(index, id, &found);
	enum status st = store_case_find(vault->store, id, &row, err);

	if (st == ST_NOT_FOUND ||
	    (st == ST_OK && (row.self_test || companion_is(&row)))) {
		if (found)
			drop_entry(index, at);
		return ST_OK;
	}
	if (st == ST_OK)
		st = make_entry(index, vault, &row, &entry, err);
	return st == ST_OK ? put_entry(index, &entry, err) : st;
}

static enum status
reload_changed(struct case_index *index, struct vault *vault, struct err *err)
{
	struct changed changed = { NULL, 0, 0 };
	enum status st = audit_each_case(vault->store, index->audit_seq,
					 note_changed, &changed, err);

	for (size_t i = 0; st == ST_OK && i < changed.count; i++)
		st = reload_one(index, vault, changed.ids[i], err);
	free(changed.ids);
	return st;
}

/* --- sync -------------------------------------------------------------- */

static bool
same_aliases(const struct config *a, const struct config *b)
{
	const struct config_list *x = &a->general.domain_aliases;
	const struct config_list *y = &b->general.domain_aliases;

	if (a == b)
		return true;
	if (x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->items[i], y->items[i]) != 0)
			return false;
	return true;
}

static enum status
sync_locked(struct case_index *index, struct vault *vault, struct err *err)
{
	uint64_t seq = 0;
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK || index->ring != vault->ring ||
	    !same_aliases(index->config, vault->config))
		forget_all(index);
	index->ring = vault->ring;
	index->config = vault->config;
	if (st == ST_OK)
		st = audit_count(vault->store, &seq, err);
	if (st != ST_OK)
		return st;
	if (!index->loaded)
		st = load_all(index, vault, err);
	/* A snapshot from before the last one has nothing to add. */
	else if (seq > index->audit_seq)
		st = reload_changed(index, vault, err);
	if (st != ST_OK)
		forget_all(index);
	else if (seq > index->audit_seq)
		index->audit_seq = seq;
	return st;
}

enum status
case_index_sync(struct case_index *index, struct vault *vault, struct err *err)
{
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&index->lock);
	st = sync_locked(index, vault, err);
	(void)pthread_mutex_unlock(&index->lock);
	return st;
}

/* --- finding ----------------------------------------------------------- */

/* The best ones so far as a heap, the last of them on top. */
struct pick {
	const struct case_entry **best;
	size_t count, room;
	case_entry_order order;
	uint32_t total;
};

static void
swap(struct pick *pick, size_t a, size_t b)
{
	const struct case_entry *kept = pick->best[a];

	pick->best[a] = pick->best[b];
	pick->best[b] = kept;
}

static bool
is_behind(const struct pick *pick, size_t a, size_t b)
{
	return pick->order(&pick->best[a], &pick->best[b]) > 0;
}

static void
sink_top(struct pick *pick)
{
	size_t at = 0;

	for (;;) {
		size_t largest = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < pick->count &&
			    is_behind(pick, child, largest))
				largest = child;
		if (largest == at)
			return;
		swap(pick, at, largest);
		at = largest;
	}
}

static void
pick_one(struct pick *pick, const struct case_entry *entry)
{
	size_t at = pick->count;

	pick->total++;
	if (pick->room == 0 || pick->best == NULL)
		return;
	if (pick->count == pick->room) {
		if (pick->order(&entry, &pick->best[0]) < 0) {
			pick->best[0] = entry;
			sink_top(pick);
		}
		return;
	}
	pick->best[pick->count++] = entry;
	while (at > 0 && is_behind(pick, at, (at - 1) / 2)) {
		swap(pick, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

/* Words of a case that are not kept are read for this one time. */
static enum status
matches_row(struct vault *vault, const struct case_entry *entry, bool involved,
	    const struct entry_words *words, bool *matches_out, struct err *err)
{
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	AUTO(case_entry_free) struct case_entry *whole = NULL;
	AUTO(record_done) struct record record;
	enum status st = store_case_find(vault->store, entry->id, &row, err);

	record_init(&record);
	*matches_out = false;
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st == ST_OK)
		st = open_row(vault, &row, &record, err);
	if (st == ST_OK)
		st = case_entry_new(vault, &record, ENTRY_TEXT_WITH, &whole,
				    err);
	if (st == ST_OK)
		*matches_out = case_entry_matches(whole, involved, words);
	return st;
}

static enum status
look_at(struct vault *vault, const struct case_index_query *query,
	const struct entry_words *words, const struct case_entry *entry,
	struct pick *pick, struct err *err)
{
	bool involved = false;
	bool matches = true;
	enum status st = ST_OK;

	if ((query->state_mask & 1U << entry->state) == 0)
		return ST_OK;
	involved = case_entry_is_involved(entry, query);
	if (!involved && !query->everything)
		return ST_OK;
	if (words->count > 0 && entry->text != NULL)
		matches = case_entry_matches(entry, involved, words);
	else if (words->count > 0)
		st = matches_row(vault, entry, involved, words, &matches, err);
	if (st == ST_OK && matches)
		pick_one(pick, entry);
	return st;
}

static enum status
find_locked(struct case_index *index, struct vault *vault,
	    const struct case_index_query *query, struct pick *pick,
	    struct err *err)
{
	struct entry_words words = { .count = 0 };
	enum status st = ST_OK;

	case_entry_words(query->search != NULL ? query->search : "", &words);
	for (size_t i = 0; st == ST_OK && i < index->count; i++)
		st = look_at(vault, query, &words, index->entries[i], pick,
			     err);
	explicit_bzero(&words, sizeof(words));
	return st;
}

static void
give_page(struct pick *pick, const struct case_index_query *query,
	  struct case_index_found *found)
{
	if (pick->count > 0)
		qsort(pick->best, pick->count,
		      sizeof(const struct case_entry *), pick->order);
	found->count = 0;
	found->total = pick->total;
	for (size_t i = query->offset;
	     i < pick->count && found->count < query->limit; i++)
		memcpy(found->ids[found->count++], pick->best[i]->id,
		       CASE_ID_BYTES);
}

enum status
case_index_find(struct case_index *index, struct vault *vault,
		const struct case_index_query *query,
		struct case_index_found *found, struct err *err)
{
	/* Who sees a case without its words must not learn their order. */
	const enum case_sort sort =
		query->everything && query->sort == CASE_SORT_SENDER
			? CASE_SORT_OLDEST
			: query->sort;
	struct pick pick = { .order = case_entry_order_of(sort) };
	enum status st = ST_OK;

	(void)pthread_mutex_lock(&index->lock);
	st = sync_locked(index, vault, err);
	if (st == ST_OK) {
		pick.room = (size_t)query->offset + query->limit;
		if (pick.room > index->count)
			pick.room = index->count;
		pick.best = calloc(pick.room + 1,
				   sizeof(const struct case_entry *));
		if (pick.best == NULL)
			st = err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	if (st == ST_OK)
		st = find_locked(index, vault, query, &pick, err);
	if (st == ST_OK)
		give_page(&pick, query, found);
	(void)pthread_mutex_unlock(&index->lock);
	free(pick.best);
	return st;
}
