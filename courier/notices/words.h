/*
 * words.h - what the names in templates stand for, from a job of the vault.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  a struct words belongs to its maker
 *
 * Names, each "" when it does not apply; sekimori.notices(5) tells of them:
 *	{person} {sender} {recipients} {subject} {received} {deadline}
 *	{numbers} {found} {parts} {locked} {rule} {approvers} {reason}
 *	{attached} {url} {code} {case}, and those of words_link.h
 * No value holds a My Number: the vault gives only counts and masked texts.
 * {url} and {code} are secrets when the job carries a one-time sign-in.
 */
#ifndef COURIER_NOTICES_WORDS_H
#define COURIER_NOTICES_WORDS_H

#include "courier/notices/layout.h"
#include "courier/notices/words_link.h"

enum { WORDS_NUMBER_BYTES = 24, WORDS_NAMES = 17 + WORDS_LINK_NAMES };

/* The names, for layout_parse(). */
extern const char *const words_names[WORDS_NAMES];

struct words_request {
	const struct vault_job *job;
	const struct i18n *i18n;
	enum i18n_language language;
	const char *desk_url;
	const struct config_portal *portal; /* NULL: there is none */
	bool with_mail; /* the mail itself is attached (GIVE_BACK) */
};

struct words {
	struct template_value values[WORDS_NAMES];
	size_t value_count;
	/* Values that had to be put together. */
	struct sbuf subject;
	struct sbuf sender;
	struct sbuf recipients;
	struct sbuf approvers;
	struct sbuf found;
	struct sbuf parts;
	struct sbuf locked;
	struct sbuf reason;
	struct sbuf url;
	struct sbuf code;
	struct words_link link;
	char received[WORDS_TIME_BYTES];
	char deadline[WORDS_TIME_BYTES];
	char numbers[WORDS_NUMBER_BYTES];
	char id[CASE_ID_TEXT_BYTES];
};

/*
 * Gives:    *words, to be released with words_done() in any case; its values
 *           borrow from it and from request
 * Returns:  ST_OK, ST_LIMIT, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_init(struct words *words, const struct words_request *request,
	   struct err *err);
void words_done(struct words *words);

#endif
