/* Held mails that words of another one may open; contract: related.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/companion.h"
#include "vault/case/related.h"
#include "vault/case/unlock.h"
#include "vault/case/words_between.h"
#include "vault/client/identity.h"

enum {
	RELATED_MAX_CASES = 32, /* of a sender; the youngest count */
	RELATED_MAX_SENDERS = 8,
	RELATED_MAX_LOOKED_AT = 256,
	RELATED_ADDRESS_BYTES = 8 * 1024
};

/* A recipient of the mail by its canonical form. */
struct sought {
	const char *canonical;
	size_t index; /* in the request */
};

struct search {
	struct vault *vault;
	const struct vault_related *request;
	struct wire_arena *arena;
	struct related *out;
	uint8_t ids[RELATED_MAX_LOOKED_AT][CASE_ID_BYTES];
	size_t id_count;
	struct sought *sought; /* sorted */
	size_t sought_count;
	/* For each recipient of the request. */
	struct vault_wait *waits;
	bool *is_waiting;
	bool has_room; /* the case that is looked at takes companions */
};

static void
search_done(struct search *search)
{
	free(search->sought);
	free(search->waits);
	free(search->is_waiting);
}

/* --- cases of the senders ---------------------------------------------- */

static enum status
note_case(void *context, const struct store_case *row, struct err *err)
{
	struct search *search = context;

	(void)err;
	if (row->unlock.len_bytes == 0 || row->self_test || companion_is(row))
		return ST_OK;
	memcpy(search->ids[search->id_count++], row->id, CASE_ID_BYTES);
	return search->id_count < RELATED_MAX_CASES ? ST_OK : ST_END;
}

static enum status
find_cases(struct search *search, struct err *err)
{
	const struct vault_related *request = search->request;
	uint8_t senders[RELATED_MAX_SENDERS][STORE_HASH_BYTES];
	struct store_case_query query = {
		.state_mask =
			1U << CASE_STATE_HELD | 1U << CASE_STATE_UNCONFIRMED,
		.senders = (const uint8_t(*)[STORE_HASH_BYTES])senders,
		.newest_first = true,
		.limit = RELATED_MAX_LOOKED_AT,
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < request->sender_count &&
			   query.sender_count < RELATED_MAX_SENDERS;
	     i++) {
		const struct case_sender *sender = &request->senders[i];

		if (!words_sender_counts(sender))
			continue;
		st = vault_mac_person(search->vault, KEY_USE_ADDRESS,
				      sender->address,
				      senders[query.sender_count++], err);
	}
	if (st != ST_OK || query.sender_count == 0)
		return st;
	return store_case_each(search->vault->store, &query, note_case, search,
			       NULL, err);
}

static const char *
canonical_of(struct search *search, const char *address, struct sbuf *room)
{
	sbuf_clear(room);
	identity_canonical(&search->vault->config->general.domain_aliases,
			   address, room);
	return wire_arena_text(search->arena, sbuf_span(room));
}

/* Is this one a sender of the mail that counts? A case is found by all who are
 * named in it. */
static enum status
match_sender(struct search *search, const char *address, bool *matches_out,
	     struct err *err)
{
	const struct vault_related *request = search->request;
	AUTO(sbuf_done) struct sbuf room;
	const char *canonical = NULL;

	sbuf_init(&room, RELATED_ADDRESS_BYTES);
	canonical = canonical_of(search, address, &room);
	for (size_t i = 0; canonical != NULL && i < request->sender_count;
	     i++) {
		const char *one = NULL;

		if (!words_sender_counts(&request->senders[i]))
			continue;
		one = canonical_of(search, request->senders[i].address, &room);
		if (one == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		*matches_out |= strcmp(one, canonical) == 0;
	}
	return canonical != NULL
		       ? ST_OK
		       : err_set(err, ST_NO_MEMORY, "vault: no memory");
}

static enum status
match_senders(struct search *search, const struct record *record,
	      bool *matches_out, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < record->summary.sender_count; i++)
		if (words_sender_counts(&record->summary.senders[i]))
			st = match_sender(search,
					  record->summary.senders[i].address,
					  matches_out, err);
	return st;
}

/* --- recipients -------------------------------------------------------- */

