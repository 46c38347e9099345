#include "vault/case/related.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/log.h"
#include "vault/case/words_saved.h"

enum { RELATED_NOTE_MS = 3600 * 1000, RELATED_DETAIL_BYTES = 40 };

/* That they are not kept delays no mail. */
static void
keep_words(struct words_pool *pool, const struct words_between *between,
	   const struct report_word *words, size_t word_count, size_t *added)
{
	struct err err = { .st = ST_OK };

	if (words_pool_add(pool, between, words, word_count, added, &err) !=
	    ST_OK)
		log_event(LOG_LEVEL_WARNING, "words_not_kept", &err);
}

enum status
related_words(struct vault_memory *memory, const struct config *config,
	      const struct vault_related *request, struct wire_arena *arena,
	      struct related *out, struct err *err)
{
	struct words_between between;
	enum status st = ST_OK;

	*out = (struct related){ .added = 0 };
	if (memory->words == NULL)
		return ST_OK;
	words_between_init(&between, config);
	between.senders = request->senders;
	between.sender_count = request->sender_count;
	between.recipients = request->recipients;
	between.recipient_count = request->recipient_count;
	/* Its own words were tried on it. */
	if (request->locked)
		st = words_pool_find(memory->words, &between, arena,
				     &out->answer.words,
				     &out->answer.word_count, err);
	if (st == ST_OK && request->word_count > 0)
		keep_words(memory->words, &between, request->words,
			   request->word_count, &out->added);
	return st;
}

/* --- a case ------------------------------------------------------------ */

/* The people of a case; what recipients point to is of list. */
struct case_people {
	struct record_recipients list;
	struct case_recipient *recipients;
	struct words_between between;
};

static void
case_people_done(struct case_people *people)
{
	record_recipients_done(&people->list);
	free(people->recipients);
}

static enum status
case_people_read(struct vault *vault, const struct record *record,
		 struct case_people *people, struct err *err)
{
	enum status st = record_recipients(
		vault, record->row.id, CASE_OUTCOME_NONE, &people->list, err);

	if (st != ST_OK)
		return st;
	people->recipients =
		calloc(people->list.count + 1, sizeof(*people->recipients));
	if (people->recipients == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < people->list.count; i++)
		people->recipients[i] =
			(struct case_recipient){ people->list.items[i].address,
						 "" };
	words_between_init(&people->between, vault->config);
	people->between.senders = record->summary.senders;
	people->between.sender_count = record->summary.sender_count;
	people->between.recipients = people->recipients;
	people->between.recipient_count = people->list.count;
	return ST_OK;
}

enum status
related_for_case(struct vault *vault, const struct record *record,
		 struct wire_arena *arena, const struct vault_word **words_out,
		 size_t *count_out, struct err *err)
{
	AUTO(case_people_done)
	struct case_people people = { .recipients = NULL };
	enum status st = ST_OK;

	*count_out = 0;
	if (vault->memory == NULL || vault->memory->words == NULL)
		return ST_OK;
	st = case_people_read(vault, record, &people, err);
	return st == ST_OK
		       ? words_pool_find(vault->memory->words, &people.between,
					 arena, words_out, count_out, err)
		       : st;
}

void
related_keep_for_case(struct vault *vault, const struct record *record,
		      const struct report_word *words, size_t word_count)
{
	AUTO(case_people_done)
	struct case_people people = { .recipients = NULL };
	struct err err = { .st = ST_OK };
	size_t added = 0;
	enum status st = ST_OK;

	if (vault->memory == NULL || vault->memory->words == NULL ||
	    word_count == 0)
		return;
	st = case_people_read(vault, record, &people, &err);
	if (st == ST_OK)
		keep_words(vault->memory->words, &people.between, words,
			   word_count, &added);
	else
		log_event(LOG_LEVEL_WARNING, "words_not_kept", &err);
}

/* --- what is dropped --------------------------------------------------- */

enum status
related_note_dropped(struct vault *vault, bool at_once, struct err *err)
{
	struct words_pool *pool =
		vault->memory != NULL ? vault->memory->words : NULL;
	char detail[RELATED_DETAIL_BYTES];
	const struct vault_deed deed = { .actor = "timer",
					 .via = "vault",
					 .event = "words-dropped",
					 .detail = detail };
	struct words_between between;
	uint64_t count = 0;
	enum status st = ST_OK;

	if (pool == NULL)
		return ST_OK;
	words_between_init(&between, vault->config);
	words_pool_expire(pool, &between.rules);
	count = words_pool_due(pool, between.rules.now_mono_ms,
			       at_once ? 0 : RELATED_NOTE_MS);
	if (count == 0)
		return ST_OK;
	(void)snprintf(detail, sizeof(detail), "count=%" PRIu64, count);
	st = vault_audit(vault, &deed, err);
	if (st == ST_OK)
		words_pool_recorded(pool, count);
	return st;
}

enum status
related_forget(struct vault *vault, const char *actor, const char *via,
	       uint64_t *count_out, struct err *err)
{
	struct words_pool *pool =
		vault->memory != NULL ? vault->memory->words : NULL;
	char detail[RELATED_DETAIL_BYTES];
	const struct vault_deed deed = { .actor = actor,
					 .via = via,
					 .event = "words-forgotten",
					 .detail = detail };
	enum status st = ST_OK;

	/* Gone even when this does not get on record: that is what was
	 * asked. */
	*count_out = pool != NULL ? words_pool_forget(pool) : 0;
	(void)snprintf(detail, sizeof(detail), "count=%" PRIu64, *count_out);
	st = words_saved_remove(vault, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}
