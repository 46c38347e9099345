/*
 * words_between.h - who wrote to whom, and how long words between them count.
 *
 * Layer:    vault/case
 * Threads:  values
 */
#ifndef VAULT_CASE_WORDS_BETWEEN_H
#define VAULT_CASE_WORDS_BETWEEN_H

#include "vault/case/vault.h"

enum {
	WORDS_PAIR_BYTES = 16,
	WORDS_SENDER_BYTES = 4,    /* the first of them: of the sender only */
	WORDS_MAX_SENDERS = 8,     /* of a case that several have sent */
	WORDS_MAX_RECIPIENTS = 200 /* a word for more people is no password */
};

/* The settings in force, and the instant. Words are as old as the settings
 * say now, not as when they came. */
struct words_rules {
	int64_t keep_ms;        /* 0: no words that may be passwords */
	int64_t worked_keep_ms; /* 0: none of those that were */
	size_t max_words;       /* a word counts once for each pair */
	int64_t now_mono_ms;
};

/* Every sender that counts with every recipient. */
struct words_between {
	const struct config_list *aliases; /* general.domain_aliases */
	struct words_rules rules;
	const struct case_sender *senders;
	size_t sender_count;
	const struct case_recipient *recipients;
	size_t recipient_count;
};

/*
 * Only the envelope's sender, which the MTA has let this client use: a header
 * says what its writer likes, and with it words would go to mail of others, or
 * come from there. Who sends for others, or many who send under one address,
 * are one sender, whatever stands in From. A login alone may be anybody's local
 * part.
 */
bool words_sender_counts(const struct case_sender *sender);

/* Aliases and rules of the settings, and now; nobody yet. */
void
words_between_init(struct words_between *between, const struct config *config);

/* HMACs, under key, of the canonical forms (identity.h) of both of a pair. */
struct words_pairs {
	uint8_t (*tags)[WORDS_PAIR_BYTES];
	size_t count;
};
/* Gives: *pairs, release with words_pairs_done() also after a failure */
MUST_CHECK enum status
words_pairs_make(const uint8_t key[DIGEST_BYTES],
		 const struct words_between *between, struct words_pairs *pairs,
		 struct err *err);
void words_pairs_done(struct words_pairs *pairs);

#endif