static int
compare_sought(const void *a, const void *b)
{
	const struct sought *x = a;
	const struct sought *y = b;
	const int order = strcmp(x->canonical, y->canonical);

	if (order != 0)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

static enum status
sort_recipients(struct search *search, struct err *err)
{
	const struct vault_related *request = search->request;
	AUTO(sbuf_done) struct sbuf room;

	sbuf_init(&room, RELATED_ADDRESS_BYTES);
	search->sought =
		calloc(request->recipient_count + 1, sizeof(*search->sought));
	search->waits =
		calloc(request->recipient_count + 1, sizeof(*search->waits));
	search->is_waiting = calloc(request->recipient_count + 1, sizeof(bool));
	if (search->sought == NULL || search->waits == NULL ||
	    search->is_waiting == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < request->recipient_count; i++) {
		const char *canonical = canonical_of(
			search, request->recipients[i].address, &room);

		if (canonical == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		search->sought[search->sought_count++] =
			(struct sought){ canonical, i };
	}
	qsort(search->sought, search->sought_count, sizeof(*search->sought),
	      compare_sought);
	return ST_OK;
}

/* The first of those with this address; sought_count: none. */
static size_t
find_sought(const struct search *search, const char *canonical)
{
	size_t low = 0;
	size_t high = search->sought_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strcmp(search->sought[middle].canonical, canonical) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < search->sought_count &&
	    strcmp(search->sought[low].canonical, canonical) == 0)
		return low;
	return search->sought_count;
}

/* --- one case ---------------------------------------------------------- */

/* Who of the mail is a recipient of the case waits with it, unless with a
 * younger one already. */
static bool
match_recipient(struct search *search, const char *canonical,
		const struct record *record)
{
	size_t at = find_sought(search, canonical);
	const bool matches = at < search->sought_count;

	for (; at < search->sought_count &&
	       strcmp(search->sought[at].canonical, canonical) == 0;
	     at++) {
		const size_t index = search->sought[at].index;
		struct vault_wait *wait = &search->waits[index];

		if (search->is_waiting[index] || !search->has_room)
			continue;
		search->is_waiting[index] = true;
		wait->recipient = search->request->recipients[index].address;
		memcpy(wait->case_id, record->row.id, CASE_ID_BYTES);
	}
	return matches;
}

static enum status
match_recipients(struct search *search, const struct record *record,
		 bool *matches_out, struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients list = { .arena = NULL };
	AUTO(sbuf_done) struct sbuf room;
	enum status st = record_recipients(search->vault, record->row.id,
					   CASE_OUTCOME_WAITING, &list, err);

	sbuf_init(&room, RELATED_ADDRESS_BYTES);
	for (size_t i = 0; st == ST_OK && i < list.count; i++) {
		const char *canonical =
			canonical_of(search, list.items[i].address, &room);

		if (canonical == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		if (match_recipient(search, canonical, record))
			*matches_out = true;
	}
	return st;
}

/* The terms live as long as the answer. */
static enum status
copy_terms(struct search *search, const struct record *record, struct err *err)
{
	struct case_terms terms = record->summary.terms;

	terms.rule = wire_arena_text(search->arena, span_of(terms.rule));
	terms.approvers =
		wire_arena_text(search->arena, span_of(terms.approvers));
	terms.tag = wire_arena_text(search->arena, span_of(terms.tag));
	if (terms.rule == NULL || terms.approvers == NULL || terms.tag == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < search->request->recipient_count; i++)
		if (search->is_waiting[i] &&
		    memcmp(search->waits[i].case_id, record->row.id,
			   CASE_ID_BYTES) == 0)
			search->waits[i].terms = terms;
	return ST_OK;
}

static enum status
look_at_case(struct search *search, const uint8_t id[CASE_ID_BYTES],
	     struct err *err)
{
	AUTO(record_done) struct record record;
	struct companions companions;
	bool matches = false;
	enum status st = ST_OK;

	record_init(&record);
	st = record_read(search->vault, id, &record, err);
	if (st == ST_OK && record.unlock.locked > 0)
		st = match_senders(search, &record, &matches, err);
	if (st != ST_OK || !matches)
		return st;
	matches = false;
	st = companions_find(search->vault, id, &companions, err);
	if (st != ST_OK)
		return st;
	search->has_room = companions.count < COMPANIONS_MAX;
	st = match_recipients(search, &record, &matches, err);
	if (st != ST_OK || !matches)
		return st;
	st = copy_terms(search, &record, err);
	if (st == ST_OK && search->out->added > 0)
		st = unlock_order(search->vault, &record, UNLOCK_REASON_RELATED,
				  err);
	return st;
}

/* --- all --------------------------------------------------------------- */

static bool
has_anchored_words(const struct vault_related *request)
{
	for (size_t i = 0; i < request->word_count; i++)
		if (!request->words[i].worked)
			return true;
	return false;
}

/* In the order of the envelope. */
static enum status
answer_waits(struct search *search, struct err *err)
{
	const struct vault_related *request = search->request;
	struct vault_related_answer *answer = &search->out->answer;
	struct vault_wait *list = wire_arena_alloc(
		search->arena, (request->recipient_count + 1) * sizeof(*list));

	if (list == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < request->recipient_count; i++) {
		struct vault_wait *wait = &list[answer->wait_count];

		if (!search->is_waiting[i])
			continue;
		*wait = search->waits[i];
		/* The answer outlives the request. */
		wait->recipient = wire_arena_text(search->arena,
						  span_of(wait->recipient));
		if (wait->recipient == NULL)
			return err_set(err, ST_NO_MEMORY, "vault: no memory");
		answer->wait_count++;
	}
	answer->waits = list;
	return ST_OK;
}

enum status
related_cases(struct vault *vault, const struct vault_related *request,
	      struct wire_arena *arena, struct related *out, struct err *err)
{
	AUTO(search_done)
	struct search search = {
		.vault = vault, .request = request, .arena = arena, .out = out
	};
	enum status st = find_cases(&search, err);

	if (st != ST_OK || search.id_count == 0)
		return st;
	st = sort_recipients(&search, err);
	for (size_t i = 0; st == ST_OK && i < search.id_count; i++)
		st = look_at_case(&search, search.ids[i], err);
	if (st == ST_OK && request->wait && has_anchored_words(request))
		st = answer_waits(&search, err);
	return st;
}

enum status
related_try_case(struct vault *vault, struct record *record, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_word *words = NULL;
	size_t count = 0;
	enum status st = ST_OK;

	if (record->unlock.locked == 0 || record->row.self_test)
		return ST_OK;
	arena = wire_arena_new();
	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = related_for_case(vault, record, arena, &words, &count, err);
	if (st != ST_OK || count == 0)
		return st;
	return unlock_order(vault, record, UNLOCK_REASON_RELATED, err);
}
