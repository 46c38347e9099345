#include "vault/case/words_between.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "vault/client/identity.h"

enum { BETWEEN_ADDRESS_BYTES = 16 * 1024 /* two canonical addresses */ };

void
words_between_init(struct words_between *between, const struct config *config)
{
	*between = (struct words_between){
		.aliases = &config->general.domain_aliases,
		.rules = {
			.keep_ms = config->vault.words_keep_s * 1000,
			.worked_keep_ms =
				config->vault.words_worked_keep_s * 1000,
			.max_words = (size_t)config->vault.words_max,
			.now_mono_ms = clock_mono_ms(),
		},
	};
}

void
words_pairs_done(struct words_pairs *pairs)
{
	free(pairs->tags);
	*pairs = (struct words_pairs){ NULL, 0 };
}

static enum status
pair_tag(const uint8_t key[DIGEST_BYTES], const struct words_between *between,
	 const char *sender, const char *recipient,
	 uint8_t tag_out[WORDS_PAIR_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf both;
	uint8_t mac[DIGEST_BYTES];
	enum status st = ST_OK;

	sbuf_init(&both, BETWEEN_ADDRESS_BYTES);
	identity_canonical(between->aliases, sender, &both);
	sbuf_add_byte(&both, 0);
	identity_canonical(between->aliases, recipient, &both);
	st = sbuf_status(&both, "vault: address", err);
	if (st == ST_OK)
		st = hmac_once((struct span){ key, DIGEST_BYTES },
			       sbuf_span(&both), mac, err);
	if (st == ST_OK)
		memcpy(tag_out, mac, WORDS_PAIR_BYTES);
	return st;
}

bool
words_sender_counts(const struct case_sender *sender)
{
	return sender->kind == CASE_SENDER_ENVELOPE &&
	       sender->address[0] != '\0';
}

static enum status
pairs_of_sender(const uint8_t key[DIGEST_BYTES],
		const struct words_between *between, const char *sender,
		struct words_pairs *pairs, struct err *err)
{
	uint8_t of_sender[WORDS_PAIR_BYTES] = { 0 };
	enum status st = pair_tag(key, between, sender, "", of_sender, err);

	for (size_t i = 0; st == ST_OK && i < between->recipient_count &&
			   i < WORDS_MAX_RECIPIENTS;
	     i++) {
		const char *recipient = between->recipients[i].address;

		if (recipient[0] == '\0')
			continue;
		st = pair_tag(key, between, sender, recipient,
			      pairs->tags[pairs->count], err);
		if (st == ST_OK)
			memcpy(pairs->tags[pairs->count++], of_sender,
			       WORDS_SENDER_BYTES);
	}
	return st;
}

enum status
words_pairs_make(const uint8_t key[DIGEST_BYTES],
		 const struct words_between *between, struct words_pairs *pairs,
		 struct err *err)
{
	size_t senders = 0;
	enum status st = ST_OK;

	*pairs = (struct words_pairs){ calloc((size_t)WORDS_MAX_SENDERS *
						      WORDS_MAX_RECIPIENTS,
					      WORDS_PAIR_BYTES),
				       0 };
	if (pairs->tags == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; st == ST_OK && i < between->sender_count &&
			   senders < WORDS_MAX_SENDERS;
	     i++) {
		const struct case_sender *sender = &between->senders[i];

		if (!words_sender_counts(sender))
			continue;
		st = pairs_of_sender(key, between, sender->address, pairs, err);
		senders++;
	}
	return st;
}
