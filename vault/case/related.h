/*
 * related.h - what other mails between the same people tell about a mail.
 *
 * Layer:    vault/case
 * Threads:  related_words(), related_for_case(): any; the others: the writer's
 *
 * Passwords come in another mail than what they open, before it or after it.
 * So words of a mail go to the pool (words_pool.h), and what is locked is
 * tried with those that are there: a mail that comes in at once, a held one by
 * the job UNLOCK when the words come later.
 */
#ifndef VAULT_CASE_RELATED_H
#define VAULT_CASE_RELATED_H

#include "vault/case/record.h"

/* What came of the words of a request. */
struct related {
	struct vault_related_answer answer; /* its memory is the arena's */
	size_t added;                       /* words that were new */
};

/*
 * The part of a request that needs no store: keep its words, and find those of
 * other mails. Works while the vault is locked.
 */
MUST_CHECK enum status
related_words(struct vault_memory *memory, const struct config *config,
	      const struct vault_related *request, struct wire_arena *arena,
	      struct related *out, struct err *err);

/*
 * The rest: undecided, locked cases between the same people are tried again
 * when words were new, and out->answer.waits says who should wait with one.
 */
MUST_CHECK enum status
related_cases(struct vault *vault, const struct vault_related *request,
	      struct wire_arena *arena, struct related *out, struct err *err);

/* A case was made, or opened: words that came between the look for them and
 * now, or while the vault was locked, are tried. */
MUST_CHECK enum status
related_try_case(struct vault *vault, struct record *record, struct err *err);

/* The words for what is locked in a case: between its senders and recipients.
 * Gives: *words_out in arena */
MUST_CHECK enum status
related_for_case(struct vault *vault, const struct record *record,
		 struct wire_arena *arena, const struct vault_word **words_out,
		 size_t *count_out, struct err *err);

/* Passwords that opened something of the case, for the next mail between the
 * same people. Not kept is no failure. */
void related_keep_for_case(struct vault *vault, const struct record *record,
			   const struct report_word *words, size_t word_count);

/* Put on record how many words were dropped since the last time: an hour after
 * the first of them, or at_once, since the vault stops. */
MUST_CHECK enum status
related_note_dropped(struct vault *vault, bool at_once, struct err *err);

/* An administrator wipes all words. */
MUST_CHECK enum status
related_forget(struct vault *vault, const char *actor, const char *via,
	       uint64_t *count_out, struct err *err);

#endif
